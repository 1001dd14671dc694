/// The sum of a run: every document that went in is in the output, dropped or rejected.
public struct RunSummary: Sendable, Codable {
  /// What a batch keeps between its runs.
  private enum CodingKeys: String, CodingKey {
    case name, input, output, dropped, rejected, seen, rejections, stages
  }

  public struct StageSum: Sendable, Equatable, Codable {
    public let use: String
    public var dropped = 0
    public var rejected = 0
    /// How often text was removed, by reason; sorted when written.
    public var removed: [String: Int] = [:]
    /// Of how many documents the stage noted something that it wants a person to know, by what it is; nil for none.
    public var notes: [String: Int]?
    /// How many documents reached the stage, and left it for the next.
    public internal(set) var input = 0
    public internal(set) var output = 0
  }

  public let name: String
  /// Documents that were read.
  public internal(set) var input = 0
  /// Documents in the output.
  public private(set) var output = 0
  /// Documents that a stage dropped, by reason.
  public private(set) var dropped: [String: Int] = [:]
  /// Documents that could not be read or processed.
  public private(set) var rejected = 0
  /// Documents that were skipped because an earlier batch had read their content.
  public private(set) var seen = 0
  /// The first reasons of rejections with how often each occurred.
  public private(set) var rejections: [String: Int] = [:]
  public private(set) var stages: [StageSum]
  /// Wall-clock time.
  public internal(set) var seconds = 0.0
  public internal(set) var workers = 0
  /// The signal that stopped the run; nil when it came to its end.
  public internal(set) var stoppedBySignal: Int32?
  /// Whether `--limit` ended the run.
  public internal(set) var reachedLimit = false
  /// The document that was written last.
  public internal(set) var lastID: String?
  /// Documents of earlier runs of the same batch, which are part of the sum.
  public internal(set) var earlier = 0
  /// Whether the output is a batch, which goes on where it was stopped.
  public internal(set) var isBatch = false
  /// Whether the batch was complete before, so that nothing was done.
  public internal(set) var wasComplete = false
  /// Where the output of a stopped run lies.
  public internal(set) var partialOutput: String?
  public internal(set) var outputPath = "-"
  public internal(set) var rejectsPath: String?

  /// Reasons can carry numbers and names, so that there may be many.
  private static let mostRejections = 100

  init(name: String, stages: [String]) {
    self.name = name
    self.stages = stages.map { StageSum(use: $0) }
  }

  public var droppedCount: Int { dropped.values.reduce(0, +) }

  /// Whether every document that went in is accounted for.
  public var isBalanced: Bool { input == output + droppedCount + rejected + seen }

  mutating func countPassed() {
    output += 1
    reach(stages.count)
  }

  mutating func countSeen() { seen += 1 }

  mutating func countDropped(stage: Int, reason: String) {
    dropped[reason, default: 0] += 1
    reach(stage)
    stages[stage].input += 1
    stages[stage].dropped += 1
  }

  mutating func countRejected(stage: Int?, place: String, reason: String) {
    rejected += 1
    let key = "\(place): \(reason)"
    if rejections[key] != nil || rejections.count < Self.mostRejections { rejections[key, default: 0] += 1 }
    if let stage {
      reach(stage)
      stages[stage].input += 1
      stages[stage].rejected += 1
    } else if place != "input" {
      reach(stages.count)
    }
  }

  mutating func count(_ key: RemovalKey, _ count: Int) {
    guard let stage = stages.firstIndex(where: { $0.use == key.stage }) else { return }
    if key.isNote {
      let notes = stages[stage].notes ?? [:]
      if notes[key.reason] != nil || notes.count < Self.mostRejections {
        stages[stage].notes = notes.merging([key.reason: count], uniquingKeysWith: +)
      }
    } else {
      stages[stage].removed[key.reason, default: 0] += count
    }
  }

  /// Counts a document through the stages before `end`.
  private mutating func reach(_ end: Int) {
    for index in 0..<end {
      stages[index].input += 1
      stages[index].output += 1
    }
  }
}

extension RunSummary {
  /// For programs, as one JSON object with a newline.
  public var json: [UInt8] {
    var json = JSONOutput()
    func counts(_ name: String, _ values: [String: Int]) {
      json.key(name)
      json.beginObject()
      for (key, value) in values.sorted(by: { $0.key < $1.key }) {
        json.key(key)
        json.int(value)
      }
      json.endObject()
    }
    json.beginObject()
    json.key("name")
    json.string(name)
    json.key("in")
    json.int(input)
    json.key("out")
    json.int(output)
    counts("dropped", dropped)
    json.key("rejected")
    json.int(rejected)
    if seen > 0 {
      json.key("seen")
      json.int(seen)
    }
    counts("rejections", rejections)
    json.key("stages")
    json.beginArray()
    for stage in stages {
      json.beginObject()
      json.key("use")
      json.string(stage.use)
      for (key, value) in [
        ("in", stage.input), ("out", stage.output), ("dropped", stage.dropped), ("rejected", stage.rejected),
      ] {
        json.key(key)
        json.int(value)
      }
      if !stage.removed.isEmpty { counts("removed", stage.removed) }
      if let notes = stage.notes { counts("notes", notes) }
      json.endObject()
    }
    json.endArray()
    json.key("output")
    json.string(outputPath)
    if let rejectsPath {
      json.key("rejects")
      json.string(rejectsPath)
    }
    if earlier > 0 {
      json.key("earlier")
      json.int(earlier)
    }
    if let stoppedBySignal {
      json.key("stoppedBySignal")
      json.int(Int(stoppedBySignal))
    }
    if let partialOutput {
      json.key("partialOutput")
      json.string(partialOutput)
    }
    json.key("workers")
    json.int(workers)
    json.key("seconds")
    json.number(seconds)
    json.endObject()
    return json.bytes + [0x0A]
  }

  /// For people, several lines without a newline at the end.
  public var text: String {
    var lines: [String] = []
    if wasComplete { lines.append("\(outputPath): this batch is complete; nothing was done") }
    var first = "\(name): \(input) in, \(output) out, \(droppedCount) dropped, \(rejected) rejected"
    if seen > 0 { first += ", \(seen) seen before" }
    let milliseconds = Int((seconds * 1000).rounded())
    if !wasComplete { first += " in \(milliseconds / 1000).\(String(milliseconds % 1000 + 1000).dropFirst()) s" }
    if seconds > 0.5 { first += " (\(Int(Double(input - earlier) / seconds)) documents/s, \(workers) workers)" }
    lines.append(first)
    if earlier > 0 { lines.append("  \(earlier) of them in earlier runs of this batch") }
    for stage in stages where !stage.removed.isEmpty {
      let reasons = stage.removed.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      lines.append("  \(stage.use) removed " + reasons.map { "\($0.value) \($0.key)" }.joined(separator: ", "))
    }
    for stage in stages {
      guard let notes = stage.notes?.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) else { continue }
      lines.append("  \(stage.use) noted " + notes.map { "\($0.value) \($0.key)" }.joined(separator: ", "))
    }
    for (reason, count) in dropped.sorted(by: { $0.key < $1.key }) { lines.append("  dropped \(count): \(reason)") }
    let worst = rejections.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    for (reason, count) in worst.prefix(10) { lines.append("  rejected \(count): \(reason)") }
    if worst.count > 10 { lines.append("  … and \(worst.count - 10) more reasons") }
    if rejected + droppedCount > 0 {
      lines.append(
        rejectsPath.map { "  rejects: \($0)" } ?? "  rejects were not written; name a file with --rejects PATH")
    }
    if reachedLimit { lines.append("  ended at the limit of \(input) documents") }
    if let signal = stoppedBySignal {
      let name = signal == 2 ? "SIGINT" : signal == 15 ? "SIGTERM" : "signal \(signal)"
      lines.append("  stopped by \(name) after \(input) documents" + (lastID.map { ", the last of them \($0)" } ?? ""))
      if isBatch { lines.append("  the batch goes on from there when the same command is run again") }
      if let partialOutput { lines.append("  finished documents are in \(partialOutput)") }
    }
    if !isBalanced { lines.append("  ERROR: the sum does not balance; please report this") }
    // What comes from pages and names of files must not look like a line of ours.
    return lines.map { $0.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\u{FFFD}") }.joined(separator: "\n")
  }
}

/// What becomes of every block of one document, and why.
public struct Explanation: Sendable {
  public enum Outcome: String, Sendable {
    case kept, dropped
    /// Kept, and listed as what a stage would have removed.
    case marked
  }

  /// One block, in the order of the document.
  public struct Row: Sendable, Equatable {
    public let kind: BlockKind
    /// The block before anything was cut off.
    public fileprivate(set) var text: String
    public fileprivate(set) var outcome = Outcome.kept
    /// Who removed or marked the block, and why; nil for one that was just kept.
    public fileprivate(set) var stage: String?
    public fileprivate(set) var reason: String?
    public fileprivate(set) var rule: String?
    /// How much the block looked like content, from -1 to 1; nil where no stage judged.
    public let score: Double?
    /// The path of its elements, such as `body/article/p`; nil for plain text.
    public let origin: String?
    /// What was cut off a block that was kept.
    public fileprivate(set) var cut: [String] = []
  }

  public let id: String
  public private(set) var rows: [Row] = []
  /// What was removed and never was a block: limits that were met, text of buttons.
  public private(set) var notes: [TrailEntry] = []
  /// Why the document does not come out; nil when it does.
  public private(set) var verdict: String?

  /// Carries one document of an input through the stages of a configuration and watches.
  /// - Parameter record: which document of the input, from 1.
  /// - Throws: `IOError` when there is no such document, or it cannot be read.
  public init(_ configuration: Configuration, input path: String, record: Int = 1) async throws {
    var input = configuration.input
    input.paths = [path]
    let reader = DocumentReader(
      input: input, documentLimit: configuration.run.documentLimit, stop: StopRequest())
    var frame: FramedDocument?
    var count = 0
    try await reader.run(FoundInputs(InputListing(exclude: [], own: []), [path])) {
      count += 1
      if count == record { frame = $0 }
      return frame == nil
    }
    guard let frame else {
      throw IOError(path, count == 0 ? "there is no document in it" : "it holds \(count) documents, and number \(record) was asked for")
    }
    var raw: [UInt8] = []
    var document: Document
    do {
      document = try DocumentDecoder(input: input, documentLimit: configuration.run.documentLimit).decode(frame, raw: &raw)
    } catch {
      throw IOError(path, error.reason)
    }
    id = document.id
    follow(&document, configuration.stages)
  }

  private mutating func follow(_ document: inout Document, _ stages: [ConfiguredStage]) {
    /// The row of each block of the present text.
    var places: [Int] = []
    var version = 0
    func describe(_ document: Document, _ rows: inout [Row]) {
      guard let text = document.text, document.textVersion != version else { return }
      version = document.textVersion
      let kept = places.filter { rows[$0].outcome != .dropped }
      if !rows.isEmpty, kept.count == text.blocks.count {
        // A stage that rewrites the text leaves out what was dropped before.
        places = kept
        for (place, block) in zip(places, text.blocks) { rows[place].text = text.string(block.extent) }
      } else {
        places = Array(rows.count..<rows.count + text.blocks.count)
        rows += text.blocks.map { Row(kind: $0.kind, text: text.string($0.extent), score: $0.score, origin: text.path(of: $0)) }
      }
    }
    describe(document, &rows)
    for entry in document.trail { note(entry, places) }
    for configured in stages {
      guard let stage = configured.stage as? any ProcessingStage else { continue }
      document.stageName = configured.descriptor.name
      if configured.descriptor.needs.contains(.text), document.text == nil {
        verdict = "rejected by \(configured.descriptor.name): the page has no text yet"
        return
      }
      let known = document.trail.count
      do {
        let decided = try stage.process(&document)
        describe(document, &rows)
        for entry in document.trail[known...] { note(entry, places) }
        if case .drop(let reason) = decided {
          verdict = "dropped by \(configured.descriptor.name): \(reason)"
          return
        }
      } catch {
        verdict = "rejected by \(configured.descriptor.name): \(error)"
        return
      }
    }
  }

  private mutating func note(_ entry: TrailEntry, _ places: [Int]) {
    guard let block = entry.block, block < places.count else {
      notes.append(entry)
      return
    }
    let place = places[block]
    // A text that is shorter than the block was cut off it.
    if !entry.kept, entry.text != rows[place].text, rows[place].text.utf8.count > entry.text.utf8.count,
      rows[place].text.contains(entry.text)
    {
      rows[place].cut.append(entry.text)
    } else {
      rows[place].outcome = entry.kept ? .marked : .dropped
    }
    rows[place].stage = entry.stage
    rows[place].reason = entry.reason
    rows[place].rule = entry.rule
  }
}

extension Explanation {
  /// A block that two configurations treat differently.
  public struct Difference: Sendable {
    /// Nil where the configuration makes no such block.
    public let first: Row?
    public let second: Row?
  }

  /// The blocks of which this and another explanation of the same document differ, in order.
  public func differences(from other: Explanation) -> [Difference] {
    // Blocks are the same when their text is; the same text several times is told apart by its order.
    func keyed(_ rows: [Row]) -> [(key: String, row: Row)] {
      var seen: [String: Int] = [:]
      return rows.map { row in
        seen[row.text, default: 0] += 1
        return ("\(seen[row.text]!) \(row.text)", row)
      }
    }
    let mine = keyed(rows)
    let theirs = Dictionary(uniqueKeysWithValues: keyed(other.rows))
    let known = Set(mine.map(\.key))
    var result: [Difference] = []
    for (key, row) in mine {
      let counterpart = theirs[key]
      if counterpart?.outcome != row.outcome || counterpart?.cut != row.cut { result.append(Difference(first: row, second: counterpart)) }
    }
    for (key, row) in keyed(other.rows) where !known.contains(key) { result.append(Difference(first: nil, second: row)) }
    return result
  }
}

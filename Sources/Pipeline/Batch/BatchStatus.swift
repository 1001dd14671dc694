import Glibc

/// What a batch has done and what is left, for people and programs.
public struct BatchStatus: Sendable {
  public let folder: String
  public let name: String
  /// When it was begun, in local time.
  public let begun: String
  public let isComplete: Bool
  /// The process that works on it; nil for none.
  public let process: Int?
  public let inputs: Int
  /// Inputs of which the finished parts hold something.
  public let inputsBegun: Int
  public let parts: Int
  /// The sum of all finished parts; nil for none.
  public let summary: RunSummary?

  /// Whether a folder holds a batch.
  /// Keeps other runs away from the folder of a batch, which is made, while `body` prepares one.
  /// - Throws: `OutputInUse`, `Batch.Refusal` for a folder that is somebody else's, `IOError`.
  public static func preparing<Value>(_ folder: String, _ body: () async throws -> Value) async throws -> Value {
    let folder = BatchFolder(folder)
    if let stranger = try folder.stranger() { throw Batch.Refusal(stranger: stranger, in: folder) }
    try folder.make()
    let lock = try folder.lock()
    defer { close(lock) }
    return try await body()
  }

  /// Where a program may keep what belongs to the batch in a folder, beside the ledger.
  public static func innerPath(of folder: String, _ name: String) -> String { "\(BatchFolder(folder).inner)/\(name)" }

  public static func isBatch(_ path: String) -> Bool { FileSystem.kind(of: BatchFolder(path).ledgerPath) == .regular }

  /// Reads the ledger of a folder; does not disturb a run.
  /// - Throws: `IOError`, also for a folder without a batch.
  public init(folder path: String) throws {
    let folder = BatchFolder(path)
    let ledger = try Ledger(path: folder.ledgerPath, readOnly: true)
    self.folder = folder.path
    guard let begun = try ledger.fact(.begun) else { throw IOError(path, "holds a batch that has not listed its inputs yet") }
    let last = try ledger.lastPart()
    name = try ledger.fact(.name) ?? ""
    self.begun = begun
    isComplete = try ledger.fact(.complete) != nil
    process = folder.worker()
    inputs = try ledger.inputCount()
    inputsBegun = isComplete ? inputs : last.map { $0.end.input + 1 } ?? 0
    parts = last?.number ?? 0
    summary = last?.summary
  }

  private var state: String {
    if isComplete { return "complete" }
    return process.map { "running (process \($0))" } ?? "interrupted; the command that began it continues it"
  }

  private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  public var text: String {
    var lines = [
      "\(folder): \(name), \(state)", "  begun \(begun)", "  \(inputsBegun) of \(counted(inputs, "input")), \(counted(parts, "part"))",
    ]
    if let summary {
      lines.append(
        "  \(counted(summary.input, "document")) in, \(summary.output) out, \(summary.droppedCount) dropped, \(summary.rejected) rejected"
          + (summary.seen > 0 ? ", \(summary.seen) seen before" : ""))
      for (reason, count) in summary.rejections.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }).prefix(10) {
        lines.append("  rejected \(count): \(reason)")
      }
    }
    return lines.joined(separator: "\n")
  }

  /// One JSON object with a newline.
  public var json: [UInt8] {
    var json = JSONOutput()
    json.beginObject()
    json.key("folder")
    json.string(folder)
    json.key("name")
    json.string(name)
    json.key("begun")
    json.string(begun)
    json.key("complete")
    json.bool(isComplete)
    if let process {
      json.key("process")
      json.int(process)
    }
    var counts = [("inputs", inputs), ("inputsBegun", inputsBegun), ("parts", parts)]
    if let summary {
      counts += [
        ("in", summary.input), ("out", summary.output), ("dropped", summary.droppedCount), ("rejected", summary.rejected),
        ("seen", summary.seen),
      ]
    }
    for (name, count) in counts {
      json.key(name)
      json.int(count)
    }
    json.endObject()
    return json.bytes + [0x0A]
  }
}

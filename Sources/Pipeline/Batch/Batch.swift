import Glibc

/// A batch that is open for this run: its folder is locked, and what an interrupted run left behind is cleared away.
public final class Batch: Sendable {
  let folder: BatchFolder
  let ledger: Ledger
  /// The last document of earlier runs; nil for none.
  let resumesAfter: InputPlace?
  let finishedParts: Int
  /// The sum of earlier runs; nil for none.
  let earlier: RunSummary?
  /// Held until the process ends.
  private let lock: Int32

  /// A batch cannot be continued.
  public struct Refusal: Error, Sendable, CustomStringConvertible {
    public let description: String

    init(description: String) {
      self.description = description
    }

    init(stranger: String, in folder: BatchFolder) {
      description = "\(folder.path): holds \(stranger), which is no part of a batch; name a folder that is empty or not there yet"
    }
  }

  private init(_ folder: BatchFolder, _ ledger: Ledger, lock: Int32) throws {
    let last = try ledger.lastPart()
    self.folder = folder
    self.ledger = ledger
    self.lock = lock
    resumesAfter = last?.end
    finishedParts = last?.number ?? 0
    earlier = last?.summary
  }

  deinit {
    close(lock)
  }

  var isComplete: Bool {
    get throws { try ledger.fact(.complete) != nil }
  }

  /// Opens the batch in a folder, or begins one.
  /// - Parameters:
  ///   - restarts: whether what is there is thrown away.
  ///   - forget: called with the token of a batch that is thrown away, before it is.
  ///   - inputs: the listing of the inputs; called once at most.
  /// - Throws: `OutputInUse`, `IOError`, and `Refusal` when something has changed since it was begun.
  static func open(
    _ folder: BatchFolder, name: String, identity: BatchIdentity, restarts: Bool, forget: (String) throws -> Void,
    inputs: () -> () -> Ledger.Input?
  ) throws -> Batch {
    if let stranger = try folder.stranger() {
      throw Refusal(stranger: stranger, in: folder)
    }
    try folder.make()
    let lock = try folder.lock()
    do {
      if restarts {
        if FileSystem.kind(of: folder.ledgerPath) != nil, let token = try? Ledger(path: folder.ledgerPath).fact(.token) {
          try forget(token)
        }
        try folder.clear()
      }
      let ledger = try Ledger(path: folder.ledgerPath)
      if try ledger.isBegun() {
        try check(folder, ledger, identity, inputs())
      } else {
        if try folder.hasParts() {
          throw Refusal(
            description:
              "\(folder.path): holds parts, and no ledger that knows them (.pipe/\(Ledger.fileName)); name another folder, or throw them away with --restart"
          )
        }
        try ledger.begin(
          facts: [.name: name, .begun: now(), .token: token()], identity: identity, inputs: inputs())
        FileSystem.synchronize(folder: folder.inner)
      }
      let batch = try Batch(folder, ledger, lock: lock)
      try folder.tidy(after: batch.finishedParts)
      return batch
    } catch {
      close(lock)
      throw error
    }
  }

  private static func check(_ folder: BatchFolder, _ ledger: Ledger, _ identity: BatchIdentity, _ inputs: () -> Ledger.Input?) throws {
    let known = try ledger.identity()
    let differences = identity.differences(from: known)
    if !differences.isEmpty {
      let named =
        differences.prefix(3).map { identity.change(of: $0, from: known) }.joined(separator: "; ")
        + (differences.count > 3 ? "; and \(differences.count - 3) more" : "")
      throw Refusal(
        description:
          "\(folder.path): this batch was begun with something else (\(named)); run it as it was begun, choose another folder, or throw it away with --restart"
      )
    }
    for part in try ledger.parts() {
      for (path, size) in [(folder.outputPath(part.number), part.outputBytes), (folder.rejectsPath(part.number), part.rejectsBytes)] {
        let found = FileStamp(of: path)?.size
        // A part without rejects has no file for them.
        if found != size, found != nil || size > 0 || path == folder.outputPath(part.number) {
          let now = found.map { "has \($0) now" } ?? "is not there any more"
          throw Refusal(
            description: "\(path): was finished with \(size) bytes and \(now); put it back, or begin again with --restart")
        }
      }
    }
    if try ledger.fact(.complete) != nil {
      try checkComplete(folder, ledger, inputs)
    } else if let last = try ledger.lastPart()?.end, let input = try ledger.inputs(from: last.input, count: 1).first,
      let stamp = input.stamp, FileStamp(of: input.path) != stamp
    {
      // Of a file that is read in part, the rest must be the same.
      throw Refusal(
        description: "\(input.path): has changed since the batch in \(folder.path) read a part of it; begin again with --restart")
    }
  }

  /// A complete batch is only taken for done when the inputs are still those that it has read.
  private static func checkComplete(_ folder: BatchFolder, _ ledger: Ledger, _ inputs: () -> Ledger.Input?) throws {
    var number = 0
    var known: ArraySlice<Ledger.Input> = []
    while true {
      if known.isEmpty { known = try ledger.inputs(from: number, count: BatchInputs.chunk)[...] }
      let now = inputs()
      let before = known.popFirst()
      guard now != nil || before != nil else { break }
      number += 1
      guard now != before, let changed = now ?? before else { continue }
      throw Refusal(
        description:
          "\(folder.path): this batch is complete, and its inputs have changed since, from \(changed.path) on; write into another folder, such as one with {date} in its name, or begin again with --restart"
      )
    }
  }

  private static func now() -> String {
    var seconds = time(nil)
    var parts = tm()
    localtime_r(&seconds, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let count = strftime(&text, text.count, "%Y-%m-%d %H:%M:%S", &parts)
    return String(decoding: text.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func token() -> String {
    var random = SystemRandomNumberGenerator()
    return String(random.next() as UInt64, radix: 16) + String(random.next() as UInt64, radix: 16)
  }
}

/// The inputs of a batch as they were when it was begun, from where it is to go on.
struct BatchInputs: InputSequence {
  static let chunk = 1000

  private let ledger: Ledger
  private var next: Int
  private var known: ArraySlice<Ledger.Input> = []

  init(_ ledger: Ledger, from first: Int) {
    self.ledger = ledger
    next = first
  }

  mutating func nextInput() throws -> ListedInput? {
    if known.isEmpty { known = try ledger.inputs(from: next, count: Self.chunk)[...] }
    guard let input = known.popFirst() else { return nil }
    next += 1
    return ListedInput(number: next - 1, path: input.path, trouble: input.trouble.map { IOError(input.path, $0) })
  }
}

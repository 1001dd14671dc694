import Glibc

/// The folder of a batch: parts and their rejects, and `.pipe` with the ledger, the lock and what is being written.
struct BatchFolder: Sendable {
  let path: String

  init(_ path: String) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  var inner: String { path + "/.pipe" }
  var ledgerPath: String { "\(inner)/\(Ledger.fileName)" }
  /// What stages remember across the parts, where no state is to be kept for other batches.
  var memoryPath: String { inner + "/memory.sqlite" }
  private var lockPath: String { inner + "/lock" }

  func outputPath(_ part: Int) -> String { "\(path)/\(Self.name(part)).jsonl" }
  func rejectsPath(_ part: Int) -> String { "\(path)/\(Self.name(part)).rejects.jsonl" }
  /// Where a file of a part grows.
  func growing(_ final: String) -> String { "\(inner)/\(final.split(separator: "/").last ?? "").partial" }

  private static func name(_ part: Int) -> String {
    let digits = String(part)
    return "part-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  /// The number of a part by one of its file names; nil for another file.
  private static func part(_ name: String) -> Int? {
    guard name.hasPrefix("part-"), name.hasSuffix(".jsonl") else { return nil }
    let digits = name.dropFirst(5).prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(digits), ["\(Self.name(number)).jsonl", "\(Self.name(number)).rejects.jsonl"].contains(name) else { return nil }
    return number
  }

  /// Makes the folder, durably.
  /// - Throws: `IOError`.
  func make() throws {
    try FileSystem.makeFolder(for: inner + "/x")
    for folder in [inner, path, FileSystem.parent(of: path)] { FileSystem.synchronize(folder: folder) }
  }

  /// Whether the folder holds something that no batch has put there.
  func stranger() throws -> String? {
    guard FileSystem.kind(of: path) == .folder else { return nil }
    return try FileSystem.names(in: path).sorted().first { $0 != ".pipe" && Self.part($0) == nil }
  }

  /// Keeps other runs out until the process ends.
  /// - Returns: a descriptor that holds the lock.
  /// - Throws: `OutputInUse` with the other process; `IOError`.
  func lock() throws -> Int32 {
    let descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw IOError.system(lockPath) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw OutputInUse(path: path, process: Self.holder(lockPath))
    }
    let text = Array("\(getpid())\n".utf8)
    ftruncate(descriptor, 0)
    _ = pwrite(descriptor, text, text.count, 0)
    return descriptor
  }

  /// The process that works on the batch; nil for none.
  func worker() -> Int? {
    let descriptor = open(lockPath, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return nil }
    return Self.holder(lockPath)
  }

  private static func holder(_ path: String) -> Int? {
    guard let text = try? FileSystem.read(path, limit: 100) else { return nil }
    return Int(String(decoding: text.filter { $0 != 0x0A }, as: UTF8.self))
  }

  /// Removes what is no finished part: temporary files, and files of parts behind `last`.
  /// - Throws: `IOError`.
  func tidy(after last: Int) throws {
    for name in try FileSystem.names(in: inner) where name.hasSuffix(".partial") { try FileSystem.remove("\(inner)/\(name)") }
    for name in try FileSystem.names(in: path) {
      if let part = Self.part(name), part > last { try FileSystem.remove("\(path)/\(name)") }
    }
  }

  /// Removes the batch but for its lock. The ledger goes last: parts without one are taken for somebody else's.
  /// - Throws: `IOError`.
  func clear() throws {
    try tidy(after: 0)
    FileSystem.synchronize(folder: path)
    for path in [memoryPath, ledgerPath] {
      for suffix in ["-journal", "-wal", "-shm", ""] { try FileSystem.remove(path + suffix) }
    }
    FileSystem.synchronize(folder: inner)
  }

  /// Whether there are finished parts.
  func hasParts() throws -> Bool { try FileSystem.names(in: path).contains { Self.part($0) != nil } }
}

import Glibc

/// Where the results of a run go. Serves one thread.
protocol ResultSink: AnyObject {
  /// Whether somebody may be waiting for what is written: a pipe or a terminal.
  var isLive: Bool { get }
  /// Takes what was made of one document.
  func write(_ bytes: [UInt8], id: String) throws
  func flush() throws
  func finish() throws
  /// Ends properly and gives the place of what is not whole; nil where nothing is.
  func leavePartial() throws -> String?
}

extension OutputFile: ResultSink {
  func write(_ bytes: [UInt8], id: String) throws { try write(bytes) }
}

/// A folder with one file a document, each of which appears whole or not at all.
final class DocumentFolder: ResultSink {
  let isLive = false
  private let path: String
  private let ending: String
  /// Held open and locked for the run.
  private let descriptor: Int32
  /// How often each name was wanted.
  private var used: [String: Int] = [:]
  /// Longer names are cut, in bytes; file systems take 255, and something is put behind.
  private static let longestName = 180

  /// - Throws: `IOError`; `OutputInUse` when another run writes into the folder.
  init(path: String, format: OutputFormat) throws {
    guard path != "-" else { throw IOError("standard output", "\(format.rawValue) writes a file a document: name a folder with --output") }
    self.path = path.hasSuffix("/") && path.count > 1 ? String(path.dropLast()) : path
    ending = format == .markdown ? ".md" : ".txt"
    try FileSystem.makeFolder(for: self.path + "/x")
    descriptor = open(self.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw IOError.system(path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw OutputInUse(path: path) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  func write(_ bytes: [UInt8], id: String) throws {
    let file = try OutputFile(path: "\(path)/\(name(for: id))\(ending)")
    try file.write(bytes)
    try file.finish()
  }

  func flush() throws {}
  func finish() throws {}
  func leavePartial() throws -> String? { nil }

  /// A file name for an id: its last part without the ending for a path, all of it for an address; `-2` behind the second of a name.
  private func name(for id: String) -> String {
    var base = id
    if !id.contains("://") {
      base = (id.split(separator: "/").last ?? id[...]).withoutCompression
      if let dot = base.lastIndex(of: "."), dot > base.startIndex { base = String(base[..<dot]) }
    }
    var name = String(base.map { $0.isLetter || $0.isNumber || "._- ".contains($0) ? $0 : "-" })
    while name.utf8.count > Self.longestName { name.removeLast() }
    // No hidden file, and no way out of the folder.
    if name.isEmpty || name.hasPrefix(".") { name = "_" + name }
    while true {
      let count = used[name, default: 0] + 1
      used[name] = count
      if count == 1 { return name }
      let numbered = "\(name)-\(count)"
      if used[numbered] == nil {
        used[numbered] = 1
        return numbered
      }
    }
  }
}

import Glibc

/// Where the results of a run go. Serves one thread.
protocol ResultSink: AnyObject {
  /// Whether somebody may be waiting for what is written: a pipe or a terminal.
  var isLive: Bool { get }
  /// Takes what was made of one document.
  func write(_ bytes: [UInt8], id: String) throws
  /// Takes the line about a document that is not in the output.
  func reject(_ line: [UInt8]) throws
  /// Called when everything of a document has been handed over.
  /// - Parameter summary: the sum up to here.
  func endDocument(_ result: FramedResult, _ summary: RunSummary) throws
  func flush() throws
  /// - Parameter summary: the sum of the run.
  func finish(_ summary: RunSummary) throws
  /// Ends properly and gives the place of what is not whole; nil where nothing is.
  func leavePartial() throws -> String?
  /// The sum of what stays when the run ends early; nil for everything.
  var kept: RunSummary? { get }
}

extension ResultSink {
  var kept: RunSummary? { nil }
}

/// The lines about what is not in the output, in a file that is only there when there are some. Serves one thread.
final class RejectsFile {
  private let path: String?
  private var file: OutputFile?

  /// - Parameter path: nil where nobody wants them.
  init(path: String?) {
    self.path = path
  }

  func write(_ line: [UInt8]) throws {
    guard let path else { return }
    if file == nil { file = try OutputFile(path: path) }
    try file?.write(line)
  }

  func flush() throws { try file?.flush() }

  /// Gives the file its name, or removes that of an earlier run.
  func finish() throws {
    try file?.finish()
    if file == nil, let path, FileSystem.kind(of: path) == .regular { try FileSystem.remove(path) }
  }

  func leavePartial() throws { _ = try file?.leavePartial() }
}

/// For a run whose results nobody wants.
final class NoOutput: ResultSink {
  let isLive = false
  func write(_ bytes: [UInt8], id: String) {}
  func reject(_ line: [UInt8]) {}
  func endDocument(_ result: FramedResult, _ summary: RunSummary) {}
  func flush() {}
  func finish(_ summary: RunSummary) {}
  func leavePartial() -> String? { nil }
}

/// One file of results, with one of rejects beside it.
final class SingleFile: ResultSink {
  private let output: OutputFile
  private let rejects: RejectsFile
  var isLive: Bool { output.isLive }

  /// - Throws: `IOError`; `OutputInUse` when another run writes the same file.
  init(path: String, rejects: RejectsFile) throws {
    output = try OutputFile(path: path)
    self.rejects = rejects
  }

  func write(_ bytes: [UInt8], id: String) throws { try output.write(bytes) }
  func reject(_ line: [UInt8]) throws { try rejects.write(line) }
  func endDocument(_ result: FramedResult, _ summary: RunSummary) throws {}

  func flush() throws {
    try output.flush()
    try rejects.flush()
  }

  func finish(_ summary: RunSummary) throws {
    try output.finish()
    try rejects.finish()
  }

  func leavePartial() throws -> String? {
    try rejects.leavePartial()
    return try output.leavePartial()
  }
}

/// A folder with one file a document, each of which appears whole or not at all.
final class DocumentFolder: ResultSink {
  let isLive = false
  private let path: String
  private let ending: String
  private let rejects: RejectsFile
  /// Held open and locked for the run.
  private let descriptor: Int32
  /// How often each name was wanted, whatever its case: some file systems do not tell `A` from `a`.
  private var used: [String: Int] = [:]
  /// Longer names are cut, in bytes; file systems take 255, and something is put behind.
  private static let longestName = 180

  /// - Throws: `IOError`; `OutputInUse` when another run writes into the folder.
  init(path: String, format: OutputFormat, rejects: RejectsFile) throws {
    guard path != "-" else { throw IOError("standard output", "\(format.rawValue) writes a file a document: name a folder with --output") }
    self.path = path.hasSuffix("/") && path.count > 1 ? String(path.dropLast()) : path
    ending = format == .markdown ? ".md" : ".txt"
    self.rejects = rejects
    try FileSystem.makeFolder(for: self.path + "/x")
    descriptor = open(self.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw IOError.system(path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw OutputInUse(path: path, process: nil) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  func write(_ bytes: [UInt8], id: String) throws {
    let file = try OutputFile(path: "\(path)/\(name(for: id))\(ending)")
    try file.write(bytes)
    try file.finish()
  }

  func reject(_ line: [UInt8]) throws { try rejects.write(line) }
  func endDocument(_ result: FramedResult, _ summary: RunSummary) throws {}
  func flush() throws { try rejects.flush() }
  func finish(_ summary: RunSummary) throws { try rejects.finish() }

  func leavePartial() throws -> String? {
    try rejects.leavePartial()
    return nil
  }

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
      let count = used[name.lowercased(), default: 0] + 1
      used[name.lowercased()] = count
      if count == 1 { return name }
      let numbered = "\(name)-\(count)"
      if used[numbered.lowercased()] == nil {
        used[numbered.lowercased()] = 1
        return numbered
      }
    }
  }
}

import Glibc

/// A file that appears whole or not at all: it grows as `NAME.partial` and takes its name when it is finished.
///
/// Standard output, pipes and devices are written to directly. Serves one thread.
final class OutputFile {
  let path: String
  private let descriptor: Int32
  /// The name while it grows; nil where there is none.
  private let partialPath: String?
  private var buffer: [UInt8] = []
  private var compressor: (any Compressor)?
  private var isClosed = false
  private static let bufferSize = 1 << 18

  /// - Throws: `IOError`; `OutputInUse` when another run writes the same file.
  init(path: String) throws {
    self.path = path
    if path == "-" {
      descriptor = dup(1)
      partialPath = nil
    } else if let kind = FileSystem.kind(of: path), kind != .regular {
      guard kind == .other else { throw IOError(path, "is a folder; the output is a file") }
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
      partialPath = nil
    } else {
      try FileSystem.makeFolder(for: path)
      let partial = path + ".partial"
      descriptor = open(partial, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
      partialPath = partial
    }
    guard descriptor >= 0 else { throw IOError.system(partialPath ?? path) }
    if partialPath != nil {
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        close(descriptor)
        throw OutputInUse(path: path)
      }
      ftruncate(descriptor, 0)
    }
    compressor = try Compression(path: path)?.compressor(path)
    buffer.reserveCapacity(Self.bufferSize + 65_536)
  }

  deinit {
    if !isClosed { close(descriptor) }
  }

  /// What no input may be.
  var identities: Set<FileSystem.Identity> {
    Set([path, partialPath].compactMap { $0 }.filter { $0 != "-" }.compactMap(FileSystem.identity(of:)))
  }

  /// - Throws: `IOError`.
  func write(_ bytes: [UInt8]) throws {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Hands everything written so far to the system.
  /// - Throws: `IOError`.
  func flush() throws {
    guard !buffer.isEmpty else { return }
    try emit(try compressor?.compress(buffer, finish: false) ?? buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Ends the file, makes it durable and gives it its name.
  /// - Throws: `IOError`.
  func finish() throws {
    try end()
    guard let partialPath else { return }
    guard rename(partialPath, path) == 0 else { throw IOError.system(path) }
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let handle = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if handle >= 0 {
      fsync(handle)
      close(handle)
    }
  }

  /// Ends the file properly and leaves it under its partial name, which is returned; the final name stays untouched.
  /// - Throws: `IOError`.
  func leavePartial() throws -> String? {
    try end()
    return partialPath
  }

  /// Removes what has been written: nothing of it is wanted.
  func discard() {
    if let partialPath { unlink(partialPath) }
  }

  private func end() throws {
    try flush()
    if let rest = try compressor?.compress([], finish: true) { try emit(rest) }
    if partialPath != nil, fsync(descriptor) != 0 { throw IOError.system(path) }
    isClosed = true
    guard close(descriptor) == 0 else { throw IOError.system(path) }
  }

  private func emit(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { all in
      var done = 0
      while done < all.count {
        let count = Glibc.write(descriptor, all.baseAddress! + done, all.count - done)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw IOError.system(path == "-" ? "standard output" : path) }
        done += count
      }
    }
  }
}

/// Another run writes the same output.
public struct OutputInUse: Error, Sendable, CustomStringConvertible {
  public let path: String

  public var description: String {
    "\(path): another run is writing this output; wait for it, or choose another output"
  }
}

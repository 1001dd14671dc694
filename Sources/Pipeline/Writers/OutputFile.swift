import Glibc

/// A file that appears whole or not at all: it grows as `NAME.partial` and takes its name when it is finished.
///
/// Standard output, pipes and devices are written to directly. Serves one thread.
final class OutputFile {
  let path: String
  /// Where links lead to.
  private let finalPath: String
  private let descriptor: Int32
  /// The name while it grows; nil where there is none.
  private let partialPath: String?
  private var buffer: [UInt8] = []
  private var compressor: (any Compressor)?
  private var isClosed = false
  /// How many bytes the file has.
  private(set) var size = 0
  private static let bufferSize = 1 << 18

  /// - Throws: `IOError`; `OutputInUse` when another run writes the same file.
  init(path: String) throws {
    self.path = path
    let target = FileSystem.target(of: path)
    finalPath = target
    if target == "-" {
      descriptor = dup(1)
      partialPath = nil
    } else if let kind = FileSystem.kind(of: target), kind != .regular {
      partialPath = nil
      descriptor = kind == .folder ? -1 : open(target, O_WRONLY | O_CLOEXEC)
      if kind == .folder { throw IOError(path, "is a folder; the output is a file") }
    } else {
      try FileSystem.makeFolder(for: target)
      let partial = target + ".partial"
      descriptor = try Self.openAlone(partial, for: path)
      partialPath = partial
    }
    guard descriptor >= 0 else { throw IOError.system(path) }
    compressor = try Compression(path: path)?.compressor(path)
    buffer.reserveCapacity(Self.bufferSize + 65_536)
  }

  /// A file that grows under a name of its own, in a folder that is locked already.
  /// - Throws: `IOError`.
  init(path: String, growing: String) throws {
    self.path = path
    finalPath = path
    partialPath = growing
    descriptor = open(growing, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw IOError.system(growing) }
    buffer.reserveCapacity(Self.bufferSize + 65_536)
  }

  /// Opens a file that no other run holds. Between opening and locking it the other run may have given it its final name: then it is
  /// another file by now.
  private static func openAlone(_ partial: String, for path: String) throws -> Int32 {
    while true {
      let descriptor = open(partial, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw IOError.system(partial) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        close(descriptor)
        throw OutputInUse(path: path, process: nil)
      }
      var own = stat()
      fstat(descriptor, &own)
      if let named = FileSystem.status(partial), named.st_ino == own.st_ino, named.st_dev == own.st_dev {
        ftruncate(descriptor, 0)
        return descriptor
      }
      close(descriptor)
    }
  }

  deinit {
    if !isClosed, descriptor >= 0 { close(descriptor) }
  }

  /// Whether somebody may be waiting for what is written: a pipe or a terminal.
  var isLive: Bool { partialPath == nil }

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
    guard let partialPath else { return try closeDescriptor() }
    // Renamed while it is locked: nobody else can have taken the name before.
    guard rename(partialPath, finalPath) == 0 else { throw IOError.system(path) }
    try closeDescriptor()
    FileSystem.synchronize(folder: FileSystem.parent(of: finalPath))
  }

  /// Removes what was written.
  func discard() {
    guard let partialPath, !isClosed else { return }
    isClosed = true
    close(descriptor)
    unlink(partialPath)
  }

  /// Ends the file properly and leaves it under its partial name, which is returned; the final name stays untouched.
  /// - Throws: `IOError`.
  func leavePartial() throws -> String? {
    try end()
    try closeDescriptor()
    return partialPath
  }

  private func end() throws {
    try flush()
    if let rest = try compressor?.compress([], finish: true) { try emit(rest) }
    if partialPath != nil, fsync(descriptor) != 0 { throw IOError.system(path) }
  }

  private func closeDescriptor() throws {
    isClosed = true
    guard close(descriptor) == 0 else { throw IOError.system(path) }
  }

  private func emit(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { all in
      var done = 0
      while done < all.count {
        let count = Glibc.write(descriptor, all.baseAddress! + done, all.count - done)
        if count < 0, errno == EINTR { continue }
        if count < 0, errno == EAGAIN {
          var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&waiting, 1, -1)
          continue
        }
        guard count >= 0 else { throw IOError.system(path == "-" ? "standard output" : path) }
        done += count
        size += count
      }
    }
  }
}

/// Another run writes the same output.
public struct OutputInUse: Error, Sendable, CustomStringConvertible {
  public let path: String
  /// The number of its process; nil where it is not known.
  public let process: Int?

  public var description: String {
    let name = process.map { " (process \($0))" } ?? ""
    return "\(path): another run\(name) is writing this output; wait for it, or choose another output"
  }
}

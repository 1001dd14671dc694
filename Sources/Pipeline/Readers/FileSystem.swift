import Glibc

/// Trouble with a file, in words that say which and why.
public struct IOError: Error, Sendable, Equatable, CustomStringConvertible {
  public let path: String
  public let reason: String

  public init(_ path: String, _ reason: String) {
    self.path = path
    self.reason = reason
  }

  /// With the system's reason for the last failed call.
  package static func system(_ path: String, _ number: Int32 = errno) -> IOError {
    IOError(path, String(cString: strerror(number)))
  }

  public var description: String { "\(path): \(reason)" }
}

/// The few calls on files that the engine needs.
package enum FileSystem {
  enum Kind {
    case regular, folder, other
  }

  /// A file's identity, whatever its name.
  struct Identity: Hashable, Sendable {
    let device: UInt
    let number: UInt
  }

  /// What is at a path, links followed; nil when nothing is.
  static func kind(of path: String) -> Kind? {
    status(path).map { kind($0.st_mode) }
  }

  static func kind(_ mode: mode_t) -> Kind {
    switch mode & S_IFMT {
    case S_IFREG: .regular
    case S_IFDIR: .folder
    default: .other
    }
  }

  static func identity(of path: String) -> Identity? {
    status(path).map { Identity(device: UInt($0.st_dev), number: UInt($0.st_ino)) }
  }

  static func status(_ path: String) -> stat? {
    var result = stat()
    return stat(path, &result) == 0 ? result : nil
  }

  /// The whole of a file.
  /// - Throws: `IOError` when it cannot be read or is larger than `limit`.
  static func read(_ path: String, limit: Int) throws -> [UInt8] {
    let source = try FileSource(path: path, stop: nil)
    return try source.readAll(limit: limit)
  }

  /// Makes the folder of a file, and those above it.
  /// - Parameter mode: who may do what in the folders that are made.
  package static func makeFolder(for path: String, mode: mode_t = 0o777) throws {
    var parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    var missing: [String] = []
    while !parts.isEmpty {
      let folder = parts.joined(separator: "/")
      if folder.isEmpty || kind(of: folder) == .folder { break }
      missing.append(folder)
      parts.removeLast()
    }
    for folder in missing.reversed() where mkdir(folder, mode) != 0 && errno != EEXIST {
      throw IOError.system(folder)
    }
  }
}

/// What tells that a file is still the one it was.
struct FileStamp: Sendable, Equatable {
  /// In bytes.
  let size: Int
  /// In nanoseconds since 1970.
  let modified: Int

  init(size: Int, modified: Int) {
    self.size = size
    self.modified = modified
  }

  /// Nil where there is no file.
  init?(of path: String) {
    guard let status = FileSystem.status(path) else { return nil }
    self.init(size: Int(status.st_size), modified: status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec)
  }
}

/// Asks a run to stop: can be asked for from any thread, and wakes a reader that waits for input.
public final class StopRequest: Sendable {
  /// The reading end becomes readable when the writing end is closed or written to.
  private let readEnd: Int32
  private let writeEnd: Int32

  public init() {
    var ends: [Int32] = [-1, -1]
    precondition(pipe(&ends) == 0, "no descriptors left")
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    readEnd = ends[0]
    writeEnd = ends[1]
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  /// Readers end at the next read.
  func wakeReaders() {
    _ = write(writeEnd, "!", 1)
  }

  /// Waits until `other` has something to read; false when the run is to stop.
  func waitForInput(_ other: Int32) -> Bool {
    while true {
      var polled = [
        pollfd(fd: other, events: Int16(POLLIN), revents: 0),
        pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0),
      ]
      let count = poll(&polled, 2, -1)
      if count < 0, errno == EINTR { continue }
      return polled[1].revents == 0
    }
  }
}

extension FileSystem {
  /// What a path stands for when it is written: links are followed, and `-` is standard output by any of its names.
  static func target(of path: String) -> String {
    var path = path
    for _ in 0..<40 {
      if ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].contains(path) { return "-" }
      var status = stat()
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return path }
      var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
      guard readlink(path, &buffer, Int(PATH_MAX)) > 0 else { return path }
      let link = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
      path = link.hasPrefix("/") ? link : folder + link
    }
    return path
  }

  /// A name of a file that is the same whatever way leads to it, also when there is no such file yet; nil for a folder that is not there.
  static func canonical(_ path: String) -> String? {
    let path = target(of: path)
    if path == "-" { return path }
    let (folder, name) = path.lastIndex(of: "/").map { (String(path[..<$0]), String(path[path.index(after: $0)...])) } ?? (".", path)
    guard let real = realpath(folder.isEmpty ? "/" : folder, nil) else { return nil }
    defer { free(real) }
    let parent = String(cString: real)
    return parent == "/" ? "/" + name : "\(parent)/\(name)"
  }

  /// A path below or beside a folder: `pipelines` and `../samples` make `samples`. A folder behind a link is not stepped out of.
  static func joined(_ folder: String, _ relative: String) -> String {
    var folder = folder
    var rest = relative[...]
    while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
    while rest.hasPrefix("../"), let slash = folder.lastIndex(of: "/") ?? (folder.isEmpty ? nil : folder.startIndex) {
      let name = folder[slash...].drop { $0 == "/" }
      var status = stat()
      guard name != "..", name != ".", !name.isEmpty, lstat(folder, &status) != 0 || kind(status.st_mode) == .folder else { break }
      folder = folder.hasPrefix("/") && slash == folder.startIndex ? "/" : String(folder[..<slash])
      rest = rest.dropFirst(3)
    }
    if rest == "." { return folder.isEmpty ? "." : folder }
    return folder.isEmpty ? String(rest) : folder.hasSuffix("/") ? folder + rest : "\(folder)/\(rest)"
  }

  /// The folder of a path.
  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Makes the names in a folder durable, as far as its file system can.
  static func synchronize(folder: String) {
    let handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard handle >= 0 else { return }
    fsync(handle)
    close(handle)
  }

  /// The names in a folder, in no order.
  /// - Throws: `IOError`.
  static func names(in folder: String) throws -> [String] {
    guard let handle = opendir(folder) else { throw IOError.system(folder) }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  static func remove(_ path: String) throws {
    guard unlink(path) == 0 || errno == ENOENT else { throw IOError.system(path) }
  }
}

/// Small files as a whole.
public enum TextFile {
  /// Larger lists are a mistake, in bytes.
  private static let limit = 1_000_000_000

  /// - Throws: `IOError`.
  public static func read(_ path: String) throws -> [UInt8] {
    try FileSystem.read(path, limit: limit)
  }

  /// Writes a file that appears whole or not at all, and the folders above it.
  /// - Throws: `IOError`; `OutputInUse`.
  public static func write(_ text: String, to path: String) throws {
    let file = try OutputFile(path: path)
    try file.write(Array(text.utf8))
    try file.finish()
  }
}

import Glibc

/// Bytes from a file, a pipe or a decompressor. Calls block: use one on a thread of its own.
protocol ByteSource: AnyObject {
  var name: String { get }
  /// Whether bytes come when somebody sends them, as from a pipe.
  var mayWait: Bool { get }
  /// About how many bytes will come; 0 when nobody knows.
  var expectedSize: Int { get }
  /// Fills the front of `buffer`; 0 is the end.
  /// - Throws: `IOError`.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

extension ByteSource {
  var mayWait: Bool { false }
  var expectedSize: Int { 0 }

  /// All that is left.
  /// - Throws: `IOError`, also when there is more than `limit`.
  func readAll(limit: Int) throws -> [UInt8] {
    var result: [UInt8] = []
    var capacity = min(max(expectedSize, 65_535), limit) + 1
    while true {
      let known = result
      var isAtEnd = false
      result = try [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        count = known.withUnsafeBufferPointer { buffer.update(fromContentsOf: $0) }
        while count < capacity, !isAtEnd {
          let read = try read(into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]))
          count += read
          isAtEnd = read == 0
        }
      }
      if isAtEnd { return result }
      if result.count > limit { throw IOError(name, "larger than the limit of \(Size.format(limit)) for a document") }
      capacity = min(capacity * 2, limit + 1)
    }
  }
}

final class FileSource: ByteSource {
  let name: String
  private let descriptor: Int32
  private let stop: StopRequest?
  private let meter: InputMeter?
  let mayWait: Bool
  let expectedSize: Int
  private static let mostFailures: UInt32 = 3

  /// Opens a file, a pipe or, for `-`, standard input.
  init(path: String, stop: StopRequest?, meter: InputMeter? = nil) throws {
    self.meter = meter
    name = path == "-" ? "stdin" : path
    self.stop = stop
    // A pipe that nobody writes to would otherwise hold the call, and with it the wish to stop.
    descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    var status = stat()
    mayWait = descriptor >= 0 && fstat(descriptor, &status) == 0 && FileSystem.kind(status.st_mode) == .other
    expectedSize = mayWait || descriptor < 0 ? 0 : max(0, min(Int(status.st_size), Size.largest))
    guard descriptor >= 0 else { throw IOError.system(name) }
    if FileSystem.kind(status.st_mode) == .folder { throw IOError(name, "is a folder") }
    if path != "-" { _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var failures: UInt32 = 0
    while true {
      if mayWait, let stop, !stop.waitForInput(descriptor) { return 0 }
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 {
        meter?.add(count)
        return count
      }
      switch errno {
      case EINTR: continue
      case EAGAIN: usleep(1000)
      // What a disk or a network does not give at once it may give in a moment.
      case EIO where failures < Self.mostFailures:
        failures += 1
        usleep(10_000 << (2 * failures))
      default: throw IOError.system(name)
      }
    }
  }
}

/// Cuts a source into lines, each without its newline.
struct LineSplitter {
  enum Line {
    case line([UInt8])
    /// Longer than the limit, and skipped to its end.
    case tooLong
    /// So long that the rest of the source is given up.
    case endless
  }

  /// A line this many times over the limit ends the source: it may have no end at all.
  static let patience = 16

  private let source: any ByteSource
  private let limit: Int
  private var buffer = [UInt8](repeating: 0, count: 1 << 18)
  private var start = 0
  private var end = 0
  private var isFinished = false

  init(_ source: any ByteSource, limit: Int) {
    self.source = source
    self.limit = limit
  }

  /// The next line; nil at the end.
  /// - Throws: `IOError`.
  mutating func next() throws -> Line? {
    var line: [UInt8] = []
    var skipped = 0
    var sawAny = false
    while true {
      if start == end {
        if !isFinished {
          end = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
          start = 0
          isFinished = end == 0
        }
        if isFinished { return skipped > 0 ? .tooLong : sawAny ? .line(line) : nil }
      }
      sawAny = true
      let found = buffer.withUnsafeBytes { bytes -> Int? in
        memchr(bytes.baseAddress! + start, 0x0A, end - start).map { $0 - UnsafeMutableRawPointer(mutating: bytes.baseAddress!) }
      }
      let stop = found ?? end
      if skipped == 0, line.count + stop - start <= limit {
        line.append(contentsOf: buffer[start..<stop])
      } else {
        skipped += stop - start + line.count
        line = []
        if skipped > limit * Self.patience { return .endless }
      }
      start = found.map { $0 + 1 } ?? end
      if found != nil { return skipped > 0 ? .tooLong : .line(line) }
    }
  }
}

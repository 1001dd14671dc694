import Glibc

/// Messages between the two ends of a socket: eight bytes of a mark, eight of the length, then the content.
struct MessageBuffer {
  /// Stands before every message, so that what is no message is noticed at once.
  private static let mark = 0x50_69_70_65_4D_73_67_31
  private static let headerSize = 16
  private static let readSize = 1 << 18

  /// Longer messages are nonsense, in bytes.
  private let longest: Int
  private var bytes = [UInt8](repeating: 0, count: readSize)
  private var start = 0
  private var end = 0

  init(longest: Int) {
    self.longest = longest
  }

  /// Appends a message to what is to be sent.
  static func append(_ content: [UInt8], to output: inout [UInt8]) {
    for value in [mark, content.count] { withUnsafeBytes(of: Int64(value).littleEndian) { output.append(contentsOf: $0) } }
    output.append(contentsOf: content)
  }

  /// The content of the next message that is there as a whole; nil when more must be read before. Valid until the next read.
  /// - Throws: `Nonsense` when it is no message.
  mutating func next() throws(FrameDecoder.Nonsense) -> ArraySlice<UInt8>? {
    guard end - start >= Self.headerSize else { return nil }
    var header = FrameDecoder(bytes[start..<start + Self.headerSize])
    let mark = try header.int()
    let length = try header.int()
    guard mark == Self.mark, length >= 0, length <= longest else { throw FrameDecoder.Nonsense() }
    let first = start + Self.headerSize
    guard end - first >= length else {
      makeRoom(for: Self.headerSize + length)
      return nil
    }
    start = first + length
    return bytes[first..<first + length]
  }

  /// Reads what is there, and waits when nothing is on a socket that blocks.
  /// - Returns: what `read` returned.
  mutating func fill(from descriptor: Int32) -> Int {
    makeRoom(for: 1)
    let (first, count) = (end, bytes.count - end)
    let read = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress! + first, count) }
    if read > 0 { end += read }
    return read
  }

  private mutating func makeRoom(for size: Int) {
    if start == end { (start, end) = (0, 0) }
    guard start + size > bytes.count || end == bytes.count else { return }
    bytes.withUnsafeMutableBytes { _ = memmove($0.baseAddress!, $0.baseAddress! + start, end - start) }
    (start, end) = (0, end - start)
    if size > bytes.count || end == bytes.count {
      bytes += [UInt8](repeating: 0, count: max(size, bytes.count * 2) - bytes.count)
    } else if bytes.count > 8 * Self.readSize, size <= Self.readSize, end <= Self.readSize {
      bytes.removeSubrange(Self.readSize...)
      bytes.reserveCapacity(Self.readSize)
    }
  }
}

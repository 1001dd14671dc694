import Glibc

/// The body of an answer that was sent in chunks (RFC 9112, section 7.1).
struct ChunkedBody {
  /// What the chunks hold.
  private(set) var bytes: [UInt8] = []
  /// Whether it ends, or is broken, inside a chunk.
  private(set) var isCut = false

  /// Puts the chunks together. Extensions and trailers are passed over.
  ///
  /// Nil for a body that is not in chunks at all: crawlers store bodies put together, and leave the header as it was.
  init?(_ body: UnsafeRawBufferPointer) {
    guard var (size, start) = Self.sizeLine(body, 0) else { return nil }
    bytes.reserveCapacity(body.count)
    while size > 0 {
      let end = start + min(size, body.count - start)
      let isFirst = bytes.isEmpty
      bytes.append(contentsOf: body[start..<end])
      if end - start < size {
        // A text may begin with a line that could be a size, but hardly with one that ends as sizes do.
        if isFirst, start < 2 || body[start - 2] != 0x0D { return nil }
        isCut = true
        return
      }
      guard end < body.count else { return }
      guard let next = Self.behindNewline(body, end) else {
        if isFirst { return nil }
        isCut = true
        return
      }
      guard next < body.count else { return }
      guard let line = Self.sizeLine(body, next) else {
        isCut = true
        return
      }
      (size, start) = line
    }
  }

  private static func behindNewline(_ body: UnsafeRawBufferPointer, _ index: Int) -> Int? {
    if body[index] == 0x0A { return index + 1 }
    if body[index] != 0x0D { return nil }
    return index + 1 == body.count ? body.count : body[index + 1] == 0x0A ? index + 2 : nil
  }

  /// The size that the line at `start` gives, and where the next line begins; nil for a line that gives none.
  private static func sizeLine(_ body: UnsafeRawBufferPointer, _ start: Int) -> (size: Int, next: Int)? {
    var index = start
    var size = 0
    while index < body.count, let digit = hexDigit(body[index]) {
      // More digits than any size has are zeros or no size.
      if index - start >= 16 || size >= 1 << 40 { return nil }
      size = size << 4 | digit
      index += 1
    }
    guard index > start else { return nil }
    while index < body.count, body[index] == UInt8(ascii: " ") || body[index] == UInt8(ascii: "\t") { index += 1 }
    if index < body.count, body[index] == UInt8(ascii: ";") {
      guard let newline = memchr(body.baseAddress! + index, 0x0A, body.count - index) else { return nil }
      return (size, UnsafeRawPointer(newline) - body.baseAddress! + 1)
    }
    guard index < body.count, let next = behindNewline(body, index) else { return nil }
    return (size, next)
  }

  private static func hexDigit(_ byte: UInt8) -> Int? {
    switch byte {
    case 0x30...0x39: Int(byte) - 0x30
    case 0x41...0x46: Int(byte) - 0x37
    case 0x61...0x66: Int(byte) - 0x57
    default: nil
    }
  }
}

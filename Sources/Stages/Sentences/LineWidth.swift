import Glibc
import Pipeline

/// How wide lines are, in code points: by that a line end that wraps a text is told from one that ends a headline, a caption, an item.
enum LineWidth {
  /// Text is not wrapped narrower than this.
  static let narrowestWrap = 40
  /// How far under the widest line a wrapped line may end: the length of a long word.
  static let raggedness = 16
  /// The width of the widest line. O(length).
  static func widest(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var widest = 0
    var start = 0
    while start < bytes.count {
      let end = memchr(bytes.baseAddress! + start, 0x0A, bytes.count - start).map {
        bytes.baseAddress!.distance(to: $0.assumingMemoryBound(to: UInt8.self))
      }
      let line = UnsafeBufferPointer(rebasing: bytes[start..<(end ?? bytes.count)])
      var width = 0
      for byte in line { width &+= byte & 0xC0 != 0x80 ? 1 : 0 }
      widest = max(widest, width)
      start += line.count + 1
    }
    return widest
  }

  /// The width of the line that ends at a place.
  static func line(endingAt end: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var width = 0
    var index = end - 1
    while index >= 0, bytes[index] != 0x0A {
      if bytes[index] & 0xC0 != 0x80 { width += 1 }
      index -= 1
    }
    return width
  }

  static func word(at start: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var width = 0
    var index = start
    while index < bytes.count, !UTF8Text.isSpace(bytes[index]) {
      if bytes[index] & 0xC0 != 0x80 { width += 1 }
      index += 1
    }
    return width
  }
}

import Glibc
import Pipeline

/// Paragraphs of a text, which blank lines separate.
enum Paragraphs {
  /// Behind the blank line that ends the paragraph at a place; else the end of the text. O(length of the paragraph).
  static func end(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    guard let base = text.baseAddress else { return text.count }
    var index = start
    while let newline = memchr(base + index, 0x0A, text.count - index) {
      index = base.distance(to: newline.assumingMemoryBound(to: UInt8.self)) + 1
      var next = index
      while next < text.count, text[next] == 0x20 || text[next] == 0x09 || text[next] == 0x0D { next += 1 }
      if next < text.count, text[next] == 0x0A { return next + 1 }
    }
    return text.count
  }
}

import Glibc
import Pipeline

/// Reads JSON as pages write it, token by token, without a tree.
///
/// Beyond the standard it passes over comments, CDATA and comment wrappers, trailing and missing commas, raw line breaks in strings, and
/// quotation marks in strings that nobody escaped: one ends a string only where JSON could go on behind it. Linear in the text.
struct LooseJSON {
  enum Token {
    case objectStart, objectEnd, arrayStart, arrayEnd
    /// The raw text between quotation marks; whether a colon follows, so that it is a key.
    case string(Range<Int>, isKey: Bool)
    /// A number or a word.
    case bare(Range<Int>)
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  /// The next token; nil at the end.
  mutating func next() -> Token? {
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "{"):
        index += 1
        return .objectStart
      case UInt8(ascii: "}"):
        index += 1
        return .objectEnd
      case UInt8(ascii: "["):
        index += 1
        return .arrayStart
      case UInt8(ascii: "]"):
        index += 1
        return .arrayEnd
      case UInt8(ascii: "\""): return string()
      case UInt8(ascii: "/"): skipComment()
      case UInt8(ascii: "<"): skipWrapper()
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): return bare()
      default: index += 1
      }
    }
    return nil
  }

  private mutating func string() -> Token {
    let start = index + 1
    var at = start
    while at < bytes.count {
      guard let quote = memchr(bytes.baseAddress! + at, 0x22, bytes.count - at) else { break }
      at = quote - UnsafeMutableRawPointer(mutating: bytes.baseAddress!)
      // An odd number of backslashes before it escapes it.
      var slashes = at
      while slashes > start, bytes[slashes - 1] == UInt8(ascii: "\\") { slashes -= 1 }
      if (at - slashes) & 1 == 0, let isKey = endsString(at) {
        index = at + 1
        return .string(start..<at, isKey: isKey)
      }
      at += 1
    }
    index = bytes.count
    return .string(start..<bytes.count, isKey: false)
  }

  /// Whether a quotation mark ends a string, and a colon follows; nil for one that stands inside it.
  private func endsString(_ quote: Int) -> Bool? {
    var next = quote + 1
    var sawBreak = false
    while next < bytes.count, UTF8Text.isSpace(bytes[next]) {
      sawBreak = sawBreak || bytes[next] == 0x0A
      next += 1
    }
    guard next < bytes.count else { return false }
    switch bytes[next] {
    case UInt8(ascii: ":"): return true
    case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: "<"), UInt8(ascii: "/"): return false
    // A comma is missing.
    case UInt8(ascii: "\""): return sawBreak ? false : nil
    default: return nil
    }
  }

  private mutating func bare() -> Token {
    let start = index
    while index < bytes.count, ASCII.isLetter(bytes[index]) || PageDate.isDigit(bytes[index]) || "+-.".utf8.contains(bytes[index]) {
      index += 1
    }
    return .bare(start..<index)
  }

  private mutating func skipComment() {
    let kind = index + 1 < bytes.count ? bytes[index + 1] : 0
    index += 2
    if kind == UInt8(ascii: "/") {
      // `//<![CDATA[` stands before the text itself.
      while index < bytes.count, bytes[index] != 0x0A, bytes[index] != UInt8(ascii: "{"), bytes[index] != UInt8(ascii: "[") { index += 1 }
      if index > 5, index < bytes.count, bytes[index] == UInt8(ascii: "["), bytes[index - 1] == UInt8(ascii: "!") { skipWrapper() }
    } else if kind == UInt8(ascii: "*") {
      while index + 1 < bytes.count, bytes[index] != UInt8(ascii: "*") || bytes[index + 1] != UInt8(ascii: "/") { index += 1 }
      index += 2
    }
    index = min(index, bytes.count)
  }

  /// Passes over `<![CDATA[`, `<!--`, or a tag.
  private mutating func skipWrapper() {
    let mark = Array("[CDATA[".utf8)
    let limit = min(index + 3, bytes.count)
    for start in index..<limit where bytes[start..<min(start + mark.count, bytes.count)].elementsEqual(mark) {
      index = start + mark.count
      return
    }
    index += 1
  }
}

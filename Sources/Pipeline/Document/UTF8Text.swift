/// Small questions about UTF-8 bytes that several stages ask. All take valid UTF-8.
public enum UTF8Text {
  /// Whether all bytes are below 0x80. O(length), eight bytes at a time.
  static func isASCII(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var index = 0
      while index + 8 <= bytes.count {
        if bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 { return false }
        index += 8
      }
      while index < bytes.count {
        if bytes[index] >= 0x80 { return false }
        index += 1
      }
      return true
    }
  }

  /// ASCII white space.
  @inlinable @inline(__always)
  public static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
  }

  /// The code point that starts at `index`, and its length in bytes; (0, 0) at the end.
  @inlinable @inline(__always)
  public static func scalar(at index: Int, in bytes: UnsafeBufferPointer<UInt8>) -> (UInt32, Int) {
    guard index < bytes.count else { return (0, 0) }
    let first = bytes[index]
    if first < 0x80 { return (UInt32(first), 1) }
    let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    guard index + length <= bytes.count else { return (0xFFFD, 1) }
    var value = UInt32(first) & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
    for offset in 1..<length { value = value << 6 | UInt32(bytes[index + offset] & 0x3F) }
    return (value, length)
  }

  /// The code point that ends before `index`, and its length in bytes; (0, 0) at the start.
  @inlinable @inline(__always)
  public static func scalar(before index: Int, in bytes: UnsafeBufferPointer<UInt8>) -> (UInt32, Int) {
    guard index > 0 else { return (0, 0) }
    var start = index - 1
    while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    return scalar(at: start, in: bytes)
  }

  /// The bytes of a no-break, ideographic or zero-width space that ends at `end`; nil where another character does.
  static func wideSpace(endingAt end: Int, in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard end > start else { return nil }
    let (value, length) = scalar(before: end, in: bytes)
    return length > 1 && isWhiteSpace(value) ? length : nil
  }

  /// Writes a code point, and gives its length in bytes.
  /// - Precondition: `target` has room for four bytes.
  @inlinable @inline(__always)
  public static func write(_ value: UInt32, to target: UnsafeMutablePointer<UInt8>) -> Int {
    if value < 0x80 {
      target[0] = UInt8(value)
      return 1
    }
    if value < 0x800 {
      target[0] = UInt8(0xC0 | value >> 6)
      target[1] = UInt8(0x80 | value & 0x3F)
      return 2
    }
    if value < 0x10000 {
      target[0] = UInt8(0xE0 | value >> 12)
      target[1] = UInt8(0x80 | value >> 6 & 0x3F)
      target[2] = UInt8(0x80 | value & 0x3F)
      return 3
    }
    target[0] = UInt8(0xF0 | value >> 18)
    target[1] = UInt8(0x80 | value >> 12 & 0x3F)
    target[2] = UInt8(0x80 | value >> 6 & 0x3F)
    target[3] = UInt8(0x80 | value & 0x3F)
    return 4
  }

  /// White space of any script, and the zero-width no-break space.
  @inlinable
  public static func isWhiteSpace(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200B, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000,
      0xFEFF:
      true
    default: false
    }
  }

  /// A mark that ends a sentence, or closes a quotation or bracket behind one.
  public static func isTerminator(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x21, 0x2E, 0x3F, 0x3A, 0x3B, 0x22, 0x29, 0x5D,  // ! . ? : ; " ) ]
      0x2026, 0x201D, 0x2019, 0xBB, 0x203A,  // … ” ’ » ›
      0x3002, 0xFF01, 0xFF1F, 0x300D, 0x300F, 0xFF09, 0xFF0E,  // 。！？」』）．
      0x061F, 0x06D4, 0x0964, 0x0965, 0x0589, 0x1362:  // ؟ ۔ । ॥ ։ ።
      true
    default: false
    }
  }

  /// Han, kana, and the punctuation and full-width forms used with them. Hangul is written with spaces and is not among them.
  public static func isCJK(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x3001...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0xFF01...0xFF60, 0x20000...0x3FFFF:
      true
    default: false
    }
  }

  /// Letters, digits and marks of any script: what a whole-word match may not touch.
  @inline(__always)
  public static func isWord(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 {
      return (scalar >= 0x30 && scalar <= 0x39) || (scalar | 0x20 >= 0x61 && scalar | 0x20 <= 0x7A)
        || scalar == 0x5F
    }
    if scalar < UInt32(wordTable.count) { return wordTable[Int(scalar)] }
    // The ideographs and Hangul syllables of the large blocks.
    if scalar >= 0x4E00 && scalar <= 0x9FFF || scalar >= 0xAC00 && scalar <= 0xD7A3 { return true }
    return isWordByProperties(scalar)
  }

  /// The answer for code points below U+3000: asking for properties takes ten times as long.
  private static let wordTable: [Bool] = (0..<0x3000).map { isWordByProperties($0) }

  private static func isWordByProperties(_ scalar: UInt32) -> Bool {
    guard let value = Unicode.Scalar(scalar) else { return false }
    let properties = value.properties
    if properties.isAlphabetic { return true }
    switch properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark: return true
    default: return false
    }
  }

  /// The bytes as valid UTF-8, each ill-formed sequence replaced by U+FFFD as the Unicode standard recommends; the input itself where it is valid.
  public static func repaired(_ bytes: [UInt8]) -> [UInt8] {
    isValid(bytes) ? bytes : Array(String(decoding: bytes, as: UTF8.self).utf8)
  }

  /// Whether the bytes are valid UTF-8.
  public static func isValid(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { isValid($0) }
  }

  /// Whether the bytes are valid UTF-8. ASCII is passed over 32 bytes at a time, which is most of a page in nearly any language.
  public static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = UnsafeRawPointer(bytes.baseAddress) else { return true }
    var index = 0
    while true {
      while index + 32 <= bytes.count {
        let block = base.loadUnaligned(fromByteOffset: index, as: SIMD4<UInt64>.self) & 0x8080_8080_8080_8080
        if block != SIMD4(repeating: 0) { break }
        index += 32
      }
      guard index < bytes.count else { return true }
      // Up to the end of a run of text that is not ASCII.
      var end = index
      var lastWide = index
      while end < bytes.count, end - lastWide < 64 {
        if bytes[end] >= 0x80 { lastWide = end }
        end += 1
      }
      let run = UnsafeBufferPointer(rebasing: bytes[index..<end])
      guard (try? UTF8Span(validating: Span(_unsafeElements: run))) != nil else { return false }
      index = end
    }
  }
}

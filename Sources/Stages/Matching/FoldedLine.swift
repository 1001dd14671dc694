import Pipeline

/// A line as word lists see it: lower case, plain quotes and apostrophes, white space folded, nothing around it.
struct FoldedLine {
  let bytes: [UInt8]
  /// Runs of characters between white space; scripts without spaces count a word for every two characters.
  let wordCount: Int
  /// The part without marks, arrows, counts and brackets at its end.
  let core: Range<Int>
  /// Whether the line ends as a sentence does.
  let endsSentence: Bool
  /// Whether it opens with a quotation mark.
  let opensQuotation: Bool

  init(_ text: some Collection<UInt8>) {
    let original = String(decoding: text, as: UTF8.self)
    var folded: [UInt8] = []
    folded.reserveCapacity(original.utf8.count)
    for scalar in original.lowercased().unicodeScalars {
      if UTF8Text.isWhiteSpace(scalar.value) {
        if let last = folded.last, last != 0x20 { folded.append(0x20) }
        continue
      }
      // What lower-casing leaves of a Turkish capital I with dot.
      if scalar.value == 0x307, folded.last == UInt8(ascii: "i") { continue }
      folded.append(scalar: Self.plain(scalar.value))
    }
    if folded.last == 0x20 { folded.removeLast() }
    bytes = folded
    wordCount = folded.withUnsafeBufferPointer { Self.words(in: $0) }
    let first = original.unicodeScalars.first { !UTF8Text.isWhiteSpace($0.value) }?.value ?? 0
    opensQuotation = [0x22, 0x201C, 0x201E, 0xAB, 0x2018, 0x300C, 0x300E, 0x2039].contains(first)
    (core, endsSentence) = folded.withUnsafeBufferPointer { buffer in
      var end = buffer.count
      var sentence = false
      if let last = Self.lastMark(buffer) {
        sentence = [0x2E, 0x21, 0x3F, 0x2026, 0x3002, 0xFF01, 0xFF1F, 0x061F, 0x06D4, 0x0964].contains(last)
      }
      while end > 0 {
        let (value, length) = UTF8Text.scalar(before: end, in: buffer)
        let isDigit = value >= 0x30 && value <= 0x39
        if UTF8Text.isWord(value), !isDigit { break }
        end -= length
      }
      var start = 0
      while start < end {
        let (value, length) = UTF8Text.scalar(at: start, in: buffer)
        if UTF8Text.isWord(value) || value == 0xA9 { break }
        start += length
      }
      return (start..<max(start, end), sentence)
    }
  }

  /// The last character that is no quote or bracket.
  private static func lastMark(_ buffer: UnsafeBufferPointer<UInt8>) -> UInt32? {
    var end = buffer.count
    while end > 0 {
      let (value, length) = UTF8Text.scalar(before: end, in: buffer)
      guard [0x22, 0x27, 0x29, 0x5D, 0xBB, 0x300D, 0x300F, 0xFF09].contains(value) else { return value }
      end -= length
    }
    return nil
  }

  /// A list's entry as it would stand in a folded line. Entries are in lower case and plain already, as a test holds, but for the dotless i.
  static func entry(_ text: String) -> [UInt8] {
    var bytes = Array(text.utf8)
    guard bytes.contains(0xC4) else { return bytes }
    var index = 0
    while index + 1 < bytes.count {
      if bytes[index] == 0xC4, bytes[index + 1] == 0xB1 {
        bytes.replaceSubrange(index...(index + 1), with: CollectionOfOne(0x69))
      }
      index += 1
    }
    return bytes
  }

  /// How many words stand in folded text; marks alone are none.
  static func words(in text: UnsafeBufferPointer<UInt8>) -> Int {
    var words = 0
    var wide = 0
    var isInside = false
    var index = 0
    while index < text.count {
      let (value, length) = UTF8Text.scalar(at: index, in: text)
      index += length
      if UTF8Text.isCJK(value) {
        if UTF8Text.isWord(value) { wide += 1 }
        isInside = false
      } else if value == 0x20 {
        isInside = false
      } else if !isInside, UTF8Text.isWord(value) || value == 0xA9 {
        words += 1
        isInside = true
      }
    }
    return words + (wide + 1) / 2
  }

  private static func plain(_ value: UInt32) -> UInt32 {
    switch value {
    // Capitals of Turkish labels lose the difference between i and dotless i.
    case 0x131: 0x69
    case 0x2018, 0x2019, 0x02BC, 0x60, 0xB4: 0x27
    case 0x201C, 0x201D, 0x201E: 0x22
    case 0x2011, 0x2010: 0x2D
    case 0xFF1A: 0x3A
    case 0xFF08: 0x28
    case 0xFF09: 0x29
    default: value
    }
  }

  /// Whether a range stands as whole words; scripts without spaces need none around them.
  func isWholeWord(_ range: Range<Int>) -> Bool {
    bytes.withUnsafeBufferPointer { WordBorder.isWhole(range, in: $0) }
  }
}

/// Borders of words.
enum WordBorder {
  /// Whether neither end of a range touches a letter or digit of the same kind of script. Han, kana and Hangul endings need no border.
  static func isWhole(_ range: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let (before, _) = UTF8Text.scalar(before: range.lowerBound, in: bytes)
    let (first, _) = UTF8Text.scalar(at: range.lowerBound, in: bytes)
    if range.lowerBound > 0, UTF8Text.isWord(before), UTF8Text.isWord(first), !UTF8Text.isCJK(first) { return false }
    let (last, _) = UTF8Text.scalar(before: range.upperBound, in: bytes)
    let (after, _) = UTF8Text.scalar(at: range.upperBound, in: bytes)
    let isHangul = last >= 0xAC00 && last <= 0xD7A3
    return !(range.upperBound < bytes.count && UTF8Text.isWord(after) && UTF8Text.isWord(last) && !UTF8Text.isCJK(last) && !isHangul)
  }
}

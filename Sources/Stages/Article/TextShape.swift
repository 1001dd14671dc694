import Pipeline

/// What a stretch of text looks like, counted in one pass over its bytes.
struct TextShape {
  /// Runs of letters and digits.
  private(set) var words = 0
  /// Words that begin with a capital, of the scripts that have them in ASCII.
  private(set) var capitalWords = 0
  private(set) var letters = 0
  private(set) var digits = 0
  private(set) var commas = 0
  /// Marks that end a sentence.
  private(set) var terminators = 0
  /// Bars, bullets, arrows and slashes between short texts.
  private(set) var separators = 0
  private(set) var currencies = 0
  private(set) var colons = 0
  private(set) var hasCopyright = false
  private(set) var hasAt = false
  private(set) var hasYear = false
  /// The first byte that is no space, and whether the last thing that is no closing mark ends a sentence.
  private(set) var first: UInt8 = 0
  private(set) var endsSentence = false
  private(set) var endsColon = false
  /// The hash of all words.
  private(set) var hash: UInt64 = 0

  /// Reads a text, and calls `body` with the hash of each word, in order; a character of a script without spaces is a word for this.
  init(_ bytes: UnsafeBufferPointer<UInt8>, _ body: (UInt32) -> Void) {
    first = bytes.first ?? 0
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if Self.isWord(byte) {
        readWord(bytes, &index, body)
        continue
      }
      switch byte {
      case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"):
        if index + 1 >= bytes.count || !Self.isWord(bytes[index + 1]) { terminators += 1 }
        endsSentence = true
        endsColon = false
      case UInt8(ascii: ","): commas += 1
      case UInt8(ascii: "|"), UInt8(ascii: "/"), UInt8(ascii: ">"): separators += 1
      case UInt8(ascii: "$"): currencies += 1
      case UInt8(ascii: ":"):
        colons += 1
        endsColon = true
        endsSentence = false
      case UInt8(ascii: "@"): hasAt = true
      default: break
      }
      if byte == 0x20 || byte == 0x22 || byte == 0x27 || byte == 0x29 || Self.isEnd(byte) {
        index += 1
        continue
      }
      endsSentence = false
      endsColon = false
      index += 1
    }
  }

  private static func isEnd(_ byte: UInt8) -> Bool { byte == 0x2E || byte == 0x21 || byte == 0x3F || byte == 0x3A }

  private static func isWord(_ byte: UInt8) -> Bool {
    byte >= 0x80 || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39)
  }

  /// Words with other than ASCII in them are read here too: letters, marks, and the punctuation of all scripts.
  private mutating func readWord(_ bytes: UnsafeBufferPointer<UInt8>, _ index: inout Int, _ body: (UInt32) -> Void) {
    let start = index
    var hash: UInt32 = 0x811C_9DC5
    var length = 0
    var digitsHere = 0
    func finish(_ shape: inout TextShape) {
      guard length > 0 else { return }
      shape.words += 1
      shape.hash = (shape.hash ^ UInt64(hash)) &* 0x9E37_79B9_7F4A_7C15
      shape.endsSentence = false
      shape.endsColon = false
      body(hash)
    }
    while index < bytes.count {
      let byte = bytes[index]
      if byte < 0x80 {
        guard Self.isWord(byte) else { break }
        if byte <= 0x39 {
          digits += 1
          digitsHere += 1
          hash = (hash ^ 0x30) &* 0x0100_0193
        } else {
          if length == 0, byte < 0x61 { capitalWords += 1 }
          letters += 1
          hash = (hash ^ UInt32(byte | 0x20)) &* 0x0100_0193
        }
        length += 1
        index += 1
        continue
      }
      if byte == 0xE2 || byte == 0xC2 || byte == 0xE3 && index + 1 < bytes.count && bytes[index + 1] == 0x80 || byte == 0xEF {
        // Punctuation of all scripts, and signs: they end a word.
        let size = min(byte == 0xC2 ? 2 : 3, bytes.count - index)
        finish(&self)
        readMark(bytes, index, size)
        index += size
        return
      }
      let size = min(byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4, bytes.count - index)
      for place in index..<(index + size) { hash = (hash ^ UInt32(bytes[place])) &* 0x0100_0193 }
      letters += 1
      length += size
      index += size
      if byte >= 0xE3, byte < 0xF0 {
        // Ideographs and syllables, which stand without spaces.
        finish(&self)
        return
      }
    }
    if digitsHere == 4, length == 4, bytes[start] == 0x31 && bytes[start + 1] == 0x39 || bytes[start] == 0x32 && bytes[start + 1] == 0x30 {
      hasYear = true
    }
    finish(&self)
  }

  private mutating func readMark(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int, _ size: Int) {
    guard size > 1 else { return }
    let code =
      size == 2
      ? UInt32(bytes[at]) << 8 | UInt32(bytes[at + 1])
      : UInt32(bytes[at]) << 16 | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2])
    switch code {
    // The ideographic and full-width full stops, the exclamation and question marks, and the ellipsis.
    case 0xE38082, 0xEFBC8E, 0xEFBC81, 0xEFBC9F, 0xE280A6:
      terminators += 1
      endsSentence = true
    // Closing quotation marks and brackets leave the end as it is.
    case 0xE2809D, 0xE28099, 0xC2BB, 0xE3808D, 0xE3808F, 0xEFBC89, 0xC2A0: break
    case 0xE38081, 0xEFBC8C: commas += 1
    case 0xC2A9:
      hasCopyright = true
      endsSentence = false
    case 0xC2A3, 0xC2A5, 0xE282AC: currencies += 1
    case 0xC2B7, 0xE280A2, 0xE280BA, 0xEFBD9C: separators += 1
    default: endsSentence = false
    }
  }
}

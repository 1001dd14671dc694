import Pipeline

/// What stands between two white spaces, as sentence splitting sees it: a core of letters and digits, and what is around it.
struct SentenceWord {
  enum Shape: UInt8 {
    case none, initial, letter, capitalised, capitals, lower, mixed, number, numeric, alphanumeric, dottedCapitals, dottedLower, dotted,
      caseless, wide, symbols, address, roman
  }

  /// What the first character is, where it belongs to no word; the same for the last.
  enum Edge: UInt8 {
    case none, quote, bracket, dash, bullet, stop, mark, comma, colon, semicolon, symbol
  }

  /// Of the core's letters in lower case, or of all characters where there is no core.
  private(set) var hash: UInt32 = 0
  /// The same, as it is written.
  private(set) var exactHash: UInt32 = 0
  /// Of the last three letters in lower case.
  private(set) var ending: UInt32 = 0
  private(set) var shape = Shape.none
  /// In code points, at most 15.
  private(set) var length: UInt8 = 0
  private(set) var hasVowel = false
  /// Something in it is no letter, digit or full stop, such as an apostrophe.
  private(set) var hasOthers = false
  private(set) var startsUpper = false
  private(set) var startsLower = false
  private(set) var startsDigit = false
  private(set) var lead = Edge.none
  private(set) var trail = Edge.none
  /// The core, in bytes of the text.
  private(set) var core = 0..<0

  /// Longer words are cut, in bytes.
  static let longest = 48

  init() {}

  init(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ characters: SentenceCharacters) {
    guard !range.isEmpty else { return }
    var start = range.lowerBound
    var end = range.upperBound
    while start < end {
      if characters.isWord(ascii: bytes[start]) { break }
      let (value, width) = UTF8Text.scalar(at: start, in: bytes)
      let traits = characters.traits(value)
      if !traits.isDisjoint(with: .word) { break }
      if start == range.lowerBound { lead = Self.edge(value, traits) }
      start += width
    }
    while end > start {
      if characters.isWord(ascii: bytes[end - 1]) { break }
      let (value, width) = UTF8Text.scalar(before: end, in: bytes)
      let traits = characters.traits(value)
      if !traits.isDisjoint(with: .word) { break }
      if end == range.upperBound { trail = Self.edge(value, traits) }
      end -= width
    }
    core = start..<end
    guard start < end else {
      shape = .symbols
      trail = lead
      var index = range.lowerBound
      while index < min(range.upperBound, range.lowerBound + 12) {
        exactHash = Self.combine(exactHash, UInt32(bytes[index]))
        index += 1
      }
      hash = exactHash
      length = UInt8(min(15, range.count))
      return
    }
    readCore(bytes, characters)
  }

  private mutating func readCore(_ bytes: UnsafeBufferPointer<UInt8>, _ characters: SentenceCharacters) {
    var counts = SentenceCharacters.Counts()
    var count = 0
    var isAddress = false
    var isWide = false
    /// The last three letters, 21 bits each.
    var last: UInt64 = 0
    var index = core.lowerBound
    let end = min(core.upperBound, core.lowerBound + Self.longest)
    while index < end {
      let byte = bytes[index]
      if byte < 0x80 {
        counts.add(characters.counts(ofASCII: byte))
        let lowered = UInt32(byte) | (byte >= 0x41 && byte <= 0x5A ? 0x20 : 0)
        exactHash = Self.combine(exactHash, UInt32(byte))
        hash = Self.combine(hash, lowered)
        last = last << 21 | UInt64(lowered)
        if byte == 0x40 || byte == 0x2F && index > core.lowerBound && bytes[index - 1] == 0x2F { isAddress = true }
        index += 1
      } else {
        let (value, width) = UTF8Text.scalar(at: index, in: bytes)
        let traits = characters.traits(value)
        let lowered = characters.lowered(value)
        counts.add(SentenceCharacters.counts(of: value, traits))
        if traits.contains(.wide), traits.contains(.caseless) { isWide = true }
        exactHash = Self.combine(exactHash, value)
        hash = Self.combine(hash, lowered)
        last = last << 21 | UInt64(lowered)
        index += width
      }
      count += 1
    }
    let first = characters.traits(UTF8Text.scalar(at: core.lowerBound, in: bytes).0)
    startsUpper = first.contains(.upper)
    startsLower = first.contains(.lower)
    startsDigit = first.contains(.digit)
    hasVowel = counts.vowels > 0
    hasOthers = counts.others > 0
    let mask: UInt64 = 0x1F_FFFF
    ending = Self.combine(
      Self.combine(Self.combine(0, UInt32(last >> 42 & mask)), UInt32(last >> 21 & mask)), UInt32(last & mask))
    length = UInt8(min(15, count))
    let (uppers, lowers, caseless, digits) = (counts.uppers, counts.lowers, counts.caseless, counts.digits)
    let (stops, others, romans) = (counts.stops, counts.others, counts.romans)
    let letters = uppers + lowers + caseless
    if isAddress || stops > 0 && beginsAsAddress(bytes) {
      shape = .address
    } else if isWide {
      shape = .wide
    } else if digits == count {
      shape = .number
    } else if letters == 0 {
      shape = .numeric
    } else if digits > 0 {
      shape = .alphanumeric
    } else if stops > 0 {
      shape = lowers == 0 && caseless == 0 ? .dottedCapitals : uppers == 0 ? .dottedLower : .dotted
    } else if caseless > 0 {
      shape = .caseless
    } else if uppers == 0 {
      shape = lowers == 1 && others == 0 ? .letter : .lower
    } else if lowers == 0 {
      shape = uppers == 1 && others == 0 ? .initial : romans == uppers ? .roman : .capitals
    } else if uppers == 1 && startsUpper {
      shape = .capitalised
    } else {
      shape = .mixed
    }
  }

  /// Whether the core begins with `www.`.
  private func beginsAsAddress(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    core.count > 4 && bytes[core.lowerBound] | 0x20 == 0x77 && bytes[core.lowerBound + 1] | 0x20 == 0x77
      && bytes[core.lowerBound + 2] | 0x20 == 0x77 && bytes[core.lowerBound + 3] == 0x2E
  }

  @inline(__always)
  static func combine(_ hash: UInt32, _ value: UInt32) -> UInt32 {
    (hash ^ value) &* 0x0100_0193 &+ 0x9E37_79B9
  }

  private static func edge(_ value: UInt32, _ traits: SentenceCharacters.Traits) -> Edge {
    if traits.contains(.quote) { return .quote }
    if traits.contains(.opener) || traits.contains(.closer) { return .bracket }
    if traits.contains(.dash) { return .dash }
    if traits.contains(.bullet) || value == 0x2A { return .bullet }
    switch value {
    case 0x2E, 0x2026: return .stop
    case 0x2C, 0x060C, 0xFF0C, 0x3001: return .comma
    case 0x3A, 0xFF1A: return .colon
    case 0x3B, 0x061B, 0xFF1B: return .semicolon
    default: return traits.contains(.terminator) ? .mark : .symbol
    }
  }

  /// The English pronoun, which looks like an initial.
  var isI: Bool { shape == .initial && exactHash == Self.combine(0, 0x49) }

  /// The shape with what the length says.
  var form: UInt32 {
    let bucket: UInt32 = length <= 1 ? 0 : length == 2 ? 1 : length == 3 ? 2 : length == 4 ? 3 : length <= 6 ? 4 : length <= 9 ? 5 : 6
    return UInt32(shape.rawValue) << 3 | bucket
  }
}

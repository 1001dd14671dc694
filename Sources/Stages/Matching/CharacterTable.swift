import Pipeline

/// What matching asks about a code point, by table below U+3000, where nearly all letters with cases and marks lie.
struct CharacterTable: @unchecked Sendable {
  // The tables are written once, before anyone can see them, and live as long as the program.
  struct Class: OptionSet {
    let rawValue: UInt8
    /// A letter, digit or mark.
    static let word = Class(rawValue: 1)
    static let space = Class(rawValue: 2)
    /// Written without spaces between words.
    static let wide = Class(rawValue: 4)
    static let upper = Class(rawValue: 8)
    /// Left out of a folded line.
    static let ignored = Class(rawValue: 16)
    static let lower = Class(rawValue: 32)

    // The protocol's ways are generic: in builds without optimisation these are several times faster.
    @inline(__always)
    func contains(_ other: Self) -> Bool { rawValue & other.rawValue == other.rawValue }
  }

  static let shared = CharacterTable()

  private static let limit = 0x3000
  private let classes: UnsafePointer<UInt8>
  private let folded: UnsafePointer<UInt16>
  /// Letters, digits and the low line of ASCII in lower case; 0 for all other bytes.
  let asciiWord: UnsafePointer<UInt8>

  private init() {
    let classes = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.limit)
    let folded = UnsafeMutablePointer<UInt16>.allocate(capacity: Self.limit)
    classes.initialize(repeating: 0, count: Self.limit)
    folded.initialize(repeating: 0, count: Self.limit)
    for value in 0..<UInt32(Self.limit) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let properties = scalar.properties
      var set: Class = []
      if UTF8Text.isWord(value) { set.insert(.word) }
      if UTF8Text.isWhiteSpace(value) { set.insert(.space) }
      if properties.isUppercase || properties.generalCategory == .titlecaseLetter { set.insert(.upper) }
      if properties.isLowercase { set.insert(.lower) }
      if Self.isIgnored(value) { set.insert(.ignored) }
      classes[Int(value)] = set.rawValue
      let lower = properties.lowercaseMapping.unicodeScalars
      folded[Int(value)] = UInt16(Self.plain(lower.first?.value ?? value))
    }
    let asciiWord = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
    asciiWord.initialize(repeating: 0, count: 256)
    for value in 0..<0x80 where Class(rawValue: classes[value]).contains(.word) { asciiWord[value] = UInt8(folded[value]) }
    self.asciiWord = UnsafePointer(asciiWord)
    self.classes = UnsafePointer(classes)
    self.folded = UnsafePointer(folded)
  }

  @inline(__always)
  func `class`(_ value: UInt32) -> Class {
    if value < UInt32(Self.limit) { return Class(rawValue: classes[Int(value)]) }
    if value == 0x3000 || value == 0xFEFF { return .space }
    if UTF8Text.isCJK(value) { return UTF8Text.isWord(value) ? [.word, .wide] : .wide }
    // Hangul, and the plain case of everything else.
    if value >= 0xAC00 && value <= 0xD7A3 { return .word }
    return UTF8Text.isWord(value) ? .word : []
  }

  /// Lower case; plain quotes, hyphens and full-width forms; letters that writers exchange made one.
  @inline(__always)
  func fold(_ value: UInt32) -> UInt32 {
    if value < UInt32(Self.limit) { return UInt32(folded[Int(value)]) }
    guard value >= 0xFF01, value <= 0xFF5E else { return value }
    let plain = value - 0xFEE0
    return plain >= 0x41 && plain <= 0x5A ? plain | 0x20 : plain
  }

  /// Soft hyphens, joiners, the dot that lower-casing leaves of a Turkish capital, and Arabic vowel signs and the stroke that stretches a word.
  private static func isIgnored(_ value: UInt32) -> Bool {
    switch value {
    case 0xAD, 0x307, 0x640, 0x64B...0x652, 0x670, 0x200B...0x200F, 0x202A...0x202E, 0x2060: true
    default: false
    }
  }

  private static func plain(_ value: UInt32) -> UInt32 {
    switch value {
    // Capitals of Turkish labels lose the difference between i and dotless i.
    case 0x131: 0x69
    case 0x2018, 0x2019, 0x02BC, 0x60, 0xB4: 0x27
    case 0x201C, 0x201D, 0x201E: 0x22
    case 0x2010, 0x2011: 0x2D
    // Capitals of Greek have no accents, and one sigma.
    case 0x3AC: 0x3B1
    case 0x3AD: 0x3B5
    case 0x3AE: 0x3B7
    case 0x390, 0x3AF, 0x3CA: 0x3B9
    case 0x3CC: 0x3BF
    case 0x3B0, 0x3CB, 0x3CD: 0x3C5
    case 0x3CE: 0x3C9
    case 0x3C2: 0x3C3
    // Romanian s and t with a comma are often written with a cedilla.
    case 0x219: 0x15F
    case 0x21B: 0x163
    case 0x60C: 0x2C
    // Digits of Arabic, Persian and Devanagari.
    case 0x660...0x669: value - 0x660 + 0x30
    case 0x6F0...0x6F9: value - 0x6F0 + 0x30
    case 0x966...0x96F: value - 0x966 + 0x30
    // Russian yo is written with or without its dots.
    case 0x451: 0x435
    // Alef with and without hamza, and the Persian forms of two letters.
    case 0x622, 0x623, 0x625, 0x671: 0x627
    case 0x649, 0x6CC: 0x64A
    case 0x6A9: 0x643
    default: value
    }
  }
}

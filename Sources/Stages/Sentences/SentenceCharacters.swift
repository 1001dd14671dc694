import Pipeline

/// What sentence splitting asks about a code point, by table below U+3000.
struct SentenceCharacters: @unchecked Sendable {
  struct Traits: OptionSet {
    let rawValue: UInt16
    static let upper = Traits(rawValue: 1)
    static let lower = Traits(rawValue: 2)
    /// A letter without case, or a mark.
    static let caseless = Traits(rawValue: 4)
    static let digit = Traits(rawValue: 8)
    static let space = Traits(rawValue: 16)
    /// Ends sentences: full stops, question and exclamation marks of all scripts.
    static let terminator = Traits(rawValue: 32)
    static let closer = Traits(rawValue: 64)
    static let opener = Traits(rawValue: 128)
    static let quote = Traits(rawValue: 256)
    static let bullet = Traits(rawValue: 512)
    static let dash = Traits(rawValue: 1024)
    static let vowel = Traits(rawValue: 2048)
    /// Written without spaces between words, or punctuation used there.
    static let wide = Traits(rawValue: 4096)

    /// Belongs to the character before: marks, joiners, selectors.
    static let extender = Traits(rawValue: 8192)
    /// Belongs to the character behind.
    static let prefix = Traits(rawValue: 16384)

    static let letter: Traits = [.upper, .lower, .caseless]
    static let word: Traits = [.upper, .lower, .caseless, .digit]

    // The protocol's ways are generic: in builds without optimisation these are several times faster.
    @inline(__always)
    func contains(_ other: Self) -> Bool { rawValue & other.rawValue == other.rawValue }
    @inline(__always)
    func isDisjoint(with other: Self) -> Bool { rawValue & other.rawValue == 0 }
  }

  /// How many characters of each kind a word has, in lanes of eight bits: words are cut at less than 256.
  struct Counts {
    private var lanes: UInt64 = 0

    init() {}
    fileprivate init(_ lanes: UInt64) { self.lanes = lanes }

    @inline(__always)
    mutating func add(_ other: Counts) { lanes &+= other.lanes }

    private func lane(_ number: UInt64) -> Int { Int(lanes >> (8 * number) & 0xFF) }
    var uppers: Int { lane(0) }
    var lowers: Int { lane(1) }
    var caseless: Int { lane(2) }
    var digits: Int { lane(3) }
    var stops: Int { lane(4) }
    var others: Int { lane(5) }
    var vowels: Int { lane(6) }
    var romans: Int { lane(7) }
  }

  static let shared = SentenceCharacters()

  private static let limit = 0x3000
  // The tables are written once, before anyone can see them, and live as long as the program.
  private let traits: UnsafePointer<UInt16>
  private let lowered: UnsafePointer<UInt16>
  private let ascii: UnsafePointer<Counts>

  private init() {
    let traits = UnsafeMutablePointer<UInt16>.allocate(capacity: Self.limit)
    let lowered = UnsafeMutablePointer<UInt16>.allocate(capacity: Self.limit)
    for value in 0..<UInt32(Self.limit) {
      traits[Int(value)] = Self.traits(byPropertiesOf: value).union(Self.joining(value)).rawValue
      let lower = Unicode.Scalar(value)?.properties.lowercaseMapping.unicodeScalars.first?.value ?? value
      lowered[Int(value)] = UInt16(truncatingIfNeeded: lower)
    }
    let ascii = UnsafeMutablePointer<Counts>.allocate(capacity: 0x80)
    for value in 0..<UInt32(0x80) { (ascii + Int(value)).initialize(to: Self.counts(of: value, Traits(rawValue: traits[Int(value)]))) }
    self.ascii = UnsafePointer(ascii)
    self.traits = UnsafePointer(traits)
    self.lowered = UnsafePointer(lowered)
  }

  @inline(__always)
  func traits(_ value: UInt32) -> Traits {
    value < UInt32(Self.limit) ? Traits(rawValue: traits[Int(value)]) : Self.traits(beyondTable: value)
  }

  @inline(__always)
  func lowered(_ value: UInt32) -> UInt32 {
    value < UInt32(Self.limit) ? UInt32(lowered[Int(value)]) : value
  }

  /// Whether a byte is a letter or digit of ASCII.
  @inline(__always)
  func isWord(ascii byte: UInt8) -> Bool { byte < 0x80 && traits[Int(byte)] & Traits.word.rawValue != 0 }

  /// - Parameter byte: below 0x80.
  @inline(__always)
  func counts(ofASCII byte: UInt8) -> Counts { ascii[Int(byte)] }

  static func counts(of value: UInt32, _ traits: Traits) -> Counts {
    let lane: UInt64 =
      traits.contains(.upper)
      ? 0 : traits.contains(.lower) ? 1 : traits.contains(.caseless) ? 2 : traits.contains(.digit) ? 3 : value == 0x2E ? 4 : 5
    var lanes: UInt64 = 1 << (8 * lane)
    if traits.contains(.vowel) { lanes |= 1 << 48 }
    // I, V, X, L, C, M.
    if [0x49, 0x56, 0x58, 0x4C, 0x43, 0x4D].contains(value) { lanes |= 1 << 56 }
    return Counts(lanes)
  }

  private static func traits(beyondTable value: UInt32) -> Traits {
    switch value {
    case 0x3000: [.space, .wide]
    case 0x3002, 0xFF01, 0xFF1F, 0xFF0E, 0xFF61: [.terminator, .wide]
    case 0x300D, 0x300F, 0xFF63: [.closer, .quote, .wide]
    case 0x300C, 0x300E, 0xFF62: [.opener, .quote, .wide]
    case 0x3009, 0x300B, 0x3011, 0x3015, 0x3017, 0xFF09, 0xFF3D: [.closer, .wide]
    case 0x3008, 0x300A, 0x3010, 0x3014, 0x3016, 0xFF08, 0xFF3B: [.opener, .wide]
    case 0x30FB, 0xFF65: [.wide, .bullet]
    case 0xFF10...0xFF19: [.digit, .wide]
    case 0xFF21...0xFF3A: [.upper, .wide]
    case 0xFF41...0xFF5A: [.lower, .wide]
    case 0x3001...0x3003, 0x3008...0x3020, 0xFF01...0xFF0F: [.wide]
    case 0xAC00...0xD7A3: [.caseless]
    case 0x302A...0x302F, 0x3099, 0x309A: [.caseless, .extender]
    case 0x3005...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: [.caseless, .wide]
    case 0xFEFF: [.space]
    case 0xA9CE, 0xA9CF, 0xAAF0, 0xABEB, 0xA876, 0xA877, 0xA8CE, 0xA8CF, 0xA92F: [.terminator]
    default: joining(value).union(UTF8Text.isWord(value) ? .caseless : [])
    }
  }

  /// What a code point is joined to (Unicode Standard Annex 29, rules GB9 to GB9b).
  private static func joining(_ value: UInt32) -> Traits {
    switch value {
    case 0x600...0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0xD4E, 0x110BD, 0x110CD, 0x111C2, 0x111C3, 0x1193F, 0x11941, 0x11A3A,
      0x11A84...0x11A89,
      0x11D46, 0x11F02:
      return .prefix
    case 0x200D, 0xE33, 0xEB3, 0x1F3FB...0x1F3FF: return .extender
    default:
      guard let properties = Unicode.Scalar(value)?.properties else { return [] }
      return properties.isGraphemeExtend || properties.generalCategory == .spacingMark ? .extender : []
    }
  }

  private static func traits(byPropertiesOf value: UInt32) -> Traits {
    if UTF8Text.isWhiteSpace(value) { return .space }
    switch value {
    case 0x2E, 0x21, 0x3F, 0x2026, 0x203C, 0x203D, 0x2047, 0x2048, 0x2049,  // . ! ? … and doubled forms
      0x0589, 0x061F, 0x06D4, 0x061D, 0x0700, 0x0701, 0x0702, 0x0964, 0x0965,  // Armenian, Arabic, Syriac, Indic
      0x1362, 0x1367, 0x1368, 0x104A, 0x104B, 0x166E, 0x1803, 0x1809, 0x17D4, 0x17D5,  // Ethiopic, Myanmar, Cree, Mongolian, Khmer
      0x0F0D, 0x0F0E, 0x0F0F, 0x0F10, 0x1B5A, 0x1B5B, 0x1B5E, 0x1B5F, 0x1C3B, 0x1C3C, 0x1C7E, 0x1C7F, 0x2E2E:
      return .terminator
    // The Greek question mark.
    case 0x037E: return .terminator
    case 0x22, 0x27, 0x60, 0xB4, 0x201C, 0x201D, 0x2018, 0x2019, 0xAB, 0xBB, 0x2039, 0x203A: return [.quote, .opener, .closer]
    case 0x201E, 0x201A, 0x201F, 0x201B: return [.quote, .opener]
    case 0x28, 0x5B, 0x7B: return .opener
    case 0x29, 0x5D, 0x7D: return .closer
    case 0x2022, 0x2023, 0x2043, 0x204C, 0x204D, 0x2219, 0x25CF, 0x25CB, 0x25E6, 0x25AA, 0x25AB, 0x25A0, 0x25A1, 0x25BA, 0x25B6, 0x25B8,
      0x2756,
      0x27A2, 0x2714, 0x2713, 0x27A4, 0xB7:
      return .bullet
    case 0x2D, 0x2010...0x2015, 0x2212: return .dash
    // Georgian is written without capitals.
    case 0x10D0...0x10FF: return .caseless
    default: break
    }
    guard let scalar = Unicode.Scalar(value) else { return [] }
    let properties = scalar.properties
    if properties.generalCategory == .decimalNumber { return .digit }
    guard UTF8Text.isWord(value), value != 0x5F else { return [] }
    var traits: Traits =
      properties.isUppercase || properties.generalCategory == .titlecaseLetter ? .upper : properties.isLowercase ? .lower : .caseless
    if vowels.contains(scalar) { traits.insert(.vowel) }
    return traits
  }

  /// Of the alphabets whose abbreviations are told from words by having none; with and without accents.
  private static let vowels = Set(
    ("aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýāăąēĕėęěīĭįıōŏőœūŭůűų" + "аеёиоуыэюяіїєў" + "αεηιουωάέήίόύώϊϋ").unicodeScalars
      .flatMap { [$0] + Array($0.properties.uppercaseMapping.unicodeScalars) })
}

import Pipeline

/// One token of a text: a word, a number, a mark, or an address on the net.
struct EntityToken {
  /// How a token is written; what a name looks like is told by it more than by anything else.
  enum Shape: UInt8 {
    case lower, capitalised, upper, oneCapital, innerCapital, lowerWithCapital
    case abbreviation, initials, number, digitsAndLetters, address
    /// Letters of scripts without case.
    case caseless
    case stop, comma, colon, question, dash, apostropheS, quote, open, close, ampersand, slash, at, hash, percent, currency, other
    /// Before the first token of a block, and behind its last.
    case border
  }

  struct Flags: OptionSet {
    let rawValue: UInt8
    /// White space stands before it.
    static let spaceBefore = Flags(rawValue: 1)
    static let startsSentence = Flags(rawValue: 2)
    /// Its line has hardly a letter in lower case.
    static let inCapitals = Flags(rawValue: 4)
    /// Its line is written as a title: nearly all words have a capital.
    static let inTitle = Flags(rawValue: 8)
    /// It is written in capitals, and its letters are those of an ordinary word.
    static let spellsWord = Flags(rawValue: 16)

    /// Those that features are made of.
    static let told: UInt8 = 0xF
  }

  /// In the bytes of the text.
  var start: Int32 = 0
  var end: Int32 = 0
  /// Hash of the token in lower case and of its shape.
  var exact: UInt32 = 0
  /// Hash of the token in lower case.
  var lower: UInt32 = 0
  /// The first four bytes in lower case, the first of them lowest; 0 behind the end.
  var head: UInt32 = 0
  /// The last four bytes in lower case, the last of them lowest.
  var tail: UInt32 = 0
  /// What the lexicon knows about it.
  var classes: UInt32 = 0
  var cluster: UInt16 = 0
  var shape = Shape.border
  var flags: Flags = []
  /// How the word is mostly written inside sentences: 0 unknown, 1 always small, up to 5 always with a capital.
  var habit: UInt8 = 0
  /// What the phrases of the lexicon say: a position in a phrase for each kind of name, three bits each.
  var phrase: UInt16 = 0
  /// What the document says about the word elsewhere.
  var usage: EntityUsage = []
  /// The run of words with capitals that it stands in, by the number of its first token and of the one behind its last; equal for none.
  var runStart: Int32 = 0
  var runEnd: Int32 = 0

  /// Whether a name may have the token as a word with a capital.
  var isCapital: Bool {
    switch shape {
    case .capitalised, .upper, .oneCapital, .innerCapital, .abbreviation, .initials: true
    default: false
    }
  }

  /// Whether a name may have the token as more than a joining word.
  @inline(__always)
  var mayBeInName: Bool {
    switch shape {
    case .capitalised, .upper, .oneCapital, .innerCapital, .abbreviation, .initials, .lowerWithCapital, .digitsAndLetters, .caseless: true
    case .lower: phrase != 0 || classes & Self.names != 0 && classes & EntityLexicon.Class.common.bit == 0
    default: false
    }
  }

  /// Words that are names in small letters too.
  private static let names: UInt32 = [
    EntityLexicon.Class.given1, .surname1, .country, .city1, .city2, .region, .natural, .orgname, .given2, .surname2,
  ].reduce(0) { $0 | $1.bit }

  /// Whether it is mostly an ordinary word, in small letters.
  var isOrdinary: Bool {
    habit == 1 || habit == 2 || classes & EntityLexicon.Class.common.bit != 0 || flags.contains(.spellsWord) && flags.contains(.inCapitals)
  }

  var isWord: Bool { shape.rawValue <= Shape.caseless.rawValue && shape != .address }
}

/// Hashes of words and of features.
enum EntityHash {
  static let seed: UInt64 = 0x9E37_79B9_7F4A_7C15

  @inline(__always)
  static func mix(_ hash: UInt64, _ value: UInt64) -> UInt64 {
    let product = (hash ^ value) &* 0xD6E8_FEB8_6659_FD93
    return product ^ product >> 32
  }

  /// The hash of a word: of its bytes, by the eight.
  @inline(__always)
  static func word(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> UInt32 {
    var hash = seed ^ UInt64(truncatingIfNeeded: count)
    var index = 0
    while index + 8 <= count {
      hash = mix(hash, UnsafeRawPointer(bytes + index).loadUnaligned(as: UInt64.self).littleEndian)
      index += 8
    }
    var rest: UInt64 = 0
    var shift: UInt64 = 0
    while index < count {
      rest |= UInt64(bytes[index]) << shift
      shift += 8
      index += 1
    }
    return UInt32(truncatingIfNeeded: mix(hash, rest))
  }

  /// The hash of a phrase by those of its words.
  @inline(__always)
  static func phrase(_ before: UInt32, _ word: UInt32) -> UInt32 {
    UInt32(truncatingIfNeeded: mix(UInt64(before) << 32 | UInt64(word), seed))
  }
}

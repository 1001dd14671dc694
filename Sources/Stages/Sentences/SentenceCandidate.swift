/// A place where a sentence may end, and what is around it.
///
/// What only looks at a place is mutating, or takes it `inout`, so that the compiler hands over its address: it has some 250 bytes, and copies of it took a seventh of the time.
struct SentenceCandidate {
  enum Mark: UInt8 {
    /// White space behind a character that ends nothing.
    case none
    case stop, exclamation, question, ellipsis, semicolon, colon
    /// Full stops and marks of scripts that use them for nothing else.
    case certain
    case wide
  }

  enum Closing: UInt8 {
    case none, quote, bracket, both, note
  }

  enum Gap: UInt8 {
    case none, space, spaces
  }

  var mark = Mark.none
  /// More than one mark.
  var isRun = false
  /// `. . .`
  var isOmission = false
  var closing = Closing.none
  var gap = Gap.none
  /// The first byte of the mark; where there is none, of the white space.
  var start = 0
  /// Behind the mark and what closes with it.
  var end = 0
  /// Where the next word begins.
  var next = 0
  /// The word before the mark, the one before that, and the two behind the place.
  var before = SentenceWord()
  var beforeThat = SentenceWord()
  var after = SentenceWord()
  var afterThat = SentenceWord()
  /// What the lists say of the word before, as it is written, and in any case; and whether the next one begins sentences, or is a title.
  var beforeKind = Abbreviations.Kinds()
  var beforeKindInAnyCase = Abbreviations.Kinds()
  var afterStarts = false
  var afterKind = Abbreviations.Kinds()
  /// What the sentence is so far.
  var words = 0
  var isInBrackets = false
  var isInQuotation = false
  /// Whether the quotation at hand, or the one that has just closed, began inside a sentence and in lower case.
  var isWoven = false
  var startsWithQuote = false
  var startsWithMarker = false
  /// The word before is the sentence's first.
  var beforeIsFirst = false
  /// The bracket or quotation that has just closed is all of the sentence.
  var closesFromStart = false
  /// It began there or in a sentence before.
  var closesFromBefore = false
  /// The sentence's first two letters are capitals.
  var startsInCapitals = false

  static func mark(_ value: UInt32, _ characters: SentenceCharacters) -> Mark {
    switch value {
    case 0x2E: .stop
    case 0x21, 0x203C: .exclamation
    case 0x3F, 0x2047, 0x2048, 0x2049, 0x203D, 0x061F, 0x037E: .question
    case 0x2026: .ellipsis
    case 0x3A: .colon
    case 0x3B: .semicolon
    default: characters.traits(value).contains(.wide) ? .wide : .certain
    }
  }
}

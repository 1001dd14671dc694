import Pipeline

/// A language as sentence splitting knows it: its abbreviations, its conventions, and its number in the model.
struct SentenceLanguage: Sendable {
  private let abbreviations: Abbreviations
  /// From 1 on for the languages that the model was trained on; 0 for others.
  let number: UInt32
  /// Whether a full stop makes a number an ordinal.
  let hasOrdinals: Bool
  /// Whether what follows a colon with a capital letter is a sentence of its own: where names and nouns apart the norm is a small letter.
  let splitsAtColons: Bool
  let isEnglish: Bool
  let isGerman: Bool
  /// Whether a semicolon is a question mark.
  let isGreek: Bool
  private let compoundEnding: UInt32
  private static let english = Abbreviations.of("en")!

  /// The languages that the model was trained on, in the order of their numbers.
  static let trained = ["en", "de", "es", "fr", "ja", "nl", "pt", "ru", "zh"]
  private static let ordinals: Set = [
    "bg", "cs", "da", "de", "et", "fi", "hr", "hu", "is", "lt", "lv", "nb", "nn", "no", "pl", "sk", "sl", "sr", "tr",
  ]

  /// - Parameter tag: a language tag such as `de` or `pt-BR`.
  init(_ tag: String) {
    let code = String(tag.lowercased().prefix { $0 != "-" && $0 != "_" })
    abbreviations = Abbreviations.of(code) ?? Self.english
    number = UInt32((Self.trained.firstIndex(of: code) ?? -1) + 1)
    isEnglish = code == "en"
    isGerman = code == "de"
    isGreek = code == "el"
    splitsAtColons = code == "it" || number > 0 && !isGerman
    hasOrdinals = Self.ordinals.contains(code)
    compoundEnding = isGerman ? Array("str".utf8).withUnsafeBufferPointer { SentenceWord($0, 0..<3, .shared).ending } : 0
  }

  /// Whether the model knows the language's words.
  var isTrained: Bool { number > 0 }

  /// What the word before a full stop is, as it is written, and in any case.
  func kinds(of word: SentenceWord, in bytes: UnsafeBufferPointer<UInt8>) -> (written: Abbreviations.Kinds, inAnyCase: Abbreviations.Kinds)
  {
    // Streets are cut short in compounds: "Lindenstr. 14".
    if compoundEnding != 0, word.ending == compoundEnding { return ([.number, .maybe], [.number, .maybe]) }
    let own = abbreviations.kinds(of: word, in: bytes)
    // News of every language names people and companies by English abbreviations.
    guard own.inAnyCase.isEmpty, word.startsUpper, !isEnglish else { return own }
    return Self.english.kinds(of: word, in: bytes)
  }

  /// Whether a word often begins sentences.
  func starts(_ word: SentenceWord, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if abbreviations.starts(word, in: bytes) { return true }
    // "The" in a name that is English; but not what the language has as an abbreviation, such as "No".
    return !isEnglish && word.startsUpper && Self.english.starts(word, in: bytes)
      && abbreviations.kinds(of: word, in: bytes).inAnyCase.isEmpty
  }

  /// Whether one of the words from a place on tells who speaks.
  func speaks(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Bool { abbreviations.speaks(bytes, from: start) }
}

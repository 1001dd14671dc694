import CModels
import Pipeline

/// What a language's list says of words before a full stop and of words that begin sentences, by hashes of `SentenceWord`.
struct Abbreviations: Sendable {
  struct Kinds: OptionSet, Sendable {
    let rawValue: UInt16
    /// Stands before a name.
    static let title = Kinds(rawValue: 1)
    /// Stands before a number.
    static let number = Kinds(rawValue: 2)
    /// Is followed by more of its sentence.
    static let inner = Kinds(rawValue: 4)
    /// May also end a sentence.
    static let maybe = Kinds(rawValue: 8)
    /// A month or weekday.
    static let month = Kinds(rawValue: 16)
    /// Begins sentences.
    static let starter = Kinds(rawValue: 32)
    /// Tells who speaks.
    static let speech = Kinds(rawValue: 64)
    /// A time of day, which a weekday or zone may follow.
    static let time = Kinds(rawValue: 128)
    /// What may follow a time of day.
    static let day = Kinds(rawValue: 256)
    /// Ends an enumeration: "etc."
    static let ending = Kinds(rawValue: 1024)
    /// Has an exclamation mark of its own.
    static let exclaimed = Kinds(rawValue: 512)

    static let abbreviation: Kinds = [.title, .number, .inner, .maybe, .month, .time, .day, .ending, .exclaimed]

    /// By the name of a list's section.
    static let sections: [String: Kinds] = [
      "title": .title, "number": .number, "inner": .inner, "maybe": .maybe, "month": .month, "starter": .starter,
      "speech": .speech, "time": [.time, .maybe], "day": .day, "exclaimed": .exclaimed,
      "end": [.ending, .maybe],
    ]
  }

  private let keys: [UInt32]
  private let kinds: [UInt16]
  private let mask: Int

  private init(_ list: WordList) {
    var all: [UInt32: Kinds] = [:]
    for section in list.sections {
      guard let kind = Kinds.sections[section.name] else { continue }
      for entry in section.entries {
        let bytes = Array(entry.utf8)
        let word = bytes.withUnsafeBufferPointer { SentenceWord($0, 0..<$0.count, .shared) }
        all[word.exactHash, default: []].formUnion(kind)
        if kind != .starter { all[Self.inAnyCase(word.hash), default: []].formUnion(kind) }
      }
    }
    var capacity = 16
    while capacity < all.count * 2 { capacity *= 2 }
    var keys = [UInt32](repeating: 0, count: capacity)
    var kinds = [UInt16](repeating: 0, count: capacity)
    for (key, kind) in all {
      var slot = Int(key) & (capacity - 1)
      while kinds[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
      keys[slot] = key
      kinds[slot] = kind.rawValue
    }
    self.keys = keys
    self.kinds = kinds
    mask = capacity - 1
  }

  /// The key under which an entry is found in any case.
  private static func inAnyCase(_ hash: UInt32) -> UInt32 { hash ^ 0xC0FF_EE00 }

  private func find(_ key: UInt32) -> Kinds {
    var slot = Int(key) & mask
    while kinds[slot] != 0 {
      if keys[slot] == key { return Kinds(rawValue: kinds[slot]) }
      slot = (slot + 1) & mask
    }
    return []
  }

  /// What the word before a full stop is: as it is written or in lower case, and in any case.
  /// An article that is joined by an apostrophe is left out: `l'avv.`
  func kinds(of word: SentenceWord, in bytes: UnsafeBufferPointer<UInt8>) -> (written: Kinds, inAnyCase: Kinds) {
    let any = find(Self.inAnyCase(word.hash))
    var written = any.isEmpty ? any : find(word.exactHash)
    if !any.isEmpty {
      // A single capital is an initial, whatever its small letter is.
      if word.startsUpper, word.length > 1 { written.formUnion(find(word.hash)) }
      if word.shape == .capitals { written.formUnion(any) }
    } else if word.hasOthers, word.length > 2, let start = apostrophe(in: word, bytes), start < word.core.upperBound {
      return kinds(of: SentenceWord(bytes, start..<word.core.upperBound, .shared), in: bytes)
    }
    return (written.intersection(.abbreviation), any)
  }

  /// Behind the apostrophe near a word's beginning.
  private func apostrophe(in word: SentenceWord, _ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    word.core.dropFirst().prefix(8).first { bytes[$0] == 0x27 || bytes[$0] == 0x99 && bytes[$0 - 1] == 0x80 }.map { $0 + 1 }
  }

  /// Whether a word often begins sentences, also with something joined to it: `That's`.
  func starts(_ word: SentenceWord, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if find(word.exactHash).contains(.starter) { return true }
    guard word.hasOthers, word.length > 2, let behind = apostrophe(in: word, bytes) else { return false }
    return find(SentenceWord(bytes, word.core.lowerBound..<behind, .shared).exactHash).contains(.starter)
  }

  /// Whether one of the next few words, or of the next characters where words are not told apart, tells who speaks.
  func speaks(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Bool {
    let characters = SentenceCharacters.shared
    let end = min(bytes.count, start + Self.speechReach)
    var index = start
    var word = start
    var words = 0
    while index < end, words < Self.speechWords {
      let (value, width) = UTF8Text.scalar(at: index, in: bytes)
      let traits = characters.traits(value)
      if traits.contains(.wide), traits.contains(.caseless) {
        if find(SentenceWord(bytes, index..<(index + width), characters).exactHash).contains(.speech) { return true }
      } else if traits.isDisjoint(with: .word) {
        if index > word, find(SentenceWord(bytes, word..<index, characters).exactHash).contains(.speech) { return true }
        // "Ms. Lopez said"
        if traits.contains(.terminator), index - word > 3 { return false }
        if index > word { words += 1 }
        word = index + width
      }
      index += width
    }
    return false
  }

  /// In bytes, and in words.
  private static let speechReach = 60
  private static let speechWords = 4

  /// The list of a language, by its primary code; nil where there is none. It is made when it is first asked for.
  static func of(_ language: String) -> Abbreviations? {
    made.withLock { made in
      if let known = made[language] { return known }
      guard let list = WordList.named(language, cmodels_abbreviations) else { return nil }
      let abbreviations = Abbreviations(list)
      made[language] = abbreviations
      return abbreviations
    }
  }

  private static let made = Locked<[String: Abbreviations]>([:])
}

/// What is known about words and phrases before a text is read: kinds of words from gazetteers, clusters of words that are used alike.
///
/// Tables of hashes with open addressing, read where they lie.
struct EntityLexicon: @unchecked Sendable {
  // The memory is never written, and outlives the lexicon.

  /// Kinds of words, in the order of the bits.
  enum Class: Int, CaseIterable {
    case given1, given2, surname1, surname2, country, city1, city2, cityword, region, natural, demonym, orgword, orgname, facility
    case title, role, time, common

    var bit: UInt32 { 1 << UInt32(rawValue) }
  }

  /// Kinds of names that phrases are.
  enum PhraseKind: Int, CaseIterable {
    case person, organization, location
  }

  private let words: UnsafePointer<UInt64>
  private let wordCount: UInt64
  private let phrases: UnsafePointer<UInt64>
  private let phraseCount: UInt64
  /// A phrase has this many words at most.
  static let longestPhrase = 6

  /// - Parameters:
  ///   - words: 32 bits of hash, 18 of classes, 10 of cluster, 3 of how the word is written, lowest first; 0 for an empty place.
  ///   - phrases: 32 bits of hash, three of kinds, one that says whether a phrase goes on.
  init(words: UnsafeBufferPointer<UInt64>, phrases: UnsafeBufferPointer<UInt64>) {
    self.words = words.baseAddress!
    wordCount = UInt64(words.count)
    self.phrases = phrases.baseAddress!
    phraseCount = UInt64(phrases.count)
  }

  /// Where a hash is looked for first in a table of `count` places.
  @inline(__always)
  static func place(_ hash: UInt32, _ count: UInt64) -> UInt64 { (UInt64(hash &* 0x9E37_79B1) &* count) >> 32 }

  /// Whether looking for what is not there comes to an end.
  var hasEnds: Bool {
    UnsafeBufferPointer(start: words, count: Int(wordCount)).contains(0)
      && UnsafeBufferPointer(start: phrases, count: Int(phraseCount)).contains(0)
  }

  @inline(__always)
  private static func find(_ hash: UInt32, _ table: UnsafePointer<UInt64>, _ count: UInt64) -> UInt64 {
    var place = place(hash, count)
    while true {
      let entry = table[Int(truncatingIfNeeded: place)]
      if UInt32(truncatingIfNeeded: entry) == hash || entry == 0 { return entry }
      place = place &+ 1 == count ? 0 : place &+ 1
    }
  }

  /// Looks a word up and tells a token what is known.
  @inline(__always)
  func look(_ token: inout EntityToken) {
    let entry = Self.find(token.lower, words, wordCount)
    token.classes = UInt32(truncatingIfNeeded: entry >> 32) & 0x3_FFFF
    token.cluster = UInt16(truncatingIfNeeded: entry >> 50) & 0x3FF
    token.habit = UInt8(truncatingIfNeeded: entry >> 60) & 7
    // "US" and "WHO" are other words than "us" and "who"; in a line of capitals nothing tells them apart.
    if token.shape == .upper, token.end - token.start <= 5, token.classes & Class.common.bit != 0 {
      token.classes &= Class.orgname.bit | Class.country.bit
      token.cluster = 0
      token.habit = 0
      token.flags.insert(.spellsWord)
    }
  }

  /// What ends with a phrase's hash: kinds in the lower three bits, and whether longer phrases begin so in the fourth.
  @inline(__always)
  func phrase(_ hash: UInt32) -> Int {
    Int(truncatingIfNeeded: Self.find(hash, phrases, phraseCount) >> 32) & 0xF
  }

  /// Marks the tokens of the longest phrases, kind by kind.
  func markPhrases(_ tokens: UnsafeMutablePointer<EntityToken>, _ block: Range<Int>) {
    var index = block.lowerBound
    while index < block.upperBound {
      defer { index += 1 }
      guard tokens[index].isWord else { continue }
      var hash: UInt32 = 0
      var ends = (0, 0, 0)
      var end = index
      while end < block.upperBound, end - index < Self.longestPhrase {
        hash = EntityHash.phrase(hash, tokens[end].lower)
        let entry = phrase(hash)
        if entry == 0 { break }
        end += 1
        if entry & 1 != 0 { ends.0 = end }
        if entry & 2 != 0 { ends.1 = end }
        if entry & 4 != 0 { ends.2 = end }
        if entry & 8 == 0 { break }
      }
      if ends.0 > index { Self.mark(tokens, index, ends.0, 0) }
      if ends.1 > index { Self.mark(tokens, index, ends.1, 3) }
      if ends.2 > index { Self.mark(tokens, index, ends.2, 6) }
    }
  }

  /// First 1, inner 2, last 3, alone 4; a longer phrase from before stays.
  private static func mark(_ tokens: UnsafeMutablePointer<EntityToken>, _ start: Int, _ end: Int, _ shift: UInt16) {
    if tokens[start].phrase >> shift & 7 != 0 { return }
    for index in start..<end {
      let position: UInt16 = end - start == 1 ? 4 : index == start ? 1 : index == end - 1 ? 3 : 2
      tokens[index].phrase |= position << shift
    }
  }
}

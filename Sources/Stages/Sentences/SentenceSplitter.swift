import CModels
import Pipeline

/// Splits UTF-8 text into sentences by rules and a language's abbreviations.
///
/// Usable without the pipeline. A value can serve several threads.
public struct SentenceSplitter: Sendable {
  private let abbreviations: Abbreviations

  /// - Parameter language: a language code such as `de` or `pt-br`; nil or an unknown one is split by English abbreviations.
  public init(language: String?) {
    abbreviations = Abbreviations.of(language)
  }

  /// The sentences of a paragraph, in bytes, in order, without the white space between them; together they cover everything else. O(length).
  /// - Parameter utf8: valid UTF-8 without headings or other block borders inside.
  public func split(_ utf8: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    var sentences: [Range<Int>] = []
    var start = skipSpace(utf8, 0)
    var index = start
    while index < utf8.count {
      let (value, length) = UTF8Text.scalar(at: index, in: utf8)
      guard isEnd(value) else {
        index += length
        continue
      }
      let mark = index
      let (end, last) = clusterEnd(utf8, index)
      if isBorder(utf8, sentenceStart: start, mark: mark, first: value, last: last, end: end) {
        sentences.append(start..<end)
        start = skipSpace(utf8, end)
        index = start
      } else {
        index = end
      }
    }
    var end = utf8.count
    while end > start {
      let (value, length) = UTF8Text.scalar(before: end, in: utf8)
      guard UTF8Text.isWhiteSpace(value) else { break }
      end -= length
    }
    if end > start { sentences.append(start..<end) }
    return sentences
  }

  private func isEnd(_ value: UInt32) -> Bool {
    switch value {
    case 0x2E, 0x21, 0x3F, 0x2026, 0x061F, 0x06D4, 0x0964, 0x0965, 0x0589, 0x1362: true
    default: isWide(value)
    }
  }

  /// Terminators of scripts without spaces.
  private func isWide(_ value: UInt32) -> Bool {
    value == 0x3002 || value == 0xFF01 || value == 0xFF1F || value == 0xFF0E || value == 0xFF61
  }

  private func skipSpace(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var index = start
    while index < bytes.count {
      let (value, length) = UTF8Text.scalar(at: index, in: bytes)
      guard UTF8Text.isWhiteSpace(value) else { break }
      index += length
    }
    return index
  }

  /// Behind a run of terminators and the quotes and brackets that close with it; and the last terminator.
  private func clusterEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> (end: Int, last: UInt32) {
    var index = start
    var last: UInt32 = 0
    while index < bytes.count {
      let (value, length) = UTF8Text.scalar(at: index, in: bytes)
      if isEnd(value) { last = value } else if !isCloser(value) { break }
      index += length
    }
    return (index, last)
  }

  private func isCloser(_ value: UInt32) -> Bool {
    switch value {
    case 0x22, 0x27, 0x29, 0x5D, 0x201D, 0x2019, 0xBB, 0x203A, 0x300D, 0x300F, 0xFF09, 0x3011: true
    // German closes with what English opens with.
    case 0x201C: true
    default: false
    }
  }

  private func isBorder(
    _ bytes: UnsafeBufferPointer<UInt8>, sentenceStart: Int, mark: Int, first: UInt32, last: UInt32, end: Int
  ) -> Bool {
    if end >= bytes.count { return true }
    if isWide(last) { return !startsWithSpeechParticle(bytes, end) }
    let next = skipSpace(bytes, end)
    guard next > end else { return false }
    guard next < bytes.count else { return true }
    let following = followingWord(bytes, next)
    if following.isLowercase { return false }
    guard last == 0x2E, first == 0x2E, !bytes[mark..<end].dropFirst().contains(UInt8(ascii: ".")) else { return true }
    // A full stop inside or behind quotes ends what was quoted; only a bare one can belong to a word.
    if end > mark + 1 { return true }
    return !belongsToWord(bytes, sentenceStart, mark, following)
  }

  /// Japanese goes on after a quotation with と and the like.
  private func startsWithSpeechParticle(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
    let (value, _) = UTF8Text.scalar(at: index, in: bytes)
    let (before, _) = UTF8Text.scalar(before: index, in: bytes)
    return (before == 0x300D || before == 0x300F) && (value == 0x3068 || value == 0x306E || value == 0x3092 || value == 0x304C)
  }

  private struct Following {
    let word: String
    let isLowercase: Bool
    let isDigit: Bool
  }

  private func followingWord(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Following {
    var index = start
    while index < bytes.count {
      let (value, length) = UTF8Text.scalar(at: index, in: bytes)
      if UTF8Text.isWord(value) || UTF8Text.isWhiteSpace(value) { break }
      index += length
    }
    var end = index
    while end < bytes.count {
      let (value, length) = UTF8Text.scalar(at: end, in: bytes)
      guard UTF8Text.isWord(value) || value == 0x27 || value == 0x2019 else { break }
      end += length
    }
    let word = String(decoding: bytes[index..<end], as: UTF8.self)
    let first = word.unicodeScalars.first
    return Following(
      word: word, isLowercase: first?.properties.isLowercase ?? false, isDigit: first.map { $0.properties.numericType != nil } ?? false)
  }

  /// Whether a full stop is part of the word before it: an abbreviation, an initial, an ordinal, the number of a list item.
  private func belongsToWord(_ bytes: UnsafeBufferPointer<UInt8>, _ sentenceStart: Int, _ mark: Int, _ next: Following) -> Bool {
    var start = mark
    while start > sentenceStart {
      let (value, length) = UTF8Text.scalar(before: start, in: bytes)
      guard UTF8Text.isWord(value) || value == 0x2E || value == 0x27 || value == 0x2019 || value == 0x2D else { break }
      start -= length
    }
    let word = String(decoding: bytes[start..<mark], as: UTF8.self)
    guard !word.isEmpty else { return false }
    let startsSentence = abbreviations.starters.contains(next.word)
    if word.allSatisfy({ $0.isNumber }) {
      if start == sentenceStart, word.count <= 3 { return true }
      return abbreviations.hasOrdinals && word.count <= 2 && !startsSentence && !next.isDigit
    }
    let letters = word.unicodeScalars.filter { $0.properties.isAlphabetic }
    // Initials: "P. J. Tamm"; they come before the abbreviations, for "p." is a page. A letter at the end of a sentence is rare.
    if letters.count == 1, letters.first!.properties.isUppercase { return !startsSentence || word != "I" && next.word.count > 3 }
    switch abbreviations.kind(of: word) {
    case .title: return true
    case .number: return next.isDigit || (next.word.count <= 3 && next.word.allSatisfy { "IVXLC".contains($0) } && !next.word.isEmpty)
    case .month: return next.isDigit
    case .inner: return !startsSentence || next.isDigit
    case .maybe: return !startsSentence
    case nil: break
    }
    if word.contains("."), letters.count <= 4 { return !startsSentence }
    return false
  }
}

/// The abbreviations of a language.
struct Abbreviations: Sendable {
  enum Kind: String, Sendable, CaseIterable {
    case title, number, inner, maybe, month
  }

  private let kinds: [String: Kind]
  /// Words that begin sentences.
  let starters: Set<String>
  /// Whether a full stop makes a number an ordinal.
  let hasOrdinals: Bool

  private init(_ list: WordList) {
    var kinds: [String: Kind] = [:]
    for kind in Kind.allCases {
      for entry in list.entries(kind.rawValue) where kinds[entry] == nil { kinds[entry] = kind }
    }
    self.kinds = kinds
    starters = Set(list.entries("starter"))
    hasOrdinals = ["de", "da", "pl", "tr"].contains(list.name)
  }

  /// Also as it stands at the start of a sentence, in capitals.
  func kind(of word: String) -> Kind? {
    kinds[word] ?? kinds[word.lowercased()]
  }

  static func of(_ language: String?) -> Abbreviations {
    let code = language.map { String($0.lowercased().prefix { $0 != "-" && $0 != "_" }) } ?? "en"
    return languages[code] ?? languages["en"]!
  }

  /// Languages with lists of their own.
  static var names: [String] { languages.keys.sorted() }

  private static let languages: [String: Abbreviations] = Dictionary(
    uniqueKeysWithValues: WordList.all(cmodels_abbreviations).map { ($0.name, Abbreviations($0)) })
}

import CModels
import Pipeline

/// Kinds of boilerplate; the names are the reasons in the trail and the options of the stage.
enum BoilerplateKind: String, CaseIterable, Sendable {
  case related, caption, promo, share, ad, byline, tags, legal, `repeat`, site, custom
}

/// Word lists of all languages, looked up in one pass over a line.
struct BoilerplateRules: Sendable {
  /// How much of a line an entry speaks for.
  enum Form: String, Sendable, CaseIterable {
    case line, start, any, cue, end
    /// What prompts ask to do, and what with: "subscribe", "newsletter".
    case verb, object
    /// What stands before the number of items in a list: "list of".
    case count
    /// Agencies in credits: those of news, and those that trade in nothing but pictures.
    case agency, picture
    /// What stands in an author's biography: the word behind the name, and the profession.
    case copula, role

    /// Whether entries are looked for at the beginning of a line.
    var opens: Bool { self == .line || self == .start || self == .cue || self == .count || self == .verb }

    /// Whether entries are looked for anywhere in a line.
    func standsInside(as kind: BoilerplateKind) -> Bool {
      switch self {
      case .line, .copula, .count: kind == .legal
      case .start: kind == .caption || kind == .legal
      default: true
      }
    }
  }

  /// What an entry means.
  struct Meaning: Sendable {
    let kind: BoilerplateKind
    let form: Form
    /// The languages whose lists hold it, as bits in the order of the lists.
    var languages: UInt64
    /// A single word means other things in other languages.
    let isWord: Bool
    /// Index of the name of its section.
    let place: Int32
  }

  struct Match {
    let phrase: Int
    let meaning: Meaning
    let range: Range<Int>
  }

  static let shared = BoilerplateRules(WordList.all(cmodels_boilerplate))

  let dates: DateWords
  private let openings: PhraseTrie
  private let insides: PhraseTrie
  private let copulas: PhraseTrie
  /// Meanings of phrase `p` are `firstMeaning[p]..<firstMeaning[p + 1]`.
  private let firstMeaning: [Int32]
  private let meanings: [Meaning]
  private let entries: PhraseList
  private let phrases: PhraseList.Groups
  private let places: [String]
  private let languages: [String: UInt64]

  /// - Parameter lists: their sections are `KIND.FORM`, but `agency`, `agency.picture` and `byline.date`; a test holds the embedded ones to it.
  init(_ lists: [WordList]) {
    var entries = PhraseList()
    var entryMeanings: [Meaning] = []
    var places: [String] = []
    var dateWords = PhraseList()
    var languages: [String: UInt64] = [:]
    var line = FoldedLine()
    for list in lists {
      // A list that is no language speaks for all of them.
      let isLanguage = list.name.utf8.count == 2
      let bits = isLanguage ? languages[list.name] ?? 1 << UInt64(languages.count) : UInt64.max
      if isLanguage { languages[list.name] = bits }
      for section in list.sections {
        if section.name == "byline.date" {
          for entry in section.entries {
            line.fold(entry)
            dateWords.append(UnsafeBufferPointer(line.bytes))
          }
          continue
        }
        guard let (kind, form) = Self.meaning(ofSection: section.name) else {
          preconditionFailure("\(list.name): there is no section [\(section.name)]")
        }
        places.append("\(list.name) \(section.name)")
        for entry in section.entries {
          line.fold(entry)
          let bytes = UnsafeBufferPointer(line.bytes)
          if bytes.isEmpty { continue }
          entries.append(bytes)
          entryMeanings.append(
            Meaning(kind: kind, form: form, languages: bits, isWord: line.wordCount < 2, place: Int32(places.count - 1)))
        }
      }
    }
    let phrases = entries.groups()
    let (firstMeaning, meanings) = Self.collect(entryMeanings, by: phrases)
    func trie(_ belongs: (Meaning) -> Bool) -> PhraseTrie {
      PhraseTrie(entries, phrases) { phrase in
        meanings[Int(firstMeaning[phrase])..<Int(firstMeaning[phrase + 1])].contains(where: belongs) ? phrase : nil
      }
    }
    openings = trie { $0.form.opens }
    insides = trie { $0.form.standsInside(as: $0.kind) }
    copulas = trie { $0.form == .copula }
    self.entries = entries
    self.phrases = phrases
    self.firstMeaning = firstMeaning
    self.meanings = meanings
    self.places = places
    self.languages = languages
    dates = DateWords(dateWords)
  }

  /// What each phrase means, once for all lists that say so: meanings of phrase `p` are `first[p]..<first[p + 1]`.
  private static func collect(_ entryMeanings: [Meaning], by phrases: PhraseList.Groups) -> (first: [Int32], meanings: [Meaning]) {
    var first: [Int32] = []
    var meanings: [Meaning] = []
    for phrase in 0..<phrases.count {
      let start = meanings.count
      first.append(Int32(start))
      for entry in phrases[phrase] {
        let meaning = entryMeanings[Int(entry)]
        if let known = meanings[start...].firstIndex(where: { $0.kind == meaning.kind && $0.form == meaning.form }) {
          meanings[known].languages |= meaning.languages
        } else {
          meanings.append(meaning)
        }
      }
    }
    first.append(Int32(meanings.count))
    return (first, meanings)
  }

  /// What the entries of a section mean; nil for a section that no list may have.
  static func meaning(ofSection name: String) -> (BoilerplateKind, Form)? {
    if name == "agency" { return (.caption, .agency) }
    if name == "agency.picture" { return (.caption, .picture) }
    let parts = name.split(separator: ".").map(String.init)
    guard parts.count == 2, let form = Form(rawValue: parts[1]) else { return nil }
    guard let kind = BoilerplateKind(rawValue: parts[0]), kind != .repeat, kind != .site else { return nil }
    switch form {
    case .agency, .picture: return nil
    case .copula, .role: return kind == .byline ? (kind, form) : nil
    case .cue: return kind == .caption ? (kind, form) : nil
    case .end: return kind == .caption || kind == .byline ? (kind, form) : nil
    case .verb, .object: return kind == .promo ? (kind, form) : nil
    case .count: return kind == .related ? (kind, form) : nil
    case .line, .start, .any: return (kind, form)
    }
  }

  /// For the trail: where the entry stands, and the entry.
  func rule(_ match: Match) -> String {
    "\(places[Int(match.meaning.place)]): \(String(decoding: entries[phrases.first(of: match.phrase)], as: UTF8.self))"
  }

  /// Tags of languages whose list has another name.
  private static let sameAs = ["nb": "no", "nn": "no", "iw": "he"]

  /// The languages whose single words are believed in a document; all where its language is unknown or has no list.
  ///
  /// English labels stand on pages of every language.
  func languages(believedIn language: String?) -> UInt64 {
    guard let language, let bits = languages[Self.sameAs[language] ?? language] else { return UInt64.max }
    return bits | (languages["en"] ?? 0)
  }

  /// Adds the entries that open a line at a place, as whole words.
  @inline(__always)
  func openings(_ line: borrowing FoldedLine, at start: Int, believing: UInt64, into matches: inout [Match]) {
    openings.phrases(at: start, in: UnsafeBufferPointer(line.bytes)) { phrase, end in
      if line.endsWord(end) { add(phrase, start..<end, believing, &matches) }
    }
  }

  /// Where a phrase that announces a number of items ends, if one begins at a place.
  func countEnd(_ line: borrowing FoldedLine, at start: Int) -> Int? {
    var result: Int?
    openings.phrases(at: start, in: UnsafeBufferPointer(line.bytes)) { phrase, end in
      let isCount = (Int(firstMeaning[phrase])..<Int(firstMeaning[phrase + 1])).contains { meanings[$0].form == .count }
      if isCount, line.endsWord(end) { result = end }
    }
    return result
  }

  /// Where the first word such as "is" stands before a place, as in "Jane Okafor is a reporter"; nil for none.
  func copula(_ line: borrowing FoldedLine, before place: Int, believing: UInt64) -> Range<Int>? {
    for start in line.starts where Int(start.offset) < place {
      var end: Int?
      copulas.phrases(at: Int(start.offset), in: UnsafeBufferPointer(line.bytes)) { phrase, candidate in
        let isBelieved = (Int(firstMeaning[phrase])..<Int(firstMeaning[phrase + 1])).contains {
          meanings[$0].form == .copula && meanings[$0].languages & believing != 0
        }
        if isBelieved, line.endsWord(candidate), candidate <= place { end = candidate }
      }
      if let end { return Int(start.offset)..<end }
    }
    return nil
  }

  /// How much of either end of a paragraph can make boilerplate of it, in bytes: a biography begins with its name, a caption ends with its credit.
  private static let head = 140
  private static let tail = 220

  /// Adds the entries that stand anywhere in a line, as whole words, from left to right; of a line too long for a prompt, those near its ends.
  @inline(__always)
  func insides(_ line: borrowing FoldedLine, believing: UInt64, into matches: inout [Match]) {
    let bytes = UnsafeBufferPointer(line.bytes)
    let isLong = bytes.count > LineJudge.longestPrompt
    let head = isLong ? Self.head : bytes.count
    let tail = isLong ? bytes.count - Self.tail : 0
    for start in line.starts {
      let offset = Int(start.offset)
      if offset > head, offset < tail { continue }
      insides.phrases(at: offset, in: bytes) { phrase, end in
        if line.endsWord(end) { add(phrase, offset..<end, believing, &matches) }
      }
    }
  }

  private func add(_ phrase: Int, _ range: Range<Int>, _ believing: UInt64, _ matches: inout [Match]) {
    for index in Int(firstMeaning[phrase])..<Int(firstMeaning[phrase + 1]) {
      let meaning = meanings[index]
      if meaning.isWord, meaning.languages & believing == 0 { continue }
      matches.append(Match(phrase: phrase, meaning: meaning, range: range))
    }
  }
}

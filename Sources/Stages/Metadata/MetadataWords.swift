import CModels
import Pipeline

/// What words mean in a byline, in a date or beside one, in all languages, looked up at a place of a folded line.
struct MetadataWords: Sendable {
  /// What an entry can be; the names of the sections of the lists.
  struct Kinds: OptionSet, Sendable {
    let rawValue: UInt16
    /// A month, and what stands between day, month and year.
    static let month = Kinds(rawValue: 1)
    static let filler = Kinds(rawValue: 2)
    /// What stands before an author's name.
    static let byline = Kinds(rawValue: 4)
    /// What stands before a date: of publication, of a change, or of something else.
    static let published = Kinds(rawValue: 8)
    static let updated = Kinds(rawValue: 16)
    static let unrelated = Kinds(rawValue: 32)
    /// What joins names.
    static let and = Kinds(rawValue: 64)
    /// What stands behind a name and is none of it.
    static let behind = Kinds(rawValue: 128)
    /// A profession of the press.
    static let role = Kinds(rawValue: 256)
    /// A word in the names of organisations and teams.
    static let group = Kinds(rawValue: 512)
    /// A word that is in no name.
    static let unnamed = Kinds(rawValue: 1024)

    /// The kinds that mean the same on pages of every language.
    static let everywhere: Kinds = [.month, .filler, .role, .group]

    init(rawValue: UInt16) { self.rawValue = rawValue }

    init?(section: String) {
      switch section {
      case "filler": self = .filler
      case "byline": self = .byline
      case "published": self = .published
      case "updated": self = .updated
      case "unrelated": self = .unrelated
      case "and": self = .and
      case "behind": self = .behind
      case "role": self = .role
      case "group": self = .group
      case "unnamed": self = .unnamed
      default: return nil
      }
    }
  }

  /// What an entry means in one language, or in some.
  struct Meaning: Sendable {
    let kinds: Kinds
    /// 1 to 12 for a month.
    let month: UInt8
    /// As bits in the order of the lists.
    let languages: UInt32
  }

  static let shared = MetadataWords(WordList.all(cmodels_metadata))

  private let trie: PhraseTrie
  private let meanings: [[Meaning]]
  private let languages: [String: UInt32]
  /// The languages that are believed.
  private var believed: UInt32

  /// - Parameter lists: one a language, with the kinds and `month.1` to `month.12` as sections, as a test holds.
  init(_ lists: [WordList]) {
    var entries = PhraseList()
    var entryMeanings: [Meaning] = []
    var languages: [String: UInt32] = [:]
    var line = FoldedLine()
    for (place, list) in lists.enumerated() {
      let bit = UInt32(1) << UInt32(place)
      languages[list.name] = bit
      for section in list.sections {
        let month = section.name.hasPrefix("month.") ? UInt8(section.name.dropFirst(6)) ?? 0 : 0
        guard let kinds = (1...12).contains(month) ? .month : Kinds(section: section.name) else {
          preconditionFailure("\(list.name): there is no section [\(section.name)]")
        }
        for entry in section.entries {
          line.fold(entry)
          let bytes = UnsafeBufferPointer(line.bytes)
          if bytes.isEmpty { continue }
          entries.append(bytes)
          entryMeanings.append(Meaning(kinds: kinds, month: month, languages: bit))
        }
      }
    }
    let phrases = entries.groups()
    trie = PhraseTrie(entries, phrases) { $0 }
    meanings = phrases.collect(entryMeanings)
    self.languages = languages
    believed = languages["en"] ?? 0
  }

  /// The words as a page of a language means them. English is believed everywhere: it is in the templates of sites of all languages.
  func believing(_ language: String?) -> MetadataWords {
    guard let language, let bits = languages[language] else { return self }
    var result = self
    result.believed |= bits
    return result
  }

  /// The longest entry of any of some kinds that begins at `start` and ends where a word does; nil for none.
  /// - Parameter start: where a word begins.
  func longest(_ kinds: Kinds, at start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> (end: Int, meaning: Meaning)? {
    var result: (end: Int, meaning: Meaning)?
    trie.phrases(at: start, in: bytes) { phrase, end in
      guard let meaning = meanings[phrase].first(where: { !$0.kinds.isDisjoint(with: kinds) && isBelieved($0) }),
        WordBorder.endsWord(end, in: bytes)
      else { return }
      result = (end, meaning)
    }
    return result
  }

  /// All kinds of the entries that begin at `start`, however long they are.
  func kinds(at start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Kinds {
    var result: Kinds = []
    trie.phrases(at: start, in: bytes) { phrase, end in
      guard WordBorder.endsWord(end, in: bytes) else { return }
      for meaning in meanings[phrase] where isBelieved(meaning) { result.formUnion(meaning.kinds) }
    }
    return result
  }

  private func isBelieved(_ meaning: Meaning) -> Bool {
    meaning.languages & believed != 0 || !meaning.kinds.isDisjoint(with: .everywhere)
  }
}

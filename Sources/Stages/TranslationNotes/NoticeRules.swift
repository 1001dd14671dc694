import CModels
import Pipeline

/// Word lists about translations in all languages, looked up in one pass over a line.
struct NoticeRules: Sendable {
  /// What an entry is in a notice.
  enum Role: String, Sendable, CaseIterable {
    /// A notice by itself, and the beginning of one.
    case whole, start
    /// What was translated, a form of "translate", a machine, a language, an editor's label.
    case subject, translated, machine, language, editor
    /// What stands before a translator's name.
    case by
    /// A language by its own name: two of them in a line are a switch.
    case autonym
  }

  struct Meaning: Sendable {
    let role: Role
    let place: Int32
    /// Of a language, its BCP 47 tag.
    let tag: String?
  }

  struct Match {
    let phrase: Int
    let meaning: Meaning
    let range: Range<Int>
  }

  static let shared = NoticeRules(WordList.all(cmodels_translation_notes))

  private let trie: PhraseTrie
  private let entries: PhraseList
  private let phrases: PhraseList.Groups
  private let meanings: [[Meaning]]
  private let places: [String]

  /// - Parameter lists: with the roles as sections; entries of `language` are `NAME = TAG`, as a test holds.
  init(_ lists: [WordList]) {
    var entries = PhraseList()
    var entryMeanings: [Meaning] = []
    var places: [String] = []
    var line = FoldedLine()
    for list in lists {
      for section in list.sections {
        guard let role = Role(rawValue: section.name) else { preconditionFailure("\(list.name): there is no section [\(section.name)]") }
        places.append("\(list.name) \(section.name)")
        for entry in section.entries {
          let (name, tag) = role == .language ? Self.language(entry) : (entry, nil)
          line.fold(name)
          entries.append(UnsafeBufferPointer(line.bytes))
          entryMeanings.append(Meaning(role: role, place: Int32(places.count - 1), tag: tag))
        }
      }
    }
    let phrases = entries.groups()
    trie = PhraseTrie(entries, phrases) { $0 }
    meanings = phrases.collect(entryMeanings)
    self.entries = entries
    self.phrases = phrases
    self.places = places
  }

  /// The name and the tag of "englischen = en".
  static func language(_ entry: String) -> (name: String, tag: String?) {
    guard let sign = entry.firstRange(of: " = ") else { return (entry, nil) }
    return (String(entry[..<sign.lowerBound]), String(entry[sign.upperBound...]))
  }

  func rule(_ match: Match) -> String {
    "\(places[Int(match.meaning.place)]): \(String(decoding: entries[phrases.first(of: match.phrase)], as: UTF8.self))"
  }

  /// Whether a line begins with what a notice begins with.
  func opens(_ line: borrowing FoldedLine) -> Bool {
    var result = false
    trie.phrases(at: line.core.lowerBound, in: UnsafeBufferPointer(line.bytes)) { phrase, end in
      guard line.endsWord(end) else { return }
      result = result || meanings[phrase].contains { $0.role != .language && $0.role != .machine && $0.role != .by }
    }
    return result
  }

  /// Adds every entry that stands in a line, from left to right.
  func find(in line: borrowing FoldedLine, into matches: inout [Match]) {
    let bytes = UnsafeBufferPointer(line.bytes)
    for start in line.starts {
      trie.phrases(at: Int(start.offset), in: bytes) { phrase, end in
        guard line.endsWord(end) else { return }
        for meaning in meanings[phrase] { matches.append(Match(phrase: phrase, meaning: meaning, range: Int(start.offset)..<end)) }
      }
    }
  }
}

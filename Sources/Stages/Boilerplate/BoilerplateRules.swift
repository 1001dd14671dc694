import CModels
import Pipeline

/// Kinds of boilerplate; the names are the reasons in the trail and the options of the stage.
enum BoilerplateKind: String, CaseIterable, Sendable {
  case related, caption, promo, share, ad, byline, tags, legal
}

/// The word lists of all languages in one automaton.
struct BoilerplateRules: Sendable {
  /// How much of a line an entry speaks for.
  enum Form: String, Sendable {
    case line, start, any, cue
    /// Names of agencies in credits.
    case agency
  }

  struct Entry: Sendable {
    let kind: BoilerplateKind
    let form: Form
    /// The list and section it stands in, such as `en related.line`.
    let place: String
    let phrase: String

    /// For the trail.
    var rule: String { "\(place): \(phrase)" }
  }

  struct Match {
    let entry: Entry
    let range: Range<Int>
  }

  static let shared = BoilerplateRules()

  let dates: DateWords
  private let automaton: PhraseAutomaton
  /// An entry for each phrase; a phrase can stand in several sections.
  private let entries: [[Entry]]

  private init() {
    var phrases: [[UInt8]] = []
    var entries: [[Entry]] = []
    var places: [[UInt8]: Int] = [:]
    var dateWords: Set<[UInt8]> = []
    func add(_ phrase: String, _ entry: Entry) {
      let bytes = FoldedLine.entry(phrase)
      if let place = places[bytes] {
        if !entries[place].contains(where: { $0.kind == entry.kind && $0.form == entry.form }) { entries[place].append(entry) }
      } else if !bytes.isEmpty {
        places[bytes] = phrases.count
        phrases.append(bytes)
        entries.append([entry])
      }
    }
    for list in WordList.all(cmodels_boilerplate) {
      for section in list.sections {
        if list.name == "agencies" {
          for name in section.entries { add(name, Entry(kind: .caption, form: .agency, place: list.name, phrase: name)) }
          continue
        }
        if section.name == "byline.date" {
          dateWords.formUnion(section.entries.map(FoldedLine.entry))
          continue
        }
        let parts = section.name.split(separator: ".")
        guard parts.count == 2, let kind = BoilerplateKind(rawValue: String(parts[0])), let form = Form(rawValue: String(parts[1])) else {
          preconditionFailure("\(list.name): there is no section [\(section.name)]")
        }
        let place = "\(list.name) \(section.name)"
        for phrase in section.entries { add(phrase, Entry(kind: kind, form: form, place: place, phrase: phrase)) }
      }
    }
    automaton = PhraseAutomaton(phrases)
    self.entries = entries
    dates = DateWords(dateWords)
  }

  /// Every entry that stands in a line as whole words.
  func matches(in line: FoldedLine) -> [Match] {
    var found: [Match] = []
    line.bytes.withUnsafeBufferPointer { bytes in
      automaton.search(bytes) { phrase, range in
        if WordBorder.isWhole(range, in: bytes) { found += entries[phrase].map { Match(entry: $0, range: range) } }
        return true
      }
    }
    return found
  }
}

import CModels
import Pipeline

/// Tells a notice about the page's own translation from a sentence about a translation.
///
/// A notice stands alone, is short, and speaks of the page itself ("this article"), of a machine, or of languages beside a form of "translate".
struct NoticeJudge: Sendable {
  struct Notice: Equatable {
    let rule: String
    let isMachine: Bool
  }

  enum Role: String, Sendable, CaseIterable {
    case whole, start, subject, translated, machine, language, editor
  }

  static let shared = NoticeJudge()

  /// In bytes; notices of two sentences fit.
  static let longestNotice = 420
  private static let mostWords = 45
  /// A credit such as "Translated by …" has no more words.
  private static let mostCreditWords = 14

  private let automaton: PhraseAutomaton
  private let roles: [[(role: Role, place: String, phrase: String)]]

  private init() {
    var phrases: [[UInt8]] = []
    var roles: [[(role: Role, place: String, phrase: String)]] = []
    var places: [[UInt8]: Int] = [:]
    for list in WordList.all(cmodels_translation_notes) {
      for section in list.sections {
        guard let role = Role(rawValue: section.name) else { preconditionFailure("\(list.name): there is no section [\(section.name)]") }
        let label = "\(list.name) \(section.name)"
        for entry in section.entries {
          let bytes = FoldedLine.entry(entry)
          let place = places[bytes] ?? phrases.count
          if place == phrases.count {
            places[bytes] = place
            phrases.append(bytes)
            roles.append([])
          }
          roles[place].append((role, label, entry))
        }
      }
    }
    automaton = PhraseAutomaton(phrases)
    self.roles = roles
  }

  /// - Parameter isHeadline: of a headline only whole phrases are believed.
  func judge(_ text: some Collection<UInt8>, isHeadline: Bool) -> Notice? {
    let line = FoldedLine(text)
    guard !line.opensQuotation, !line.core.isEmpty, line.wordCount <= Self.mostWords else { return nil }
    var places: [Role: [(range: Range<Int>, rule: String)]] = [:]
    line.bytes.withUnsafeBufferPointer { bytes in
      automaton.search(bytes) { phrase, range in
        if WordBorder.isWhole(range, in: bytes) {
          for (role, place, entry) in roles[phrase] { places[role, default: []].append((range, "\(place): \(entry)")) }
        }
        return true
      }
    }
    let start = line.core.lowerBound
    func first(_ role: Role) -> (range: Range<Int>, rule: String)? {
      places[role]?.filter { $0.range.lowerBound == start }.max { $0.range.count < $1.range.count }
    }
    let isMachine = places[.machine] != nil || places[.whole]?.contains { $0.range.count >= line.core.count } ?? false
    if let whole = places[.whole]?.first(where: { $0.range.lowerBound <= start && $0.range.upperBound >= line.core.upperBound }) {
      return Notice(rule: whole.rule, isMachine: places[.machine] != nil)
    }
    if isHeadline { return nil }
    let speaksOfTranslating = places[.translated] != nil
    if let opening = first(.start) {
      let hasTranslated = places[.translated]?.contains { opening.range.overlaps($0.range) } ?? false
      let hasSubject = first(.subject) != nil
      let named = places[.language]?.contains { $0.range.lowerBound >= opening.range.upperBound } ?? false
      if hasTranslated, hasSubject || line.wordCount <= Self.mostCreditWords { return Notice(rule: opening.rule, isMachine: isMachine) }
      if named || isMachine && speaksOfTranslating, line.wordCount <= Self.mostCreditWords {
        return Notice(rule: opening.rule, isMachine: isMachine)
      }
    }
    guard speaksOfTranslating else { return nil }
    let hasObject = places[.machine] != nil || places[.language] != nil
    if let subject = first(.subject), hasObject {
      let tells = places[.translated]?.contains { $0.range.lowerBound >= subject.range.upperBound } ?? false
      let objects = (places[.machine] ?? []) + (places[.language] ?? [])
      // "The translation is a delight; the automated checkout …" speaks of a book: a notice names its means in the same clause.
      if tells || objects.contains(where: { isSameClause(line, subject.range.upperBound, $0.range.lowerBound) }) {
        return Notice(rule: subject.rule, isMachine: isMachine)
      }
    }
    if let label = first(.editor), hasObject { return Notice(rule: label.rule, isMachine: isMachine) }
    if let opening = first(.translated), hasObject, line.wordCount <= Self.mostCreditWords, !hasVerbalTail(line, opening.range) {
      return Notice(rule: opening.rule, isMachine: isMachine)
    }
    return nil
  }

  /// How far the means may stand behind a subject that is itself the translation, in words.
  private static let mostWordsBetween = 6

  private func isSameClause(_ line: FoldedLine, _ start: Int, _ end: Int) -> Bool {
    guard start < end else { return false }
    let between = line.bytes[start..<end]
    return !between.contains { ";:,.!?".utf8.contains($0) } && between.split(separator: 0x20).count <= Self.mostWordsBetween
  }

  /// "The translation from the French is a delight." is a sentence; a notice has its languages or machine right behind the word.
  private func hasVerbalTail(_ line: FoldedLine, _ opening: Range<Int>) -> Bool {
    line.wordCount > 9 && line.endsSentence && opening.count < 12
  }
}

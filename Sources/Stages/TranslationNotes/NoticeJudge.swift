import Pipeline

/// Tells a notice about the page's own translation from a sentence about a translation.
///
/// A notice stands alone, is short, and speaks of the page itself ("this article"), of a machine, or of languages beside a form of "translate".
struct NoticeJudge: ~Copyable {
  struct Notice: Equatable {
    let rule: String
    var translation: TranslationNote
  }

  /// In bytes; notices of two sentences fit.
  static let longestNotice = 420
  private static let mostWords = 45
  /// A credit such as "Translated by …" has no more words.
  private static let mostCreditWords = 14
  /// How far the means may stand behind a subject that is itself the translation, in words.
  private static let mostWordsBetween = 6
  /// Words and bytes of a translator's name.
  private static let mostNameWords = 5
  private static let longestName = 60
  /// Shorter names of machines, such as "AI", are none.
  private static let shortestProduct = 4

  private let rules: NoticeRules
  /// The document's language, which a translation is not from.
  private let language: String?
  private var line = FoldedLine()
  private var matches: [NoticeRules.Match] = []
  private var text = UnsafeBufferPointer<UInt8>(start: nil, count: 0)

  init(_ rules: NoticeRules = .shared, language: String? = nil) {
    self.rules = rules
    self.language = language
  }

  /// - Parameter isHeadline: of a headline only whole phrases are believed.
  mutating func judge(_ text: UnsafeBufferPointer<UInt8>, isHeadline: Bool) -> Notice? {
    guard text.count <= Self.longestNotice, text.count <= Self.longestLabel || opensAsNotice(text) else { return nil }
    self.text = text
    line.fold(text)
    guard !line.opensQuotation, !line.core.isEmpty, line.wordCount <= Self.mostWords else { return nil }
    matches.removeAll(keepingCapacity: true)
    rules.find(in: line, into: &matches)
    guard !matches.isEmpty, let match = notice(isHeadline: isHeadline) else { return nil }
    let hasMachine = has(.machine)
    return Notice(rule: rules.rule(match), translation: translation(machine: hasMachine))
  }

  /// Longer notices are sentences, which their beginning gives away, in bytes.
  private static let longestLabel = 160
  private static let beginning = 96

  /// Whether a long line begins as a notice does: few lines do, and the others need not be looked at in full.
  private mutating func opensAsNotice(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var end = Self.beginning
    while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
    line.fold(UnsafeBufferPointer(rebasing: text[..<min(end, text.count)]))
    return rules.opens(line)
  }

  // MARK: What makes a notice

  /// The entry that decides.
  private func notice(isHeadline: Bool) -> NoticeRules.Match? {
    let start = line.core.lowerBound
    if let whole = matches.first(where: {
      $0.meaning.role == .whole && $0.range.lowerBound <= start && $0.range.upperBound >= line.core.upperBound
    }) {
      return whole
    }
    if let language = languageSwitch() { return language }
    // A question is asked of somebody.
    guard !isHeadline, has(.translated) || has(.start), !line.bytes.contains(UInt8(ascii: "?")) else { return nil }
    return credit() ?? statement() ?? editorsNote() ?? label()
  }

  /// Words of a switch that are no names of languages.
  private static let mostSwitchWords = 8

  /// "English | 日本語 | 中文", "Read this in: Français, Deutsch": languages by their own names, and little else.
  private func languageSwitch() -> NoticeRules.Match? {
    let names = matches.filter { $0.meaning.role == .autonym }
    guard names.count >= 2, Set(names.map(\.phrase)).count >= 2, !line.endsSentence else { return nil }
    var words = line.wordCount
    for name in names { words -= line.words(in: name.range) }
    return words <= Self.mostSwitchWords ? names[0] : nil
  }

  /// "Translated by …", "This article was translated …", "Read this in Spanish".
  private func credit() -> NoticeRules.Match? {
    guard let opening = longest(.start) else { return nil }
    let isShort = line.wordCount <= Self.mostCreditWords
    if has(.translated, where: { $0.overlaps(opening.range) }), isShort || longest(.subject) != nil { return opening }
    let names = has(.language) { $0.lowerBound >= opening.range.upperBound }
    return isShort && (names || has(.machine) && has(.translated)) ? opening : nil
  }

  /// "The interview … was translated from …": the page's own text as the subject, and a machine or a language.
  private func statement() -> NoticeRules.Match? {
    guard has(.translated), let subject = longest(.subject) else { return nil }
    let end = subject.range.upperBound
    let hasMeans = has(.machine) || has(.language)
    guard hasMeans else { return nil }
    if has(.translated, where: { $0.lowerBound >= end }) { return subject }
    // "The translation is a delight; the automated checkout …" speaks of a book: a notice names its means in the same clause.
    if has(.machine, where: { isSameClause(end, $0.lowerBound) }) { return subject }
    return line.wordCount <= Self.mostCreditWords && has(.language, where: { isSameClause(end, $0.lowerBound) }) ? subject : nil
  }

  private func editorsNote() -> NoticeRules.Match? {
    guard has(.translated), has(.machine) || has(.language) else { return nil }
    return longest(.editor)
  }

  /// "Automatic translation from English"; "The translation from the French is a delight." is a sentence.
  private func label() -> NoticeRules.Match? {
    guard has(.machine) || has(.language), line.wordCount <= Self.mostCreditWords, let opening = longest(.translated) else { return nil }
    let isSentence = line.wordCount > 9 && line.endsSentence && opening.range.count < 12
    return isSentence ? nil : opening
  }

  /// The longest entry of a role that opens the line.
  private func longest(_ role: NoticeRules.Role) -> NoticeRules.Match? {
    matches.filter { $0.meaning.role == role && $0.range.lowerBound == line.core.lowerBound }.max { $0.range.count < $1.range.count }
  }

  private func has(_ role: NoticeRules.Role, where isRight: (Range<Int>) -> Bool = { _ in true }) -> Bool {
    matches.contains { $0.meaning.role == role && isRight($0.range) }
  }

  private func isSameClause(_ start: Int, _ end: Int) -> Bool {
    guard start < end else { return false }
    let between = line.bytes[start..<end]
    return !between.contains { ";:,.!?".utf8.contains($0) } && between.split(separator: 0x20).count <= Self.mostWordsBetween
  }

  // MARK: What a notice tells

  private func translation(machine: Bool) -> TranslationNote {
    let tags = matches.lazy.filter { $0.meaning.role == .language }.compactMap(\.meaning.tag)
    let from = has(.translated) ? tags.first { $0.prefix(2) != language ?? "" } : nil
    return TranslationNote(machine: machine, from: from, by: translator(), note: String(decoding: text, as: UTF8.self))
  }

  /// The name behind the last of the phrases that introduce one, else the name of a machine.
  private func translator() -> String? {
    let cues = matches.filter { $0.meaning.role == .by }.sorted {
      ($0.range.upperBound, $0.range.count) > ($1.range.upperBound, $1.range.count)
    }
    for cue in cues {
      if let name = name(behind: cue.range.upperBound) { return name }
    }
    for match in matches where match.meaning.role == .machine {
      if let name = product(match.range) { return name }
    }
    return nil
  }

  /// A machine with a name of its own, which is written with a capital.
  private func product(_ range: Range<Int>) -> String? {
    guard range.count >= Self.shortestProduct, range.lowerBound > line.core.lowerBound, let source = line.source(of: range.lowerBound),
      text[source] >= 0x41, text[source] <= 0x5A
    else { return nil }
    return String(decoding: text[source..<min(source + range.count, text.count)], as: UTF8.self)
  }

  private func name(behind cue: Int) -> String? {
    guard let next = line.starts.first(where: { $0.offset >= cue && isNameStart($0) }) else { return nil }
    let start = Int(next.source)
    guard let scalar = Unicode.Scalar(UTF8Text.scalar(at: start, in: text).0), !scalar.properties.isLowercase else { return nil }
    // Where letters have no cases, only a mark tells a name from a word.
    let marks = line.bytes[cue..<Int(next.offset)]
    if !scalar.properties.isUppercase, !marks.contains(where: { ":=/|-".utf8.contains($0) }) { return nil }
    // Another clause is no name.
    if marks.contains(where: { ".;,".utf8.contains($0) }) { return nil }
    var end = start
    var words = 0
    var nameEnd = start
    while end < text.count, words < Self.mostNameWords {
      var wordEnd = end
      while wordEnd < text.count, !UTF8Text.isSpace(text[wordEnd]), !isEndOfName(at: wordEnd) { wordEnd += 1 }
      let word = text[end..<wordEnd]
      // Particles of names are short; other words in small letters are not part of it.
      if word.isEmpty || LineJudge.isLowercase(word) && word.count > 3 { break }
      if !LineJudge.isLowercase(word) { nameEnd = wordEnd }
      words += 1
      if wordEnd < text.count, !UTF8Text.isSpace(text[wordEnd]) { break }
      end = wordEnd + 1
    }
    let name = text[start..<nameEnd]
    return name.isEmpty || name.count > Self.longestName ? nil : String(decoding: name, as: UTF8.self)
  }

  private func isNameStart(_ start: FoldedLine.Start) -> Bool {
    UTF8Text.isWord(UTF8Text.scalar(at: Int(start.offset), in: UnsafeBufferPointer(line.bytes)).0)
  }

  /// A comma, bracket or bar ends a name, and so does a full stop that is not an initial's.
  private func isEndOfName(at index: Int) -> Bool {
    switch UTF8Text.scalar(at: index, in: text).0 {
    case 0x2C, 0x3B, 0x28, 0x29, 0x7C, 0x2F, 0x21, 0x3001, 0x3002, 0xFF0C, 0xFF08, 0xFF09, 0x60C, 0x5D, 0x3011, 0xFF0F: return true
    case 0x2E:
      let isInitial = index < 2 || UTF8Text.isSpace(text[index - 2]) || text[index - 2] == UInt8(ascii: ".")
      return !isInitial
    default: return false
    }
  }
}

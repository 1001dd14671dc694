import Pipeline

/// What a line or a part of it is.
struct Finding: Equatable {
  /// What must stand around a line before the finding holds.
  enum Context {
    /// A date alone heads a page, or stands beside other boilerplate; elsewhere it is the heading of a chronicle.
    case date
    /// A rule drawn with characters divides; it goes with what it sets off.
    case rule
    /// A sentence about a person is an author's biography at the end of a page.
    case biography
    /// A name with a profession or place heads a page, or stands beside other boilerplate; elsewhere it may be anything.
    case name
  }

  let kind: BoilerplateKind
  let rule: String
  /// Whether headlines that belong to it may follow, and how many if the label says so.
  var opensList = false
  var listLength: Int?
  var context: Context?
}

/// Judges one line by itself: is it boilerplate, of which kind, by which rule?
///
/// A judge keeps its memory from one line to the next. Lines are looked at as folded bytes; names, by their capitals, in the original.
struct LineJudge: ~Copyable {
  /// Longer lines are paragraphs, in bytes.
  static let longestLine = 600
  /// Prompts and labels are shorter, in bytes.
  static let longestPrompt = 260
  /// Words of a line that begins with a label and still is no sentence.
  static let mostLabelWords = 24

  let rules: BoilerplateRules
  let believing: UInt64
  var line = FoldedLine()
  /// The line as it stands in the text; valid while it is judged.
  private(set) var text = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
  /// Entries that open the line, and entries anywhere in it.
  private(set) var openings: [BoilerplateRules.Match] = []
  private(set) var insides: [BoilerplateRules.Match] = []

  /// - Parameter language: the document's, where it is known.
  init(_ rules: BoilerplateRules = .shared, language: String? = nil) {
    self.rules = rules
    believing = rules.languages(believedIn: language)
  }

  /// - Parameters:
  ///   - isHeadline: of a headline only whole phrases are believed: it may well be about advertising.
  ///   - isLinks: whether a page gave the line nearly nothing but the text of links.
  mutating func judge(_ text: UnsafeBufferPointer<UInt8>, isHeadline: Bool, isLinks: Bool = false) -> Finding? {
    guard text.count <= Self.longestLine else { return nil }
    open(text)
    let bytes = UnsafeBufferPointer(line.bytes)
    if LayoutLine.isCounter(bytes) { return Finding(kind: .caption, rule: "gallery-counter") }
    if line.hasDigit, LayoutLine.isPagination(bytes) { return Finding(kind: .related, rule: "pagination") }
    if LayoutLine.isRule(bytes) { return Finding(kind: .byline, rule: "rule-line", context: .rule) }
    if line.hasDigit, !isHeadline, let finding = dateLine() { return finding }
    if line.core.isEmpty { return nil }
    if let finding = wholeLine() ?? countedLabel() ?? countedList() ?? rowOfLabels() { return finding }
    if text.first == UInt8(ascii: "#"), isHashtags { return Finding(kind: .tags, rule: "hashtags") }
    if isHeadline { return nil }
    insides.removeAll(keepingCapacity: true)
    rules.insides(line, believing: believing, into: &insides)
    if let own = insides.first(where: { $0.meaning.kind == .custom }) { return finding(own) }
    if line.opensQuotation { return nil }
    return label(isLinks: isLinks) ?? caption().flatMap { isParagraph ? nil : $0 } ?? anywhere() ?? request() ?? byline()
  }

  /// Judges a line within a paragraph: only a label as a whole is believed.
  mutating func judgeLabel(_ text: UnsafeBufferPointer<UInt8>) -> Finding? {
    guard text.count <= Self.longestPrompt else { return nil }
    open(text)
    return wholeLine() ?? countedList()
  }

  /// Judges what stands behind the sentences of a paragraph: a credit, a one-line teaser, a notice.
  mutating func judgeTail(_ text: UnsafeBufferPointer<UInt8>) -> Finding? {
    guard text.count <= Self.longestPrompt else { return nil }
    open(text)
    if line.opensQuotation || line.core.isEmpty { return nil }
    insides.removeAll(keepingCapacity: true)
    rules.insides(line, believing: believing, into: &insides)
    // A news agency's name alone tells the source of the article.
    if let caption = caption(), !isAgencyInBrackets { return caption }
    guard
      let label = openings.filter({ $0.meaning.kind == .related && $0.meaning.form == .start && !$0.meaning.isWord })
        .max(by: { $0.range.count < $1.range.count }), mark(behind: label.range.upperBound) == 0x3A
    else { return nil }
    return finding(label)
  }

  /// "(dpa)": one agency of news, and no more.
  private var isAgencyInBrackets: Bool {
    guard let first = line.bytes.first, first == UInt8(ascii: "(") || first == UInt8(ascii: "[") else { return false }
    return insides.contains { $0.meaning.form == .agency && $0.range.count >= line.core.count }
  }

  /// Takes a line, and finds the entries that open it.
  private mutating func open(_ text: UnsafeBufferPointer<UInt8>) {
    self.text = text
    line.fold(text)
    openings.removeAll(keepingCapacity: true)
    rules.openings(line, at: line.core.lowerBound, believing: believing, into: &openings)
    if line.core.lowerBound > 0 { rules.openings(line, at: 0, believing: believing, into: &openings) }
  }

  func finding(_ match: BoilerplateRules.Match, opensList: Bool = false) -> Finding {
    Finding(kind: match.meaning.kind, rule: rules.rule(match), opensList: opensList)
  }

  private func wholeLine() -> Finding? {
    guard
      let match = openings.first(where: {
        $0.meaning.form == .line && $0.range.lowerBound <= line.core.lowerBound && $0.range.upperBound >= line.core.upperBound
      })
    else { return nil }
    // A word that a writer leaves in lower case is the end of a sentence, not a label.
    if line.wordCount == 1, !startsAsLabel { return nil }
    return finding(match, opensList: match.meaning.kind == .related)
  }

  /// Labels begin with a capital where their script has capitals, or stand in brackets.
  var startsAsLabel: Bool {
    if text.first == UInt8(ascii: "(") || text.first == UInt8(ascii: "[") { return true }
    return !Self.isLowercase(text[...])
  }

  /// "112 Kommentare": a label behind its count.
  private mutating func countedLabel() -> Finding? {
    guard let first = line.bytes.first, first >= 0x30, first <= 0x39, line.wordCount <= 4 else { return nil }
    guard let start = line.starts.first(where: { isLetter(at: Int($0.offset)) }) else { return nil }
    var found: [BoilerplateRules.Match] = []
    rules.openings(line, at: Int(start.offset), believing: believing, into: &found)
    return found.first {
      $0.meaning.form == .line && $0.meaning.kind == .share && $0.range.upperBound >= line.core.upperBound
    }.map { finding($0) }
  }

  /// More sentences are a paragraph, of which a credit may be the end.
  private static let mostCaptionSentences = 3

  /// Whether the line has more sentences than descriptions of pictures have.
  private var isParagraph: Bool {
    var ends = 0
    for index in line.bytes.indices.dropLast() where line.bytes[index + 1] == 0x20 && line.bytes[index] < 0x40 {
      if SentenceMarks.ends(UInt32(line.bytes[index])), index > 2, line.bytes[index - 2] != 0x20 { ends += 1 }
    }
    return ends >= Self.mostCaptionSentences
  }

  func isLetter(at place: Int) -> Bool {
    let value = UTF8Text.scalar(at: place, in: UnsafeBufferPointer(line.bytes)).0
    return UTF8Text.isWord(value) && !(value >= 0x30 && value <= 0x39)
  }

  /// "#floods #weather": two words or more, each behind a number sign.
  private var isHashtags: Bool {
    let words = originalWords
    return words.count >= 2 && words.allSatisfy { $0.count >= 2 && $0.first == UInt8(ascii: "#") }
  }

  /// Most labels in a row of them, and the longest row in bytes.
  private static let mostTiles = 12
  private static let longestRow = 160

  /// "Share on Facebook Tweet WhatsApp Email Print", "Comments (12) Share": nothing but labels, marks and counts.
  private mutating func rowOfLabels() -> Finding? {
    guard line.bytes.count <= Self.longestRow, let first = longestLabel(openings) else { return nil }
    let bytes = UnsafeBufferPointer(line.bytes)
    var place = first.range.upperBound
    var tiles = 1
    var found: [BoilerplateRules.Match] = []
    while true {
      while place < bytes.count {
        let (value, length) = UTF8Text.scalar(at: place, in: bytes)
        let isDigit = value >= 0x30 && value <= 0x39
        if UTF8Text.isWord(value), !isDigit { break }
        place += length
      }
      if place >= bytes.count { return tiles > 1 ? finding(first) : nil }
      found.removeAll(keepingCapacity: true)
      rules.openings(line, at: place, believing: believing, into: &found)
      // Arabic writes "and" as a part of the word.
      if found.isEmpty, place + 2 < bytes.count, bytes[place] == 0xD9, bytes[place + 1] == 0x88 {
        rules.openings(line, at: place + 2, believing: believing, into: &found)
      }
      guard tiles < Self.mostTiles, let next = longestLabel(found) else { return nil }
      place = next.range.upperBound
      tiles += 1
    }
  }

  private func longestLabel(_ matches: [BoilerplateRules.Match]) -> BoilerplateRules.Match? {
    matches.filter { $0.meaning.form == .line && [.share, .promo, .legal, .ad, .byline].contains($0.meaning.kind) }
      .max { $0.range.count < $1.range.count }
  }

  // MARK: Phrases

  /// Prompts that a phrase gives away wherever it stands.
  private func anywhere() -> Finding? {
    guard line.bytes.count <= Self.longestPrompt else { return nil }
    return insides.first { $0.meaning.form == .any }.map { finding($0) }
  }

  /// Words of a request for a subscription and the like.
  private static let mostRequestWords = 20

  /// "Follow the Gulf Post on WhatsApp": a line that begins, or in languages that put the verb last ends, with what readers are asked to do,
  /// and names what with.
  private func request() -> Finding? {
    guard line.wordCount >= 2, line.wordCount <= Self.mostRequestWords, line.bytes.count <= Self.longestPrompt else { return nil }
    for object in insides where object.meaning.form == .object {
      let opens = openings.contains { $0.meaning.form == .verb && $0.range.upperBound <= object.range.lowerBound }
      let closes = insides.contains {
        $0.meaning.form == .verb && $0.range.upperBound >= line.core.upperBound && $0.range.lowerBound >= object.range.upperBound
      }
      if opens || closes { return finding(object) }
    }
    return nil
  }

  // MARK: Parts of a line

  func words(in range: Range<Int>) -> Int { line.words(in: range) }

  func words(from start: Int) -> Int { line.words(in: min(start, line.bytes.count)..<line.bytes.count) }

  /// A colon, dash, bar or arrow behind a label; nil where there is none.
  func mark(behind end: Int) -> UInt32? {
    let bytes = UnsafeBufferPointer(line.bytes)
    var at = end
    while at < bytes.count, bytes[at] == 0x20 { at += 1 }
    let (value, _) = UTF8Text.scalar(at: at, in: bytes)
    switch value {
    case 0x3A, 0x7C, 0xBB, 0x203A, 0x2192, 0x25B6, 0x25BA, 0x3E: return value
    // A hyphen inside a word is none.
    case 0x2D, 0x2013, 0x2014: return at > end ? value : nil
    default: return nil
    }
  }

  /// The words of the original line, cut at white space.
  var originalWords: [Slice<UnsafeBufferPointer<UInt8>>] {
    text.split { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 }
  }

  /// Whether a word of the original begins with a small letter, behind any marks; letters of scripts without cases are neither.
  static func isLowercase(_ word: Slice<UnsafeBufferPointer<UInt8>>) -> Bool { firstLetter(word)?.properties.isLowercase ?? false }

  /// Whether a word may stand in a name: one that begins with no small letter, or a short particle such as "de".
  static func mayStandInName(_ word: Slice<UnsafeBufferPointer<UInt8>>) -> Bool { word.count <= 3 || !isLowercase(word) }

  /// Whether a word of the original begins with a capital, behind any marks.
  static func isCapital(_ word: Slice<UnsafeBufferPointer<UInt8>>) -> Bool { firstLetter(word)?.properties.isUppercase ?? false }

  private static func firstLetter(_ word: Slice<UnsafeBufferPointer<UInt8>>) -> Unicode.Scalar? {
    let bytes = UnsafeBufferPointer(rebasing: word)
    var index = 0
    while index < bytes.count {
      let (value, length) = UTF8Text.scalar(at: index, in: bytes)
      if UTF8Text.isWord(value) { return Unicode.Scalar(value) }
      index += length
    }
    return nil
  }
}

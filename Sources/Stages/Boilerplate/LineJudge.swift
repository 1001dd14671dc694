import Pipeline

/// Judges one line by itself: is it boilerplate, of which kind, by which rule?
struct LineJudge {
  struct Finding: Equatable {
    let kind: BoilerplateKind
    let rule: String
    /// Whether headlines that belong to it may follow.
    var opensList = false
  }

  /// Longer lines are paragraphs, in bytes.
  static let longestLine = 600
  /// Prompts and labels are shorter, in bytes.
  private static let longestPrompt = 260
  /// Words of a line that begins with a label and still is no sentence.
  private static let mostLabelWords = 24
  private static let mostBylineWords = 14
  /// Words of a label with a name in it.
  private static let mostNamedLabelWords = 7
  /// Words behind a photo credit's cue.
  private static let mostCreditWords = 9

  private let rules = BoilerplateRules.shared

  /// - Parameter isHeadline: of a headline only whole phrases are believed: it may well be about advertising.
  func judge(_ text: some Collection<UInt8>, isHeadline: Bool) -> Finding? {
    guard text.count <= Self.longestLine else { return nil }
    let line = FoldedLine(text)
    if let finding = LayoutLine.judge(line.bytes) { return finding }
    if !isHeadline, rules.dates.isDateLine(line.bytes) { return Finding(kind: .byline, rule: "date-line") }
    if line.core.isEmpty { return nil }
    let matches = rules.matches(in: line)
    if let finding = wholeLine(line, matches) { return finding }
    if isHeadline || line.opensQuotation { return nil }
    return label(line, matches, text) ?? caption(line, matches, text) ?? anywhere(line, matches) ?? byName(line, matches, text)
  }

  private func wholeLine(_ line: FoldedLine, _ matches: [BoilerplateRules.Match]) -> Finding? {
    guard
      let match = matches.first(where: {
        $0.entry.form == .line && $0.range.lowerBound <= line.core.lowerBound && $0.range.upperBound >= line.core.upperBound
      })
    else { return nil }
    return Finding(kind: match.entry.kind, rule: match.entry.rule, opensList: match.entry.kind == .related)
  }

  /// "READ MORE: …", "Sign up to our …", "Tags: …": a known beginning of a line that is no sentence of its own.
  private func label(_ line: FoldedLine, _ matches: [BoilerplateRules.Match], _ text: some Collection<UInt8>) -> Finding? {
    guard line.bytes.count <= Self.longestPrompt, line.wordCount <= Self.mostLabelWords else { return nil }
    let starts = matches.filter { $0.range.lowerBound == line.core.lowerBound && $0.entry.form != .agency && $0.entry.form != .any }
    for match in starts.sorted(by: { $0.range.count > $1.range.count }) {
      let mark = nextMark(line, match.range.upperBound)
      let finding = Finding(kind: match.entry.kind, rule: match.entry.rule)
      switch match.entry.kind {
      case .related:
        if mark != nil { return finding }
        if isNamedLabel(line, match.range, text) { return Finding(kind: .related, rule: match.entry.rule, opensList: true) }
      case .tags, .caption:
        if mark == UInt32(UInt8(ascii: ":")) { return finding }
      case .byline:
        if mark != nil { return finding }
        if match.entry.form == .start, !line.endsSentence, line.wordCount <= Self.mostBylineWords, match.range.count > 3 { return finding }
      case .promo, .share, .ad, .legal:
        // One word, or a label such as "Advertisement", opens sentences too.
        let isPrompt = match.entry.form == .start && words(line, in: match.range) >= 2 && line.wordCount <= 16
        if match.entry.form == .start, !line.endsSentence || isPrompt { return finding }
        if match.entry.form == .line, mark != nil, line.wordCount <= 10 { return finding }
      }
    }
    return nil
  }

  /// "More from the Gulf Post": a label of two words or more, then nothing but a name.
  private func isNamedLabel(_ line: FoldedLine, _ label: Range<Int>, _ text: some Collection<UInt8>) -> Bool {
    let labelWords = words(line, in: label)
    guard labelWords >= 2, !line.endsSentence, line.wordCount <= Self.mostNamedLabelWords else { return false }
    let name = Array(text).split(separator: 0x20).dropFirst(labelWords)
    return name.contains(where: isCapital) && name.allSatisfy { isCapital($0) || $0.count <= 3 }
  }

  /// A colon, dash, bar or arrow behind a label; nil where there is none.
  private func nextMark(_ line: FoldedLine, _ end: Int) -> UInt32? {
    line.bytes.withUnsafeBufferPointer { bytes in
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
  }

  // MARK: Captions

  private func caption(_ line: FoldedLine, _ matches: [BoilerplateRules.Match], _ text: some Collection<UInt8>) -> Finding? {
    for match in matches where match.entry.kind == .caption {
      let finding = Finding(kind: .caption, rule: match.entry.rule)
      let behind = words(line, from: match.range.upperBound)
      switch match.entry.form {
      case .any:
        return finding
      case .cue, .start:
        // "Foto: Jonas Keller/dpa" at the end of its line.
        if nextMark(line, match.range.upperBound) == 0x3A, behind <= Self.mostCreditWords, behind > 0 { return finding }
      case .agency:
        if isCredit(match.range, line), behind <= 5 { return finding }
      case .line: break
      }
    }
    return copyrightCredit(line, matches) ?? slashCredit(line, text)
  }

  /// An agency is a credit beside a slash, or alone in brackets at the end of the line.
  private func isCredit(_ range: Range<Int>, _ line: FoldedLine) -> Bool {
    let bytes = line.bytes
    var before = range.lowerBound
    while before > 0, bytes[before - 1] == 0x20 { before -= 1 }
    var after = range.upperBound
    while after < bytes.count, bytes[after] == 0x20 { after += 1 }
    let previous = before > 0 ? bytes[before - 1] : 0
    let next = after < bytes.count ? bytes[after] : 0
    if previous == UInt8(ascii: "/") || next == UInt8(ascii: "/") {
      // The capitals of the agency at the very start open a caption's credit line only.
      return line.wordCount >= 3 || previous == UInt8(ascii: "/")
    }
    guard previous == UInt8(ascii: "("), next == UInt8(ascii: ")"), after + 2 >= bytes.count, line.wordCount >= 3 else { return false }
    // Behind a whole sentence it names the source of the article: "… Die Polizei ermittelt. (dpa)".
    return bytes.withUnsafeBufferPointer { buffer in
      var end = before - 1
      while end > 0, buffer[end - 1] == 0x20 { end -= 1 }
      return !UTF8Text.isTerminator(UTF8Text.scalar(before: end, in: buffer).0)
    }
  }

  /// "© Name / AFP" behind a description; with a year it is a legal line.
  private func copyrightCredit(_ line: FoldedLine, _ matches: [BoilerplateRules.Match]) -> Finding? {
    let bytes = line.bytes
    guard let start = bytes.indices.dropLast().first(where: { bytes[$0] == 0xC2 && bytes[$0 + 1] == 0xA9 }) else { return nil }
    let mark = start..<(start + 2)
    // "… © RIPRODUZIONE RISERVATA" at the end of a paragraph speaks of the article, which stays.
    let isNotice = matches.contains { $0.entry.kind == .legal && $0.range.lowerBound >= mark.lowerBound }
    if isNotice, words(line, in: 0..<mark.lowerBound) > Self.mostLabelWords { return nil }
    let rest = line.bytes[mark.upperBound...]
    if hasYear(rest.prefix(12)) { return Finding(kind: .legal, rule: "copyright-year") }
    let behind = words(line, from: mark.upperBound)
    return behind > 0 && behind <= Self.mostCreditWords ? Finding(kind: .caption, rule: "copyright-credit") : nil
  }

  private func hasYear(_ bytes: ArraySlice<UInt8>) -> Bool {
    var run = 0
    for byte in bytes {
      run = byte >= 0x30 && byte <= 0x39 ? run + 1 : 0
      if run == 4 { return true }
    }
    return false
  }

  /// "A map of the disputed waters / The Gulf Post": a description, a slash, a name.
  private func slashCredit(_ line: FoldedLine, _ text: some Collection<UInt8>) -> Finding? {
    guard !line.endsSentence || line.bytes.contains(UInt8(ascii: "/")) else { return nil }
    let bytes = Array(text)
    guard
      let slash = bytes.indices.dropFirst().dropLast().last(where: {
        bytes[$0] == UInt8(ascii: "/") && bytes[$0 - 1] == 0x20 && bytes[$0 + 1] == 0x20
      })
    else { return nil }
    let name = bytes[(slash + 2)...].split(separator: 0x20)
    let described = bytes[..<(slash - 1)].split(separator: 0x20).count
    guard described >= 4, !name.isEmpty, name.count <= 5 else { return nil }
    // "GDDR6 / HBM2" and "(IaaC / SECaaC)" are alternatives.
    let isPlain = !name.joined().contains { $0 == UInt8(ascii: ")") || $0 >= 0x30 && $0 <= 0x39 }
    let isName = isPlain && name.allSatisfy { $0.count <= 3 || isCapital($0) } && name.contains(where: isCapital)
    return isName && bytes.last != UInt8(ascii: ".") ? Finding(kind: .caption, rule: "slash-credit") : nil
  }

  private func isCapital(_ word: ArraySlice<UInt8>) -> Bool {
    String(decoding: word, as: UTF8.self).unicodeScalars.first?.properties.isUppercase ?? false
  }

  // MARK: Phrases and names

  private func anywhere(_ line: FoldedLine, _ matches: [BoilerplateRules.Match]) -> Finding? {
    guard line.bytes.count <= Self.longestPrompt else { return nil }
    return matches.first { $0.entry.form == .any }.map { Finding(kind: $0.entry.kind, rule: $0.entry.rule) }
  }

  /// "By Amal Haddad | Published: …": a byline word, then nothing but names, dates and marks.
  private func byName(_ line: FoldedLine, _ matches: [BoilerplateRules.Match], _ text: some Collection<UInt8>) -> Finding? {
    guard
      let match = matches.first(where: {
        $0.entry.kind == .byline && $0.entry.form == .start && $0.range.lowerBound == line.core.lowerBound
      }),
      line.wordCount <= Self.mostBylineWords, line.wordCount >= 2, !line.endsSentence
    else { return nil }
    let words = Array(text).split(separator: 0x20).dropFirst()
    guard let next = words.first, isCapital(next) else { return nil }
    let lower = words.filter { $0.count > 3 && !isCapital($0) && !($0.first.map { $0 < 0x41 } ?? true) }
    return lower.count <= 1 ? Finding(kind: .byline, rule: match.entry.rule) : nil
  }

  private func words(_ line: FoldedLine, from: Int) -> Int {
    words(line, in: from..<line.bytes.count)
  }

  private func words(_ line: FoldedLine, in range: Range<Int>) -> Int {
    line.bytes[range].withUnsafeBufferPointer { FoldedLine.words(in: $0) }
  }
}

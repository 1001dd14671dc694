import Pipeline

/// Lines that begin with a known label or prompt.
extension LineJudge {
  private static let mostPromptWords = 16
  /// Words of a line that a label of one word and a mark begin.
  private static let mostMarkedWords = 10
  /// Words of a label with a name in it.
  private static let mostNamedLabelWords = 7
  private static let mostBylineWords = 14

  /// "READ MORE: …", "Sign up to our …", "Tags: …": a known beginning of a line that is no sentence of its own.
  func label(isLinks: Bool) -> Finding? {
    guard line.bytes.count <= Self.longestPrompt, line.wordCount <= Self.mostLabelWords else { return nil }
    for match in openings.sorted(by: { $0.range.count > $1.range.count }) {
      if let finding = label(match, isLinks: isLinks) { return finding }
    }
    return nil
  }

  private func label(_ match: BoilerplateRules.Match, isLinks: Bool) -> Finding? {
    let mark = mark(behind: match.range.upperBound)
    let isStart = match.meaning.form == .start
    switch match.meaning.kind {
    case .related:
      if mark != nil { return finding(match, opensList: words(from: match.range.upperBound) == 0) }
      if isLinks, isStart, !match.meaning.isWord, !line.endsSentence { return finding(match) }
      return isNamedLabel(match.range) ? finding(match, opensList: true) : nil
    case .tags:
      return mark == 0x3A || byte(behind: match.range.upperBound) == UInt8(ascii: "#") ? finding(match) : nil
    case .caption:
      // "Image caption, The river burst its banks": what screen readers are told.
      return mark == 0x3A || byte(behind: match.range.upperBound) == UInt8(ascii: ",") && !match.meaning.isWord ? finding(match) : nil
    case .byline:
      // "Reporter: How do you judge the decision?" is an interview.
      if mark != nil { return line.bytes.last == UInt8(ascii: "?") ? nil : finding(match) }
      // "Author, Amal Haddad": what screen readers are told.
      if match.meaning.form == .line, byte(behind: match.range.upperBound) == UInt8(ascii: ","), !line.endsSentence,
        line.wordCount <= Self.mostNamedLabelWords
      {
        return finding(match)
      }
      return isStart && !line.endsSentence && line.wordCount <= Self.mostBylineWords && match.range.count > 3 ? finding(match) : nil
    case .promo, .share, .ad, .legal:
      // One word, or a label such as "Advertisement", opens sentences too.
      let isPrompt = isStart && words(in: match.range) >= 2 && line.wordCount <= Self.mostPromptWords
      if isStart, !line.endsSentence || isPrompt { return finding(match) }
      let isMarked = mark != nil && mark != 0x2D && mark != 0x2013 && mark != 0x2014
      return match.meaning.form == .line && isMarked && line.wordCount <= Self.mostMarkedWords ? finding(match) : nil
    case .custom:
      return isStart ? finding(match) : nil
    case .repeat, .site:
      return nil
    }
  }

  /// "Recommended Stories list of 3 items", "list of 3 items": the count that screen readers are told.
  func countedList() -> Finding? {
    guard line.hasDigit, line.wordCount <= Self.mostNamedLabelWords + 2 else { return nil }
    let bytes = UnsafeBufferPointer(line.bytes)
    let hasLabel = openings.contains { $0.meaning.kind == .related }
    for start in line.starts where hasLabel || Int(start.offset) == line.core.lowerBound {
      guard let end = rules.countEnd(line, at: Int(start.offset)) else { continue }
      var at = end
      while at < bytes.count, bytes[at] == 0x20 { at += 1 }
      var count = 0
      while at < bytes.count, bytes[at] >= 0x30, bytes[at] <= 0x39, count < 100 {
        count = count * 10 + Int(bytes[at] - 0x30)
        at += 1
      }
      let isLabelled =
        Int(start.offset) == line.core.lowerBound
        || openings.contains { $0.meaning.kind == .related && $0.range.upperBound <= Int(start.offset) }
      if (1...50).contains(count), isLabelled {
        return Finding(kind: .related, rule: "list-with-count", opensList: true, listLength: count)
      }
    }
    return nil
  }

  /// "More from the Gulf Post": a label of two words or more, then nothing but a name.
  private func isNamedLabel(_ label: Range<Int>) -> Bool {
    let labelWords = words(in: label)
    guard labelWords >= 2, !line.endsSentence, line.wordCount <= Self.mostNamedLabelWords else { return false }
    let name = originalWords.dropFirst(labelWords)
    return name.contains(where: Self.isCapital) && name.allSatisfy { Self.isCapital($0) || $0.count <= 3 }
  }
}

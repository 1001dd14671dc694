import Pipeline

/// Lines about who wrote a text.
extension LineJudge {
  private static let mostBylineWords = 14
  /// The words of a person's name, and the words from it to a profession.
  private static let mostNameWords = 5
  private static let mostWordsToRole = 9

  /// Words that may follow a date in its line, and words of a place before it.
  private static let mostWordsBehindDate = 8
  private static let mostPlaceWords = 3
  private static let mostNamedWords = 9

  func byline() -> Finding? {
    byName() ?? closing() ?? nameAndDate() ?? agencyAlone() ?? nameWithAddress() ?? nameWithRole() ?? biography()
  }

  /// "14 March 2023, 09:41 GMT", "vandaag, 16:52", "9 november 2023 om 18:30 Leestijd 3 minuten".
  mutating func dateLine() -> Finding? {
    let bytes = UnsafeBufferPointer(line.bytes)
    if line.bytes.last == UInt8(ascii: "?") { return nil }
    if let date = rules.dates.date(bytes, from: 0) {
      if date.end >= line.core.upperBound {
        return Finding(kind: .byline, rule: "date-line", context: date.hasYear ? .date : .name)
      }
      guard date.hasYear, words(from: date.end) <= Self.mostWordsBehindDate, !line.endsSentence,
        let next = line.starts.first(where: { Int($0.offset) >= date.end && isLetter(at: Int($0.offset)) })
      else { return nil }
      var found: [BoilerplateRules.Match] = []
      rules.openings(line, at: Int(next.offset), believing: believing, into: &found)
      let isAbout = found.contains { $0.meaning.kind == .byline || $0.meaning.kind == .share || $0.meaning.kind == .caption }
      return isAbout ? Finding(kind: .byline, rule: "date-line", context: .date) : nil
    }
    return nil
  }

  /// "记者 欧阳澜 报道": a short line that ends in a reporter's word.
  private func closing() -> Finding? {
    guard line.wordCount <= Self.mostBylineWords, !line.endsSentence else { return nil }
    return insides.first {
      $0.meaning.form == .end && $0.meaning.kind == .byline && $0.range.upperBound >= line.core.upperBound
        && $0.range.lowerBound > line.core.lowerBound
    }.map { finding($0) }
  }

  /// "SONDRIO, 3 novembre 2023, 08:15": a place or a name, and nothing but a date behind it.
  private func nameAndDate() -> Finding? {
    let bytes = UnsafeBufferPointer(line.bytes)
    guard line.hasDigit, line.wordCount <= Self.mostBylineWords, !line.endsSentence,
      let digit = text.firstIndex(where: { $0 >= 0x30 && $0 <= 0x39 }), digit > 0
    else { return nil }
    // Words before the number that are no date words are the name.
    var start: FoldedLine.Start?
    for candidate in line.starts where isLetter(at: Int(candidate.offset)) || Int(candidate.source) >= digit {
      if let date = rules.dates.date(bytes, from: Int(candidate.offset)), date.hasYear, date.end >= line.core.upperBound {
        start = candidate
        break
      }
      if Int(candidate.source) > digit { return nil }
    }
    guard let start else { return nil }
    let name = text[..<Int(start.source)].split { $0 == 0x20 || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "|") }
      .filter { $0.contains { $0 >= 0x41 } }
    let nameWords = self.words(in: 0..<Int(start.offset))
    guard !name.isEmpty, nameWords <= Self.mostPlaceWords + 1, name.allSatisfy({ !Self.isLowercase($0) && !$0.contains(UInt8(ascii: "@")) })
    else {
      return nil
    }
    return Finding(kind: .byline, rule: "name-and-date", context: .name)
  }

  /// "TT", "Lusa", "Le Figaro avec AFP": nothing but the source.
  private func agencyAlone() -> Finding? {
    guard line.wordCount <= 4, !line.endsSentence, startsAsLabel,
      let last = insides.last(where: { $0.meaning.form == .agency }), last.range.upperBound >= line.core.upperBound
    else { return nil }
    let covered = insides.filter { $0.meaning.form == .agency }.map { words(in: $0.range) }.reduce(0, +)
    if covered >= line.wordCount { return finding(last) }
    guard originalWords.allSatisfy({ $0.count <= 4 || !Self.isLowercase($0) }) else { return nil }
    return Finding(kind: .byline, rule: rules.rule(last), context: .name)
  }

  /// "Hong Gildong hong@example.org": a name and its address.
  private func nameWithAddress() -> Finding? {
    guard line.wordCount <= Self.mostNameWords, let last = originalWords.last, last.contains(UInt8(ascii: "@")),
      last.contains(UInt8(ascii: ".")), !line.bytes.contains(UInt8(ascii: ":"))
    else { return nil }
    return Finding(kind: .byline, rule: "name-and-address")
  }

  /// "Elin Bergkvist, reporter": a name, a comma, and a profession of the press.
  private func nameWithRole() -> Finding? {
    guard line.wordCount >= 3, line.wordCount <= Self.mostNamedWords, !line.endsSentence,
      let role = insides.first(where: { $0.meaning.form == .role }),
      let comma = line.bytes.firstIndex(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "|") }), comma < role.range.lowerBound
    else { return nil }
    let nameWords = words(in: 0..<comma)
    guard nameWords >= 2, nameWords <= Self.mostNameWords,
      originalWords.prefix(nameWords).allSatisfy(Self.mayStandInName)
    else { return nil }
    return Finding(kind: .byline, rule: rules.rule(role), context: .name)
  }

  /// "By Amal Haddad | Published: …": a byline word, then nothing but names, dates and marks.
  private func byName() -> Finding? {
    guard line.wordCount <= Self.mostBylineWords, line.wordCount >= 2, !line.endsSentence,
      let match = openings.first(where: { $0.meaning.kind == .byline && $0.meaning.form == .start })
    else { return nil }
    let words = originalWords.dropFirst(self.words(in: match.range))
    guard let next = words.first, Self.isCapital(next) else { return nil }
    let lower = words.filter { $0.count > 3 && !Self.isCapital($0) && !($0.first.map { $0 < 0x41 } ?? true) }
    let hasRole = insides.contains { $0.meaning.form == .role }
    return lower.count <= (hasRole ? 4 : 1) ? finding(match) : nil
  }

  /// "Jane Okafor is a senior reporter covering energy.": a name, a word such as "is", and soon a profession of the press.
  private func biography() -> Finding? {
    guard line.bytes.count >= 20, !text.contains(0x0A),
      let role = insides.first(where: { $0.meaning.form == .role }),
      let copula = rules.copula(line, before: role.range.lowerBound, believing: believing)
    else { return nil }
    let between = words(in: copula.upperBound..<role.range.lowerBound)
    // A dash or comma for "is" stands between the name and the profession, and nothing else does.
    guard between <= (isLetter(at: copula.lowerBound) ? Self.mostWordsToRole : 1),
      !line.bytes[copula.upperBound..<role.range.lowerBound].contains(where: { ".;:!?".utf8.contains($0) }),
      let source = line.source(of: copula.lowerBound)
    else { return nil }
    return isPerson(text[..<source]) ? Finding(kind: .byline, rule: rules.rule(role), context: .biography) : nil
  }

  /// The longest name without spaces, in bytes.
  private static let longestWideName = 30

  /// Words that begin and end with capitals, between which particles may stand; in scripts without spaces, a few characters.
  private func isPerson(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    let words = name.split { $0 == 0x20 }
    guard let first = words.first, let last = words.last, !name.contains(where: { $0 >= 0x30 && $0 <= 0x39 }) else { return false }
    if (name.first ?? 0) >= 0xE3 {
      let marks = UnsafeBufferPointer(rebasing: name)
      // A particle of Japanese makes a place or means of what stands before it.
      if (0x3041...0x3096).contains(UTF8Text.scalar(before: marks.count, in: marks).0) { return false }
      return name.count <= Self.longestWideName && !marks.contains { $0 < 0x40 && $0 != 0x20 } && !holdsWideMark(marks)
    }
    return (2...Self.mostNameWords).contains(words.count) && !Self.isLowercase(first) && !Self.isLowercase(last)
      && words.allSatisfy(Self.mayStandInName) && !name.dropLast().contains(UInt8(ascii: ","))
  }

  /// Whether a comma, stop or bracket of Chinese or Japanese stands in a text.
  private func holdsWideMark(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    while index < text.count {
      let (value, length) = UTF8Text.scalar(at: index, in: text)
      if UTF8Text.isCJK(value), !UTF8Text.isWord(value), value != 0x30FB { return true }
      index += length
    }
    return false
  }
}

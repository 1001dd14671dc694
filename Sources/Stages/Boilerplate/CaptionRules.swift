import Pipeline

/// Descriptions of pictures, told by their credits.
extension LineJudge {
  /// Words behind a photo credit's cue.
  private static let mostCreditWords = 9
  /// Words of a name that follows a cue without a colon.
  private static let mostNameWords = 6
  /// Words behind an agency in a credit, and within a bracket that credits.
  private static let mostWordsBehindAgency = 5
  private static let mostBracketWords = 8
  private static let slash = UInt8(ascii: "/")

  func caption() -> Finding? {
    for match in insides {
      if match.meaning.kind == .caption, credits(match) { return finding(match) }
      // "A landslide, seen from the air - RIPRODUZIONE RISERVATA".
      if match.meaning.kind == .legal, match.range.upperBound >= line.core.upperBound, line.wordCount <= Self.mostLabelWords,
        isBehindDash(match.range.lowerBound)
      {
        return Finding(kind: .caption, rule: rules.rule(match))
      }
    }
    return bracketCredit() ?? copyrightCredit() ?? slashCredit() ?? capitalsCredit()
  }

  private func credits(_ match: BoilerplateRules.Match) -> Bool {
    let behind = words(from: match.range.upperBound)
    switch match.meaning.form {
    case .any:
      return true
    case .cue, .start:
      // "Foto: Jonas Keller/dpa", "Fot. Jan Kowalski" at the end of the line.
      guard behind > 0, behind <= Self.mostCreditWords else { return false }
      return isCreditMark(behind: match) || match.meaning.form == .cue && isFollowedByName(match)
    case .end:
      return match.meaning.kind == .caption && !line.endsSentence && isNothingButDate(from: match.range.upperBound)
        && match.range.lowerBound > line.core.lowerBound
        && (isWide(before: match.range.lowerBound) || isBehindSentence(match.range.lowerBound) || line.wordCount <= Self.mostLabelWords)
    case .agency, .picture:
      return behind <= Self.mostWordsBehindAgency && isCredit(match)
    case .line, .copula, .role, .count, .verb, .object:
      return false
    }
  }

  /// A colon, or the sign of equality of Japanese and Korean credits.
  private func isCreditMark(behind match: BoilerplateRules.Match) -> Bool {
    let next = byte(behind: match.range.upperBound)
    return next == UInt8(ascii: ":") || next == UInt8(ascii: "=") && line.bytes[match.range.lowerBound] >= 0xE3
  }

  /// "Fot. Jan Kowalski", "Foto Rafael Montaldi - FTP Clarín" behind a sentence or a bar: capitals to the end.
  private func isFollowedByName(_ match: BoilerplateRules.Match) -> Bool {
    let before = byte(before: match.range.lowerBound)
    let isInBracket = before == UInt8(ascii: "(") || before == UInt8(ascii: "[")
    guard !line.endsSentence || isInBracket, isInBracket || before == UInt8(ascii: "|") || isBehindSentence(match.range.lowerBound),
      let source = line.source(of: match.range.lowerBound)
    else { return false }
    let words = text[source...].split(separator: 0x20).dropFirst(self.words(in: match.range))
    let names = words.filter { $0.contains { $0 >= 0x41 } }
    return names.contains(where: Self.isCapital) && names.count >= 2 && names.count <= Self.mostNameWords
      && names.allSatisfy(Self.mayStandInName)
  }

  /// An agency is a credit beside a slash, alone in brackets, or behind a dash or a sentence at the end of the line.
  private func isCredit(_ match: BoilerplateRules.Match) -> Bool {
    let range = match.range
    let previous = byte(before: range.lowerBound)
    let next = byte(behind: range.upperBound)
    if previous == Self.slash || next == Self.slash {
      // The capitals of the agency at the very start open a caption's credit line only.
      return line.wordCount >= 3 || previous == Self.slash || range.lowerBound == line.core.lowerBound && !line.endsSentence
    }
    guard line.wordCount >= 3 else { return false }
    if range.upperBound >= line.core.upperBound, !line.endsSentence, isBehindDash(range.lowerBound) || isBehindSentence(range.lowerBound) {
      return true
    }
    guard previous == UInt8(ascii: "(") || previous == UInt8(ascii: "["), next == UInt8(ascii: ")") || next == UInt8(ascii: "]"),
      range.upperBound >= line.core.upperBound
    else { return false }
    // Behind a whole sentence news agencies name the source of the article: "… Die Polizei ermittelt. (dpa)".
    return match.meaning.form == .picture || !isBehindSentence(range.lowerBound - 1)
  }

  /// "[Ada Bell/Channel Five]", "(AAP: Darren Holt)": names in a bracket that ends the line.
  private func bracketCredit() -> Finding? {
    let bytes = line.bytes
    guard let last = bytes.last, last == UInt8(ascii: ")") || last == UInt8(ascii: "]"), line.wordCount >= 3 else { return nil }
    let opening = last == UInt8(ascii: ")") ? UInt8(ascii: "(") : UInt8(ascii: "[")
    guard let start = bytes.lastIndex(of: opening), let source = line.source(of: start) else { return nil }
    let content = (start + 1)..<(bytes.count - 1)
    let count = words(in: content)
    guard count >= 1, count <= Self.mostBracketWords, !bytes[content].contains(where: { $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    let names = text[(source + 1)...].split { $0 == 0x20 || $0 == Self.slash }.filter { $0.contains { $0 >= 0x41 } }
    let areNames = names.allSatisfy(Self.mayStandInName)
    let agency = insides.first {
      ($0.meaning.form == .agency || $0.meaning.form == .picture) && content.contains($0.range.lowerBound)
    }
    if let agency, count > words(in: agency.range), areNames { return finding(agency) }
    if opening == UInt8(ascii: "["), bytes[content].contains(Self.slash), areNames {
      return Finding(kind: .caption, rule: "bracket-credit")
    }
    // Arabic captions close with the name of the medium; a headline or sentence does not end in one.
    let isArabic = text[(source + 1)...].first.map { $0 >= 0xD8 && $0 <= 0xDB } ?? false
    let isAlone = isArabic && count <= 3 && line.wordCount - count >= 4 && !endsSentence(before: start)
    return isAlone ? Finding(kind: .caption, rule: "bracket-credit") : nil
  }

  /// "© Name / AFP" behind a description; with a year it is a legal line.
  private func copyrightCredit() -> Finding? {
    let bytes = line.bytes
    guard let start = bytes.indices.dropLast().first(where: { bytes[$0] == 0xC2 && bytes[$0 + 1] == 0xA9 }) else { return nil }
    // "… © RIPRODUZIONE RISERVATA" at the end of a paragraph speaks of the article, which stays.
    let isNotice = insides.contains { $0.meaning.kind == .legal && $0.range.lowerBound >= start }
    if isNotice, words(in: 0..<start) > Self.mostLabelWords { return nil }
    if hasYear(bytes[(start + 2)...].prefix(12)) { return Finding(kind: .legal, rule: "copyright-year") }
    let behind = words(from: start + 2)
    return behind > 0 && behind <= Self.mostCreditWords ? Finding(kind: .caption, rule: "copyright-credit") : nil
  }

  private func hasYear(_ bytes: Slice<UnsafeMutableBufferPointer<UInt8>>) -> Bool {
    var run = 0
    for byte in bytes {
      run = byte >= 0x30 && byte <= 0x39 ? run + 1 : 0
      if run == 4 { return true }
    }
    return false
  }

  /// "A map of the disputed waters / The Gulf Post": a description, a slash, a name.
  private func slashCredit() -> Finding? {
    guard let last = text.last, last != UInt8(ascii: "."), text.contains(Self.slash),
      let slash = text.indices.dropFirst().dropLast().last(where: {
        text[$0] == Self.slash && text[$0 - 1] == 0x20 && text[$0 + 1] == 0x20
      })
    else { return nil }
    let name = text[(slash + 2)...].split(separator: 0x20)
    let described = text[..<(slash - 1)].split(separator: 0x20).count
    guard described >= 4, !name.isEmpty, name.count <= 5 else { return nil }
    // "GDDR6 / HBM2" and "(IaaC / SECaaC)" are alternatives, and names with commas are a list.
    let isPlain = !name.joined().contains { $0 == UInt8(ascii: ")") || $0 == UInt8(ascii: ",") || $0 >= 0x30 && $0 <= 0x39 }
    let isName = isPlain && name.allSatisfy { $0.count <= 3 || Self.isCapital($0) } && name.contains(where: Self.isCapital)
    return isName ? Finding(kind: .caption, rule: "slash-credit") : nil
  }

  /// "Tourists in Málaga last August. GARCÍA-SANTOS": a name in capitals behind a sentence.
  private func capitalsCredit() -> Finding? {
    guard !line.endsSentence, line.wordCount >= 5, let stop = text.lastIndex(of: UInt8(ascii: ".")), stop > 0,
      !text[(stop + 1)...].contains(where: { $0 >= 0x61 && $0 <= 0x7A || $0 >= 0x30 && $0 <= 0x39 })
    else { return nil }
    let name = String(decoding: text[(stop + 1)...], as: UTF8.self).unicodeScalars
    let letters = name.filter { $0.properties.isAlphabetic }
    guard letters.count >= 4, name.count <= 50, letters.allSatisfy({ $0.properties.isUppercase }) else { return nil }
    // The description is in small letters, and an abbreviation such as "U.S. ARMY" ends in none.
    let before = text[..<stop]
    let isWord = before.suffix(3).allSatisfy { $0 >= 0x61 } || before.suffix(4).allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    let isDescribed = isWord && before.contains(0x20)
    return isDescribed ? Finding(kind: .caption, rule: "capitals-credit") : nil
  }

  // MARK: Places in a line

  private func byte(before place: Int) -> UInt8 {
    var at = place
    while at > 0, line.bytes[at - 1] == 0x20 { at -= 1 }
    return at > 0 ? line.bytes[at - 1] : 0
  }

  func byte(behind place: Int) -> UInt8 {
    var at = place
    while at < line.bytes.count, line.bytes[at] == 0x20 { at += 1 }
    return at < line.bytes.count ? line.bytes[at] : 0
  }

  private func isBehindSentence(_ place: Int) -> Bool {
    var at = place
    while at > 0, line.bytes[at - 1] == 0x20 { at -= 1 }
    return at > 0 && UTF8Text.isTerminator(UTF8Text.scalar(before: at, in: UnsafeBufferPointer(line.bytes)).0)
  }

  /// Whether a full stop or its like stands before a place, with quotation marks between them or not.
  private func endsSentence(before place: Int) -> Bool {
    var at = place
    while at > 0 {
      let (value, length) = UTF8Text.scalar(before: at, in: UnsafeBufferPointer(line.bytes))
      guard value == 0x20 || value == 0x22 || value == 0xBB else { return SentenceMarks.ends(value) }
      at -= length
    }
    return false
  }

  /// Whether nothing stands behind a place, or figures and the signs of year, month and day.
  private func isNothingButDate(from place: Int) -> Bool {
    if place >= line.core.upperBound { return true }
    let bytes = UnsafeBufferPointer(line.bytes)
    var at = place
    while at < bytes.count {
      let (value, length) = UTF8Text.scalar(at: at, in: bytes)
      let isDate = value < 0x40 || value == 0x5E74 || value == 0x6708 || value == 0x65E5
      guard isDate else { return false }
      at += length
    }
    return true
  }

  private func isBehindDash(_ place: Int) -> Bool {
    guard place > 2, line.bytes[place - 1] == 0x20 else { return false }
    let (value, length) = UTF8Text.scalar(before: place - 1, in: UnsafeBufferPointer(line.bytes))
    return (value == 0x2D || value == 0x2013 || value == 0x2014) && place - 1 - length > 0 && line.bytes[place - 2 - length] == 0x20
  }

  private func isWide(before place: Int) -> Bool {
    UTF8Text.isCJK(UTF8Text.scalar(before: place, in: UnsafeBufferPointer(line.bytes)).0)
  }
}

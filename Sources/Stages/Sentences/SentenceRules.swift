import Pipeline

/// What is certain of a place where a sentence may end, whatever a model says.
extension SentenceCandidate {
  /// Whether a sentence ends here; nil where no rule says.
  mutating func verdict(_ language: SentenceLanguage, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool? {
    switch mark {
    case .none: return withoutMark(language, bytes)
    case .colon, .semicolon: return behindColon(language, bytes)
    case .wide: return behindWide(language, bytes)
    case .certain, .exclamation, .question, .stop, .ellipsis: break
    }
    if closing != .none, closing != .note, let verdict = closed(language, bytes) { return verdict }
    // Nothing has been said yet: "... and", "[?] This", and inside a sentence "(...".
    if before.shape == .none || before.shape == .symbols,
      mark == .ellipsis && gap == .none || beforeIsFirst && (closing != .none || mark == .ellipsis)
    {
      return false
    }
    // "Why? - she asked", "- yes! - they went".
    if after.lead == .dash || after.shape == .symbols && isDash(after) {
      let word = after.shape == .symbols ? afterThat : after
      if word.startsLower { return false }
      if word.startsUpper, beforeKind.isEmpty { return true }
    }
    switch mark {
    case .certain: return true
    case .exclamation, .question: return exclaimed(language, bytes)
    case .ellipsis: return omitted(language, bytes)
    default: return gap == .none ? withoutSpace : stopped(language, bytes)
    }
  }

  private func isDash(_ word: SentenceWord) -> Bool { word.lead == .dash }

  private var isCaseless: Bool { after.shape == .caseless || after.shape == .wide }

  private mutating func withoutMark(_ language: SentenceLanguage, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool? {
    switch after.lead {
    case .mark, .stop, .colon, .semicolon, .comma: return false
    default: break
    }
    // Behind what opens, and before what closes, nothing ends.
    if before.shape == .symbols, before.trail == .quote && isInQuotation || before.trail == .bracket && isInBrackets || beforeIsFirst {
      return false
    }
    if after.shape == .symbols, after.lead == .quote && isInQuotation || after.lead == .bracket && isInBrackets { return false }
    // A letter that stands for something: "a vertex V".
    // Or the article of a name: Portuguese "o jornal O Globo".
    if after.shape == .initial, !(language.isEnglish && after.isI), !afterStarts || !language.isEnglish && afterThat.startsUpper {
      return false
    }
    if after.shape == .roman, !afterStarts { return false }
    // "Volume 12", "Section 3"
    if after.shape == .number, after.length <= 3, before.shape == .capitalised || before.shape == .capitals { return false }
    // Speech that breaks off: "Did you just - Yes."; a dash inside a sentence has a small letter behind it, or a name.
    if before.shape == .symbols, isDash(before), beforeThat.shape == .lower, beforeThat.trail != .bracket, afterStarts, after.startsUpper,
      after.length > 1
    {
      return true
    }
    if !language.isTrained { return false }
    if beforeIsFirst, before.lead == .bracket, before.trail == .bracket { return false }
    // What was said goes on with who said it: `yes," she said`.
    if before.trail == .quote, isBehindComma(language, bytes) { return false }
    // A dateline: "PARIS, March 3 - The", "Berlin (dpa) - Die".
    if before.shape == .symbols, isDash(before), startsInCapitals || beforeThat.trail == .bracket, words < 12 { return false }
    return nil
  }

  private mutating func isBehindComma(_ language: SentenceLanguage, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let (_, width) = UTF8Text.scalar(before: end, in: bytes)
    return UTF8Text.scalar(before: end - width, in: bytes).0 == 0x2C
  }

  private mutating func behindColon(_ language: SentenceLanguage, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool? {
    if after.lead == .quote { return false }
    return language.splitsAtColons ? nil : false
  }

  /// Marks of Chinese and Japanese end sentences but inside brackets, and where the sentence goes on behind what they are part of.
  private mutating func behindWide(_ language: SentenceLanguage, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool? {
    if isInBrackets { return false }
    // A decimal point.
    if after.startsDigit, UTF8Text.scalar(at: start, in: bytes).0 == 0xFF0E { return false }
    let (last, _) = UTF8Text.scalar(before: end, in: bytes)
    let (next, _) = UTF8Text.scalar(at: self.next, in: bytes)
    switch last {
    case 0x300B, 0x3009: return false
    case 0x300D, 0x300F, 0x201D, 0x2019:
      // と, の, を, が, は, で, に, も, など: particles.
      switch next {
      case 0x3068, 0x306E, 0x3092, 0x304C, 0x306F, 0x3067, 0x306B, 0x3082, 0x306A, 0x3063: return false
      default: if closesFromBefore, language.speaks(bytes, from: self.next) { return false }
      }
    case 0xFF09: if !closesFromStart { return false }
    default: break
    }
    return true
  }

  /// Behind a closing quotation mark or bracket.
  private mutating func closed(_ language: SentenceLanguage, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool? {
    if after.startsLower { return false }
    if after.lead == .bracket, closing != .bracket, isCitation(language, bytes) { return false }
    // `"Why?" Smith asked.`
    if closing != .bracket, mark != .stop, after.startsUpper, !afterStarts, language.speaks(bytes, from: self.next) { return false }
    guard isCaseless else { return nil }
    if closing == .bracket { return closesFromStart ? true : false }
    return language.speaks(bytes, from: self.next) ? false : nil
  }

  /// `(Smith 55).`: brackets with a number, and only then the full stop.
  private mutating func isCitation(_ language: SentenceLanguage, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard bytes[self.next] == 0x28 else { return false }
    var index = self.next
    var hasDigit = false
    let end = min(bytes.count, index + 80)
    while index < end, bytes[index] != 0x29 {
      if bytes[index] >= 0x30, bytes[index] <= 0x39 { hasDigit = true }
      index += 1
    }
    return hasDigit && index + 1 < end && bytes[index + 1] == 0x2E
  }

  private mutating func exclaimed(_ language: SentenceLanguage, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool? {
    if beforeKind.contains(.exclaimed), !isRun, !afterStarts { return false }
    if after.startsLower {
      // "Who? what? when?"
      if after.trail == .mark { return true }
      // A name with a mark of its own: "Yahoo! in".
      if before.shape == .capitalised, !beforeIsFirst, !isRun { return false }
      return language.isTrained ? nil : false
    }
    if gap == .none { return isCaseless ? true : nil }
    return language.isTrained ? nil : true
  }

  private mutating func omitted(_ language: SentenceLanguage, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool? {
    if isOmission || after.shape == .wide && gap == .none { return false }
    if after.startsLower { return language.isEnglish ? nil : false }
    return after.startsUpper && !language.isTrained ? true : nil
  }

  /// `end.Next`: a missing space, if both are whole words.
  private var withoutSpace: Bool? {
    if before.length < 3 || before.shape == .address { return false }
    switch (before.shape, after.shape) {
    case (.lower, .capitalised), (.numeric, .capitalised): return after.length > 1 || afterStarts
    case (.capitalised, .capitalised):
      return afterStarts || afterKind.contains(.title) || before.length > 3 && after.length > 3 && afterThat.startsLower
    case (.lower, .initial), (.capitalised, .initial): return afterStarts
    case (.caseless, .caseless): return true
    case (.wide, .wide): return true
    default: return closing == .note ? true : false
    }
  }

  private mutating func stopped(_ language: SentenceLanguage, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool? {
    guard !isRun, closing == .none else { return nil }
    let kinds = beforeKind
    let any = beforeKindInAnyCase
    if kinds.contains(.title), after.shape != .symbols { return false }
    if any.contains(.number),
      after.lead == .mark || after.startsDigit || after.shape == .roman || after.shape == .initial && after.trail == .stop
    {
      return false
    }
    if kinds.contains(.month), after.startsDigit || after.lead == .bracket { return false }
    // "etc. The"; a single letter only behind another: Russian "т. д."
    if kinds.contains(.ending), before.shape != .letter || beforeThat.shape == .letter, !after.startsLower,
      afterStarts || !language.isGerman
    {
      return true
    }
    // Both: what may be a word too, such as Russian "им".
    if kinds.contains(.inner) { return kinds.contains(.maybe) && afterStarts && after.startsUpper }
    if !any.isDisjoint(with: .abbreviation), after.startsLower, before.length <= 4 || !kinds.isEmpty { return false }
    if kinds.contains(.maybe) {
      if after.shape == .initial, after.trail == .stop { return false }
      if afterStarts { return true }
      if kinds.contains(.time) {
        if !afterKind.isDisjoint(with: [.day, .month]) { return false }
        // "At 5 a.m. Mr. Smith went", and "He left at 6 p.m. Mr. Smith stayed".
        if after.startsUpper { return words > 3 }
      }
      // "1,1 Mio. Euro"
      if language.isGerman, beforeThat.shape == .number || beforeThat.shape == .numeric { return false }
      // "45 kr. Børn": where nouns have small letters.
      if !language.isTrained, before.length > 1, after.shape == .capitalised, beforeThat.shape == .number || beforeThat.shape == .numeric {
        return true
      }
      if !language.isTrained || before.shape == .capitals && after.shape == .capitals { return false }
    }
    if after.startsLower, before.length <= 3, before.shape == .lower, !language.isTrained { return false }
    switch before.shape {
    case .initial where language.isEnglish && before.isI && beforeThat.shape == .lower: return afterStarts ? true : nil
    case .initial where isCaseless && beforeThat.shape == .initial: return false
    case .initial:
      if !afterStarts || after.length == 1 && after.trail == .stop, after.startsUpper { return false }
    case .dottedCapitals where after.startsLower && !language.isEnglish: return false
    case .dottedCapitals where before.length <= 4 && kinds.isEmpty && !afterStarts: return false
    case .dottedCapitals: if !language.isTrained, !afterStarts { return false }
    case .number where (!language.isTrained || language.hasOrdinals) && isDate: return false
    case .number where language.hasOrdinals && before.length <= 2, .roman where language.hasOrdinals:
      // Where nouns have capitals a capital says nothing; elsewhere it does.
      if !afterStarts, after.lead == .dash || !after.startsDigit && (language.isGerman || !after.startsUpper || before.shape == .roman) {
        return false
      }
      if after.startsUpper, !language.isTrained { return true }
    case .caseless where before.length == 1: return false
    case .number where language.hasOrdinals && after.startsLower: return false
    default: break
    }
    // The Armenian full stop is another mark.
    let last = UTF8Text.scalar(before: start, in: bytes).0
    if after.startsLower, last >= 0x0531, last <= 0x0587 { return false }
    return isCaseless && kinds.isEmpty && !language.isTrained && before.shape != .dottedLower ? true : nil
  }

  /// Korean dates: "2021. 3. 12."
  private var isDate: Bool {
    after.startsDigit && (afterThat.startsDigit || beforeThat.shape == .number)
      || isCaseless && beforeThat.shape == .number && beforeThat.trail == .stop
  }
}

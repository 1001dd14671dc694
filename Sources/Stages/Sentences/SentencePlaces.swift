import Pipeline

/// What is around a place where a sentence may end, and the decision on it.
extension SentenceScan {
  /// Two spaces set sentences apart where a mark stands before them; elsewhere, and at the end of a line, they are one.
  private mutating func gap(_ next: Int) -> SentenceCandidate.Gap {
    if next == place.end { return .none }
    guard place.mark != .none, next > place.end + UTF8Text.scalar(at: place.end, in: bytes).1 else { return .space }
    return bytes[place.end..<next].contains(0x0A) ? .space : .spaces
  }

  /// Tells what is around a place and decides on it.
  mutating func decide(_ next: Int) {
    place.next = next
    place.gap = gap(next)
    let afterEnd = self.wordEnd(next)
    place.after = SentenceWord(bytes, next..<afterEnd, characters)
    place.afterStarts = language.starts(place.after, in: bytes)
    if isNameInside {
      pass(to: next)
      return
    }
    let wordEnd = place.start
    place.before = SentenceWord(bytes, wordStart(word, wordEnd)..<max(word, wordEnd), characters)
    if place.mark == .stop || place.mark == .exclamation || place.mark == .none {
      (place.beforeKind, place.beforeKindInAnyCase) = language.kinds(of: place.before, in: bytes)
    } else {
      (place.beforeKind, place.beforeKindInAnyCase) = ([], [])
    }
    if isPlainEnd {
      end(at: place.end, next)
      return
    }
    place.beforeThat = SentenceWord(bytes, wordStart(lastWord.lowerBound, lastWord.upperBound)..<lastWord.upperBound, characters)
    let beyond = skipSpace(afterEnd).end
    place.afterThat = SentenceWord(bytes, beyond..<self.wordEnd(beyond), characters)
    place.words = words
    place.isInBrackets = nesting.isInBrackets(at: place.end)
    place.isInQuotation = nesting.isInQuotation(at: place.end)
    place.isWoven = nesting.isWoven
    place.closesFromStart = nesting.closedFrom == start
    place.closesFromBefore = nesting.closedFrom >= 0 && nesting.closedFrom <= start
    place.startsInCapitals = startsInCapitals
    place.startsWithQuote = startsWithQuote
    place.startsWithMarker = startsWithMarker
    place.beforeIsFirst = word == start
    place.afterKind = []
    if place.gap == .none || place.beforeKind.contains(.time) { place.afterKind = language.kinds(of: place.after, in: bytes).written }
    let verdict = certain()
    if verdict == nil ? judge.endsSentence(&place, offset: offset) : verdict! {
      end(at: place.end, next)
    } else if next > place.end {
      pass(to: next)
    }
  }

  /// Whether a capital behind a word in lower case begins a name, not a sentence: only words that often begin sentences do that without a mark.
  private var isNameInside: Bool {
    @inline(__always) get {
      place.mark == .none && place.gap == .space && place.after.shape == .capitalised && place.after.lead == .none && !place.afterStarts
        && bytes[place.start - 1] >= 0x61 && bytes[place.start - 1] <= 0x7A
    }
  }

  /// Whether a full stop stands between a word that no list has as an abbreviation and one that begins sentences: most ends are of this kind, and need no
  /// further look.
  private var isPlainEnd: Bool {
    @inline(__always) get {
      place.mark == .stop && place.gap == .space && place.closing == .none && !place.isRun && place.afterStarts
        && place.after.shape == .capitalised
        && place.after.lead == .none && place.before.shape == .lower && place.before.length > 3 && place.beforeKindInAnyCase.isEmpty
        && word != start && !nesting.isOpen(at: place.end)
    }
  }

  /// A long word is read from its end.
  private mutating func wordStart(_ start: Int, _ end: Int) -> Int {
    guard end - start > SentenceWord.longest else { return start }
    var start = end - SentenceWord.longest
    while start < end, bytes[start] & 0xC0 == 0x80 { start += 1 }
    return start
  }

  private mutating func wordEnd(_ start: Int) -> Int {
    var index = start
    let limit = min(bytes.count, start + SentenceWord.longest)
    while index < limit, !UTF8Text.isSpace(bytes[index]) {
      // The first bytes of the spaces beyond ASCII.
      if bytes[index] >= 0xC2, UTF8Text.isWhiteSpace(UTF8Text.scalar(at: index, in: bytes).0) { return index }
      index += 1
    }
    while index > start, index < bytes.count, bytes[index] & 0xC0 == 0x80 { index -= 1 }
    return index
  }

  /// What is certain of a place; nil where it is left to the judge.
  private mutating func certain() -> Bool? {
    if isJoined(place.end) { return false }
    if place.gap != .none, ListMarker.mayBegin(at: place.next, in: bytes), let marker = ListMarker(at: place.next, in: bytes, characters) {
      // Where a full stop makes ordinals, "5. Mai" is no item.
      let isSafe = place.mark != .none || !language.hasOrdinals || marker.style != .numberStop || place.afterThat.startsUpper
      if isSafe, markers.isNext(marker) { return true }
      if place.mark != .none, markers.isFollowed(marker, in: bytes, characters) { return true }
    }
    if place.startsWithMarker, place.beforeIsFirst { return false }
    if place.mark != .none {
      if keepsQuotations, place.isInQuotation { return false }
      if place.isWoven {
        if place.isInQuotation { return false }
        if place.closing == .quote, place.after.lead == .bracket { return false }
      }
    }
    return place.verdict(language, bytes)
  }

  /// The end of a mark: of a run of marks, what closes with them, and references behind them.
  mutating func readCluster() {
    var cluster = MarkCluster(bytes, characters, isInQuotation: nesting.isInQuotation(at: index))
    cluster.read(at: index)
    place.end = cluster.end
    place.closing = cluster.closing
    place.isRun = cluster.marks > 1
    place.isOmission = cluster.isOmission
    if cluster.isWide { place.mark = .wide }
    if place.mark == .wide || place.mark == .certain { return }
    if cluster.isEllipsis { place.mark = .ellipsis } else if cluster.isQuestion { place.mark = .question }
  }
}

import Pipeline

/// The second look at a document: what it says plainly in one place helps where it says little.
///
/// "Gerasimov" is a person where "Valery Gerasimov" is named; "(NAC)" behind "National Audit Commission" is the same organisation, there and
/// everywhere else; a name that is certain in one sentence is found in the next, in a headline in capitals too. One sense per discourse: Gale, Church,
/// Yarowsky, "One sense per discourse" (HLT 1992). O(tokens times the longest name).
struct EntityConsistency {
  typealias Span = EntityDecoder.Span

  /// What is known about a name of the document.
  private struct Known {
    /// The sum of scores by label.
    var sums = SIMD4<Float>()
    var best = SIMD4<Float>()

    /// The label with the highest sum.
    var kind: Int { sums[0] >= sums[1] ? (sums[0] >= sums[2] ? 0 : 2) : (sums[1] >= sums[2] ? 1 : 2) }
  }

  /// A name is looked for elsewhere when it was found with this much certainty at least once.
  private static let certain: Float = 0.8
  /// A label gives way to what the document says elsewhere when it is less certain than this.
  private static let doubtful: Float = 0.75
  /// Names have this many tokens at most to be looked for.
  private static let longest = 6

  /// By the hash of the tokens in lower case.
  private var names: [UInt32: Known] = [:]
  /// How certain persons are with a last name.
  private var lastNames: [UInt32: Float] = [:]
  /// Labels of acronyms that stood behind what they are short for.
  private var acronyms: [UInt32: Int] = [:]

  /// Adds and relabels names. Spans are in order of the text before and after.
  mutating func refine(_ spans: inout [Span], _ tokens: borrowing EntityTokens, _ text: UnsafeBufferPointer<UInt8>) {
    let base = tokens.base
    for block in tokens.blocks { expand(&spans, base, block, text) }
    for span in spans { learn(span, base) }
    for index in spans.indices { relabel(&spans[index], base) }
    if names.isEmpty, acronyms.isEmpty { return }
    var found: [Span] = []
    var next = 0
    for block in tokens.blocks {
      var index = block.lowerBound
      while index < block.upperBound {
        while next < spans.count, spans[next].last < index { next += 1 }
        if next < spans.count, spans[next].first <= index {
          index = spans[next].last + 1
          continue
        }
        let end = next < spans.count ? min(spans[next].first, block.upperBound) : block.upperBound
        if let span = known(at: index, before: end, base) {
          found.append(span)
          index = span.last + 1
        } else {
          index += 1
        }
      }
    }
    guard !found.isEmpty else { return }
    spans = (spans + found).sorted { $0.first < $1.first }
  }

  /// The key of a name. An acronym is another name than the word with the same letters, but for lines in capitals, where both are written alike.
  private static func hash(_ base: UnsafeMutablePointer<EntityToken>, _ first: Int, _ last: Int) -> UInt32 {
    if first == last, base[first].shape == .upper, !base[first].flags.contains(.inCapitals) {
      return EntityHash.phrase(1, base[first].lower)
    }
    var hash: UInt32 = 0
    for index in first...last { hash = EntityHash.phrase(hash, base[index].lower) }
    return hash
  }

  private mutating func learn(_ span: Span, _ base: UnsafeMutablePointer<EntityToken>) {
    guard span.last - span.first < Self.longest else { return }
    let name = Self.hash(base, span.first, span.last)
    var known = names[name] ?? Known()
    known.sums[span.kind] += span.score
    known.best[span.kind] = max(known.best[span.kind], span.score)
    names[name] = known
    if span.kind == 0, span.last > span.first, span.score > 0.5 {
      // "Jr." and "III" are no last names.
      var last = span.last
      while last > span.first,
        base[last].shape == .abbreviation || base[last].shape == .initials || !base[last].isCapital || Self.isRomanNumeral(base[last])
      {
        last -= 1
      }
      if last > span.first, base[last].end - base[last].start > 2 {
        let key = base[last].lower
        lastNames[key] = max(lastNames[key] ?? 0, span.score)
      }
    }
  }

  private static func isRomanNumeral(_ token: EntityToken) -> Bool {
    guard token.shape == .upper || token.shape == .oneCapital, token.end - token.start <= 4 else { return false }
    var letters = token.head
    while letters != 0 {
      guard [UInt32(0x69), 0x76, 0x78].contains(letters & 0xFF) else { return false }
      letters >>= 8
    }
    return true
  }

  private func relabel(_ span: inout Span, _ base: UnsafeMutablePointer<EntityToken>) {
    let token = base[span.first]
    let isAlone = span.first == span.last
    guard span.score < Self.certain else { return }
    if isAlone, token.shape == .upper, let kind = acronyms[token.lower] {
      span.kind = kind
      return
    }
    guard span.score < Self.doubtful else { return }
    let known = names[Self.hash(base, span.first, span.last)] ?? Known()
    let kind = known.kind
    if kind != span.kind, known.best[kind] > Self.certain, known.sums[kind] > 2 * known.sums[span.kind] {
      span.kind = kind
    } else if isAlone, span.kind != 0, known.best.max() < Self.certain, let score = lastNames[token.lower], score > Self.certain {
      span.kind = 0
    }
  }

  /// The longest name that is known from elsewhere and begins at a token.
  private func known(at index: Int, before end: Int, _ base: UnsafeMutablePointer<EntityToken>) -> Span? {
    let token = base[index]
    guard token.isCapital, token.end - token.start > 1 else { return nil }
    // Part of a longer name is another name: "Washington" in "Washington Post".
    let isFree = token.flags.contains(.inCapitals) || token.flags.contains(.inTitle)
    var best: Span?
    for last in index..<min(end, index + Self.longest) {
      let hash = Self.hash(base, index, last)
      guard base[last].isCapital, isFree || !base[last + 1].isCapital && !Self.isGlued(base[last + 1], base[last + 2]) else { continue }
      if let known = names[hash] {
        let kind = known.kind
        if known.best[kind] > Self.certain, known.sums[kind] > 3 * (known.sums.sum() - known.sums[kind]) {
          best = Span(first: index, last: last, kind: kind, score: known.best[kind] * 0.9)
        }
      }
    }
    let before = base[index - 1]
    if !isFree, before.isCapital, !before.flags.contains(.startsSentence), before.classes & EntityLexicon.Class.title.bit == 0 {
      return nil
    }
    if before.shape == .hash || before.shape == .at || Self.isGlued(before, base[index - 2]) { return nil }
    if let best {
      if best.first == best.last, token.flags.contains(.startsSentence) || isFree, token.usage.contains(.small) || token.isOrdinary {
        return nil
      }
      return best
    }
    guard isFree || !base[index + 1].isCapital else { return nil }
    if token.shape == .upper, !token.isOrdinary, let kind = acronyms[token.lower] {
      return Span(first: index, last: index, kind: kind, score: 0.9)
    }
    // "May", "Green" and "Hunt" are other words too: where nothing but a capital speaks for the name it is none.
    if token.usage.contains(.small) || token.classes & EntityLexicon.Class.time.bit != 0 { return nil }
    if token.classes & EntityLexicon.Class.common.bit != 0, isFree || token.flags.contains(.startsSentence) { return nil }
    if before.shape == .number || base[index + 1].shape == .number || Self.isRomanNumeral(token) { return nil }
    if let score = lastNames[token.lower], score > Self.certain { return Span(first: index, last: index, kind: 0, score: score * 0.9) }
    return nil
  }

  /// Whether a mark joins two words to one.
  private static func isGlued(_ mark: EntityToken, _ word: EntityToken) -> Bool {
    (mark.shape == .dash || mark.shape == .ampersand || mark.shape == .slash) && !mark.flags.contains(.spaceBefore)
      && !word.flags.contains(.spaceBefore)
  }

  // MARK: Acronyms

  /// Finds "Long Form (LF)": the acronym is what the long form is, and where only one of them was found so is the other.
  private mutating func expand(
    _ spans: inout [Span], _ base: UnsafeMutablePointer<EntityToken>, _ block: Range<Int>, _ text: UnsafeBufferPointer<UInt8>
  ) {
    var index = block.lowerBound + 2
    while index + 1 < block.upperBound {
      defer { index += 1 }
      let token = base[index]
      guard token.shape == .upper || token.shape == .initials, base[index - 1].shape == .open, base[index + 1].shape == .close,
        token.end - token.start <= 10
      else { continue }
      guard let first = Self.longForm(before: index - 1, from: block.lowerBound, token, base, text) else { continue }
      let last = index - 2
      let overlapping = spans.indices.filter { spans[$0].first <= last && spans[$0].last >= first }
      let kind: Int
      if let best = overlapping.max(by: { spans[$0].score < spans[$1].score }) {
        let isWithin = overlapping.allSatisfy { spans[$0].kind != 0 && spans[$0].first >= first && spans[$0].last <= last }
        guard isWithin else { continue }
        kind = spans[best].kind
        // The long form as it was found may be a part of what the letters stand for.
        let whole = Span(first: first, last: last, kind: kind, score: spans[best].score)
        spans.replaceSubrange(overlapping[0]...overlapping[overlapping.count - 1], with: [whole])
      } else if let short = spans.first(where: { $0.first <= index && $0.last >= index }) {
        if short.kind == 0 { continue }
        kind = short.kind
        spans.insert(Span(first: first, last: last, kind: kind, score: 0.8), at: spans.firstIndex { $0.first > last } ?? spans.count)
      } else {
        continue
      }
      acronyms[token.lower] = kind
    }
  }

  /// The first token of the words before a bracket whose first letters are those of an acronym.
  private static func longForm(
    before open: Int, from start: Int, _ acronym: EntityToken, _ base: UnsafeMutablePointer<EntityToken>, _ text: UnsafeBufferPointer<UInt8>
  ) -> Int? {
    var letters: [UInt8] = []
    for byte in text[Int(acronym.start)..<Int(acronym.end)] where byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A { letters.append(byte | 0x20) }
    guard letters.count >= 2 else { return nil }
    var index = open - 1
    guard index >= start, base[index].isCapital else { return nil }
    while index >= start, let letter = letters.last {
      let token = base[index]
      if token.isWord, UInt8(truncatingIfNeeded: token.head) == letter {
        letters.removeLast()
        if letters.isEmpty { return token.isCapital ? index : nil }
      } else if token.isWord, !(token.shape == .lower && EntityContext.joiningWords.contains(token.lower)) {
        return nil
      } else if !token.isWord, token.shape != .dash, token.shape != .ampersand, token.shape != .apostropheS {
        return nil
      }
      index -= 1
    }
    return nil
  }
}

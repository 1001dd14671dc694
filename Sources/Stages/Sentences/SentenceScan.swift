import Pipeline

/// Decides on places where a sentence may end, in the order of the text.
protocol SentenceJudge {
  mutating func endsSentence(_ place: inout SentenceCandidate, offset: Int) -> Bool
}

/// One pass over a paragraph: finds the places where a sentence may end, tells what is around each, decides what is certain, asks a judge about
/// the rest, and keeps count of brackets, quotation marks and list markers on the way. O(length); nothing is allocated but the result.
struct SentenceScan<Judge: SentenceJudge> {
  let bytes: UnsafeBufferPointer<UInt8>
  let language: SentenceLanguage
  let keepsQuotations: Bool
  var judge: Judge
  let characters = SentenceCharacters.shared
  /// What is found is added here, moved by as many bytes as stand before the paragraph.
  private(set) var sentences: [Range<Int>] = []
  var offset = 0

  var start = 0
  var index = 0
  /// Where the word at hand begins; what the one before it is.
  var word = 0
  var lastWord = 0..<0
  var words = 0
  var nesting = QuotationState()
  var markers = ListMarkers()
  var startsWithQuote = false
  var startsWithMarker = false
  var startsInCapitals = false
  /// Of the paragraph, in code points; measured when a line ends.
  private var widestLine: Int?
  /// The place at hand; one for all, since it is large.
  var place = SentenceCandidate()

  init(
    _ bytes: UnsafeBufferPointer<UInt8>, at offset: Int, _ language: SentenceLanguage, keepsQuotations: Bool, _ judge: Judge,
    _ sentences: [Range<Int>]
  ) {
    self.bytes = bytes
    self.offset = offset
    self.language = language
    self.keepsQuotations = keepsQuotations
    self.judge = judge
    self.sentences = sentences
  }

  /// Splits a text that may have several paragraphs: nothing in one counts in another.
  static func sentences(of text: UnsafeBufferPointer<UInt8>, _ language: SentenceLanguage, keepsQuotations: Bool, _ judge: inout Judge)
    -> [Range<Int>]
  {
    var sentences: [Range<Int>] = []
    var start = 0
    while start < text.count {
      let end = Paragraphs.end(text, from: start)
      var scan = SentenceScan(
        UnsafeBufferPointer(rebasing: text[start..<end]), at: start, language, keepsQuotations: keepsQuotations, judge, sentences)
      sentences = []
      scan.run()
      sentences = scan.sentences
      judge = scan.judge
      start = end
    }
    return sentences
  }

  private mutating func run() {
    begin(at: skipSpace(0).end)
    let classes = SentenceBytes.shared.classes
    let count = bytes.count
    while index < count {
      let place = SentenceBytes.skipLetters(bytes, from: index)
      index = place
      guard place < count else { break }
      if goesOn(place) {
        pass(to: place + 1)
        continue
      }
      switch SentenceBytes.Kind(rawValue: classes[Int(bytes[place])]) {
      case .plain: index = place + 1
      case .space: space()
      case .mark: mark(UInt32(bytes[place]))
      case .nesting:
        nesting.see(UInt32(bytes[place]), at: place, width: 1, in: bytes)
        index = place + 1
      case .lead: lead()
      }
    }
    var end = bytes.count
    while end > start {
      let (value, width) = UTF8Text.scalar(before: end, in: bytes)
      guard UTF8Text.isWhiteSpace(value), !isJoined(end, to: value), !isPrefix(before: end - width) else { break }
      end -= width
    }
    if end > start { sentences.append((offset + start)..<(offset + end)) }
  }

  /// Whether a single space has a word in lower case behind it that no sentence begins with where nothing before ends one: most of a text.
  @inline(__always)
  private mutating func goesOn(_ place: Int) -> Bool {
    guard place + 2 < bytes.count, place > 0, bytes[place] == 0x20 else { return false }
    let next = bytes[place + 1]
    guard next >= 0x61, next <= 0x7A else { return false }
    let second = bytes[place + 2]
    // "http", "www".
    if next == 0x68 && second == 0x74 || next == 0x77 && second == 0x77 { return false }
    let last = bytes[place - 1]
    return second != 0x29 && second != 0x2E && last != 0x29 && last != 0x3E
  }

  private mutating func lead() {
    let (value, width) = UTF8Text.scalar(at: index, in: bytes)
    let traits = characters.traits(value)
    if traits.contains(.terminator) {
      mark(value)
    } else if traits.contains(.space) {
      space()
    } else {
      if !traits.isDisjoint(with: [.opener, .closer]) { nesting.see(value, at: index, width: width, in: bytes) }
      index += width
      // Words in scripts without spaces end at punctuation.
      if traits.contains(.wide), traits.isDisjoint(with: .word) { word = index }
    }
  }

  /// Begins a sentence at a character that is no white space.
  private mutating func begin(at place: Int) {
    start = place
    index = place
    word = place
    lastWord = place..<place
    words = 0
    startsWithQuote = false
    startsWithMarker = false
    guard place < bytes.count else { return }
    nesting.beginSentence(at: place)
    let (value, _) = UTF8Text.scalar(at: place, in: bytes)
    startsWithQuote = characters.traits(value).contains(.quote)
    startsInCapitals =
      place + 1 < bytes.count && bytes[place] >= 0x41 && bytes[place] <= 0x5A && bytes[place + 1] >= 0x41 && bytes[place + 1] <= 0x5A
    if let marker = ListMarker(at: place, in: bytes, characters) {
      startsWithMarker = true
      markers.open(marker)
      // Its full stop is its own.
      index = marker.end
    }
  }

  /// Behind the white space at a place, and how many line ends are in it.
  mutating func skipSpace(_ place: Int) -> (end: Int, lines: Int) {
    var place = place
    var lines = 0
    while place < bytes.count {
      let (value, width) = UTF8Text.scalar(at: place, in: bytes)
      guard UTF8Text.isWhiteSpace(value), !isJoined(place + width, to: value) else { break }
      if value == 0x0A { lines += 1 }
      place += width
    }
    return (place, lines)
  }

  /// Whether the character at a place is a part of the one before.
  mutating func isJoined(_ place: Int, to before: UInt32 = 0x2E) -> Bool {
    guard place < bytes.count, bytes[place] >= 0xCC, !isControl(before) else { return false }
    return characters.traits(UTF8Text.scalar(at: place, in: bytes).0).contains(.extender)
  }

  /// Whether the character before a place is a part of the white space at it.
  private mutating func isPrefix(before place: Int) -> Bool {
    guard place > 0, bytes[place - 1] >= 0x80, !isControl(UTF8Text.scalar(at: place, in: bytes).0) else { return false }
    return characters.traits(UTF8Text.scalar(before: place, in: bytes).0).contains(.prefix)
  }

  /// Nothing is joined to the ends of lines and to what is invisible (Unicode Standard Annex 29, rules GB4 and GB5).
  private mutating func isControl(_ value: UInt32) -> Bool {
    switch value {
    case ..<0x20, 0x85, 0x200B, 0x2028, 0x2029, 0xFEFF: true
    default: false
    }
  }

  /// White space behind nothing that ends sentences.
  private mutating func space() {
    let (next, lines) = isPrefix(before: index) ? (index, 0) : skipSpace(index)
    guard next > index, next < bytes.count else {
      // White space with a mark on it is a character like any other.
      index = max(next, index + UTF8Text.scalar(at: index, in: bytes).1)
      return
    }
    if lines > 0, lineIsBorder(next) {
      end(at: index, next)
    } else if mayBegin(at: next) {
      place.mark = .none
      place.closing = .none
      place.isRun = false
      place.isOmission = false
      place.start = index
      place.end = index
      decide(next)
    } else {
      pass(to: next)
    }
  }

  /// Whether the end of a line is no place where a wrapped text was broken: the next word would have had room.
  private mutating func lineIsBorder(_ next: Int) -> Bool {
    // "Roses are red,"
    if bytes[index - 1] == 0x2C { return false }
    let widest = widestLine ?? LineWidth.widest(bytes)
    widestLine = widest
    if widest < LineWidth.narrowestWrap { return true }
    let line = LineWidth.line(endingAt: index, bytes) + 1 + LineWidth.word(at: next, bytes)
    // Before a small letter it takes more to be sure.
    return line + (characters.traits(UTF8Text.scalar(at: next, in: bytes).0).contains(.lower) ? LineWidth.raggedness : 0) <= widest
  }

  /// Whether a sentence may begin here though nothing before ends one. Words in lower case do not, and that is most of a text.
  private mutating func mayBegin(at next: Int) -> Bool {
    let byte = bytes[next]
    if byte | 0x20 >= 0x61, byte | 0x20 <= 0x7A {
      if byte & 0x20 == 0 { return true }
      // An address begins a line of its own as a rule.
      if byte == 0x68 || byte == 0x77 { return ListMarker(at: next, in: bytes, characters) != nil || isAddress(at: next) }
      let last = bytes[index - 1]
      return last == 0x29 || last == 0x3E || next + 1 < bytes.count && (bytes[next + 1] == 0x29 || bytes[next + 1] == 0x2E)
    }
    if byte < 0x80 { return true }
    let traits = characters.traits(UTF8Text.scalar(at: next, in: bytes).0)
    return !traits.contains(.wide) && traits.isDisjoint(with: [.lower, .caseless])
  }

  private mutating func isAddress(at place: Int) -> Bool {
    guard place + 4 <= bytes.count else { return false }
    let first = UnsafeRawPointer(bytes.baseAddress! + place).loadUnaligned(as: UInt32.self)
    return first == UInt32(littleEndian: 0x7074_7468) || first == UInt32(littleEndian: 0x2E77_7777)
  }

  /// The sentence goes on with the word at a place.
  @inline(__always)
  mutating func pass(to next: Int) {
    lastWord = word..<index
    word = next
    words += 1
    index = next
  }

  mutating func end(at end: Int, _ next: Int) {
    sentences.append((offset + start)..<(offset + end))
    begin(at: next)
  }

  /// A full stop or another mark that may end a sentence.
  private mutating func mark(_ value: UInt32) {
    place.closing = .none
    place.isRun = false
    place.isOmission = false
    place.start = index
    place.mark = SentenceCandidate.mark(value, characters)
    if value == 0x3B, language.isGreek {
      place.mark = .question
      readCluster()
    } else if value == 0x3A || value == 0x3B {
      let before = UTF8Text.scalar(before: index, in: bytes).0
      // Armenian is often typed with a colon for its full stop.
      if value == 0x3A, isArmenian(before) { place.mark = .certain }
      place.end = index + 1
      if place.mark != .certain, place.end < bytes.count, !UTF8Text.isSpace(bytes[place.end]) {
        index += 1
        return
      }
    } else {
      readCluster()
    }
    var seen = index
    while seen < place.end {
      let (value, width) = UTF8Text.scalar(at: seen, in: bytes)
      if !characters.traits(value).isDisjoint(with: [.opener, .closer]) { nesting.see(value, at: seen, width: width, in: bytes) }
      seen += width
    }
    index = place.end
    guard index < bytes.count else { return }
    let (next, lines) = skipSpace(index)
    guard next < bytes.count else {
      index = next
      return
    }
    if lines > 0, lineIsBorder(next) {
      end(at: index, next)
    } else if next > index || mayEndWithoutSpace() {
      decide(next)
    }
  }

  private mutating func isArmenian(_ value: UInt32) -> Bool { value >= 0x0531 && value <= 0x0587 }

  /// Whether a mark that a letter follows at once can end a sentence: a missing space, not an address or a number.
  private mutating func mayEndWithoutSpace() -> Bool {
    if place.mark == .wide || place.mark == .certain { return true }
    let next = characters.traits(UTF8Text.scalar(at: place.end, in: bytes).0)
    if next.contains(.wide) { return true }
    guard !next.isDisjoint(with: [.upper, .quote, .caseless]), place.start > start else { return false }
    let before = characters.traits(UTF8Text.scalar(before: place.start, in: bytes).0)
    return !before.isDisjoint(with: [.lower, .caseless, .digit, .closer])
  }
}

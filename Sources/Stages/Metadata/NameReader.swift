import Pipeline

/// Reads the names of authors out of texts that hold them: a list, a byline, a name and what stands behind it.
struct NameReader {
  struct Reading {
    var names: [PersonName] = []
    /// Whether the text went on behind the names with something else.
    var isCut = false
    /// Whether a comma or "and" stands at the end, so that a name is to follow.
    var wantsMore = false
  }

  let words: MetadataWords
  /// Names of the site and its publishers, as `FactText.words` gives them.
  let sites: [[UInt8]]

  /// No page has more authors.
  static let mostNames = 100
  /// Particles of names are no longer, in bytes.
  private static let longestParticle = 3
  /// Longer texts hold no list of names, in bytes.
  static let longestList = 2000

  /// The names in a text, without "by" before them, professions and places behind them, or addresses among them.
  /// - Parameters:
  ///   - isShown: whether the text is one that readers see, in which dates and sentences may follow; else it is a list of names.
  ///   - isBehindComma: whether a name and a comma stand before the text, so that it may begin with a profession.
  func names(_ text: [UInt8], isShown: Bool, isBehindComma: Bool = false, _ line: inout FoldedLine) -> Reading {
    guard text.count <= Self.longestList else { return Reading() }
    let text = Self.withoutAddresses(text)
    var reading = Reading()
    let pieces = text.withUnsafeBufferPointer { bytes -> [Piece] in
      line.fold(bytes)
      return cut(bytes, line, isShown: isShown, &reading)
    }
    var known = Set<[UInt8]>()
    var last: (text: [UInt8], name: PersonName)?
    func finish() {
      guard let name = last?.name, known.insert(name.words).inserted, reading.names.count < Self.mostNames else { return }
      reading.names.append(name)
    }
    for piece in pieces where !piece.range.isEmpty {
      let part = isShown ? withoutProfession(text[piece.range], &line) : text[piece.range]
      if piece.isBehindComma, let before = last?.text, Self.isDegree(part) {
        let whole = before + ", ".utf8 + part
        if let name = PersonName(whole[...], words, sites: sites, &line) { last = (whole, name) }
        continue
      }
      if piece.isBehindComma || isBehindComma && pieces.first.map({ $0.range == piece.range }) ?? false,
        last != nil || isBehindComma, holds([.role, .behind], part, &line)
      {
        continue
      }
      guard let name = PersonName(part, words, sites: sites, &line) else { continue }
      finish()
      last = (Array(part), name)
    }
    finish()
    return reading
  }

  private struct Piece {
    /// In the text.
    let range: Range<Int>
    let isBehindComma: Bool
  }

  /// Cuts a text at the marks and words between names.
  private func cut(_ text: UnsafeBufferPointer<UInt8>, _ line: borrowing FoldedLine, isShown: Bool, _ reading: inout Reading) -> [Piece] {
    let bytes = UnsafeBufferPointer(line.bytes)
    let starts = line.starts
    var place = behindByline(line)
    guard place < starts.count else {
      reading.wantsMore = place > 0
      return []
    }
    let isGroup = isWholeGroup(line, from: place)
    var pieces: [Piece] = []
    var pieceStart = Int(starts[place].source)
    var isBehindComma = false
    /// Ends a piece before a place in the text, and begins another behind the mark or word there.
    func part(at source: Int, resuming next: Int, isComma: Bool) {
      pieces.append(Piece(range: pieceStart..<max(pieceStart, source), isBehindComma: isBehindComma))
      isBehindComma = isComma
      pieceStart = next
      reading.wantsMore = true
    }
    while place < starts.count {
      let offset = Int(starts[place].offset)
      let source = Int(starts[place].source)
      let (value, length) = UTF8Text.scalar(at: offset, in: bytes)
      let behind = place + 1 < starts.count ? Int(starts[place + 1].source) : text.count
      let isFirst = offset == 0 || bytes[offset - 1] == 0x20 || CharacterTable.shared.class(value).contains(.wide)
      if !CharacterTable.shared.class(value).contains(.word) {
        let isSpaced = isFirst && offset + length < bytes.count && bytes[offset + length] == 0x20
        switch separation(value, isSpaced: isSpaced, isShown: isShown, isGroup: isGroup) {
        case .none: break
        case .comma: part(at: source, resuming: behind, isComma: true)
        case .names: part(at: source, resuming: behind, isComma: false)
        case .end:
          reading.isCut = true
          pieces.append(Piece(range: pieceStart..<source, isBehindComma: isBehindComma))
          return pieces
        }
      } else if isFirst {
        let isCapital = CharacterTable.shared.class(UTF8Text.scalar(at: source, in: text).0).contains(.upper)
        if isShown, value >= 0x30 && value <= 0x39 || isBehind(offset, bytes, isCapital: isCapital) {
          reading.isCut = true
          let end = withoutSmallWords(line, before: place, from: pieceStart)
          pieces.append(Piece(range: pieceStart..<end, isBehindComma: isBehindComma))
          return pieces
        }
        if !isGroup, source > pieceStart, let found = words.longest(.and, at: offset, in: bytes),
          found.end >= bytes.count || bytes[found.end] == 0x20
        {
          while place + 1 < starts.count, Int(starts[place + 1].offset) < found.end { place += 1 }
          part(at: source, resuming: place + 1 < starts.count ? Int(starts[place + 1].source) : text.count, isComma: false)
        } else {
          reading.wantsMore = false
        }
      }
      place += 1
    }
    if pieceStart < text.count { pieces.append(Piece(range: pieceStart..<text.count, isBehindComma: isBehindComma)) }
    return pieces
  }

  private enum Separation { case none, comma, names, end }

  private func separation(_ mark: UInt32, isSpaced: Bool, isShown: Bool, isGroup: Bool) -> Separation {
    switch mark {
    case 0x2C, 0x3001, 0xFF0C: .comma
    case 0x3B, 0xFF1B: .names
    case 0x26: isGroup ? .none : .names
    case 0x2B, 0x2F: isSpaced && !isGroup ? .names : .none
    // Bars, dots and dashes: what follows is no name in a byline, and may be one in a list.
    case 0x7C, 0x2022, 0xB7, 0x2219, 0x2027: isShown ? .end : .names
    case 0x2013, 0x2014, 0x2026, 0xBB, 0x203A, 0x28, 0x29, 0x40, 0x3A: isShown ? .end : .none
    case 0x2D: isSpaced && isShown ? .end : .none
    default: .none
    }
  }

  /// Whether something that is none of a name begins: "is", "updated", "June 5". Short words with a capital are particles: "Le".
  private func isBehind(_ offset: Int, _ bytes: UnsafeBufferPointer<UInt8>, isCapital: Bool) -> Bool {
    if let found = words.longest([.behind, .updated], at: offset, in: bytes), !isCapital || found.end - offset > Self.longestParticle {
      return true
    }
    guard let month = words.longest(.month, at: offset, in: bytes) else { return false }
    var next = month.end
    while next < bytes.count, " .".utf8.contains(bytes[next]) { next += 1 }
    return next < bytes.count && PageDate.isDigit(bytes[next])
  }

  /// Whether a mark stands between "by" and the name: a colon, a stroke, a middle dot.
  private static func partsByline(_ mark: UInt32) -> Bool {
    mark == 0x3A || mark == 0x2F || mark == 0x7C || mark == 0x30FB || mark == 0xFF1A
  }

  /// Where a piece ends without the small words before a date or the like: "le 5 mars".
  private func withoutSmallWords(_ line: borrowing FoldedLine, before place: Int, from pieceStart: Int) -> Int {
    var end = place
    while end > 0, Int(line.starts[end - 1].source) > pieceStart,
      words.longest([.filler, .behind], at: Int(line.starts[end - 1].offset), in: UnsafeBufferPointer(line.bytes)) != nil
    { end -= 1 }
    return Int(line.starts[end].source)
  }

  /// The place among a line's starts behind the words that announce a name, "Written by:"; 0 where there are none.
  func behindByline(_ line: borrowing FoldedLine) -> Int {
    let bytes = UnsafeBufferPointer(line.bytes)
    var place = 0
    // （記者・深町表子）
    if let first = line.starts.first, bytes[Int(first.offset)] == UInt8(ascii: "("), line.starts.count > 1 { place = 1 }
    let opening = place
    for _ in 0..<3 {
      guard place < line.starts.count, let found = words.longest(.byline, at: Int(line.starts[place].offset), in: bytes) else { break }
      var next = place
      while next < line.starts.count, Int(line.starts[next].offset) < found.end { next += 1 }
      let isParted = found.end >= bytes.count || bytes[found.end] == 0x20 || Self.partsByline(UTF8Text.scalar(at: found.end, in: bytes).0)
      // In scripts without spaces a name of two to four characters may follow at once.
      guard isParted || found.end - Int(line.starts[place].offset) >= 6 && (2...4).contains(line.starts.count - next) else { break }
      while next < line.starts.count, Self.partsByline(UTF8Text.scalar(at: Int(line.starts[next].offset), in: bytes).0) { next += 1 }
      place = next
    }
    return place == opening ? 0 : place
  }

  /// Whether a line begins with a word that announces something else than an author: "Reviewed by", "Updated".
  func opensWithOther(_ line: borrowing FoldedLine) -> Bool {
    guard let first = line.starts.first else { return false }
    return words.longest([.behind, .updated, .published], at: Int(first.offset), in: UnsafeBufferPointer(line.bytes)) != nil
  }

  /// Whether a text without commas names an organisation, whose "and" parts no names: "Centre for Science and Art".
  private func isWholeGroup(_ line: borrowing FoldedLine, from place: Int) -> Bool {
    let bytes = UnsafeBufferPointer(line.bytes)
    let start = Int(line.starts[place].offset)
    if sites.contains(FactText.words(bytes[start...])) { return true }
    if bytes[start...].contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "|") }) { return false }
    // A person stands before the "and".
    var wordCount = 0
    for index in place..<line.starts.count {
      let offset = Int(line.starts[index].offset)
      if words.longest(.and, at: offset, in: bytes) != nil || bytes[offset] == UInt8(ascii: "&"), wordCount >= 2 { return false }
      if words.longest(.group, at: offset, in: bytes) != nil { return true }
      wordCount += 1
    }
    return false
  }

  /// A name without the profession behind it: "Ada Bell Staff Writer", "홍길동 기자".
  private func withoutProfession(_ text: ArraySlice<UInt8>, _ line: inout FoldedLine) -> ArraySlice<UInt8> {
    let parts = text.split(separator: 0x20)
    let isWide = (text.first { $0 != 0x20 } ?? 0) >= 0xE3
    var kept = parts.count
    while kept > (isWide ? 1 : 2), let last = parts[..<kept].last, holds(.role, last, &line) { kept -= 1 }
    guard kept < parts.count, kept > 0 else { return text }
    return text[text.startIndex..<parts[kept - 1].endIndex]
  }

  private func holds(_ kinds: MetadataWords.Kinds, _ text: ArraySlice<UInt8>, _ line: inout FoldedLine) -> Bool {
    text.withUnsafeBufferPointer { line.fold($0) }
    let bytes = UnsafeBufferPointer(line.bytes)
    return line.starts.contains { words.longest(kinds, at: Int($0.offset), in: bytes) != nil }
  }

  /// Drops the words that are addresses of pages and mailboxes.
  private static func withoutAddresses(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(where: { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "/") }) else { return text }
    let words = text.split(separator: 0x20).filter { word in
      if let at = word.firstIndex(of: UInt8(ascii: "@")), at > word.startIndex, word[at...].contains(UInt8(ascii: ".")) { return false }
      guard let slash = word.firstIndex(of: UInt8(ascii: "/")), slash + 1 < word.endIndex else { return true }
      return word[slash + 1] != UInt8(ascii: "/")
    }
    return Array(words.joined(separator: [0x20]))
  }

  // MARK: Degrees

  /// Degrees that are not written in capitals alone.
  private static let degrees = Set(
    [
      "phd", "ph.d", "ph.d.", "md", "jr", "jr.", "sr", "sr.", "dr", "edd", "ed.d", "psyd", "psy.d.", "pharmd", "esq",
      "esq.", "llc", "inc", "inc.", "ltd", "ltd.", "gmbh", "co.", "corp", "corp.", "msc", "bsc", "m.sc.", "dphil", "foma",
    ].map { Array($0.utf8) })
  private static let longestDegree = 6

  /// Whether a text behind a comma belongs to the name before it: degrees, licences, "Jr.".
  private static func isDegree(_ text: ArraySlice<UInt8>) -> Bool {
    let words = text.split { $0 == 0x20 || $0 == UInt8(ascii: "/") }
    return !words.isEmpty
      && words.allSatisfy { word in
        let letters = word.filter { ASCII.isLetter($0) || PageDate.isDigit($0) }
        if letters.count <= longestDegree, letters.allSatisfy({ $0 < 0x61 }), word.allSatisfy({ $0 < 0x80 }) { return true }
        return degrees.contains(word.map(ASCII.lowered))
      }
  }
}

import Pipeline

/// What neighbours and place decide: dates and names in the head, biographies and lists at the end.
extension LineFindings {
  /// Shorter blocks are no paragraphs of an article, in bytes.
  private static let shortestParagraph = 160
  /// Blocks that may stand between an author's biography and the end.
  private static let mostBehindBiography = 3
  /// Blocks of a page's head: standfirst, byline, date, picture.
  private static let mostHeadBlocks = 7

  /// Takes back findings that their neighbours do not bear out, and finds repeats. O(length).
  mutating func settle() {
    let kept = text.blocks.indices.filter { text.blocks[$0].isKept && !text.blocks[$0].range.isEmpty }
    settleBiographies(kept)
    settleHead(kept)
    settleEnd(kept)
    findRepeats(kept)
  }

  /// Dates, rules and names hold in the head of a page and beside other boilerplate.
  private mutating func settleHead(_ kept: [Int]) {
    let head = headLength(kept)
    let firstParagraph = kept.firstIndex { isParagraph($0) } ?? kept.count
    func isBeside(_ place: Int, _ context: Finding.Context) -> Bool {
      isFirm(place - 1, kept, but: context) || isFirm(place + 1, kept, but: context)
    }
    let ticks = Set(kept.indices.filter { findings[kept[$0]]?.rule == "date-line" && findings[kept[$0]]?.context == .name })
    // One date among the paragraphs is a time of publication; several are the headings of a chronicle.
    let lonelyDates = Set(
      kept.indices.filter {
        findings[kept[$0]]?.context == .date && $0 >= firstParagraph && !isBeside($0, .date) && $0 + 1 < kept.count
      })
    for (place, index) in kept.enumerated() {
      guard let context = findings[index]?.context else { continue }
      let isLast = place + 1 == kept.count
      let holds =
        switch context {
        case .date: lonelyDates.count == 1 || !lonelyDates.contains(place)
        case .rule: isBeside(place, context) || isLast
        case .name where ticks.count > 2 && ticks.contains(place): false
        case .name: place < head || isBeside(place, context) || isLast && !isQuotation(place - 1, kept)
        case .biography: true
        }
      if !holds { findings[index] = nil }
    }
    settleSignOff(kept)
    // "Nacho Berrocal" under the headline, beside the date.
    for (place, index) in kept.enumerated().prefix(head).dropFirst() where findings[index] == nil {
      let isBeside = isAbout(.byline, place - 1, kept) || isAbout(.byline, place + 1, kept)
      if isBeside && isName(text.blocks[index]) || place <= 2 && isName(text.blocks[index], behindPreposition: true) {
        findings[index] = Finding(kind: .byline, rule: "name-in-head")
      }
    }
  }

  /// Places from the end at which a bracket may sign an article off, and its longest text in bytes.
  private static let signOffPlaces = 3
  private static let longestSignOff = 40
  private static let mostSignOffWords = 4

  /// "(APA, red, 29.10.2023)", "(rgw/sfr)", "(END)": a short bracket alone at the end.
  private mutating func settleSignOff(_ kept: [Int]) {
    for index in kept.suffix(Self.signOffPlaces).dropFirst(kept.count <= Self.signOffPlaces ? 1 : 0) where findings[index] == nil {
      let range = text.blocks[index].range
      guard range.count <= Self.longestSignOff, text.bytes[range.lowerBound] == UInt8(ascii: "("),
        text.bytes[range].firstIndex(of: UInt8(ascii: ")")) == range.upperBound - 1,
        wordCount(text.blocks[index]) <= Self.mostSignOffWords
      else { continue }
      findings[index] = Finding(kind: .byline, rule: "sign-off")
    }
  }

  /// Headlines of a closing list have so many words and bytes, and the list so many of them behind a label of few words.
  private static let closingHeadline = (words: 4...22, bytes: 25...180)
  private static let mostLabelWords = 5
  private static let closingLength = 2...8

  /// Plain text that ends in a short line and at least two headlines without a full stop: a list of teasers whose label no list knows.
  private mutating func settleEnd(_ kept: [Int]) {
    guard let first = kept.first, text.blocks[first].origin == nil else { return }
    var run: [Int] = []
    var place = kept.count - 1
    while place > 0 {
      let block = text.blocks[kept[place]]
      if findings[kept[place]] == nil {
        guard block.range.count <= Self.closingHeadline.bytes.upperBound, !Self.endsAsSentence(block, text) else { break }
        run.append(kept[place])
        if run.count > Self.closingLength.upperBound + 1 { return }
      } else if !run.isEmpty, findings[kept[place]]?.kind == .related {
        return
      }
      place -= 1
    }
    // Above it stands an article, not another list.
    guard place >= 2, Self.closingLength.contains(run.count - 1), let label = run.popLast() else { return }
    let isLabel = wordCount(text.blocks[label]) <= Self.mostLabelWords
    let areHeadlines = run.allSatisfy {
      Self.closingHeadline.words.contains(wordCount(text.blocks[$0]))
        && text.blocks[$0].range.count >= Self.closingHeadline.bytes.lowerBound
        && startsAsHeadline(text.blocks[$0])
    }
    // Questions at the end are a list of questions, and lines with colons one of facts.
    let areStatements = run.contains {
      let bytes = text.bytes[text.blocks[$0].range]
      return !TeaserList.isQuestion(bytes) && !text.string(text.blocks[$0].range).contains { $0 == ":" || $0 == "：" }
    }
    guard isLabel, areHeadlines, areStatements, startsAsHeadline(text.blocks[label]) else { return }
    for index in run + [label] { findings[index] = Finding(kind: .related, rule: "closing-list") }
  }

  mutating func wordCount(_ block: Block) -> Int {
    text.withBytes(of: block) { judge.line.fold($0) }
    return judge.line.wordCount
  }

  /// A capital, a quotation mark, or a script without cases; no bullet and no figure.
  private func startsAsHeadline(_ block: Block) -> Bool {
    text.withBytes(of: block) { bytes in
      guard let scalar = Unicode.Scalar(UTF8Text.scalar(at: 0, in: bytes).0) else { return false }
      if [0x22, 0x27, 0x2018, 0x201C, 0x201E, 0xAB, 0x300C].contains(scalar.value) { return true }
      return scalar.properties.isAlphabetic && !scalar.properties.isLowercase
    }
  }

  static func endsAsSentence(_ block: Block, _ text: BlockText) -> Bool {
    text.withBytes(of: block) { bytes in
      let (last, _) = UTF8Text.scalar(before: bytes.count, in: bytes)
      return UTF8Text.isTerminator(last) && last != 0x3F && last != 0x22 && last != 0x27 && last != 0x2019 && last != 0x201D
        && last != 0xFF1F
    }
  }

  /// How many blocks stand above the second paragraph of the article, the first of which may be its summary.
  private func headLength(_ kept: [Int]) -> Int {
    var paragraphs = 0
    for (place, index) in kept.enumerated() {
      if place >= Self.mostHeadBlocks { return place }
      if isParagraph(index) { paragraphs += 1 }
      if paragraphs == 2 { return place }
    }
    return kept.count
  }

  private func isParagraph(_ index: Int) -> Bool {
    findings[index] == nil && text.blocks[index].range.count >= Self.shortestParagraph
  }

  private func isFirm(_ place: Int, _ kept: [Int], but context: Finding.Context) -> Bool {
    guard kept.indices.contains(place), let finding = findings[kept[place]] else { return false }
    return finding.context != context
  }

  private func isAbout(_ kind: BoilerplateKind, _ place: Int, _ kept: [Int]) -> Bool {
    kept.indices.contains(place) && findings[kept[place]]?.kind == kind
  }

  private func isQuotation(_ place: Int, _ kept: [Int]) -> Bool {
    guard kept.indices.contains(place), let first = text.bytes[text.blocks[kept[place]].range].first else { return false }
    return first == UInt8(ascii: "\"") || first >= 0xC2
  }

  /// Two to four words that all begin with capitals, without a mark at the end; behind a short word such as "di" if asked for.
  private func isName(_ block: Block, behindPreposition: Bool = false) -> Bool {
    guard block.range.count <= 60, block.kind != .heading else { return false }
    return text.withBytes(of: block) { bytes in
      var words = bytes.split { $0 == 0x20 || $0 == UInt8(ascii: "|") }[...]
      if behindPreposition {
        guard let first = words.popFirst(), first.count <= 4, LineJudge.isLowercase(first) else { return false }
      }
      guard (2...4).contains(words.count), words.allSatisfy({ LineJudge.isCapital($0) }) else { return false }
      return !UTF8Text.isTerminator(UTF8Text.scalar(before: bytes.count, in: bytes).0)
    }
  }

  /// A biography stands at the end, or beside another line about the author.
  private mutating func settleBiographies(_ kept: [Int]) {
    var behind = 0
    for (place, index) in kept.enumerated().reversed() {
      guard let finding = findings[index], finding.context == .biography else {
        if findings[index] == nil { behind += 1 }
        continue
      }
      let isBesideByline = place > 0 && findings[kept[place - 1]].map { $0.kind == .byline && $0.context == nil } ?? false
      if behind > Self.mostBehindBiography, !isBesideByline {
        findings[index] = nil
        behind += 1
        continue
      }
      // The name that heads the biography.
      if place > 0, findings[kept[place - 1]] == nil, isNamed(text.blocks[kept[place - 1]], by: text.blocks[index]) {
        findings[kept[place - 1]] = Finding(kind: .byline, rule: finding.rule)
      }
    }
  }

  private func isNamed(_ head: Block, by biography: Block) -> Bool {
    !head.range.isEmpty && head.range.count < biography.range.count && text.bytes[biography.range].starts(with: text.bytes[head.range])
  }
}

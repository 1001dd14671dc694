import Pipeline

/// What each block of a text is by itself, and then in view of its neighbours.
struct LineFindings: ~Copyable {
  /// A paragraph under a heading is longer, in bytes.
  private static let shortestSentence = 40

  let text: BlockText
  var findings: [Finding?]
  /// The parts of blocks that go where the rest stays, in the order of the text.
  private(set) var parts: [(block: Int, finding: Finding, range: Range<Int>)] = []
  var judge: LineJudge

  /// What a block as a whole is; nil for content.
  subscript(index: Int) -> Finding? { findings[index] }

  init(_ text: BlockText, _ rules: BoilerplateRules, _ patterns: PatternSet, language: String?) {
    self.text = text
    findings = [Finding?](repeating: nil, count: text.blocks.count)
    judge = LineJudge(rules, language: language)
    var list = TeaserList(isInterview: Self.isInterview(text))
    var isFirst = true
    var previous: Int?
    for (index, block) in text.blocks.enumerated() where block.isKept && !block.range.isEmpty {
      // A page's headline is a heading; plain text begins with it.
      let isHeadline = block.kind == .heading || isFirst && block.origin == nil
      let pattern = text.withBytes(of: block) { patterns.firstMatch(in: $0) }
      if pattern == nil, let lines = judge.lines(of: block, in: text) {
        judgeLines(index, lines, &list)
      } else {
        let own = pattern.map { Finding(kind: .custom, rule: "pattern: \($0)") } ?? ownFinding(block, isHeadline: isHeadline)
        let next = index + 1 < text.blocks.count ? text.blocks[index + 1] : nil
        findings[index] = list.continues(with: own, block: block, gap: gap(previous, index), in: text, line: &judge.line) {
          next.map { $0.range.count >= Self.shortestSentence && Self.endsAsSentence($0, text) } ?? false
        }
      }
      if findings[index] == nil, parts.last?.block != index, !isHeadline, block.kind != .tableRow, block.kind != .preformatted {
        findTail(index)
      }
      isFirst = false
      previous = index
    }
    settle()
  }

  private mutating func ownFinding(_ block: Block, isHeadline: Bool) -> Finding? {
    switch block.kind {
    case .caption: return Finding(kind: .caption, rule: "caption-of-figure")
    case .tableRow, .preformatted: return nil
    case .paragraph, .heading, .listItem, .quotation:
      return text.bytes.withUnsafeBufferPointer {
        judge.judge(
          UnsafeBufferPointer(rebasing: $0[block.range]), isHeadline: isHeadline, isLinks: block.isLinks && block.kind == .paragraph)
      }
    }
  }

  /// Whether a blank line stands between two blocks of plain text; nil on pages.
  private func gap(_ previous: Int?, _ index: Int) -> Bool? {
    guard let previous, text.blocks[index].origin == nil else { return nil }
    var lines = 0
    for byte in text.bytes[text.blocks[previous].extent.upperBound..<text.blocks[index].extent.lowerBound] where byte == 0x0A { lines += 1 }
    return lines > 1
  }

  /// So many questions that stand alone are asked of somebody.
  private static let fewestQuestions = 3

  private static func isInterview(_ text: BlockText) -> Bool {
    text.blocks.count { $0.isKept && $0.origin == nil && $0.range.count <= 400 && TeaserList.isQuestion(text.bytes[$0.range]) }
      >= fewestQuestions
  }

  // MARK: Parts of blocks

  /// A block of several lines of which some are labels: they go from its ends, or all of it.
  private mutating func judgeLines(_ index: Int, _ lines: [LineJudge.Line], _ list: inout TeaserList) {
    let block = text.blocks[index]
    var found: [Finding?] = []
    for line in lines { found.append(list.continues(withLine: line.finding)) }
    guard let first = found.firstIndex(where: { $0 == nil }), let last = found.lastIndex(where: { $0 == nil }) else {
      findings[index] = found[0]
      return
    }
    if first > 0, let finding = found[0] {
      parts.append((index, finding, block.range.lowerBound..<lines[first].range.lowerBound))
    }
    if last + 1 < lines.count, let finding = found[last + 1] {
      parts.append((index, finding, lines[last].range.upperBound..<block.range.upperBound))
    }
  }

  private mutating func findTail(_ index: Int) {
    let block = text.blocks[index]
    let tail = text.bytes.withUnsafeBufferPointer { judge.tail(of: UnsafeBufferPointer(rebasing: $0[block.range])) }
    guard let tail else { return }
    parts.append((index, tail.finding, (block.range.lowerBound + tail.start)..<block.range.upperBound))
  }
}

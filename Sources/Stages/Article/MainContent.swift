import Pipeline

/// Chooses the main content of a page among its blocks, by text and link density and structure.
///
/// Two steps: the element that holds most good text and least other text is the container; inside it, blocks that look like furniture go.
/// After the shallow text features of Kohlschütter, Fankhauser and Nejdl (Boilerplate Detection using Shallow Text Features, WSDM 2010).
struct MainContent {
  /// One decision a block: nil keeps it, else the rule that dropped it.
  private(set) var rules: [String?]
  /// Whether the page has anything like a paragraph; else the rules keep what remains without furniture.
  private(set) var foundParagraphs = true

  /// How much each block speaks for being content, from -1 to 1.
  private(set) var scores: [Double] = []

  private let page: Page
  private let blocks: PageBlocks

  /// Text shorter than this is no paragraph, in bytes; about fifteen words.
  private static let shortParagraph = 80
  /// Blocks with more of their text in links are lists of links.
  private static let linkedShare = 0.45
  /// A lead has hardly any links.
  private static let leadLinks = 0.2
  /// An element with more of a page's good text than this is not furniture, whatever its name.
  private static let unbelievableShare = 0.35
  /// Names are believed when they leave at least this share of the good text.
  private static let leastTrusted = 0.4
  /// What is longer speaks no louder, in bytes.
  private static let judgedLength = 2000
  /// How much a byte outside the content weighs against a byte inside it when the container is chosen.
  private static let strangerWeight = 0.7

  init(_ page: Page, _ blocks: PageBlocks) {
    self.page = page
    self.blocks = blocks
    rules = Array(repeating: nil, count: blocks.blocks.count)
    // What the text itself says comes first: a site that calls its whole article "sidebar" is not believed.
    let plain = blocks.blocks.indices.map { value($0, hint: .none) }
    let good = sums(plain).good
    var hints = hintsOfAncestors(good, trustsNames: true)
    var quality = blocks.blocks.indices.map { value($0, hint: hints[$0].hint) }
    if positive(quality) < Self.leastTrusted * positive(plain) {
      // Names that speak against most of the text are builders' jargon: every paragraph of some systems is a "widget".
      hints = hintsOfAncestors(good, trustsNames: false)
      quality = blocks.blocks.indices.map { value($0, hint: hints[$0].hint) }
    }
    scores = zip(quality, blocks.blocks).map { $0 / Double(max(1, min($1.range.count, Self.judgedLength))) }
    // A headline alone holds nothing together.
    let hasParagraph = zip(quality, blocks.blocks).contains { $0 > 0 && $1.kind != .heading }
    guard hasParagraph, let container = bestContainer(quality) else {
      foundParagraphs = false
      keepRemains(hints)
      return
    }
    filter(container, hints, quality)
  }

  private func positive(_ quality: [Double]) -> Double {
    quality.reduce(0) { $0 + max(0, $1) }
  }

  /// A page without a paragraph may still be a short one: all that is neither furniture nor links stays.
  private mutating func keepRemains(_ hints: [(node: Int, hint: ClassHints.Hint)]) {
    for (index, block) in blocks.blocks.enumerated() {
      if hints[index].hint == .furniture || hints[index].hint == .secondary {
        rules[index] = "element-\(page.nodes[hints[index].node].tag.name)"
      } else if block.linkDensity > Self.linkedShare {
        rules[index] = "link-density"
      }
    }
    dropHeadingsWithoutText()
  }

  /// For each block the strongest hint among its ancestors, and the ancestor that gave it.
  private func hintsOfAncestors(_ good: [Double], trustsNames: Bool) -> [(node: Int, hint: ClassHints.Hint)] {
    var known: [Int: (node: Int, hint: ClassHints.Hint)] = [:]
    let total = good.first ?? 0
    func hint(_ node: Int) -> (node: Int, hint: ClassHints.Hint) {
      // Iterative on the way up, since pages nest deeply.
      var path: [Int] = []
      var at = node
      while at >= 0, known[at] == nil {
        path.append(at)
        at = Int(page.nodes[at].parent)
      }
      var result = at >= 0 ? known[at]! : (-1, .none)
      for element in path.reversed() {
        var own = trustsNames ? ClassHints.hint(page, element) : ClassHints.hint(tag: page.nodes[element].tag) ?? .none
        if own != .content, good[element] > Self.unbelievableShare * total { own = .none }
        if own != .none, result.hint != .furniture, !(own == .content && result.hint == .secondary) { result = (element, own) }
        known[element] = result
      }
      return result
    }
    return blocks.blocks.map { hint($0.container) }
  }

  /// How much a block speaks for the container that holds it, in bytes; negative for text that does not belong.
  private func value(_ index: Int, hint: ClassHints.Hint) -> Double {
    let block = blocks.blocks[index]
    let length = Double(min(block.range.count, Self.judgedLength))
    if hint == .furniture || hint == .secondary { return -length * 0.5 }
    if block.linkDensity > Self.linkedShare { return -length }
    switch block.kind {
    case .heading: return length * 0.3
    case .tableRow: return length * 0.4
    case .listItem: return block.range.count >= 40 ? length * 0.7 : 0
    case .caption: return 0
    default:
      if block.range.count < 25 { return -length * 0.3 }
      return block.range.count < Self.shortParagraph ? length * 0.3 : length * (1 - block.linkDensity)
    }
  }

  /// Sums over subtrees: a block counts for its container and everything above it.
  private func sums(_ quality: [Double]) -> (good: [Double], bad: [Double]) {
    var good = [Double](repeating: 0, count: page.nodes.count)
    var bad = [Double](repeating: 0, count: page.nodes.count)
    for (index, block) in blocks.blocks.enumerated() {
      if quality[index] > 0 { good[block.container] += quality[index] } else { bad[block.container] -= quality[index] }
    }
    for node in page.nodes.indices.reversed() {
      let parent = Int(page.nodes[node].parent)
      guard parent >= 0 else { continue }
      good[parent] += good[node]
      bad[parent] += bad[node]
    }
    return (good, bad)
  }

  private func bestContainer(_ quality: [Double]) -> Int? {
    let (good, bad) = sums(quality)
    var best: (node: Int, score: Double)?
    for node in page.nodes.indices where good[node] > 0 && !page.nodes[node].isText {
      var score = good[node] - Self.strangerWeight * bad[node]
      switch page.nodes[node].tag {
      case .article: score *= 1.1
      case .main: score *= 1.05
      case .p, .li, .ul, .ol, .blockquote, .td: score *= 0.8
      default:
        if page.attribute(.itemprop, of: node) == "articleBody" { score *= 1.2 }
      }
      if score >= best?.score ?? 0 { best = (node, score) }
    }
    return best?.node
  }

  private mutating func filter(_ container: Int, _ hints: [(node: Int, hint: ClassHints.Hint)], _ quality: [Double]) {
    let inside = container..<Int(page.nodes[container].end)
    for (index, block) in blocks.blocks.enumerated() {
      if !inside.contains(block.container) {
        rules[index] = "outside-content"
      } else if hints[index].hint == .furniture || hints[index].hint == .secondary, hints[index].node > container {
        rules[index] = "element-\(page.nodes[hints[index].node].tag.name)"
      } else if block.linkDensity > 0.8 || (block.linkDensity > Self.linkedShare && block.kind != .heading && block.range.count < 200) {
        rules[index] = "link-density"
      }
    }
    keepLead(before: container, hints)
    dropLinkLists()
    dropHeadingsWithoutText()
    dropEdges(quality)
  }

  /// Many sites set the first paragraph between the headline and the element that holds the rest.
  private mutating func keepLead(before container: Int, _ hints: [(node: Int, hint: ClassHints.Hint)]) {
    guard let first = blocks.blocks.firstIndex(where: { $0.container >= container }),
      let headline = blocks.blocks[..<first].lastIndex(where: { page.nodes[$0.container].tag == .h1 })
    else { return }
    for index in (headline + 1)..<first {
      let block = blocks.blocks[index]
      let hint = hints[index].hint
      guard block.kind == .paragraph, block.range.count >= Self.shortParagraph, block.linkDensity < Self.leadLinks,
        hint != .furniture, hint != .secondary, endsLikeSentence(block)
      else { continue }
      rules[index] = nil
    }
  }

  /// A list or table most of which is links goes as a whole; one that is not keeps its linked items.
  private mutating func dropLinkLists() {
    var groups: [Int: (text: Int, links: Int, count: Int)] = [:]
    for block in blocks.blocks where block.group != 0 {
      let sum = groups[block.group] ?? (0, 0, 0)
      groups[block.group] = (sum.text + block.range.count, sum.links + block.linkBytes, sum.count + 1)
    }
    for (index, block) in blocks.blocks.enumerated() {
      guard let sum = groups[block.group] else { continue }
      let share = Double(sum.links) / Double(max(1, sum.text))
      if share > 0.6 {
        if rules[index] == nil { rules[index] = "list-of-links" }
      } else if share < 0.35, rules[index] == "link-density" {
        rules[index] = nil
      }
    }
  }

  /// A heading stands for what follows: when everything up to the next heading of the page went, it goes too.
  private mutating func dropHeadingsWithoutText() {
    var hasText = false
    for index in rules.indices.reversed() where blocks.blocks[index].kind != .caption || rules[index] == nil {
      if blocks.blocks[index].kind == .heading {
        if rules[index] == nil, !hasText { rules[index] = "heading-without-text" }
        if level(index) <= 3 || rules[index] != nil { hasText = rules[index] == nil && hasText && level(index) > 3 ? true : false }
        if rules[index] == nil { hasText = true }
      } else if rules[index] == nil {
        hasText = true
      } else if rules[index] == "outside-content" {
        hasText = false
      }
    }
  }

  private func level(_ index: Int) -> Int {
    let tag = page.nodes[blocks.blocks[index].container].tag
    return tag.isHeading ? Int(tag.rawValue - Tag.h1.rawValue) + 1 : 4
  }

  /// Short lines before the first and behind the last real paragraph are bylines, dates and prompts.
  private mutating func dropEdges(_ quality: [Double]) {
    let kept = rules.indices.filter { rules[$0] == nil }
    guard let first = kept.first(where: isSolid), let last = kept.last(where: isSolid) else { return }
    for index in kept where index < first || index > last {
      let block = blocks.blocks[index]
      guard block.kind == .paragraph, block.range.count < Self.shortParagraph, !endsLikeSentence(block) else { continue }
      rules[index] = index < first ? "short-before-content" : "short-after-content"
    }
  }

  private func isSolid(_ index: Int) -> Bool {
    let block = blocks.blocks[index]
    return block.kind != .heading && block.kind != .caption
      && (block.range.count >= Self.shortParagraph || block.kind != .paragraph)
  }

  private func endsLikeSentence(_ block: PageBlock) -> Bool {
    blocks.text.withUnsafeBufferPointer { UTF8Text.isTerminator(UTF8Text.scalar(before: block.range.upperBound, in: $0).0) }
  }
}

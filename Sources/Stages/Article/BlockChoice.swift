import Pipeline

/// Which blocks of a page are kept.
struct BlockChoice {
  /// One decision a block: nil keeps it, else the rule that dropped it.
  let rules: [String?]
  /// Why blocks are dropped.
  let reason: String
  /// How likely each block is content, from 0 to 1; nil when nobody asked.
  let scores: [Double]?

  init(rules: [String?], reason: String, scores: [Double]? = nil) {
    self.rules = rules
    self.reason = reason
    self.scores = scores
  }

  /// Everything that a reader would see. Pages that show nothing without their scripts often keep the text in noscript or template.
  init(showingAllOf blocks: PageBlocks) {
    let showsAny = blocks.blocks.contains { $0.concealment == nil }
    self.init(rules: blocks.blocks.map { block in showsAny ? block.concealment.map { "element-\($0.name)" } : nil }, reason: "not-content")
  }

  /// What a site says its content is, but for what is not shown.
  /// - Parameter content: ranges of nodes, in order.
  init(_ site: SiteRules.Site, _ content: [Range<Int>], _ blocks: PageBlocks) {
    var rest = content[...]
    let rules = blocks.blocks.map { block -> String? in
      while let range = rest.first, range.upperBound <= block.container { rest.removeFirst() }
      guard rest.first?.contains(block.container) == true else { return "\(site.key) outside \(site.content?.text ?? "")" }
      return block.concealment.map { "element-\($0.name)" }
    }
    self.init(rules: rules, reason: "site")
  }
}

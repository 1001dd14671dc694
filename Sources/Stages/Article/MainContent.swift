import Glibc
import Pipeline

/// Chooses the main content of a page among its blocks, by a model that was learned from labelled pages.
///
/// Two looks: trees over features of each block, then trees that see the first scores of the blocks around too. The blocks above a
/// threshold are the content; the threshold is that which promises the best F1 over words, were the scores true probabilities
/// (after Ye, Chai, Lee and Chieu: Optimizing F-measures, ICML 2012).
struct MainContent {
  let choice: BlockChoice

  /// No threshold is lower or higher, whatever the page.
  private static let lowest: Float = 0.2
  private static let highest: Float = 0.7

  init(_ page: Page, _ blocks: PageBlocks, _ model: ContentModel) {
    var features = BlockFeatures(page, blocks, PageContext(page), model: model)
    let probabilities = features.judge(model)
    let threshold = Self.threshold(probabilities, features.words)
    var rules = probabilities.indices.map { index in
      probabilities[index] >= threshold ? nil : Self.evidence(index, page, blocks.blocks[index], features.containers)
    }
    Self.keepLead(probabilities, features, blocks.blocks, &rules)
    Self.keepCaptions(probabilities, blocks.blocks, &rules)
    Self.dropLinks(features.words, blocks.blocks, &rules)
    choice = BlockChoice(rules: rules, reason: "not-content", scores: probabilities.map(Double.init))
  }

  /// The threshold with the greatest expected F1: twice the words of content that are kept, by the words kept and all words of content.
  static func threshold(_ probabilities: [Float], _ words: [Int32]) -> Float {
    let order = probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }
    let expected = zip(probabilities, words).reduce(Float(0)) { $0 + $1.0 * Float($1.1) }
    var hits: Float = 0
    var kept: Float = 0
    var best: (value: Float, threshold: Float) = (0, highest)
    for index in order {
      let weight = Float(words[index])
      hits += probabilities[index] * weight
      kept += weight
      let value = 2 * hits / max(1, kept + expected)
      if value >= best.value { best = (value, probabilities[index]) }
    }
    return min(highest, max(lowest, best.threshold))
  }

  /// A paragraph between the headline and the text is the lead of many pages, and little else tells it from what stands there too.
  private static func keepLead(_ probabilities: [Float], _ features: BlockFeatures, _ blocks: [PageBlock], _ rules: inout [String?]) {
    guard let first = rules.indices.first(where: { rules[$0] == nil && blocks[$0].kind != .heading }),
      let headline = blocks[..<first].indices.last(where: { features.isHeadline($0) })
    else { return }
    for index in (headline + 1)..<first where probabilities[index] >= leastLead {
      let block = blocks[index]
      if block.kind == .paragraph, block.concealment == nil, block.isLong, block.linkDensity < mostLinkedLead, features.endsSentence(index)
      {
        rules[index] = nil
      }
    }
  }

  private static let leastLead: Float = 0.2
  private static let mostLinkedLead = 0.3

  /// A caption inside the content belongs to it, whatever it looks like: clean-up decides on captions.
  private static func keepCaptions(_ probabilities: [Float], _ blocks: [PageBlock], _ rules: inout [String?]) {
    var keptBefore = false
    var start = 0
    for (index, block) in blocks.enumerated() where block.kind != .caption {
      let isKept = rules[index] == nil
      if keptBefore, isKept {
        for caption in start..<index where probabilities[caption] >= leastCaption && blocks[caption].concealment == nil {
          rules[caption] = nil
        }
      }
      keptBefore = isKept
      start = index + 1
    }
  }

  private static let leastCaption: Float = 0.2

  /// Where the content is text, blocks of links in it lead elsewhere; where it is a list of links, they are the content.
  ///
  /// On 1,497 pages (WCXB, models that had not seen them) a tenth of what should not come out goes by this, and F1 stays.
  private static func dropLinks(_ words: [Int32], _ blocks: [PageBlock], _ rules: inout [String?]) {
    let kept = rules.indices.filter { rules[$0] == nil }
    let links = kept.filter { blocks[$0].linkDensity > linkedBlock }
    let all = kept.reduce(0) { $0 + Int(words[$1]) }
    let linked = links.reduce(0) { $0 + Int(words[$1]) }
    guard Double(linked) <= Double(all) * mostLinks else { return }
    for index in links where blocks[index].kind != .heading { rules[index] = "links-in-text" }
  }

  private static let linkedBlock = 0.75
  private static let mostLinks = 0.1

  /// What a person would see first of what speaks against a block.
  private static func evidence(_ index: Int, _ page: Page, _ block: PageBlock, _ containers: Containers) -> String {
    if let tag = block.concealment { return "element-\(tag.name)" }
    let container = containers.list[Int(containers.ofBlock[index])]
    for (bits, name) in [(PathBits.nav, "nav"), (.footer, "footer"), (.aside, "aside"), (.header, "header"), (.form, "form")]
    where container.path.contains(bits) {
      return "element-\(name)"
    }
    if block.linkDensity > 0.5 { return "link-density" }
    let best = containers.list[containers.best]
    let isInside = block.container >= Int(best.node) && block.container < Int(page.nodes[Int(best.node)].end)
    return isInside ? "low-score" : "outside-content"
  }
}

extension BlockFeatures {
  /// How likely each block is content, after both looks.
  mutating func judge(_ model: ContentModel) -> [Float] {
    look(model)
    return model.second.scores(table).map(Self.logistic)
  }

  /// Adds what the first look says.
  @discardableResult
  mutating func look(_ model: ContentModel) -> [Float] {
    let first = model.first.scores(table).map(Self.logistic)
    SecondLook.add(first, to: &table, containers, words, kinds)
    return first
  }

  private static func logistic(_ value: Float) -> Float { 1 / (1 + expf(-value)) }
}

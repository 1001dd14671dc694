import Pipeline

/// Turns a page into text: its main content, or all that it shows.
public struct ArticleStage: Stage {
  public static let descriptor = StageDescriptor(
    name: "article",
    summary: "Turns an HTML page into text: the main content in blocks, without navigation, teasers and prompts.",
    options: [
      OptionDescriptor(
        "content", .choice(["main", "all"]), default: .text("main"),
        "`main` keeps the main content; `all` keeps everything a reader would see, for pages that are content alone, such as feed entries."),
      SiteRules.option,
      OptionDescriptor(
        "model", .file, "A model of your own, as `Training/article.py` writes it, instead of the one that comes with the program."),
      OptionDescriptor(
        "captions", .boolean, default: .boolean(true), "Whether captions of figures and tables are kept as caption blocks."),
    ],
    needs: [.content], provides: [.text],
    invalidates: [.sentences, .entities],
    reasons: [
      ("not-content", "the block is not part of the main content"), ("headline", "the block repeats the page's title, which is in `title`"),
      ("site", "a rule of `sites` removed it, or the page has nothing that the site's `content` finds"),
      ("hidden-text", "the page shows next to nothing; the text is from JSON-LD or from the data of its scripts; nothing is removed"),
      ("caption", "a caption, with \"captions\": false"), ("no-content", "the page has no text"),
      ("limit", "a limit of the parser was met"),
    ])

  private let keepsAll: Bool
  private let keepsCaptions: Bool
  private let model: ContentModel
  private let sites: SiteRules

  public init(options: Options) throws {
    keepsAll = options.text("content") == "all"
    keepsCaptions = options.bool("captions")
    sites = try SiteRules(options.sections("sites"))
    do {
      model = try options.text("model").map { try ContentModel(TextFile.read($0)) } ?? .shared
    } catch {
      throw OptionProblem("model", "\(options.text("model") ?? "") \(error)")
    }
  }

  public func process(_ document: inout Document) throws -> Verdict {
    guard document.content != nil else {
      // Plain text comes as it is.
      return .pass
    }
    let page = try document.page()
    for limit in page.limits { document.note(reason: "limit", rule: limit) }
    let root = page.first(.body) ?? 0
    guard !page.nodes.isEmpty else {
      document.setText(BlockText())
      document.note(reason: "no-content", rule: "empty-page")
      return .pass
    }
    let site = sites.site(of: document, page)
    let blocks = PageBlocks(page, root: root, removals: site?.removals(in: page) ?? [])
    guard blocks.blocks.count <= BlockText.mostBlocks else { throw TooManyBlocks() }
    for (rule, text) in blocks.removed { document.note(reason: "site", rule: rule, text: text) }
    if let site, let content = site.contentRanges(in: page) {
      setText(of: &document, page, blocks, BlockChoice(site, content, blocks))
    } else {
      if let site, let content = site.content { document.remark(reason: "site", rule: "\(site.key) \(content.text) finds nothing") }
      let choice = keepsAll ? BlockChoice(showingAllOf: blocks) : MainContent(page, blocks, model).choice
      if page.text.count <= SkipPass.leastText, let hidden = try hiddenText(page, blocks, choice) {
        setText(of: &document, page, blocks, hidden)
      } else {
        setText(of: &document, page, blocks, choice)
      }
    }
    return .pass
  }

  /// What scripts would have shown, where a page shows next to nothing: a few words of content with JSON-LD, a few words at all with other
  /// data, which holds much beside the content.
  private func hiddenText(_ page: Page, _ blocks: PageBlocks, _ choice: BlockChoice) throws -> HiddenText? {
    guard blocks.words(keptBy: choice) < Self.fewWords else { return nil }
    let all = BlockChoice(rules: blocks.blocks.map { _ in nil }, reason: "")
    guard let hidden = try HiddenText(page, readsState: blocks.words(keptBy: all) < Self.fewWords) else { return nil }
    return hidden.words > Self.fewWords ? hidden : nil
  }

  private static let fewWords = 40

  private func setText(of document: inout Document, _ page: Page, _ blocks: PageBlocks, _ hidden: HiddenText) {
    let choice = BlockChoice(rules: blocks.blocks.map { _ in "page-without-its-scripts" }, reason: "not-content")
    setText(of: &document, page, blocks, choice, hidden)
  }

  private func setText(
    of document: inout Document, _ page: Page, _ blocks: PageBlocks, _ choice: BlockChoice, _ hidden: HiddenText? = nil
  ) {
    var text = BlockText()
    text.nameOfOrigin = { page.path(of: $0) }
    for (index, block) in blocks.blocks.enumerated() {
      text.append(
        block.kind, blocks.text[block.range], group: block.group, origin: block.container,
        isLinks: block.linkDensity > 0.8, score: choice.scores?[index],
        markup: markup(of: block, blocks, page, isKept: choice.rules[index] == nil)
      )
    }
    for block in hidden?.blocks ?? [] { text.append(block.kind, block.text, origin: 0) }
    document.setText(text)
    if let hidden { document.remark(reason: "hidden-text", rule: hidden.source) }
    for (tag, text) in blocks.unshown { document.note(reason: "not-content", rule: "element-\(tag.name)", text: text) }
    var keptAny = hidden != nil
    let title = keepsAll ? nil : Headline.normalized(of: page)
    for (index, block) in blocks.blocks.enumerated() {
      if block.kind == .heading, page.nodes[block.container].tag == .h1, let title, Headline.matches(blocks.text[block.range], title) {
        document.drop(index, reason: "headline", rule: "repeats-title")
      } else if let rule = choice.rules[index] {
        document.drop(index, reason: choice.reason, rule: rule)
      } else if block.kind == .caption, !keepsCaptions {
        document.drop(index, reason: "caption", rule: "option-captions")
      } else {
        keptAny = true
      }
    }
    if !keptAny { document.note(reason: "no-content", rule: blocks.blocks.isEmpty ? "no-text-on-page" : "nothing-like-content") }
  }
}

/// A page of more blocks than any page has.
struct TooManyBlocks: Error, CustomStringConvertible {
  var description: String { "the page has more than \(BlockText.mostBlocks) blocks" }
}

extension ArticleStage {
  /// How a block is marked up; links and pictures only of blocks that are kept.
  private func markup(of block: PageBlock, _ blocks: PageBlocks, _ page: Page, isKept: Bool) -> BlockMarkup? {
    let tag = page.nodes[block.container].tag
    let level = tag.isHeading ? Int(tag.rawValue - Tag.h1.rawValue) + 1 : block.kind == .listItem ? max(1, block.listDepth) : 0
    let hasMore = isKept && !(block.links.isEmpty && block.images.isEmpty)
    if level == 0, !hasMore { return nil }
    guard hasMore else { return BlockMarkup(level: level, isOrdered: block.isOrdered) }
    let links = blocks.links[block.links].compactMap { link -> BlockMarkup.Link? in
      // A block loses the white space at its end.
      let range = link.range.clamped(to: block.range)
      guard !range.isEmpty, let address = page.attribute(.href, of: link.node), !address.isEmpty else { return nil }
      return BlockMarkup.Link(
        range: (range.lowerBound - block.range.lowerBound)..<(range.upperBound - block.range.lowerBound), address: address)
    }
    let images = blocks.images[block.images].compactMap { node in
      page.attribute(.src, of: node).map { BlockMarkup.Image(address: $0, description: page.attribute(.alt, of: node) ?? "") }
    }
    return BlockMarkup(level: level, isOrdered: block.isOrdered, links: links, images: images)
  }
}

extension Document {
  /// The parsed page, parsed once for all stages that read it.
  /// - Throws: `PageParser.Failure`.
  mutating func page() throws -> Page {
    try attachment(Page.self) { try PageParser.parse($0.content ?? RawContent(bytes: [])) }
  }
}

/// Whether a heading repeats the page's title.
enum Headline {
  /// Titles and headings beyond this are not compared, in bytes.
  private static let longest = 500

  /// The words of the title, its site's name cut off or not.
  static func normalized(of page: Page) -> [String] {
    var titles: [String] = []
    for node in page.nodes.indices where page.nodes[node].tag == .title || page.nodes[node].tag == .meta {
      if page.nodes[node].tag == .title { titles.append(page.foldedText(of: node, limit: longest)) }
      if page.attribute(.property, of: node) == "og:title", let title = page.attribute(.content, of: node) { titles.append(title) }
      if titles.count >= 3 { break }
    }
    return titles.map { words(String($0.prefix(longest))) }
  }

  static func matches(_ heading: ArraySlice<UInt8>, _ titles: [String]) -> Bool {
    guard heading.count <= longest else { return false }
    let heading = words(String(decoding: heading, as: UTF8.self))
    return !heading.isEmpty && titles.contains { $0 == heading || $0.hasPrefix(heading) || heading.hasPrefix($0) && !$0.isEmpty }
  }

  private static func words(_ text: String) -> String {
    text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
  }
}

extension Page {
  /// Element names from the body down, such as `body/main/p`; of a deep element the innermost.
  func path(of node: Int) -> String {
    var names: [String] = []
    var at = node
    while at >= 0, names.count < 24 {
      if nodes[at].tag != .html { names.append(nodes[at].tag.name) }
      at = Int(nodes[at].parent)
    }
    return names.reversed().joined(separator: "/")
  }
}

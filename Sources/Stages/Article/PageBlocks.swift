import Pipeline

/// A leaf block of a page with what extraction needs to judge it.
struct PageBlock {
  var kind: BlockKind
  /// Bytes in `PageBlocks.text`.
  var range: Range<Int>
  /// How many of the bytes are text of links.
  var linkBytes: Int
  /// The block element that holds the text.
  let container: Int
  /// The list or table, 0 for none.
  var group: Int
  /// How deep a list item is nested, and whether its list has numbers.
  var listDepth = 0
  var isOrdered = false
  /// In `PageBlocks.links`.
  var links: Range<Int>
  /// Pictures before the block, in `PageBlocks.images`.
  var images: Range<Int>
  /// The element that keeps the block from being shown as text, such as a button; nil when it is shown.
  var concealment: Tag?

  var linkDensity: Double { range.isEmpty ? 0 : Double(linkBytes) / Double(range.count) }
}

/// Cuts a page into leaf blocks in document order: runs of inline content between the borders of block elements.
struct PageBlocks {
  private(set) var text: [UInt8] = []
  private(set) var blocks: [PageBlock] = []
  /// Texts of links, in bytes of `text`, with their elements.
  private(set) var links: [(range: Range<Int>, node: Int)] = []
  /// Elements of pictures.
  private(set) var images: [Int] = []
  /// Text that a page holds and that is never content, such as the options of a menu, with the element that it stands in.
  private(set) var unshown: [(tag: Tag, text: String)] = []
  /// Text of elements that were to go, in their order.
  private(set) var removed: [(rule: String, text: String)] = []

  private let page: Page
  private var removals: ArraySlice<SiteRules.Removal>
  private var linkDepth = 0
  private var open: PageBlock?
  private var pendingBreaks = 0
  private var pendingImages = 0
  /// The innermost link that is open; -1 for none.
  private var link = -1

  /// - Parameters:
  ///   - root: the element below which blocks are cut.
  ///   - removals: elements that are left out, with the rule that says so, in the order of the page.
  init(_ page: Page, root: Int, removals: [SiteRules.Removal] = []) {
    self.page = page
    self.removals = removals[...]
    text.reserveCapacity(page.text.count)
    walk(root)
  }

  /// Never content, whatever stands in it.
  private static let skipped: TagSet = [
    .head, .script, .style, .select, .input, .iframe, .embed, .textarea, .svg, .option,
  ]
  /// Not shown as text, or not always; what stands in it may still be content.
  private static let concealing: TagSet = [.button, .object, .video, .template, .noscript, .dialog, .label]

  private struct Context {
    var kind = BlockKind.paragraph
    var container: Int
    var group = 0
    var isPreformatted = false
    var listDepth = 0
    var isOrdered = false
    var concealment: Tag?
  }

  /// Visits nodes in order with an explicit stack: pages nest as deep as the parser allows.
  private mutating func walk(_ root: Int) {
    var contexts: [(end: Int, context: Context, isLink: Bool, isBlock: Bool, link: Int)] = []
    var context = Context(container: root)
    var node = root
    let end = Int(page.nodes[root].end)
    while node < end {
      while let last = contexts.last, last.end <= node {
        contexts.removeLast()
        if last.isBlock { closeBlock() }
        if last.isLink { linkDepth -= 1 }
        link = last.link
        context = last.context
      }
      let current = page.nodes[node]
      if current.isText {
        appendText(page.textBytes(node), context)
        node += 1
        continue
      }
      if let rule = removal(of: node) {
        let text = page.foldedText(of: node, showsAll: true)
        if !text.isEmpty { removed.append((rule, text)) }
        if current.tag.isBlock { closeBlock() }
        node = Int(current.end)
        continue
      }
      if Self.skipped.contains(current.tag) {
        let text = page.foldedText(of: node, showsAll: true)
        if !text.isEmpty { unshown.append((current.tag, text)) }
        node = Int(current.end)
        continue
      }
      if current.tag == .table, let table = DataTable(page, node) {
        closeBlock()
        append(table, node, context.concealment)
        node = Int(current.end)
        continue
      }
      if current.tag == .img { images.append(node) }
      if current.tag == .br { pendingBreaks += 1 }
      if current.tag == .hr { closeBlock() }
      let conceals = Self.concealing.contains(current.tag) || page.attributeBytes(.hidden, of: node) != nil
      let isBlock = current.tag.isBlock || conceals
      // A link to a place on the same page leads nowhere else.
      let isLink = current.tag == .a && page.attributeBytes(.href, of: node)?.first != UInt8(ascii: "#")
      if isBlock || current.tag == .a {
        contexts.append((Int(current.end), context, isLink, isBlock, link))
        if current.tag == .a { link = node }
        if isLink { linkDepth += 1 }
        if isBlock {
          closeBlock()
          context = inner(node, current.tag, context)
          if conceals, context.concealment == nil { context.concealment = current.tag }
        }
      }
      node += 1
    }
    while let last = contexts.popLast() { if last.isLink { linkDepth -= 1 } }
    closeBlock()
  }

  private mutating func removal(of node: Int) -> String? {
    while let next = removals.first, next.node <= node {
      removals.removeFirst()
      if next.node == node { return next.rule }
    }
    return nil
  }

  private func inner(_ node: Int, _ tag: Tag, _ outer: Context) -> Context {
    var context = outer
    context.container = node
    switch tag {
    case .h1, .h2, .h3, .h4, .h5, .h6: context.kind = .heading
    case .ul, .ol, .dl, .menu:
      context.group = outer.group == 0 ? node : outer.group
      context.listDepth += 1
      context.isOrdered = tag == .ol
    case .li, .dt, .dd: context.kind = outer.kind == .quotation ? .quotation : .listItem
    case .blockquote:
      context.kind = .quotation
      context.group = 0
    case .figcaption, .caption: context.kind = .caption
    case .pre:
      context.kind = .preformatted
      context.isPreformatted = true
    case .p, .div:
      if ClassHints.isCaption(page, node) { context.kind = .caption }
    default: break
    }
    if context.kind != .listItem, tag != .ul, tag != .ol, tag != .dl, tag != .menu {
      context.group = context.kind == .paragraph ? 0 : context.group
    }
    return context
  }

  // MARK: Blocks

  private mutating func appendText(_ bytes: ArraySlice<UInt8>, _ context: Context) {
    if open == nil {
      guard bytes.contains(where: { !UTF8Text.isSpace($0) }) else { return }
      pendingBreaks = 0
      openBlock(context)
    } else if pendingBreaks > 0 {
      guard bytes.contains(where: { !UTF8Text.isSpace($0) }) else { return }
      if pendingBreaks > 1 {
        closeBlock()
        openBlock(context)
      } else {
        trimEnd()
        if text.count > open!.range.lowerBound { text.append(0x0A) }
      }
      pendingBreaks = 0
    }
    let before = text.count
    if context.isPreformatted {
      text.append(contentsOf: bytes)
    } else {
      WhiteSpace.appendFolded(bytes, to: &text, from: open!.range.lowerBound)
    }
    if linkDepth > 0 { open!.linkBytes += text.count - before }
    if link >= 0, text.count > before {
      if let last = links.last, last.node == link, links.count > open!.links.lowerBound {
        links[links.count - 1].range = last.range.lowerBound..<text.count
      } else {
        links.append((before..<text.count, link))
      }
    }
  }

  private mutating func openBlock(_ context: Context) {
    open = PageBlock(
      kind: context.kind, range: text.count..<text.count, linkBytes: 0, container: context.container, group: context.group,
      listDepth: context.listDepth, isOrdered: context.isOrdered, links: links.count..<links.count, images: pendingImages..<images.count,
      concealment: context.concealment)
    pendingImages = images.count
  }

  private mutating func trimEnd() {
    while text.count > open!.range.lowerBound, let last = text.last, UTF8Text.isSpace(last) { text.removeLast() }
  }

  private mutating func closeBlock() {
    pendingBreaks = 0
    guard var block = open else { return }
    trimEnd()
    open = nil
    block.range = block.range.lowerBound..<text.count
    block.linkBytes = min(block.linkBytes, block.range.count)
    block.links = block.links.lowerBound..<links.count
    if !block.range.isEmpty { blocks.append(block) }
  }

  private mutating func append(_ table: DataTable, _ node: Int, _ concealment: Tag?) {
    let none = links.count..<links.count
    if let caption = table.caption {
      let start = text.count
      text.append(contentsOf: caption)
      blocks.append(
        PageBlock(
          kind: .caption, range: start..<text.count, linkBytes: 0, container: node, group: 0, links: none,
          images: images.count..<images.count, concealment: concealment))
    }
    for row in table.rows {
      let start = text.count
      text.append(contentsOf: row.text)
      blocks.append(
        PageBlock(
          kind: .tableRow, range: start..<text.count, linkBytes: row.linkBytes, container: node, group: node, links: none,
          images: images.count..<images.count,
          concealment: concealment))
    }
  }
}

extension PageBlocks {
  /// How many words a choice keeps.
  func words(keptBy choice: BlockChoice) -> Int {
    text.withUnsafeBufferPointer { text in
      zip(blocks, choice.rules).reduce(0) { sum, pair in
        sum + (pair.1 == nil ? TextShape(UnsafeBufferPointer(rebasing: text[pair.0.range])) { _ in }.words : 0)
      }
    }
  }
}

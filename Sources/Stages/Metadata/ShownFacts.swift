import Pipeline

/// What a page shows readers around its headline: when it was published, and who wrote it.
///
/// Dates and names that are near the headline, and announced as such, cost the least; the cheapest of each is taken. One pass over the
/// nodes around the headline, bounded in their number and in the text of each.
struct ShownFacts {
  struct ShownDate {
    let date: PageDate
    let cost: Double
    /// Whether the page says that it was changed then, not published.
    let isUpdate: Bool
  }

  struct ShownNames {
    let names: [PersonName]
    let cost: Double
    /// Whether a word announces them: "by".
    let isAnnounced: Bool
  }

  private(set) var date: ShownDate?
  var names: ShownNames?

  /// How many nodes before and behind the headline are looked at.
  private static let nodesBefore = 60
  private static let nodesBehind = 1000
  /// Names that cost more are not looked for.
  private static let highestCostOfNames = 400.0
  /// In bytes: dates and bylines stand in short texts.
  static let longestText = 200
  /// An element with more nodes in it is no date or byline, but what stands around them.
  static let mostNodesInside = 60
  /// In nodes: how far before a date the text stands that announces it.
  private static let nearestLabel = 8
  /// What a node before the headline costs; one behind it costs 1.
  private static let costBefore = 2.0
  /// What a node costs on a page without headline, on which the body's beginning is the anchor.
  private static let costWithoutHeadline = 0.5
  private static let costOfLongText = 60.0
  private static let costOfAside = 60.0
  private static let longText = 80
  /// The cost of other kinds of dates, of updates, and what the word "published" saves.
  private static let costOfUnrelated = 300.0
  private static let costOfUpdate = 30.0
  private static let savingOfPublished = 10.0

  let page: Page
  let anchor: Int
  private let hasHeadline: Bool
  private let dates: DateText
  let reader: NameReader
  private let wantsDate: Bool
  private let wantsNames: Bool
  private var previousText: Int?
  /// Where the aside ends that the walk is in.
  private(set) var asideEnd = 0

  /// Elements that hold nothing about the page itself.
  private static let skipped: TagSet = [.nav, .footer, .select, .script, .style, .template, .noscript, .textarea]

  /// - Parameters:
  ///   - headline: the node of the headline; nil where the page has none, and the body's beginning stands for it.
  init(
    _ page: Page, headline: Int?, body: Int, dates: DateText, reader: NameReader, wantsDate: Bool, wantsNames: Bool,
    _ line: inout FoldedLine
  ) {
    self.page = page
    anchor = headline ?? body
    hasHeadline = headline != nil
    self.dates = dates
    self.reader = reader
    self.wantsDate = wantsDate
    self.wantsNames = wantsNames
    var node = headline == nil ? body : max(body, anchor - Self.nodesBefore)
    let end = min(page.nodes.count, anchor + Self.nodesBehind)
    while node < end {
      let current = page.nodes[node]
      if current.isText {
        read(text: node, &line)
      } else if node > body, Self.skipped.contains(current.tag), !(node < anchor && Int(current.end) > anchor) {
        node = Int(current.end)
        continue
      } else if current.tag == .aside, node > anchor || Int(current.end) <= anchor {
        asideEnd = max(asideEnd, Int(current.end))
      } else if current.stop > current.start {
        if wantsDate, current.tag == .time || current.tag == .abbr { read(time: node, &line) }
        if wantsNames { read(element: node, &line) }
      }
      // What is farther away cannot be cheaper.
      if node > anchor, isSettled(at: cost(of: node)) { break }
      node += 1
    }
  }

  private func isSettled(at distance: Double) -> Bool {
    let lowestDate = distance * 0.5 - Self.savingOfPublished
    return (!wantsDate || date.map { $0.cost <= lowestDate } ?? false)
      && (!wantsNames || distance > Self.highestCostOfNames || names.map { $0.cost <= distance } ?? false)
  }

  func cost(of node: Int) -> Double {
    if !hasHeadline { return Double(node - anchor) * Self.costWithoutHeadline }
    return node < anchor ? Double(anchor - node) * Self.costBefore : Double(node - anchor)
  }

  // MARK: Texts

  private mutating func read(text node: Int, _ line: inout FoldedLine) {
    let text = Self.trimmed(page.textBytes(node))
    guard !text.isEmpty else { return }
    defer { previousText = node }
    guard text.count <= Self.longestText else { return }
    if wantsNames { readByline(node, text, &line) }
    if wantsDate, text.contains(where: { PageDate.isDigit($0) || $0 == 0xD9 || $0 == 0xDB || $0 == 0xEF }) {
      text.withUnsafeBufferPointer { line.fold($0) }
      readDate(node, length: text.count, &line)
    }
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var start = text.startIndex
    var end = text.endIndex
    while start < end, UTF8Text.isSpace(text[start]) { start += 1 }
    while end > start, UTF8Text.isSpace(text[end - 1]) { end -= 1 }
    return text[start..<end]
  }

  private mutating func readDate(_ node: Int, length: Int, _ line: inout FoldedLine) {
    let bytes = UnsafeBufferPointer(line.bytes)
    guard let found = dates.first(in: bytes) else { return }
    var label = kinds(in: line, before: found.range.lowerBound)
    // The words before a date stand in a text of their own when it has an element of its own.
    if found.range.lowerBound < 3 { label.formUnion(labelBefore(node, &line)) }
    offer(PageDate(found.day), label, at: node, isLong: length > Self.longText)
  }

  /// What the text before a date's own says of it; one with a number has a date itself, and speaks of that.
  private func labelBefore(_ node: Int, _ line: inout FoldedLine) -> MetadataWords.Kinds {
    guard let previousText, node - previousText < Self.nearestLabel else { return [] }
    let text = page.textBytes(previousText)
    guard text.count <= Self.longestText, !text.contains(where: PageDate.isDigit) else { return [] }
    text.withUnsafeBufferPointer { line.fold($0) }
    return kinds(in: line, before: line.bytes.count)
  }

  private func kinds(in line: borrowing FoldedLine, before end: Int) -> MetadataWords.Kinds {
    let bytes = UnsafeBufferPointer(line.bytes)
    var result: MetadataWords.Kinds = []
    for start in line.starts where Int(start.offset) < end { result.formUnion(reader.words.kinds(at: Int(start.offset), in: bytes)) }
    return result
  }

  private mutating func read(time node: Int, _ line: inout FoldedLine) {
    let attribute = page.nodes[node].tag == .time ? Attribute.datetime : .title
    guard Int(page.nodes[node].end) - node < Self.mostNodesInside, let value = page.attributeBytes(attribute, of: node),
      let found = PageDate(value, dates, &line), dates.window.contains(found.day)
    else { return }
    // The words inside the element count as well as those before it: <time>Updated June 5</time>.
    let inside = page.foldedBytes(of: node, limit: Self.longestText)
    inside.withUnsafeBufferPointer { line.fold($0) }
    var label = kinds(in: line, before: line.bytes.count)
    label.formUnion(labelBefore(node, &line))
    offer(found, label, at: node, isLong: false)
  }

  private mutating func offer(_ found: PageDate, _ label: MetadataWords.Kinds, at node: Int, isLong: Bool) {
    var cost = cost(of: node)
    let isUpdate = label.contains(.updated)
    if label.contains(.unrelated) {
      cost += Self.costOfUnrelated
    } else if isUpdate {
      cost += Self.costOfUpdate
    } else if label.contains(.published) {
      cost = cost * 0.5 - Self.savingOfPublished
    }
    if isLong { cost += Self.costOfLongText }
    if node < asideEnd { cost += Self.costOfAside }
    if cost < date?.cost ?? .infinity { date = ShownDate(date: found, cost: cost, isUpdate: isUpdate) }
  }
}

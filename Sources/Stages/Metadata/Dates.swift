import Pipeline

/// Chooses the dates of a page among what it says of them in different places.
///
/// What a page states for machines that show it to readers (`article:published_time` and its kin, microdata) is believed first, then what
/// readers are shown at the headline, then JSON-LD, which templates often fill with the day on which a page was first saved, and then the
/// address. A page that shows no more than when it was updated is dated by that.
struct Dates {
  struct Choice {
    let date: PageDate
    let source: String
  }

  private(set) var published: Choice?
  private(set) var modified: Choice?
  /// Values that are dates outside the window, or no dates.
  private(set) var refused: [String] = []

  /// Dates that are shown at a lower cost are believed before JSON-LD; at a higher one than the second, not at all.
  private static let highestNear = 200.0
  private static let highestCost = 1000.0
  private static let mostValues = 8
  private static let longestText = 100

  private let reader: DateText

  init(_ reader: DateText) {
    self.reader = reader
  }

  /// Reads what is stated in meta elements and microdata. Whether a date of publication is, decides whether others need be looked for.
  mutating func readStated(_ facts: PageFacts, _ line: inout FoldedLine) {
    for element in facts.elements(.published).prefix(Self.mostValues) where published == nil {
      published = read(facts.content(element.node), "meta", &line)
    }
    for element in facts.elements(.modified).prefix(Self.mostValues) where modified == nil {
      modified = read(facts.content(element.node), "meta", &line)
    }
    for node in facts.published.prefix(Self.mostValues) where published == nil {
      published = read(Self.value(of: node, facts), "microdata", &line)
    }
    for node in facts.modified.prefix(Self.mostValues) where modified == nil {
      modified = read(Self.value(of: node, facts), "microdata", &line)
    }
  }

  /// Completes the dates from what is shown, from JSON-LD and from addresses.
  mutating func complete(_ shown: ShownFacts.ShownDate?, _ data: StructuredData, addresses: [String?], _ line: inout FoldedLine) {
    if published == nil, let shown, shown.cost < Self.highestNear { published = Choice(date: shown.date, source: "shown") }
    let declared = data.first(.datePublished, .dateCreated).flatMap { read($0, "json-ld", &line) }
    if published == nil { published = declared }
    for address in addresses where published == nil {
      published = address.flatMap { AddressDate.date($0.utf8, in: reader.window) }.map { Choice(date: PageDate($0), source: "url") }
    }
    if published == nil, let shown, shown.cost < Self.highestCost { published = Choice(date: shown.date, source: "shown") }
    if modified == nil { modified = data.first(.dateModified).flatMap { read($0, "json-ld", &line) } }
    if modified == nil, let shown, shown.isUpdate { modified = Choice(date: shown.date, source: "shown") }
  }

  private mutating func read(_ value: [UInt8], _ source: String, _ line: inout FoldedLine) -> Choice? {
    if value.isEmpty { return nil }
    if let date = PageDate(value, reader, &line), reader.window.contains(date.day) { return Choice(date: date, source: source) }
    if refused.count < Self.mostValues { refused.append(FactText.string(value.prefix(Self.longestText))) }
    return nil
  }

  private static func value(of node: Int, _ facts: PageFacts) -> [UInt8] {
    let content = facts.content(node)
    if !content.isEmpty { return content }
    if let datetime = facts.page.attributeBytes(.datetime, of: node), !datetime.isEmpty { return FactText.folded(datetime) }
    return facts.page.foldedBytes(of: node, limit: longestText)
  }
}

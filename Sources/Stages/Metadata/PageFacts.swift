import Pipeline

/// Where a page says things about itself: its meta elements, headings, links and marked-up elements, found in one pass over its nodes.
///
/// Holds places, not texts: a text is made of what is asked for alone. Linear in the page, and bounded in what is kept of it.
struct PageFacts {
  /// A heading of the first rank.
  struct Heading {
    let node: Int
    let text: [UInt8]
  }

  /// No headline is longer, in bytes, and no page has more that could be it.
  static let longestTitle = 500
  private static let mostHeadings = 24
  /// Elements of one fact that are kept.
  private static let mostElements = 100

  let page: Page
  private(set) var titleElement: Int?
  private(set) var headings: [Heading] = []
  /// Elements of schema.org's microdata: of publication, of a change, and of authors.
  private(set) var published: [Int] = []
  private(set) var modified: [Int] = []
  private(set) var authors: [Int] = []
  /// Links to authors' pages, by `rel`.
  private(set) var authorLinks: [Int] = []
  private(set) var canonicalLink: Int?
  private(set) var imageLink: Int?
  private(set) var languageTag: Int?
  private(set) var body = 0
  private var metas = [[(rank: Int, node: Int)]](repeating: [], count: MetaFact.allCases.count)

  init(_ page: Page) {
    self.page = page
    for node in page.nodes.indices where !page.nodes[node].isText {
      let element = page.nodes[node]
      switch element.tag {
      case .meta: readMeta(node)
      case .title: if titleElement == nil { titleElement = node }
      case .h1:
        if headings.count < Self.mostHeadings {
          headings.append(Heading(node: node, text: page.foldedBytes(of: node, limit: Self.longestTitle)))
        }
      case .html: if languageTag == nil { languageTag = node }
      case .body: body = node
      default: break
      }
      for place in Int(element.start)..<Int(element.stop) {
        switch page.attributes[place].name {
        case .itemprop: if element.tag != .meta { readProperty(node, place) }
        case .rel: if element.tag == .link || element.tag == .a { readRelation(node, element.tag, place) }
        default: break
        }
      }
    }
  }

  private func value(_ place: Int) -> ArraySlice<UInt8> {
    let range = page.attributes[place].value
    return page.attributeText[Int(range.lowerBound)..<Int(range.upperBound)]
  }

  private mutating func readMeta(_ node: Int) {
    guard let content = page.attributeBytes(.content, of: node), content.contains(where: { !UTF8Text.isSpace($0) }) else { return }
    for attribute in [Attribute.property, .name, .itemprop, .httpEquiv] {
      guard let name = page.attributeBytes(attribute, of: node) else { continue }
      for (fact, rank) in MetaNames.uses(of: name) where metas[fact.rawValue].count < Self.mostElements {
        metas[fact.rawValue].append((rank, node))
      }
    }
  }

  private mutating func readProperty(_ node: Int, _ place: Int) {
    for word in value(place).split(separator: 0x20, maxSplits: 4) {
      if Self.equals(word, "datepublished") || Self.equals(word, "datecreated") {
        if published.count < Self.mostElements { published.append(node) }
      } else if Self.equals(word, "datemodified") {
        if modified.count < Self.mostElements { modified.append(node) }
      } else if Self.equals(word, "author") || Self.equals(word, "creator") {
        if authors.count < Self.mostElements { authors.append(node) }
      }
    }
  }

  private mutating func readRelation(_ node: Int, _ tag: Tag, _ place: Int) {
    for word in value(place).split(separator: 0x20, maxSplits: 8) {
      if tag == .a {
        if Self.equals(word, "author"), authorLinks.count < Self.mostElements { authorLinks.append(node) }
      } else if Self.equals(word, "canonical") {
        if canonicalLink == nil { canonicalLink = node }
      } else if Self.equals(word, "image_src"), imageLink == nil {
        imageLink = node
      }
    }
  }

  /// Whether bytes are a word in lower case, whatever their own case.
  static func equals(_ bytes: ArraySlice<UInt8>, _ word: StaticString) -> Bool {
    guard bytes.count == word.utf8CodeUnitCount else { return false }
    var next = word.utf8Start
    for byte in bytes {
      if ASCII.lowered(byte) != next.pointee { return false }
      next += 1
    }
    return true
  }

  // MARK: Meta elements

  /// The elements that tell a fact, the most trusted name first, in the order of the page among equals.
  func elements(_ fact: MetaFact) -> [(rank: Int, node: Int)] {
    let found = metas[fact.rawValue]
    if found.count < 2 { return found }
    return found.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }.map(\.element)
  }

  /// The content of an element, white space folded; what is longer than any title or description is cut.
  func content(_ node: Int) -> [UInt8] {
    guard let content = page.attributeBytes(.content, of: node) else { return [] }
    return FactText.folded(content.prefix(FactText.longest))
  }

  /// What the most trusted element says of a fact.
  func first(_ fact: MetaFact) -> [UInt8]? {
    metas[fact.rawValue].min { $0.rank < $1.rank }.map { content($0.node) }
  }

  /// The text of the title element.
  var title: [UInt8] {
    titleElement.map { page.foldedBytes(of: $0, limit: Self.longestTitle) } ?? []
  }

  /// The value of an attribute without white space around it; nil for none, and for an empty one.
  func address(_ name: Attribute, of node: Int?) -> String? {
    guard let node, let bytes = page.attributeBytes(name, of: node) else { return nil }
    var trimmed = bytes.drop(while: UTF8Text.isSpace)
    while let last = trimmed.last, UTF8Text.isSpace(last) { trimmed.removeLast() }
    return trimmed.isEmpty ? nil : String(decoding: trimmed, as: UTF8.self)
  }

  /// A BCP 47 tag in lower case: of the page, else of what it says of itself.
  var language: String? {
    let told = address(.lang, of: languageTag) ?? first(.language).map { String(decoding: $0.prefix(35), as: UTF8.self) }
    return told.map { $0.lowercased().split(separator: "_").joined(separator: "-") }
  }
}

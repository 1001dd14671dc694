import Pipeline

/// Reads what a page says about itself: title, site, description, language, canonical address, image.
public struct MetadataStage: Stage {
  public static let descriptor = StageDescriptor(
    name: "metadata",
    summary: "Reads title, site name, description, language, canonical URL and image from a page.",
    needs: [.content], provides: [.title, .metadata, .language],
    reasons: [("limit", "a limit of the parser was met")])

  public init(options: Options) {}

  public func process(_ document: inout Document) throws -> Verdict {
    guard document.content != nil else { return .pass }
    let page = try document.page()
    let facts = PageFacts(page)
    func fill(_ path: WritableKeyPath<Metadata, String?>, _ candidates: String?...) {
      guard document.metadata[keyPath: path] == nil else { return }
      document.metadata[keyPath: path] = candidates.lazy.compactMap { $0 }.first { !$0.isEmpty }
    }
    fill(\.title, facts.title)
    fill(\.siteName, facts.properties["og:site_name"], facts.properties["application-name"])
    fill(\.description, facts.properties["og:description"], facts.properties["description"], facts.properties["twitter:description"])
    fill(\.image, facts.properties["og:image"], facts.properties["twitter:image"])
    fill(\.canonical, facts.canonical, facts.properties["og:url"])
    fill(\.section, facts.properties["article:section"])
    fill(
      \.published, PageDate.normalized(facts.properties["article:published_time"] ?? facts.properties["datepublished"]),
      PageDate.normalized(facts.properties["date"]))
    fill(\.modified, PageDate.normalized(facts.properties["article:modified_time"]))
    fill(\.language, facts.language)
    if document.metadata.authors.isEmpty, let author = facts.properties["author"], !author.hasPrefix("http") {
      document.metadata.authors = [author]
    }
    return .pass
  }
}

/// What stands in the head of a page and in its headings.
struct PageFacts {
  /// By name, property or itemprop in lower case; the first of each.
  private(set) var properties: [String: String] = [:]
  private(set) var canonical: String?
  private(set) var language: String?
  private var titleElement: String?
  /// No headline is longer, in bytes, and no page has more that could be it.
  private static let longestTitle = 500
  private static let mostHeadings = 40
  private var headings: [String] = []

  init(_ page: Page) {
    for node in page.nodes.indices where !page.nodes[node].isText {
      switch page.nodes[node].tag {
      case .meta: readMeta(page, node)
      case .title where titleElement == nil: titleElement = page.foldedText(of: node, limit: Self.longestTitle)
      case .h1 where headings.count < Self.mostHeadings: headings.append(page.foldedText(of: node, limit: Self.longestTitle))
      case .link where canonical == nil:
        if page.attribute(.rel, of: node)?.lowercased() == "canonical" { canonical = page.attribute(.href, of: node) }
      case .html:
        if let tag = page.attribute(.lang, of: node), !tag.isEmpty {
          language = tag.lowercased().split(separator: "_").joined(separator: "-")
        }
      default: break
      }
    }
    if language == nil {
      language = properties["content-language"] ?? properties["og:locale"]?.lowercased().split(separator: "_").joined(separator: "-")
    }
  }

  private mutating func readMeta(_ page: Page, _ node: Int) {
    guard let content = page.attribute(.content, of: node) else { return }
    for attribute in [Attribute.property, .name, .itemprop, .httpEquiv] {
      guard let name = page.attribute(attribute, of: node)?.lowercased(), properties[name] == nil else { continue }
      properties[name] = content.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
  }

  /// The headline: a heading that the page's title contains, else the title for sharing, else the title without the site's name.
  var title: String? {
    let shared = properties["og:title"] ?? properties["twitter:title"]
    let whole = titleElement ?? shared ?? ""
    // The site's name is a heading too on many pages, and the shorter one.
    let lowered = whole.lowercased()
    let told = headings.filter { heading in
      heading.count > 5 && (lowered.contains(heading.lowercased()) || shared?.lowercased() == heading.lowercased())
    }
    if let headline = told.max(by: { $0.count < $1.count }) { return headline }
    if let shared, !shared.isEmpty { return withoutSite(shared) }
    if headings.count == 1, let only = headings.first, only.count > 5 { return only }
    return whole.isEmpty ? headings.first : withoutSite(whole)
  }

  /// Cuts a site's name off at the last separator, where the longer part remains.
  private func withoutSite(_ title: String) -> String {
    for separator in [" | ", " – ", " — ", " - ", " :: ", " » ", " · "] {
      guard let place = title.ranges(of: separator).last else { continue }
      let front = title[..<place.lowerBound]
      let back = title[place.upperBound...]
      if let site = properties["og:site_name"]?.lowercased(), back.lowercased() == site { return String(front) }
      if front.count >= 15, back.count < front.count, back.split(separator: " ").count <= 4 { return String(front) }
    }
    return title
  }
}

/// Dates in ISO 8601.
enum PageDate {
  /// The date if it begins as ISO 8601 has it, `YYYY-MM-DD`; else nil.
  static func normalized(_ text: String?) -> String? {
    guard let text, text.utf8.count >= 10 else { return nil }
    let bytes = Array(text.utf8.prefix(10))
    for (index, byte) in bytes.enumerated() {
      let isDash = index == 4 || index == 7
      guard isDash ? byte == UInt8(ascii: "-") : byte >= 0x30 && byte <= 0x39 else { return nil }
    }
    guard let month = Int(String(decoding: bytes[5..<7], as: UTF8.self)), let day = Int(String(decoding: bytes[8...], as: UTF8.self)),
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    // What follows is a time, or nothing.
    let rest = text.utf8.dropFirst(10)
    guard let mark = rest.first else { return text }
    guard mark == UInt8(ascii: "T") || mark == 0x20, let digit = rest.dropFirst().first, digit >= 0x30, digit <= 0x39 else { return nil }
    return text
  }
}

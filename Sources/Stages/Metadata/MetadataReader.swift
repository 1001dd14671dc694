import Pipeline

/// All facts of one page, each from the place that is to be believed.
struct MetadataReader {
  private let facts: PageFacts
  private let data: StructuredData
  private let title: Titles.Choice?
  private let authors: Authors.Choice?
  private let dates: Dates
  private let site: [UInt8]?
  private let language: String?
  private let canonical: String?

  private static let mostKeywords = 100
  private static let longestKeyword = 100

  /// - Parameter url: where the page came from, when the input knows it.
  init(_ page: Page, window: DateWindow, url: String?) {
    facts = PageFacts(page)
    data = StructuredData(page.structuredData)
    site = facts.first(.siteName) ?? data.site
    language = facts.language
    canonical = facts.address(.href, of: facts.canonicalLink) ?? facts.first(.address).map(FactText.string)
    var line = FoldedLine()
    let words = MetadataWords.shared.believing(language.map { String($0.prefix { $0 != "-" }) })
    var dates = Dates(DateText(words, language: language, window: window))
    dates.readStated(facts, &line)
    let headline = data.first(.headline, of: [.article, .page])
    title = Titles(
      title: facts.title, shared: facts.first(.title) ?? headline ?? [], site: site ?? [], headings: facts.headings,
      isArticle: dates.published != nil || headline != nil
    ).choose()
    let anchor = title?.heading ?? facts.headings.first?.node
    let people = Authors(facts, data, words)
    let declared = people.declared(headline: anchor, &line)
    var shown: ShownFacts?
    let wantsNames = declared?.rank ?? .group < .person
    if wantsNames || dates.published == nil {
      shown = ShownFacts(
        page, headline: anchor, body: facts.body, dates: DateText(words, language: language, window: window), reader: people.names,
        wantsDate: dates.published == nil, wantsNames: wantsNames, &line)
    }
    authors = Authors.choose(declared, shown?.names)
    dates.complete(shown?.date, data, addresses: [url, canonical, facts.first(.address).map(FactText.string)], &line)
    self.dates = dates
  }

  var refusedDates: [String] { dates.refused }
  var limits: [String] { data.limits.sorted() }

  /// Where facts were read, for people who ask why a page has the title it has.
  var sources: String {
    let told = [
      ("title", title?.source), ("authors", authors?.source), ("published", dates.published?.source), ("modified", dates.modified?.source),
    ]
    return told.compactMap { name, source in source.map { "\(name)=\($0)" } }.joined(separator: " ")
  }

  /// Completes metadata: what the input brought stays.
  func fill(_ metadata: inout Metadata) {
    func fill(_ path: WritableKeyPath<Metadata, String?>, _ candidates: String?...) {
      guard metadata[keyPath: path] == nil else { return }
      metadata[keyPath: path] = candidates.lazy.compactMap { $0 }.first { !$0.isEmpty }
    }
    func text(_ bytes: [UInt8]?) -> String? { bytes.map(FactText.string) }
    fill(\.title, text(title?.text))
    fill(\.siteName, text(site))
    fill(\.description, text(facts.first(.description)), text(data.first(.description)))
    fill(\.image, text(facts.first(.image)), facts.address(.href, of: facts.imageLink), text(data.first(.image)))
    fill(\.canonical, canonical)
    fill(\.section, text(facts.first(.section)), text(data.first(.section)))
    fill(\.published, dates.published?.date.text)
    fill(\.modified, dates.modified?.date.text)
    fill(\.language, language)
    if metadata.authors.isEmpty, let authors { metadata.authors = authors.names.map { FactText.string($0.text) } }
    if metadata.keywords.isEmpty { metadata.keywords = keywords }
  }

  /// Keywords of meta elements, else of JSON-LD, each once.
  private var keywords: [String] {
    let elements = facts.elements(.keywords)
    // Names are alternatives; elements of one name are parts.
    let told = elements.filter { $0.rank == elements[0].rank }.map { facts.content($0.node) }
    var known = Set<[UInt8]>()
    var result: [String] = []
    for text in told.isEmpty ? data.all(.keywords) : told {
      for part in text.split(whereSeparator: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "|") }) {
        let keyword = FactText.folded(part)
        guard !keyword.isEmpty, keyword.count <= Self.longestKeyword, known.insert(FactText.words(keyword)).inserted else { continue }
        if result.count == Self.mostKeywords { return result }
        result.append(FactText.string(keyword))
      }
    }
    return result
  }
}

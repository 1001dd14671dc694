import Pipeline

/// Chooses the authors of a page among what it says of them in different places.
///
/// A place that names a person is believed before one that has a single word, and that before one that names an organisation; among
/// equals JSON-LD comes before meta elements, microdata and links, and what readers are shown comes last: it is told from what is near it
/// by its looks alone.
struct Authors {
  struct Choice {
    let names: [PersonName]
    let source: String
  }

  private let facts: PageFacts
  private let data: StructuredData
  private let reader: NameReader

  /// Highest costs at which names that are shown are believed: announced by a word, told by an element's class, and of one word.
  private static let highestAnnounced = 400.0
  private static let highestTold = 300.0
  /// Names that organisations bear, and elements that are looked at for a name.
  private static let mostSites = 32
  private static let mostElements = 8
  private static let mostDescendants = 60
  private static let longestName = 200
  /// Links to authors that stand so near to each other, in nodes, are those of one byline.
  private static let nearLinks = 10

  init(_ facts: PageFacts, _ data: StructuredData, _ words: MetadataWords) {
    self.facts = facts
    self.data = data
    reader = NameReader(words: words, sites: Self.sites(facts, data))
  }

  /// What reads names as this page's sites are called.
  var names: NameReader { reader }

  private static func sites(_ facts: PageFacts, _ data: StructuredData) -> [[UInt8]] {
    var result: [[UInt8]] = []
    for element in facts.elements(.organisation).prefix(mostSites) { result.append(FactText.words(facts.content(element.node))) }
    for thing in data.things where thing.kind == .organisation {
      guard result.count < mostSites else { break }
      if let name = thing.text(.name) { result.append(FactText.words(data.bytes(name))) }
    }
    return result.filter { !$0.isEmpty }
  }

  /// What the page declares in markup; nil where it declares nobody.
  func declared(headline: Int?, _ line: inout FoldedLine) -> Choice? {
    var best: Choice?
    func offer(_ texts: [[UInt8]], _ source: String) {
      guard best?.rank ?? .group < .person else { return }
      var names: [PersonName] = []
      for text in texts where names.count < NameReader.mostNames {
        for name in reader.names(text, isShown: false, &line).names where !names.contains(where: { $0.words == name.words }) {
          names.append(name)
        }
      }
      guard let rank = names.map(\.rank).max() else { return }
      // The site is no author beside a person.
      if rank > .group { names.removeAll { $0.rank == .group } }
      if best.map({ $0.rank < rank }) ?? true { best = Choice(names: names, source: source) }
    }
    for kind in [StructuredData.Kind.article, .page, .work] { offer(data.authors(of: kind), "json-ld") }
    for texts in metaTexts() { offer(texts, "meta") }
    if let label = labelled(&line) { offer([label], "meta") }
    if let name = microdata() { offer([name], "microdata") }
    offer(links(headline: headline), "rel")
    return best
  }

  /// Decides between what is declared and what is shown.
  static func choose(_ declared: Choice?, _ shown: ShownFacts.ShownNames?) -> Choice? {
    guard let shown, declared?.rank ?? .group < .person else { return declared }
    let rank = shown.names.map(\.rank).max() ?? .group
    let highest = shown.isAnnounced ? highestAnnounced : highestTold
    if let declared {
      // What is shown may go on behind the name: "Supermove Team, updated".
      if let first = declared.names.first, let other = shown.names.first, other.words.starts(with: first.words) { return declared }
      guard rank == .person, shown.cost < highest else { return declared }
    } else {
      guard shown.cost < (rank == .single ? highestTold : highest) else { return nil }
    }
    // Of names that are shown, organisations stand beside persons as their employers.
    let names = rank > .group ? shown.names.filter { $0.rank > .group } : shown.names
    return Choice(names: names, source: "shown")
  }

  // MARK: Places

  /// The contents of meta elements, those of each name together.
  private func metaTexts() -> [[[UInt8]]] {
    var result: [[[UInt8]]] = []
    var rank = -1
    for element in facts.elements(.authors) {
      let text = facts.content(element.node)
      if element.rank != rank { result.append([]) }
      rank = element.rank
      result[result.count - 1].append(rank == 0 ? Self.inReadingOrder(text) : text)
    }
    return result
  }

  /// "Bell, Ada", as citations have it, with the given name first.
  private static func inReadingOrder(_ name: [UInt8]) -> [UInt8] {
    let parts = name.split(separator: UInt8(ascii: ","))
    guard parts.count == 2 else { return name }
    return Array(parts[1].drop { $0 == 0x20 }) + [0x20] + parts[0]
  }

  /// "Written by", in one meta element, and the name in another.
  private func labelled(_ line: inout FoldedLine) -> [UInt8]? {
    for (label, value) in [(MetaFact.label1, MetaFact.data1), (.label2, .data2)] {
      guard let text = facts.first(label), let name = facts.first(value) else { continue }
      text.withUnsafeBufferPointer { line.fold($0) }
      if reader.behindByline(line) >= line.starts.count { return name }
    }
    return nil
  }

  private func microdata() -> [UInt8]? {
    for node in facts.authors.prefix(Self.mostElements) {
      let inside = facts.page.descendants(of: node).prefix(Self.mostDescendants)
      let named = inside.first { inner in
        facts.page.attributeBytes(.itemprop, of: inner)?.split(separator: 0x20).contains { PageFacts.equals($0, "name") } ?? false
      }
      let place = named ?? inside.first { facts.page.nodes[$0].tag == .a } ?? node
      let content = facts.content(named ?? node)
      let name = content.isEmpty ? facts.page.foldedBytes(of: place, limit: Self.longestName) : content
      if !name.isEmpty { return name }
    }
    return nil
  }

  /// The texts of links to authors: those behind the headline, if there are any.
  private func links(headline: Int?) -> [[UInt8]] {
    let links = facts.authorLinks
    guard let first = links.firstIndex(where: { $0 > headline ?? -1 }) ?? links.indices.first else { return [] }
    var result: [[UInt8]] = []
    var previous = links[first]
    for node in links[first...].prefix(Self.mostElements) where node - previous <= Self.nearLinks {
      let text = facts.page.foldedBytes(of: node, limit: Self.longestName)
      if !text.isEmpty { result.append(text) }
      previous = node
    }
    return result
  }
}

extension Authors.Choice {
  var rank: PersonName.Rank { names.map(\.rank).max() ?? .group }
}

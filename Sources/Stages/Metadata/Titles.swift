import Pipeline

/// Chooses a page's headline among what it calls itself.
///
/// A heading that one of the page's titles repeats is the headline. Where none does, a heading that shares its words with the titles is it,
/// and else the title without the name of the site. Titles are written for search engines and say more, or other things, than the headline.
struct Titles {
  struct Choice {
    let text: [UInt8]
    /// The heading it is; nil where it comes from elsewhere.
    let heading: Int?
    let source: String
  }

  private struct Text {
    let text: [UInt8]
    let words: [UInt8]

    init(_ text: [UInt8]) {
      self.text = text
      words = FactText.words(text)
    }
  }

  /// A title with fewer letters than this names no page: in bytes, as `words` has them.
  private static let shortest = 3
  /// What is shared for social networks is taken for the headline only from this length on; shorter ones are names of sections.
  private static let shortestShared = 5
  /// A heading that stands inside a title is the headline if it has this share of it.
  private static let smallestPart = 0.3
  /// Shares of a heading's words that occur in the titles: of an article, which the headline of another page rarely does.
  private static let articleOverlap = 0.1
  private static let otherOverlap = 0.6
  /// In words: names of sites are no longer.
  private static let longestSite = 5
  /// With more headings of the first rank, none of them can be told from the titles of sections.
  private static let mostHeadings = 2

  private let whole: Text
  private let shared: Text
  private let parts: [Text]
  private let site: [UInt8]
  private let headings: [(node: Int, text: Text)]
  private let isArticle: Bool

  /// - Parameters:
  ///   - title: the title element.
  ///   - shared: the title for social networks.
  ///   - isArticle: whether the page says that it was published.
  init(title: [UInt8], shared: [UInt8], site: [UInt8], headings: [PageFacts.Heading], isArticle: Bool) {
    whole = Text(title)
    self.shared = Text(shared)
    parts = Self.parts(of: title).map { Text($0) }
    self.site = FactText.words(site)
    self.headings = headings.map { ($0.node, Text(Self.withoutMarks($0.text))) }.filter { $0.1.words.count >= Self.shortest }
    self.isArticle = isArticle
  }

  func choose() -> Choice? {
    let first = titleWithoutSite
    let candidates = headings.filter { !isSite($0.text) }
    if let found = candidates.first(where: { $0.text.words == first.words }) { return choice(found, "h1") }
    if let found = candidates.first(where: { $0.text.words == shared.words }) { return choice(found, "h1") }
    let inside = candidates.filter { FactText.holds(whole.words, $0.text.words) }
    if let longest = inside.max(by: { $0.text.words.count < $1.text.words.count }) {
      let isWhole = Double(longest.text.words.count) >= Self.smallestPart * Double(first.words.count)
      return isWhole ? choice(longest, "h1") : Choice(text: first.text, heading: longest.node, source: "title")
    }
    if candidates.count <= Self.mostHeadings, let (best, overlap) = closest(candidates),
      overlap >= (isArticle ? Self.articleOverlap : Self.otherOverlap)
    {
      return choice(best, "h1")
    }
    let node = candidates.first?.node
    if shared.words.count >= Self.shortestShared, Self.parts(of: shared.text).count == 1, FactText.holds(whole.words, shared.words) {
      return Choice(text: shared.text, heading: node, source: "og")
    }
    if !first.words.isEmpty { return Choice(text: first.text, heading: node, source: whole.words.isEmpty ? "og" : "title") }
    return (candidates.first ?? headings.first).map { choice($0, "h1") }
  }

  private func choice(_ heading: (node: Int, text: Text), _ source: String) -> Choice {
    // A bar parts a headline from a site's name or a section here too.
    let text = Self.parts(of: heading.text.text, atBarsOnly: true).first ?? heading.text.text
    return Choice(text: heading.text.words == titleWithoutSite.words ? heading.text.text : text, heading: heading.node, source: source)
  }

  /// The title's own part: the first, unless the site's name is the first.
  private var titleWithoutSite: Text {
    if parts.isEmpty { return Self.parts(of: shared.text).first.map { Text($0) } ?? shared }
    guard parts.count > 1 else { return parts[0] }
    if !shared.words.isEmpty, parts[0].words != shared.words, let same = parts.dropFirst().first(where: { $0.words == shared.words }) {
      return same
    }
    if parts[0].words.count < Self.shortest { return whole }
    return parts[0].words == site ? parts[1] : parts[0]
  }

  /// Whether a heading is the site's name: told so, or a part of the title behind the first.
  private func isSite(_ heading: Text) -> Bool {
    if heading.words == site { return true }
    // Names of sites are short: a long part behind a short one is the headline.
    if heading.words.count > parts.first?.words.count ?? 0, heading.words.count(where: { $0 == 0x20 }) >= Self.longestSite { return false }
    return parts.count > 1 && heading.words != parts[0].words && heading.words != shared.words
      && parts.dropFirst().contains { $0.words == heading.words }
  }

  /// The heading with the largest share of its words in the titles.
  private func closest(_ candidates: [(node: Int, text: Text)]) -> ((node: Int, text: Text), Double)? {
    let known = Set((whole.words.split(separator: 0x20) + shared.words.split(separator: 0x20)).map { Array($0) })
    var best: ((node: Int, text: Text), Double)?
    for candidate in candidates {
      let words = candidate.text.words.split(separator: 0x20).map { Array($0) }.filter { !Self.smallWords.contains($0) }
      let share = Double(words.count(where: known.contains)) / Double(max(1, words.count))
      if share > best?.1 ?? -1 { best = (candidate, share) }
    }
    return best
  }

  /// Words that any two titles share.
  private static let smallWords = Set(
    ["a", "an", "at", "by", "for", "from", "how", "in", "is", "of", "on", "the", "to", "what", "with", "you", "your"].map { Array($0.utf8) }
  )

  // MARK: Parts

  /// The parts of a title between its separators: a bar, or a dash, dot or arrow with spaces around it.
  static func parts(of title: [UInt8], atBarsOnly: Bool = false) -> [[UInt8]] {
    var result: [[UInt8]] = []
    var start = 0
    title.withUnsafeBufferPointer { bytes in
      var index = 0
      while index < bytes.count {
        let (value, length) = UTF8Text.scalar(at: index, in: bytes)
        let isSpaced = index > 0 && bytes[index - 1] == 0x20 && index + length < bytes.count && bytes[index + length] == 0x20
        let isDoubled =
          value == 0x3A && index + 2 < bytes.count && bytes[index + 1] == 0x3A && bytes[index + 2] == 0x20 && index > 0
          && bytes[index - 1] == 0x20
        if isBar(value) || !atBarsOnly && (isSpaced && isSeparator(value) || isDoubled) {
          result.append(Array(bytes[start..<index]))
          index += isDoubled ? 2 : length
          start = index
        } else {
          index += length
        }
      }
    }
    result.append(Array(title[start...]))
    return result.map { trimmed($0[...]) }.filter { !$0.isEmpty }
  }

  private static func isBar(_ value: UInt32) -> Bool { value == 0x7C || value == 0x2502 || value == 0xFF5C }

  private static func isSeparator(_ value: UInt32) -> Bool {
    switch value {
    case 0x2D, 0x7E, 0xAB, 0xB7, 0xBB, 0x2013, 0x2014, 0x2022, 0x203A, 0x22C6: true
    default: false
    }
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var text = text.drop { $0 == 0x20 }
    while text.last == 0x20 { text.removeLast() }
    return Array(text)
  }

  /// A heading without the sign for its own address.
  private static func withoutMarks(_ heading: [UInt8]) -> [UInt8] {
    var text = heading[...]
    while let last = text.last {
      if last == 0x20 || last == UInt8(ascii: "#") {
        text.removeLast()
      } else if text.count >= 2, last == 0xB6, text[text.endIndex - 2] == 0xC2 {
        text.removeLast(2)
      } else {
        break
      }
    }
    return Array(text)
  }
}

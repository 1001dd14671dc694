import Pipeline

/// What a configuration says about single sites: where the content of their pages stands, and what of it goes.
///
/// A key is a host and covers the hosts below it too; of several that do, the longest counts, alone. `*` covers all others.
struct SiteRules: Sendable {
  /// The rules of one key.
  struct Site: Sendable, Equatable {
    /// The key, for the trail.
    let key: String
    /// Where the content stands; nil where that is left to be found.
    let content: Selector?
    /// What goes.
    let remove: [Selector]
  }

  static let option = OptionDescriptor(
    "sites",
    .sections([
      OptionDescriptor("content", .text, "A CSS selector of the elements that hold the content, such as `div.story`."),
      OptionDescriptor("remove", .texts, "CSS selectors of elements that go, such as [\".promo\", \"#newsletter\"]."),
    ]),
    "Rules for sites by host, such as {\"example.com\": {\"content\": \"div.story\", \"remove\": [\".promo\"]}}; a host covers those below it, the longest that fits counts, and `*` is for all others."
  )

  /// An element of a page that goes.
  struct Removal: Sendable {
    let node: Int
    /// The site's key and the selector, for the trail.
    let rule: String
  }

  private var sites: [String: Site] = [:]
  private var others: Site?

  /// - Parameter sections: the value of the option, by its keys.
  /// - Throws: `OptionProblems` with every key that is no host and every selector that is none.
  init(_ sections: [String: Options]) throws {
    var problems: [OptionProblem] = []
    for (key, options) in sections.sorted(by: { $0.key < $1.key }) {
      func report(_ path: [String], _ message: String) {
        problems.append(OptionProblem(Self.option.name, at: [key] + path, message))
      }
      func selector(_ text: String, _ path: String...) -> Selector? {
        do throws(SelectorError) {
          return try Selector(text)
        } catch {
          report(path, "\"\(text)\" is no selector: \(error)")
          return nil
        }
      }
      let remove = options.texts("remove").enumerated().compactMap { selector($1, "remove", String($0)) }
      let site = Site(key: key, content: options.text("content").flatMap { selector($0, "content") }, remove: remove)
      if options.text("content") == nil, options.texts("remove").isEmpty {
        report([], "expected \"content\" or \"remove\", found nothing to do")
      }
      if key == "*" {
        others = site
        continue
      }
      let host = String(decoding: key.utf8.map(ASCII.lowered), as: UTF8.self)
      if host.contains("*") || WebHost.of("//\(host)") != host {
        let bare = host.hasPrefix("*.") ? String(host.dropFirst(2)) : host
        let meant = (WebHost.of(bare) ?? WebHost.of("//\(bare)")).flatMap { $0.contains("*") ? nil : $0 }
        report([], "\"\(key)\" is no host such as \"example.com\"" + (meant.map { " (did you mean \"\($0)\"?)" } ?? ""))
      } else if sites.updateValue(site, forKey: host) != nil {
        report([], "\"\(host)\" stands twice, written in different case")
      }
    }
    guard problems.isEmpty else { throw OptionProblems(problems) }
  }

  /// The rules for a host as `WebHost` gives it, or for pages whose host is not known; nil where there are none.
  func site(forHost host: String?) -> Site? {
    var rest = host.map { $0[...] }
    while let name = rest {
      if let site = sites[String(name)] { return site }
      rest = name.utf8.firstIndex(of: UInt8(ascii: ".")).map { name[name.utf8.index(after: $0)...] }
    }
    return others
  }

  /// The rules for a document: by its own address, else by the one that its page gives.
  func site(of document: Document, _ page: Page) -> Site? {
    if sites.isEmpty { return others }
    let addresses = [document.metadata.url, document.metadata.canonical]
    return site(forHost: addresses.lazy.compactMap { $0.flatMap(WebHost.of) }.first ?? page.canonicalHost)
  }
}

extension SiteRules.Site {
  /// The elements of a page that go, in its order.
  func removals(in page: Page) -> [SiteRules.Removal] {
    let found = remove.flatMap { selector in
      selector.allMatches(in: page).map { SiteRules.Removal(node: $0, rule: "\(key) \(selector.text)") }
    }
    return found.sorted { $0.node < $1.node }
  }

  /// The parts of a page that hold the content, without overlap, as ranges of nodes; nil when the site does not say, or the page has none.
  func contentRanges(in page: Page) -> [Range<Int>]? {
    guard let content else { return nil }
    var ranges: [Range<Int>] = []
    for node in content.allMatches(in: page) where node >= ranges.last?.upperBound ?? 0 {
      ranges.append(node..<Int(page.nodes[node].end))
    }
    return ranges.isEmpty ? nil : ranges
  }
}

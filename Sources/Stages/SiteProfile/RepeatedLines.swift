import Pipeline

/// What is dropped of a page because other pages of its site, or other sites, have it too. A snapshot: what is learned during a run
/// does not change it.
struct RepeatedLines: Sendable {
  private let sites: [String: (pages: Int, lines: [SiteSample.Repeat])]
  private let verdicts: LineVerdicts
  private let documents: Int
  private let share: Double
  /// 0 for never.
  let acrossSites: Int

  /// Fewer documents say nothing about a share of them.
  static let fewestForShare = 3

  /// - Parameters:
  ///   - profile: the path of a profile; nil for none.
  ///   - documents: a line goes that stands on so many documents of its site,
  ///   - share: or on such a share of them, and on three.
  ///   - acrossSites: a paragraph goes that stands in different stories on so many sites; 0 for never.
  /// - Throws: `OptionProblem`.
  init(profile: String?, verdicts: LineVerdicts, documents: Int, share: Double, acrossSites: Int) throws {
    do {
      sites = try profile.map { try Self.read($0) } ?? [:]
    } catch {
      throw OptionProblem("profile", "\(error)")
    }
    self.verdicts = verdicts
    self.documents = documents
    self.share = share
    self.acrossSites = acrossSites
  }

  /// - Throws: `IOError`, `DamagedRecord`.
  private static func read(_ path: String) throws -> [String: (pages: Int, lines: [SiteSample.Repeat])] {
    do {
      return try SiteProfile(path: path, readOnly: true).repeats()
    } catch is IOError {
      // What a killed `pipe learn` has left half-written is undone by the next who may write.
      return try SiteProfile(path: path).repeats()
    }
  }

  /// The blocks of a page that repeat, with the rule for each.
  func find(_ document: borrowing Document) -> [(block: Int, rule: String)] {
    guard let text = document.text else { return [] }
    let name = Site.name(document.metadata)
    let site = name.flatMap { sites[$0] }
    let all = acrossSites > 0 ? sites[SiteProfile.allSites] : nil
    guard site != nil || all != nil || !verdicts.isEmpty else { return [] }
    let key = SitePage.key(of: Site.key(document))
    let title = document.metadata.title.map { SiteLines.hash(of: $0) }
    let lines = SiteLines(text).lines
    var rules = lines.map { line -> String? in
      switch verdicts.verdict(line.hash, site: name) {
      case .keep: return nil
      case .drop: return Self.decided
      case nil: break
      }
      if line.hash == title { return nil }
      let ofSite = site.flatMap { Self.entry(line.hash, in: $0.lines) }
      let ofAll = line.isLong ? all.flatMap { Self.entry(line.hash, in: $0.lines) } : nil
      // A page that keeps the line by either count keeps it: the two may have chosen different pages.
      if ofSite?.owner == key || ofAll?.owner == key { return nil }
      if let site, let entry = ofSite, repeats(entry.documents, of: site.pages) {
        return "on \(entry.documents) of \(site.pages) pages of the site"
      }
      if let entry = ofAll, entry.documents >= acrossSites {
        return "on \(entry.documents) sites"
      }
      return nil
    }
    Self.keepLabels(lines, &rules)
    return zip(lines, rules).compactMap { line, rule in rule.map { (line.block, $0) } }
  }

  private static let decided = "site-lines"

  /// "Ingredients", "System requirements": a label that many pages have, over what this page alone has, belongs to that.
  private static func keepLabels(_ lines: [SiteLines.Line], _ rules: inout [String?]) {
    for index in lines.indices.dropLast() where rules[index] != nil && rules[index] != decided && rules[index + 1] == nil {
      // In a run of lines that repeat, only a heading leads over to what follows.
      let isAlone = index == 0 || rules[index - 1] == nil
      if lines[index].isHeading || isAlone && !lines[index].endsSentence { rules[index] = nil }
    }
  }

  private func repeats(_ count: Int, of pages: Int) -> Bool {
    count >= documents || count >= Self.fewestForShare && Double(count) >= share * Double(pages)
  }

  /// Binary search.
  private static func entry(_ hash: LineHash, in lines: [SiteSample.Repeat]) -> SiteSample.Repeat? {
    var (low, high) = (0, lines.count)
    while low < high {
      let middle = (low + high) / 2
      if lines[middle].hash < hash { low = middle + 1 } else { high = middle }
    }
    return low < lines.count && lines[low].hash == hash ? lines[low] : nil
  }
}

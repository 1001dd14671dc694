import Foundation
import TestSupport
import Testing

@testable import Pipeline
@testable import Stages

@Suite struct SiteProfileTests {
  private let folder = TemporaryFolder()

  private func document(_ address: String, _ text: String, title: String? = nil) -> Document {
    var document = Document.plain(text)
    document.metadata.url = address
    document.metadata.title = title
    return document
  }

  /// Learns documents into a profile of this name.
  private func learn(_ name: String, _ documents: [Document], day: Int = 100, across: Bool = false) throws -> String {
    let path = "\(folder.path)/\(name)"
    var options = Options(defaultsOf: LearnStage.descriptor.options)
    options["profile"] = .text(path)
    options["day"] = .integer(day)
    options["acrossSites"] = .boolean(across)
    let stage = try LearnStage(options: options)
    var decider = try stage.makeDecider(memory: TemporaryMemory())
    for document in documents { _ = try decider.decide(id: document.id, value: try stage.prepare(document), isLeaving: false) }
    try decider.finish()
    return path
  }

  /// Everything that a profile knows, in one order.
  private func content(_ path: String) throws -> [String] {
    let profile = try SiteProfile(path: path, readOnly: true)
    return try profile.siteNames().map { name in
      let (sample, texts) = try profile.site(name)
      let lines = texts.sorted { $0.key < $1.key }.map { "\($0.key.value) \(String(decoding: $0.value, as: UTF8.self))" }
      return "\(name) \(sample.bytes) \(lines) \(try profile.repeats()[name].map { "\($0.pages) \($0.lines)" } ?? "")"
    }
  }

  /// What is dropped of a document by a profile.
  private func dropped(_ document: Document, _ profile: String, _ options: String = "") throws -> [String] {
    let stage = try stage("boilerplate", #""profile": "\#(profile)""# + (options.isEmpty ? "" : ", " + options))
    return try document.after(stage).trail.filter { $0.reason == "site" }.map(\.text)
  }

  private static let support = "Our newsroom is paid for by its readers, who meet us every spring in the old customs house."

  /// Twelve pages of a site, each with a story of its own and the same line behind it.
  private func pages(_ count: Int = 12, host: String = "www.example.com") -> [Document] {
    (0..<count).map { number in
      document(
        "https://\(host)/\(number)",
        "Story \(number) begins here, and tells of case \(number) at some length so that it is the longest of the page by far.\n\n\(Self.support)"
      )
    }
  }

  @Test func whatRecursIsDroppedButFromThePageThatItBelongsTo() throws {
    let profile = try learn("p", pages())
    let results = try pages().map { try dropped($0, profile) }
    #expect(results.count { $0 == [Self.support] } == 11)
    #expect(results.count { $0.isEmpty } == 1)
    // A page that was not learned, of the same site.
    #expect(try dropped(document("http://example.com/new", "News.\n\n\(Self.support)"), profile) == [Self.support])
    #expect(try dropped(document("http://example.org/new", "News.\n\n\(Self.support)"), profile) == [])
  }

  @Test func theNumberAndTheShareCount() throws {
    let profile = try learn(
      "p", Array(pages().prefix(4)) + (20..<40).map { document("https://example.com/\($0)", "Another story, number \($0), with words.") })
    let page = document("https://example.com/new", "News.\n\n\(Self.support)")
    #expect(try dropped(page, profile) == [])
    #expect(try dropped(page, profile, #""profileDocuments": 4"#) == [Self.support])
    #expect(try dropped(page, profile, #""profileShare": 0.15"#) == [Self.support])
    #expect(try dropped(page, profile, #""profileDocuments": 4, "site": "keep""#) == [])
  }

  /// Of a page that is read every night, every line would recur.
  @Test func aPageIsCountedOnce() throws {
    let page = document("https://example.com/1", "A story about a lock.\n\nIt was opened on Monday by the mayor.")
    let profile = try learn("p", Array(repeating: page, count: 20))
    #expect(try SiteProfile(path: profile).repeats().isEmpty)
  }

  /// Print and mobile versions have other addresses and other lines around the same story.
  @Test func copiesOfAStoryAreOneDocument() throws {
    let story = "The longest paragraph of this story tells what happened at the lock on Monday, when the mayor came late."
    let copies = (0..<20).map { document("https://example.com/\($0)", "Short line.\n\n\(story)\n\nLine \($0).") }
    #expect(try SiteProfile(path: try learn("p", copies)).repeats().isEmpty)
  }

  @Test(arguments: 0..<5) func theOrderDoesNotMatter(_ seed: Int) throws {
    var random = SeededGenerator(seed)
    let all = pages(30) + pages(10, host: "other.example.net")
    let one = try content(try learn("one", all, across: true))
    #expect(try content(try learn("two", all.shuffled(using: &random), across: true)) == one)
    // In pieces that overlap, and learned twice.
    let pieces = try (0..<3).map { number in try learn("piece\(number)", Array(all.shuffled(using: &random).prefix(25)), across: true) }
    let rest = try learn("rest", all.shuffled(using: &random), across: true)
    let merged = try SiteProfile(path: "\(folder.path)/merged")
    for path in ([rest] + pieces + [rest]).shuffled(using: &random) { try merged.merge(try SiteProfile(path: path, readOnly: true)) }
    #expect(try content("\(folder.path)/merged") == one)
  }

  @Test func laterReadingsOfAPageReplaceEarlierOnes() throws {
    let (old, new) = (document("https://example.com/1", "The old words of it."), document("https://example.com/1", "The new words of it."))
    for order in [[(old, 5), (new, 6)], [(new, 6), (old, 5)]] {
      let name = "p\(order[0].1)"
      for (document, day) in order { _ = try learn(name, [document], day: day) }
      let sample = try SiteProfile(path: "\(folder.path)/\(name)").site("example.com").sample
      #expect(sample.pages.count == 1 && sample.pages[0].day == 6)
      #expect(sample.pages[0].lines.map(\.hash) == [SiteLines.hash(of: "the new words of it.")])
    }
  }

  @Test func whatWasNotReadForLongIsForgotten() throws {
    _ = try learn("p", pages(12), day: 100)
    let path = try learn("p", pages(3, host: "other.net"), day: 190)
    let profile = try SiteProfile(path: path)
    try profile.forget(before: 150)
    #expect(try profile.siteNames() == ["other.net"])
  }

  @Test func aLargeSiteIsSampled() throws {
    var random = SeededGenerator(4)
    let many = (0..<1500).map { document("https://example.com/\($0)", "Text \($0) is long enough to be the story.\n\nFollow us.") }
    let path = try learn("p", many.shuffled(using: &random))
    let (sample, _) = try SiteProfile(path: path).site("example.com")
    #expect(sample.pages.count == SiteSample.mostPages)
    #expect(try content(path) == content(try learn("q", many)))
    #expect(sample.bytes.count < 70 * SiteSample.mostPages)
  }

  @Test func paragraphsAreCountedAcrossSites() throws {
    let note =
      "This report comes from the Harbour Wire, a cooperative of forty local newsrooms, and may be printed by all of them for free."
    let stories = (0..<6).map { number in
      document(
        "https://site\(number).example/",
        "Story number \(number) of another place is told here, " + String(repeating: "with more words ", count: 9) + ".\n\n\(note)")
    }
    let path = try learn("p", stories, across: true)
    let page = document("https://new.example/x", "News.\n\n\(note)")
    #expect(try dropped(page, path) == [])
    #expect(try dropped(page, path, #""acrossSites": 6"#) == [note])
    #expect(try dropped(page, path, #""acrossSites": 7"#) == [])
    // The same story on many sites is one story: nothing of it repeats.
    let copies = (0..<6).map { number in
      document(
        "https://copy\(number).example/", "\(note)\n\n\(String(repeating: "The longest paragraph of all. ", count: 9))\n\nLine \(number).")
    }
    #expect(try SiteProfile(path: try learn("q", copies, across: true)).repeats()["*"] == nil)
  }

  @Test func aLabelOverWordsOfThePageStays() throws {
    let recipes = (0..<12).map { number in
      document(
        "https://example.com/\(number)",
        "Dish number \(number) is told of at length in this sentence.\n\nIngredients\n\nSalt for dish \(number)\n\nRate it\n\nCook mode\n\n\(Self.support)"
      )
    }
    let profile = try learn("p", recipes)
    let page = document("https://example.com/new", "A new dish.\n\nIngredients\n\nPepper\n\nRate it\n\nCook mode\n\n\(Self.support)")
    #expect(try dropped(page, profile) == ["Rate it", "Cook mode", Self.support])
  }

  @Test func theTitleOfAPageStays() throws {
    let profile = try learn(
      "p",
      pages().map {
        document(
          $0.metadata.url ?? "", ($0.text.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "") + "\n\nA bridge falls into the river.")
      })
    let page = document("https://example.com/new", "A bridge falls into the river.\n\nThe news.", title: "A bridge falls into the River.")
    #expect(try dropped(page, profile) == [])
  }

  /// A CRLF is one character of a Swift string.
  @Test func decisionsMayEndInCRLF() throws {
    let verdicts = try LineVerdicts("drop * Follow us.\r\nkeep * Stay.\r\n", name: "lines")
    #expect(verdicts.verdict(SiteLines.hash(of: "Follow us."), site: nil) == .drop)
    #expect(verdicts.verdict(SiteLines.hash(of: "Stay."), site: "a.example") == .keep)
  }

  /// The site and all sites may choose different pages for a line: both keep it.
  @Test func aLineIsNotDroppedByOneCountFromThePageThatKeepsItByTheOther() throws {
    let note =
      "This report comes from the Harbour Wire, a cooperative of forty local newsrooms, and may be printed by all of them for free."
    var all: [Document] = []
    for site in 0..<6 {
      for number in 0..<4 {
        let own = "Story \(number) of site \(site) tells of what happened there at some length, so that it is a paragraph of its own."
        let parts = (site + number) % 2 == 0 ? [own, note] : ["A short line \(site) \(number).", note, own]
        all.append(document("https://site\(site).example/\(number)", parts.joined(separator: "\n\n")))
      }
    }
    let path = try learn("p", all, across: true)
    let options = #""acrossSites": 2, "profileShare": 0.5"#
    #expect(try all.contains { try dropped($0, path, options).isEmpty })
    #expect(try all.contains { try !dropped($0, path, options).isEmpty })
  }

  @Test func peopleDecide() throws {
    let profile = try learn("p", pages())
    let lines = folder.write(
      "lines", "# Ours\nkeep www.example.com \(Self.support.uppercased())\ndrop * Just this once.\n\nkeep example.com just this once.\n")
    let page = document("https://example.com/new", "News.\n\n\(Self.support)\n\nJust this once.")
    #expect(try dropped(page, profile, #""siteLines": "\#(lines)""#) == [])
    let other = document("https://else.example/new", "News.\n\nJust this once.")
    #expect(try dropped(other, profile, #""siteLines": "\#(lines)""#) == ["Just this once."])
  }

  @Test(arguments: [("allow x y", "2:"), ("keep example.com", "2:"), ("drop", "2:")]) func badDecisionsAreNamed(
    _ line: String, _ place: String
  ) throws {
    #expect(throws: OptionProblem.self) { try LineVerdicts("keep * A\n\(line)\n", name: "lines") }
    do {
      _ = try LineVerdicts("keep * A\n\(line)\n", name: "lines")
    } catch let problem as OptionProblem {
      #expect(problem.message.hasPrefix("lines:\(place)") && problem.option == "siteLines")
    }
  }

  @Test(arguments: [
    ("https://www.Example.com:8080/a", "example.com"), ("http://user:pw@example.com/", "example.com"),
    ("https://example.com.", "example.com"),
    ("https://[::1]:80/x", "[::1]"), ("example.com/a", nil), ("https:///a", nil), ("https://a b/c", nil), ("https://*/", nil),
    ("https://" + String(repeating: "a", count: 300), nil),
  ])
  func sitesAreHosts(_ address: String, _ site: String?) {
    var metadata = Metadata()
    metadata.url = address
    #expect(Site.name(metadata) == site)
  }

  @Test func pagesAreReadBack() throws {
    let address = "https://example.com/" + String(repeating: "ä", count: 300)
    let page = SitePage(
      key: 7, site: 9, story: LineHash(value: 11), day: 13,
      lines: [SitePage.Line(LineHash(value: 1 << 39), size: 255), SitePage.Line(LineHash(value: 0), bytes: 9)], address: address)
    var bytes: [UInt8] = []
    page.append(to: &bytes)
    var rest = bytes[...]
    let read = try SitePage(&rest)
    #expect(rest.isEmpty && read.lines == page.lines && read.key == 7 && read.day == 13 && address.hasPrefix(read.address))
    #expect(read.address.utf8.count > 250)
    for count in 0..<bytes.count {
      var part = bytes[..<count]
      #expect(throws: DamagedRecord.self) { try SitePage(&part) }
    }
  }

  @Test func aReportShowsLinesAndTheirPages() throws {
    let profile = try learn("p", pages() + [document("https://example.com/<b>", "Story.\n\n\(Self.support)")])
    let report = try ProfileReport(try SiteProfile(path: profile), site: nil, top: 5)
    #expect(report.text.hasPrefix("example.com: 13 pages\n     "))
    #expect(report.text.contains("12  our newsroom is paid for by its readers") || report.text.contains("13  our newsroom"))
    #expect(report.html.contains("<td>our newsroom is paid") && !report.html.contains("<b>"))
    #expect(try ProfileReport(try SiteProfile(path: profile), site: "nowhere", top: 5).isEmpty)
  }

  @Test func whatIsNoProfileIsRefused() throws {
    let path = folder.write("p", "not a database")
    #expect(throws: (any Error).self) { try stage("boilerplate", #""profile": "\#(path)""#) }
  }
}

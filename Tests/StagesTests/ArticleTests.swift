import Testing

@testable import Pipeline
@testable import Stages

@Suite struct ArticleTests {
  private let paragraphs = [
    "The harbour master closed the old swing bridge on Friday after a routine inspection found cracks in two of its bearings.",
    "Boats will have to wait for high water and go round by the outer channel, which adds about forty minutes to the trip.",
    "Repairs are expected to take three weeks, and the council has promised to publish the engineers' report before they begin.",
  ]

  private func page(_ inside: String, after: String = "") -> String {
    """
    <html lang=en><head><title>Bridge closed | The Post</title><meta property="og:title" content="Bridge closed"></head><body>
    <nav><a href=/>Home</a> <a href=/news>News</a></nav><main><article><h1>Bridge closed</h1>\(inside)</article></main>\(after)
    <footer><p>All rights reserved by The Post and its many partners, and so on and so forth, for ever.</p></footer></body></html>
    """
  }

  private func article(_ html: String, _ options: String = "") throws -> Document {
    try Document.page(html).after(try stage("article", options))
  }

  private func body() -> String { paragraphs.map { "<p>\($0)</p>" }.joined() }

  @Test func theMainContentIsKeptAndTheRestHasReasons() throws {
    let document = try article(
      page(body(), after: "<aside><h3>Most read</h3><ul><li><a href=/a>Cat elected mayor</a><li><a href=/b>Rain again</a></ul></aside>"))
    #expect(document.rendered == paragraphs.joined(separator: "\n\n"))
    let reasons = Set(document.trail.map(\.reason))
    #expect(reasons == ["not-content", "headline"])
    #expect(document.trail.allSatisfy { !$0.rule.isEmpty })
    let removed = Set(document.trail.map(\.text))
    #expect(removed.isSuperset(of: ["Bridge closed", "Cat elected mayor", "Most read"]))
  }

  /// Every block of a page is either in the text or in the trail.
  @Test func nothingVanishes() throws {
    let document = try article(page(body(), after: "<div class=comments><p>First!</p></div>"))
    #expect(document.text?.blocks.count == document.text!.blocks.count(where: \.isKept) + document.trail.count)
  }

  @Test func allKeepsEverythingAReaderSees() throws {
    let document = try article("<p>Short.</p><nav><a href=x>Link</a></nav><script>no</script>", "\"content\": \"all\"")
    #expect(document.rendered == "Short.\n\nLink")
  }

  @Test func captionsCanGo() throws {
    let html = page(paragraphs[0] + "<figure><img src=x><figcaption>The bridge on Friday.</figcaption></figure>" + body())
    #expect(try article(html).shape.contains("caption: The bridge on Friday."))
    let without = try article(html, "\"captions\": false")
    #expect(!without.shape.contains("caption: The bridge on Friday."))
    #expect(without.trail.contains { $0.reason == "caption" && $0.text == "The bridge on Friday." })
  }

  @Test func aLeadBetweenHeadlineAndBodyStays() throws {
    let lead = "Ships must take the long way round while engineers look at the bearings of the bridge."
    let html = page("<p class=standfirst>\(lead)</p><div class=body itemprop=articleBody>\(body())</div>")
    #expect(try article(html).rendered.hasPrefix(lead))
  }

  @Test func aMisleadingClassNameIsNotBelieved() throws {
    let document = try article("<body><div class=sidebar>\(body())</div></body>")
    #expect(document.rendered == paragraphs.joined(separator: "\n\n"))
  }

  @Test func aLinkedParagraphInsideTheTextStays() throws {
    let linked =
      "More is known about <a href=/x>the bearings of the bridge</a> than about the people who looked after them for sixty years."
    #expect(try article(page(body() + "<p>\(linked)</p>")).shape.count == 4)
  }

  @Test func theListsOfAnArticleStayAndListsOfLinksGo() throws {
    let html = page(
      body()
        + "<ul><li>Monday: closed to all boats<li>Tuesday: open to rowing boats</ul><p>\(paragraphs[0])</p><ul><li><a href=/1>One story</a><li><a href=/2>Another</a></ul>"
    )
    let shape = try article(html).shape
    #expect(shape.contains("listItem: Monday: closed to all boats"))
    #expect(!shape.contains("listItem: One story"))
  }

  @Test func aPageOfOneShortLineKeepsIt() throws {
    #expect(try article("<p>Closed on Monday.</p>").rendered == "Closed on Monday.")
    #expect(try article("<title>Bridge | Post</title><h1>Bridge</h1><p>It will open again.</p>").rendered == "It will open again.")
  }

  @Test func aPageThatNeedsScriptsIsReadFromNoscript() throws {
    #expect(try article("<body><div id=app></div><noscript>\(body())</noscript></body>").rendered == paragraphs.joined(separator: "\n\n"))
  }

  @Test(arguments: ["", "   ", "<html></html>", "<script>x</script>", "\0\0\0"]) func aPageWithoutContentSaysSo(_ html: String) throws {
    let document = try article(html)
    #expect(document.rendered.isEmpty)
    #expect(document.trail.map(\.reason) == ["no-content"])
  }

  @Test func plainTextPassesUntouched() throws {
    let document = try Document.plain("Read me.\n\nTwice.").after(try stage("article"))
    #expect(document.rendered == "Read me.\n\nTwice." && document.trail.isEmpty)
  }

  @Test func textThatIsNotShownIsInTheTrail() throws {
    let document = try article(page(body() + "<button>Press me</button><p hidden>Secret</p><select><option>One</select>"))
    #expect(document.trail.contains { $0.rule == "element-button" && $0.text == "Press me" })
    #expect(document.trail.contains { $0.text == "Secret" } && document.trail.contains { $0.text == "One" })
  }

  @Test(arguments: ["<label>go", "<button>go", "<object>"]) func anUnclosedControlDoesNotTakeTheRest(_ open: String) throws {
    #expect(
      try article("<body><p>\(paragraphs[0])</p>\(open)<p>\(paragraphs[1])</p><p>\(paragraphs[2])\(paragraphs[0])\(paragraphs[1])</p>")
        .rendered.contains(paragraphs[2]))
  }

  @Test func textBesideTheCellsOfATableStays() throws {
    let document = try article(page(body() + "<table><p>\(paragraphs[0])</p><tr><th>A<th>B<tr><td>one<td>x</table>"))
    #expect(document.rendered.components(separatedBy: paragraphs[0]).count == 3)
  }

  @Test func breaksPartWords() throws {
    let document = try Document.page(page(body() + "<table><tr><th>A<th>B<tr><td>one<br>two<td><p>x</p><p>y</p></table>")).after(
      try stage("article"))
    #expect(document.shape.contains("tableRow: one two | x y"))
    #expect(
      try Document.page("<h1>Bridge<br>closed for weeks</h1>").after(try stage("metadata")).metadata.title == "Bridge closed for weeks")
  }

  @Test func limitsAreInTheTrail() throws {
    let deep = page(String(repeating: "<div>", count: 600) + body())
    #expect(try article(deep).trail.contains { $0.reason == "limit" && $0.rule == "elements nested deeper than 512" })
  }
}

@Suite struct SiteTests {
  private let text = "The harbour master closed the old swing bridge on Friday after a routine inspection found cracks in its bearings."

  private func page(_ body: String) -> Document {
    var document = Document.page("<html><body>\(body)</body></html>")
    document.metadata.url = "https://news.example.com/a"
    return document
  }

  private func article(_ body: String, _ rules: String) throws -> Document {
    try page(body).after(try stage("article", "\"sites\": {\"example.com\": \(rules)}"))
  }

  @Test func theContentOfASiteWinsOverTheModel() throws {
    let document = try article("<nav class=story><p>One.</p><p>Two.</p></nav><article><p>\(text)</p></article>", #"{"content": ".story"}"#)
    #expect(document.rendered == "One.\n\nTwo.")
    let gone = document.trail.filter { $0.text == text }
    #expect(gone.map(\.reason) == ["site"] && gone.map(\.rule) == ["example.com outside .story"])
  }

  @Test func whatASiteRemovesGoesWithItsTextInTheTrail() throws {
    let body = "<article><p>\(text) <span class=promo>Join us</span></p><div id=box><p>\(text) Again and again.</p></div></article>"
    let document = try article(body, ##"{"remove": [".promo", "#box"]}"##)
    #expect(document.rendered == text)
    let gone = document.trail.filter { $0.reason == "site" }
    #expect(gone.map(\.rule) == ["example.com .promo", "example.com #box"])
    #expect(gone.map(\.text) == ["Join us", "\(text) Again and again."])
  }

  @Test func aSiteWhoseContentIsNotFoundIsReadAsAnyOther() throws {
    let document = try article("<article><p>\(text)</p><p>\(text) Twice.</p></article>", #"{"content": "div.gone"}"#)
    #expect(document.rendered.hasPrefix(text))
    #expect(document.trail.contains { $0.reason == "site" && $0.rule == "example.com div.gone finds nothing" && $0.kept })
  }
}

@Suite struct HiddenTextTests {
  private let sentences = [
    "The harbour master closed the old swing bridge on Friday after a routine inspection found cracks in two of its bearings.",
    "Boats will have to wait for high water and go round by the outer channel, which adds about forty minutes to the trip.",
    "Repairs are expected to take three weeks, and the council has promised to publish the report before they begin.",
  ]

  private func article(_ scripts: String, _ body: String = "<div id=app></div><p>Please enable scripts.</p>") throws -> Document {
    try Document.page("<html><head><title>Bridge</title>\(scripts)</head><body>\(body)</body></html>").after(try stage("article"))
  }

  @Test func theArticleOfStructuredDataStandsInForAnEmptyPage() throws {
    let body = sentences.joined(separator: "\\n").replacing("bearings", with: "\\u201cbearings\\u201d \\ud83d\\ude00")
    let document = try article("<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"articleBody\":\"\(body)\"}</script>")
    #expect(document.rendered == sentences.joined(separator: "\n\n").replacing("bearings", with: "“bearings” 😀"))
    #expect(document.trail.contains { $0.reason == "hidden-text" && $0.rule == "json-ld articleBody" && $0.kept })
    #expect(document.trail.contains { $0.text == "Please enable scripts." && !$0.kept })
  }

  @Test func theStateOfAFrameworkStandsInForAnEmptyPage() throws {
    let html = sentences.map { "<p>\($0)</p>" }.joined().replacing("/", with: "\\/")
    let state =
      "{\"props\":{\"url\":\"https://x.example/a-very-long-address-that-is-no-prose-at-all-whatever-its-length-may-be-and-so-on\",\"body\":\"\(html)\"}}"
    let document = try article("<script id=__NEXT_DATA__ type=\"application/json\">\(state)</script>")
    #expect(document.rendered == sentences.joined(separator: "\n\n"))
    #expect(document.trail.contains { $0.reason == "hidden-text" && $0.rule == "state in json" })
  }

  @Test func aPageThatShowsItsTextIsReadAsItIs() throws {
    let body = "<article>" + sentences.map { "<p>\($0)</p>" }.joined() + "</article>"
    let other = "<script type=application/ld+json>{\"articleBody\":\"\(sentences[0]) Another text altogether.\"}</script>"
    #expect(try article(other, body).rendered == sentences.joined(separator: "\n\n"))
  }
}

import Glibc
import Testing

@testable import Pipeline
@testable import Stages

/// What the stage makes of a page; choices among dates, authors and titles are in files of their own.
@Suite struct MetadataTests {
  private func metadata(_ head: String, _ body: String = "", _ options: String = "") throws -> Metadata {
    try Document.page("<html lang=\"pt_BR\"><head>\(head)</head><body>\(body)</body></html>").after(try stage("metadata", options)).metadata
  }

  @Test func propertiesAreRead() throws {
    let found = try metadata(
      """
      <meta property="og:site_name" content="The Post"><meta name=description content=" About  a bridge ">
      <link rel=canonical href="https://x.example/b">
      <meta property="og:image" content="https://x.example/b.jpg"><meta property="article:published_time" content="2024-02-11T06:30:00Z">
      <meta property="article:modified_time" content="soon"><meta name=author content="Ada Bell">
      <meta property="article:section" content="Harbour">
      <meta name=keywords content="bridge, ships, Bridge,,tide"><meta name="news_keywords" content="">
      """)
    #expect(found.siteName == "The Post" && found.description == "About a bridge" && found.canonical == "https://x.example/b")
    #expect(found.image == "https://x.example/b.jpg" && found.published == "2024-02-11T06:30:00Z" && found.modified == nil)
    #expect(found.authors == ["Ada Bell"] && found.language == "pt-br" && found.section == "Harbour")
    #expect(found.keywords == ["bridge", "ships", "tide"])
  }

  @Test func namesOfPropertiesHaveNoCaseAndRanks() throws {
    let found = try metadata(
      """
      <meta name="Description" content="plain"><meta property="OG:Description" content="shared">
      <meta name=article:tag content=one>
      <meta name=article:tag content="two"><link rel="shortlink canonical" href=" https://x.example/c ">
      """)
    #expect(found.description == "shared" && found.keywords == ["one", "two"] && found.canonical == "https://x.example/c")
  }

  @Test func structuredDataFillsTheGaps() throws {
    let found = try metadata(
      """
      <script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"Bridge &amp; tide",
      "description":"From\\u0020data","articleSection":["Harbour","Sea"],"keywords":["bridge","tide"],"image":"https://x.example/i.jpg",
      "publisher":{"@type":"Organization","name":"The Post"},"datePublished":"2024-02-11T08:30:00+01:00","dateModified":"2024-02-12"}</script>
      """)
    #expect(found.title == "Bridge & tide" && found.description == "From data" && found.section == "Harbour")
    #expect(found.keywords == ["bridge", "tide"] && found.image == "https://x.example/i.jpg" && found.siteName == "The Post")
    #expect(found.published == "2024-02-11T08:30:00+01:00" && found.modified == "2024-02-12" && found.authors.isEmpty)
  }

  @Test func whatTheInputBroughtWins() throws {
    var document = Document.page("<title>Page title of the page</title><meta name=author content='Ada Bell'>")
    document.metadata.title = "From the record"
    document.metadata.authors = ["Bo Lind"]
    let found = try document.after(try stage("metadata")).metadata
    #expect(found.title == "From the record" && found.authors == ["Bo Lind"])
  }

  @Test func theTrailSaysWhereFactsWereRead() throws {
    let html = "<html><head><meta name=author content='Ada Bell'></head><body><h1>Bridge closed</h1><time datetime=2024-02-11>today</time>"
    let trail = try Document.page(html).after(try stage("metadata")).trail
    #expect(trail.map(\.reason) == ["source"] && trail.first?.rule == "title=h1 authors=meta published=shown")
  }

  @Test func aDayMustBeADay() {
    #expect(throws: (any Error).self) { try stage("metadata", "\"today\": \"tomorrow\"") }
    #expect(throws: (any Error).self) { try stage("metadata", "\"today\": \"2024-02-30\"") }
  }

  @Test func plainTextPassesUntouched() throws {
    let document = try Document.plain("By Ada Bell, March 5, 2024").after(try stage("metadata"))
    #expect(document.metadata == Metadata() && document.trail.isEmpty)
  }

  @Test(arguments: ["", "<p>", "<h1></h1>", "<title>", "<meta name=author>", "<script type=application/ld+json>{"]) func thereMayBeNothing(
    _ html: String
  ) throws {
    let found = try Document.page(html).after(try stage("metadata")).metadata
    #expect(found.authors.isEmpty && found.published == nil)
  }

  /// Every fact stays bounded, and the time linear, whatever a page repeats.
  @Test(arguments: [
    "<time datetime=2024-01-01>1 May 2024</time>", "<h1>Bridge closed for weeks</h1>", "<meta property=article:tag content=tide>",
    "<span itemprop=author>Ada Bell</span>", "<a rel=author href=/author/ada>Ada Bell</a>", "<p class=byline>By Ada Bell, Bo Lind and",
    "<script type=application/ld+json>{\"@graph\":[{\"@type\":\"Article\",\"author\":{\"@id\":\"#a\"}}]}</script>", "By, and, by, and ",
  ]) func repetitionIsBounded(_ part: String) throws {
    let page = "<html><body><h1>Head</h1>" + String(repeating: part, count: 20_000)
    var found = Metadata()
    let document = Document.page(page)
    let time = try processorTime { found = try document.after(try stage("metadata")).metadata }
    #expect(time < 5)
    #expect(found.authors.count <= NameReader.mostNames && found.keywords.count <= 100)
  }

  @Test(arguments: ["{\"a\":", "[", "{", "\"", "{\"author\":[", "\\", "/*", "<", "{\"@graph\":[{\"author\":{\"name\":\"x\"},"])
  func
    structuredDataIsBounded(_ part: String) throws
  {
    let text = String(repeating: part, count: 300_000)
    let page = "<html><body><script type=application/ld+json>\(text)</script><h1>Head</h1>"
    let document = Document.page(page)
    let time = try processorTime { _ = try document.after(try stage("metadata")) }
    #expect(time < 5)
  }
}

@Suite struct MetadataTitleTests {
  private func title(_ head: String, _ body: String = "") throws -> String? {
    try Document.page("<html><head>\(head)</head><body>\(body)</body></html>").after(try stage("metadata")).metadata.title
  }

  @Test func theHeadingThatTheTitleContainsIsTheTitle() throws {
    #expect(
      try title("<title>Bridge closed after inspection – The Post</title>", "<h1>The Post</h1><h1>Bridge closed after inspection</h1>")
        == "Bridge closed after inspection")
    #expect(try title("<title>The Post: Bridge closed again</title>", "<h1>Bridge closed again</h1>") == "Bridge closed again")
  }

  @Test func theSiteIsCutOff() throws {
    #expect(try title("<title>Bridge closed for three weeks | The Post</title>") == "Bridge closed for three weeks")
    #expect(try title("<title>Ponte fechada｜O Jornal</title>") == "Ponte fechada")
    #expect(
      try title("<meta property=og:site_name content='The Post'><title>The Post - Bridge closed again</title>") == "Bridge closed again")
    #expect(
      try title("<meta property=og:title content='Bridge closed again'><title>The Post :: Bridge closed again</title>")
        == "Bridge closed again")
    #expect(try title("<title>Up - Down</title>") == "Up - Down")
    let headline = "Clock tower runs backwards for a week and nobody minds"
    #expect(try title("<title>The Lantern – \(headline)</title>", "<h1>\(headline)</h1>") == headline)
  }

  @Test func aHeadingThatIsTheSitesNameIsNone() throws {
    #expect(try title("<title>Bridge closed - The Post</title>", "<h1>The Post</h1>") == "Bridge closed")
    #expect(
      try title("<meta property=og:site_name content='The Post'><title>Bridge closed</title>", "<h1>The Post</h1>") == "Bridge closed")
  }

  /// Titles are written for search engines: the heading says what the article says.
  @Test func theHeadingOfAnArticleWinsOverAnotherTitle() throws {
    let published = "<meta property=article:published_time content=2024-02-11>"
    #expect(
      try title(published + "<title>Bridge closed: all you need to know</title>", "<h1>Why the old bridge is closed</h1>")
        == "Why the old bridge is closed")
    #expect(try title("<title>Ferry tickets and timetables | Ferries</title>", "<h1>Sail with us</h1>") == "Ferry tickets and timetables")
  }

  @Test func theSignForAHeadingsAddressIsNoPartOfIt() throws {
    #expect(try title("<title>Opening the lock — Manual</title>", "<h1>Opening the lock<a href=#o>¶</a></h1>") == "Opening the lock")
  }

  @Test func aPartOfAHeadingBehindABarIsNone() throws {
    #expect(
      try title(
        "<title>Bridge closed | Opinion | The Post</title><meta property=og:title content='Bridge closed | Opinion'>",
        "<h1>Bridge closed | Opinion</h1>")
        == "Bridge closed")
  }

  @Test func thereIsATitleWithoutTitles() throws {
    #expect(try title("", "<h1>Bridge<br>closed</h1>") == "Bridge closed")
    #expect(try title("<meta name=twitter:title content='Bridge closed'>") == "Bridge closed")
    #expect(try title("", "") == nil)
  }
}

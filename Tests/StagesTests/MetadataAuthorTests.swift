import CModels
import Testing

@testable import Pipeline
@testable import Stages

@Suite struct MetadataAuthorTests {
  private func authors(_ html: String) throws -> [String] {
    try Document.page(html).after(try stage("metadata")).metadata.authors
  }

  private func names(_ text: String, language: String = "en", isShown: Bool = false) -> [String] {
    var line = FoldedLine()
    let reader = NameReader(words: MetadataWords.shared.believing(language), sites: [Array("the post".utf8)])
    return reader.names(Array(text.utf8), isShown: isShown, &line).names.map { String(decoding: $0.text, as: UTF8.self) }
  }

  @Test(arguments: [
    ("Ada Bell", ["Ada Bell"]), ("By Ada Bell and Bo Lind", ["Ada Bell", "Bo Lind"]),
    ("Ada Bell, Bo Lind & Cy Moss", ["Ada Bell", "Bo Lind", "Cy Moss"]),
    ("Written by: Ada Bell", ["Ada Bell"]), ("Ada Bell; Bo Lind; Ada Bell", ["Ada Bell", "Bo Lind"]),
    ("Ada Bell, PhD, RN", ["Ada Bell, PhD, RN"]),
    ("Ada Bell, Staff Writer, Bo Lind", ["Ada Bell", "Bo Lind"]), ("ada@post.example", []), ("Ada Bell ada@post.example", ["Ada Bell"]),
    ("https://x.example/author/ada", []), ("12345", []), ("", []), ("@adabell", ["adabell"]),
    ("Ludwig van der Berg", ["Ludwig van der Berg"]),
    ("Centre for Science and Art", ["Centre for Science and Art"]), ("Ada Bell and Post Staff", ["Ada Bell", "Post Staff"]),
    ("null", []), ("“Ada Bell”", ["Ada Bell"]), ("Ada Bell Jr.", ["Ada Bell Jr."]),
  ]) func listsAreRead(_ text: String, _ expected: [String]) {
    #expect(names(text) == expected)
  }

  @Test(arguments: [
    ("By Ada Bell | Updated June 5, 2024", "en"), ("By Ada Bell in London", "en"), ("Ada Bell June 5, 2024", "en"),
    ("by Ada Bell • 3 min read", "en"),
    ("Ada Bell Staff Writer", "en"), ("Von Ada Bell, Redakteurin", "de"), ("Par Ada Bell", "fr"), ("Por Ada Bell, periodista", "es"),
    ("di Ada Bell", "it"), ("Por Ada Bell", "pt"), ("Door Ada Bell", "nl"), ("Autor: Ada Bell", "pl"), ("Yazan: Ada Bell", "tr"),
    ("Av Ada Bell", "sv"),
  ]) func whatStandsBehindANameIsCut(_ text: String, _ language: String) {
    #expect(names(text, language: language, isShown: true) == ["Ada Bell"])
  }

  @Test(arguments: [
    ("Автор: Анна Орлова", "ru", "Анна Орлова"), ("بقلم: أحمد السالم", "ar", "أحمد السالم"), ("记者：王小明", "zh", "王小明"),
    ("记者王小明", "zh", "王小明"),
    ("執筆：山田花子", "ja", "山田花子"), ("홍길동 기자", "ko", "홍길동"), ("글: 홍길동", "ko", "홍길동"),
    ("（記者・深町表子）", "ja", "深町表子"), ("Par Mathilde Le Brazidec", "fr", "Mathilde Le Brazidec"),
    ("Par Ada Bell le 5 mars 2024", "fr", "Ada Bell"),
    ("di Leonardo da Vinci", "it", "Leonardo da Vinci"),
  ]) func namesOfOtherScriptsAreRead(_ text: String, _ language: String, _ expected: String) {
    #expect(names(text, language: language, isShown: true) == [expected])
  }

  @Test(arguments: ["Reviewed by Ada Bell", "Updated by Ada Bell", "5 March 2024"]) func otherPeopleAreNoAuthors(_ text: String) {
    #expect(names(text, isShown: true).isEmpty)
  }

  private let person = "{\"@type\":\"Person\",\"name\":\"Ada Bell\"}"

  @Test func structuredDataNamesAuthors() throws {
    func data(_ author: String, _ more: String = "") throws -> [String] {
      try authors(
        "<script type=application/ld+json>{\"@graph\":[{\"@type\":\"NewsArticle\",\"author\":\(author)}\(more)]}</script><h1>Head</h1>")
    }
    #expect(try data(person) == ["Ada Bell"])
    #expect(try data("[\(person),{\"@type\":\"Person\",\"name\":\"Bo Lind\"}]") == ["Ada Bell", "Bo Lind"])
    #expect(try data("\"Ada Bell\"") == ["Ada Bell"] && data("[\"Ada Bell\",\"Bo Lind\"]") == ["Ada Bell", "Bo Lind"])
    #expect(try data("{\"@id\":\"#ada\"}", ",{\"@type\":\"Person\",\"@id\":\"#ada\",\"name\":\"Ada Bell\"}") == ["Ada Bell"])
    #expect(try data("{\"@type\":\"Person\",\"givenName\":\"Ada\",\"familyName\":\"Bell\"}") == ["Ada Bell"])
    #expect(try data("{\"name\":[\"Ada Bell\"]}") == ["Ada Bell"] && data("{\"name\":\"Bj\\u00f6rk &amp; Co\"}") == ["Björk", "Co"])
  }

  @Test func authorsOfReviewsAndTeasersAreNotThoseOfThePage() throws {
    #expect(
      try authors(
        """
        <script type=application/ld+json>{"@type":"Product","review":{"@type":"Review","author":\(person)},
        "comment":[{"author":\(person)}]}</script>
        """
      ).isEmpty)
  }

  @Test(arguments: [
    "{\"@type\":\"Article\",\"author\":\"Ada Bell\",}", "<!-- {\"@type\":\"Article\",\"author\":\"Ada Bell\"} -->",
    "/* <![CDATA[ */{\"@type\":\"Article\",\"author\":\"Ada Bell\"}/* ]]> */",
    "//<![CDATA[\n{\"@type\":\"Article\",\"author\":\"Ada Bell\"}\n//]]>",
    "{\"@type\":\"Article\",\"headline\":\"He said \"no\" again\",\"author\":\"Ada Bell\"}",
    "{\"@type\":\"Article\",\"x\":\"a\nb\",\"author\":\"Ada\nBell\"}",
    "[[{\"@type\":[\"Thing\",\"Article\"],\"author\":\"Ada Bell\"}]]", "{\"@type\":\"Article\"\n\"author\":\"Ada Bell\"\n\"x\":1}",
    "{\"@type\":\"Article\",\"x\":[1,{\"y\":2},\"author\":\"Ada Bell\"}",
    "{\"@type\":\"http://schema.org/Article\",\"author\":\"Ada Bell\"",
    "{\"mainEntity\":{\"@type\":\"DiscussionForumPosting\",\"author\":{\"name\":\"Ada Bell\"}}}",
  ]) func brokenDataIsRead(_ json: String) throws {
    #expect(try authors("<script type=application/ld+json>\(json)</script><h1>Head</h1>") == ["Ada Bell"])
  }

  @Test func placesAreBelievedInOrder() throws {
    let meta = "<meta name=author content='Bo Lind'>"
    let data = "<script type=application/ld+json>{\"@type\":\"Article\",\"author\":\(person)}</script>"
    let byline = "<h1>Head line</h1><p>By Cy Moss</p>"
    #expect(try authors(data + meta + byline) == ["Ada Bell"] && authors(meta + byline) == ["Bo Lind"] && authors(byline) == ["Cy Moss"])
    // A person before a handle, a handle before an organisation.
    #expect(try authors("<meta name=author content=admin>" + byline) == ["Cy Moss"])
    #expect(try authors("<meta name=author content='Post Staff'>" + byline) == ["Cy Moss"])
    #expect(try authors("<meta name=author content='Post Staff'><h1>Head line</h1>") == ["Post Staff"])
    #expect(try authors("<meta property=og:site_name content='Ada Bell'><meta name=author content='Ada Bell'>" + byline) == ["Cy Moss"])
  }

  @Test func markedUpAuthorsAreRead() throws {
    #expect(try authors("<h1>H</h1><div itemprop=author><span itemprop=name>Ada Bell</span> 12 posts</div>") == ["Ada Bell"])
    #expect(try authors("<h1>H</h1><div itemprop=author><meta itemprop=name content='Ada Bell'></div>") == ["Ada Bell"])
    #expect(try authors("<h1>H</h1><a rel=author href=/a>Ada Bell</a> and <a rel=author href=/b>Bo Lind</a>") == ["Ada Bell", "Bo Lind"])
    #expect(try authors("<meta name=twitter:label1 content='Written by'><meta name=twitter:data1 content='Ada Bell'>") == ["Ada Bell"])
    #expect(
      try authors("<meta name=citation_author content='Bell, Ada'><meta name=citation_author content='Lind, Bo'>") == [
        "Ada Bell", "Bo Lind",
      ])
  }

  @Test func shownBylinesAreRead() throws {
    let head = "<html lang=en><body><h1>Bridge closed for weeks</h1>"
    #expect(
      try authors(head + "<p>By <a href=/a>Ada Bell</a>, <a href=/b>Bo Lind</a> and <a href=/c>Cy Moss</a></p><p>Text") == [
        "Ada Bell", "Bo Lind", "Cy Moss",
      ])
    #expect(try authors(head + "<div class=post-author><img src=x><div>Ada Bell</div><div>Staff Writer</div></div>") == ["Ada Bell"])
    #expect(try authors(head + "<p><a href=/author/ada-bell/>Ada Bell</a>") == ["Ada Bell"])
    #expect(try authors(head + "<div class=byline><span class=l>Reviewed by</span> <b>Ada Bell</b></div>").isEmpty)
    #expect(try authors(head + "<p>By the time the bridge opened, By All Means.</p><a href=/author/x>Read more</a>").isEmpty)
    #expect(try authors("<html lang=ko><body><h1>다리 폐쇄</h1><p>홍길동 기자</p>") == ["홍길동"])
    #expect(
      try authors("<html lang=de><body><h1>Brücke gesperrt</h1><p>Von <b>Ada Bell</b> und <b>Bo Lind</b></p>") == ["Ada Bell", "Bo Lind"])
  }

  /// The sections of the lists are those that are read; a wrong one stops the program at its first page.
  @Test func theWordListsAreWhole() {
    let lists = WordList.all(cmodels_metadata)
    #expect(lists.map(\.name) == ["ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "sv", "tr", "zh"])
    for list in lists {
      for section in list.sections {
        #expect(!section.entries.isEmpty && section.entries == Set(section.entries).sorted(), "\(list.name) \(section.name)")
      }
      let months = (1...12).filter { !list.entries("month.\($0)").isEmpty }.count
      #expect(months == 12 || ["ja", "ko", "zh"].contains(list.name), "\(list.name)")
    }
  }
}

import Testing

@testable import Pipeline
@testable import Stages

/// A stage that has nothing but rules for sites.
private struct Sited: Stage {
  static let descriptor = StageDescriptor(name: "sited", summary: "Has rules for sites.", options: [SiteRules.option])
  let rules: SiteRules

  init(options: Options) throws { rules = try SiteRules(options.sections("sites")) }

  func process(_ document: inout Document) throws -> Verdict { .pass }
}

@Suite struct SiteRulesTests {
  private func load(_ text: String) throws -> Configuration {
    try Configuration.load(bytes: Array(text.utf8), path: "p.json", folder: "", registry: StageRegistry([Sited.self]))
  }

  private func rules(_ sites: String) throws -> SiteRules {
    try #require(load("{\"stages\": [{\"use\": \"sited\", \"sites\": \(sites)}]}").stages.first?.stage as? Sited).rules
  }

  private func errors(_ text: String) -> [String] {
    let errors = #expect(throws: ConfigurationErrors.self) { try load(text) }
    return errors?.errors.map(\.description) ?? []
  }

  @Test(arguments: [
    ("example.com", "example.com"), ("www.example.com", "example.com"), ("a.b.example.com", "example.com"),
    ("news.example.com", "news.example.com"), ("x.news.example.com", "news.example.com"), ("badexample.com", "*"),
    ("example.com.evil.net", "*"), ("com", "*"), (nil, "*"), ("bücher.example", "bücher.example"), ("xn--bcher-kva.example", "*"),
  ])
  func theLongestHostCounts(_ host: String?, _ key: String) throws {
    let rules = try rules(
      ##"{"example.com": {"content": "main"}, "News.Example.com": {"content": "main"}, "*": {"remove": [".ad"]}, "bücher.example": {"content": "p"}}"##
    )
    #expect(rules.site(forHost: host)?.key.lowercased() == key)
  }

  @Test func whatNoKeyCoversHasNoRules() throws {
    #expect(try rules(#"{"example.com": {"content": "main"}}"#).site(forHost: "other.example") == nil)
    #expect(try rules(#"{"example.com": {"content": "main"}}"#).site(forHost: nil) == nil)
    #expect(try rules("{}").site(forHost: "example.com") == nil)
    let bare = try #require(load(#"{"stages": [{"use": "sited"}]}"#).stages.first?.stage as? Sited)
    #expect(bare.rules.site(forHost: "example.com") == nil)
  }

  @Test func selectorsAreThoseOfTheKey() throws {
    let site = try #require(
      rules(##"{"example.com": {"content": "div.story", "remove": [".promo, .ad", "#newsletter"]}}"##).site(forHost: "example.com"))
    #expect(site.content == (try Selector("div.story")))
    #expect(site.remove == [try Selector(".promo, .ad"), try Selector("#newsletter")])
  }

  @Test func theAddressOfTheDocumentCountsBeforeThatOfThePage() throws {
    let rules = try rules(#"{"a.example": {"content": "main"}, "b.example": {"content": "main"}, "c.example": {"content": "main"}}"#)
    let head = "<link rel=Canonical href=\"https://b.example/x\"><meta property=\"og:url\" content=\"https://c.example/x\">"
    func key(_ html: String, _ change: (inout Document) -> Void = { _ in }) throws -> String? {
      var document = Document.page(html)
      change(&document)
      return rules.site(of: document, try document.page())?.key
    }
    #expect(try key(head) { $0.metadata.url = "https://www.a.example/x" } == "a.example")
    #expect(try key(head) { $0.metadata.canonical = "https://c.example/x" } == "c.example")
    #expect(try key(head) { $0.metadata.url = "/x" } == "b.example")
    #expect(try key(head) == "b.example")
    #expect(try key("<link rel=canonical href=/x><meta property=og:url content=//c.example/x>") == "c.example")
    #expect(try key("<p>") == nil)
  }

  @Test func everyMistakeIsReportedAtItsPlace() {
    let text = """
      {"stages": [
        {"use": "sited", "sites": {
          "example.com": {"content": "div..story", "remove": [".ok", "[id", "a:hover"]},
          "https://B.example/x": {"remove": [".a"]},
          "*.c.example": {"content": "p"},
          "d.example": {},
          "e.example": {"remved": [".a"], "content": 3},
          "f.example": [],
          "g.example": {"content": "p"}, "G.example": {"content": "p"},
          "no host": {"content": "p +"}
        }}
      ]}
      """
    #expect(
      errors(text) == [
        #"p.json:3:32: /stages/0/sites/example.com/content: "div..story" is no selector: at character 5: expected the name of a class, found ".""#,
        #"p.json:3:64: /stages/0/sites/example.com/remove/1: "[id" is no selector: at character 4: expected "]" or one of =, ~=, |=, ^=, $=, *=, found the end"#,
        #"p.json:3:71: /stages/0/sites/example.com/remove/2: "a:hover" is no selector: at character 2: ":hover" is not understood: types, *, .class, #id and [attribute] are"#,
        #"p.json:4:28: /stages/0/sites/https:~1~1B.example~1x: "https://B.example/x" is no host such as "example.com" (did you mean "b.example"?)"#,
        #"p.json:5:20: /stages/0/sites/*.c.example: "*.c.example" is no host such as "example.com" (did you mean "c.example"?)"#,
        #"p.json:6:18: /stages/0/sites/d.example: expected "content" or "remove", found nothing to do"#,
        #"p.json:7:19: /stages/0/sites/e.example/remved: unknown key (did you mean "remove"?)"#,
        #"p.json:7:48: /stages/0/sites/e.example/content: expected a string, found 3"#,
        #"p.json:8:18: /stages/0/sites/f.example: expected an object, found an array"#,
        #"p.json:9:18: /stages/0/sites/g.example: "g.example" stands twice, written in different case"#,
        #"p.json:10:16: /stages/0/sites/no host: "no host" is no host such as "example.com""#,
        #"p.json:10:28: /stages/0/sites/no host/content: "p +" is no selector: at character 3: "+" between elements is not understood; a space (anywhere inside) and ">" (directly inside) are"#,
      ])
    #expect(
      errors(#"{"stages": [{"use": "sited", "sites": ["example.com"]}]}"#) == [
        "p.json:1:39: /stages/0/sites: expected an object of objects, found an array"
      ])
  }
}

@Suite struct WebHostTests {
  @Test(
    arguments: [
      ("https://Example.COM/a/b", "example.com"), ("http://example.com:8080", "example.com"), ("//example.com?x", "example.com"),
      ("https://user:p@ss@example.com/", "example.com"), ("https://example.com#a@b", "example.com"),
      ("https://example.com./", "example.com"),
      ("ftp://a-b.example", "a-b.example"), ("https:\\\\example.com\\a", "example.com"), (" https://example.com\n", "example.com"),
      ("https://bücher.Example/ü", "bücher.example"), ("https://xn--bcher-kva.example", "xn--bcher-kva.example"),
      ("http://[2001:DB8::1]:80/", "[2001:db8::1]"), ("http://10.0.0.1/", "10.0.0.1"), ("feed+x://a.b", "a.b"), ("", nil), ("/a/b", nil),
      ("example.com/a", nil), ("a//b.example", nil), ("mailto:a@b.example", nil), ("https:/example.com", nil), ("https://", nil),
      ("https:///a", nil), ("https://?", nil), ("https://:80/", nil), ("https://a b/", nil), ("http://[::1", nil), ("://a", nil),
    ] as [(String, String?)])
  func hostsOfAddresses(_ address: String, _ host: String?) {
    #expect(WebHost.of(address) == host)
  }

  @Test func noHostIsLongerThanADocumentNeeds() {
    #expect(WebHost.of("https://" + String(repeating: "a.", count: 500) + "example/x")?.utf8.count == 1007)
    #expect(WebHost.of("https://" + String(repeating: "a.", count: 100_000) + "example/x") == nil)
  }
}

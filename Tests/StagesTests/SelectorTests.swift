import TestSupport
import Testing

@testable import Pipeline
@testable import Stages

@Suite struct SelectorTests {
  private func parse(_ html: String) throws -> Page {
    try PageParser.parse(RawContent(bytes: Array(html.utf8), charset: "utf-8"))
  }

  /// What a selector finds, by id or else by name, in document order; both ways to ask must agree.
  private func found(_ selector: String, _ page: Page) throws -> [String] {
    let selector = try Selector(selector)
    let nodes = selector.allMatches(in: page)
    #expect(nodes == page.nodes.indices.filter { selector.matches($0, in: page) })
    return nodes.map { page.attribute(.id, of: $0) ?? page.nodes[$0].tag.name }
  }

  private func found(_ selector: String, _ html: String) throws -> [String] {
    try found(selector, parse("<body>" + html))
  }

  private static let story = """
    <div id=a class="story Main wide"><h1 id=h>Head</h1><div id=b class=promo><p id=c lang=en-GB>One</p></div>
    <p id=d class="lead story">Two <a id=e href="https://x.example/a?b" rel="NoFollow">Link</a></p></div><p id=f class=" ">Three</p>
    """

  @Test(arguments: [
    ("p", "c d f"), ("P", "c d f"), ("*", "html body a h b c d e f"), (".story", "a d"), ("p.story", "d"), (".lead.story", "d"),
    ("#d", "d"), ("p#d.lead", "d"), ("*.promo", "b"), (".Story", ""), (".stor", ""), ("#D", ""), (".main", ""), (".Main", "a"),
    ("div p", "c d"), ("div > p", "c d"), ("#a > p", "d"), ("#a>p", "d"), ("body > p", "f"), ("div div p", "c"), ("div > div > p", "c"),
    ("body p a", "e"), ("body > div p > a", "e"), ("p p", ""), ("a p", ""), ("body > a", ""), ("html > body > div > div", "b"),
    ("h1, .promo, p a", "h b e"), ("p,p , #d", "c d f"), (" p ", "c d f"),
  ])
  func partsAndCombinators(_ selector: String, _ expected: String) throws {
    #expect(try found(selector, Self.story).joined(separator: " ") == expected)
  }

  @Test(arguments: [
    ("[href]", "e"), ("[HREF]", "e"), ("[ href ]", "e"), ("[title]", ""), ("[id=d]", "d"), ("[id='d']", "d"), ("[id=\"D\"]", ""),
    ("[id=D i]", "d"), ("[id='D'i]", "d"), ("[class~=story]", "a d"), ("[class~='story Main']", ""), ("[class~='']", ""),
    ("[lang|=en]", "c"), ("[lang|=EN-gb]", "c"), ("[lang|=e]", ""), ("[lang='EN-gb' s]", ""), ("[href^=https]", "e"),
    ("[href^='http://']", ""), ("[href$='a?b']", "e"), ("[href*='.example/']", "e"), ("[href*=b][href^=h]", "e"), ("[href^='']", ""),
    ("[href$='']", ""), ("[href*='']", ""), ("[class='']", ""), ("[class=' ']", "f"), ("[rel=nofollow]", "e"), ("[rel=nofollow s]", ""),
    ("[href*=x-y]", ""), ("a[href].x", ""), ("[ id = 'd' i ]", "d"), ("[href='https://x.example/a?b and much more']", ""),
  ])
  func attributes(_ selector: String, _ expected: String) throws {
    #expect(try found(selector, Self.story).joined(separator: " ") == expected)
  }

  @Test(arguments: [
    (##"#\31 2"##, "12"), (##"#\000031 2"##, "12"), (##"#\31\32"##, "12"), (#".sm\:grid"#, "g"), (#".a\.b"#, "dot"), (".größe", "u"),
    (#".gr\F6 ße"#, "u"), (#".gr\0000f6ße"#, "u"), (".日本", "j"), (".-x", "m"), (".--x", "mm"), ("._x", "_"), (#"[title="a \"b\""]"#, "q"),
    (#"[title='a "b"']"#, "q"), ("[title='a \\\n\"b\"']", "q"), (#"[title='a \22 b\"']"#, "q"), (#"\64iv#g"#, "g"), (#".\👍"#, "y"),
  ])
  func namesAndEscapes(_ selector: String, _ expected: String) throws {
    let html = """
      <p id=12></p><div id=g class=sm:grid></div><p id=dot class="a.b"></p><p id=u class=größe></p><p id=j class=日本></p><p id=m class=-x></p>
      <p id=mm class=--x></p><p id=_ class=_x></p><p id=q title='a "b"'></p><p id=y class=👍></p>
      """
    #expect(try found(selector, html) == [expected])
  }

  @Test(arguments: [
    ("", 1, "expected a selector, found the end"), ("  ", 3, "expected a selector, found the end"),
    ("p,", 3, "expected a selector, found the end"), ("p,,a", 3, #"expected a selector, found ",""#),
    ("> p", 1, #"expected a selector, found ">""#), ("p >", 4, "expected a selector, found the end"),
    ("p > > a", 5, #"expected a selector, found ">""#), ("div..x", 5, #"expected the name of a class, found ".""#),
    (".é #", 5, "expected the name of an id, found the end"), ("p]", 2, #"expected a selector, found "]""#),
    ("[id=é", 6, #"expected "]", found the end"#), ("[id", 4, #"expected "]" or one of =, ~=, |=, ^=, $=, *=, found the end"#),
    ("[id!=x]", 4, #"expected "]" or one of =, ~=, |=, ^=, $=, *=, found "!""#),
    ("[=x]", 2, #"expected the name of an attribute, found "=""#),
    ("[id=]", 5, #"expected a name or a text in quotes, found "]""#), ("[id=1]", 5, #"expected a name or a text in quotes, found "1""#),
    ("[id=\"x]", 5, "the quotation mark is not closed"), ("[id=x z]", 7, #"expected "]", found "z""#),
    ("p + a", 3, #""+" between elements is not understood; a space (anywhere inside) and ">" (directly inside) are"#),
    ("p~a", 2, #""~" between elements is not understood; a space (anywhere inside) and ">" (directly inside) are"#),
    ("a:hover", 2, #"":hover" is not understood: types, *, .class, #id and [attribute] are"#),
    ("p :not(.x)", 3, #"":not" is not understood: types, *, .class, #id and [attribute] are"#),
    ("p::before", 2, #""::before" is not understood: types, *, .class, #id and [attribute] are"#),
    (".x div.y p[id]em", 15, "the name of an element stands first in its part; a space before it means an element further inside"),
    ("p*", 2, "the name of an element stands first in its part; a space before it means an element further inside"),
    ("#12", 2, #"the name of an id cannot begin with a digit: write \31 and a space for it, or [id="…"]"#),
    (".2x", 2, #"the name of a class cannot begin with a digit: write \32 and a space for it, or [class~="…"]"#),
    ("p iframe", 3, #""iframe" is cut out of every page before selectors are looked for"#),
    (
      "p artcle", 3,
      #""artcle" is no element that pages are told apart by, and the names of others are not kept; name a class, id or attribute (did you mean "article"?)"#
    ),
    (
      "amp-story-player", 1,
      #""amp-story-player" is no element that pages are told apart by, and the names of others are not kept; name a class, id or attribute"#
    ),
    (
      "[data-id]", 2,
      #"the attribute "data-id" is not kept; those that are: alt, aria-hidden, aria-label, charset, class, colspan, content, datetime, hidden, href, http-equiv, id, itemprop, lang, name, property, rel, role, rowspan, src, title"#
    ),
    (Array(repeating: "p", count: 65).joined(separator: " "), 1, "a selector of more than 64 parts"),
  ])
  func mistakesAreNamedWithTheirPlace(_ selector: String, _ position: Int, _ message: String) {
    let error = #expect(throws: SelectorError.self) { try Selector(selector) }
    #expect(error?.position == position && error?.message == message, "\(String(describing: error))")
  }

  @Test func sixtyFourPartsAreFine() throws {
    let html = String(repeating: "<div>", count: 70) + "<p id=x>"
    #expect(try found(Array(repeating: "div", count: 63).joined(separator: ">") + " p", html) == ["x"])
    #expect(try found(Array(repeating: "*", count: 64).joined(separator: " "), html).count == 10)
  }

  /// The nearest ancestor that fits a part need not be the right one.
  @Test func aFartherAncestorCounts() throws {
    #expect(try found(".a > .b p", "<div class=a><div class=b><div class=b><p id=x></p></div></div></div>") == ["x"])
    #expect(
      try found(".a > .b > .b p", "<div class=a><div class=b><div class=b><div class=b><p id=x></p></div></div></div></div>") == ["x"])
    #expect(
      try found(".a .b > .c .d", "<div class=a><div class=b><div class=c><div class=c><p class=d id=x></p></div></div></div></div>") == [
        "x"
      ])
    #expect(
      try found(".a .b > .c .d", "<div class=b><div class=c><div class=a><div class=c><p class=d id=x></p></div></div></div></div>") == [])
  }

  /// Against the definition, word for word: every ancestor is tried for every part.
  @Test(arguments: 0..<60) func matchesAreThoseOfTheDefinition(_ seed: Int) throws {
    var random = SeededGenerator(seed)
    var html = ""
    var depth = 0
    for _ in 0..<120 {
      if depth > 0, Int.random(in: 0..<5, using: &random) < 2 {
        html += "</div>"
        depth -= 1
      } else {
        html += "<div class=\"\(["a", "b", "c", "a b", ""].randomElement(using: &random)!)\">"
        depth += 1
      }
    }
    let page = try parse(html)
    for _ in 0..<20 {
      let parts = (0..<Int.random(in: 1...5, using: &random)).map { _ in
        ["div", ".a", ".b", ".c", "*", ".a.b"].randomElement(using: &random)!
      }
      let isChild = parts.map { _ in Bool.random(using: &random) }
      var text = parts[0]
      for index in parts.indices.dropFirst() { text += (isChild[index] ? " > " : " ") + parts[index] }
      let selector = try Selector(text)
      let single = try parts.map { try Selector($0) }
      func fits(_ node: Int, _ part: Int) -> Bool {
        guard single[part].matches(node, in: page) else { return false }
        if part == 0 { return true }
        var above = Int(page.nodes[node].parent)
        while above >= 0 {
          if fits(above, part - 1) { return true }
          if isChild[part] { return false }
          above = Int(page.nodes[above].parent)
        }
        return false
      }
      let expected = page.nodes.indices.filter { fits($0, parts.count - 1) }
      #expect(selector.allMatches(in: page) == expected, "\(text) in \(html)")
      #expect(page.nodes.indices.filter { selector.matches($0, in: page) } == expected, "\(text) in \(html)")
    }
  }

  /// Going back over all ways to place 30 parts on 500 elements would never end.
  @Test func manyPartsAndDeepNestingTakeNoTime() throws {
    let deep = try parse(String(repeating: "<div>", count: 10_000) + "<p id=x>deep</p>" + String(repeating: "</div>", count: 10_000))
    let descendants = Array(repeating: "div", count: 30).joined(separator: " ")
    let selectors = ["\(descendants) p", ".none \(descendants) p", "\(descendants) > .none > div", "div > .none \(descendants)"]
    let start = ContinuousClock.now
    #expect(try Selector(selectors[0]).allMatches(in: deep).count <= 1)
    #expect(try Selector(descendants).allMatches(in: deep).count > 400)
    for selector in selectors.dropFirst() {
      let selector = try Selector(selector)
      #expect(selector.allMatches(in: deep).isEmpty)
      #expect(!deep.nodes.indices.contains { selector.matches($0, in: deep) })
    }
    #expect(ContinuousClock.now - start < .seconds(5))
  }

  @Test func aHundredThousandElementsTakeNoTimeHoweverDeep() throws {
    let page = try parse(String(repeating: "<div>", count: 500) + String(repeating: "<b class=x></b>", count: 100_000))
    let start = ContinuousClock.now
    #expect(try Selector(".none div .x").allMatches(in: page).isEmpty)
    #expect(try Selector("div div > .x").allMatches(in: page).count == 100_000)
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  @Test func longAttributesAreSearchedOnce() throws {
    let page = try parse("<p id=x class=\"\(String(repeating: "ab ", count: 20_000))\" title=\"\(String(repeating: "a", count: 60_000))\">")
    let start = ContinuousClock.now
    #expect(try found(".c, .abc, [title*=\(String(repeating: "a", count: 500))b]", page) == [])
    #expect(try found(".ab[title$=aaa]", page) == ["x"])
    #expect(ContinuousClock.now - start < .seconds(5))
  }
}

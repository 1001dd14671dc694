import TestSupport
import Testing

@testable import Pipeline
@testable import Stages

@Suite struct SkipPassTests {
  private func pass(_ html: String) -> SkipPass {
    Array(html.utf8).withUnsafeBufferPointer { SkipPass($0) }
  }

  /// What becomes of markup inside a body.
  private func output(_ html: String) -> String {
    let text = String(decoding: pass("<body>" + html).output, as: UTF8.self)
    return String(text.dropFirst("<body>".count))
  }

  @Test func whatNobodyReadsGoes() {
    #expect(
      output(
        "a<!-- <p>x</p> -->b<script>if (a<b) document.write('<p>')</script>c<style>p{}</style>d<svg><path/><svg></svg></svg>e<?php x ?>f<!DOCTYPE html>g"
      ) == "abcdefg")
    #expect(output("<p data-x='1' class=\"a b\" onclick='f(\">\")' id=z style='x'>t</p>") == "<p class=\"a b\" id=\"z\">t</p>")
  }

  @Test(arguments: [
    ("&#146;", "’"), ("&#x80;", "€"), ("&notit;", "¬it;"), ("&amp;lt;", "&amp;lt;"), ("&eacute", "é"), ("&NotEqualTilde;", "≂̸"),
    ("&#0;", "\u{FFFD}"), ("&#xD800;", "\u{FFFD}"),
    ("&#99999999999;", "\u{FFFD}"), ("&unknown;", "&amp;unknown;"), ("&", "&amp;"), ("a & b", "a &amp; b"), ("&lt;b&gt;", "&lt;b&gt;"),
    ("&#;", "&amp;#;"), ("&#x;", "&amp;#x;"),
  ])
  func referencesAreDecodedAsBrowsersDo(_ html: String, _ expected: String) {
    #expect(output(html) == expected)
  }

  @Test func referencesInAttributes() {
    #expect(output("<a href='?a=1&copy=2&amp;b=&eacute;'>x</a>") == "<a href=\"?a=1&amp;copy=2&amp;b=é\">x</a>")
  }

  @Test func endTagsWithNothingOpenGo() {
    #expect(output("<div>a</b></p></span>b</div></div>") == "<div>ab</div>")
  }

  @Test func impliedEndsAreWritten() {
    #expect(output("<ul><li>a<li>b</ul>") == "<ul><li>a</li><li>b</li></ul>")
    #expect(output("<p>a<section>b</section>") == "<p>a</p><section>b</section>")
    #expect(output("<table><tr><td>a<td>b<tr><td>c</table>") == "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>")
    #expect(output("<h2>a<h3>b</h3>") == "<h2>a</h2><h3>b</h3>")
  }

  @Test func anEndTagDoesNotReachOutOfItsTable() {
    #expect(output("<div><table><tr><td>a</div>b</td></tr></table></div>") == "<div><table><tr><td>ab</td></tr></table></div>")
  }

  @Test func whatIsNeverClosedLosesNoText() {
    #expect(output("<p>a</p><!-- never closed <p>b</p>").contains("b"))
    #expect(output("<p class=\"never closed>a</p><p>b</p>").contains("b"))
    #expect(output("<svg><p>b</p>").contains("b"))
    #expect(output("<title>never closed<p>b</p>").contains("b"))
    #expect(output("a < b and c > d <") == "a &lt; b and c &gt; d &lt;")
  }

  @Test func jsonLDIsKeptAside() {
    let result = pass("<script type=\"application/ld+json\">{\"a\":1}</script><script>x</script>")
    #expect(result.structuredData.map { String(decoding: $0, as: UTF8.self) } == ["{\"a\":1}"])
    #expect(!String(decoding: result.output, as: UTF8.self).contains("script"))
  }

  /// libxml2 leaves elements that it does not know, such as `article`, in an open head, and what is in them was lost.
  @Test(arguments: [
    ("<title>T</title><article>x", "<title>T</title><body><article>x</article>"),
    ("<head><title>T</title></head><main>x", "<head><title>T</title><body><main>x</main>"),
    ("text <b>x</b>", "<body>text <b>x</b>"),
    (
      "<meta name=a><noscript><p>x</p></noscript><body class=b><p>y",
      "<meta name=\"a\"><noscript><p>x</p></noscript><body class=\"b\"><p>y</p>"
    ),
    ("<x-app class=a>x</x-app><body>y", "<body><x class=\"a\">x</x>y"), ("<x-app>x</x-app><body>y", "<body>xy"),
  ])
  func theBodyBeginsWithWhatIsNoneOfTheHead(_ html: String, _ expected: String) {
    #expect(String(decoding: pass(html).output, as: UTF8.self) == expected)
  }

  @Test func anUnclosedSVGInsideAnotherDoesNotShowLaterOnes() {
    #expect(output("<svg><svg></svg><p>a</p><svg><text>LEAK</text></svg><p>b</p>") == "<p>a</p><p>b</p>")
  }

  @Test func depthIsCappedAndTextStays() {
    let deep = String(repeating: "<div>", count: 2000) + "deep text" + String(repeating: "</div>", count: 2000) + "<p>after</p>"
    let result = pass(deep)
    let text = String(decoding: result.output, as: UTF8.self)
    #expect(text.contains("deep text") && text.contains("<p>after</p>"))
    #expect(text.split(separator: "<div>", omittingEmptySubsequences: false).count - 1 == SkipPass.deepest)
    #expect(result.limits == ["elements nested deeper than 512"])
  }

  @Test func attributesAreCapped() {
    let many = "<p " + (0..<100).map { _ in "class=a " }.joined() + ">x</p>"
    #expect(pass(many).limits == ["more than 32 attributes on one element"])
    #expect(pass("<p title=\"\(String(repeating: "é", count: 40_000))\">x").limits == ["an attribute longer than 65536 bytes"])
  }

  /// Pages that took seconds in other parsers, each within a second here even without optimisation.
  @Test(arguments: [
    String(repeating: "<div>", count: 50_000) + String(repeating: "</b>", count: 50_000),
    "<p " + (0..<40_000).map { "a\($0)=1 " }.joined() + ">x",
    String(repeating: "<svg>", count: 20_000), String(repeating: "<!--", count: 50_000), String(repeating: "<p class=\"", count: 20_000),
    String(repeating: "<script>", count: 20_000), String(repeating: "<a><p>", count: 20_000), String(repeating: "<title>", count: 20_000),
    String(repeating: "&", count: 200_000), String(repeating: "<?", count: 300_000),
    String(repeating: "<b>", count: 1020) + String(repeating: "<hr>", count: 20_000),
    "<title>" + String(repeating: "lorem ipsum ", count: 8000) + "</title>" + String(repeating: "<h1>lorem</h1>", count: 2000),
    String(repeating: "<table><tr><td>", count: 10_000),
    String(repeating: "<li></ul>", count: 20_000),
  ])
  func hostilePagesTakeLinearTime(_ html: String) throws {
    let clock = ContinuousClock()
    let stages = [try stage("article"), try stage("metadata")]
    let time = try clock.measure { for stage in stages { _ = try Document.page(html).after(stage) } }
    #expect(time < .seconds(20), "\(time)")
  }

  /// Random soup of tags: the text of the page survives, the result nests.
  @Test(arguments: 0..<200) func anySoupKeepsItsWords(_ seed: Int) throws {
    var random = SeededGenerator(seed)
    let tags = [
      "<p>", "</p>", "<div class='x'>", "</div>", "<b>", "</b>", "<table>", "</table>", "<tr>", "<td>", "</td>", "<li>", "<ul>", "</ul>",
      "<br>", "<h1>", "</h2>", "<a href=x>", "</a>", "<x-y>", "</x-y>", "<svg/>", "<!-- c -->", "<blockquote>", "</span>",
    ]
    var html = "<body>"
    for word in 0..<30 {
      for _ in 0..<Int.random(in: 0...4, using: &random) { html += tags.randomElement(using: &random)! }
      html += "word\(word) "
    }
    let page = try PageParser.parse(RawContent(bytes: Array(html.utf8), charset: "utf-8"))
    let text = page.text.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
    #expect(text == (0..<30).map { "word\($0)" })
    for (index, node) in page.nodes.enumerated() {
      #expect(Int(node.end) > index && Int(node.end) <= page.nodes.count && Int(node.parent) < index)
      if node.parent >= 0 { #expect(node.end <= page.nodes[Int(node.parent)].end) }
    }
  }
}

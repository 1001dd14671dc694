import Testing

@testable import Pipeline
@testable import Stages

@Suite struct PageTests {
  private func parse(_ bytes: [UInt8], charset: String? = nil) throws -> Page {
    try PageParser.parse(RawContent(bytes: bytes, charset: charset))
  }

  private func blocks(_ html: String) throws -> [String] {
    let page = try parse(Array(html.utf8), charset: "utf-8")
    let blocks = PageBlocks(page, root: page.first(.body) ?? 0)
    return blocks.blocks.filter { $0.concealment == nil }.map {
      "\($0.kind.rawValue): " + String(decoding: blocks.text[$0.range], as: UTF8.self)
    }
  }

  @Test func theMetaElementNamesTheEncoding() throws {
    let page = try parse(Array("<meta http-equiv=Content-Type content='text/html; charset=windows-1251'><p>".utf8) + [0xCF, 0xF0, 0xE8])
    #expect(String(decoding: page.text, as: UTF8.self) == "При")
    #expect(MetaCharset.label(in: Array("<?xml version=\"1.0\" encoding='EUC-JP'?>".utf8)) == "euc-jp")
    #expect(MetaCharset.label(in: Array("<!-- <meta charset=big5> --><meta charset=\"gbk\">".utf8)) == "gbk")
    #expect(MetaCharset.label(in: Array("<p>charset=big5".utf8)) == nil)
  }

  /// libxml2 reads a declared encoding again and falls back to latin-1 at the first bad byte; that must not happen.
  @Test func aWrongDeclarationDoesNotSpoilUTF8() throws {
    let page = try parse(Array("<meta charset=iso-8859-1><p>żółć</p>".utf8))
    #expect(String(decoding: page.text, as: UTF8.self) == "żółć")
  }

  /// The tree builder of libxml2 loses everything behind 255 nested elements.
  @Test func deepNestingLosesNothing() throws {
    let html = String(repeating: "<div>", count: 400) + "deep" + String(repeating: "</div>", count: 400) + "<p>after</p>"
    let page = try parse(Array(html.utf8), charset: "utf-8")
    #expect(String(decoding: page.text, as: UTF8.self) == "deepafter")
  }

  /// Text nodes of libxml2 end at 10 MB.
  @Test func longTextLosesNothing() throws {
    let long = String(repeating: "word ", count: 2_400_000)
    let page = try parse(Array("<p>\(long)</p><p>after</p>".utf8), charset: "utf-8")
    #expect(page.text.count == long.utf8.count + 5)
  }

  @Test func blocksHaveKinds() throws {
    let html = """
      <h2>Head</h2><p>Para <b>bold</b>  text</p><ul><li>One<li>Two</ul><blockquote><p>Said.</p></blockquote>
      <figure><img src=x><figcaption>Seen</figcaption></figure><pre>a
        b</pre><table><tr><th>A<th>B<tr><td>1<td>2</table><p>x<br>y<br><br>z</p><button>Click</button><nav hidden>no</nav>
      """
    #expect(
      try blocks(html) == [
        "heading: Head", "paragraph: Para bold text", "listItem: One", "listItem: Two", "quotation: Said.", "caption: Seen",
        "preformatted: a\n  b",
        "tableRow: A | B", "tableRow: 1 | 2", "paragraph: x\ny", "paragraph: z",
      ])
  }

  @Test func aLayoutTableIsNotATable() throws {
    #expect(
      try blocks("<table><tr><td><h1>Head</h1><p>Text</p></td><td>side</td></tr></table>") == [
        "heading: Head", "paragraph: Text", "paragraph: side",
      ])
  }

  @Test func textBehindTheBodyBelongsToIt() throws {
    #expect(try blocks("<html><body><p>a</p></body></html><p>b</p>") == ["paragraph: a", "paragraph: b"])
  }
}

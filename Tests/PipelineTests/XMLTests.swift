import TestSupport
import Testing

@testable import Pipeline

@Suite struct RecordPathTests {
  private func matches(_ path: String, _ elements: String) -> Bool {
    let names = elements.split(separator: "/").map { Array($0.utf8) }
    return RecordPath(path)?.match(names.last!, inside: Array(names.dropLast())) != nil
  }

  @Test(arguments: [
    ("//item", "rss/channel/item", true), ("item", "rss/channel/item", true), ("/rss/channel/item", "rss/channel/item", true),
    ("/rss/item", "rss/channel/item", false), ("/rss//item", "rss/channel/item", true), ("//channel/item", "rss/channel/item", true),
    ("//item | //entry", "feed/entry", true), ("/*/*/item", "rss/channel/item", true), ("/*/item", "rss/channel/item", false),
    ("/nitf", "nitf", true), ("/nitf", "a/nitf", false), ("//rdf:li", "rdf:Seq/rdf:li", true), ("//a//b//c", "a/x/b/y/z/c", true),
    ("//a//b//c", "b/a/c", false), ("//page[ns = 0]", "mediawiki/page", true), ("//*", "anything", true),
  ])
  func pathsMatchNames(_ path: String, _ elements: String, _ expected: Bool) {
    #expect(matches(path, elements) == expected)
  }

  @Test(arguments: ["", "//", "/", "//item[", "//item[1]/x", "a b", "//item/@id", "//item || //entry", "//item()", "../x"])
  func whatIsMoreThanNamesIsRefused(_ path: String) {
    #expect(RecordPath(path) == nil)
  }

  @Test func conditionsStandAtTheEnd() {
    #expect(RecordPath("//a[x = '|' or y] | //b")?.alternatives.map(\.predicate) == ["x = '|' or y", nil])
  }
}

@Suite struct XMLRecordSplitterTests {
  private func records(_ text: String, path: String = "//item", size: Int = 7, limit: Int = 10_000) throws -> [String] {
    var splitter = XMLRecordSplitter(PieceSource(text, piece: size), path: try #require(RecordPath(path)), limit: limit)
    var result: [String] = []
    while let record = try splitter.next() {
      switch record {
      case .record(let fragment): result.append(String(decoding: fragment.bytes, as: UTF8.self))
      case .tooLong: result.append("<too long>")
      case .endless(let what): return result + [what]
      }
    }
    return result
  }

  /// What stands before the declaration, and is done with, is not taken for it.
  @Test(arguments: [1, 1000]) func theDeclarationIsReadBehindAComment(_ size: Int) throws {
    let text = "<!-- encoding='koi8-r' ?> -->\n<?xml version='1.0' encoding='windows-1252'?><list><item>a</item></list>"
    var splitter = XMLRecordSplitter(PieceSource(text, piece: size), path: try #require(RecordPath("//item")), limit: 1000)
    guard case .record(let fragment) = try splitter.next() else { throw Unexpected() }
    #expect(fragment.charset == "windows-1252")
  }

  private struct Unexpected: Error {}

  @Test(arguments: [1, 2, 5, 100, 100_000]) func recordsAreCutWhateverThePieces(_ size: Int) throws {
    let text = """
      <?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "<item>no</item>">]><!-- <item>no</item> --><rss><![CDATA[<item>no</item>]]>
      <item a="1>2" b='"'>one<!-- </item> --><![CDATA[</item>]]></item><item/><item>two<item>inner</item></item></rss>
      """
    #expect(
      try records(text, size: size) == [
        #"<item a="1>2" b='"'>one<!-- </item> --><![CDATA[</item>]]></item>"#, "<item/>", "<item>two<item>inner</item></item>",
      ])
  }

  @Test func aRecordEndsWithWhatIsAroundIt() throws {
    #expect(try records("<rss><channel><item>a<b>c</channel><item>d</item></rss>") == ["<item>a<b>c", "<item>d</item>"])
    #expect(try records("<rss><item>never closed") == ["<item>never closed"])
  }

  @Test func aLargeRecordCostsOnlyItself() throws {
    let large = "<item>" + String(repeating: "x", count: 500) + "</item>"
    #expect(try records("<r>\(large)<item>b</item></r>", limit: 100) == ["<too long>", "<item>b</item>"])
    #expect(try records("<r><item>" + String(repeating: "x ", count: 5000), limit: 100) == ["a record is larger than 1600 bytes"])
  }

  @Test(arguments: [
    ("<r><!-- no end <item>a</item>", "a comment is never closed"), ("<r><![CDATA[ x", "a CDATA section is never closed"),
    ("<!DOCTYPE r [", "the document type is never closed"),
  ])
  func whatNeverEndsIsNamed(_ text: String, _ message: String) throws {
    #expect(try records(text) == [message])
  }

  @Test func bareMarksAreText() throws {
    #expect(try records("<r> 1 < 2 <item>3 < 4 & 5 <</item></r>") == ["<item>3 < 4 & 5 <</item>"])
  }

  @Test func prefixesAroundARecordAreKnown() throws {
    var splitter = XMLRecordSplitter(
      PieceSource(#"<rss xmlns:a="urn:a"><channel xmlns:b='urn:b'><item/></channel></rss>"#, piece: 9), path: RecordPath("//item")!,
      limit: 1000)
    guard case .record(let fragment)? = try splitter.next() else { throw IOError("test", "no record") }
    #expect(fragment.prefixes == ["a": "urn:a", "b": "urn:b"])
  }
}

@Suite struct XMLRecordTests {
  private func fields(_ xml: String, _ expressions: [String: [String]], namespaces: [String: String] = [:]) throws -> [String: [String]]? {
    let fragment = XMLFragment(bytes: Array(xml.utf8), charset: nil, prefixes: ["f": "urn:file"], predicate: nil)
    return try XMLRecordReader(namespaces: namespaces).fields(of: fragment, expressions)
  }

  @Test func theFirstExpressionThatFindsSomethingCounts() throws {
    #expect(try fields("<item><a/><b>B</b><b>C</b></item>", ["title": ["a", "b"]]) == ["title": ["B", "C"]])
    #expect(try fields("<item x='1'/>", ["id": ["@y", "@x"], "title": ["concat('n', count(*))"]]) == ["id": ["1"], "title": ["n0"]])
  }

  @Test func prefixesAreThoseOfTheFileOrOfTheConfiguration() throws {
    let xml = "<item><f:t>T</f:t><content:encoded>C</content:encoded></item>"
    #expect(try fields(xml, ["title": ["f:t"], "text": ["content:encoded"]]) == ["title": ["T"], "text": ["C"]])
    #expect(try fields(xml, ["title": ["mine:t"]], namespaces: ["mine": "urn:file"]) == ["title": ["T"]])
    #expect(throws: XMLRecordReader.Failure.self) { try fields(xml, ["title": ["unknown:t"]]) }
  }

  @Test func markupOfAnHTMLFieldIsKept() throws {
    #expect(try fields("<e><c><p>a<br/>b</p></c></e>", ["html": ["c"], "title": ["c"]]) == ["html": ["<p>a<br>b</p>"], "title": ["ab"]])
  }

  /// Entities, external or nested, are never expanded: there is no document type to define them.
  @Test func entitiesAreText() throws {
    #expect(try fields("<e><t>&lol9; &file; &eacute;</t></e>", ["title": ["t"]]) == ["title": ["&lol9; &file; é"]])
  }

  @Test func textOfElevenMegabytesIsWhole() throws {
    let long = String(repeating: "long text ", count: 1_150_000)
    let found = try fields("<e><t>\(long)</t><u>after</u></e>", ["text": ["t"], "title": ["u"]])
    #expect(found?["text"]?.first?.utf8.count == long.utf8.count && found?["title"] == ["after"])
  }

  @Test(arguments: [
    String(repeating: "<d>", count: 20_000), "<t " + (0..<80_000).map { "a\($0)='1' " }.joined() + ">",
    String(repeating: "<d>", count: 10_000) + String(repeating: "</b>", count: 10_000),
    "<!-- never closed", "<t a='never closed", "<![CDATA[", "<t a=\"" + String(repeating: "v", count: 5_000_000) + "\">", "\0\u{1}", "<?pi",
    "</z>", "<<<<", "&&&;",
  ])
  func hostileRecordsLoseNothingBehindThem(_ odd: String) throws {
    let clock = ContinuousClock()
    let time = try clock.measure {
      let found = try fields("<e><t>before</t>\(odd)<u>after</u></e>", ["title": ["t"], "text": ["string(.)"]])
      #expect(found?["title"]?.first == "before")
      #expect(found?["text"]?.first?.hasSuffix("after") == true || odd.hasPrefix("<![CDATA["), "\(odd.prefix(30))")
    }
    #expect(time < .seconds(60))
  }

  @Test(arguments: 0..<200) func anySoupIsWellFormed(_ seed: Int) throws {
    var random = SeededGenerator(seed)
    let pieces = [
      "<a>", "</a>", "<b x='1'>", "</b>", "<c/>", "<br>", "&", "&amp;", "&nbsp;", "<", ">", "\"", "'", "<!-- c -->", "<![CDATA[d]]>",
      "<?p?>", "<é>", "</é>", "<a x=1 x=2>", "<a xmlns='u'>", "\u{1}",
    ]
    var xml = "<e>"
    for word in 0..<20 {
      for _ in 0..<Int.random(in: 0...3, using: &random) { xml += pieces.randomElement(using: &random)! }
      xml += " word\(word) "
    }
    let found = try fields(xml + "</e>", ["text": ["string(.)"]])
    let words = (found?["text"]?.first ?? "").split { !$0.isLetter && !$0.isNumber }.filter { $0.hasPrefix("word") }
    #expect(words == (0..<20).map { "word\($0)" }, "\(xml)")
  }
}

@Suite struct RecordDateTests {
  @Test(arguments: [
    ("Tue, 10 Jun 2003 04:00:00 GMT", "2003-06-10T04:00:00Z"), ("9 Mar 24 00:00 EST", "2024-03-09T00:00:00-05:00"),
    ("Mon, 11 March 2024 07:30:00 +0100", "2024-03-11T07:30:00+01:00"), ("Mon, 11 Mar 2024", "2024-03-11"),
    ("20240311T073000Z", "2024-03-11T07:30:00Z"),
    ("20240311", "2024-03-11"), ("2024-03-11T07:30:00Z", "2024-03-11T07:30:00Z"), ("yesterday", "yesterday"),
    ("32 Mar 2024", "32 Mar 2024"), ("", ""),
  ])
  func datesBecomeISO8601(_ text: String, _ expected: String) {
    #expect(RecordDate.normalized(text) == expected)
  }
}

@Suite struct RowTests {
  private func rows(_ text: String, isQuoted: Bool = true, size: Int = 3) throws -> [[String]] {
    var splitter = RowSplitter(PieceSource(text, piece: size), limit: 1000, isQuoted: isQuoted)
    var result: [[String]] = []
    while case .row(let row)? = try splitter.next() {
      result.append(
        RowSplitter.fields(row, separator: UInt8(ascii: isQuoted ? "," : "\t"), isQuoted: isQuoted).map {
          String(decoding: $0, as: UTF8.self)
        })
    }
    return result
  }

  @Test(arguments: [1, 4, 100]) func quotesProtect(_ size: Int) throws {
    #expect(
      try rows("a,\"b, \"\"c\"\"\nd\",e\r\n,,\nf \"g\" h,i", size: size) == [
        ["a", "b, \"c\"\nd", "e"], ["", "", ""], ["f \"g\" h", "i"],
      ])
    #expect(try rows("a\t\"b\nc\td\"", isQuoted: false, size: size) == [["a", "\"b"], ["c", "d\""]])
  }

  @Test func aSemicolonMaySeparate() {
    #expect(RowSplitter.separator(ofHeader: Array("id;text;price,net".utf8)) == UInt8(ascii: ";"))
    #expect(RowSplitter.separator(ofHeader: Array("id,text".utf8)) == UInt8(ascii: ","))
  }
}

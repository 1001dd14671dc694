import Foundation
import TestSupport
import Testing

@testable import Pipeline

@Suite struct OffsetTests {
  static let texts = [
    "plain", "naïve café", "e\u{301}clair – combining", "👨‍👩‍👧‍👦 family, 🇳🇴 flag", "שלום עולם", "مرحبا بالعالم", "日本語の文。",
    "a\u{1F600}b\u{10FFFF}c",
    String(repeating: "абв🙂", count: 100),
  ]

  @Test(arguments: texts) func codePointsAreWhatPythonCounts(_ text: String) {
    let table = OffsetTable(Array(text.utf8), unit: .codepoints)
    var expected = 0
    var byte = 0
    for scalar in text.unicodeScalars {
      #expect(table.offset(ofByte: byte) == expected)
      byte += String(scalar).utf8.count
      expected += 1
    }
    #expect(table.offset(ofByte: byte) == text.unicodeScalars.count)
  }

  @Test(arguments: texts) func utf16IsWhatJavaScriptCounts(_ text: String) {
    #expect(OffsetTable(Array(text.utf8), unit: .utf16).offset(ofByte: text.utf8.count) == text.utf16.count)
    #expect(OffsetTable(Array(text.utf8), unit: .utf8).offset(ofByte: text.utf8.count) == text.utf8.count)
  }

  @Test func annotationsFollowTheTextThroughDropsAndTrims() throws {
    var document = Document.plain("Über Köln 🌧\n\nWerbung\n\nIn Zürich nicht.")
    let text = try #require(document.text)
    let whole = String(decoding: text.bytes, as: UTF8.self)
    func bytes(_ name: String) -> Range<Int> {
      let found = whole.range(of: name)!
      return whole.utf8.distance(
        from: whole.startIndex, to: found.lowerBound)..<whole.utf8.distance(from: whole.startIndex, to: found.upperBound)
    }
    document.entities = [
      Entity(range: bytes("Köln"), label: "LOC"), Entity(range: bytes("Werbung"), label: "ORG"),
      Entity(range: bytes("Zürich"), label: "LOC"),
    ]
    document.drop(1, reason: "ad", rule: "r")
    let first = text.blocks[0].range
    document.trim(0, to: (first.lowerBound + 6)..<first.upperBound, reason: "caption", rule: "r")
    let line = try object(document)
    #expect(line["text"] as? String == "Köln 🌧\n\nIn Zürich nicht.")
    let entities = try #require(line["entities"] as? [[String: Any]])
    #expect(entities.map { $0["start"] as? Int } == [0, 11])
    #expect(entities.map { $0["end"] as? Int } == [4, 17])
  }

  @Test func halfAnEntityIsNotWritten() throws {
    var document = Document.plain("Porto Alegre rejoices")
    document.entities = [Entity(range: 0..<12, label: "LOC")]
    document.trim(0, to: 6..<21, reason: "caption", rule: "r")
    #expect(try object(document)["entities"] == nil)
  }

  /// Whatever is dropped, each sentence that is written is the text it was marked on.
  @Test(arguments: 0..<100) func offsetsAreExactWhateverIsDropped(_ seed: Int) throws {
    var random = SeededGenerator(seed)
    let words = ["Öl", "שלום", "e\u{301}", "👩🏽‍🚀", "水", "plain", "𝔘"]
    var text = BlockText()
    var marked: [(Range<Int>, String)] = []
    for index in 0..<Int.random(in: 1...12, using: &random) {
      let content = (0..<Int.random(in: 1...6, using: &random)).map { _ in words.randomElement(using: &random)! }.joined(separator: " ")
      text.append(.paragraph, content.utf8, group: index / 3)
      marked.append((text.blocks.last!.range, content))
    }
    var document = Document(id: "d", source: "t")
    document.setText(text)
    document.sentences = marked.map(\.0)
    var kept: [String] = []
    for index in marked.indices {
      if Bool.random(using: &random) { document.drop(index, reason: "r", rule: "r") } else { kept.append(marked[index].1) }
    }
    let line = try object(document)
    let scalars = Array((line["text"] as! String).unicodeScalars)
    let sentences = (line["sentences"] as? [[String: Int]] ?? []).map { span in
      String(String.UnicodeScalarView(scalars[span["start"]!..<span["end"]!]))
    }
    #expect(sentences == kept)
  }

  private func object(_ document: Document) throws -> [String: Any] {
    let encoder = DocumentEncoder(output: OutputConfiguration(path: nil, trail: false, blocks: false, offsets: .codepoints))
    let line = encoder.encode(document).line
    #expect(line.last == 0x0A)
    return try #require(JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
  }
}

import Foundation
import TestSupport
import Testing

@testable import Pipeline

/// What plugins say about themselves and about documents.
@Suite struct PluginTests {
  private func announced(_ json: String) throws -> PluginAnnouncement { try PluginAnnouncement(json: Array(json.utf8)) }

  private func answered(_ answer: String, _ document: inout Document, _ more: String = "") throws -> Verdict {
    let all = #""provides": ["title", "metadata", "language", "sentences", "entities"], "reasons": {"bad": "it is bad"}"#
    let plugin = try announced(#"{"pipeline": 1, "name": "p", \#(all)\#(more)}"#)
    document.beginStage("p")
    return try DocumentAnswer(Array(answer.utf8), by: plugin.descriptor, rewrites: plugin.rewrites).apply(to: &document)
  }

  // MARK: Announcements

  @Test func aGeneratedSchemaGivesOptions() throws {
    let plugin = try announced(
      #"""
      {"pipeline": 1, "name": "p", "options": {"type": "object", "title": "Options", "required": ["model"], "properties": {
        "model": {"type": "string", "title": "Model"}, "count": {"type": "integer", "minimum": 1.0, "maximum": 10, "default": 3.0},
        "share": {"type": "number", "exclusiveMinimum": 0, "default": 0.5}, "note": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null},
        "words": {"type": "array", "items": {"type": "string"}, "default": ["a"]}, "tone": {"enum": ["x", "y"], "default": "x"},
        "name": {"type": "string", "default": null}}}}
      """#)
    let options = plugin.descriptor.options
    #expect(options.map(\.name) == ["model", "count", "share", "note", "words", "tone", "name"])
    #expect(options.map(\.kind) == [.text, .integer(1...10), .json, .json, .texts, .choice(["x", "y"]), .text])
    #expect(
      options.map(\.defaultValue) == [.none, .integer(3), .json("0.5"), .json("null"), .texts(["a"]), .text("x"), .none])
    #expect(plugin.required == ["model"] && plugin.descriptor.needs == [.text])
    let json = Options(defaultsOf: options).json(options)
    #expect(String(decoding: json, as: UTF8.self) == #"{"count":3,"share":0.5,"note":null,"words":["a"],"tone":"x"}"#)
  }

  @Test(arguments: [
    (#"{"pipeline": 1, "name": "p", "options": {"type": "array"}}"#, "not of an object"),
    (
      #"{"pipeline": 1, "name": "p", "options": {"properties": {"n": {"type": "integer", "default": "x"}}}}"#,
      "has a default for the option"
    ),
    (#"{"pipeline": 1, "name": "p", "options": {"properties": {"use": {}}}}"#, "cannot be named"),
    (#"{"pipeline": 1, "name": "p", "needs": ["cluster"]}"#, "and knows content, text"),
    (#"{"pipeline": 1, "name": "p", "reasons": {"a": 1}}"#, "no string that explains it"), (#"[1]"#, "is an array"), ("", "is not JSON"),
  ]) func aWrongAnnouncementSaysWhatIsWrong(_ json: String, _ message: String) {
    #expect { try announced(json) } throws: { "\($0)".contains(message) }
  }

  // MARK: Answers

  @Test func anAnswerChangesADocument() throws {
    var document = Document.plain("Über Köln 🌧\n\nWerbung\n\nIn Zürich nicht.")
    document.metadata.title = "Old"
    document.setExtra("old", "1")
    let verdict = try answered(
      #"""
      {"document": 1, "title": "New", "language": null, "authors": ["Ada Bell"], "extra": {"old": null, "mood": {"a": [1, 2.50, null]}},
       "removed": [{"start": 13, "end": 20, "reason": "bad", "rule": "ad"}, {"start": 0, "end": 5, "reason": "bad"}],
       "entities": [{"start": 25, "end": 31, "label": "LOC", "score": 0.5}, {"start": 5, "end": 9, "label": "LOC", "id": "Q365"}],
       "sentences": [{"start": 22, "end": 38}]}
      """#, &document)
    #expect(verdict == .pass && document.metadata.title == "New" && document.metadata.authors == ["Ada Bell"])
    #expect(document.extra.map(\.name) == ["mood"] && document.extra[0].value == ExtraValue(json: Array(#"{"a":[1,2.50,null]}"#.utf8)))
    #expect(document.rendered == "Köln 🌧\n\nIn Zürich nicht.")
    #expect(document.trail.map(\.text) == ["Werbung", "Über "] && document.trail.map(\.rule) == ["ad", "p"])
    let text = try #require(document.text)
    #expect(document.entities?.map { text.string($0.range) } == ["Köln", "Zürich"] && document.entities?.map(\.source) == ["p", "p"])
    #expect(document.sentences?.map { text.string($0) } == ["In Zürich nicht."])
  }

  @Test func offsetsOfANewTextAreThoseOfTheNewText() throws {
    var document = Document.plain("Old.")
    _ = try answered(
      #"""
      {"document": 1, "blocks": [{"kind": "heading", "text": "Añadido"}, {"text": "Second block."}],
       "entities": [{"start": 9, "end": 15, "label": "X"}]}
      """#, &document, #", "rewrites": true"#)
    #expect(document.rendered == "Añadido\n\nSecond block." && document.text?.blocks.map(\.kind) == [.heading, .paragraph])
    let text = try #require(document.text)
    #expect(document.entities?.map { text.string($0.range) } == ["Second"])
  }

  @Test func anEntityMayReachOverBlocksBetweenWhichNothingIsGone() throws {
    var document = Document.plain("New\n\nYork is large.\n\nAd\n\nEnd.")
    _ = try answered(#"{"document": 1, "entities": [{"start": 0, "end": 9, "label": "LOC"}]}"#, &document)
    let line = try JSONSerialization.jsonObject(with: Data(DocumentEncoder(output: .everything).encode(document).line)) as? [String: Any]
    #expect((line?["entities"] as? [[String: Any]])?.first?["end"] as? Int == 9)
    document.drop(2, reason: "ad", rule: "r")
    #expect(throws: DocumentAnswer.Refusal.self) {
      try answered(#"{"document": 1, "entities": [{"start": 5, "end": 24, "label": "X"}]}"#, &document)
    }
  }

  /// A removal from both ends that meets itself once ended the program.
  @Test(arguments: [(30, 35, 0, 33), (9, 35, 0, 9), (0, 9, 9, 35), (0, 20, 10, 35)])
  func removalsThatMeetLeaveNothing(_ a: Int, _ b: Int, _ c: Int, _ d: Int) throws {
    var document = Document.plain("The ferry is back at its pier. BOOM")
    _ = try answered(
      #"{"document": 1, "removed": [{"start": \#(a), "end": \#(b), "reason": "bad"}, {"start": \#(c), "end": \#(d), "reason": "bad"}]}"#,
      &document)
    #expect(document.rendered == "" && document.trail.map(\.text).joined().utf8.count >= 35)
  }

  @Test func amongManyKeysNoneIsLookedForLong() throws {
    var document = Document.plain("x")
    let many = (0..<200_000).map { #""k\#($0)": 1"# }.joined(separator: ",")
    let start = ContinuousClock.now
    #expect(throws: DocumentAnswer.Refusal.self) { try answered("{\"document\": 1, \"extra\": {\(many)}}", &document) }
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  // MARK: Ranges

  @Test(arguments: OffsetTests.texts) func offsetsAreUndone(_ text: String) {
    let bytes = Array(text.utf8)
    for unit in OffsetUnit.allCases {
      let table = OffsetTable(bytes, unit: unit)
      var known: [Int: Int] = [:]
      for byte in 0...bytes.count where byte == bytes.count || bytes[byte] & 0xC0 != 0x80 { known[table.offset(ofByte: byte)] = byte }
      for offset in -1...(bytes.count + 2) {
        let isWithin = unit == .utf8 && offset > 0 && offset < bytes.count && bytes[offset] & 0xC0 == 0x80
        if !isWithin { #expect(table.byte(ofOffset: offset) == known[offset], "\(unit) \(offset)") }
      }
    }
  }

  @Test func placesOfTheBufferAndOfTheRenderedTextAgree() throws {
    var random = SeededGenerator(5)
    for _ in 0..<300 {
      let words = (0..<Int.random(in: 1...8, using: &random)).map { _ in
        ["añb", "x", "日本", "long words here"].randomElement(using: &random)!
      }
      var document = Document.plain(words.joined(separator: ["\n\n", "\n\n\n "].randomElement(using: &random)!))
      if Bool.random(using: &random) {
        var text = BlockText()
        for word in words { text.append(.paragraph, word.utf8, group: Int.random(in: 0...1, using: &random)) }
        document.setText(text)
      }
      for index in (document.text?.blocks ?? []).indices where Int.random(in: 0..<4, using: &random) == 0 {
        document.drop(index, reason: "r", rule: "r")
      }
      let text = try #require(document.text)
      let rendered = RenderedText(text)
      for block in text.blocks where block.isKept && !block.range.isEmpty {
        let target = try #require(rendered.range(ofSource: block.range))
        #expect(Array(rendered.bytes[target]) == Array(text.bytes[block.range]))
        #expect(rendered.source(of: target) == block.range && rendered.range(ofWhole: block.range) == target)
        #expect(rendered.parts(of: target).map(\.part) == [block.range])
      }
      let all = rendered.parts(of: 0..<rendered.bytes.count).map(\.part)
      #expect(all == text.blocks.filter { $0.isKept && !$0.range.isEmpty }.map(\.range))
    }
  }

  // MARK: JSON

  @Test func everyByteIsEscapedWhereverItStands() throws {
    let reader = JSONReader()
    for byte in UInt8(0)..<128 {
      for place in 0..<20 {
        for other in [UInt8(ascii: "a"), 0x21, 0x20, 0xC3] {
          var bytes = [UInt8](repeating: other, count: other == 0xC3 ? 0 : 20)
          if other == 0xC3 { bytes = Array(String(repeating: "ü", count: 10).utf8) }
          bytes[other == 0xC3 ? place / 2 * 2 : place] = byte
          if other == 0xC3 { bytes[place / 2 * 2 + 1] = byte }
          var json = JSONOutput()
          json.beginArray()
          json.string(utf8: bytes)
          json.endArray()
          #expect(!json.bytes.contains { $0 < 0x20 || $0 == 0x7F })
          try reader.parse(json.bytes)
          #expect(reader.unescaped(1) == bytes)
        }
      }
    }
  }

  @Test(arguments: [0, 1, 9, 10, 99, 100, 9_999_999_999, 10_000_000_000, -1, Int.max, Int.min]) func numbersAreWritten(_ value: Int) {
    var json = JSONOutput()
    json.int(value)
    #expect(String(decoding: json.bytes, as: UTF8.self) == "\(value)")
  }

  @Test func aMailboxIsSignalledWheneverThereIsSomething() {
    let mailbox = Mailbox<Int>()
    var waiting = pollfd(fd: mailbox.wakeUp.descriptor, events: Int16(POLLIN), revents: 0)
    #expect(mailbox.take() == [] && poll(&waiting, 1, 0) == 0)
    for value in 0..<3 { mailbox.put(value) }
    #expect(poll(&waiting, 1, 0) == 1 && mailbox.take() == [0, 1, 2] && poll(&waiting, 1, 0) == 0)
    Thread.detachNewThread { mailbox.put(7) }
    #expect(mailbox.wait() == [7] && poll(&waiting, 1, 0) == 0)
  }
}

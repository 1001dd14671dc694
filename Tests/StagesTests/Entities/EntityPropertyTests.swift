import Foundation
import TestSupport
import Testing

@testable import Pipeline
@testable import Stages

@Suite struct EntityPropertyTests {
  private static let pieces = [
    "Angela", "Merkel", "KENYA", "the", "of", "University", "Inc.", "Mr.", "said", "in", "McDonald", "iPhone", "U.S.", "J.", "O'Neill",
    "O’Neill's", "Obama's",
    "слово", "Слово", "漢字", "かな", "한글", "كلمة", "शब्द", "กรุงเทพ", ".", "!", "?", "…", "。", ":", ";", ",", " ", " ", " ", "  ", "\n", "\n\n",
    "\r\n", "\t",
    "\"", "”", "«", "'", "’", "(", ")", "[", "]", "3", "1,200.5", "$5m", "12 March 2024", "5%", "+44 20 7946 0958", "a@b.org",
    "http://a.b/c.d", "www.x.org",
    "é", "e\u{301}", "\u{301}", "\u{200D}", "\u{FE0F}", "👍🏽", "👨‍👩‍👧", "🇩🇪", "‼️", "\u{A0}", "\u{3000}", "\u{200B}", "\u{AD}", "\u{600}", "—", "-",
    "#", "@", "&", "/", "\u{0}",
  ]

  private static let taggers = Result {
    [
      try EntityTagger(grouping: true),
      try EntityTagger(
        usesBuiltInList: false, patterns: ["ANY": ".", "MARK": #"\pM"#, "EMPTY": "x*", "GROUP": "a(b)?"],
        recognize: Set(EntityTagger.Pattern.allCases)),
      try EntityTagger(model: .none),
    ]
  }

  /// In order, without overlap, within blocks, between graphemes.
  private func check(_ text: String, _ tagger: EntityTagger, blocks: [Range<Int>], usesModel: Bool) {
    let bytes = Array(text.utf8)
    var borders: Set<Int> = [bytes.count]
    for index in text.indices { borders.insert(text.utf8.distance(from: text.startIndex, to: index)) }
    let entities = bytes.withUnsafeBufferPointer { tagger.entities(in: $0, blocks: blocks, usesModel: usesModel) }
    var end = 0
    for entity in entities {
      let range = entity.range
      #expect(!range.isEmpty && range.lowerBound >= end && range.upperBound <= bytes.count)
      #expect(
        blocks.contains { $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound }, "\(text.debugDescription) \(range)")
      #expect(
        borders.contains(range.lowerBound) && borders.contains(range.upperBound), "\(text.debugDescription): \(range) breaks a grapheme")
      #expect(entity.score.map { (0...1).contains($0) } ?? true)
      end = range.upperBound
    }
  }

  @Test(arguments: 0..<200) func entitiesAreWholeAndInBlocks(_ seed: Int) throws {
    var random = SeededGenerator(seed)
    let text = (0..<80).map { _ in Self.pieces.randomElement(using: &random)! }.joined(separator: seed % 2 == 0 ? "" : " ")
    // Cut between graphemes, at random.
    let borders = text.indices.map { text.utf8.distance(from: text.startIndex, to: $0) }
    let cuts = ([0, text.utf8.count] + (0..<4).compactMap { _ in borders.randomElement(using: &random) }).sorted()
    let blocks = zip(cuts, cuts.dropFirst()).map { $0..<$1 }
    for tagger in try Self.taggers.get() { check(text, tagger, blocks: blocks, usesModel: true) }
  }

  @Test(arguments: 0..<100) func randomBytesDoNoHarm(_ seed: Int) throws {
    var random = SeededGenerator(seed)
    let bytes = (0..<2000).map { _ in UInt8.random(in: 0...255, using: &random) }
    let text = String(decoding: UTF8Text.repaired(bytes), as: UTF8.self)
    for tagger in try Self.taggers.get() { check(text, tagger, blocks: [0..<text.utf8.count], usesModel: seed % 2 == 0) }
  }

  @Test func samplePagesKeepTheirText() throws {
    let folder = checkout + "/samples"
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted().filter {
      $0.hasSuffix(".html") || $0.hasSuffix(".txt")
    }
    #expect(files.count > 10)
    let stage = try stage("entities", #""mentions": true, "recognize": ["DATE", "MONEY", "PERCENT", "QUANTITY", "EMAIL", "URL", "PHONE"]"#)
    for file in files {
      let bytes = try #require(FileManager.default.contents(atPath: "\(folder)/\(file)"))
      let text = String(decoding: bytes, as: UTF8.self)
      let plain = Document.plain(text)
      let document = try plain.after(stage)
      #expect(document.rendered == plain.rendered, "\(file)")
      let kept = try #require(document.text).blocks.filter(\.isKept).map(\.range)
      var end = 0
      for entity in document.entities ?? [] {
        #expect(entity.range.lowerBound >= end, "\(file)")
        #expect(kept.contains { $0.lowerBound <= entity.range.lowerBound && entity.range.upperBound <= $0.upperBound }, "\(file)")
        end = entity.range.upperBound
      }
    }
  }

  @Test(arguments: 0..<200) func tokensCoverTheTextInOrder(_ seed: Int) {
    var random = SeededGenerator(seed)
    let text = Array((0..<60).map { _ in Self.pieces.randomElement(using: &random)! }.joined(separator: seed % 3 == 0 ? " " : "").utf8)
    var tokens = EntityTokens()
    text.withUnsafeBufferPointer { bytes in
      let rest = EntityTokenizer.tokenize(0..<bytes.count, of: bytes, into: &tokens)
      #expect(rest == bytes.count)
    }
    var end = 0
    for index in tokens.blocks[0] {
      let token = tokens.base[index]
      #expect(Int(token.start) >= end && token.end > token.start)
      #expect(
        String(decoding: text[end..<Int(token.start)], as: UTF8.self).unicodeScalars.allSatisfy { UTF8Text.isWhiteSpace($0.value) },
        "left out of \(String(decoding: text, as: UTF8.self).debugDescription) before \(token.start)")
      end = Int(token.end)
    }
    #expect(String(decoding: text[end...], as: UTF8.self).unicodeScalars.allSatisfy { UTF8Text.isWhiteSpace($0.value) })
  }

  @Test func longRunsOfFlagsAreNotBrokenApart() throws {
    let text = "🇩🇪" + String(repeating: "🇫🇷", count: 40) + "🇰"
    let tagger = try EntityTagger(model: .none, usesBuiltInList: false, patterns: ["X": "🇫"])
    check(text, tagger, blocks: [0..<text.utf8.count], usesModel: false)
    check("🇰" + text, tagger, blocks: [0..<(text.utf8.count + 4)], usesModel: false)
  }

  /// A block of any length is tagged in parts, and names are found in all of them.
  @Test func aVeryLongBlockIsTaggedInParts() throws {
    let sentence = "Angela Merkel flew to Nairobi on Monday to meet Uhuru Kenyatta of Kenya. "
    let text = String(repeating: sentence, count: 6_000)
    let tagger = try EntityTagger(usesBuiltInList: false)
    let entities = tagger.entities(in: text)
    #expect(entities.count > 6_000 * 3)
    let last = try #require(entities.last)
    #expect(last.range.upperBound > text.utf8.count - sentence.utf8.count)
  }

  /// Whatever the text, the time is linear: four times as much takes no more than some eight times as long.
  @Test(arguments: [
    "A", "A ", "a ", "Angela Merkel ", "(AB) ", "A-", "A&", "' ", "1.", "$1 ", "é", "の", "\u{301}", "http://a.b ", "of the ", "Mr. ",
  ])
  func timeIsLinear(piece: String) throws {
    let tagger = try Self.taggers.get()[0]
    let patterns = try EntityTagger(model: .none, usesBuiltInList: false, recognize: Set(EntityTagger.Pattern.allCases))
    let own = try EntityTagger(model: .none, usesBuiltInList: false, patterns: ["X": "(a).*", "Y": "(.) ?A", "Z": "x*"])
    for tagger in [tagger, patterns, own] {
      let short = String(repeating: piece, count: 4_000)
      let long = String(repeating: piece, count: 16_000)
      _ = tagger.entities(in: short)
      let first = processorTime { _ = tagger.entities(in: short) }
      let second = processorTime { _ = tagger.entities(in: long) }
      #expect(second < first * 10 + 0.05, "\(piece.debugDescription): \(first) s, \(second) s")
    }
  }
}

import Foundation
import TestSupport
import Testing

@testable import Pipeline
@testable import Stages

@Suite struct SentencePropertyTests {
  private static let pieces = [
    "Word", "word", "Das", "le", "слово", "Слово", "漢字", "かな", "한글", "كلمة", "शब्द", ".", ".", ".", "!", "?", "…", "。", "！", "।", "؟", "։",
    ":", ";", ",", " ", " ", " ", "  ",
    "\n", "\n\n", "\r\n", "\t", "\"", "”", "“", "«", "»", "„", "「", "」", "'", "’", "(", ")", "[", "]", "Mr", "z", "B", "e.g", "etc", "3",
    "12", "[4]", "1)", "a.", "•",
    "é", "e\u{301}", "\u{301}", "\u{200D}", "\u{FE0F}", "👍🏽", "👨‍👩‍👧", "🇩🇪", "‼️", "\u{A0}", "\u{3000}", "\u{200B}", "\u{2028}", "\u{600}", "ก็",
    "U.S.", "http://a.b/c.d", "—", "-", "#", "\u{0}",
  ]
  private static let languages: [String?] = ["en", "de", "fr", "it", "pl", "ja", "zh", "ko", "ar", "hi", "hy", "xx", nil]

  private func ranges(_ bytes: [UInt8], _ splitter: SentenceSplitter) -> [Range<Int>] { bytes.withUnsafeBufferPointer(splitter.split) }

  private func isSpace(_ bytes: ArraySlice<UInt8>) -> Bool {
    String(decoding: bytes, as: UTF8.self).unicodeScalars.allSatisfy { UTF8Text.isWhiteSpace($0.value) }
  }

  @Test(arguments: 0..<1500) func sentencesCoverTheTextInOrderAndBreakNoGrapheme(_ seed: Int) {
    var random = SeededGenerator(seed)
    let text = (0..<60).map { _ in Self.pieces.randomElement(using: &random)! }.joined()
    let splitter = SentenceSplitter(
      language: Self.languages.randomElement(using: &random)!, quotations: seed % 2 == 0 ? .split : .keep,
      minimumLength: seed % 3 == 0 ? 12 : 0)
    check(text, splitter)
  }

  /// In order, without overlap, over everything but white space, between graphemes.
  private func check(_ text: String, _ splitter: SentenceSplitter) {
    let bytes = Array(text.utf8)
    let sentences = ranges(bytes, splitter)
    var borders: Set<Int> = [bytes.count]
    for index in text.indices { borders.insert(text.utf8.distance(from: text.startIndex, to: index)) }
    var end = 0
    for range in sentences {
      #expect(!range.isEmpty && range.lowerBound >= end)
      #expect(isSpace(bytes[end..<range.lowerBound]), "left out")
      #expect(UTF8Text.isValid(Array(bytes[range])))
      #expect(!isSpace(bytes[range]), "nothing but white space")
      #expect(
        borders.contains(range.lowerBound) && borders.contains(range.upperBound), "\(text.debugDescription): \(range) breaks a grapheme")
      end = range.upperBound
    }
    #expect(isSpace(bytes[end...]))
  }

  @Test(arguments: 0..<200) func paragraphsAreSplitAsIfEachWereAlone(_ seed: Int) {
    var random = SeededGenerator(seed)
    let pieces = Self.pieces.filter { !$0.contains("\n") && !$0.contains("\r") }
    let paragraphs = (0..<5).map { _ in "x" + (0..<30).map { _ in pieces.randomElement(using: &random)! }.joined() + "y" }
    let splitter = SentenceSplitter(language: Self.languages.compactMap { $0 }.randomElement(using: &random)!)
    var expected: [Range<Int>] = []
    var start = 0
    for paragraph in paragraphs {
      expected += ranges(Array(paragraph.utf8), splitter).map { ($0.lowerBound + start)..<($0.upperBound + start) }
      start += paragraph.utf8.count + 2
    }
    #expect(ranges(Array(paragraphs.joined(separator: "\n\n").utf8), splitter) == expected)
  }

  /// Each would take hours if anything in it took the square of its length.
  @Test(arguments: [
    ".", ". ", "!", "(", "\"", " '", "'a ", "' ", "a. ", "1. ", "(a) ", "• ", "\n", "a\n", "[1]", "。", "」", "“a.” ", "A.", " A", "…", ". .",
    "x.1 1 ", "\u{301}", " \u{301}", "\u{A0}", "؟» ", "Mr. ",
    "http://", "a'", "《", "\u{2028}",
  ])
  func noTextTakesLong(_ piece: String) throws {
    let bytes = Array(String(repeating: piece, count: 200_000 / piece.utf8.count).utf8)
    for language in ["en", "zh", "it"] {
      let splitter = SentenceSplitter(
        language: language, quotations: language == "zh" ? .keep : .split, minimumLength: language == "it" ? 10_000 : 0)
      let time = processorTime { _ = ranges(bytes, splitter) }
      #expect(time < 5, "\(piece.debugDescription) took \(time) s")
    }
  }

  @Test(arguments: 0..<50) func randomBytesMadeValidAreSplit(_ seed: Int) {
    var random = SeededGenerator(seed)
    let bytes = UTF8Text.repaired((0..<2000).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    for language in Self.languages { check(String(decoding: bytes, as: UTF8.self), SentenceSplitter(language: language)) }
  }
}

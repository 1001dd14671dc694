import TestSupport
import Testing

@testable import Pipeline

@Suite struct PlainTextTests {
  private func blocks(_ text: String) -> [String] {
    let parsed = BlockText(plain: Array(text.utf8))
    return parsed.blocks.map { parsed.string($0.range) }
  }

  @Test func aBlankLineEndsABlock() {
    #expect(blocks("One.\n\nTwo.") == ["One.", "Two."])
    #expect(blocks("One.\n \t\u{A0}\nTwo.") == ["One.", "Two."])
  }

  @Test func aSingleNewlineEndsABlock() {
    #expect(
      blocks("Read more\nFerries cancelled\nWhat to keep in the cupboard") == [
        "Read more", "Ferries cancelled", "What to keep in the cupboard",
      ])
  }

  @Test func aLineThatGoesOnInLowerCaseIsContinued() {
    #expect(blocks("The mayor said that\nnothing was lost.") == ["The mayor said that\nnothing was lost."])
    #expect(blocks("The mayor said it.\nnothing was lost.") == ["The mayor said it.", "nothing was lost."])
  }

  @Test func textWrappedAtASteadyWidthIsOneBlock() {
    let wrapped = """
      The ferry left the harbour a little after six in the morning with
      Harald Brandt on board, who had not slept and did not want to talk,
      Berit Moe, who did, and a crate of eels that nobody had claimed. It
      Returned empty.
      """
    #expect(blocks(wrapped) == [wrapped])
  }

  @Test func linesOfDifferentLengthsAreNotWrapped() {
    let lines = [
      "Ferries cancelled as the storm nears the northern coast", "Weather", "What to keep in the cupboard when the power goes out",
    ]
    #expect(blocks(lines.joined(separator: "\n")) == lines)
  }

  @Test func japaneseIsContinuedInsideARunOnly() {
    let wrapped = "港の近くの古い倉庫を改装した図書館は朝の六時から開いている。利用者の多くは漁を終え\nた人たちだ。"
    #expect(blocks(wrapped) == [wrapped])
    #expect(blocks("図書館\n港の近くの古い倉庫を改装した図書館は朝の六時から開いている。") == ["図書館", "港の近くの古い倉庫を改装した図書館は朝の六時から開いている。"])
  }

  @Test func windowsLineEndsAndOuterSpacesAreNoPartOfABlock() {
    #expect(blocks("  One.  \r\n\r\n\u{3000}Two.\u{3000}\r\n") == ["One.", "\u{3000}Two."])
  }

  @Test(arguments: ["", "\n", " \n\t\n", "x", "\n\nx\n\n\n", "a\r\nb\r\n", "\u{FEFF}bom", "last without newline\n\n  indented"])
  func anUntouchedTextComesOutByteForByte(_ text: String) {
    #expect(Document.plain(text).rendered == text)
  }

  @Test func aDroppedBlockTakesTheSeparatorAfterIt() {
    var document = Document.plain("One.\n\nAdvertisement\n\n\nTwo.\n")
    document.drop(1, reason: "ad", rule: "r")
    #expect(document.rendered == "One.\n\nTwo.\n")
  }

  /// Random texts of awkward pieces: never lost, never out of order, never on half a code point.
  @Test(arguments: 0..<200) func blocksCoverEverythingButWhiteSpace(_ seed: Int) {
    var random = SeededGenerator(seed)
    let pieces = ["a", "B", " ", "\n", "\n\n", "\r\n", "é", "e\u{301}", "漢字", "。", "👨‍👩‍👧", "שלום", "\u{A0}", "\u{3000}", ".", "\t", "x y z"]
    let text = (0..<Int.random(in: 0...60, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
    let parsed = BlockText(plain: Array(text.utf8))
    var covered: [UInt8] = []
    var end = 0
    for block in parsed.blocks {
      #expect(block.range.lowerBound >= end && !block.range.isEmpty)
      end = block.range.upperBound
      #expect(UTF8Text.isValid(Array(parsed.bytes[block.range])))
      covered += parsed.bytes[block.range]
    }
    let visible = { (bytes: [UInt8]) in
      String(decoding: bytes, as: UTF8.self).unicodeScalars.map(\.value).filter { !UTF8Text.isWhiteSpace($0) }
    }
    #expect(visible(covered) == visible(Array(text.utf8)))
    #expect(Document.plain(text).rendered.utf8.elementsEqual(text.utf8))
  }
}

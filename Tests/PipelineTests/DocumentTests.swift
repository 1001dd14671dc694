import Testing

@testable import Pipeline

@Suite struct DocumentTests {
  /// A heading, two list items of one group, a paragraph.
  private func composed() -> Document {
    var text = BlockText()
    text.append(.heading, "Tide tables".utf8)
    text.append(.listItem, "High at 9".utf8, group: 4)
    text.append(.listItem, "Low at 3".utf8, group: 4)
    text.append(.paragraph, "The sea does as it likes.".utf8)
    var document = Document(id: "d", source: "test")
    document.setText(text)
    return document
  }

  @Test func blocksAreJoinedByABlankLineAndListItemsByANewline() {
    #expect(composed().rendered == "Tide tables\n\nHigh at 9\nLow at 3\n\nThe sea does as it likes.")
  }

  @Test func droppingMarksTheBlockAndRecordsStageRuleAndReason() {
    var document = composed()
    document.stageName = "boilerplate"
    document.drop(1, reason: "ad", rule: "en ad.line: high")
    #expect(document.rendered == "Tide tables\n\nLow at 3\n\nThe sea does as it likes.")
    #expect(document.text?.blocks.count == 4)
    #expect(document.text?.blocks[1].isKept == false)
    #expect(
      document.trail == [
        TrailEntry(stage: "boilerplate", reason: "ad", rule: "en ad.line: high", text: "High at 9", kept: false, block: 1)
      ])
  }

  @Test func aBlockIsDroppedOnlyOnce() {
    var document = composed()
    document.drop(0, reason: "a", rule: "a")
    document.drop(0, reason: "b", rule: "b")
    document.mark(0, reason: "c", rule: "c")
    #expect(document.trail.map(\.reason) == ["a"])
  }

  @Test func trimmingRecordsEachRemovedEnd() throws {
    var document = composed()
    let block = try #require(document.text?.blocks[3])
    document.trim(3, to: (block.range.lowerBound + 4)..<(block.range.upperBound - 1), reason: "caption", rule: "inline")
    #expect(document.rendered.hasSuffix("\n\nsea does as it likes"))
    #expect(document.trail.map(\.text) == ["The ", "."])
  }

  @Test func markingKeepsTheText() {
    var document = composed()
    let before = document.rendered
    document.mark(2, reason: "promo", rule: "r")
    #expect(document.rendered == before)
    #expect(document.trail.map(\.kept) == [true])
  }

  @Test func newTextForgetsAnnotations() {
    var document = composed()
    document.sentences = [0..<4]
    document.entities = [Entity(range: 0..<4, label: "LOC")]
    document.setText(BlockText(plain: Array("other".utf8)))
    #expect(document.sentences == nil)
    #expect(document.entities == nil)
  }

  @Test func anAttachmentIsMadeOnceAndFreed() {
    var document = composed()
    var made = 0
    for _ in 0..<3 {
      _ = document.attachment([Int].self) { _ in
        made += 1
        return [1]
      }
    }
    #expect(made == 1)
    document.freeAttachments()
    #expect(document.existingAttachment([Int].self) == nil)
  }

  @Test func mapBlocksReplacesBytesAndKeepsSeparators() {
    let text = BlockText(plain: Array("one\n\n\nTwo\nThree\n".utf8))
    let mapped = text.mapBlocks { _, bytes in Array(bytes.reversed()) }
    #expect(String(decoding: RenderedText(mapped).bytes, as: UTF8.self) == "eno\n\n\nowT\neerhT\n")
  }

  @Test(arguments: ["de", "pt-br", "zh_Hant"]) func primaryLanguage(_ tag: String) {
    var metadata = Metadata()
    metadata.language = tag
    #expect(metadata.primaryLanguage == String(tag.prefix(2)))
  }
}

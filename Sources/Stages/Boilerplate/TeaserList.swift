import Pipeline

/// Follows the headlines behind a "Read more" label: where they end is decided by their shape and spacing.
struct TeaserList {
  /// No site lists more under one label within an article.
  private static let mostTeasers = 10
  /// Headlines are shorter, in bytes and words.
  private static let longestHeadline = 180
  private static let mostHeadlineWords = 22

  /// Questions of an interview are no headlines.
  let isInterview: Bool
  private var left = 0
  /// The label's number of items, where it told one.
  private var isCounted = false
  /// Whether the headlines so far began with numbers, and stood without a blank line between them; nil before the first.
  private var isNumbered: Bool?
  private var isTight: Bool?
  /// Whether they are in capitals: a heading in capitals after them is none of them.
  private var isShouted: Bool?
  /// How many headlines there were.
  private var length = 0

  init(isInterview: Bool) {
    self.isInterview = isInterview
  }

  /// What a block is, given what it is by itself and what stood before it.
  /// - Parameter gap: whether a blank line stands before the block; nil where layout says nothing.
  /// - Parameter isOverSentence: whether a paragraph follows the block.
  mutating func continues(
    with own: Finding?, block: Block, gap: Bool?, in text: BlockText, line: inout FoldedLine, isOverSentence: () -> Bool
  ) -> Finding? {
    if let own {
      if own.opensList {
        left = own.listLength ?? Self.mostTeasers
        isCounted = own.listLength != nil
        isNumbered = nil
        isTight = nil
        isShouted = nil
        length = 0
      }
      return own
    }
    guard left > 0, isHeadline(block, gap: gap, in: text, line: &line), !isCrosshead(line, block, in: text, isOverSentence) else {
      left = 0
      return nil
    }
    left -= 1
    length += 1
    return Finding(kind: .related, rule: "headline-in-list")
  }

  /// The same for a line within a block: only a label that told how many headlines follow has them there.
  mutating func continues(withLine own: Finding?) -> Finding? {
    if let own {
      if own.opensList {
        left = own.listLength ?? 0
        isCounted = own.listLength != nil
      }
      return own
    }
    guard left > 0, isCounted else { return nil }
    left -= 1
    return Finding(kind: .related, rule: "headline-in-list")
  }

  /// Fewer words behind a headline, and a paragraph behind them, are the heading of that paragraph.
  private static let fewestHeadlineWords = 5

  private static let fewestWideWords = 7

  private func isCrosshead(_ line: borrowing FoldedLine, _ block: Block, in text: BlockText, _ isOverSentence: () -> Bool) -> Bool {
    guard block.origin == nil, length > 0, !isCounted, isNumbered != true else { return false }
    // Headlines of Chinese and Japanese are long, and a paragraph need not follow for a short line to be none.
    if text.bytes[block.range.lowerBound] >= 0xE3, line.wordCount < Self.fewestWideWords { return true }
    return line.wordCount < Self.fewestHeadlineWords && isOverSentence()
  }

  /// A line that is no sentence; on pages, where links are known, it must be one.
  private mutating func isHeadline(_ block: Block, gap: Bool?, in text: BlockText, line: inout FoldedLine) -> Bool {
    guard block.range.count <= Self.longestHeadline else { return false }
    if block.origin != nil, !block.isLinks { return false }
    // Headlines without blank lines between them, then one: the list is over.
    if let gap {
      if isTight == true, gap { return false }
      if isTight == nil { isTight = !gap }
    }
    if isInterview, length > 0, Self.isQuestion(text.bytes[block.range]) { return false }
    let hasNumber = Self.isNumbered(text.bytes[block.range])
    if isNumbered == true, !hasNumber { return false }
    if isNumbered == nil { isNumbered = hasNumber }
    let shouts = text.withBytes(of: block) { Self.isShouted($0) }
    if isShouted == false, shouts { return false }
    if isShouted == nil { isShouted = shouts }
    text.withBytes(of: block) { line.fold($0) }
    if line.wordCount > Self.mostHeadlineWords || line.wordCount < 2 && block.origin == nil { return false }
    return block.isLinks || isCounted || !endsAsSentence(line)
  }

  static func isQuestion(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.last == UInt8(ascii: "?") || bytes.suffix(3).elementsEqual([0xEF, 0xBC, 0x9F]) || bytes.suffix(2).elementsEqual([0xD8, 0x9F])
  }

  /// "1. Ten books", "2) The poet".
  private static func isNumbered(_ bytes: ArraySlice<UInt8>) -> Bool {
    let digits = bytes.prefix(2).prefix { $0 >= 0x30 && $0 <= 0x39 }
    guard !digits.isEmpty, let mark = bytes.dropFirst(digits.count).first else { return false }
    return mark == UInt8(ascii: ".") || mark == UInt8(ascii: ")")
  }

  /// Whether a line has capitals and no small letters.
  private static func isShouted(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
    return scalars.contains { $0.properties.isUppercase } && !scalars.contains { $0.properties.isLowercase }
  }

  /// Whether a line ends with a full stop or its like, or announces something; a question mark may end a headline.
  private func endsAsSentence(_ line: borrowing FoldedLine) -> Bool {
    let bytes = UnsafeBufferPointer(line.bytes)
    var end = bytes.count
    while end > 0 {
      let (value, length) = UTF8Text.scalar(before: end, in: bytes)
      if [0x22, 0x27, 0xBB, 0x29, 0x300D, 0x300F].contains(value) {
        end -= length
        continue
      }
      return value == 0x3A || value == 0x3B || value != 0x3F && value != 0xFF1F && value != 0x061F && SentenceMarks.ends(value)
    }
    return false
  }
}

import Glibc
import Pipeline

/// Boilerplate that is a part of a block: labels among its lines, and credits or prompts behind its last sentence.
extension LineJudge {
  struct Line {
    /// In the text's buffer, without the white space around it.
    let range: Range<Int>
    let finding: Finding?
  }

  /// More lines are no paragraph with a label in it.
  private static let mostLines = 64
  /// How far before the end of a block a credit or prompt may begin, in bytes.
  private static let longestTail = 300
  private static let shortestTail = 6

  /// The lines of a block that has several, when one of them is boilerplate; nil for all other blocks.
  ///
  /// In plain text lines may be wrapped: only a label as a whole is believed. On pages somebody broke them.
  mutating func lines(of block: Block, in text: BlockText) -> [Line]? {
    guard text.withBytes(of: block, { memchr($0.baseAddress!, 0x0A, $0.count) }) != nil else { return nil }
    let ranges = text.bytes[block.range].split(separator: 0x0A).map { line -> Range<Int> in
      var range = line.startIndex..<line.endIndex
      while let first = range.first, UTF8Text.isSpace(text.bytes[first]) { range = (first + 1)..<range.upperBound }
      while let last = range.last, UTF8Text.isSpace(text.bytes[last]) { range = range.lowerBound..<last }
      return range
    }
    guard ranges.count <= Self.mostLines else { return nil }
    var lines: [Line] = []
    for range in ranges {
      let finding = text.bytes.withUnsafeBufferPointer {
        let line = UnsafeBufferPointer(rebasing: $0[range])
        return block.origin == nil ? judgeLabel(line) : judge(line, isHeadline: false)
      }
      lines.append(Line(range: range, finding: finding))
    }
    return lines.contains { $0.finding != nil } ? lines : nil
  }

  /// Boilerplate behind the last sentences of a block that is content otherwise, and where it starts.
  mutating func tail(of text: UnsafeBufferPointer<UInt8>) -> (start: Int, finding: Finding)? {
    guard mayHaveTail(text) else { return nil }
    var from = max(0, text.count - Self.longestTail)
    while from < text.count, text[from] & 0xC0 == 0x80 { from += 1 }
    // From the end: the credit or teaser alone goes, not the sentences before it.
    for start in sentenceStarts(text, from: from).reversed() where text.count - start >= Self.shortestTail {
      if let finding = judgeTail(UnsafeBufferPointer(rebasing: text[start...])) { return (start, finding) }
    }
    return nil
  }

  /// A credit or a one-line teaser has a colon, a bracket at the end or a copyright sign.
  private func mayHaveTail(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let last = text.last else { return false }
    if last == UInt8(ascii: ")") || last == UInt8(ascii: "]") || text.count > 3 && last == 0x89 { return true }
    // A colon, the last byte of a full-width one, and that of a copyright sign.
    let tail = UnsafeBufferPointer(rebasing: text.suffix(Self.longestTail))
    return [UInt8(ascii: ":"), 0x9A, 0xA9].contains { memchr(tail.baseAddress!, Int32($0), tail.count) != nil }
  }

  /// Where sentences start behind others, in order.
  private func sentenceStarts(_ text: UnsafeBufferPointer<UInt8>, from: Int) -> [Int] {
    var starts: [Int] = []
    var index = from
    while index < text.count {
      let (value, length) = UTF8Text.scalar(at: index, in: text)
      index += length
      guard SentenceMarks.ends(value) else { continue }
      var next = index
      while next < text.count {
        let (closing, width) = UTF8Text.scalar(at: next, in: text)
        guard [0x22, 0x27, 0x201D, 0x2019, 0xBB, 0x300D, 0x300F].contains(closing) else { break }
        next += width
      }
      let wasWide = value == 0x3002 || value == 0xFF01 || value == 0xFF1F
      guard next < text.count, wasWide || UTF8Text.isSpace(text[next]) else { continue }
      while next < text.count, UTF8Text.isSpace(text[next]) { next += 1 }
      if next < text.count { starts.append(next) }
    }
    return starts
  }
}

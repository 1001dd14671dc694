/// Cuts plain text into blocks.
///
/// A blank line ends a block. A single newline ends one too, unless the next line plainly continues it: the text is wrapped at a steady
/// width, or the line ends without a terminator and the next begins in lower case, or both sides of the newline are CJK
/// and the lines go on as wide until a sentence ends.
extension BlockText {
  /// Makes a text whose rendering, as long as nothing is dropped, is `bytes` to the byte. Invalid UTF-8 must have been repaired.
  public init(plain bytes: [UInt8]) {
    var blocks: [Block] = []
    bytes.withUnsafeBufferPointer { buffer in
      let lines = PlainLine.all(in: buffer)
      var index = 0
      while index < lines.count {
        guard !lines[index].isBlank else {
          index += 1
          continue
        }
        var end = index
        var paragraphEnd = index
        while paragraphEnd + 1 < lines.count, !lines[paragraphEnd + 1].isBlank { paragraphEnd += 1 }
        let width = PlainLine.wrapWidth(lines[index...paragraphEnd])
        for start in index...paragraphEnd where start >= end {
          end = start
          while end < paragraphEnd, PlainLine.continues(lines[end...paragraphEnd], width, buffer) {
            end += 1
          }
          blocks.append(
            Block(
              kind: .paragraph, extent: lines[start].content.lowerBound..<lines[end].content.upperBound,
              group: 0, origin: nil, isLinks: false))
          end += 1
        }
        index = paragraphEnd + 1
      }
    }
    self.init(bytes: bytes, blocks: blocks, layout: .original)
  }
}

private struct PlainLine {
  /// Without white space at either end.
  let content: Range<Int>
  /// In code points.
  let width: Int
  var isBlank: Bool { content.isEmpty }

  /// Lines shorter than this are not taken for wrapped text: mail wraps at 72, and nobody below 40.
  static let narrowestWrap = 40
  /// The same for scripts whose characters are twice as wide.
  static let narrowestCJKWrap = 16
  /// How far under the widest line a wrapped line may end: the length of a long word.
  static let raggedness = 16

  static func all(in buffer: UnsafeBufferPointer<UInt8>) -> [PlainLine] {
    var lines: [PlainLine] = []
    var start = 0
    while start < buffer.count {
      var end = start
      while end < buffer.count, buffer[end] != UInt8(ascii: "\n") { end += 1 }
      var content = start..<end
      while let last = content.last, UTF8Text.isSpace(buffer[last]) {
        content = content.lowerBound..<last
      }
      // A line is judged without the no-break and ideographic spaces around it.
      while let width = UTF8Text.wideSpace(endingAt: content.upperBound, in: buffer, from: content.lowerBound) {
        content = content.lowerBound..<(content.upperBound - width)
        while let last = content.last, UTF8Text.isSpace(buffer[last]) {
          content = content.lowerBound..<last
        }
      }
      while let first = content.first, UTF8Text.isSpace(buffer[first]) {
        content = (first + 1)..<content.upperBound
      }
      var width = 0
      for index in content where buffer[index] & 0xC0 != 0x80 { width += 1 }
      lines.append(PlainLine(content: content, width: width))
      start = end + 1
    }
    return lines
  }

  /// The width at which a run of lines is wrapped, or nil when it is not: all lines but the last are about as long as the widest one.
  static func wrapWidth(_ lines: ArraySlice<PlainLine>) -> Int? {
    guard lines.count >= 3, let widest = lines.lazy.map(\.width).max(), widest >= narrowestWrap,
      widest <= 160
    else { return nil }
    return lines.dropLast().allSatisfy { $0.width >= widest - raggedness } ? widest : nil
  }

  /// Whether the second of some lines, up to the end of their paragraph, continues the first.
  static func continues(_ lines: ArraySlice<PlainLine>, _ width: Int?, _ buffer: UnsafeBufferPointer<UInt8>) -> Bool {
    if width != nil { return true }
    let line = lines[lines.startIndex]
    let next = lines[lines.startIndex + 1]
    let (first, _) = UTF8Text.scalar(at: next.content.lowerBound, in: buffer)
    if line.endsSentence(buffer) { return false }
    if first < 0x80 ? first >= 0x61 && first <= 0x7A : Unicode.Scalar(first)?.properties.isLowercase == true { return true }
    // A headline over its paragraph is shorter than it; a wrapped line is not.
    let (last, _) = UTF8Text.scalar(before: line.content.upperBound, in: buffer)
    return UTF8Text.isCJK(last) && UTF8Text.isCJK(first) && line.width >= narrowestCJKWrap && line.width + 2 >= next.width
      && isWrapped(lines, buffer)
  }

  /// More lines are not looked at for the end of a sentence.
  private static let mostSentenceLines = 64

  /// Whether the lines go on as wide as the first until one ends a sentence: headlines in a list do not.
  private static func isWrapped(_ lines: ArraySlice<PlainLine>, _ buffer: UnsafeBufferPointer<UInt8>) -> Bool {
    for line in lines.dropFirst().prefix(mostSentenceLines) {
      if line.endsSentence(buffer) { return true }
      if line.width + 2 < lines[lines.startIndex].width { return false }
    }
    return false
  }

  private func endsSentence(_ buffer: UnsafeBufferPointer<UInt8>) -> Bool {
    UTF8Text.isTerminator(UTF8Text.scalar(before: content.upperBound, in: buffer).0)
  }
}

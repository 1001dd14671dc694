import CXXHash
import Pipeline

/// The lines of a page as they are counted: blocks in lower case, with plain quotes and single spaces. Numbers count: "8 GB" on one page and
/// "16 GB" on another are two things that pages say. Cells and preformatted text are no lines, nor is what has no letter.
struct SiteLines {
  struct Line {
    /// Which block.
    let block: Int
    let hash: LineHash
    /// Whether it may stand over something: a heading, or what ends in a colon.
    let isHeading: Bool
    let endsSentence: Bool
    /// Whether it is long enough to be a paragraph that another site may have too.
    let isLong: Bool
  }

  private(set) var lines: [Line] = []
  /// The line with the most bytes: what two copies of the same story have in common, whatever stands around it. Nil for no lines.
  private(set) var story: LineHash?

  /// A shorter line says the same on many sites by chance, in bytes.
  static let shortestLong = 80

  /// - Parameter visit: called with each line and its normalised text.
  init(_ text: BlockText, _ visit: (Line, UnsafeBufferPointer<UInt8>) -> Void = { _, _ in }) {
    var folded = FoldedLine()
    var longest = 0
    for (index, block) in text.blocks.enumerated() where block.isKept && block.kind != .tableRow && block.kind != .preformatted {
      text.bytes.withUnsafeBufferPointer { folded.fold(UnsafeBufferPointer(rebasing: $0[block.range])) }
      guard !folded.core.isEmpty else { continue }
      let bytes = UnsafeBufferPointer(folded.bytes)
      let line = Line(
        block: index, hash: LineHash(bytes), isHeading: block.kind == .heading || bytes.last == 0x3A, endsSentence: folded.endsSentence,
        isLong: bytes.count >= Self.shortestLong)
      lines.append(line)
      visit(line, bytes)
      if bytes.count > longest {
        longest = bytes.count
        story = line.hash
      }
    }
  }

  /// What stands for a line that a person has written down.
  static func hash(of line: String) -> LineHash {
    let folded = FoldedLine(line.utf8)
    return LineHash(UnsafeBufferPointer(folded.bytes))
  }
}

/// 40 bits that stand for a line: of a site's few hundred repeated lines, a new line meets one by chance in one of billions of cases.
struct LineHash: Hashable, Comparable, Sendable {
  let value: UInt64
  static let size = 5

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    value = XXH3_64bits(bytes.baseAddress, bytes.count) >> 24
  }

  /// - Parameter value: below 2^40.
  init(value: UInt64) {
    self.value = value
  }

  static func < (a: LineHash, b: LineHash) -> Bool { a.value < b.value }
}

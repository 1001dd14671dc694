/// What a block is to a reader of the page.
public enum BlockKind: String, Sendable, CaseIterable {
  case paragraph, heading, listItem, quotation, caption, tableRow, preformatted
}

/// How a block was marked up in its page, for writers that keep that.
public final class BlockMarkup: Sendable, Equatable {
  public struct Link: Sendable, Equatable {
    /// In bytes from the start of the block as it was made.
    public let range: Range<Int>
    public let address: String

    public init(range: Range<Int>, address: String) {
      self.range = range
      self.address = address
    }
  }

  public struct Image: Sendable, Equatable {
    public let address: String
    public let description: String

    public init(address: String, description: String) {
      self.address = address
      self.description = description
    }
  }

  /// 1 to 6 for a heading; for a list item how deep it is nested, from 1; else 0.
  public let level: Int
  /// Whether a list item has a number.
  public let isOrdered: Bool
  /// In order, without overlap.
  public let links: [Link]
  /// Pictures that stand before the block.
  public let images: [Image]

  public init(level: Int = 0, isOrdered: Bool = false, links: [Link] = [], images: [Image] = []) {
    self.level = level
    self.isOrdered = isOrdered
    self.links = links
    self.images = images
  }

  public static func == (a: BlockMarkup, b: BlockMarkup) -> Bool {
    a.level == b.level && a.isOrdered == b.isOrdered && a.links == b.links && a.images == b.images
  }
}

/// A stretch of a document's text: a paragraph, a heading, a row of a table.
public struct Block: Sendable, Equatable {
  public var kind: BlockKind
  /// What is left of the block, in bytes of the buffer; trimming narrows it.
  public internal(set) var range: Range<Int>
  /// The block as it was made. Bytes between two extents are separators.
  public let extent: Range<Int>
  /// Blocks of one list or table share a group and are rendered without a blank line between them; 0 is no group.
  public let group: Int
  /// The element of its page that the block stood in, by the page's own numbers; nil for plain text.
  public let origin: Int?
  /// Whether a page gave this block nearly nothing but the text of links; false where links are not known.
  public let isLinks: Bool
  /// How much the block looks like content to the stage that made it, from -1 to 1; nil where nobody judged.
  public let score: Double?
  /// How the block was marked up; nil for plain text.
  public let markup: BlockMarkup?
  /// False once a stage has dropped the block.
  public internal(set) var isKept = true

  init(kind: BlockKind, extent: Range<Int>, group: Int, origin: Int?, isLinks: Bool, score: Double? = nil, markup: BlockMarkup? = nil) {
    self.kind = kind
    self.range = extent
    self.extent = extent
    self.group = group
    self.origin = origin
    self.isLinks = isLinks
    self.score = score
    self.markup = markup
  }
}

/// Text as one UTF-8 buffer and the blocks in it.
///
/// The buffer always holds valid UTF-8, and block ranges never split a code point. Blocks are in the order of the text and do not overlap.
public struct BlockText: Sendable {
  /// What stands between blocks when the text is rendered.
  enum Layout: Sendable {
    /// A blank line, or a newline inside a list or table: for text made from a page.
    case composed
    /// The bytes of the buffer: for plain text, which must come out as it went in.
    case original
  }

  /// More blocks than this are no document: a block takes a hundred bytes, whatever stands in it.
  public static let mostBlocks = 1_000_000

  public private(set) var bytes: [UInt8] = []
  public internal(set) var blocks: [Block] = []
  let layout: Layout
  /// Names the element of a block's origin; called only when somebody asks, since few do.
  public var nameOfOrigin: (@Sendable (Int) -> String)?

  /// An empty text to which blocks are appended; rendered with a blank line between blocks.
  public init() {
    layout = .composed
  }

  init(bytes: [UInt8], blocks: [Block], layout: Layout) {
    self.bytes = bytes
    self.blocks = blocks
    self.layout = layout
  }

  /// Appends a block. `content` must be valid UTF-8.
  public mutating func append(
    _ kind: BlockKind, _ content: some Collection<UInt8>, group: Int = 0, origin: Int? = nil,
    isLinks: Bool = false, score: Double? = nil, markup: BlockMarkup? = nil
  ) {
    if !bytes.isEmpty { bytes.append(UInt8(ascii: "\n")) }
    let start = bytes.count
    bytes.append(contentsOf: content)
    blocks.append(
      Block(
        kind: kind, extent: start..<bytes.count, group: group, origin: origin, isLinks: isLinks, score: score, markup: markup))
  }

  /// Where a block stood in its page: the path of its elements, such as `body/article/p`; nil for plain text.
  public func path(of block: Block) -> String? {
    block.origin.flatMap { origin in nameOfOrigin.map { $0(origin) } }
  }

  /// The text of a range of the buffer, for messages.
  public func string(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  /// Calls `body` with the bytes of a block's present range; no copy.
  public func withBytes<Result>(
    of block: Block, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    try bytes.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[block.range])) }
  }

  /// Whether any block with a visible byte is left.
  public var hasContent: Bool {
    blocks.contains { $0.isKept && !$0.range.isEmpty }
  }
}

extension BlockText {
  /// The text with every kept block's bytes replaced; dropped blocks are left out, separators stay as they are.
  /// - Parameter transform: gives valid UTF-8.
  public func mapBlocks(_ transform: (Block, ArraySlice<UInt8>) -> [UInt8]) -> BlockText {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var mapped: [Block] = []
    result.append(contentsOf: bytes[..<(blocks.first?.extent.lowerBound ?? bytes.count)])
    for (index, block) in blocks.enumerated() where block.isKept {
      let start = result.count
      result.append(contentsOf: transform(block, bytes[block.range]))
      mapped.append(
        Block(
          kind: block.kind, extent: start..<result.count, group: block.group, origin: block.origin, isLinks: block.isLinks,
          score: block.score, markup: block.markup.map { moved($0, of: block, to: result[start...], transform) }))
      let next = index + 1 < blocks.count ? blocks[index + 1].extent.lowerBound : bytes.count
      result.append(contentsOf: bytes[block.extent.upperBound..<next])
    }
    var text = BlockText(bytes: result, blocks: mapped, layout: layout)
    text.nameOfOrigin = nameOfOrigin
    return text
  }

  /// The markup of a block whose bytes were replaced: a link stays where its own text, replaced likewise, is found again.
  private func moved(
    _ markup: BlockMarkup, of block: Block, to content: ArraySlice<UInt8>, _ transform: (Block, ArraySlice<UInt8>) -> [UInt8]
  ) -> BlockMarkup {
    if markup.links.isEmpty { return markup }
    var rest = content
    let links = markup.links.compactMap { link -> BlockMarkup.Link? in
      let source = (block.extent.lowerBound + link.range.lowerBound)..<(block.extent.lowerBound + link.range.upperBound)
      guard source.upperBound <= block.extent.upperBound else { return nil }
      let text = transform(block, bytes[source])
      guard !text.isEmpty, let found = rest.firstRange(of: text) else { return nil }
      rest = rest[found.upperBound...]
      return BlockMarkup.Link(
        range: (found.lowerBound - content.startIndex)..<(found.upperBound - content.startIndex), address: link.address)
    }
    return BlockMarkup(level: markup.level, isOrdered: markup.isOrdered, links: links, images: markup.images)
  }
}

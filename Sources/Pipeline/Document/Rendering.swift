/// A text as it is written out, with the places of the buffer in it.
public struct RenderedText {
  /// Valid UTF-8.
  public private(set) var bytes: [UInt8] = []
  /// The kept blocks, in bytes of the rendered text.
  public private(set) var blocks: [(kind: BlockKind, range: Range<Int>)] = []
  private var pieces: [Piece] = []

  private struct Piece {
    let source: Range<Int>
    let target: Int
  }

  /// Renders what is left of a text. O(length).
  public init(_ text: BlockText) {
    switch text.layout {
    case .composed: compose(text)
    case .original: copyOriginal(text)
    }
  }

  private mutating func compose(_ text: BlockText) {
    bytes.reserveCapacity(text.bytes.count + text.blocks.count)
    var lastGroup = 0
    for block in text.blocks where block.isKept && !block.range.isEmpty {
      if !bytes.isEmpty {
        let sameGroup = block.group != 0 && block.group == lastGroup
        bytes.append(contentsOf: sameGroup ? [0x0A] : [0x0A, 0x0A])
      }
      add(block, text)
      lastGroup = block.group
    }
  }

  /// A dropped block takes the separator after it; what stands before the first block stays.
  private mutating func copyOriginal(_ text: BlockText) {
    bytes.reserveCapacity(text.bytes.count)
    let first = text.blocks.first?.extent.lowerBound ?? text.bytes.count
    bytes.append(contentsOf: text.bytes[..<first])
    for (index, block) in text.blocks.enumerated() where block.isKept {
      add(block, text)
      let next =
        index + 1 < text.blocks.count ? text.blocks[index + 1].extent.lowerBound : text.bytes.count
      bytes.append(contentsOf: text.bytes[block.extent.upperBound..<next])
    }
  }

  private mutating func add(_ block: Block, _ text: BlockText) {
    let start = bytes.count
    pieces.append(Piece(source: block.range, target: start))
    bytes.append(contentsOf: text.bytes[block.range])
    blocks.append((block.kind, start..<bytes.count))
  }

  /// The place in the rendered text of a range of the buffer, clipped to what was kept; nil when nothing of it was.
  ///
  /// A range over several blocks maps to one range over all that is left of it. O(log blocks).
  public func range(ofSource source: Range<Int>) -> Range<Int>? {
    var low = 0
    var high = pieces.count
    while low < high {
      let middle = (low + high) / 2
      if pieces[middle].source.upperBound <= source.lowerBound { low = middle + 1 } else { high = middle }
    }
    var result: Range<Int>?
    while low < pieces.count, pieces[low].source.lowerBound < source.upperBound {
      let part = pieces[low].source.clamped(to: source)
      let start = pieces[low].target + part.lowerBound - pieces[low].source.lowerBound
      if !part.isEmpty { result = (result?.lowerBound ?? start)..<(start + part.count) }
      low += 1
    }
    return result
  }
}

/// The unit in which offsets are written.
public enum OffsetUnit: String, Sendable, CaseIterable {
  /// Code points: what Python counts.
  case codepoints
  case utf8
  /// What JavaScript and Java count.
  case utf16
}

/// Converts byte offsets of a UTF-8 text to another unit. O(length) to make, O(1) to ask.
public struct OffsetTable {
  private static let step = 128
  private let unit: OffsetUnit
  private let bytes: [UInt8]
  /// Units before each multiple of `step`; empty for ASCII, where all units agree.
  private var counts: [Int32] = []

  public init(_ bytes: [UInt8], unit: OffsetUnit) {
    self.unit = unit
    self.bytes = bytes
    guard unit != .utf8, bytes.contains(where: { $0 >= 0x80 }) else { return }
    counts.reserveCapacity(bytes.count / Self.step + 1)
    var count: Int32 = 0
    for index in bytes.indices {
      if index % Self.step == 0 { counts.append(count) }
      count += units(bytes[index])
    }
  }

  /// How many units stand before a byte offset, which must lie on a code point boundary, from 0 to the length.
  public func offset(ofByte byte: Int) -> Int {
    guard !counts.isEmpty else { return byte }
    let slot = min(byte / Self.step, counts.count - 1)
    var count = counts[slot]
    for index in (slot * Self.step)..<byte { count += units(bytes[index]) }
    return Int(count)
  }

  @inline(__always)
  private func units(_ byte: UInt8) -> Int32 {
    byte & 0xC0 == 0x80 ? 0 : unit == .utf16 && byte >= 0xF0 ? 2 : 1
  }
}

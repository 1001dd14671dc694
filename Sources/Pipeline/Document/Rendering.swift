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
    /// The block as it was made, and its number.
    let extent: Range<Int>
    let block: Int
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
    for (index, block) in text.blocks.enumerated() where block.isKept && !block.range.isEmpty {
      if !bytes.isEmpty {
        let sameGroup = block.group != 0 && block.group == lastGroup
        bytes.append(contentsOf: sameGroup ? [0x0A] : [0x0A, 0x0A])
      }
      add(block, index, text)
      lastGroup = block.group
    }
  }

  /// A dropped block takes the separator after it; what stands before the first block stays.
  private mutating func copyOriginal(_ text: BlockText) {
    bytes.reserveCapacity(text.bytes.count)
    let first = text.blocks.first?.extent.lowerBound ?? text.bytes.count
    bytes.append(contentsOf: text.bytes[..<first])
    for (index, block) in text.blocks.enumerated() where block.isKept {
      add(block, index, text)
      let next =
        index + 1 < text.blocks.count ? text.blocks[index + 1].extent.lowerBound : text.bytes.count
      bytes.append(contentsOf: text.bytes[block.extent.upperBound..<next])
    }
  }

  private mutating func add(_ block: Block, _ index: Int, _ text: BlockText) {
    let start = bytes.count
    pieces.append(Piece(source: block.range, target: start, extent: block.extent, block: index))
    bytes.append(contentsOf: text.bytes[block.range])
    blocks.append((block.kind, start..<bytes.count))
  }

  /// The place in the rendered text of a range of the buffer, clipped to what was kept; nil when nothing of it was.
  ///
  /// A range over several blocks maps to one range over all that is left of it. O(log blocks).
  public func range(ofSource source: Range<Int>) -> Range<Int>? {
    var low = first(behind: { $0.source.upperBound <= source.lowerBound })
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

extension RenderedText {
  /// The place of a range of the buffer of which nothing is lost: neither at its ends nor, over several blocks, between them. Nil for another.
  func range(ofWhole source: Range<Int>) -> Range<Int>? {
    guard let range = range(ofSource: source) else { return nil }
    if range.count == source.count { return range }
    let first = first { $0.source.upperBound <= source.lowerBound }
    let last = self.first { $0.source.upperBound < source.upperBound }
    guard first < last, last < pieces.count, pieces[first].source.contains(source.lowerBound),
      pieces[last].source.lowerBound < source.upperBound
    else { return nil }
    for (one, next) in zip(pieces[first..<last], pieces[(first + 1)...last]) {
      guard next.block == one.block + 1, one.source.upperBound == one.extent.upperBound, next.source.lowerBound == next.extent.lowerBound
      else { return nil }
    }
    return range
  }

  /// The range of the buffer that a range of the rendered text shows: white space between blocks at either end is left out. Nil where
  /// nothing of a block is shown. O(log blocks).
  func source(of range: Range<Int>) -> Range<Int>? {
    let first = first { $0.target + $0.source.count <= range.lowerBound }
    let last = self.first { $0.target < range.upperBound } - 1
    guard first <= last else { return nil }
    let start = pieces[first].source.lowerBound + max(0, range.lowerBound - pieces[first].target)
    let end = min(pieces[last].source.upperBound, pieces[last].source.lowerBound + range.upperBound - pieces[last].target)
    return start < end ? start..<end : nil
  }

  /// The kept blocks that a range of the rendered text touches, by their numbers in the text, each with the part of its present range.
  func parts(of range: Range<Int>) -> [(block: Int, whole: Range<Int>, part: Range<Int>)] {
    var index = first { $0.target + $0.source.count <= range.lowerBound }
    var parts: [(block: Int, whole: Range<Int>, part: Range<Int>)] = []
    while index < pieces.count, pieces[index].target < range.upperBound {
      let piece = pieces[index]
      let shift = piece.source.lowerBound - piece.target
      let part = ((range.lowerBound + shift)..<(range.upperBound + shift)).clamped(to: piece.source)
      if !part.isEmpty { parts.append((piece.block, piece.source, part)) }
      index += 1
    }
    return parts
  }

  /// How many pieces at the front meet a condition that no later one meets again.
  private func first(behind isBefore: (Piece) -> Bool) -> Int {
    var low = 0
    var high = pieces.count
    while low < high {
      let middle = (low + high) / 2
      if isBefore(pieces[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
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
    guard unit != .utf8, !UTF8Text.isASCII(bytes) else { return }
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

  /// The byte offset before which so many units stand; nil beyond the end, and within a code point.
  public func byte(ofOffset offset: Int) -> Int? {
    guard offset >= 0 else { return nil }
    guard !counts.isEmpty else { return offset <= bytes.count ? offset : nil }
    var low = 0
    var high = counts.count
    while low < high {
      let middle = (low + high) / 2
      if Int(counts[middle]) <= offset { low = middle + 1 } else { high = middle }
    }
    var index = (low - 1) * Self.step
    var count = Int(counts[low - 1])
    // A code point ends where the next begins.
    while index < bytes.count, count < offset || bytes[index] & 0xC0 == 0x80 {
      count += Int(units(bytes[index]))
      index += 1
    }
    return count == offset ? index : nil
  }

  @inline(__always)
  private func units(_ byte: UInt8) -> Int32 {
    byte & 0xC0 == 0x80 ? 0 : unit == .utf16 && byte >= 0xF0 ? 2 : 1
  }
}

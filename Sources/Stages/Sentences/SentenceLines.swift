import Pipeline

/// A text written anew with each sentence on a line of its own; blocks stay blocks.
struct SentenceLines {
  private let text: BlockText
  private var sentences: [Range<Int>] = []
  /// From places of the old text to places of the new one: in order, each true up to the next.
  private var moves: [(from: Int, to: Int)] = []

  /// - Parameter found: the sentences of each kept block, in bytes of the block.
  init(_ old: BlockText, _ found: [[Range<Int>]]) {
    let kept = old.blocks.filter(\.isKept)
    let inBlock = Dictionary(uniqueKeysWithValues: zip(kept.map(\.range.lowerBound), found))
    text = old.mapBlocks { block, bytes in Self.lines(bytes, of: block, inBlock[block.range.lowerBound] ?? []) }
    for ((block, old), found) in zip(zip(text.blocks, kept), found) {
      var target = block.range.lowerBound
      for range in found {
        moves.append((old.range.lowerBound + range.lowerBound, target))
        sentences.append(target..<(target + range.count))
        target += range.count + 1
      }
    }
  }

  /// The part of a block that `bytes` are, which may also be one of its links: the sentences in it, or what it has of them, one a line.
  private static func lines(_ bytes: ArraySlice<UInt8>, of block: Block, _ sentences: [Range<Int>]) -> [UInt8] {
    var lines: [UInt8] = []
    lines.reserveCapacity(bytes.count + 16)
    for sentence in sentences {
      let start = block.range.lowerBound
      let part = ((start + sentence.lowerBound)..<(start + sentence.upperBound)).clamped(to: bytes.indices)
      if part.isEmpty { continue }
      if !lines.isEmpty { lines.append(0x0A) }
      for byte in bytes[part] { lines.append(byte == 0x0A || byte == 0x0D ? 0x20 : byte) }
    }
    return lines
  }

  /// Gives a document the text, its sentences, and the entities that it has, in their new places.
  func apply(to document: inout Document) {
    let entities = document.entities
    document.setText(text)
    document.sentences = sentences
    document.entities = entities?.map { entity in
      var entity = entity
      let start = place(entity.range.lowerBound)
      entity.range = start..<max(start, place(entity.range.upperBound - 1) + 1)
      return entity
    }
  }

  /// Where a byte of the old text is in the new one.
  private func place(_ old: Int) -> Int {
    var low = 0
    var high = moves.count
    while low < high {
      let middle = (low + high) / 2
      if moves[middle].from <= old { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return 0 }
    let move = moves[low - 1]
    return min(move.to + old - move.from, sentences[low - 1].upperBound)
  }
}

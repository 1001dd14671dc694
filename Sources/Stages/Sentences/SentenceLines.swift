import Pipeline

/// A text written anew with each sentence on a line of its own; blocks stay blocks.
struct SentenceLines {
  private let text: BlockText
  private var sentences: [Range<Int>] = []
  /// From places of the old text to places of the new one: in order, each true up to the next.
  private var moves: [(from: Int, to: Int)] = []

  /// - Parameter sentences: of each kept block, in bytes of the block.
  init(_ old: BlockText, _ sentences: [[Range<Int>]]) {
    var ranges: [[Range<Int>]] = []
    var number = 0
    text = old.mapBlocks { _, bytes in
      var line: [UInt8] = []
      line.reserveCapacity(bytes.count + 16)
      var inside: [Range<Int>] = []
      for range in sentences[number] {
        if !line.isEmpty { line.append(0x0A) }
        let start = line.count
        for byte in bytes[(bytes.startIndex + range.lowerBound)..<(bytes.startIndex + range.upperBound)] {
          line.append(byte == 0x0A || byte == 0x0D ? 0x20 : byte)
        }
        inside.append(start..<line.count)
      }
      number += 1
      ranges.append(inside)
      return line
    }
    let kept = old.blocks.filter(\.isKept)
    for (number, block) in text.blocks.enumerated() {
      let from = kept[number].range.lowerBound
      let to = block.range.lowerBound
      for (source, target) in zip(sentences[number], ranges[number]) {
        moves.append((from + source.lowerBound, to + target.lowerBound))
        self.sentences.append((to + target.lowerBound)..<(to + target.upperBound))
      }
    }
  }

  /// Gives a document the text, its sentences, and the entities that it has, in their new places.
  func apply(to document: inout Document) {
    let entities = document.entities
    document.setText(text)
    document.sentences = sentences
    document.entities = entities?.map { entity in
      var entity = entity
      let start = place(entity.range.lowerBound)
      entity.range = start..<max(start, place(entity.range.upperBound))
      return entity
    }
  }

  /// Where a place of the old text is in the new one.
  private func place(_ old: Int) -> Int {
    var low = 0
    var high = moves.count
    while low < high {
      let middle = (low + high) / 2
      if moves[middle].from <= old { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return 0 }
    let move = moves[low - 1]
    let end = sentences[low - 1].upperBound
    return min(move.to + old - move.from, end)
  }
}

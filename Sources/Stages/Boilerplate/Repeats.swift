import Pipeline

/// Paragraphs and passages that stand twice.
extension LineFindings {
  /// Shorter blocks may well stand twice: a question, a refrain, a cell.
  private static let shortestRepeat = 60
  private static let fewestRepeatWords = 8

  /// More copies of a paragraph are the form of a list or plan, not a slip of the page.
  private static let mostCopies = 3

  /// A paragraph or caption that stood before word for word is kept once; of a passage that stands twice, all of the second.
  mutating func findRepeats(_ kept: [Int]) {
    var first: [UInt64: Int] = [:]
    /// For each place, the place of the same text before it.
    var earlier = [Int?](repeating: nil, count: kept.count)
    var copies: [Int: Int] = [:]
    for (place, index) in kept.enumerated() where findings[index] == nil {
      let block = text.blocks[index]
      if block.kind == .tableRow || block.kind == .preformatted { continue }
      let hash = text.withBytes(of: block) { Self.fingerprint($0) }
      guard let known = first[hash] else {
        first[hash] = place
        continue
      }
      if text.bytes[text.blocks[kept[known]].range] == text.bytes[block.range] {
        earlier[place] = known
        copies[known, default: 1] += 1
      }
    }
    var isInRun = false
    for place in kept.indices {
      guard let known = earlier[place] else {
        isInRun = false
        continue
      }
      // The passage goes on where the block before is a copy of the block before.
      isInRun = isInRun && place > 0 && earlier[place - 1].map { $0 < known } ?? false || startsRun(place, earlier)
      let block = text.blocks[kept[place]]
      let isParagraph = block.kind == .paragraph || block.kind == .quotation
      let isAlone =
        isParagraph && block.range.count >= Self.shortestRepeat && copies[known, default: 0] <= Self.mostCopies
        && wordCount(block) >= Self.fewestRepeatWords
      if isInRun || isAlone { findings[kept[place]] = Finding(kind: .repeat, rule: "stood-before") }
    }
  }

  /// Equal texts have equal hashes; texts are compared in full before anything is removed.
  private static func fingerprint(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    let raw = UnsafeRawBufferPointer(bytes)
    var hash = UInt64(raw.count)
    func add(_ word: UInt64) {
      hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 32
    }
    var index = 0
    while index + 8 <= raw.count {
      add(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      index += 8
    }
    while index < raw.count {
      add(UInt64(raw[index]))
      index += 1
    }
    return hash
  }

  /// Blocks of a passage, one of them long, that make it more than chance.
  private static let shortestRun = 3

  private func startsRun(_ place: Int, _ earlier: [Int?]) -> Bool {
    guard let known = earlier[place] else { return false }
    return (1..<Self.shortestRun).allSatisfy { place + $0 < earlier.count && earlier[place + $0] == known + $0 }
  }
}

import Pipeline

/// Gives the trainer the features of tokens in labelled texts; the code of the stage is the only one that knows them.
package enum EntityTraining {
  /// A token as the tagger sees it.
  package struct Token {
    package let features: [UInt64]
    /// How many of the features, the first ones, tell which word it is.
    package let identity: Int
    package let tag: UInt8
  }

  package static var tagCount: Int { EntityTag.count }
  package static var labels: [String] { EntityTag.labels }
  package static func mayFollow(_ tag: Int, _ before: Int) -> Bool { EntityTag.mayFollow(tag, before) }
  package static func mayBegin(_ tag: Int) -> Bool { EntityTag.mayBegin(tag) }
  package static func mayEnd(_ tag: Int) -> Bool { EntityTag.mayEnd(tag) }

  /// Calls `body` with the tokens of each line of a document: lines are what blocks are in a run.
  /// - Parameter spans: names in bytes, in order, with the numbers of their labels.
  package static func forEachBlock(
    of text: [UInt8], _ spans: [(range: Range<Int>, kind: Int)], _ lexicon: EntityLexiconTables, _ body: ([Token]) -> Void
  ) {
    var tokens = EntityTokens()
    var usages = EntityUsages()
    text.withUnsafeBufferPointer { bytes in
      for line in lines(of: bytes) {
        var start = line.lowerBound
        while start < line.upperBound { start = EntityTokenizer.tokenize(start..<line.upperBound, of: bytes, into: &tokens) }
      }
      NameFinder.prepare(&tokens, &usages, lexicon.lexicon, bytes)
    }
    let base = tokens.base
    var next = spans[...]
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: EntityFeatures.most) { features in
      for block in tokens.blocks where !block.isEmpty {
        let tags = tags(of: block, base, &next)
        body(
          block.map { index in
            let (count, identity) = EntityFeatures.write(base, index, to: features.baseAddress!)
            return Token(features: Array(features[..<count]), identity: identity, tag: tags[index - block.lowerBound])
          })
      }
    }
  }

  /// The tags of a block's tokens; a token belongs to a name that it shares a byte with.
  private static func tags(
    of block: Range<Int>, _ base: UnsafeMutablePointer<EntityToken>, _ spans: inout ArraySlice<(range: Range<Int>, kind: Int)>
  ) -> [UInt8] {
    var tags = [UInt8](repeating: 0, count: block.count)
    var index = block.lowerBound
    let end = Int(base[block.upperBound - 1].end)
    while let span = spans.first, span.range.lowerBound < end {
      spans.removeFirst()
      while index < block.upperBound, Int(base[index].end) <= span.range.lowerBound { index += 1 }
      let first = index
      while index < block.upperBound, Int(base[index].start) < span.range.upperBound { index += 1 }
      for token in first..<index {
        let position = index - first == 1 ? 3 : token == first ? 0 : token == index - 1 ? 2 : 1
        tags[token - block.lowerBound] = UInt8(EntityTag.tag(kind: span.kind, position: position))
      }
    }
    return tags
  }

  /// Lines that are not empty.
  static func lines(of bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    for index in 0...bytes.count where index == bytes.count || bytes[index] == 0x0A {
      if index > start { ranges.append(start..<index) }
      start = index + 1
    }
    return ranges
  }
}

extension EntityTagger {
  /// The entities of a text whose lines are blocks.
  package func entities(in text: String, byLines: Bool) -> [Entity] {
    var text = text
    return text.withUTF8 { entities(in: $0, blocks: EntityTraining.lines(of: $0), usesModel: true) }
  }
}

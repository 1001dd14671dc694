/// What was found in a text, in order and without overlap: later layers only fill what earlier ones left.
struct EntityFinds {
  /// What found it.
  enum What {
    case list(Int, builtIn: Bool)
    case pattern(Int)
    case model(kind: Int, score: Float)
  }

  typealias Find = (range: Range<Int>, what: What)

  private(set) var finds: [Find] = []
  /// Where the present block's finds begin, and where its first layer ends.
  private var blockStart = 0
  private var layerEnd = 0

  /// Adds a find of the present layer of a block; ranges come in order.
  mutating func add(_ range: Range<Int>, in block: Range<Int>, _ what: What) {
    finds.append(((block.lowerBound + range.lowerBound)..<(block.lowerBound + range.upperBound), what))
  }

  /// What follows in this block counts only where it does not overlap what came before.
  mutating func endLayer() { layerEnd = finds.count }

  mutating func endBlock() {
    if layerEnd > blockStart, finds.count > layerEnd {
      let merged = Self.merge(finds[blockStart..<layerEnd], finds[layerEnd...])
      finds.replaceSubrange(blockStart..., with: merged)
    }
    blockStart = finds.count
    layerEnd = blockStart
  }

  /// Adds a layer for the whole text, of finds in order that do not break characters apart.
  mutating func merge(_ others: some Sequence<Find>, _ utf8: UnsafeBufferPointer<UInt8>) {
    let whole = others.filter { Graphemes.isBoundary($0.range.lowerBound, in: utf8) && Graphemes.isBoundary($0.range.upperBound, in: utf8) }
    finds = Self.merge(finds[...], whole[...])
  }

  private static func merge(_ first: ArraySlice<Find>, _ second: ArraySlice<Find>) -> [Find] {
    var result: [Find] = []
    result.reserveCapacity(first.count + second.count)
    var index = first.startIndex
    for find in second {
      while index < first.endIndex, first[index].range.upperBound <= find.range.lowerBound {
        result.append(first[index])
        index += 1
      }
      if index < first.endIndex, first[index].range.lowerBound < find.range.upperBound { continue }
      result.append(find)
    }
    return result + first[index...]
  }
}

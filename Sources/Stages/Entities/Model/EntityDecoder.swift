import Glibc

/// Finds the best tags of a block's tokens (Viterbi, IEEE Transactions on Information Theory 1967), and how sure the model is of each name.
///
/// Memory is kept from one block to the next. O(tokens).
struct EntityDecoder: ~Copyable {
  /// A name among the tokens.
  struct Span {
    var first: Int
    /// The number of the last token, which belongs to it.
    var last: Int
    /// The number of its label.
    var kind: Int
    /// The model's probability of just this name, from 0 to 1.
    var score: Float
  }

  /// Scores of a token that is in no name.
  private static let outside: SIMD16<Int16> = {
    var row = SIMD16<Int16>(repeating: -200)
    row[0] = 200
    return row
  }()

  private var emissions: UnsafeMutablePointer<SIMD16<Int16>>
  /// For each token and tag where the best path came from.
  private var back: UnsafeMutablePointer<SIMD16<UInt8>>
  private var tags: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private let features: UnsafeMutablePointer<UInt64>
  private var forward: [SIMD16<Float>] = []
  private var backward: [SIMD16<Float>] = []
  private var potentials: [SIMD16<Float>] = []
  private var sums: [Float] = []

  init() {
    capacity = 512
    emissions = .allocate(capacity: capacity)
    back = .allocate(capacity: capacity)
    tags = .allocate(capacity: capacity)
    features = .allocate(capacity: EntityFeatures.most)
  }

  deinit {
    emissions.deallocate()
    back.deallocate()
    tags.deallocate()
    features.deallocate()
  }

  private mutating func reserve(_ count: Int) {
    guard count > capacity else { return }
    emissions.deallocate()
    back.deallocate()
    tags.deallocate()
    capacity = count * 2
    emissions = .allocate(capacity: capacity)
    back = .allocate(capacity: capacity)
    tags = .allocate(capacity: capacity)
  }

  /// Adds the names of a block.
  mutating func decode(_ tokens: UnsafeMutablePointer<EntityToken>, _ block: Range<Int>, _ model: EntityModel, into spans: inout [Span]) {
    let count = block.count
    guard count > 0 else { return }
    reserve(count)
    // Most tokens are far from anything that a name is made of.
    var isNear = tokens[block.lowerBound].mayBeInName
    var wasNear = isNear
    for index in 0..<count {
      let isNext = index + 1 < count && tokens[block.lowerBound + index + 1].mayBeInName
      if isNear || isNext || wasNear {
        let (total, _) = EntityFeatures.write(tokens, block.lowerBound + index, to: features)
        emissions[index] = model.score(features, total)
      } else {
        emissions[index] = Self.outside
      }
      wasNear = isNear
      isNear = isNext
    }
    findPath(count, model)
    var index = 0
    while index < count {
      if tags[index] == 0 {
        index += 1
        continue
      }
      // Names and what lies closely between them are weighed together.
      var end = index + 1
      while end < count, tags[end] != 0 || end + 1 < count && tags[end + 1] != 0 { end += 1 }
      weigh(max(0, index - 2)..<min(count, end + 2), count, model)
      let window = max(0, index - 2)
      var first = index
      for place in index..<end where tags[place] != 0 {
        let position = (Int(tags[place]) - 1) & 3
        if position == 0 || position == 3 { first = place }
        if position >= 2 {
          spans.append(
            Span(
              first: block.lowerBound + first, last: block.lowerBound + place, kind: (Int(tags[place]) - 1) >> 2,
              score: probability(first - window, place - window, window, model)))
        }
      }
      index = end
    }
  }

  private mutating func findPath(_ count: Int, _ model: EntityModel) {
    var scores = model.firsts &+ SIMD16<Int32>(truncatingIfNeeded: emissions[0])
    for index in 1..<max(1, count) {
      var best = model.steps[0] &+ SIMD16<Int32>(repeating: scores[0])
      var from = SIMD16<Int32>()
      for before in 1..<EntityTag.count {
        let score = model.steps[before] &+ SIMD16<Int32>(repeating: scores[before])
        let better = score .> best
        best.replace(with: score, where: better)
        from.replace(with: SIMD16<Int32>(repeating: Int32(before)), where: better)
      }
      back[index] = SIMD16<UInt8>(truncatingIfNeeded: from)
      scores = best &+ SIMD16<Int32>(truncatingIfNeeded: emissions[index])
    }
    var tag = 0
    for candidate in 1..<EntityTag.count where EntityTag.mayEnd(candidate) && scores[candidate] > scores[tag] { tag = candidate }
    var index = count - 1
    while true {
      tags[index] = UInt8(truncatingIfNeeded: tag)
      if index == 0 { return }
      tag = Int(back[index][tag])
      index -= 1
    }
  }

  // MARK: Probabilities

  /// Forward and backward sums (Rabiner, Proceedings of the IEEE 1989) over a window at whose borders tokens are outside of names.
  private mutating func weigh(_ window: Range<Int>, _ count: Int, _ model: EntityModel) {
    let n = window.count
    forward.removeAll(keepingCapacity: true)
    potentials.removeAll(keepingCapacity: true)
    sums.removeAll(keepingCapacity: true)
    for index in window {
      var potential = SIMD16<Float>()
      var most = emissions[index][0]
      for tag in 1..<EntityTag.count { most = max(most, emissions[index][tag]) }
      for tag in 0..<EntityTag.count { potential[tag] = expf(Float(Int32(emissions[index][tag]) - Int32(most)) / model.scale) }
      var row: SIMD16<Float>
      if index == window.lowerBound {
        row = window.lowerBound == 0 ? model.beginnings : model.factors[0]
      } else {
        row = SIMD16<Float>()
        let before = forward[forward.count - 1]
        for tag in 0..<EntityTag.count { row += model.factors[tag] * before[tag] }
      }
      row *= potential
      let sum = max(row.sum(), .leastNormalMagnitude)
      potentials.append(potential)
      forward.append(row / sum)
      sums.append(sum)
    }
    backward.removeAll(keepingCapacity: true)
    for _ in 0..<n { backward.append(SIMD16<Float>()) }
    // Outside behind the window, as the best path has it, or the end of the block.
    var last = model.endings
    if window.upperBound < count {
      for tag in 0..<EntityTag.count { last[tag] = model.factors[tag][0] }
    }
    backward[n - 1] = last / max((forward[n - 1] * last).sum(), .leastNormalMagnitude)
    var index = n - 2
    while index >= 0 {
      let behind = backward[index + 1] * potentials[index + 1]
      var row = SIMD16<Float>()
      for tag in 0..<EntityTag.count { row[tag] = (model.factors[tag] * behind).sum() }
      backward[index] = row / sums[index + 1]
      index -= 1
    }
  }

  /// The probability of a path's part from one token of the window to another.
  private func probability(_ first: Int, _ last: Int, _ window: Int, _ model: EntityModel) -> Float {
    var tag = Int(tags[window + first])
    var value = forward[first][tag]
    var index = first + 1
    while index <= last {
      let next = Int(tags[window + index])
      value *= model.factors[tag][next] * potentials[index][next] / sums[index]
      tag = next
      index += 1
    }
    value *= backward[last][tag]
    return value.isFinite ? min(1, max(0, value)) : 0
  }
}

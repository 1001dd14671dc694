import Foundation
import Stages

/// A linear-chain conditional random field (Lafferty, McCallum, Pereira, ICML 2001), trained by AdaGrad (Duchi, Hazan, Singer, JMLR 2011) with a penalty on
/// the squares of weights. The answer is the mean of the weights after each of the later passes.
final class ConditionalRandomField {
  typealias Row = SIMD16<Float>
  private static let tags = EntityTraining.tagCount
  private static let pairs = tags * tags

  private let ids: [Int32]
  private let starts: [Int]
  private let identities: [UInt8]
  private let gold: [UInt8]
  private let blocks: [(range: Range<Int>, weight: Float)]
  /// The hash of each kept feature.
  private let hashes: [UInt64]
  private let counts: [Int32]
  private let weights: UnsafeMutablePointer<Row>
  private let squares: UnsafeMutablePointer<Row>
  private var sums: UnsafeMutablePointer<Row>
  private var transitions = [Float](repeating: 0, count: ConditionalRandomField.pairs)
  private var transitionSquares = [Float](repeating: 0, count: ConditionalRandomField.pairs)
  private var transitionSums = [Float](repeating: 0, count: ConditionalRandomField.pairs)
  private var sumCount: Float = 0
  private let rate: Float
  private let penalty: Float
  private let dropout: Float
  private var random: UInt64 = 88_172_645_463_325_252
  var count: Int { hashes.count }

  init(_ examples: Examples, cut: Int, rate: Float, penalty: Float, dropout: Float) {
    self.rate = rate
    self.penalty = penalty
    self.dropout = dropout
    blocks = examples.blocks
    gold = examples.tags
    starts = examples.starts
    identities = examples.identities
    // Count in a table of open addressing: a dictionary of a hundred million takes minutes.
    var bits = 20
    while 1 << bits < examples.features.count / 3 { bits += 1 }
    let mask = 1 << bits - 1
    var keys = [UInt64](repeating: 0, count: 1 << bits)
    var tally = [Int32](repeating: 0, count: 1 << bits)
    for feature in examples.features {
      var place = Int(truncatingIfNeeded: feature >> 20) & mask
      while keys[place] != feature, keys[place] != 0 { place = (place + 1) & mask }
      keys[place] = feature
      tally[place] += 1
    }
    var hashes: [UInt64] = []
    var kept: [Int32] = []
    for place in keys.indices where keys[place] != 0 {
      if Int(tally[place]) >= cut {
        kept.append(tally[place])
        tally[place] = Int32(hashes.count)
        hashes.append(keys[place])
      } else {
        tally[place] = -1
      }
    }
    var ids = [Int32](repeating: -1, count: examples.features.count)
    for (index, feature) in examples.features.enumerated() {
      var place = Int(truncatingIfNeeded: feature >> 20) & mask
      while keys[place] != feature { place = (place + 1) & mask }
      ids[index] = tally[place]
    }
    self.ids = ids
    self.hashes = hashes
    counts = kept
    weights = .allocate(capacity: hashes.count)
    weights.initialize(repeating: Row(), count: hashes.count)
    squares = .allocate(capacity: hashes.count)
    squares.initialize(repeating: Row(repeating: 0.01), count: hashes.count)
    sums = .allocate(capacity: hashes.count)
    sums.initialize(repeating: Row(), count: hashes.count)
  }

  private func next() -> UInt64 {
    random ^= random << 13
    random ^= random >> 7
    random ^= random << 17
    return random
  }

  /// One pass over all blocks in a random order. Gives the mean loss of a token.
  func epoch(_ number: Int, of total: Int) -> Double {
    var order = Array(blocks.indices)
    for index in stride(from: order.count - 1, to: 0, by: -1) { order.swapAt(index, Int(next() % UInt64(index + 1))) }
    var loss = 0.0
    var tokens = 0
    for block in order {
      loss += learn(blocks[block].range, weight: blocks[block].weight)
      tokens += blocks[block].range.count
    }
    // The mean of the weights after each of the later passes.
    if number * 2 >= total {
      for row in 0..<count { sums[row] += weights[row] }
      for index in 0..<Self.pairs { transitionSums[index] += transitions[index] }
      sumCount += 1
    }
    return loss / Double(tokens)
  }

  private var emissions: [Row] = []
  private var forward: [Row] = []
  private var backward: [Row] = []
  private var active: [Int32] = []
  private var activeStarts: [Int] = []

  private func learn(_ range: Range<Int>, weight: Float) -> Double {
    let n = range.count
    let tags = Self.tags
    emissions.removeAll(keepingCapacity: true)
    active.removeAll(keepingCapacity: true)
    activeStarts.removeAll(keepingCapacity: true)
    let drop = UInt64(Double(dropout) * 4294967296.0)
    for token in range {
      activeStarts.append(active.count)
      var row = Row()
      let from = starts[token]
      let skip = next() & 0xFFFF_FFFF < drop ? Int(identities[token]) : 0
      for index in (from + skip)..<starts[token + 1] {
        let id = ids[index]
        if id < 0 { continue }
        active.append(id)
        row += weights[Int(id)]
      }
      emissions.append(row)
    }
    activeStarts.append(active.count)
    // In the domain of probabilities, scaled token by token.
    var exps = [Row](repeating: Row(), count: tags)
    for before in 0..<tags {
      for tag in 0..<tags where EntityTraining.mayFollow(tag, before) { exps[before][tag] = expf(transitions[before * tags + tag]) }
    }
    var potentials: [Row] = []
    var logs = 0.0
    for row in emissions {
      var best = row[0]
      for tag in 1..<tags { best = max(best, row[tag]) }
      var potential = Row()
      for tag in 0..<tags { potential[tag] = expf(row[tag] - best) }
      potentials.append(potential)
      logs += Double(best)
    }
    forward = [Row](repeating: Row(), count: n)
    backward = [Row](repeating: Row(), count: n)
    for index in 0..<n {
      var row = Row()
      if index == 0 {
        for tag in 0..<tags where EntityTraining.mayBegin(tag) { row[tag] = potentials[0][tag] }
      } else {
        let before = forward[index - 1]
        for tag in 0..<tags { row += exps[tag] * before[tag] }
        row *= potentials[index]
      }
      let sum = max(row.sum(), 1e-30)
      logs += log(Double(sum))
      forward[index] = row / sum
    }
    var last = Row()
    for tag in 0..<tags where EntityTraining.mayEnd(tag) { last[tag] = 1 }
    backward[n - 1] = last
    let end = max((forward[n - 1] * last).sum(), 1e-30)
    logs += log(Double(end))
    var index = n - 2
    while index >= 0 {
      let behind = backward[index + 1] * potentials[index + 1]
      var row = Row()
      for tag in 0..<tags { row[tag] = (exps[tag] * behind).sum() }
      backward[index] = row / max(row.sum(), 1e-30)
      index -= 1
    }
    // Gradients.
    var path = 0.0
    var expected = [Float](repeating: 0, count: ConditionalRandomField.pairs)
    for index in 0..<n {
      let right = Int(gold[range.lowerBound + index])
      path += Double(emissions[index][right])
      var gradient = forward[index] * backward[index]
      gradient /= max(gradient.sum(), 1e-30)
      gradient[right] -= 1
      gradient *= weight
      if index > 0 {
        let before = Int(gold[range.lowerBound + index - 1])
        path += Double(transitions[before * tags + right])
        expected[before * tags + right] -= 1
        let behind = backward[index] * potentials[index]
        var rows = [Row](repeating: Row(), count: tags)
        var sum: Float = 0
        for tag in 0..<tags {
          rows[tag] = exps[tag] * behind * forward[index - 1][tag]
          sum += rows[tag].sum()
        }
        sum = max(sum, 1e-30)
        for tag in 0..<tags {
          for other in 0..<tags { expected[tag * tags + other] += rows[tag][other] / sum }
        }
      }
      var size: Float = 0
      for tag in 0..<tags { size = max(size, abs(gradient[tag])) }
      if size < 1e-3 { continue }
      let square = gradient * gradient
      for place in activeStarts[index]..<activeStarts[index + 1] {
        let id = Int(active[place])
        squares[id] += square
        let step = gradient + weights[id] * penalty
        weights[id] -= step * rate / squares[id].squareRoot()
      }
    }
    for index in 0..<Self.pairs where expected[index] != 0 {
      let gradient = expected[index] * weight
      transitionSquares[index] += gradient * gradient
      transitions[index] -= gradient * rate / (transitionSquares[index].squareRoot() + 0.1)
    }
    return logs - path
  }

  /// The mean weights, and how often each feature was seen.
  var answer: (transitions: [Float], rows: [(hash: UInt64, count: Int, weights: [Float])]) {
    let rows = (0..<count).map { row in
      let mean = sums[row] / sumCount
      return (hashes[row], Int(counts[row]), (0..<Self.tags).map { mean[$0] })
    }
    return (transitionSums.map { $0 / sumCount }, rows)
  }
}

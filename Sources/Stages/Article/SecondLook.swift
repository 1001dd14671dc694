import Glibc
import Pipeline

/// What the second look sees of a block: all that the first saw, and the first's scores of the blocks around.
enum SecondFeature: Int, CaseIterable {
  case score, before1, before2, before3, after1, after2, after3, around2, around5, container, parent, grandparent
  case sameShape, sameElement, sameParent, record, fromFirst, fromLast, sinceGood, untilGood, runLength
  case pageBest, pageExpected, pageShare, pageGood, pageSure, pageSpread, heading, underHeading, twinsOfHeading
}

/// Adds the columns of the second look to a table.
enum SecondLook {
  static let columns = BlockFeature.allCases.count + SecondFeature.allCases.count

  /// From here on a block is content in all likelihood.
  private static let good: Float = 0.5
  private static let sure: Float = 0.85

  /// - Parameter probabilities: of the first look, for each block.
  static func add(_ probabilities: [Float], to table: inout FeatureTable, _ containers: Containers, _ words: [Int32], _ kinds: [BlockKind])
  {
    let count = probabilities.count
    guard count > 0 else { return }
    let offset = BlockFeature.allCases.count
    func set(_ table: inout FeatureTable, _ feature: SecondFeature, _ row: Int, _ value: Int) {
      table.set(offset + feature.rawValue, row, value)
    }
    func p(_ row: Int) -> Int { row < 0 || row >= count ? -1 : Int(probabilities[row] * 1000) }

    // Sums up to each block, for means over windows.
    var sums = [Float](repeating: 0, count: count + 1)
    var weights = [Float](repeating: 0, count: count + 1)
    for row in 0..<count {
      let weight = Float(max(1, words[row]))
      sums[row + 1] = sums[row] + probabilities[row] * weight
      weights[row + 1] = weights[row] + weight
    }
    func mean(_ from: Int, _ to: Int) -> Int {
      let from = max(0, from)
      let to = min(count, to)
      return Int((sums[to] - sums[from]) / max(1, weights[to] - weights[from]) * 1000)
    }

    let (byContainer, record) = containerMeans(probabilities, words, containers)
    let shapes = ClassMeans(probabilities) { UInt64(containers.list[Int(containers.ofBlock[$0])].pathSignature) }
    let elements = ClassMeans(probabilities) {
      UInt64(containers.list[Int(containers.ofBlock[$0])].signature) << 8 | UInt64(table.value(BlockFeature.kind.rawValue, $0))
    }
    let parents = ClassMeans(probabilities) {
      let parent = containers.list[Int(containers.ofBlock[$0])].parent
      return parent < 0 ? 0 : UInt64(containers.list[Int(parent)].pathSignature)
    }
    let first = probabilities.firstIndex { $0 >= good }
    let last = probabilities.lastIndex { $0 >= good }
    let expected = sums[count]
    let goodCount = probabilities.count { $0 >= good }
    let sureCount = probabilities.count { $0 >= sure }
    let spread = probabilities.reduce(0) { $0 + $1 * (1 - $1) } / Float(count)
    let best = probabilities.max() ?? 0

    var since = 99
    var runStart = 0
    var heading = -1
    for row in 0..<count {
      let container = Int(containers.ofBlock[row])
      let parent = max(0, Int(containers.list[container].parent))
      let grand = max(0, Int(containers.list[parent].parent))
      set(&table, .score, row, p(row))
      set(&table, .before1, row, p(row - 1))
      set(&table, .before2, row, p(row - 2))
      set(&table, .before3, row, p(row - 3))
      set(&table, .after1, row, p(row + 1))
      set(&table, .after2, row, p(row + 2))
      set(&table, .after3, row, p(row + 3))
      set(&table, .around2, row, mean(row - 2, row + 3))
      set(&table, .around5, row, mean(row - 5, row + 6))
      set(&table, .container, row, byContainer[container])
      set(&table, .parent, row, byContainer[parent])
      set(&table, .grandparent, row, byContainer[grand])
      set(&table, .sameShape, row, shapes.mean(row))
      set(&table, .sameElement, row, elements.mean(row))
      set(&table, .sameParent, row, parents.mean(row))
      set(&table, .record, row, record[container])
      set(&table, .fromFirst, row, first.map { row - $0 } ?? -999)
      set(&table, .fromLast, row, last.map { row - $0 } ?? 999)
      since = probabilities[row] >= good ? 0 : min(99, since + 1)
      set(&table, .sinceGood, row, since)
      if row > 0, (probabilities[row] >= good) != (probabilities[row - 1] >= good) { runStart = row }
      set(&table, .runLength, row, row - runStart)
      set(&table, .pageBest, row, Int(best * 1000))
      set(&table, .pageExpected, row, Int(expected))
      set(&table, .pageShare, row, Int(expected / max(1, weights[count]) * 1000))
      set(&table, .pageGood, row, goodCount)
      set(&table, .pageSure, row, sureCount)
      set(&table, .pageSpread, row, Int(spread * 4000))
      set(&table, .heading, row, heading < 0 ? -1 : p(heading))
      if kinds[row] == .heading { heading = row }
    }
    var until = 99
    var underHeading = -1
    var end = count
    for row in (0..<count).reversed() {
      until = probabilities[row] >= good ? 0 : min(99, until + 1)
      set(&table, .untilGood, row, until)
      if kinds[row] == .heading {
        underHeading = mean(row + 1, end)
        end = row
      }
      set(&table, .underHeading, row, kinds[row] == .heading ? underHeading : -1)
      set(&table, .twinsOfHeading, row, min(99, end - row))
    }
  }

  /// For each container the mean over its subtree by words, and that of the nearest record that it stands in, in thousandths.
  private static func containerMeans(_ probabilities: [Float], _ words: [Int32], _ containers: Containers) -> (mean: [Int], record: [Int]) {
    var sums = [Float](repeating: 0, count: containers.list.count)
    var weights = sums
    for row in probabilities.indices {
      let weight = Float(max(1, words[row]))
      sums[Int(containers.ofBlock[row])] += probabilities[row] * weight
      weights[Int(containers.ofBlock[row])] += weight
    }
    for index in containers.list.indices.reversed() where containers.list[index].parent >= 0 {
      sums[Int(containers.list[index].parent)] += sums[index]
      weights[Int(containers.list[index].parent)] += weights[index]
    }
    let means = zip(sums, weights).map { Int($0 / max(1, $1) * 1000) }
    var record = [Int](repeating: -1, count: containers.list.count)
    for (index, container) in containers.list.enumerated() {
      if container.twins >= 3, container.blocks >= 2 {
        record[index] = means[index]
      } else if container.parent >= 0 {
        record[index] = record[Int(container.parent)]
      }
    }
    return (means, record)
  }
}

/// Means of probabilities over blocks of the same kind, in thousandths.
private struct ClassMeans {
  private var sums: HashCounter
  private var counts: HashCounter
  private var keys: [UInt64]

  init(_ probabilities: [Float], _ key: (Int) -> UInt64) {
    sums = HashCounter(capacity: probabilities.count)
    counts = HashCounter(capacity: probabilities.count)
    keys = []
    keys.reserveCapacity(probabilities.count)
    for row in probabilities.indices {
      let key = key(row)
      keys.append(key)
      sums.add(key, Int(probabilities[row] * 1000) + 1)
      counts.add(key)
    }
  }

  func mean(_ row: Int) -> Int { (sums.count(keys[row]) - counts.count(keys[row])) / max(1, counts.count(keys[row])) }
}

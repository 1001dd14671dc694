/// Finds any of many phrases in bytes, in one pass.
///
/// Aho and Corasick, "Efficient string matching: an aid to bibliographic search" (CACM 1975). States are numbered breadth first; a state's
/// edges lie side by side, sorted; the root's are a full table. O(text + matches) to search, O(sum of lengths) to build.
struct PhraseAutomaton: Sendable {
  /// Edges of state `s` are `firstEdge[s]..<firstEdge[s + 1]`.
  private var firstEdge: [Int32] = [0]
  private var labels: [UInt8] = []
  private var targets: [Int32] = []
  private var root = [Int32](repeating: 0, count: 256)
  private var failure: [Int32] = [0]
  /// The phrase that ends in a state, or -1.
  private var phraseAt: [Int32] = [-1]
  /// The nearest state on the failure path, this one included, in which a phrase ends; 0 for none.
  private var outputLink: [Int32] = [0]
  private let lengths: [Int32]

  /// - Parameter phrases: not empty each; of equal ones the first counts.
  init(_ phrases: [[UInt8]]) {
    lengths = phrases.map { Int32($0.count) }
    let order = phrases.indices.sorted {
      phrases[$0] == phrases[$1] ? $0 < $1 : phrases[$0].lexicographicallyPrecedes(phrases[$1])
    }
    // A level at a time, over ranges of the sorted phrases that share a prefix.
    var level: [Range<Int>] = [0..<order.count]
    var depth = 0
    while !level.isEmpty {
      var next: [Range<Int>] = []
      for range in level {
        var at = range.lowerBound
        while at < range.upperBound, phrases[order[at]].count == depth { at += 1 }
        while at < range.upperBound {
          let label = phrases[order[at]][depth]
          var end = at
          while end < range.upperBound, phrases[order[end]][depth] == label { end += 1 }
          let first = phrases[order[at]].count == depth + 1 ? Int32(order[at]) : -1
          labels.append(label)
          targets.append(Int32(phraseAt.count))
          phraseAt.append(first)
          next.append(at..<end)
          at = end
        }
        firstEdge.append(Int32(labels.count))
      }
      level = next
      depth += 1
    }
    for edge in 0..<Int(firstEdge[1]) { root[Int(labels[edge])] = targets[edge] }
    link()
  }

  private mutating func link() {
    failure = [Int32](repeating: 0, count: phraseAt.count)
    outputLink = failure
    for state in phraseAt.indices {
      if state > 0 { outputLink[state] = phraseAt[state] >= 0 ? Int32(state) : outputLink[Int(failure[state])] }
      for edge in Int(firstEdge[state])..<Int(firstEdge[state + 1]) where state > 0 {
        failure[Int(targets[edge])] = step(failure[state], labels[edge])
      }
    }
  }

  @inline(__always)
  private func step(_ from: Int32, _ byte: UInt8) -> Int32 {
    var state = Int(from)
    while state != 0 {
      var edge = Int(firstEdge[state])
      let end = Int(firstEdge[state + 1])
      while edge < end {
        if labels[edge] == byte { return targets[edge] }
        edge += 1
      }
      state = Int(failure[state])
    }
    return root[Int(byte)]
  }

  /// Calls `body` with every occurrence, by its end and then longest first, until it returns false.
  func search(_ bytes: UnsafeBufferPointer<UInt8>, _ body: (_ phrase: Int, _ range: Range<Int>) -> Bool) {
    var state: Int32 = 0
    for index in bytes.indices {
      state = step(state, bytes[index])
      var output = outputLink[Int(state)]
      while output != 0 {
        let phrase = Int(phraseAt[Int(output)])
        if !body(phrase, (index + 1 - Int(lengths[phrase]))..<(index + 1)) { return }
        output = outputLink[Int(failure[Int(output)])]
      }
    }
  }
}

import Pipeline

/// Phrases by their bytes, for looking up which of them begin at a place.
///
/// Nodes are numbered breadth first; a node's edges lie side by side, sorted; those of the root and of its children are full tables, since
/// nearly every word of a text passes them. O(sum of lengths) to build.
final class PhraseTrie: @unchecked Sendable {
  // Nothing changes after init; the buffers are this object's alone.

  /// Edges of node `n` are `firstEdge[n]..<firstEdge[n + 1]`.
  let firstEdge: UnsafeBufferPointer<Int32>
  let labels: UnsafeBufferPointer<UInt8>
  let targets: UnsafeBufferPointer<Int32>
  /// The phrase that ends in a node, or -1.
  let phraseAt: UnsafeBufferPointer<Int32>
  /// The root's edges, and behind them those of the root's children in order; 0 for none.
  private let tables: UnsafeBufferPointer<Int32>
  /// Hashes of the first eight bytes of phrases, of the first four of shorter ones, and the first two of those that are shorter still, as bits.
  private let longBeginnings: UnsafeBufferPointer<UInt64>
  private let beginnings: UnsafeBufferPointer<UInt64>
  private let shortBeginnings: UnsafeBufferPointer<UInt64>

  /// - Parameter phrases: not empty each; of equal ones the first counts.
  init(_ phrases: [[UInt8]]) {
    var firstEdge: [Int32] = [0]
    var labels: [UInt8] = []
    var targets: [Int32] = []
    var phraseAt: [Int32] = [-1]
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
          labels.append(label)
          targets.append(Int32(phraseAt.count))
          phraseAt.append(phrases[order[at]].count == depth + 1 ? Int32(order[at]) : -1)
          next.append(at..<end)
          at = end
        }
        firstEdge.append(Int32(labels.count))
      }
      level = next
      depth += 1
    }
    let children = Int(firstEdge[1])
    var tables = [Int32](repeating: 0, count: 256 * (children + 1))
    for node in 0...children {
      for edge in Int(firstEdge[node])..<Int(firstEdge[node + 1]) { tables[256 * node + Int(labels[edge])] = targets[edge] }
    }
    var beginnings = [UInt64](repeating: 0, count: 1024)
    var shortBeginnings = beginnings
    var longBeginnings = [UInt64](repeating: 0, count: 1 << (Self.longBits - 6))
    for phrase in phrases {
      if phrase.count >= 8 {
        let hash = Self.hash(Self.word(phrase.prefix(8)))
        longBeginnings[hash >> 6] |= 1 << UInt64(hash & 63)
      } else if phrase.count >= 4 {
        let hash = Self.hash(UInt32(Self.word(phrase.prefix(4))))
        beginnings[hash >> 6] |= 1 << UInt64(hash & 63)
      } else if phrase.count == 3 {
        // What follows a whole word is no letter, but for scripts that need no space.
        let endsInLetter = ASCII.isLetter(phrase[2])
        for next in UInt64(0)...255 where !endsInLetter || !ASCII.isLetter(UInt8(next)) {
          let hash = Self.hash(UInt32(Self.word(phrase[...]) | next << 24))
          beginnings[hash >> 6] |= 1 << UInt64(hash & 63)
        }
      } else {
        for second in phrase.count > 1 ? phrase[1]...phrase[1] : 0...255 {
          let pair = Int(phrase[0]) | Int(second) << 8
          shortBeginnings[pair >> 6] |= 1 << UInt64(pair & 63)
        }
      }
    }
    self.longBeginnings = Self.copy(longBeginnings)
    self.beginnings = Self.copy(beginnings)
    self.shortBeginnings = Self.copy(shortBeginnings)
    self.firstEdge = Self.copy(firstEdge)
    self.labels = Self.copy(labels)
    self.targets = Self.copy(targets)
    self.phraseAt = Self.copy(phraseAt)
    self.tables = Self.copy(tables)
  }

  deinit {
    firstEdge.deallocate()
    labels.deallocate()
    targets.deallocate()
    phraseAt.deallocate()
    tables.deallocate()
    longBeginnings.deallocate()
    beginnings.deallocate()
    shortBeginnings.deallocate()
  }

  private static let longBits = 17

  @inline(__always)
  private static func hash(_ bytes: UInt32) -> Int { Int((bytes &* 0x9E37_79B1) >> 16) }

  @inline(__always)
  private static func hash(_ bytes: UInt64) -> Int { Int((bytes &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - longBits)) }

  private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }

  /// Whether a phrase may begin with the bytes at a place: false for most words of a text.
  @inline(__always)
  private func mayBegin(_ start: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard start + 8 <= bytes.count else { return true }
    let eight = UnsafeRawPointer(bytes.baseAddress! + start).loadUnaligned(as: UInt64.self).littleEndian
    let long = Self.hash(eight)
    let middle = Self.hash(UInt32(truncatingIfNeeded: eight))
    let short = Int(eight & 0xFFFF)
    let bits =
      longBeginnings[long >> 6] >> UInt64(long & 63) | beginnings[middle >> 6] >> UInt64(middle & 63)
      | shortBeginnings[short >> 6] >> UInt64(short & 63)
    return bits & 1 != 0
  }

  private static func copy<Value>(_ values: [Value]) -> UnsafeBufferPointer<Value> {
    let buffer = UnsafeMutableBufferPointer<Value>.allocate(capacity: values.count)
    _ = buffer.initialize(from: values)
    return UnsafeBufferPointer(buffer)
  }

  /// The node behind `node` along a byte; nil where there is none.
  @inline(__always)
  func child(of node: Int, _ byte: UInt8) -> Int? {
    if node * 256 < tables.count {
      let target = tables[node * 256 + Int(byte)]
      return target == 0 ? nil : Int(target)
    }
    var edge = Int(firstEdge[node])
    let end = Int(firstEdge[node + 1])
    while edge < end {
      if labels[edge] >= byte { return labels[edge] == byte ? Int(targets[edge]) : nil }
      edge += 1
    }
    return nil
  }

  /// Calls `body` with every phrase that begins at `start`, shortest first, and where it ends; a phrase of three letters within a word may be missed.
  /// O(the longest of them).
  @inline(__always)
  func phrases(at start: Int, in bytes: UnsafeBufferPointer<UInt8>, _ body: (_ phrase: Int, _ end: Int) -> Void) {
    guard mayBegin(start, bytes) else { return }
    var node = 0
    var index = start
    while index < bytes.count, let next = child(of: node, bytes[index]) {
      node = next
      index += 1
      if phraseAt[node] >= 0 { body(Int(phraseAt[node]), index) }
    }
  }

  /// The phrase that is exactly the bytes of a range; nil for none.
  func phrase(equalTo range: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var node = 0
    for index in range {
      guard let next = child(of: node, bytes[index]) else { return nil }
      node = next
    }
    return phraseAt[node] >= 0 ? Int(phraseAt[node]) : nil
  }
}

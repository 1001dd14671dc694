/// The nodes of a trie breadth first, as `PhraseTrie` has them. Who makes it owns the memory.
struct PhraseLevels {
  /// A phrase by its place in bytes.
  struct Member {
    let start: Int
    let length: Int
    let number: Int32
  }

  /// Of nodes, the root included.
  let count: Int
  let firstEdge: UnsafeMutablePointer<Int32>
  let labels: UnsafeMutablePointer<UInt8>
  let phraseAt: UnsafeMutablePointer<Int32>

  /// O(sum of lengths).
  /// - Parameter sorted: by their bytes, each once.
  init(_ sorted: [Member], _ bytes: UnsafePointer<UInt8>) {
    let common = UnsafeMutablePointer<Int>.allocate(capacity: sorted.count + 1)
    defer { common.deallocate() }
    (count, firstEdge, labels, phraseAt) = sorted.withUnsafeBufferPointer { members in
      // An empty buffer may have no address, and is not looked at.
      let members = members.baseAddress ?? UnsafePointer(bitPattern: 8)!
      let count = Self.compare(members, sorted.count, bytes, common)
      let levels = (
        count, UnsafeMutablePointer<Int32>.allocate(capacity: count + 1), UnsafeMutablePointer<UInt8>.allocate(capacity: count),
        UnsafeMutablePointer<Int32>.allocate(capacity: count)
      )
      Self.write(members, sorted.count, bytes, common, levels.1, levels.2, levels.3)
      return levels
    }
  }

  /// Writes how many bytes each phrase has in common with the one before.
  /// - Returns: how many nodes there are.
  private static func compare(
    _ members: UnsafePointer<Member>, _ memberCount: Int, _ bytes: UnsafePointer<UInt8>, _ common: UnsafeMutablePointer<Int>
  ) -> Int {
    var count = 1
    var member = 0
    while member < memberCount {
      var length = 0
      if member > 0 {
        let (one, other) = (bytes + members[member - 1].start, bytes + members[member].start)
        let most = min(members[member - 1].length, members[member].length)
        while length < most, one[length] == other[length] { length += 1 }
      }
      common[member] = length
      count += members[member].length - length
      member += 1
    }
    return count
  }

  /// A level at a time, over ranges of phrases that share their beginning.
  private static func write(
    _ members: UnsafePointer<Member>, _ memberCount: Int, _ bytes: UnsafePointer<UInt8>, _ common: UnsafePointer<Int>,
    _ firstEdge: UnsafeMutablePointer<Int32>, _ labels: UnsafeMutablePointer<UInt8>, _ phraseAt: UnsafeMutablePointer<Int32>
  ) {
    var level = UnsafeMutablePointer<Range<Int>>.allocate(capacity: memberCount + 1)
    var next = UnsafeMutablePointer<Range<Int>>.allocate(capacity: memberCount + 1)
    defer {
      level.deallocate()
      next.deallocate()
    }
    level[0] = 0..<memberCount
    phraseAt[0] = -1
    var (levelCount, depth, node, edge) = (1, 0, 0, 0)
    while levelCount > 0 {
      var nextCount = 0
      var index = 0
      while index < levelCount {
        firstEdge[node] = Int32(edge)
        node += 1
        var member = level[index].lowerBound
        let end = level[index].upperBound
        if member < end, members[member].length == depth { member += 1 }
        while member < end {
          var stop = member + 1
          while stop < end, common[stop] > depth { stop += 1 }
          labels[edge] = bytes[members[member].start + depth]
          edge += 1
          phraseAt[edge] = members[member].length == depth + 1 ? members[member].number : -1
          next[nextCount] = Range(uncheckedBounds: (member, stop))
          nextCount += 1
          member = stop
        }
        index += 1
      }
      swap(&level, &next)
      levelCount = nextCount
      depth += 1
    }
    firstEdge[node] = Int32(edge)
  }
}

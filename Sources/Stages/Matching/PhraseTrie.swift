import Pipeline

/// Phrases by their bytes, for looking up which of them begin at a place.
///
/// Nodes are numbered breadth first, so that a node's edges lie side by side, sorted, and edge `e` leads to node `e + 1`; the edges of the root
/// and of its children are full tables, since nearly every word of a text passes them.
final class PhraseTrie: @unchecked Sendable {
  // Nothing changes after init; the memory is this object's alone.

  /// Of nodes.
  let count: Int
  /// Edges of node `n` are `firstEdge[n]..<firstEdge[n + 1]`.
  let firstEdge: UnsafePointer<Int32>
  let labels: UnsafePointer<UInt8>
  /// The number of the phrase that ends in a node, or -1.
  let phraseAt: UnsafePointer<Int32>
  /// The root's edges, and behind them those of the root's children in order; 0 for none.
  private let tables: UnsafePointer<Int32>
  private let tabled: Int
  private let beginnings: PhraseBeginnings

  /// - Parameters:
  ///   - groups: of the phrases; one of no bytes is found nowhere.
  ///   - number: the number of a group, under which its phrase is found; nil for one that is left out.
  init(_ phrases: PhraseList, _ groups: PhraseList.Groups, number: (_ group: Int) -> Int?) {
    var members: [PhraseLevels.Member] = []
    for group in 0..<groups.count {
      if let number = number(group) { members.append(phrases.member(groups.first(of: group), number: number)) }
    }
    let levels = phrases.withBytes { PhraseLevels(members, $0) }
    count = levels.count
    firstEdge = UnsafePointer(levels.firstEdge)
    labels = UnsafePointer(levels.labels)
    phraseAt = UnsafePointer(levels.phraseAt)
    tabled = 1 + Int(firstEdge[1])
    let tables = UnsafeMutablePointer<Int32>.allocate(capacity: 256 * tabled)
    tables.initialize(repeating: 0, count: 256 * tabled)
    for node in 0..<tabled {
      for edge in Int(firstEdge[node])..<Int(firstEdge[node + 1]) { tables[256 * node + Int(labels[edge])] = Int32(edge + 1) }
    }
    self.tables = UnsafePointer(tables)
    beginnings = PhraseBeginnings()
    phrases.withBytes { bytes in
      for member in members { beginnings.insert(bytes + member.start, count: member.length) }
    }
  }

  /// Phrases by their places.
  /// - Parameter phrases: not empty each; of equal ones the first counts.
  convenience init(_ phrases: [[UInt8]]) { self.init(PhraseList(phrases)) }

  /// Phrases by their places in a list; of equal ones the first counts.
  convenience init(_ phrases: PhraseList) {
    let groups = phrases.groups()
    self.init(phrases, groups) { groups.first(of: $0) }
  }

  deinit {
    firstEdge.deallocate()
    labels.deallocate()
    phraseAt.deallocate()
    tables.deallocate()
  }

  /// The node behind `node` along a byte; nil where there is none.
  @inline(__always)
  func child(of node: Int, _ byte: UInt8) -> Int? {
    if node < tabled {
      let target = tables[node * 256 + Int(byte)]
      return target == 0 ? nil : Int(target)
    }
    var edge = Int(firstEdge[node])
    let end = Int(firstEdge[node + 1])
    while edge < end {
      if labels[edge] >= byte { return labels[edge] == byte ? edge + 1 : nil }
      edge += 1
    }
    return nil
  }

  /// Calls `body` with every phrase that begins at `start`, shortest first, and where it ends; a phrase of three letters within a word may be missed.
  /// O(the longest of them).
  @inline(__always)
  func phrases(at start: Int, in bytes: UnsafeBufferPointer<UInt8>, _ body: (_ phrase: Int, _ end: Int) -> Void) {
    guard beginnings.mayBegin(start, bytes) else { return }
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

/// Phrases in one piece of memory, in the order they came; a phrase may be there several times.
///
/// What tries are made of, in every process that works: hence pointers and a sort by integers, which are quick in builds without optimisation too.
struct PhraseList: Sendable {
  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]

  init() {}

  init(_ phrases: [[UInt8]]) {
    for phrase in phrases { phrase.withUnsafeBufferPointer { append($0) } }
  }

  var count: Int { starts.count - 1 }

  subscript(index: Int) -> ArraySlice<UInt8> { bytes[starts[index]..<starts[index + 1]] }

  mutating func append(_ phrase: UnsafeBufferPointer<UInt8>) {
    bytes.append(contentsOf: phrase)
    starts.append(bytes.count)
  }

  func withBytes<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
    // An empty array may have no address.
    (bytes.isEmpty ? [0] : bytes).withUnsafeBufferPointer { body($0.baseAddress!) }
  }

  func member(_ index: Int, number: Int) -> PhraseLevels.Member {
    PhraseLevels.Member(start: starts[index], length: starts[index + 1] - starts[index], number: Int32(number))
  }

  /// Groups of equal phrases in the order of their bytes; in a group in the order they came. O(sum of lengths).
  func groups() -> Groups {
    withBytes { bytes in
      starts.withUnsafeBufferPointer { starts in
        let sorter = PhraseSorter(bytes, starts.baseAddress!, count)
        sorter.sort()
        return sorter.groups()
      }
    }
  }

  /// Members of group `g` are `order[firsts[g]..<firsts[g + 1]]`.
  struct Groups {
    fileprivate(set) var order: [Int32]
    fileprivate(set) var firsts: [Int32]

    var count: Int { firsts.count - 1 }

    func first(of group: Int) -> Int { Int(order[Int(firsts[group])]) }

    /// What belongs to the phrases of each group.
    /// - Parameter values: one for each phrase of the list.
    func collect<Value>(_ values: [Value]) -> [[Value]] { (0..<count).map { self[$0].map { values[Int($0)] } } }

    /// The places in the list of a group's phrases.
    subscript(group: Int) -> ArraySlice<Int32> { order[Int(firsts[group])..<Int(firsts[group + 1])] }
  }
}

/// Sorts by seven bytes at a time: by radix as integers, then each run of equal ones by the next seven.
private struct PhraseSorter: ~Copyable {
  private struct Item {
    /// The seven bytes looked at, the first the highest, 0 behind the end; and lowest how many bytes are left, 8 for all that are more than seven.
    var key: UInt64
    var phrase: Int32
  }

  private let bytes: UnsafePointer<UInt8>
  private let starts: UnsafePointer<Int>
  private let count: Int
  private let items: UnsafeMutablePointer<Item>
  private let others: UnsafeMutablePointer<Item>
  /// Whether an item begins a group.
  private let begins: UnsafeMutablePointer<Bool>

  init(_ bytes: UnsafePointer<UInt8>, _ starts: UnsafePointer<Int>, _ count: Int) {
    self.bytes = bytes
    self.starts = starts
    self.count = count
    items = .allocate(capacity: count)
    others = .allocate(capacity: count)
    begins = .allocate(capacity: count)
    begins.initialize(repeating: false, count: count)
    var index = 0
    while index < count {
      items[index] = Item(key: 0, phrase: Int32(index))
      index += 1
    }
  }

  deinit {
    items.deallocate()
    others.deallocate()
    begins.deallocate()
  }

  func sort() {
    // Ranges wait here and not on the stack: a user's list may hold lines of any length.
    var waiting = [(range: 0..<count, depth: 0)]
    while let (range, depth) = waiting.popLast() {
      read(range, depth)
      if range.count > 1 { if range.count < 64 { insertionSort(range) } else { radixSort(range) } }
      var at = range.lowerBound
      while at < range.upperBound {
        var end = at + 1
        while end < range.upperBound, items[end].key == items[at].key { end += 1 }
        if end - at > 1, items[at].key & 0xFF == 8 {
          waiting.append((at..<end, depth + 7))
        } else {
          begins[at] = true
        }
        at = end
      }
    }
  }

  private func read(_ range: Range<Int>, _ depth: Int) {
    var index = range.lowerBound
    while index < range.upperBound {
      let start = starts[Int(items[index].phrase)] + depth
      let left = min(8, starts[Int(items[index].phrase) + 1] - start)
      var key: UInt64 = 0
      var at = 0
      while at < 7 {
        key = key << 8 | (at < left ? UInt64(bytes[start + at]) : 0)
        at += 1
      }
      items[index].key = key << 8 | UInt64(left)
      index += 1
    }
  }

  private func insertionSort(_ range: Range<Int>) {
    var index = range.lowerBound + 1
    while index < range.upperBound {
      let item = items[index]
      var at = index
      while at > range.lowerBound, items[at - 1].key > item.key {
        items[at] = items[at - 1]
        at -= 1
      }
      items[at] = item
      index += 1
    }
  }

  /// A byte at a time from the last; stable.
  private func radixSort(_ range: Range<Int>) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { places in
      let places = places.baseAddress!
      var from = items + range.lowerBound
      var to = others
      var shift: UInt64 = 0
      while shift < 64 {
        places.update(repeating: 0, count: 256)
        for index in 0..<range.count { places[Int(from[index].key >> shift & 0xFF)] += 1 }
        var sum = 0
        for byte in 0..<256 { (places[byte], sum) = (sum, sum + places[byte]) }
        for index in 0..<range.count {
          let byte = Int(from[index].key >> shift & 0xFF)
          to[places[byte]] = from[index]
          places[byte] += 1
        }
        swap(&from, &to)
        shift += 8
      }
    }
  }

  func groups() -> PhraseList.Groups {
    var groups = PhraseList.Groups(order: [], firsts: [])
    groups.order.reserveCapacity(count)
    for index in 0..<count {
      if begins[index] { groups.firsts.append(Int32(index)) }
      groups.order.append(items[index].phrase)
    }
    groups.firsts.append(Int32(count))
    return groups
  }
}

import Pipeline

/// Short ASCII names with a number each, found in any case by one multiplication.
struct NameTable {
  private struct Entry {
    /// The first eight bytes, in lower case, and the others.
    var front: UInt64
    var back: UInt64
    var value: UInt8
  }

  /// Longer names are not looked for, in bytes.
  static let longest = 16
  private static let bits = 9
  private var entries: [Entry]

  /// - Precondition: names are in lower case, of at most `longest` bytes, and fewer than half the room.
  init(_ names: [(name: String, value: UInt8)]) {
    entries = [Entry](repeating: Entry(front: 0, back: 0, value: 0), count: 1 << Self.bits)
    precondition(names.count < entries.count / 2)
    for (name, value) in names {
      precondition(name.utf8.count <= Self.longest)
      let key = Array(name.utf8).withUnsafeBufferPointer { Self.key($0) }
      var slot = Self.slot(key)
      while entries[slot].front != 0 { slot = (slot + 1) & (entries.count - 1) }
      entries[slot] = Entry(front: key.front, back: key.back, value: value)
    }
  }

  /// The number of a name; nil when it is none of the table's. O(length).
  func value(for name: UnsafeBufferPointer<UInt8>) -> UInt8? {
    guard name.count <= Self.longest, !name.isEmpty else { return nil }
    let key = Self.key(name)
    var slot = Self.slot(key)
    return entries.withUnsafeBufferPointer { entries in
      while entries[slot].front != 0 {
        if entries[slot].front == key.front, entries[slot].back == key.back { return entries[slot].value }
        slot = (slot + 1) & (entries.count - 1)
      }
      return nil
    }
  }

  /// Lower case by one bit: what it makes of other bytes than letters is no byte of a name.
  private static func key(_ name: UnsafeBufferPointer<UInt8>) -> (front: UInt64, back: UInt64) {
    var front: UInt64 = 0
    var back: UInt64 = 0
    for index in 0..<min(8, name.count) { front |= UInt64(name[index] | 0x20) << UInt64(index * 8) }
    if name.count > 8 {
      for index in 8..<name.count { back |= UInt64(name[index] | 0x20) << UInt64((index - 8) * 8) }
    }
    return (front, back)
  }

  private static func slot(_ key: (front: UInt64, back: UInt64)) -> Int {
    Int(truncatingIfNeeded: ((key.front ^ key.back) &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - bits))
  }
}

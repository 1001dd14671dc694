/// Which documents have which bands: an open hash table of 8 bytes an entry, at most three quarters full.
struct BandTable {
  /// Documents that share one band and are not alike are remembered up to here: a page made to meet all others costs no more.
  static let mostInBand = 32

  /// The upper half is the band's hash, the lower the document's number plus one; 0 for free.
  private var slots: [UInt64]
  private var count = 0

  init() {
    slots = [UInt64](repeating: 0, count: 1024)
  }

  /// Memory in bytes.
  var size: Int { slots.count * 8 }

  /// Adds the documents that have the band to a list.
  func find(_ band: UInt32, into found: inout [UInt32]) {
    slots.withUnsafeBufferPointer { slots in
      let mask = slots.count - 1
      var place = Self.place(band) & mask
      while slots[place] != 0 {
        if UInt32(truncatingIfNeeded: slots[place] >> 32) == band { found.append(UInt32(truncatingIfNeeded: slots[place]) - 1) }
        place = (place + 1) & mask
      }
    }
  }

  mutating func insert(_ band: UInt32, document: UInt32) {
    if (count + 1) * 4 > slots.count * 3 { grow() }
    if Self.put(UInt64(band) << 32 | UInt64(document + 1), into: &slots) { count += 1 }
  }

  /// Whether there was room for another of this band.
  private static func put(_ entry: UInt64, into slots: inout [UInt64]) -> Bool {
    slots.withUnsafeMutableBufferPointer { slots in
      let mask = slots.count - 1
      var place = place(UInt32(truncatingIfNeeded: entry >> 32)) & mask
      var same = 0
      while slots[place] != 0 {
        if slots[place] >> 32 == entry >> 32 { same += 1 }
        if same == mostInBand { return false }
        place = (place + 1) & mask
      }
      slots[place] = entry
      return true
    }
  }

  private mutating func grow() {
    var larger = [UInt64](repeating: 0, count: slots.count * 2)
    for entry in slots where entry != 0 { _ = Self.put(entry, into: &larger) }
    slots = larger
  }

  /// Bands are hashes already, but their lower bits alone would crowd a large table.
  private static func place(_ band: UInt32) -> Int {
    Int(truncatingIfNeeded: (UInt64(band) &* 0x9E37_79B9_7F4A_7C15) >> 24)
  }
}

import Pipeline

/// Makes the bytes of a `NameIndex`. O(bytes of all names).
struct NameIndexBuilder: ~Copyable {
  /// Names that a list must not hold.
  enum Refusal: Error {
    case empty, tooLong, tooManyLabels, tooMuch
  }

  private var slots: UnsafeMutablePointer<UInt64>
  private var slotBits: Int
  private var used = 0
  private var records: [UInt8] = []
  private var labels: [[UInt8]: UInt16] = [:]
  private var labelList: [[UInt8]] = []
  /// Hashes of first pieces that are names, and that begin longer ones, and of the first two pieces of those.
  private var singles: [UInt32] = []
  private var firsts: [UInt32] = []
  private var pairs: [UInt32] = []
  private let casing: EntityTagger.Case

  /// - Parameter bytes: about how many bytes the lists have.
  init(casing: EntityTagger.Case, expecting bytes: Int = 0) {
    self.casing = casing
    slotBits = 10
    while 1 << slotBits < bytes / 8 { slotBits += 1 }
    slots = .allocate(capacity: 1 << slotBits)
    slots.initialize(repeating: 0, count: 1 << slotBits)
    records.reserveCapacity(bytes * 3 / 2)
  }

  deinit { slots.deallocate() }

  /// Adds a name; of names that are written alike the first counts.
  mutating func add(name: UnsafeBufferPointer<UInt8>, label: UnsafeBufferPointer<UInt8>, id: UnsafeBufferPointer<UInt8>) throws(Refusal) {
    guard name.count < 1 << 12, id.count < 1 << 16, label.count < 256 else { throw .tooLong }
    guard records.count < 1 << 31 else { throw .tooMuch }
    var walker = NameWalker(name)
    guard let first = walker.next() else { throw .empty }
    var hash = EntityHash.phrase(0, first.hash)
    var count = 1
    var place = place(of: hash)
    while let piece = walker.next() {
      count += 1
      if count > NameIndex.longest { throw .tooLong }
      slots[place] |= 1 << 32
      hash = NameIndex.join(hash, piece)
      if count == 2 {
        firsts.append(first.hash)
        pairs.append(hash)
      }
      place = self.place(of: hash)
    }
    if count == 1 { singles.append(first.hash) }
    let record = records.count
    let number = try number(of: label)
    let known = slots[place] >> 33
    if known == NameIndex.noName {
      slots[place] = slots[place] & (1 << 33 - 1) | UInt64(record / 2) << 33
    } else {
      // Behind those that fold alike.
      var last = Int(known) * 2
      while true {
        if Self.isSame(records, last, name) { return }
        let next = records.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: last, as: UInt32.self) }
        if next == .max { break }
        last = Int(next) * 2
      }
      let next = UInt32(record / 2)
      records.withUnsafeMutableBytes { $0.storeBytes(of: next, toByteOffset: last, as: UInt32.self) }
    }
    put(UInt32.max)
    put(UInt16(name.count))
    put(UInt16(id.count))
    put(number)
    records.append(contentsOf: name)
    records.append(contentsOf: id)
    if records.count & 1 != 0 { records.append(0) }
  }

  private mutating func put<Value: FixedWidthInteger>(_ value: Value) {
    withUnsafeBytes(of: value) { records.append(contentsOf: $0) }
  }

  private static func isSame(_ records: [UInt8], _ record: Int, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
    records.withUnsafeBytes { bytes in
      Int(bytes.loadUnaligned(fromByteOffset: record + 4, as: UInt16.self)) == name.count
        && bytes[(record + 10)..<(record + 10 + name.count)].elementsEqual(name)
    }
  }

  private mutating func number(of label: UnsafeBufferPointer<UInt8>) throws(Refusal) -> UInt16 {
    if let last = labelList.last, last.elementsEqual(label) { return UInt16(labelList.count - 1) }
    let key = Array(label)
    if let number = labels[key] { return number }
    guard labelList.count < 10_000 else { throw .tooManyLabels }
    labels[key] = UInt16(labelList.count)
    labelList.append(key)
    return UInt16(labelList.count - 1)
  }

  /// The place of a hash in the table; an empty one is taken for it.
  @inline(__always)
  private mutating func place(of hash: UInt32) -> Int {
    if used * 3 > 2 << slotBits { grow() }
    let mask = 1 << slotBits - 1
    // No entry is 0, which marks an empty place.
    var place = NameIndex.place(of: hash, mask)
    while slots[place] != 0, UInt32(truncatingIfNeeded: slots[place]) != hash { place = (place + 1) & mask }
    if slots[place] == 0 {
      slots[place] = UInt64(hash) | UInt64(NameIndex.noName) << 33
      used += 1
    }
    return place
  }

  private mutating func grow() {
    let old = slots
    let size = 1 << slotBits
    slotBits += 1
    let mask = 1 << slotBits - 1
    slots = .allocate(capacity: size * 2)
    slots.initialize(repeating: 0, count: size * 2)
    for index in 0..<size where old[index] != 0 {
      var place = NameIndex.place(of: UInt32(truncatingIfNeeded: old[index]), mask)
      while slots[place] != 0 { place = (place + 1) & mask }
      slots[place] = old[index]
    }
    old.deallocate()
  }

  /// Eight bits for each hash, if that is not more than 2 to the power of `most`.
  private static func bits(for count: Int, most: Int) -> Int {
    var bits = 12
    while 1 << bits < count * 8, bits < most { bits += 1 }
    return bits
  }

  private static func filter(_ hashes: [UInt32], _ bits: Int) -> [UInt64] {
    var filter = [UInt64](repeating: 0, count: 1 << (bits - 6))
    for hash in hashes {
      let bit = Int(hash) & (1 << bits - 1)
      filter[bit >> 6] |= 1 << UInt64(bit & 63)
    }
    return filter
  }

  /// The finished index.
  consuming func finish() -> [UInt8] {
    let firstBits = Self.bits(for: max(singles.count, firsts.count), most: 22)
    let pairBits = Self.bits(for: pairs.count, most: 24)
    let filter = Self.filter(singles, firstBits) + Self.filter(firsts, firstBits) + Self.filter(pairs, pairBits)
    let labelBytes = Array(labelList.joined(separator: [0]))
    let tables = filter.count * 8 + 8 << slotBits
    let size = NameIndex.headerSize + tables + records.count + labelBytes.count
    let casing = EntityTagger.Case.allCases.firstIndex(of: casing) ?? 0
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    let header: [UInt64] = [
      NameIndex.magic, UInt64(size), UInt64(casing), UInt64(slotBits), UInt64(firstBits), UInt64(records.count), UInt64(pairBits), 0,
    ]
    header.withUnsafeBytes { bytes.append(contentsOf: $0) }
    filter.withUnsafeBytes { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: UnsafeRawBufferPointer(start: slots, count: 8 << slotBits))
    bytes.append(contentsOf: records)
    bytes.append(contentsOf: labelBytes)
    return bytes
  }
}

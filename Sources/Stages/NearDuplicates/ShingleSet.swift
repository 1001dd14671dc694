import Pipeline

/// The shingles of a text, each once: all of them where they are few, else those with the smallest hashes.
///
/// Two such sets give the Jaccard similarity of two texts exactly where both are whole, else from a sample of both that is drawn the same
/// way (bottom-k sketches; Cohen and Kaplan, PODC 2007), with a standard error of at most 1/2/√1024, 0.016.
struct ShingleSet: Equatable {
  /// More are a sample: enough for about 1,024 words.
  static let largest = 1024

  /// Ascending.
  let hashes: [UInt32]
  /// Hashes from here on were left out; nil for none.
  let limit: UInt32?

  /// O(n log n) in the number of shingles.
  init(_ shingles: [UInt32]) {
    var sorted = shingles
    sorted.sort()
    var count = 0
    for value in sorted where count == 0 || sorted[count - 1] != value {
      sorted[count] = value
      count += 1
    }
    limit = count > Self.largest ? sorted[Self.largest] : nil
    sorted.removeSubrange(min(count, Self.largest)...)
    hashes = sorted
  }

  /// The share of shingles that both have, of those that either has; 0 to 1. O(n).
  func similarity(to other: ShingleSet) -> Double {
    let limit = min(self.limit ?? .max, other.limit ?? .max)
    let isWhole = self.limit == nil && other.limit == nil
    var (one, two, common, all) = (0, 0, 0, 0)
    hashes.withUnsafeBufferPointer { a in
      other.hashes.withUnsafeBufferPointer { b in
        while one < a.count || two < b.count {
          let left = one < a.count ? a[one] : .max
          let right = two < b.count ? b[two] : .max
          let value = min(left, right)
          if !isWhole, value >= limit { break }
          all += 1
          let isLeft = one < a.count && left == value
          let isRight = two < b.count && right == value
          if isLeft { one += 1 }
          if isRight { two += 1 }
          if isLeft, isRight { common += 1 }
        }
      }
    }
    return all == 0 ? 0 : Double(common) / Double(all)
  }

  // MARK: Bytes

  func append(to bytes: inout [UInt8]) {
    Bytes.append(limit == nil ? 0 : 1 as UInt32, to: &bytes)
    Bytes.append(limit ?? 0, to: &bytes)
    hashes.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  /// - Throws: `DamagedRecord` for what `append` has not written.
  init(_ bytes: ArraySlice<UInt8>) throws {
    guard bytes.count >= 8, bytes.count % 4 == 0 else { throw DamagedRecord() }
    let isSample = try Bytes.value(at: 0, in: bytes) as UInt32 == 1
    limit = isSample ? try Bytes.value(at: 4, in: bytes) : nil
    hashes = bytes.dropFirst(8).withUnsafeBytes { raw in
      [UInt32](unsafeUninitializedCapacity: raw.count / 4) { buffer, count in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: raw)
        count = raw.count / 4
      }
    }
  }
}

/// Something that was kept is not what was written.
struct DamagedRecord: Error, CustomStringConvertible {
  let description = "what the index has kept of a document is damaged"
}

/// Numbers in bytes, as the machine has them.
enum Bytes {
  static func append<Value: FixedWidthInteger>(_ value: Value, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
  }

  static func value<Value: FixedWidthInteger>(at offset: Int, in bytes: ArraySlice<UInt8>) throws -> Value {
    guard offset >= 0, bytes.count >= offset + MemoryLayout<Value>.size else { throw DamagedRecord() }
    return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Value.self) }
  }
}

import Pipeline

/// All that is kept of a document's text to find its copies.
struct Signature: Equatable {
  let text: (low: UInt64, high: UInt64)
  let bands: [UInt32]
  let shingles: ShingleSet

  static func == (a: Signature, b: Signature) -> Bool {
    a.text == b.text && a.bands == b.bands && a.shingles == b.shingles
  }

  /// - Parameter words: the words of a text, at least one.
  init(_ words: borrowing WordShingles, _ banding: Banding) {
    text = words.text
    bands = banding.hashes(of: words.hashes)
    shingles = ShingleSet(words.hashes)
  }

  var bytes: [UInt8] {
    var bytes = head
    shingles.append(to: &bytes)
    return bytes
  }

  /// What the index holds in memory: the text's hash and the bands.
  var head: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(16 + bands.count * 4 + 8 + shingles.hashes.count * 4)
    Bytes.append(text.low, to: &bytes)
    Bytes.append(text.high, to: &bytes)
    for band in bands { Bytes.append(band, to: &bytes) }
    return bytes
  }

  /// - Throws: `DamagedRecord`.
  init(_ bytes: [UInt8], bands count: Int) throws {
    let headSize = 16 + count * 4
    guard bytes.count >= headSize else { throw DamagedRecord() }
    (text, bands) = try Self.head(bytes[..<headSize])
    shingles = try ShingleSet(bytes[headSize...])
  }

  /// - Throws: `DamagedRecord`.
  static func head(_ bytes: ArraySlice<UInt8>) throws -> (text: (low: UInt64, high: UInt64), bands: [UInt32]) {
    guard bytes.count >= 16, bytes.count % 4 == 0 else { throw DamagedRecord() }
    let text: (UInt64, UInt64) = (try Bytes.value(at: 0, in: bytes), try Bytes.value(at: 8, in: bytes))
    return (text, try stride(from: 16, to: bytes.count, by: 4).map { try Bytes.value(at: $0, in: bytes) })
  }
}

import Pipeline

/// What has been seen: finds the earliest document that a text is a copy of, or nearly.
///
/// Takes some 250 bytes of memory a document; the shingles of documents, 1 to 4 kB each, lie in the stage's memory and are only read to
/// compare. Serves one thread.
struct DuplicateIndex {
  /// What a text is a copy of.
  struct Match: Equatable {
    /// The number of the earlier document.
    let document: Int
    let isExact: Bool
    let similarity: Double
  }

  private let threshold: Double
  private let memory: any StageMemory
  /// By the lower half of a text's hash; the upper half is compared in the memory's body.
  private var texts: [UInt64: UInt32] = [:]
  private var bands = BandTable()
  private var candidates: [UInt32] = []
  /// What was read of the memory lately: pages made by one template are compared with the same few again and again.
  private var recent: [UInt32: Record] = [:]
  private static let mostRecent = 4096

  private struct Record {
    let text: (low: UInt64, high: UInt64)
    let id: String
    let shingles: ShingleSet
  }

  /// - Throws: whatever the memory throws; `DamagedRecord`.
  init(threshold: Double, memory: any StageMemory) throws {
    self.threshold = threshold
    self.memory = memory
    try memory.forEachHead { number, head in
      let (text, bands) = try Signature.head(head[...])
      enter(UInt32(number), text.low, bands)
    }
  }

  private mutating func enter(_ number: UInt32, _ text: UInt64, _ bands: [UInt32]) {
    if texts[text] == nil { texts[text] = number }
    for band in bands { self.bands.insert(band, document: number) }
  }

  /// The earliest document that is like this one; nil for none.
  mutating func match(_ signature: Signature) throws -> Match? {
    if let number = texts[signature.text.low], try record(number).text == signature.text {
      return Match(document: Int(number), isExact: true, similarity: 1)
    }
    candidates.removeAll(keepingCapacity: true)
    for band in signature.bands { bands.find(band, into: &candidates) }
    candidates.sort()
    var last: UInt32?
    for candidate in candidates where candidate != last {
      last = candidate
      let similarity = try record(candidate).shingles.similarity(to: signature.shingles)
      if similarity >= threshold { return Match(document: Int(candidate), isExact: false, similarity: similarity) }
    }
    return nil
  }

  /// Takes a document in that is like no other.
  mutating func insert(_ signature: Signature, id: String) throws {
    var body: [UInt8] = []
    Bytes.append(signature.text.low, to: &body)
    Bytes.append(signature.text.high, to: &body)
    let name = Array(id.utf8)
    Bytes.append(UInt32(name.count), to: &body)
    body += name
    signature.shingles.append(to: &body)
    let number = try memory.append(head: signature.head, body: body)
    enter(UInt32(number), signature.text.low, signature.bands)
  }

  mutating func id(of document: Int) throws -> String { try record(UInt32(document)).id }

  private mutating func record(_ number: UInt32) throws -> Record {
    if let known = recent[number] { return known }
    let body = try memory.body(Int(number))
    let size = Int(try Bytes.value(at: 16, in: body[...]) as UInt32)
    guard body.count >= 20 + size else { throw DamagedRecord() }
    let record = Record(
      text: (try Bytes.value(at: 0, in: body[...]), try Bytes.value(at: 8, in: body[...])),
      id: String(decoding: body[20..<(20 + size)], as: UTF8.self), shingles: try ShingleSet(body[(20 + size)...]))
    if recent.count == Self.mostRecent { recent.removeAll(keepingCapacity: true) }
    recent[number] = record
    return record
  }
}

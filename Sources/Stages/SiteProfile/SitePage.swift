import CXXHash
import Pipeline

/// What is kept of one page of a site. Pages are the same when their addresses are.
struct SitePage: Equatable {
  /// Stands for the address.
  let key: UInt64
  /// Stands for the site, where pages of many lie together.
  let site: UInt32
  /// The longest line, which stands for the story where little else does.
  let story: LineHash
  /// When it was read last, in days since 1970.
  let day: UInt16
  /// In the order of the page; of a page with more than `mostLines`, those with the smallest hashes.
  let lines: [Line]
  /// For people, cut to 255 bytes.
  let address: String

  struct Line: Equatable {
    let hash: LineHash
    /// Its share of the page, in units of 8 bytes.
    let size: UInt8

    init(_ hash: LineHash, size: UInt8) {
      self.hash = hash
      self.size = size
    }

    init(_ hash: LineHash, bytes: Int) { self.init(hash, size: UInt8(clamping: bytes / 8 + 1)) }
  }

  static let mostLines = 64
  private static let lineSize = LineHash.size + 1

  init(key: UInt64, site: UInt32, story: LineHash, day: UInt16, lines: [Line], address: String) {
    self.key = key
    self.site = site
    self.story = story
    self.day = day
    self.lines = lines
    self.address = address
  }

  static func key(of address: String) -> UInt64 {
    let bytes = Array(address.utf8)
    return XXH3_64bits(bytes, bytes.count)
  }

  static func site(_ name: String) -> UInt32 { UInt32(truncatingIfNeeded: key(of: name)) }

  /// Of two readings of a page the later one counts, whichever was learned first.
  func isPreferred(to other: SitePage) -> Bool {
    if day != other.day { return day > other.day }
    return other.lines.lexicographicallyPrecedes(lines) { $0.hash < $1.hash }
  }

  // MARK: Bytes

  func append(to bytes: inout [UInt8]) {
    Bytes.append(key, to: &bytes)
    Bytes.append(site, to: &bytes)
    story.append(to: &bytes)
    Bytes.append(day, to: &bytes)
    bytes.append(UInt8(lines.count))
    for line in lines {
      line.hash.append(to: &bytes)
      bytes.append(line.size)
    }
    let text = Array(address.utf8)
    var length = min(text.count, 255)
    while length < text.count, length > 0, text[length] & 0xC0 == 0x80 { length -= 1 }
    bytes.append(UInt8(length))
    bytes += text[..<length]
  }

  /// Reads a page off the front.
  /// - Throws: `DamagedRecord`.
  init(_ bytes: inout ArraySlice<UInt8>) throws {
    key = try Bytes.value(at: 0, in: bytes)
    site = try Bytes.value(at: 8, in: bytes)
    story = try LineHash(bytes, at: 12)
    day = try Bytes.value(at: 17, in: bytes)
    let count = Int(try Bytes.value(at: 19, in: bytes) as UInt8)
    let slice = bytes
    lines = try (0..<count).map {
      Line(try LineHash(slice, at: 20 + $0 * Self.lineSize), size: try Bytes.value(at: 20 + $0 * Self.lineSize + LineHash.size, in: slice))
    }
    bytes = bytes.dropFirst(20 + count * Self.lineSize)
    let length = Int(try Bytes.value(at: 0, in: bytes) as UInt8)
    guard bytes.count > length else { throw DamagedRecord() }
    address = String(decoding: bytes.dropFirst().prefix(length), as: UTF8.self)
    bytes = bytes.dropFirst(1 + length)
  }
}

extension LineHash {
  func append(to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0.prefix(Self.size)) }
  }

  /// - Throws: `DamagedRecord`.
  init(_ bytes: ArraySlice<UInt8>, at offset: Int) throws {
    let low: UInt32 = try Bytes.value(at: offset, in: bytes)
    let high: UInt8 = try Bytes.value(at: offset + 4, in: bytes)
    self.init(value: UInt64(low) | UInt64(high) << 32)
  }
}

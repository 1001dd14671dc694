/// Writes plain values as bytes, the way they cross between processes of one program.
struct FrameEncoder {
  private(set) var bytes: [UInt8] = []

  mutating func put(_ value: Int) {
    withUnsafeBytes(of: Int64(value).littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func put(_ value: Int?) {
    put(flag: value != nil)
    if let value { put(value) }
  }

  mutating func put(flag: Bool) { bytes.append(flag ? 1 : 0) }
  mutating func put(tag: UInt8) { bytes.append(tag) }

  mutating func put(_ value: [UInt8]) {
    put(value.count)
    bytes.append(contentsOf: value)
  }

  mutating func put(_ value: [UInt8]?) {
    put(flag: value != nil)
    if let value { put(value) }
  }

  mutating func put(_ value: String) {
    var value = value
    value.withUTF8 {
      put($0.count)
      bytes.append(contentsOf: $0)
    }
  }

  mutating func put(_ value: String?) {
    put(flag: value != nil)
    if let value { put(value) }
  }

  mutating func put(_ values: [String]) {
    put(values.count)
    for value in values { put(value) }
  }
}

/// Reads what `FrameEncoder` wrote. Nothing it is given can make it read beyond the end or take more memory than the bytes themselves.
struct FrameDecoder {
  /// The bytes are not what the other side should have written.
  struct Nonsense: Error {}

  private let bytes: ArraySlice<UInt8>
  private var index: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    index = bytes.startIndex
  }

  /// - Throws: `Nonsense` when something is left.
  func end() throws(Nonsense) {
    if index != bytes.endIndex { throw Nonsense() }
  }

  mutating func int() throws(Nonsense) -> Int {
    let end = index + 8
    guard end <= bytes.endIndex else { throw Nonsense() }
    var value: Int64 = 0
    withUnsafeMutableBytes(of: &value) { $0.copyBytes(from: bytes[index..<end]) }
    index = end
    return Int(Int64(littleEndian: value))
  }

  mutating func tag() throws(Nonsense) -> UInt8 {
    guard index < bytes.endIndex else { throw Nonsense() }
    index += 1
    return bytes[index - 1]
  }

  mutating func flag() throws(Nonsense) -> Bool {
    switch try tag() {
    case 0: false
    case 1: true
    default: throw Nonsense()
    }
  }

  mutating func data() throws(Nonsense) -> [UInt8] {
    let count = try int()
    guard count >= 0, count <= bytes.endIndex - index else { throw Nonsense() }
    index += count
    return Array(bytes[index - count..<index])
  }

  mutating func text() throws(Nonsense) -> String {
    String(decoding: try data(), as: UTF8.self)
  }

  mutating func texts() throws(Nonsense) -> [String] {
    try list { (decoder) throws(Nonsense) in try decoder.text() }
  }

  mutating func optional<Value>(_ read: (inout FrameDecoder) throws(Nonsense) -> Value) throws(Nonsense) -> Value? {
    try flag() ? try read(&self) : nil
  }

  mutating func optionalText() throws(Nonsense) -> String? {
    try optional { (decoder) throws(Nonsense) in try decoder.text() }
  }

  mutating func optionalInt() throws(Nonsense) -> Int? {
    try optional { (decoder) throws(Nonsense) in try decoder.int() }
  }

  mutating func list<Value>(_ read: (inout FrameDecoder) throws(Nonsense) -> Value) throws(Nonsense) -> [Value] {
    let count = try int()
    // Every element takes a byte at least.
    guard count >= 0, count <= bytes.endIndex - index else { throw Nonsense() }
    var values: [Value] = []
    for _ in 0..<count { values.append(try read(&self)) }
    return values
  }
}

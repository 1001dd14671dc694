/// Builds one line of JSON from the front to the back, without a tree.
package struct JSONOutput {
  package private(set) var bytes: [UInt8] = []
  private var needsComma = false

  package init() {}

  /// With room for so many bytes.
  package init(capacity: Int) { bytes.reserveCapacity(capacity) }

  /// How many bytes have been written.
  package var count: Int { bytes.count }

  package mutating func beginObject() { open("{") }
  package mutating func endObject() { close("}") }
  package mutating func beginArray() { open("[") }
  package mutating func endArray() { close("]") }

  package mutating func key(_ name: String) {
    separate()
    quote(name.utf8)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  package mutating func string(_ text: String) {
    separate()
    quote(text.utf8)
    needsComma = true
  }

  /// A key that needs no escapes.
  mutating func plainKey(_ name: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes UTF-8 bytes, which must be valid, as a string.
  package mutating func string(utf8 text: [UInt8]) {
    separate()
    quote(text)
    needsComma = true
  }

  package mutating func int(_ value: Int) {
    separate()
    needsComma = true
    guard value >= 0, value < 10_000_000_000 else { return bytes.append(contentsOf: String(value).utf8) }
    var divisor = 1
    while value / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
      divisor /= 10
    }
  }
  package mutating func bool(_ value: Bool) { literal(value ? "true" : "false") }

  /// A number with at most three digits behind the point.
  package mutating func number(_ value: Double) {
    let thousandths = (value * 1000).rounded()
    literal(thousandths.truncatingRemainder(dividingBy: 1000) == 0 ? "\(Int(value.rounded()))" : "\(thousandths / 1000)")
  }

  /// Writes a value that is JSON already.
  package mutating func raw(_ json: [UInt8]) {
    separate()
    bytes.append(contentsOf: json)
    needsComma = true
  }

  /// Ends a line of JSON Lines.
  package mutating func newline() { bytes.append(0x0A) }

  private mutating func literal(_ text: String) {
    separate()
    bytes.append(contentsOf: text.utf8)
    needsComma = true
  }

  private mutating func open(_ mark: Unicode.Scalar) {
    separate()
    bytes.append(UInt8(ascii: mark))
    needsComma = false
  }

  private mutating func close(_ mark: Unicode.Scalar) {
    bytes.append(UInt8(ascii: mark))
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = false
  }

  private mutating func quote(_ text: some Collection<UInt8>) {
    bytes.append(UInt8(ascii: "\""))
    let handled: Void? = text.withContiguousStorageIfAvailable { escape($0) }
    if handled == nil { Array(text).withUnsafeBufferPointer { escape($0) } }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Whether none of eight bytes needs an escape: all at once, by the test for a zero byte of "Hacker's Delight" (Warren), section 6-1. It may say
  /// no where the answer is yes.
  private static func isPlain(_ word: UInt64) -> Bool {
    let (ones, highs): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
    func hasZero(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & highs }
    let below = (word &- ones &* 0x20) & ~word & highs
    return below | hasZero(word ^ ones &* 0x22) | hasZero(word ^ ones &* 0x5C) | hasZero(word ^ ones &* 0x7F) == 0
  }

  private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
    var start = 0
    var next = 0
    while next < text.count {
      let index = next
      if index + 8 <= text.count, Self.isPlain(UnsafeRawPointer(text.baseAddress! + index).loadUnaligned(as: UInt64.self)) {
        next += 8
        continue
      }
      next += 1
      let byte = text[index]
      guard byte < 0x20 || byte == 0x22 || byte == 0x5C || byte == 0x7F else { continue }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
      start = index + 1
      switch byte {
      case 0x22: bytes.append(contentsOf: [0x5C, 0x22])
      case 0x5C: bytes.append(contentsOf: [0x5C, 0x5C])
      case 0x0A: bytes.append(contentsOf: [0x5C, UInt8(ascii: "n")])
      case 0x0D: bytes.append(contentsOf: [0x5C, UInt8(ascii: "r")])
      case 0x09: bytes.append(contentsOf: [0x5C, UInt8(ascii: "t")])
      default:
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 15)])
      }
    }
    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
  }
}

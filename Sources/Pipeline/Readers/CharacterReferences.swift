import CModels

/// Named and numeric character references, as the HTML standard decodes them.
package enum CharacterReferences {
  /// Names with their semicolon, or without one where the standard allows it, sorted by bytes; offsets into `text`.
  private static let table: (text: [UInt8], entries: [(name: Range<Int>, value: Range<Int>)]) = {
    let resource = cmodels_html_entities()
    let text = Array(UnsafeBufferPointer(start: resource.bytes, count: resource.size))
    var bytes: [UInt8] = []
    var entries: [(name: Range<Int>, value: Range<Int>)] = []
    for line in text.split(separator: 0x0A) where line.first != UInt8(ascii: "#") {
      let fields = line.split(separator: 0x09)
      guard fields.count == 2 else { continue }
      let nameStart = bytes.count
      bytes.append(contentsOf: fields[0])
      let valueStart = bytes.count
      for code in fields[1].split(separator: 0x20) {
        bytes.append(scalar: UInt32(String(decoding: code, as: UTF8.self), radix: 16) ?? 0xFFFD)
      }
      entries.append((nameStart..<valueStart, valueStart..<bytes.count))
    }
    entries.sort { bytes[$0.name].lexicographicallyPrecedes(bytes[$1.name]) }
    return (bytes, entries)
  }()

  /// The longest name of the standard, in bytes.
  private static let longestName = 32

  /// Decodes the reference whose `&` stands at `start`: calls `body` with its bytes and gives the place behind it; nil where none stands.
  /// - Parameter isAttribute: in attributes a name without semicolon before a letter, digit or `=` stays as it is.
  package static func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, isAttribute: Bool, _ body: (ArraySlice<UInt8>) -> Void
  ) -> Int? {
    var index = start + 1
    guard index < bytes.count else { return nil }
    if bytes[index] == UInt8(ascii: "#") { return decodeNumber(bytes, index + 1, body) }
    while index < bytes.count, index - start <= longestName, isAlphanumeric(bytes[index]) { index += 1 }
    if index < bytes.count, bytes[index] == UInt8(ascii: ";") { index += 1 }
    let table = table
    // The longest name that fits counts: `&notit;` is `¬it;`.
    while index > start + 2 {
      let name = UnsafeBufferPointer(rebasing: bytes[(start + 1)..<index])
      if let entry = find(name, table) {
        let isOpen = bytes[index - 1] != UInt8(ascii: ";")
        if isAttribute, isOpen, index < bytes.count, isAlphanumeric(bytes[index]) || bytes[index] == UInt8(ascii: "=") {
          return nil
        }
        body(table.text[table.entries[entry].value])
        return index
      }
      index -= 1
    }
    return nil
  }

  private static func find(
    _ name: UnsafeBufferPointer<UInt8>, _ table: (text: [UInt8], entries: [(name: Range<Int>, value: Range<Int>)])
  ) -> Int? {
    var low = 0
    var high = table.entries.count
    while low < high {
      let middle = (low + high) / 2
      if table.text[table.entries[middle].name].lexicographicallyPrecedes(name) { low = middle + 1 } else { high = middle }
    }
    return low < table.entries.count && table.text[table.entries[low].name].elementsEqual(name) ? low : nil
  }

  private static func decodeNumber(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ body: (ArraySlice<UInt8>) -> Void
  ) -> Int? {
    var index = start
    var value: UInt32 = 0
    let isHex = index < bytes.count && bytes[index] | 0x20 == UInt8(ascii: "x")
    if isHex { index += 1 }
    let first = index
    while index < bytes.count {
      let byte = bytes[index]
      let digit: UInt32
      switch byte {
      case 0x30...0x39: digit = UInt32(byte - 0x30)
      case 0x41...0x46 where isHex: digit = UInt32(byte - 0x41 + 10)
      case 0x61...0x66 where isHex: digit = UInt32(byte - 0x61 + 10)
      default: digit = .max
      }
      if digit == .max { break }
      value = min(value * (isHex ? 16 : 10) + digit, 0x110000)
      index += 1
    }
    guard index > first else { return nil }
    if index < bytes.count, bytes[index] == UInt8(ascii: ";") { index += 1 }
    if value == 0 || value > 0x10FFFF || value & 0xFFFF_F800 == 0xD800 { value = 0xFFFD }
    if value >= 0x80, value < 0xA0 { value = windows1252[Int(value - 0x80)] }
    var result: [UInt8] = []
    result.append(scalar: value)
    body(result[...])
    return index
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
  }

  /// What references to the C1 range mean to browsers: the characters of windows-1252.
  private static let windows1252: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0x8D, 0x17D, 0x8F, 0x90,
    0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E, 0x178,
  ]
}

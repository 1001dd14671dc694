import Glibc
import Pipeline

/// The article as JSON-LD has it.
enum StructuredBody {
  /// Where a word first stands.
  static func find(_ word: StaticString, in bytes: UnsafeRawBufferPointer) -> Int? {
    var at = 0
    while at + word.utf8CodeUnitCount <= bytes.count, let base = bytes.baseAddress,
      let found = memchr(base + at, Int32(word.utf8Start[0]), bytes.count - at - word.utf8CodeUnitCount + 1)
    {
      if memcmp(found, word.utf8Start, word.utf8CodeUnitCount) == 0 { return UnsafeRawPointer(found) - base }
      at = UnsafeRawPointer(found) - base + 1
    }
    return nil
  }

  /// The string behind the first `"articleBody":`, its escapes undone; nil when there is none of a paragraph's length.
  /// - Parameter limit: how much is read, in bytes.
  static func text(in json: [UInt8], limit: Int) -> [UInt8]? {
    let key = "\"articleBody\"" as StaticString
    return json.withUnsafeBytes { bytes -> [UInt8]? in
      guard let found = find(key, in: bytes) else { return nil }
      var index = found + key.utf8CodeUnitCount
      while index < bytes.count, UTF8Text.isSpace(bytes[index]) || bytes[index] == UInt8(ascii: ":") { index += 1 }
      guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { return nil }
      index += 1
      var end = index
      while end < bytes.count, end - index < limit, bytes[end] != UInt8(ascii: "\"") { end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1 }
      let result = unescaped(UnsafeRawBufferPointer(rebasing: bytes[index..<min(end, bytes.count)]))
      return result.count >= Containers.longBlock ? result : nil
    }
  }

  /// The text of a JSON string as it stands between its quotation marks. Valid UTF-8 stays valid; half a surrogate pair is U+FFFD.
  static func unescaped(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    func hex(_ at: Int) -> UInt32? {
      guard at + 6 <= bytes.count, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u") else { return nil }
      return UInt32(String(decoding: bytes[(at + 2)..<(at + 6)], as: UTF8.self), radix: 16)
    }
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
        result.append(bytes[index])
        index += 1
        continue
      }
      if let high = hex(index) {
        index += 6
        if high & 0xFC00 == 0xD800, let low = hex(index), low & 0xFC00 == 0xDC00 {
          index += 6
          result.append(scalar: 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        } else {
          result.append(scalar: high)
        }
        continue
      }
      switch bytes[index + 1] {
      case UInt8(ascii: "n"), UInt8(ascii: "r"): result.append(0x0A)
      case UInt8(ascii: "t"), UInt8(ascii: "b"), UInt8(ascii: "f"): result.append(0x20)
      case UInt8(ascii: "u"): result.append(scalar: 0xFFFD)
      // A backslash before a byte of a longer code point is one too many.
      case let byte: result.append(byte)
      }
      index += 2
    }
    return result
  }
}

import CSimdJSON

/// A JSON text read by simdjson into a flat list of tokens. Strings stay escaped until they are asked for.
///
/// One value serves one thread; the tokens are valid until the next `parse`.
package final class JSONReader {
  package enum Kind: UInt32 {
    case objectStart, objectEnd, arrayStart, arrayEnd, key, string, number, `true`, `false`, null
  }

  package struct Failure: Error {
    package let message: String
    /// In bytes; nil where the parser cannot tell.
    package let offset: Int?
    let isInvalidUTF8: Bool
  }

  private let parser = csimdjson_create()
  private(set) var bytes: [UInt8] = []
  private(set) var tokens: UnsafeBufferPointer<csimdjson_token> = .init(start: nil, count: 0)

  package init() {}

  deinit {
    csimdjson_destroy(parser)
  }

  /// Reads one text to its end.
  /// - Throws: `Failure`.
  package func parse(_ text: [UInt8]) throws(Failure) {
    bytes = text
    let length = text.count
    bytes.append(contentsOf: repeatElement(0x20, count: Int(CSIMDJSON_PADDING)))
    let result = bytes.withUnsafeBufferPointer { csimdjson_parse(parser, $0.baseAddress, length) }
    tokens = UnsafeBufferPointer(start: result.tokens, count: result.count)
    if let error = result.error {
      throw Failure(
        message: String(cString: error),
        offset: result.error_offset < 0 || result.error_offset > length ? nil : result.error_offset,
        isInvalidUTF8: result.invalid_utf8 != 0)
    }
  }

  package func kind(_ index: Int) -> Kind {
    Kind(rawValue: tokens[index].kind) ?? .null
  }

  func range(_ index: Int) -> Range<Int> {
    tokens[index].start..<tokens[index].end
  }

  /// The token behind the value that starts at `index`.
  package func end(of index: Int) -> Int {
    var depth = 0
    var next = index
    repeat {
      switch kind(next) {
      case .objectStart, .arrayStart: depth += 1
      case .objectEnd, .arrayEnd: depth -= 1
      default: break
      }
      next += 1
    } while depth > 0
    return next
  }

  /// The unescaped bytes of a string or key; nil for a bad escape. A lone surrogate becomes U+FFFD.
  package func unescaped(_ index: Int) -> [UInt8]? {
    bytes.withUnsafeBufferPointer {
      JSONEscapes.decode(UnsafeBufferPointer(rebasing: $0[range(index)]))
    }
  }

  /// The text of a string or key; nil for a bad escape.
  func string(_ index: Int) -> String? {
    unescaped(index).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The text of a token as it stands.
  func raw(_ index: Int) -> String {
    String(decoding: bytes[range(index)], as: UTF8.self)
  }
}

/// Escapes in JSON strings, by RFC 8259.
enum JSONEscapes {
  static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      var run = index
      while run < text.count, text[run] != UInt8(ascii: "\\") { run += 1 }
      result.append(contentsOf: UnsafeBufferPointer(rebasing: text[index..<run]))
      guard run < text.count else { break }
      guard run + 1 < text.count else { return nil }
      index = run + 2
      switch text[run + 1] {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(text[run + 1])
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "u"):
        guard var value = hex(text, index) else { return nil }
        index += 4
        if value & 0xFC00 == 0xD800, index + 1 < text.count, text[index] == UInt8(ascii: "\\"),
          text[index + 1] == UInt8(ascii: "u"), let low = hex(text, index + 2), low & 0xFC00 == 0xDC00
        {
          value = 0x10000 + (value & 0x3FF) << 10 + (low & 0x3FF)
          index += 6
        }
        result.append(scalar: value)
      default: return nil
      }
    }
    return result
  }

  private static func hex(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> UInt32? {
    guard start + 4 <= text.count else { return nil }
    var value: UInt32 = 0
    for byte in text[start..<start + 4] {
      switch byte {
      case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
      case 0x41...0x46: value = value << 4 | UInt32(byte - 0x41 + 10)
      case 0x61...0x66: value = value << 4 | UInt32(byte - 0x61 + 10)
      default: return nil
      }
    }
    return value
  }
}

extension [UInt8] {
  /// Appends a code point in UTF-8; U+FFFD for a surrogate or a number beyond Unicode.
  package mutating func append(scalar value: UInt32) {
    let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
    append(contentsOf: UTF8.encode(scalar)!)
  }
}

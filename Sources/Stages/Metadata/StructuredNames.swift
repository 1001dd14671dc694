import Pipeline

/// The names of schema.org's properties and types, as far as they are read.
extension StructuredData {
  static func key(_ name: UnsafeBufferPointer<UInt8>) -> Key {
    // Names differ in length and first letter nearly always: one comparison.
    for entry in keys[min(name.count, longestKey + 1)] where entry.name.elementsEqual(name) { return entry.key }
    return .other
  }

  private static let longestKey = 16

  private static let keys: [[(name: [UInt8], key: Key)]] = {
    let all: [(String, Key)] = [
      ("@type", .type), ("@id", .id), ("@graph", .graph), ("mainEntity", .mainEntity), ("mainEntityOfPage", .mainEntityOfPage),
      ("name", .name), ("headline", .headline), ("author", .author), ("creator", .creator), ("publisher", .publisher),
      ("datePublished", .datePublished), ("dateCreated", .dateCreated), ("uploadDate", .dateCreated), ("dateModified", .dateModified),
      ("articleSection", .section), ("keywords", .keywords), ("description", .description), ("image", .image), ("url", .url),
      ("givenName", .givenName), ("familyName", .familyName),
    ]
    var byLength = [[(name: [UInt8], key: Key)]](repeating: [], count: longestKey + 2)
    for (name, key) in all { byLength[name.utf8.count].append((Array(name.utf8), key)) }
    return byLength
  }()

  /// Types are told by their endings: schema.org names the more special before the more general.
  static func kind(_ name: UnsafeBufferPointer<UInt8>) -> Kind {
    // A type may be written as an address, or with a prefix.
    let start = name.lastIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "#") }.map { $0 + 1 } ?? 0
    let type = name[start...]
    for (ending, kind) in endings where type.count >= ending.count && type.suffix(ending.count).elementsEqual(ending) { return kind }
    return type.isEmpty ? .unknown : .other
  }

  private static let endings: [([UInt8], Kind)] = {
    let rows: [(Kind, [String])] = [
      (.other, ["JobPosting"]),
      (.article, ["Article", "Posting", "Report", "Recipe", "HowTo", "Question"]),
      (.page, ["Page"]),
      (.person, ["Person"]),
      (.organisation, ["Organization", "Organisation", "WebSite", "Business", "Corporation", "University", "Periodical", "Newspaper"]),
      (.work, ["CreativeWork", "Dataset", "Book", "Course", "SoftwareSourceCode", "Thesis", "Chapter", "Blog"]),
    ]
    return rows.flatMap { kind, names in names.map { (Array($0.utf8), kind) } }
  }()
}

/// Strings of JSON-LD.
enum JSONLDText {
  /// Decodes escapes, then the character references that many pages put into JSON, and folds white space. A bad escape stays as it is.
  static func decoded(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    let unescaped = text.contains(UInt8(ascii: "\\")) ? self.unescaped(text) : Array(text)
    let plain = unescaped.contains(UInt8(ascii: "&")) ? withoutReferences(unescaped) : unescaped
    var result: [UInt8] = []
    result.reserveCapacity(plain.count)
    WhiteSpace.appendFolded(plain[...], to: &result)
    while result.last == 0x20 { result.removeLast() }
    return UTF8Text.repaired(result)
  }

  private static func unescaped(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      guard text[index] == UInt8(ascii: "\\"), index + 1 < text.count else {
        result.append(text[index])
        index += 1
        continue
      }
      let escape = text[index + 1]
      index += 2
      switch escape {
      case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"), UInt8(ascii: "b"), UInt8(ascii: "f"): result.append(0x20)
      case UInt8(ascii: "u"):
        guard var value = hex(text, index) else {
          result.append(contentsOf: "\\u".utf8)
          continue
        }
        index += 4
        if value & 0xFC00 == 0xD800, index + 1 < text.count, text[index] == UInt8(ascii: "\\"), text[index + 1] == UInt8(ascii: "u"),
          let low = hex(text, index + 2), low & 0xFC00 == 0xDC00
        {
          value = 0x10000 + (value & 0x3FF) << 10 + (low & 0x3FF)
          index += 6
        }
        if value > 0 { result.append(scalar: value) }
      default: result.append(escape)
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
      case 0x41...0x46, 0x61...0x66: value = value << 4 | UInt32(byte | 0x20 - 0x61 + 10)
      default: return nil
      }
    }
    return value
  }

  private static func withoutReferences(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    text.withUnsafeBufferPointer { bytes in
      var index = 0
      while index < bytes.count {
        if bytes[index] == UInt8(ascii: "&"),
          let end = CharacterReferences.decode(bytes, at: index, isAttribute: true, { result.append(contentsOf: $0) })
        {
          index = end
        } else {
          result.append(bytes[index])
          index += 1
        }
      }
    }
    return result
  }
}

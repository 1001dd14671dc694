import Pipeline

/// The words that the class, id, role and name of an element are made of, as hashes.
enum ElementWords {
  /// Longer names are chains of utility classes, in bytes.
  private static let longestName = 240
  private static let named: [Attribute] = [.cls, .id, .role, .itemprop]

  /// Calls `body` with a hash for the tag, for each part of the names (`article`, `body` of `articleBody`), and for each whole name.
  ///
  /// Letters count in lower case; digits do not count: `post-1234` is `post`.
  static func read(_ page: Page, _ node: Int, _ body: (UInt32) -> Void) {
    body(finished(UInt32(page.nodes[node].tag.rawValue) &+ 1))
    let current = page.nodes[node]
    for index in Int(current.start)..<Int(current.stop) {
      let (name, value) = page.attributes[index]
      switch name {
      case .cls, .id, .role, .itemprop:
        let start = Int(value.lowerBound)
        let end = min(Int(value.upperBound), start + longestName)
        page.attributeText.withUnsafeBufferPointer { read($0, start..<end, name == .role || name == .itemprop, body) }
      case .hidden: body(finished(0x1001))
      case .ariaHidden: body(finished(0x1002))
      default: break
      }
    }
  }

  private static func read(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ isExact: Bool, _ body: (UInt32) -> Void) {
    let seed: UInt32 = isExact ? 0x1234_5678 : 0x811C_9DC5
    var part = seed
    var partLength = 0
    var whole = seed ^ 0x5555
    var parts = 0
    var wasLower = false
    for index in range.lowerBound...range.upperBound {
      let byte = index < range.upperBound ? bytes[index] : 0x20
      let lowered = byte | 0x20
      let isLetter = lowered >= 0x61 && lowered <= 0x7A || byte >= 0x80
      if !isLetter || (wasLower && byte < 0x60) {
        if partLength > 1 {
          body(finished(part))
          parts += 1
        }
        part = seed
        partLength = 0
      }
      if isLetter {
        part = (part ^ UInt32(lowered)) &* 0x0100_0193
        whole = (whole ^ UInt32(lowered)) &* 0x0100_0193
        partLength += 1
      } else if UTF8Text.isSpace(byte) {
        if parts > 1 { body(finished(whole)) }
        whole = seed ^ 0x5555
        parts = 0
      } else if byte == 0x2D || byte == 0x5F {
        whole = (whole ^ 0x2D) &* 0x0100_0193
      }
      wasLower = isLetter && byte >= 0x61
    }
  }

  /// Spreads the bits, so that the lower ones serve as an index.
  private static func finished(_ hash: UInt32) -> UInt32 {
    var hash = hash
    hash ^= hash >> 16
    hash = hash &* 0x7FEB_352D
    hash ^= hash >> 15
    hash = hash &* 0x846C_A68B
    return hash ^ (hash >> 16)
  }
}

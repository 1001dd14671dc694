import Pipeline

/// Tokens that are no words: marks, and addresses.
extension EntityTokenizer {
  func mark(_ start: Int, _ length: Int, _ value: UInt32, _ spaceBefore: Bool, _ tokens: inout EntityTokens) -> Int {
    var end = start + length
    let shape: EntityToken.Shape
    switch value {
    case 0x2E, 0x3002: shape = .stop
    case 0x2C, 0x3B: shape = .comma
    case 0x3A: shape = .colon
    case 0x21, 0x3F: shape = .question
    case 0x2D, 0x2010...0x2015: shape = .dash
    case 0x27, 0x2019:
      if let tail = clitic(behind: end) {
        shape = .apostropheS
        end = tail
      } else {
        shape = .quote
      }
    case 0x22, 0x60, 0x2018, 0x201A...0x201F, 0xAB, 0xBB: shape = .quote
    case 0x28, 0x5B, 0x7B: shape = .open
    case 0x29, 0x5D, 0x7D: shape = .close
    case 0x26: shape = .ampersand
    case 0x2F, 0x5C, 0x7C: shape = .slash
    case 0x40: shape = .at
    case 0x23: shape = .hash
    case 0x25: shape = .percent
    case 0x24, 0xA3, 0xA5, 0x20AC: shape = .currency
    default: shape = .other
    }
    // A run of one mark, and marks that join what stands before them, are one token.
    while end < bytes.count {
      let (next, width) = UTF8Text.scalar(at: end, in: bytes)
      guard next == value || next == 0x200D || (0xFE00...0xFE0F).contains(next) || (0x1F3FB...0x1F3FF).contains(next) else { break }
      end += width
    }
    var token = EntityToken()
    token.start = Int32(truncatingIfNeeded: offset + start)
    token.end = Int32(truncatingIfNeeded: offset + end)
    token.shape = shape
    token.lower = UInt32(truncatingIfNeeded: EntityHash.mix(EntityHash.seed, UInt64(shape == .apostropheS ? 0x27 : value)))
    token.exact = token.lower
    token.head = value
    token.tail = value
    if spaceBefore { token.flags.insert(.spaceBefore) }
    tokens.append(token)
    return end
  }

  /// Where the ending of a possessive or a shortened verb ends, if one begins at `start`, behind an apostrophe.
  @inline(__always)
  func clitic(behind start: Int) -> Int? {
    guard start < bytes.count, start > 0 else { return nil }
    let first = bytes[start] | 0x20
    let two = start + 1 < bytes.count ? bytes[start + 1] | 0x20 : 0
    let length: Int
    switch first {
    case UInt8(ascii: "s"), UInt8(ascii: "d"), UInt8(ascii: "m"), UInt8(ascii: "t"): length = 1
    case UInt8(ascii: "l") where two == UInt8(ascii: "l"): length = 2
    case UInt8(ascii: "r") where two == UInt8(ascii: "e"), UInt8(ascii: "v") where two == UInt8(ascii: "e"): length = 2
    default: return nil
    }
    return isWord(at: start + length) ? nil : start + length
  }

  /// An address of the net or of mail, up to white space or what quotes it.
  func address(_ start: Int, _ spaceBefore: Bool, _ tokens: inout EntityTokens) -> Int {
    var end = start
    while end < bytes.count {
      let byte = bytes[end]
      if kinds[Int(byte)] == .space || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "\"") { break }
      if byte < 0x80 {
        end += 1
        continue
      }
      let (value, length) = UTF8Text.scalar(at: end, in: bytes)
      if !table.class(value).contains(.word) { break }
      end += length
    }
    while end > start + 1,
      [UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ")"), UInt8(ascii: ";"), UInt8(ascii: ":")].contains(bytes[end - 1])
    {
      end -= 1
    }
    var token = EntityToken()
    token.start = Int32(truncatingIfNeeded: offset + start)
    token.end = Int32(truncatingIfNeeded: offset + end)
    token.shape = .address
    token.lower = 2
    token.exact = 2
    if spaceBefore { token.flags.insert(.spaceBefore) }
    tokens.append(token)
    return end
  }
}

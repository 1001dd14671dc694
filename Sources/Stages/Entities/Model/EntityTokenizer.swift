import Pipeline

/// Cuts a text into tokens. O(length).
///
/// Words end at hyphens and before "'s"; initials, dotted abbreviations, numbers and addresses are one token each. Tokens are made of whole
/// grapheme clusters as far as letters with their marks go.
struct EntityTokenizer {
  private let bytes: UnsafeBufferPointer<UInt8>
  /// What is added to places in `bytes` for places in the text.
  private let offset: Int
  private let table = CharacterTable.shared
  private let kinds = ByteKind.table
  /// Words longer than this are told apart by this much of them.
  private static let longest = 64
  private let lowered: UnsafeMutablePointer<UInt8>

  /// About how many tokens are made at once.
  static let most = 1 << 16

  /// Adds the tokens of a block; of a very long one a part, up to an end of a sentence if there is one.
  /// - Parameter range: the block in the text, or what is left of it.
  /// - Returns: where the rest of the block begins.
  static func tokenize(_ range: Range<Int>, of text: UnsafeBufferPointer<UInt8>, into tokens: inout EntityTokens) -> Int {
    let bytes = UnsafeBufferPointer(rebasing: text[range])
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: longest + 8) { buffer in
      var tokenizer = EntityTokenizer(bytes: bytes, offset: range.lowerBound, lowered: buffer.baseAddress!)
      let end = tokenizer.run(&tokens)
      tokens.endBlock()
      return range.lowerBound + end
    }
  }

  /// The hash of a word in lower case, as tokens have it.
  static func hash(ofWord word: String) -> UInt32 {
    var word = word
    return word.withUTF8 { bytes in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: longest + 8) { buffer in
        let tokenizer = EntityTokenizer(bytes: bytes, offset: 0, lowered: buffer.baseAddress!)
        let length = tokenizer.lower(0..<bytes.count)
        return EntityHash.word(buffer.baseAddress!, length)
      }
    }
  }

  private init(bytes: UnsafeBufferPointer<UInt8>, offset: Int, lowered: UnsafeMutablePointer<UInt8>) {
    self.bytes = bytes
    self.offset = offset
    self.lowered = lowered
  }

  private mutating func run(_ tokens: inout EntityTokens) -> Int {
    var index = 0
    var spaceBefore = true
    let first = tokens.count
    while index < bytes.count {
      let made = tokens.count - first
      if made >= Self.most, made >= 2 * Self.most || spaceBefore && tokens.base[tokens.count - 1].shape == .stop { return index }
      let byte = bytes[index]
      let kind = kinds[Int(byte)]
      if kind == .space {
        spaceBefore = true
        index += 1
        continue
      }
      if kind == .high {
        let (value, length) = UTF8Text.scalar(at: index, in: bytes)
        let set = table.class(value)
        if set.contains(.space) {
          spaceBefore = true
          index += length
          continue
        }
        if !set.contains(.word) {
          index = mark(index, length, value, spaceBefore, &tokens)
          spaceBefore = false
          continue
        }
        index = word(index, spaceBefore, &tokens)
      } else if kind == .mark {
        index = mark(index, 1, UInt32(byte), spaceBefore, &tokens)
      } else {
        index = word(index, spaceBefore, &tokens)
      }
      spaceBefore = false
    }
    return index
  }

  // MARK: Marks

  private func mark(_ start: Int, _ length: Int, _ value: UInt32, _ spaceBefore: Bool, _ tokens: inout EntityTokens) -> Int {
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
  private func clitic(behind start: Int) -> Int? {
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

  // MARK: Words

  @inline(__always)
  private func isWord(at index: Int) -> Bool {
    guard index < bytes.count else { return false }
    let kind = kinds[Int(bytes[index])]
    if kind != .high { return kind.rawValue >= ByteKind.lower.rawValue }
    return table.class(UTF8Text.scalar(at: index, in: bytes).0).contains(.word)
  }

  private mutating func word(_ start: Int, _ spaceBefore: Bool, _ tokens: inout EntityTokens) -> Int {
    var uppers = 0
    var lowers = 0
    var digits = 0
    var others = 0
    var startsUpper = false
    var index = start
    var dots = 0
    scan: while index < bytes.count {
      switch kinds[Int(bytes[index])] {
      case .lower:
        lowers += 1
        index += 1
      case .upper:
        if index == start { startsUpper = true }
        uppers += 1
        index += 1
      case .digit:
        digits += 1
        index += 1
      case .high:
        let (value, length) = UTF8Text.scalar(at: index, in: bytes)
        let set = table.class(value)
        if value == 0x2019, let next = apostrophe(index, 3, start) {
          index = next
          continue
        }
        if !set.contains(.word) {
          guard set.contains(.ignored), index > start else { break scan }
        } else if set.contains(.upper) {
          if index == start { startsUpper = true }
          uppers += 1
        } else if set.contains(.lower) {
          lowers += 1
        } else {
          others += 1
        }
        index += length
      case .mark:
        let byte = bytes[index]
        if byte == UInt8(ascii: "'"), let next = apostrophe(index, 1, start) {
          index = next
          continue
        }
        if byte == UInt8(ascii: "."), index + 1 < bytes.count, joinsDot(index, start, digits: digits, letters: uppers + lowers, dots) {
          dots += 1
          index += 1
          continue
        }
        if byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":"), digits > 0, uppers + lowers + others == 0, index + 1 < bytes.count,
          kinds[Int(bytes[index + 1])] == .digit
        {
          index += 1
          continue
        }
        if byte == UInt8(ascii: "@"), isWord(at: index + 1) {
          return address(start, spaceBefore, &tokens)
        }
        if byte == UInt8(ascii: ":"), index + 2 < bytes.count, bytes[index + 1] == UInt8(ascii: "/"), bytes[index + 2] == UInt8(ascii: "/")
        {
          return address(start, spaceBefore, &tokens)
        }
        break scan
      case .space: break scan
      }
    }
    var shape: EntityToken.Shape
    let letters = uppers + lowers
    if letters + others == 0 {
      shape = .number
    } else if digits > 0 {
      shape = .digitsAndLetters
    } else if others > letters {
      shape = .caseless
    } else if uppers == 0 {
      shape = .lower
    } else if dots > 0, uppers > 0, letters == dots || letters == dots + 1 {
      shape = .initials
    } else if lowers == 0 {
      shape = uppers == 1 ? .oneCapital : .upper
    } else if !startsUpper {
      shape = .lowerWithCapital
    } else {
      shape = uppers == 1 ? .capitalised : .innerCapital
    }
    if bytes[start] | 0x20 == UInt8(ascii: "w"), dots > 0, index - start > 4, isWebName(start) {
      return address(start, spaceBefore, &tokens)
    }
    let length = lower(start..<index)
    var hash = EntityHash.word(lowered, length)
    if index < bytes.count, bytes[index] == UInt8(ascii: "."), shape != .number {
      let isAbbreviation = uppers > 0 && index - start <= 6
      if isAbbreviation, EntityAbbreviations.closing.contains(hash) {
        shape = .abbreviation
        index += 1
      } else if shape == .oneCapital || isAbbreviation && EntityAbbreviations.opening.contains(hash) {
        // "Malcolm X. Then" and "Amartya Sen. The" end a name and a sentence.
        let before = tokens.base[tokens.count - 1]
        let ends = spaceBefore && before.isCapital && endsText(behind: index + 1)
        _ = lower(start..<index)
        if !ends {
          shape = shape == .oneCapital ? .initials : .abbreviation
          index += 1
        }
      } else if shape == .initials {
        index += 1
      }
    }
    if length == 0 { hash = 1 }
    var token = EntityToken()
    token.start = Int32(truncatingIfNeeded: offset + start)
    token.end = Int32(truncatingIfNeeded: offset + index)
    token.lower = hash
    token.shape = shape
    // As it is written: the lower case, and where the capitals are as far as the shape tells.
    token.exact = EntityHash.phrase(hash, UInt32(shape.rawValue))
    let eight = UnsafeRawPointer(lowered)
    token.head = eight.loadUnaligned(as: UInt32.self).littleEndian & (length >= 4 ? .max : (1 << UInt32(8 * length) - 1))
    token.tail =
      length >= 4
      ? eight.loadUnaligned(fromByteOffset: length - 4, as: UInt32.self).bigEndian
      : eight.loadUnaligned(as: UInt32.self).bigEndian >> UInt32(8 * (4 - length))
    if spaceBefore { token.flags.insert(.spaceBefore) }
    tokens.append(token)
    return index
  }

  /// Whether the text ends at a place, or goes on with a word that begins sentences and no names. Writes over `lowered`.
  private func endsText(behind start: Int) -> Bool {
    var index = start
    while index < bytes.count, kinds[Int(bytes[index])] == .space { index += 1 }
    let first = index
    while index < bytes.count, index - first < 12, kinds[Int(bytes[index])].rawValue >= ByteKind.lower.rawValue { index += 1 }
    if first == bytes.count { return true }
    guard index > first, first > start, kinds[Int(bytes[first])] == .upper else { return false }
    return EntityContext.startingWords.contains(EntityHash.word(lowered, lower(first..<index)))
  }

  /// Where a word goes on behind an apostrophe within it, as in O'Neill; nil where it ends.
  @inline(__always)
  private func apostrophe(_ index: Int, _ width: Int, _ start: Int) -> Int? {
    guard index > start, isWord(at: index + width), clitic(behind: index + width) == nil else { return nil }
    return index + width
  }

  /// Whether a full stop is within a word: in numbers, between initials, and in names of the net such as example.org.
  @inline(__always)
  private func joinsDot(_ index: Int, _ start: Int, digits: Int, letters: Int, _ dots: Int) -> Bool {
    let next = kinds[Int(bytes[index + 1])]
    if digits > 0, letters == 0 { return next == .digit }
    if letters == dots + 1, next == .upper || next == .lower {
      // A letter and a dot, again and again.
      return index + 2 >= bytes.count || bytes[index + 2] == UInt8(ascii: ".") || !isWord(at: index + 2) && dots > 0
    }
    guard next == .lower, index - start >= 2 else { return false }
    var end = index + 1
    while end < bytes.count, kinds[Int(bytes[end])] == .lower, end - index <= 7 { end += 1 }
    return end - index >= 3 && end - index <= 7 && !isWord(at: end)
  }

  private func isWebName(_ start: Int) -> Bool {
    start + 4 < bytes.count && bytes[start + 1] | 0x20 == UInt8(ascii: "w") && bytes[start + 2] | 0x20 == UInt8(ascii: "w")
      && bytes[start + 3] == UInt8(ascii: ".")
  }

  /// An address of the net or of mail, up to white space or what quotes it.
  private func address(_ start: Int, _ spaceBefore: Bool, _ tokens: inout EntityTokens) -> Int {
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

  /// Writes a word in lower case to `lowered`, and gives its length there. The three bytes behind it are 0.
  @inline(__always)
  private func lower(_ range: Range<Int>) -> Int {
    var length = 0
    var index = range.lowerBound
    while index < range.upperBound, length < Self.longest - 4 {
      let byte = bytes[index]
      if byte < 0x80 {
        lowered[length] = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
        length += 1
        index += 1
        continue
      }
      let (value, width) = UTF8Text.scalar(at: index, in: bytes)
      index += width
      if table.class(value).contains(.ignored) { continue }
      length += UTF8Text.write(table.fold(value), to: lowered + length)
    }
    for index in length..<(length + 4) { lowered[index] = 0 }
    return length
  }
}

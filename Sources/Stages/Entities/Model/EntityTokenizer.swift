import Pipeline

/// Cuts a text into tokens. O(length).
///
/// Words end at hyphens and before "'s"; initials, dotted abbreviations, numbers and addresses are one token each. Tokens are made of whole
/// grapheme clusters as far as letters with their marks go.
struct EntityTokenizer {
  let bytes: UnsafeBufferPointer<UInt8>
  /// What is added to places in `bytes` for places in the text.
  let offset: Int
  let table = CharacterTable.shared
  let kinds = ByteKind.table
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

  @inline(__always)
  func isWord(at index: Int) -> Bool {
    guard index < bytes.count else { return false }
    let kind = kinds[Int(bytes[index])]
    if kind != .high { return kind.rawValue >= ByteKind.lower.rawValue }
    return table.class(UTF8Text.scalar(at: index, in: bytes).0).contains(.word)
  }

  private mutating func word(_ start: Int, _ spaceBefore: Bool, _ tokens: inout EntityTokens) -> Int {
    var letters = LetterCounts()
    var index = start
    scan: while index < bytes.count {
      switch kinds[Int(bytes[index])] {
      case .lower:
        letters.lowers += 1
        index += 1
      case .upper:
        if index == start { letters.startsUpper = true }
        letters.uppers += 1
        index += 1
      case .digit:
        letters.digits += 1
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
          if index == start { letters.startsUpper = true }
          letters.uppers += 1
        } else if set.contains(.lower) {
          letters.lowers += 1
        } else {
          letters.others += 1
        }
        index += length
      case .mark:
        let byte = bytes[index]
        if byte == UInt8(ascii: "'"), let next = apostrophe(index, 1, start) {
          index = next
          continue
        }
        if byte == UInt8(ascii: "."), index + 1 < bytes.count, joinsDot(index, start, letters) {
          letters.dots += 1
          index += 1
          continue
        }
        if byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":"), letters.digits > 0, letters.cased + letters.others == 0,
          index + 1 < bytes.count,
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
    var shape = letters.shape
    if bytes[start] | 0x20 == UInt8(ascii: "w"), letters.dots > 0, index - start > 4, isWebName(start) {
      return address(start, spaceBefore, &tokens)
    }
    let length = lower(start..<index)
    var hash = EntityHash.word(lowered, length)
    if index < bytes.count, bytes[index] == UInt8(ascii: "."), shape != .number {
      let isAbbreviation = letters.uppers > 0 && index - start <= 6
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
  private func joinsDot(_ index: Int, _ start: Int, _ letters: LetterCounts) -> Bool {
    let next = kinds[Int(bytes[index + 1])]
    if letters.digits > 0, letters.cased == 0 { return next == .digit }
    if letters.cased == letters.dots + 1, next == .upper || next == .lower {
      // A letter and a dot, again and again.
      return index + 2 >= bytes.count || bytes[index + 2] == UInt8(ascii: ".") || !isWord(at: index + 2) && letters.dots > 0
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

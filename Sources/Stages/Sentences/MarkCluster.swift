import Pipeline

/// A run of marks that end a sentence together, the quotation marks and brackets that close with it, and references behind it: `?!`, `.”`, `. . .`, `.[3]`.
struct MarkCluster {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let characters: SentenceCharacters
  private let isInQuotation: Bool
  private var isSpaced = false
  private(set) var end = 0
  private(set) var marks = 0
  private(set) var closing = SentenceCandidate.Closing.none
  private(set) var isEllipsis = false
  /// Three stops that are set apart from each other; more end a sentence.
  private(set) var isOmission = false
  private(set) var isQuestion = false
  /// The last mark is one of scripts without spaces.
  private(set) var isWide = false

  init(_ bytes: UnsafeBufferPointer<UInt8>, _ characters: SentenceCharacters, isInQuotation: Bool) {
    self.bytes = bytes
    self.characters = characters
    self.isInQuotation = isInQuotation
  }

  mutating func read(at start: Int) {
    end = start
    var stops = 0
    while end < bytes.count {
      let (value, width) = UTF8Text.scalar(at: end, in: bytes)
      let traits = characters.traits(value)
      if traits.contains(.terminator) || end == start {
        marks += 1
        stops += value == 0x2E ? 1 : value == 0x2026 ? 3 : 0
        isWide = traits.contains(.wide)
        if value == 0x3F || value == 0xFF1F || value == 0x061F { isQuestion = true }
        end += width
      } else if closes(value, traits, behind: end + width) {
        let isQuote = traits.contains(.quote)
        closing = closing == .none ? isQuote ? .quote : .bracket : .both
        end += width
      } else if traits.contains(.space), value != 0x0A, let next = spaced(start, end + width) {
        end = next
      } else {
        break
      }
    }
    isEllipsis = stops > 1 && !isQuestion
    isOmission = isSpaced && stops == 3
    readReferences(start)
  }

  /// Whether a character closes what the marks end.
  private func closes(_ value: UInt32, _ traits: SentenceCharacters.Traits, behind: Int) -> Bool {
    guard traits.contains(.closer) else { return false }
    if !traits.contains(.opener) { return true }
    switch value {
    case 0x201D, 0xBB, 0x203A: return true
    case 0x22 where isInQuotation: return true
    default:
      // An opening mark has a word behind it.
      let (next, width) = UTF8Text.scalar(at: behind, in: bytes)
      return width == 0 || characters.traits(next).isDisjoint(with: .word) && (next != 0x28)
    }
  }

  /// What goes on behind a space: `. . .`, and a closing mark that is set apart as in `. »` and `. ''`.
  private mutating func spaced(_ start: Int, _ place: Int) -> Int? {
    let (value, width) = UTF8Text.scalar(at: place, in: bytes)
    let behind = place + width
    let (next, nextWidth) = UTF8Text.scalar(at: behind, in: bytes)
    let isApart = nextWidth == 0 || !characters.traits(next).isDisjoint(with: [.space, .terminator])
    switch value {
    case 0x2E:
      guard bytes[end - 1] == 0x2E, bytes[end] == 0x20, isApart || characters.traits(next).contains(.closer) else { return nil }
      if marks == 1, beginsNext(start, place) { return nil }
      isSpaced = true
      return place
    case 0xBB, 0x201D, 0x203A: return nextWidth == 0 || characters.traits(next).isDisjoint(with: .word) ? place : nil
    case 0x22: return isApart && isInQuotation ? place : nil
    case 0x27: return next == 0x27 && place + 2 <= bytes.count && isSpaceOrEnd(place + 2) ? place : nil
    default: return nil
    }
  }

  private func isSpaceOrEnd(_ place: Int) -> Bool {
    place >= bytes.count || UTF8Text.isSpace(bytes[place])
  }

  /// Whether the stops that are set apart behind a word's own belong to the sentence that follows: `word. . . . The`.
  private func beginsNext(_ start: Int, _ place: Int) -> Bool {
    guard start > 0, !UTF8Text.isSpace(bytes[start - 1]) else { return false }
    var index = place
    var count = 0
    while index < bytes.count, bytes[index] == 0x2E || bytes[index] == 0x20 {
      if bytes[index] == 0x2E { count += 1 }
      index += 1
    }
    return count == 3 && characters.traits(UTF8Text.scalar(at: index, in: bytes).0).contains(.upper) && bytes[index - 1] == 0x20
  }

  /// `[3]`, `[4] [5]`, and bare numbers as they are left of superscripts.
  private mutating func readReferences(_ start: Int) {
    var place = end
    while place < bytes.count {
      var index = place
      if bytes[index] == 0x20 { index += 1 }
      if index < bytes.count, bytes[index] == 0x5B {
        var inner = index + 1
        while inner < bytes.count, inner - index < 8,
          bytes[inner] >= 0x30 && bytes[inner] <= 0x39 || bytes[inner] == 0x2C || bytes[inner] == 0x2D
        {
          inner += 1
        }
        // An omission belongs to what it follows.
        if inner == index + 1 {
          if bytes[inner...].starts(with: "...]".utf8) { inner += 3 } else if bytes[inner...].starts(with: "\u{2026}]".utf8) { inner += 3 }
        }
        guard inner > index + 1, inner < bytes.count, bytes[inner] == 0x5D else { break }
        place = inner + 1
        closing = .note
        continue
      }
      let (value, width) = UTF8Text.scalar(at: place, in: bytes)
      guard value == 0xB9 || value == 0xB2 || value == 0xB3 || value >= 0x2070 && value <= 0x2079 else { break }
      place += width
      closing = .note
    }
    if closing == .none, let bare = bareNumbers(start) {
      place = bare
      closing = .note
    }
    end = place
  }

  /// Behind `word.11 12` before a capital.
  private func bareNumbers(_ start: Int) -> Int? {
    guard marks == 1, bytes[start] == 0x2E, start > 1 else { return nil }
    let before = UTF8Text.scalar(before: start, in: bytes).0
    guard before == 0x29 || characters.traits(before).contains(.lower) else { return nil }
    var index = end
    var isNumber = false
    var digits = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte >= 0x30, byte <= 0x39 {
        digits += 1
        isNumber = true
        if digits > 3 { return nil }
      } else if isNumber, byte == 0x20 || byte == 0x2C {
        digits = 0
        isNumber = false
        if byte == 0x20, index + 1 < bytes.count, bytes[index + 1] < 0x30 || bytes[index + 1] > 0x39 { break }
      } else {
        break
      }
      index += 1
    }
    guard index > end, index < bytes.count, bytes[index] == 0x20 else { return nil }
    return characters.traits(UTF8Text.scalar(at: index + 1, in: bytes).0).contains(.upper) ? index : nil
  }
}

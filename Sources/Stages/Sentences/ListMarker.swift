import Pipeline

/// The number, letter or bullet that an item of a list begins with: `1.`, `2)`, `(a)`, `iv.`, `•`.
struct ListMarker: Equatable {
  enum Style: UInt8 {
    case numberStop, numberBracket, numberBoth, numberInBrackets
    case letterStop, letterBracket, letterInBrackets
    case romanStop, romanBracket, romanInBrackets
    case bullet
  }

  let style: Style
  /// The number; the code of the letter or bullet.
  let value: Int
  /// Behind the marker.
  let end: Int

  /// Whether a marker may begin here, by its first two bytes: words do not.
  @inline(__always)
  static func mayBegin(at start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard start + 1 < bytes.count else { return false }
    let (first, second) = (bytes[start], bytes[start + 1])
    guard first | 0x20 >= 0x61, first | 0x20 <= 0x7A else { return first >= 0x80 || first >= 0x30 && first <= 0x39 || first == 0x28 }
    // A letter and what follows it in a marker: a stop, a bracket, or another roman digit.
    return second == 0x2E || second == 0x29 || second == 0x69 || second == 0x76 || second == 0x78 || second >= 0x80
  }

  /// Reads a marker that white space or the end follows.
  init?(at start: Int, in bytes: UnsafeBufferPointer<UInt8>, _ characters: SentenceCharacters) {
    var index = start
    guard index < bytes.count else { return nil }
    let first = bytes[index]
    if first >= 0x80 {
      let (value, width) = UTF8Text.scalar(at: index, in: bytes)
      guard characters.traits(value).contains(.bullet) else { return nil }
      var end = index + width
      // A number behind the bullet belongs to it.
      var number = end
      while number < bytes.count, UTF8Text.isSpace(bytes[number]) { number += 1 }
      if number < bytes.count, bytes[number] < 0x80, let inner = ListMarker(at: number, in: bytes, characters) { end = inner.end }
      self.init(style: .bullet, value: Int(value), end: end)
      return
    }
    let isInBrackets = first == 0x28
    if isInBrackets { index += 1 }
    var number = 0
    var romans = 0
    let from = index
    while index < bytes.count, index - from < 5 {
      let byte = bytes[index]
      if byte >= 0x30, byte <= 0x39 {
        if romans > 0 { return nil }
        number = number * 10 + Int(byte & 0x0F)
      } else if byte | 0x20 >= 0x61, byte | 0x20 <= 0x7A {
        if index - from > romans { return nil }
        romans += 1
      } else {
        break
      }
      index += 1
    }
    let length = index - from
    guard length > 0, index < bytes.count else { return nil }
    let hasStop = bytes[index] == 0x2E
    if hasStop { index += 1 }
    let (bracket, width) = UTF8Text.scalar(at: index, in: bytes)
    let hasBracket = bracket == 0x29 || bracket == 0xFF09
    if hasBracket { index += width }
    guard hasStop != hasBracket || !isInBrackets && romans == 0 && hasBracket, isInBrackets ? hasBracket && !hasStop : true else {
      return nil
    }
    guard index == bytes.count || UTF8Text.isSpace(bytes[index]) || bracket == 0xFF09 else { return nil }
    if romans == 0 {
      guard length <= 3 else { return nil }
      self.init(
        style: isInBrackets ? .numberInBrackets : hasBracket ? hasStop ? .numberBoth : .numberBracket : .numberStop, value: number,
        end: index)
    } else if length == 1 {
      // "J. R. Smith" is no list.
      guard hasBracket || bytes[from] >= 0x61 else { return nil }
      self.init(
        style: isInBrackets ? .letterInBrackets : hasBracket ? .letterBracket : .letterStop, value: Int(bytes[from]), end: index)
    } else {
      guard let roman = Self.roman(bytes[from..<(from + length)]) else { return nil }
      self.init(style: isInBrackets ? .romanInBrackets : hasBracket ? .romanBracket : .romanStop, value: roman, end: index)
    }
  }

  private init(style: Style, value: Int, end: Int) {
    self.style = style
    self.value = value
    self.end = end
  }

  /// What one to five of the digits i, v and x say, in lower case.
  private static func roman(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
    var total = 0
    var last = 0
    for byte in digits.reversed() {
      let value: Int
      switch byte {
      case 0x69: value = 1
      case 0x76: value = 5
      case 0x78: value = 10
      default: return nil
      }
      total += value < last ? -value : value
      last = max(last, value)
    }
    return total
  }

  /// Whether this marker can come next after another in the same list.
  func follows(_ other: ListMarker) -> Bool {
    if style == other.style { return style == .bullet ? value == other.value : value == other.value + 1 }
    // "i." is a letter until "ii." comes.
    switch (other.style, style) {
    case (.letterStop, .romanStop), (.letterBracket, .romanBracket), (.letterInBrackets, .romanInBrackets):
      return other.value == 0x69 && value == 2
    default: return false
    }
  }
}

/// The list that is being read, if any.
struct ListMarkers {
  private var last: ListMarker?

  /// How far ahead the next item is looked for, in bytes.
  private static let reach = 500
  /// How far behind a failure nothing is looked for, in bytes: so that a text of nothing but markers is read a bounded number of times.
  private static let pause = 32
  private var nextLook = 0

  mutating func open(_ marker: ListMarker) { last = marker }

  func isNext(_ marker: ListMarker) -> Bool { last.map(marker.follows) ?? false }

  /// Whether the item that a marker begins is followed by another. Not looked for again soon behind a place where none was found.
  mutating func isFollowed(_ marker: ListMarker, in bytes: UnsafeBufferPointer<UInt8>, _ characters: SentenceCharacters) -> Bool {
    guard marker.end >= nextLook else { return false }
    var index = marker.end
    let end = min(bytes.count, index + Self.reach)
    while index < end {
      if UTF8Text.isSpace(bytes[index]), let next = ListMarker(at: index + 1, in: bytes, characters), next.follows(marker) { return true }
      index += 1
    }
    nextLook = marker.end + Self.pause
    return false
  }
}

import Pipeline

/// A line as word lists see it: lower case, plain quotes, white space folded, nothing around it.
///
/// One value serves for many lines: its memory is kept from one `fold` to the next, and `bytes` is valid until then.
struct FoldedLine: ~Copyable {
  /// A place where a phrase may begin: a word, a character of a script without spaces, or a mark.
  struct Start {
    /// In `bytes`.
    let offset: Int32
    /// In the text that was folded.
    let source: Int32
  }

  private(set) var bytes = UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)
  private(set) var starts = UnsafeMutableBufferPointer<Start>(start: nil, count: 0)
  /// Runs of characters between white space; scripts without spaces count a word for every two characters.
  private(set) var wordCount = 0
  /// The part without marks, arrows, counts and brackets at its ends.
  private(set) var core = 0..<0
  /// Whether the line ends as a sentence does.
  private(set) var endsSentence = false
  /// Whether it opens with a quotation mark or the dash of speech.
  private(set) var opensQuotation = false
  private(set) var hasDigit = false

  private var storage: UnsafeMutablePointer<UInt8>
  private var places: UnsafeMutablePointer<Start>
  /// Of both.
  private var capacity: Int
  private let table = CharacterTable.shared

  init() {
    capacity = 1024
    storage = .allocate(capacity: capacity)
    places = .allocate(capacity: capacity)
  }

  init(_ text: some Collection<UInt8>) {
    self.init()
    Array(text).withUnsafeBufferPointer { fold($0) }
  }

  deinit {
    storage.deallocate()
    places.deallocate()
  }

  /// Takes another line. O(length).
  mutating func fold(_ text: UnsafeBufferPointer<UInt8>) {
    // A code point's lower case has one byte more at most.
    let needed = text.count + text.count / 2 + 8
    if needed > capacity {
      storage.deallocate()
      places.deallocate()
      capacity = needed * 2
      storage = .allocate(capacity: capacity)
      places = .allocate(capacity: capacity)
    }
    var placeCount = 0
    var sawDigit = false
    let storage = storage
    let table = table
    let places = places
    var length = 0
    var words = 0
    var wide = 0
    var isInWord = false
    // Whether the run of characters since the last white space is counted as a word.
    var isCounted = false
    var wasSpace = true
    var index = 0
    while index < text.count {
      let source = index
      // Words of ASCII and single spaces between them are most of most texts.
      let letter = table.asciiWord[Int(text[index])]
      if letter != 0 {
        if !isInWord {
          places[placeCount] = Start(offset: Int32(truncatingIfNeeded: length), source: Int32(truncatingIfNeeded: index))
          placeCount += 1
          isInWord = true
          if !isCounted { words += 1 }
          isCounted = true
          wasSpace = false
        }
        sawDigit = sawDigit || letter < 0x3A
        storage[length] = letter
        length += 1
        index += 1
        continue
      }
      var value = UInt32(text[index])
      var kind = CharacterTable.Class.space
      if value == 0x20 {
        index += 1
      } else if value < 0x80 {
        index += 1
        kind = table.class(value)
        value = table.fold(value)
      } else {
        let width: Int
        (value, width) = UTF8Text.scalar(at: index, in: text)
        index += width
        kind = table.class(value)
        if kind.contains(.ignored) { continue }
        value = table.fold(value)
        sawDigit = sawDigit || value >= 0x30 && value <= 0x39
      }
      if kind.contains(.space) {
        if !wasSpace {
          storage[length] = 0x20
          length += 1
        }
        wasSpace = true
        isInWord = false
        isCounted = false
        continue
      }
      wasSpace = false
      let isWord = kind.contains(.word)
      if !isInWord || !isWord || kind.contains(.wide) {
        places[placeCount] = Start(offset: Int32(length), source: Int32(source))
        placeCount += 1
      }
      isInWord = isWord && !kind.contains(.wide)
      if kind.contains(.wide) {
        if isWord { wide += 1 }
        isCounted = false
      } else if !isCounted, isWord || value == 0xA9 {
        words += 1
        isCounted = true
      }
      length += UTF8Text.write(value, to: storage + length)
    }
    if length > 0, storage[length - 1] == 0x20 { length -= 1 }
    bytes = UnsafeMutableBufferPointer(start: storage, count: length)
    starts = UnsafeMutableBufferPointer(start: places, count: placeCount)
    hasDigit = sawDigit
    wordCount = words + (wide + 1) / 2
    findEnds()
  }

  private mutating func findEnds() {
    let buffer = UnsafeBufferPointer(bytes)
    let (first, width) = UTF8Text.scalar(at: 0, in: buffer)
    // A dash and a space open speech in many languages.
    let isSpeech = (0x2013...0x2015).contains(first) && width < buffer.count && buffer[width] == 0x20
    opensQuotation = isSpeech || [0x22, 0xAB, 0x27, 0x300C, 0x300E, 0x2039].contains(first)
    var end = buffer.count
    endsSentence = false
    while end > 0 {
      let (value, length) = UTF8Text.scalar(before: end, in: buffer)
      guard [0x22, 0x27, 0x29, 0x5D, 0xBB, 0x300D, 0x300F].contains(value) else {
        endsSentence = SentenceMarks.ends(value)
        break
      }
      end -= length
    }
    end = buffer.count
    while end > 0 {
      let (value, length) = UTF8Text.scalar(before: end, in: buffer)
      let isDigit = value >= 0x30 && value <= 0x39
      if table.class(value).contains(.word), !isDigit { break }
      end -= length
    }
    var start = 0
    while start < end {
      let (value, length) = UTF8Text.scalar(at: start, in: buffer)
      if table.class(value).contains(.word) || value == 0xA9 { break }
      start += length
    }
    core = start..<max(start, end)
  }

  /// How many words stand in a part of the line; marks alone are none.
  func words(in range: Range<Int>) -> Int {
    let buffer = UnsafeBufferPointer(bytes)
    var words = 0
    var wide = 0
    var isCounted = false
    var index = range.lowerBound
    while index < range.upperBound {
      let (value, length) = UTF8Text.scalar(at: index, in: buffer)
      index += length
      let kind = table.class(value)
      if kind.contains(.wide) {
        if kind.contains(.word) { wide += 1 }
        isCounted = false
      } else if value == 0x20 {
        isCounted = false
      } else if !isCounted, kind.contains(.word) || value == 0xA9 {
        words += 1
        isCounted = true
      }
    }
    return words + (wide + 1) / 2
  }

  /// Whether a phrase that begins at one of `starts` ends where a word does; Hangul endings may follow freely.
  @inline(__always)
  func endsWord(_ end: Int) -> Bool {
    // The most common case first: a space behind the phrase.
    end < bytes.count && bytes[end] == 0x20 || WordBorder.endsWord(end, in: UnsafeBufferPointer(bytes))
  }

  /// The place in the folded text's source of a place in `bytes` where a phrase may begin; nil for another place.
  func source(of offset: Int) -> Int? {
    starts.first { $0.offset == offset }.map { Int($0.source) }
  }

  /// Takes a list's entry.
  mutating func fold(_ entry: String) {
    var entry = entry
    entry.withUTF8 { fold($0) }
  }
}

/// Borders of words.
enum WordBorder {
  /// Whether a phrase that ends before `end` does not break off inside a word. Han and kana need no border; Hangul endings may follow freely.
  static func endsWord(_ end: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard end < bytes.count, end > 0 else { return true }
    let table = CharacterTable.shared
    guard table.class(UTF8Text.scalar(at: end, in: bytes).0).contains(.word) else { return true }
    let (last, _) = UTF8Text.scalar(before: end, in: bytes)
    let kind = table.class(last)
    return !kind.contains(.word) || kind.contains(.wide) || last >= 0xAC00 && last <= 0xD7A3
  }
}

/// Marks at the ends of sentences.
enum SentenceMarks {
  /// Full stops, exclamation and question marks of all scripts, and the ellipsis.
  @inline(__always)
  static func ends(_ value: UInt32) -> Bool {
    switch value {
    case 0x2E, 0x21, 0x3F, 0x2026, 0x3002, 0xFF01, 0xFF0E, 0xFF1F, 0x061F, 0x06D4, 0x0964, 0x0965, 0x0589, 0x1362: true
    default: false
    }
  }
}

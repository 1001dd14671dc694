import Pipeline

/// Finds dates as people write them, in the languages of the word lists, in folded text.
///
/// Understood are `5 March 2024` and `March 5, 2024` with the marks and small words of each language, `2024-03-05`, `5.3.2024`, `3/5/2024`,
/// and the signs of Chinese, Japanese and Korean behind the numbers. A date without a year is none.
struct DateText: Sendable {
  struct Found {
    let day: CalendarDay
    /// In the folded text.
    let range: Range<Int>
  }

  let words: MetadataWords
  /// Whether 3/5/2024 is in May.
  let isDayFirst: Bool
  let window: DateWindow

  /// - Parameter language: of the page. English outside the United States writes the day first, as the other languages do.
  init(_ words: MetadataWords, language: String?, window: DateWindow) {
    self.words = words
    self.window = window
    guard let language, !language.isEmpty else {
      isDayFirst = false
      return
    }
    isDayFirst = !language.hasPrefix("en") || Self.dayFirstEnglish.contains(language)
  }

  private static let dayFirstEnglish: Set<String> = ["en-au", "en-gb", "en-ie", "en-in", "en-nz", "en-sg", "en-uk", "en-za"]

  /// The first date of a text. O(length).
  /// - Parameters:
  ///   - allowsShortYears: whether 5.3.24 is a date.
  ///   - isInWindow: whether dates outside the window are passed over.
  func first(in bytes: UnsafeBufferPointer<UInt8>, allowsShortYears: Bool = false, isInWindow: Bool = true) -> Found? {
    var scan = Scan(bytes: bytes, words: words, isDayFirst: isDayFirst, allowsShortYears: allowsShortYears, window: window)
    var index = 0
    while index < bytes.count {
      let isDigit = PageDate.isDigit(bytes[index])
      let length = Scan.letter(at: index, in: bytes)
      guard isDigit || length > 0 else {
        index += 1
        continue
      }
      let found = isDigit ? scan.numberFirst(at: index) : scan.monthFirst(at: index)
      if let found, !isInWindow || window.contains(found.day) { return found }
      // On to the next number or word.
      if isDigit {
        while index < bytes.count, PageDate.isDigit(bytes[index]) { index += 1 }
      } else {
        index += length
        while case let next = Scan.letter(at: index, in: bytes), next > 0 { index += next }
      }
    }
    return nil
  }
}

/// Reads one date at a place.
private struct Scan {
  let bytes: UnsafeBufferPointer<UInt8>
  let words: MetadataWords
  let isDayFirst: Bool
  let allowsShortYears: Bool
  let window: DateWindow
  private var index = 0

  init(bytes: UnsafeBufferPointer<UInt8>, words: MetadataWords, isDayFirst: Bool, allowsShortYears: Bool, window: DateWindow) {
    self.bytes = bytes
    self.words = words
    self.isDayFirst = isDayFirst
    self.allowsShortYears = allowsShortYears
    self.window = window
  }

  /// The length of the letter that begins at a place; 0 where none does.
  static func letter(at index: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    guard index < bytes.count else { return 0 }
    if bytes[index] < 0x80 { return ASCII.isLetter(bytes[index]) ? 1 : 0 }
    let (value, length) = UTF8Text.scalar(at: index, in: bytes)
    return CharacterTable.shared.class(value).contains(.word) ? length : 0
  }

  mutating func numberFirst(at start: Int) -> DateText.Found? {
    index = start
    guard let first = number() else { return nil }
    let afterFirst = index
    switch first.digits {
    case 4:
      if let day = numbers(year: first.value) ?? signs(year: first.value) { return found(day, start) }
      // 2024 March 5, 2024年 is done.
      index = afterFirst
      skip(".,")
      guard let month = month() else { return nil }
      skip(".,")
      guard let day = number(), day.digits <= 2 else { return nil }
      return found(CalendarDay(first.value, month, day.value), start)
    case 1, 2:
      if let day = numbers(day: first.value) { return found(day, start) }
      index = afterFirst
      skipOrdinal()
      skip(".,-/")
      skipFillers()
      guard let month = month() else { return nil }
      // Months of two names: تموز/يوليو.
      let afterMonth = index
      skip("/")
      if self.month() == nil { index = afterMonth }
      skip(".,-/'")
      skipFillers()
      guard let year = year(allowsShort: allowsShortYears) else { return nil }
      return found(CalendarDay(year, month, first.value), start)
    default: return nil
    }
  }

  mutating func monthFirst(at start: Int) -> DateText.Found? {
    index = start
    guard let month = month() else { return nil }
    skip(".-/")
    guard let day = number(), day.digits <= 2 else { return nil }
    skipOrdinal()
    let afterDay = index
    skip(",.-/")
    if let year = year(allowsShort: false) { return found(CalendarDay(year, month, day.value), start) }
    // As Java writes it: Dec 19 16:00:00 UTC 2025.
    index = afterDay
    skip(",")
    guard number() != nil, at(UInt8(ascii: ":")) else { return nil }
    while index < bytes.count, PageDate.isDigit(bytes[index]) || bytes[index] == UInt8(ascii: ":") { index += 1 }
    skip("")
    while index < bytes.count, ASCII.isLetter(bytes[index]) { index += 1 }
    skip("")
    guard let year = year(allowsShort: false) else { return nil }
    return found(CalendarDay(year, month, day.value), start)
  }

  private func found(_ day: CalendarDay?, _ start: Int) -> DateText.Found? {
    day.map { DateText.Found(day: $0, range: start..<index) }
  }

  // MARK: Numbers

  /// 2024-03-05, 2024. 3. 5.
  private mutating func numbers(year: Int) -> CalendarDay? {
    let before = index
    guard index < bytes.count, let mark = mark(), let month = spacedNumber(), month.digits <= 2, at(mark), let day = spacedNumber(),
      day.digits <= 2
    else {
      index = before
      return nil
    }
    return CalendarDay(year, month.value, day.value)
  }

  /// 5.3.2024 has the day first, 5/3/2024 as the language has it, and 25/3/2024 leaves no choice.
  private mutating func numbers(day first: Int) -> CalendarDay? {
    let before = index
    guard index < bytes.count, let mark = mark(), let second = spacedNumber(), second.digits <= 2, at(mark) else {
      index = before
      return nil
    }
    skipSpaces()
    guard let year = year(allowsShort: allowsShortYears), !(at(mark) && index < bytes.count && PageDate.isDigit(bytes[index])) else {
      index = before
      return nil
    }
    let dayFirst = CalendarDay(year, second.value, first)
    let monthFirst = CalendarDay(year, first, second.value)
    let (wanted, other) = mark == UInt8(ascii: ".") || isDayFirst ? (dayFirst, monthFirst) : (monthFirst, dayFirst)
    guard let wanted else { return other }
    // A reading in the future is the wrong one.
    if !window.contains(wanted), let other, window.contains(other) { return other }
    return wanted
  }

  /// 2024年3月5日, 2024년 3월 5일.
  private mutating func signs(year: Int) -> CalendarDay? {
    skipSpaces()
    guard sign("年", "년"), let month = spacedNumber(), month.digits <= 2 else { return nil }
    skipSpaces()
    guard sign("月", "월"), let day = spacedNumber(), day.digits <= 2 else { return nil }
    _ = sign("日", "일")
    return CalendarDay(year, month.value, day.value)
  }

  private mutating func number() -> (value: Int, digits: Int)? {
    let start = index
    var value = 0
    while index < bytes.count, PageDate.isDigit(bytes[index]) {
      if index - start < 9 { value = value * 10 + Int(bytes[index] - 0x30) }
      index += 1
    }
    return index > start ? (value, index - start) : nil
  }

  private mutating func spacedNumber() -> (value: Int, digits: Int)? {
    skipSpaces()
    return number()
  }

  private mutating func year(allowsShort: Bool) -> Int? {
    let start = index
    guard let year = number() else { return nil }
    if year.digits == 4 { return year.value }
    // An hour is no year.
    if year.digits == 2, allowsShort, index >= bytes.count || bytes[index] != UInt8(ascii: ":") {
      return year.value < 70 ? 2000 + year.value : 1900 + year.value
    }
    index = start
    return nil
  }

  // MARK: Words and marks

  private mutating func month() -> Int? {
    guard let found = words.longest(.month, at: index, in: bytes) else { return nil }
    index = found.end
    return Int(found.meaning.month)
  }

  /// "of", "de" and the like.
  private mutating func skipFillers() {
    for _ in 0..<2 {
      guard let found = words.longest(.filler, at: index, in: bytes) else { return }
      index = found.end
      skip("'")
    }
  }

  /// "5th", "1er", "5º".
  private mutating func skipOrdinal() {
    let start = index
    while index < bytes.count, index - start < 3, ASCII.isLetter(bytes[index]) { index += 1 }
    if index - start > 2 { index = start }
    if index + 1 < bytes.count, bytes[index] == 0xC2, bytes[index + 1] == 0xBA || bytes[index + 1] == 0xAA { index += 2 }
  }

  private mutating func mark() -> UInt8? {
    switch bytes[index] {
    case UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "."):
      index += 1
      return bytes[index - 1]
    default: return nil
    }
  }

  private mutating func at(_ byte: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func sign(_ signs: StaticString...) -> Bool {
    for sign in signs where index + sign.utf8CodeUnitCount <= bytes.count {
      let text = UnsafeBufferPointer(start: sign.utf8Start, count: sign.utf8CodeUnitCount)
      if bytes[index..<index + text.count].elementsEqual(text) {
        index += text.count
        return true
      }
    }
    return false
  }

  private mutating func skipSpaces() { skip("") }

  /// Passes over spaces and marks.
  private mutating func skip(_ marks: StaticString) {
    let marks = UnsafeBufferPointer(start: marks.utf8Start, count: marks.utf8CodeUnitCount)
    while index < bytes.count, bytes[index] == 0x20 || marks.contains(bytes[index]) { index += 1 }
  }
}

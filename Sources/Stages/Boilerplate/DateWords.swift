import Pipeline

/// Tells a line that is nothing but a date from a sentence with a date in it.
struct DateWords: Sendable {
  /// Longer lines are no date lines, in runs of digits and of letters.
  private static let mostRuns = 24
  private static let years = 1900...2099

  /// Months, days of the week, time zones and the words between them, folded.
  private let words: PhraseTrie

  init(_ words: PhraseList) {
    self.words = PhraseTrie(words)
  }

  struct Found {
    let end: Int
    /// Without a year it may be a time of today, or a date of any year.
    let hasYear: Bool
  }

  /// A date that begins at `start`: numbers, date words and marks as far as they go; nil where there is none.
  ///
  /// A year and words are no date: "World Cup 2022" is a headline. O(length of the date).
  func date(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Found? {
    var index = start
    var runs = 0
    var numbers = 0
    var words = 0
    var sawYear = false
    var sawTime = false
    var end = start
    while index < bytes.count, runs < Self.mostRuns {
      let (value, length) = UTF8Text.scalar(at: index, in: bytes)
      guard UTF8Text.isWord(value) else {
        index += length
        continue
      }
      runs += 1
      let start = index
      if isDigit(value) {
        // 21:30, 06h41, 6.55: two numbers with a mark or letter between them.
        let between = numbers > 0 && start - end <= 2 && end < start ? bytes[end] | 0x20 : 0
        if between == UInt8(ascii: ":") || between == UInt8(ascii: ".") || between == UInt8(ascii: "h") { sawTime = true }
        var year = 0
        while index < bytes.count, isDigit(UInt32(bytes[index])) {
          if index - start < 4 { year = year * 10 + Int(bytes[index] - 0x30) }
          index += 1
        }
        numbers += 1
        sawYear = sawYear || index - start == 4 && Self.years.contains(year)
        end = index
        continue
      }
      // A run of Han is taken apart: 月 and 日 stand between digits, but 午前 is a word.
      while index < bytes.count {
        let (next, length) = UTF8Text.scalar(at: index, in: bytes)
        if !UTF8Text.isWord(next) || isDigit(next) { break }
        index += length
      }
      guard self.words.phrase(equalTo: start..<index, in: bytes) != nil else { break }
      words += 1
      end = index
    }
    if sawYear, numbers >= 3 || numbers == 2 && words > 0 { return Found(end: end, hasYear: true) }
    // Without a year: a time of day beside a date word, or a number among several of them, as in "2 hours ago".
    return numbers >= 1 && (sawTime && words >= 1 || words >= 2) ? Found(end: end, hasYear: false) : nil
  }

  private func isDigit(_ value: UInt32) -> Bool { value >= 0x30 && value <= 0x39 }
}

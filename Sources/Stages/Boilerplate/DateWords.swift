import Pipeline

/// Tells a line that is nothing but a date from a sentence with a date in it.
struct DateWords: Sendable {
  /// Longer lines are no date lines, in runs of digits and of letters.
  private static let mostRuns = 24
  private static let years = 1900...2099

  /// Months, days of the week, time zones and the words between them, folded.
  private let words: Set<[UInt8]>

  init(_ words: Set<[UInt8]>) {
    self.words = words
  }

  /// Whether a folded line holds a year, another number, and otherwise only date words and marks.
  ///
  /// A year and words are no date: "World Cup 2022" is a headline. O(length).
  func isDateLine(_ line: [UInt8]) -> Bool {
    guard line.contains(where: { $0 >= 0x30 && $0 <= 0x39 }) else { return false }
    return line.withUnsafeBufferPointer { bytes in
      var index = 0
      var runs = 0
      var numbers = 0
      var words = 0
      var sawYear = false
      while index < bytes.count {
        let (value, length) = UTF8Text.scalar(at: index, in: bytes)
        guard UTF8Text.isWord(value) else {
          index += length
          continue
        }
        runs += 1
        guard runs <= Self.mostRuns else { return false }
        let start = index
        if isDigit(value) {
          while index < bytes.count, isDigit(UInt32(bytes[index])) { index += 1 }
          numbers += 1
          if index - start == 4, let year = Int(String(decoding: bytes[start..<index], as: UTF8.self)) {
            sawYear = sawYear || Self.years.contains(year)
          }
          continue
        }
        // A run of Han is taken apart: 月 and 日 stand between digits, but 午前 is a word.
        while index < bytes.count {
          let (next, length) = UTF8Text.scalar(at: index, in: bytes)
          if !UTF8Text.isWord(next) || isDigit(next) { break }
          index += length
        }
        guard self.words.contains(Array(bytes[start..<index])) else { return false }
        words += 1
      }
      return sawYear && (numbers >= 3 || numbers == 2 && words > 0)
    }
  }

  private func isDigit(_ value: UInt32) -> Bool { value >= 0x30 && value <= 0x39 }
}

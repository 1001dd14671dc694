/// Lines that hold no letters: rules drawn with characters, and counters of galleries.
enum LayoutLine {
  /// The longest counter, such as `12/148`, in bytes.
  private static let longestCounter = 9

  /// What the characters of a line say; nil for one that may be content, such as a figure in a column.
  static func judge(_ line: [UInt8]) -> LineJudge.Finding? {
    if line.count >= 3, line.allSatisfy({ $0 == UInt8(ascii: "_") }) { return LineJudge.Finding(kind: .byline, rule: "rule-line") }
    return isCounter(line) ? LineJudge.Finding(kind: .caption, rule: "gallery-counter") : nil
  }

  /// "3/12" or "3 / 12": the first number is not larger than the second.
  private static func isCounter(_ line: [UInt8]) -> Bool {
    guard line.count <= longestCounter else { return false }
    let parts = line.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count == 2 else { return false }
    let numbers = parts.compactMap { Int(String(decoding: $0, as: UTF8.self).filter { $0 != " " }) }
    return numbers.count == 2 && numbers[0] >= 1 && numbers[0] <= numbers[1]
  }
}

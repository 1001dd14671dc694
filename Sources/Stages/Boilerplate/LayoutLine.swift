/// Lines that hold no letters: rules drawn with characters, and counters of galleries.
enum LayoutLine {
  /// The longest counter, such as `12/148`, in bytes.
  private static let longestCounter = 9

  /// "____", which agencies set above the credits of their reporters.
  static func isRule(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    line.count >= 3 && line.allSatisfy { $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "*") }
  }

  /// "1 2 3 4 Next": numbers that count from one, and at most two words.
  static func isPagination(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    guard line.count <= 80, line.first == UInt8(ascii: "1") else { return false }
    var next = 1
    var words = 0
    for part in line.split(whereSeparator: { $0 == 0x20 || $0 == UInt8(ascii: "|") }) {
      if Int(String(decoding: part, as: UTF8.self)) == next { next += 1 } else { words += 1 }
    }
    return next >= 4 && words <= 2
  }

  /// "3/12" or "3 / 12": the first number is not larger than the second. A figure in a column is none.
  static func isCounter(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    guard line.count <= longestCounter, line.first.map({ $0 >= 0x30 && $0 <= 0x39 }) == true else { return false }
    let parts = line.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count == 2 else { return false }
    let numbers = parts.compactMap { Int(String(decoding: $0, as: UTF8.self).filter { $0 != " " }) }
    return numbers.count == 2 && numbers[0] >= 1 && numbers[0] <= numbers[1]
  }
}

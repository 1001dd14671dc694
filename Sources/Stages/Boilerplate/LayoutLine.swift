/// Lines that hold no letters: rules drawn with characters, and counters of galleries.
enum LayoutLine {
  /// The longest counter, such as `12/148`, in bytes.
  private static let longestCounter = 9

  /// "____", which agencies set above the credits of their reporters.
  static func isRule(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    line.count >= 3 && line.allSatisfy { $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "*") }
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

/// Sizes in bytes as people write them.
public enum Size {
  /// Reads "64MB", "1 GiB", "4096"; decimal units are powers of 1000, binary ones of 1024. Nil when it is none, zero or too large.
  public static func parse(_ text: String) -> Int? {
    let text = text.filter { $0 != " " }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(digits), number > 0 else { return nil }
    let units = [
      "": 1, "B": 1, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "KIB": 1 << 10, "MIB": 1 << 20,
      "GIB": 1 << 30,
    ]
    guard let unit = units[text.dropFirst(digits.count).uppercased()] else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: unit)
    return overflow || bytes > largest ? nil : bytes
  }

  /// Nothing is larger, so that sums of sizes do not overflow: a terabyte.
  public static let largest = 1_000_000_000_000

  /// Writes a size with the largest unit that leaves a whole number.
  public static func format(_ bytes: Int) -> String {
    for (unit, size) in [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000)] where bytes >= size && bytes % size == 0 {
      return "\(bytes / size) \(unit)"
    }
    return "\(bytes) bytes"
  }
}

/// Lengths of time as people write them.
public enum Milliseconds {
  /// Reads "10s", "500ms", "2m", "1h"; nil when it is none, zero or longer than a week.
  public static func parse(_ text: String) -> Int? {
    let text = text.filter { $0 != " " }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let units = ["ms": 1, "s": 1000, "m": 60_000, "min": 60_000, "h": 3_600_000]
    guard let number = Int(digits), number > 0, let unit = units[text.dropFirst(digits.count).lowercased()] else { return nil }
    let (milliseconds, overflow) = number.multipliedReportingOverflow(by: unit)
    return overflow || milliseconds > longest ? nil : milliseconds
  }

  private static let longest = 7 * 24 * 3_600_000

  /// Writes a time with the largest unit that leaves a whole number.
  public static func format(_ milliseconds: Int) -> String {
    for (unit, length) in [("h", 3_600_000), ("min", 60_000), ("s", 1000)] where milliseconds >= length && milliseconds % length == 0 {
      return "\(milliseconds / length) \(unit)"
    }
    return "\(milliseconds) ms"
  }
}

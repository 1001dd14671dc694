/// Cuts the rows out of comma- or tab-separated values (RFC 4180): a quoted field may hold line breaks.
struct RowSplitter {
  enum Row {
    case row([UInt8])
    /// Longer than the limit, and skipped to its end.
    case tooLong
    /// A quoted field that is never closed: the rest of the file is one row.
    case endless
  }

  static let patience = 16

  private var window: ByteWindow
  private let limit: Int
  private let isQuoted: Bool

  /// - Parameter isQuoted: whether quotes protect line breaks; they do not in tab-separated values.
  init(_ source: any ByteSource, limit: Int, isQuoted: Bool) {
    window = ByteWindow(source)
    self.limit = limit
    self.isQuoted = isQuoted
  }

  /// The next row without its line end; nil at the end.
  /// - Throws: `IOError`.
  mutating func next() throws -> Row? {
    var length = 0
    var quoted = false
    var row: [UInt8] = []
    var skipped = 0
    guard try window.ensure(1) else { return nil }
    while true {
      while length < window.count {
        let byte = window[length]
        if byte == UInt8(ascii: "\""), isQuoted { quoted.toggle() }
        if byte == UInt8(ascii: "\n"), !quoted { break }
        length += 1
      }
      let isEnd = length < window.count
      if skipped == 0, row.count + length <= limit {
        row.append(contentsOf: window[0..<length])
      } else {
        skipped += row.count + length
        row = []
      }
      window.drop(length + (isEnd ? 1 : 0))
      length = 0
      if skipped > limit * Self.patience { return .endless }
      if isEnd { break }
      guard try window.ensure(1) else { break }
    }
    if row.last == UInt8(ascii: "\r") { row.removeLast() }
    return skipped > 0 ? .tooLong : .row(row)
  }

  /// The fields of a row, quotes undone. O(length).
  static func fields(_ row: [UInt8], separator: UInt8, isQuoted: Bool) -> [[UInt8]] {
    var fields: [[UInt8]] = [[]]
    var index = 0
    var quoted = false
    while index < row.count {
      let byte = row[index]
      if isQuoted, byte == UInt8(ascii: "\"") {
        if quoted, index + 1 < row.count, row[index + 1] == byte {
          fields[fields.count - 1].append(byte)
          index += 1
        } else if quoted || fields[fields.count - 1].isEmpty {
          quoted.toggle()
        } else {
          // A quote in the middle of a field is a character like any other.
          fields[fields.count - 1].append(byte)
        }
      } else if byte == separator, !quoted {
        fields.append([])
      } else {
        fields[fields.count - 1].append(byte)
      }
      index += 1
    }
    return fields
  }

  /// What separates the fields of a comma-separated header: a semicolon where decimals have commas.
  static func separator(ofHeader row: [UInt8]) -> UInt8 {
    let commas = row.count { $0 == UInt8(ascii: ",") }
    return row.count { $0 == UInt8(ascii: ";") } > commas ? UInt8(ascii: ";") : UInt8(ascii: ",")
  }
}

/// A row of separated values with what is needed to read it.
struct RowFrame: Sendable {
  let bytes: [UInt8]
  let header: [String]
  let separator: UInt8
  let isQuoted: Bool
}

import Pipeline

/// A date as a page tells it: a day, and the time when the page gives it with its zone.
struct PageDate: Equatable, Sendable {
  let day: CalendarDay
  /// `THH:MM` or `THH:MM:SS` and the zone; empty without a zone.
  let time: String

  /// As ISO 8601 writes it. The day is the page's own: it is not moved to another zone.
  var text: String { day.text + time }

  init(_ day: CalendarDay, time: String = "") {
    self.day = day
    self.time = time
  }

  /// Longer values are no dates.
  private static let longest = 200

  /// Reads a value that is meant to be a date: ISO 8601 with or without marks, seconds or milliseconds since 1970, RFC 822, or a date as
  /// people write it.
  /// - Parameter line: memory to work in.
  init?(_ value: some Collection<UInt8>, _ dates: DateText, _ line: inout FoldedLine) {
    guard value.count <= Self.longest else { return nil }
    let bytes = Array(value.drop { !Self.isDigit($0) && !($0 >= 0x41) })
    let found = bytes.withUnsafeBufferPointer { Self.machine($0) }
    if let found {
      self = found
      return
    }
    let day = bytes.withUnsafeBufferPointer { text -> (CalendarDay, String)? in
      line.fold(text)
      let folded = UnsafeBufferPointer(line.bytes)
      guard let found = dates.first(in: folded, allowsShortYears: true, isInWindow: false) else { return nil }
      return (found.day, Self.timeInText(folded, from: found.range.upperBound))
    }
    guard let day else { return nil }
    self.init(day.0, time: day.1)
  }

  // MARK: What machines write

  private static func machine(_ text: UnsafeBufferPointer<UInt8>) -> PageDate? {
    let digits = count(of: text, from: 0)
    switch digits {
    case 4:
      guard text.count >= 8, text[4] == UInt8(ascii: "-") || text[4] == UInt8(ascii: "/") else { return nil }
      let month = count(of: text, from: 5)
      let dayStart = 5 + month + 1
      guard month == 1 || month == 2, dayStart < text.count, text[5 + month] == text[4] else { return nil }
      let dayDigits = count(of: text, from: dayStart)
      guard dayDigits == 1 || dayDigits == 2,
        let day = CalendarDay(number(text, 0, 4), number(text, 5, month), number(text, dayStart, dayDigits))
      else { return nil }
      return PageDate(day, time: time(text, from: dayStart + dayDigits))
    case 8, 14:
      guard let day = CalendarDay(number(text, 0, 4), number(text, 4, 2), number(text, 6, 2)) else { return nil }
      return PageDate(day, time: digits == 8 ? compactTime(text, from: 8) : "")
    case 10, 13:
      guard digits == text.count else { return nil }
      let value = number(text, 0, digits)
      return CalendarDay(secondsSince1970: digits == 13 ? value / 1000 : value).map { PageDate($0) }
    default: return nil
    }
  }

  /// A time behind a day, `T06:30:00.000+0100`; empty where there is none, or none with a zone.
  private static func time(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> String {
    var index = start
    while index < text.count, text[index] == 0x20 || text[index] | 0x20 == UInt8(ascii: "t") { index += 1 }
    guard index > start else { return "" }
    return clock(text, from: index)
  }

  /// `HH:MM`, `HH:MM:SS` or `HH:MM:SS.fff` with a zone behind it.
  private static func clock(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> String {
    let hourDigits = count(of: text, from: start)
    let colon = start + hourDigits
    guard hourDigits == 1 || hourDigits == 2, colon + 2 < text.count, text[colon] == UInt8(ascii: ":"),
      count(of: text, from: colon + 1) == 2
    else { return "" }
    let hour = number(text, start, hourDigits)
    let minute = number(text, colon + 1, 2)
    guard hour < 24, minute < 60 else { return "" }
    var result = "T\(CalendarDay.padded(hour)):\(CalendarDay.padded(minute))"
    var index = colon + 3
    if index + 2 < text.count, text[index] == UInt8(ascii: ":"), count(of: text, from: index + 1) == 2 {
      let second = number(text, index + 1, 2)
      guard second <= 60 else { return "" }
      result += ":\(CalendarDay.padded(second))"
      index += 3
      if index < text.count, text[index] == UInt8(ascii: ".") || text[index] == UInt8(ascii: ",") {
        index += 1
        while index < text.count, isDigit(text[index]) { index += 1 }
      }
    }
    guard let zone = zone(text, from: index) else { return "" }
    return result + zone
  }

  /// `T063000Z`.
  private static func compactTime(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> String {
    guard start < text.count, text[start] | 0x20 == UInt8(ascii: "t"), count(of: text, from: start + 1) == 6 else { return "" }
    let (hour, minute, second) = (number(text, start + 1, 2), number(text, start + 3, 2), number(text, start + 5, 2))
    guard hour < 24, minute < 60, second <= 60, let zone = zone(text, from: start + 7) else { return "" }
    return "T\(CalendarDay.padded(hour)):\(CalendarDay.padded(minute)):\(CalendarDay.padded(second))\(zone)"
  }

  /// `Z`, `+01:00` and what pages write for them; nil where no zone stands.
  private static func zone(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> String? {
    var index = start
    while index < text.count, text[index] == 0x20 { index += 1 }
    guard index < text.count else { return nil }
    let first = text[index]
    if first | 0x20 == UInt8(ascii: "z") { return "Z" }
    if first == UInt8(ascii: "+") || first == UInt8(ascii: "-") {
      let digits = count(of: text, from: index + 1)
      guard digits == 4 || digits == 2 else { return nil }
      let hours = number(text, index + 1, 2)
      var minutes = digits == 4 ? number(text, index + 3, 2) : 0
      if digits == 2, index + 3 < text.count, text[index + 3] == UInt8(ascii: ":"), count(of: text, from: index + 4) == 2 {
        minutes = number(text, index + 4, 2)
      }
      guard hours <= 14, minutes < 60 else { return nil }
      return (first == UInt8(ascii: "+") ? "+" : "-") + "\(CalendarDay.padded(hours)):\(CalendarDay.padded(minutes))"
    }
    guard index + 3 <= text.count else { return nil }
    let name = text[index..<index + 3].map { $0 | 0x20 }
    return name.elementsEqual("utc".utf8) || name.elementsEqual("gmt".utf8) ? "Z" : nil
  }

  /// The time of RFC 822, which stands behind its date: "10 Jun 2003 04:00:00 GMT".
  private static func timeInText(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> String {
    var index = start
    while index < text.count, text[index] == 0x20 || text[index] == UInt8(ascii: ",") { index += 1 }
    return clock(text, from: index)
  }

  // MARK: Digits

  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  /// How many digits stand at a place.
  private static func count(of text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var index = start
    while index < text.count, isDigit(text[index]) { index += 1 }
    return max(0, index - start)
  }

  /// - Precondition: digits stand there, 18 at most.
  private static func number(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> Int {
    text[start..<start + count].reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }
}

/// Dates in addresses.
enum AddressDate {
  /// The date in the path of an address: `/2023/04/05/`, `/2023-04-05-`, `20230405`; nil where none in the window stands.
  static func date(_ address: some Collection<UInt8>, in window: DateWindow) -> CalendarDay? {
    let bytes = Array(address.prefix(1000))
    var index = 0
    while index < bytes.count {
      guard PageDate.isDigit(bytes[index]) else {
        index += 1
        continue
      }
      var runs: [Range<Int>] = []
      var end = index
      // Runs of digits with one mark between them.
      while runs.count < 4 {
        let start = end
        while end < bytes.count, PageDate.isDigit(bytes[end]) { end += 1 }
        if end == start { break }
        runs.append(start..<end)
        guard end + 1 < bytes.count, isMark(bytes[end]), PageDate.isDigit(bytes[end + 1]) else { break }
        end += 1
      }
      let isFree = index > 0 && isMark(bytes[index - 1]) && (end == bytes.count || isMark(bytes[end]) || bytes[end] == UInt8(ascii: "."))
      if isFree, let first = runs.first {
        let digits = runs.map(\.count)
        var day: CalendarDay?
        if digits[0] == 8 {
          day = CalendarDay(
            number(bytes, first.lowerBound..<first.lowerBound + 4), number(bytes, first.lowerBound + 4..<first.lowerBound + 6),
            number(bytes, first.lowerBound + 6..<first.upperBound))
        } else if runs.count >= 3, digits[0] == 4, (1...2).contains(digits[1]), (1...2).contains(digits[2]) {
          day = CalendarDay(number(bytes, first), number(bytes, runs[1]), number(bytes, runs[2]))
        }
        if let day, window.contains(day) { return day }
      }
      index = max(end, index + 1)
    }
    return nil
  }

  private static func isMark(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "/") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }

  private static func number(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
    bytes[range].prefix(9).reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }
}

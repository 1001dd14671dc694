import Glibc

/// A day of the Gregorian calendar that exists.
struct CalendarDay: Equatable, Comparable, Sendable {
  let year: Int
  let month: Int
  let day: Int

  /// Nil for a day that no calendar has, such as 30 February.
  init?(_ year: Int, _ month: Int, _ day: Int) {
    guard (1000...9999).contains(year), (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year) else { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  /// The day of a moment in UTC. The conversion is Howard Hinnant's `civil_from_days`.
  /// - Parameter seconds: since 1970; nil for a moment outside the years 1000 to 9999.
  init?(secondsSince1970 seconds: Int) {
    guard abs(seconds) < 300_000_000_000 else { return nil }
    let days = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400 + 719_468
    let era = (days >= 0 ? days : days - 146_096) / 146_097
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    self.init(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }

  static func < (a: Self, b: Self) -> Bool {
    (a.year, a.month, a.day) < (b.year, b.month, b.day)
  }

  /// As ISO 8601 writes it.
  var text: String { "\(year)-\(Self.padded(month))-\(Self.padded(day))" }

  /// The day behind this one.
  var next: CalendarDay {
    CalendarDay(year, month, day + 1) ?? CalendarDay(year, month + 1, 1) ?? CalendarDay(year + 1, 1, 1) ?? self
  }

  static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

/// The days on which a page can have been published.
struct DateWindow: Sendable {
  /// Pages are not older than the Web as a medium of news: earlier dates are those of what a page tells about, or of a clock that was not
  /// set.
  static let earliest = CalendarDay(1995, 1, 1)!

  let latest: CalendarDay

  /// - Parameter today: in UTC. A day of slack is given for pages from places where it is tomorrow already.
  init(today: CalendarDay) {
    latest = today.next
  }

  /// Up to the day on the system's clock.
  static var now: DateWindow { DateWindow(today: CalendarDay(secondsSince1970: time(nil)) ?? earliest) }

  func contains(_ day: CalendarDay) -> Bool {
    day >= Self.earliest && day <= latest
  }
}

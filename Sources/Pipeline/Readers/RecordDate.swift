/// Dates of records in the form that the output promises.
enum RecordDate {
  private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
  /// Zones by name, in hours (RFC 822, section 5.1).
  private static let zones = [
    "gmt": 0, "ut": 0, "utc": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
  ]

  /// A date of RFC 822 ("Tue, 10 Jun 2003 04:00:00 GMT") or of ISO 8601 without marks as ISO 8601 with them; any other text as it is.
  static func normalized(_ text: String) -> String {
    rfc822(text) ?? extended(text) ?? text
  }

  /// ISO 8601 without its marks, "20240311T073000Z", with them.
  private static func extended(_ text: String) -> String? {
    let parts = text.split(separator: "T", maxSplits: 1)
    guard let date = parts.first, date.count == 8, date.allSatisfy(\.isNumber) else { return nil }
    let day = "\(date.prefix(4))-\(date.dropFirst(4).prefix(2))-\(date.suffix(2))"
    guard parts.count == 2 else { return day }
    let digits = parts[1].prefix { $0.isNumber }
    guard digits.count == 6 else { return day }
    return "\(day)T\(digits.prefix(2)):\(digits.dropFirst(2).prefix(2)):\(digits.suffix(2))" + zone(String(parts[1].dropFirst(6)))
  }

  private static func rfc822(_ text: String) -> String? {
    var words = text.split(whereSeparator: { $0.isWhitespace || $0 == "," }).map(String.init)
    if let first = words.first, first.allSatisfy(\.isLetter) { words.removeFirst() }
    guard words.count >= 3, let day = Int(words[0]), (1...31).contains(day),
      let month = months.firstIndex(of: words[1].lowercased().prefix(3).description), var year = Int(words[2])
    else { return nil }
    // Two digits of a year, as RFC 2822 reads them.
    if words[2].count == 2 { year += year < 50 ? 2000 : 1900 }
    guard (1000...9999).contains(year) else { return nil }
    let date = "\(year)-\(padded(month + 1))-\(padded(day))"
    guard words.count >= 4 else { return date }
    let time = words[3].split(separator: ":").map { Int($0) }
    guard time.count == 2 || time.count == 3, let hour = time[0], let minute = time[1], (0...23).contains(hour), (0...59).contains(minute)
    else {
      return date
    }
    let second = time.count == 3 ? time[2] ?? 0 : 0
    return "\(date)T\(padded(hour)):\(padded(minute)):\(padded(second))" + zone(words.count > 4 ? words[4] : "gmt")
  }

  private static func zone(_ text: String) -> String {
    if let hours = zones[text.lowercased()] { return hours == 0 ? "Z" : (hours < 0 ? "-" : "+") + padded(abs(hours)) + ":00" }
    let digits = text.dropFirst().filter(\.isNumber)
    guard let sign = text.first, sign == "+" || sign == "-", digits.count == 4 else { return "" }
    return digits == "0000" ? "Z" : "\(sign)\(digits.prefix(2)):\(digits.suffix(2))"
  }

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

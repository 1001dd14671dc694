import Glibc

/// The header of a record (WARC 1.1, section 5).
struct WARCHeader {
  /// What a record may hold a page as.
  enum Kind {
    /// An answer over HTTP.
    case response
    /// The content alone, as it was fetched.
    case resource
    /// The content alone, as somebody made it of another record: the text of a page.
    case conversion
    /// No page.
    case none
  }

  let kind: Kind
  let id: String?
  let url: String?
  let date: String?
  /// The type of the block.
  let type: MediaType
  /// The length of the block in bytes; nil where it is not given.
  let length: Int?
  let truncated: String?

  private static let names: [StaticString] = [
    "warc-type", "warc-record-id", "warc-target-uri", "warc-date", "warc-truncated", "warc-segment-number", "content-type",
    "content-length",
  ]
  /// More bytes than any file has; a header may promise them.
  private static let largestLength = 1 << 60

  init(_ bytes: UnsafeRawBufferPointer) {
    let fields = HeaderFields(bytes, names: Self.names)
    id = fields["warc-record-id"].map(Self.withoutBrackets)
    url = fields["warc-target-uri"].map(Self.withoutBrackets)
    date = fields["warc-date"]
    type = MediaType(fields["content-type"] ?? "")
    length = fields["content-length"].flatMap(Self.number)
    truncated = fields["warc-truncated"] ?? fields["warc-segment-number"].map { _ in "segmented" }
    switch fields["warc-type"]?.lowercased() {
    case "response": kind = Self.isHTTP(type, fields["content-type"], url) ? .response : .none
    case "resource": kind = .resource
    case "conversion": kind = .conversion
    default: kind = .none
    }
  }

  private static func isHTTP(_ type: MediaType, _ value: String?, _ url: String?) -> Bool {
    guard let scheme = url?.prefix(8).lowercased(), scheme.hasPrefix("http://") || scheme.hasPrefix("https://") else { return false }
    guard let value, !value.isEmpty else { return true }
    return type.essence == "application/http" && !value.lowercased().contains("msgtype=request")
  }

  private static func withoutBrackets(_ value: String) -> String {
    value.hasPrefix("<") && value.hasSuffix(">") && value.utf8.count >= 2 ? String(value.dropFirst().dropLast()) : value
  }

  private static func number(_ value: String) -> Int? {
    guard value.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    return min(Int(value) ?? largestLength, largestLength)
  }
}

/// The line that begins a record: `WARC/1.0`.
enum WARCVersionLine {
  /// The longest one with its newline, and the beginning of the line behind it, in bytes.
  static let reach = 32

  /// Whether a version line stands at `index`.
  static func stands(at index: Int, in bytes: UnsafeRawBufferPointer) -> Bool {
    var end = index + 8
    guard end < bytes.count, memcmp(bytes.baseAddress! + index, "WARC/", 5) == 0, isDigit(bytes[index + 5]),
      bytes[index + 6] == UInt8(ascii: "."), isDigit(bytes[index + 7])
    else { return false }
    if isDigit(bytes[end]) { end += 1 }
    while end < bytes.count, end < index + 16, bytes[end] == 0x0D || bytes[end] == 0x20 { end += 1 }
    return end < bytes.count && bytes[end] == 0x0A
  }

  /// The first version line at the beginning of a line, from `start` on; the line at 0 is none that counts.
  static func first(in bytes: UnsafeRawBufferPointer, from start: Int = 0) -> Int? {
    var from = start + 1
    // Newlines are many times as frequent as the letter.
    while from < bytes.count, let found = memchr(bytes.baseAddress! + from, Int32(UInt8(ascii: "W")), bytes.count - from) {
      let place = UnsafeRawPointer(found) - bytes.baseAddress!
      if bytes[place - 1] == 0x0A, stands(at: place, in: bytes) { return place }
      from = place + 1
    }
    return nil
  }

  /// The first version line behind an empty line and before a field of a record, that begins before `end`: a record inside another.
  static func embedded(in bytes: UnsafeRawBufferPointer, before end: Int) -> Int? {
    let bytes = UnsafeRawBufferPointer(rebasing: bytes.prefix(end + 2 * reach))
    var from = 0
    while let place = first(in: bytes, from: from), place < end {
      let isBehindEmptyLine = place >= 2 && bytes[place - 2] == 0x0A || place >= 3 && bytes[place - 2] == 0x0D && bytes[place - 3] == 0x0A
      if isBehindEmptyLine, let newline = memchr(bytes.baseAddress! + place, 0x0A, bytes.count - place) {
        let field = bytes[(UnsafeRawPointer(newline) - bytes.baseAddress! + 1)...].prefix(8).map(ASCII.lowered)
        if "warc-".utf8.starts(with: field.prefix(5)) || "content-".utf8.starts(with: field) { return place }
      }
      from = place
    }
    return nil
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}

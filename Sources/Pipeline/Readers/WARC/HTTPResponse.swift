import Glibc

/// An answer of a web server as it was recorded: its header, and where its body stands.
struct HTTPResponse {
  /// Nil where there is no status line, or it has no number.
  let status: Int?
  /// The codings of the body, the one that was applied first at the front: `gzip`, `chunked`.
  let codings: [String]
  let type: MediaType
  /// Where the body begins.
  let bodyStart: Int

  private static let names: [StaticString] = ["content-type", "content-encoding", "transfer-encoding"]
  /// More interim answers than this are no answers.
  private static let mostInterim = 16

  /// Reads the header at the front of a recorded answer; where there is none, everything is the body.
  /// - Throws: `WARCPage.Failure` for a header that is longer than any.
  init(_ block: UnsafeRawBufferPointer) throws(WARCPage.Failure) {
    var start = 0
    var status: Int?
    var fields = HeaderFields(UnsafeRawBufferPointer(start: nil, count: 0), names: [])
    var interim = 0
    while true {
      let rest = UnsafeRawBufferPointer(rebasing: block[start...])
      let hasStatusLine = rest.count >= 5 && memcmp(rest.baseAddress!, "HTTP/", 5) == 0
      guard hasStatusLine || Self.beginsWithField(rest) else { break }
      // A page that begins without an empty line before it begins all the same.
      var scan = HeaderScan { $0.first == UInt8(ascii: "<") }
      let state = scan.advance(rest)
      if state == .tooLong { throw WARCPage.Failure(reason: "the header of the page has more than a megabyte or 1000 lines") }
      let isCut = state == .needsMore && (scan.length == rest.count || rest[scan.length] != UInt8(ascii: "<"))
      let header = UnsafeRawBufferPointer(rebasing: rest.prefix(isCut ? rest.count : scan.length))
      status = hasStatusLine ? Self.status(header) : nil
      fields = HeaderFields(header, names: Self.names)
      start += header.count
      interim += 1
      // "100 Continue" stands before the answer itself.
      guard let number = status, (100..<200).contains(number), interim < Self.mostInterim else { break }
    }
    self.status = status
    bodyStart = start
    type = MediaType(fields.all("content-type").last { $0.contains("/") } ?? fields["content-type"] ?? "")
    codings = Self.codings(fields.all("content-encoding")) + Self.codings(fields.all("transfer-encoding"))
  }

  /// Whether it is what was asked for, and not an error, a redirection or "not modified".
  var isSuccess: Bool { status.map { (200..<300).contains($0) } ?? true }

  private static func status(_ header: UnsafeRawBufferPointer) -> Int? {
    let line = header.prefix(256).prefix { $0 != 0x0A }
    let number = line.drop { $0 != UInt8(ascii: " ") }.drop { $0 == UInt8(ascii: " ") }.prefix { $0 >= 0x30 && $0 <= 0x39 }
    return number.count == 3 ? Int(String(decoding: number, as: UTF8.self)) : nil
  }

  /// Whether the first line is a header field: a name without spaces, and a colon.
  private static func beginsWithField(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let name = bytes.prefix(100).prefix { ASCII.isLetter($0) || $0 == UInt8(ascii: "-") }
    guard !name.isEmpty, name.endIndex < bytes.count, bytes[name.endIndex] == UInt8(ascii: ":") else { return false }
    // "https://" and "Note:" are text.
    return name.contains(UInt8(ascii: "-"))
      || ["date", "server", "connection", "expires", "pragma", "vary"].contains(
        String(decoding: name, as: UTF8.self).lowercased())
  }

  private static func codings(_ values: [String]) -> [String] {
    values.flatMap { $0.lowercased().split { $0 == "," || $0.isWhitespace }.map(String.init) }.filter { $0 != "identity" && $0 != "none" }
  }
}

import Pipeline

/// Hosts of web addresses.
enum WebHost {
  /// No host is longer, in bytes: 253 by RFC 1035, and some times as much where it is written in letters beyond ASCII.
  private static let longest = 1024

  /// The host of an absolute address, or of one that begins with `//`, its ASCII letters in lower case, without credentials, port and a
  /// dot at its end; nil where there is none.
  ///
  /// Letters beyond ASCII, and names that are encoded for them (`xn--`), stay as they are.
  static func of(_ address: String) -> String? {
    var rest = Array(address.utf8)[...].drop(while: UTF8Text.isSpace)
    while let last = rest.last, UTF8Text.isSpace(last) { rest.removeLast() }
    if let end = rest.firstIndex(where: { !isScheme($0) }), end > rest.startIndex, rest[end] == UInt8(ascii: ":") {
      rest = rest[(end + 1)...]
    }
    guard rest.count > 2, rest.prefix(2).allSatisfy(isSlash) else { return nil }
    var host = rest.dropFirst(2).prefix { !isSlash($0) && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
    if let mark = host.lastIndex(of: UInt8(ascii: "@")) { host = host[(mark + 1)...] }
    if host.first == UInt8(ascii: "[") {
      guard let end = host.firstIndex(of: UInt8(ascii: "]")) else { return nil }
      host = host[...end]
    } else {
      host = host.prefix { $0 != UInt8(ascii: ":") }
    }
    if host.last == UInt8(ascii: ".") { host.removeLast() }
    guard !host.isEmpty, host.count <= longest, !host.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else { return nil }
    return String(decoding: host.map(ASCII.lowered), as: UTF8.self)
  }

  private static func isScheme(_ byte: UInt8) -> Bool {
    ASCII.isLetter(byte) || byte >= 0x30 && byte <= 0x39 || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: ".")
  }

  /// Browsers take both for one.
  private static func isSlash(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") }
}

extension Page {
  /// The host of the address that the page gives as its own: of its canonical link, else of the one for sharing; nil when it gives none.
  var canonicalHost: String? {
    var shared: String?
    for node in nodes.indices {
      switch nodes[node].tag {
      case .link where attribute(.rel, of: node)?.lowercased() == "canonical":
        if let host = attribute(.href, of: node).flatMap(WebHost.of) { return host }
      case .meta where shared == nil && attribute(.property, of: node)?.lowercased() == "og:url":
        shared = attribute(.content, of: node).flatMap(WebHost.of)
      default: break
      }
    }
    return shared
  }
}

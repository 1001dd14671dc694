import Pipeline

/// Finds what a page says of its own encoding, by the prescan of the HTML standard.
enum MetaCharset {
  /// The standard looks at 1024 bytes; pages with long comments before their meta elements ask for more.
  private static let prescan = 4096

  /// The label in `<meta charset>`, `<meta http-equiv content>` or an XML declaration; nil when there is none.
  static func label(in bytes: [UInt8]) -> String? {
    let head = bytes.prefix(prescan).map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
    if head.starts(with: "<?xml".utf8), let end = head.firstIndex(of: UInt8(ascii: ">")),
      let label = value(after: "encoding", in: head[..<end])
    {
      return label
    }
    var index = 0
    while let mark = head[index...].firstIndex(of: UInt8(ascii: "<")) {
      index = mark + 1
      if head[mark...].starts(with: "<!--".utf8) {
        var end = mark + 4
        while end < head.count, !head[end...].starts(with: "-->".utf8) { end += 1 }
        index = end
      } else if head[mark...].starts(with: "<meta".utf8) {
        let end = head[mark...].firstIndex(of: UInt8(ascii: ">")) ?? head.count
        if let label = value(after: "charset", in: head[mark..<end]) { return label }
        index = end
      }
      if index >= head.count { break }
    }
    return nil
  }

  private static func value(after name: String, in tag: ArraySlice<UInt8>) -> String? {
    var index = tag.startIndex
    while index < tag.endIndex {
      defer { index += 1 }
      guard tag[index...].starts(with: name.utf8) else { continue }
      var rest = tag[(index + name.utf8.count)...].drop(while: UTF8Text.isSpace)
      guard rest.first == UInt8(ascii: "=") else { continue }
      rest = rest.dropFirst().drop { UTF8Text.isSpace($0) || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
      let label = rest.prefix { !UTF8Text.isSpace($0) && !"\"';/>".utf8.contains($0) }
      return label.isEmpty ? nil : String(decoding: label, as: UTF8.self)
    }
    return nil
  }
}

/// Makes well-formed XML of a record as it stands in a file, so that a parser loses nothing of it.
///
/// Elements are closed where something around them ends, references that XML does not know are decoded as in HTML, bare `&` and `<` are text,
/// characters that XML forbids go, and so do comments, processing instructions and default namespaces: names match as they stand in the
/// file. No document type reaches the parser, so there are no entities to expand. O(length).
struct XMLSanitizer {
  /// Deeper elements vanish, and their text stays.
  static let deepest = 512
  /// More attributes on one element vanish.
  static let mostAttributes = 64

  private(set) var output: [UInt8] = []
  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0
  private var open: [(name: Range<Int>, isWritten: Bool)] = []

  /// Runs over valid UTF-8.
  init(_ fragment: UnsafeBufferPointer<UInt8>) {
    bytes = fragment
    output.reserveCapacity(fragment.count + 256)
    run()
  }

  private mutating func run() {
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "<") else {
        text(until: UInt8(ascii: "<"))
        continue
      }
      let next = index + 1 < bytes.count ? bytes[index + 1] : 0
      if starts(with: "<![CDATA[") {
        let start = index + 9
        let end = find("]]>", from: start) ?? bytes.count
        index = start
        while index < end { characterData(end) }
        index = min(end + 3, bytes.count)
      } else if starts(with: "<!--") {
        index = find("-->", from: index + 4).map { $0 + 3 } ?? index + 4
      } else if next == UInt8(ascii: "?") {
        index = find("?>", from: index + 2).map { $0 + 2 } ?? index + 2
      } else if next == UInt8(ascii: "/"), index + 2 < bytes.count, ASCII.isNameStart(bytes[index + 2]) {
        endTag()
      } else if ASCII.isNameStart(next) {
        startTag()
      } else {
        append("&lt;")
        index += 1
      }
    }
    while !open.isEmpty { close() }
  }

  private mutating func append(_ text: String) { output.append(contentsOf: text.utf8) }

  private func starts(with text: String) -> Bool {
    bytes[index...].starts(with: text.utf8)
  }

  private func find(_ text: String, from start: Int) -> Int? {
    let needle = Array(text.utf8)
    var at = start
    while at + needle.count <= bytes.count {
      if bytes[at] == needle[0], bytes[at...].starts(with: needle) { return at }
      at += 1
    }
    return nil
  }

  // MARK: Text

  /// A value cannot hold `<`: one whose quote is missing ends there.
  private mutating func text(until mark: UInt8) {
    while index < bytes.count, bytes[index] != mark, bytes[index] != UInt8(ascii: "<") {
      guard bytes[index] == UInt8(ascii: "&") else {
        characterData(bytes.count)
        continue
      }
      reference(isAttribute: mark != UInt8(ascii: "<"))
    }
  }

  private mutating func reference(isAttribute: Bool) {
    let end = CharacterReferences.decode(bytes, at: index, isAttribute: isAttribute) { decoded in
      for byte in decoded { escaped(byte) }
    }
    if end == nil { append("&amp;") }
    index = end ?? index + 1
  }

  /// One character of text that is no markup.
  private mutating func characterData(_ end: Int) {
    let byte = bytes[index]
    index += 1
    // U+FFFE and U+FFFF are no characters.
    if byte == 0xEF, index + 1 < end, bytes[index] == 0xBF, bytes[index + 1] >= 0xBE {
      index += 2
      return
    }
    escaped(byte)
  }

  private mutating func escaped(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "&"): append("&amp;")
    case UInt8(ascii: "<"): append("&lt;")
    case UInt8(ascii: ">"): append("&gt;")
    case UInt8(ascii: "\""): append("&quot;")
    case 0x09, 0x0A, 0x0D: output.append(byte)
    case 0x00...0x1F: break
    default: output.append(byte)
    }
  }

  // MARK: Tags

  private mutating func name() -> Range<Int> {
    let start = index
    while index < bytes.count, !UTF8Text.isSpace(bytes[index]), !">/=<\"'".utf8.contains(bytes[index]) { index += 1 }
    return start..<index
  }

  private mutating func write(_ name: Range<Int>) {
    output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[name]).filter { $0 >= 0x20 && $0 != UInt8(ascii: "&") })
  }

  private mutating func startTag() {
    index += 1
    let name = name()
    let isWritten = open.count < Self.deepest
    let start = output.count
    output.append(UInt8(ascii: "<"))
    write(name)
    // Markup of HTML that was not escaped: these have no content, and no end.
    let isEmpty = attributes() || isVoid(name)
    if !isWritten { output.removeSubrange(start...) }
    if isEmpty {
      if isWritten { append("/>") }
      return
    }
    if isWritten { output.append(UInt8(ascii: ">")) }
    if open.count < Self.deepest * 2 { open.append((name, isWritten)) }
  }

  private func isVoid(_ name: Range<Int>) -> Bool {
    ["br", "hr", "img", "wbr"].contains { $0.utf8.elementsEqual(bytes[name].map(ASCII.lowered)) }
  }

  private mutating func close() {
    let element = open.removeLast()
    guard element.isWritten else { return }
    append("</")
    write(element.name)
    output.append(UInt8(ascii: ">"))
  }

  private mutating func endTag() {
    index += 2
    let name = name()
    while index < bytes.count, bytes[index] != UInt8(ascii: ">"), bytes[index] != UInt8(ascii: "<") { index += 1 }
    if index < bytes.count, bytes[index] == UInt8(ascii: ">") { index += 1 }
    guard let place = open.lastIndex(where: { bytes[$0.name].elementsEqual(bytes[name]) }) else { return }
    while open.count > place { close() }
  }

  /// Writes attributes; true for an element without content.
  private mutating func attributes() -> Bool {
    var seen: Set<[UInt8]> = []
    while index < bytes.count {
      while index < bytes.count, UTF8Text.isSpace(bytes[index]) || bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'") {
        index += 1
      }
      guard index < bytes.count else { break }
      switch bytes[index] {
      case UInt8(ascii: ">"):
        index += 1
        return false
      case UInt8(ascii: "/"):
        index += 1
        if index < bytes.count, bytes[index] == UInt8(ascii: ">") {
          index += 1
          return true
        }
        continue
      case UInt8(ascii: "<"): return false
      case UInt8(ascii: "="):
        index += 1
        continue
      default: break
      }
      let name = name()
      while index < bytes.count, UTF8Text.isSpace(bytes[index]) { index += 1 }
      let isKept =
        seen.count < Self.mostAttributes && ASCII.isNameStart(bytes[name.lowerBound])
        && !bytes[name].elementsEqual("xmlns".utf8) && seen.insert(Array(bytes[name])).inserted
      let start = output.count
      output.append(UInt8(ascii: " "))
      write(name)
      append("=\"")
      if index < bytes.count, bytes[index] == UInt8(ascii: "=") {
        index += 1
        value()
      }
      output.append(UInt8(ascii: "\""))
      if !isKept { output.removeSubrange(start...) }
    }
    return false
  }

  private mutating func value() {
    while index < bytes.count, UTF8Text.isSpace(bytes[index]) { index += 1 }
    guard index < bytes.count else { return }
    let quote = bytes[index]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      index += 1
      text(until: quote)
      if index < bytes.count, bytes[index] == quote { index += 1 }
      return
    }
    while index < bytes.count, !UTF8Text.isSpace(bytes[index]), bytes[index] != UInt8(ascii: ">"), bytes[index] != UInt8(ascii: "<") {
      if bytes[index] == UInt8(ascii: "&") { reference(isAttribute: true) } else { characterData(bytes.count) }
    }
  }
}

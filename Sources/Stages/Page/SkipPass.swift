import Glibc
import Pipeline

/// Reads a page once, by the tokenizer of the HTML standard, and writes what is left of it for libxml2: elements properly nested, attributes
/// that somebody reads, all references decoded.
///
/// Comments, declarations, scripts (JSON-LD is kept aside), styles and svg go. Linear in the page, whatever its nesting: a construct that
/// is never closed ends at its next `>`, so that no text behind it is lost.
struct SkipPass {
  /// Deeper elements vanish, and their text stays.
  static let deepest = 512
  /// More attributes on one element vanish.
  static let mostAttributes = 32
  /// Longer attribute values are cut, in bytes.
  static let longestValue = 65_536

  /// The normalised page.
  private(set) var output: [UInt8] = []
  /// The bodies of JSON-LD scripts, as they stand.
  private(set) var structuredData: [[UInt8]] = []
  /// Limits that were met, for the trail.
  private(set) var limits: Set<String> = []

  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0
  private var stack: [Open] = []
  /// What is known to stand nowhere in the rest of the page.
  private var absent: Set<[UInt8]> = []
  private var sawBody = false
  private var sawHead = false
  private var sawHTML = false

  private struct Open {
    let tag: Tag
    /// The name in the input, for elements that are `other`.
    let name: Range<Int>
    /// False below the deepest level: the element is followed, but not written.
    let isWritten: Bool
  }

  /// Runs over a page of valid UTF-8.
  init(_ page: UnsafeBufferPointer<UInt8>) {
    bytes = page
    output.reserveCapacity(page.count / 2 + 64)
    run()
  }

  private mutating func run() {
    while index < bytes.count {
      guard let mark = find(UInt8(ascii: "<"), from: index) else {
        writeText(index..<bytes.count)
        break
      }
      if mark > index { writeText(index..<mark) }
      index = mark
      let next = mark + 1 < bytes.count ? bytes[mark + 1] : 0
      if isLetter(next) {
        readStartTag()
      } else if next == UInt8(ascii: "/"), mark + 2 < bytes.count, isLetter(bytes[mark + 2]) {
        readEndTag()
      } else if next == UInt8(ascii: "!"), starts(with: "<!--") {
        skipComment()
      } else if next == UInt8(ascii: "!") || next == UInt8(ascii: "?") || next == UInt8(ascii: "/") {
        index = find(UInt8(ascii: ">"), from: mark + 2).map { $0 + 1 } ?? mark + 2
      } else {
        output.append(contentsOf: "&lt;".utf8)
        index = mark + 1
      }
    }
    while let open = stack.popLast() { writeEnd(open) }
  }

  // MARK: Finding

  private func find(_ byte: UInt8, from start: Int) -> Int? {
    guard start < bytes.count else { return nil }
    return memchr(bytes.baseAddress! + start, Int32(byte), bytes.count - start).map {
      $0 - UnsafeMutableRawPointer(mutating: bytes.baseAddress!)
    }
  }

  /// The place of `needle`, in lower case, ignoring ASCII case. A needle that is not found is not looked for again.
  private mutating func find(_ needle: [UInt8], from start: Int) -> Int? {
    if absent.contains(needle) { return nil }
    var at = start
    while let candidate = find(needle[0], from: at) {
      if candidate + needle.count > bytes.count { break }
      var length = 1
      while length < needle.count, lowered(bytes[candidate + length]) == needle[length] { length += 1 }
      if length == needle.count { return candidate }
      at = candidate + 1
    }
    absent.insert(needle)
    return nil
  }

  private func starts(with text: StaticString) -> Bool {
    guard index + text.utf8CodeUnitCount <= bytes.count else { return false }
    return memcmp(bytes.baseAddress! + index, text.utf8Start, text.utf8CodeUnitCount) == 0
  }

  private func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A }
  private func lowered(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }

  // MARK: Text

  private mutating func writeText(_ range: Range<Int>) {
    var at = range.lowerBound
    while at < range.upperBound {
      var run = at
      while run < range.upperBound, bytes[run] != UInt8(ascii: "&"), bytes[run] != 0, bytes[run] != UInt8(ascii: ">") { run += 1 }
      output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[at..<run]))
      guard run < range.upperBound else { return }
      at = run + 1
      switch bytes[run] {
      case 0: continue
      case UInt8(ascii: ">"): output.append(contentsOf: "&gt;".utf8)
      default:
        let end = HTMLEntities.decode(bytes, at: run, isAttribute: false) { writeEscaped($0) }
        if let end { at = min(end, range.upperBound) } else { output.append(contentsOf: "&amp;".utf8) }
      }
    }
  }

  private mutating func writeEscaped(_ text: some Sequence<UInt8>) {
    for byte in text {
      switch byte {
      case UInt8(ascii: "&"): output.append(contentsOf: "&amp;".utf8)
      case UInt8(ascii: "<"): output.append(contentsOf: "&lt;".utf8)
      case UInt8(ascii: ">"): output.append(contentsOf: "&gt;".utf8)
      case UInt8(ascii: "\""): output.append(contentsOf: "&quot;".utf8)
      case 0: continue
      default: output.append(byte)
      }
    }
  }

  // MARK: Tags

  private mutating func skipComment() {
    let afterMark = index + 4
    if afterMark < bytes.count, bytes[afterMark] == UInt8(ascii: ">") {
      index = afterMark + 1
    } else if let end = find(Array("-->".utf8), from: index + 2) {
      index = end + 3
    } else {
      index = find(UInt8(ascii: ">"), from: afterMark).map { $0 + 1 } ?? min(afterMark, bytes.count)
    }
  }

  private mutating func readName() -> Range<Int> {
    let start = index
    while index < bytes.count {
      let byte = bytes[index]
      if UTF8Text.isSpace(byte) || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") { break }
      index += 1
    }
    return start..<index
  }

  private func tag(_ name: Range<Int>) -> Tag {
    guard name.count <= 10 else { return .other }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 10) { buffer in
      for (place, at) in name.enumerated() { buffer[place] = lowered(bytes[at]) }
      return Tag.named(UnsafeBufferPointer(rebasing: buffer[..<name.count]))
    }
  }

  private mutating func readStartTag() {
    index += 1
    let name = readName()
    let tag = tag(name)
    let start = output.count
    output.append(UInt8(ascii: "<"))
    writeName(tag, name)
    let (isJSONLD, isSelfClosing) = readAttributes()
    switch tag {
    case .script, .style, .iframe, .textarea, .title:
      readRawText(tag, outputStart: start, isJSONLD: isJSONLD)
      return
    case .svg:
      output.removeSubrange(start...)
      if !isSelfClosing { skipSVG() }
      return
    case .html, .head, .body:
      if tag == .html ? sawHTML : tag == .body ? sawBody : sawHead || sawBody {
        output.removeSubrange(start...)
        return
      }
      sawHTML = sawHTML || tag == .html
      sawHead = sawHead || tag == .head
      sawBody = sawBody || tag == .body
      output.append(UInt8(ascii: ">"))
      return
    default: break
    }
    let written = Array(output[start...])
    output.removeSubrange(start...)
    closeImplied(by: tag)
    let isWritten = stack.count < Self.deepest
    if !isWritten { limits.insert("elements nested deeper than \(Self.deepest)") }
    if isWritten || tag.isVoid {
      output.append(contentsOf: written)
      output.append(UInt8(ascii: ">"))
    } else {
      output.append(UInt8(ascii: " "))
    }
    if !tag.isVoid, !(isSelfClosing && tag == .other) {
      push(Open(tag: tag, name: name, isWritten: isWritten))
    } else if isSelfClosing,
      tag == .other, isWritten
    {
      writeEnd(Open(tag: tag, name: name, isWritten: true))
    }
  }

  /// Far below the deepest level elements are not even followed, so that the stack stays small.
  private mutating func push(_ open: Open) {
    if stack.count < Self.deepest * 2 { stack.append(open) }
  }

  /// Names outside HTML are written as `x`: libxml2 keeps every name it meets.
  private mutating func writeName(_ tag: Tag, _ name: Range<Int>) {
    if tag == .other { output.append(UInt8(ascii: "x")) } else { for at in name { output.append(lowered(bytes[at])) } }
  }

  private mutating func writeEnd(_ open: Open) {
    guard open.isWritten else {
      output.append(UInt8(ascii: " "))
      return
    }
    output.append(contentsOf: "</".utf8)
    writeName(open.tag, open.name)
    output.append(UInt8(ascii: ">"))
  }

  private mutating func readAttributes() -> (isJSONLD: Bool, isSelfClosing: Bool) {
    var isJSONLD = false
    var kept = 0
    while index < bytes.count {
      while index < bytes.count, UTF8Text.isSpace(bytes[index]) { index += 1 }
      guard index < bytes.count else { break }
      if bytes[index] == UInt8(ascii: ">") {
        index += 1
        return (isJSONLD, false)
      }
      if bytes[index] == UInt8(ascii: "/") {
        index += 1
        if index < bytes.count, bytes[index] == UInt8(ascii: ">") {
          index += 1
          return (isJSONLD, true)
        }
        continue
      }
      let start = index
      while index < bytes.count {
        let byte = bytes[index]
        if UTF8Text.isSpace(byte) || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") { break }
        if byte == UInt8(ascii: "="), index > start { break }
        index += 1
      }
      let name = start..<index
      while index < bytes.count, UTF8Text.isSpace(bytes[index]) { index += 1 }
      var value = index..<index
      if index < bytes.count, bytes[index] == UInt8(ascii: "=") {
        index += 1
        value = readValue()
      }
      if name.count == 4, lowered(bytes[start]) == UInt8(ascii: "t"), lowered(bytes[start + 1]) == UInt8(ascii: "y") {
        isJSONLD = String(decoding: bytes[value], as: UTF8.self).lowercased().contains("ld+json")
      }
      guard let attribute = attribute(name) else { continue }
      kept += 1
      guard kept <= Self.mostAttributes else {
        limits.insert("more than \(Self.mostAttributes) attributes on one element")
        continue
      }
      writeAttribute(attribute, value)
    }
    return (isJSONLD, false)
  }

  private mutating func readValue() -> Range<Int> {
    while index < bytes.count, UTF8Text.isSpace(bytes[index]) { index += 1 }
    guard index < bytes.count else { return index..<index }
    let quote = bytes[index]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      let start = index + 1
      if !absent.contains([quote]), let end = find(quote, from: start) {
        index = end + 1
        return start..<end
      }
      absent.insert([quote])
      index = find(UInt8(ascii: ">"), from: start) ?? bytes.count
      return start..<index
    }
    let start = index
    while index < bytes.count, !UTF8Text.isSpace(bytes[index]), bytes[index] != UInt8(ascii: ">") { index += 1 }
    return start..<index
  }

  private func attribute(_ name: Range<Int>) -> Attribute? {
    guard name.count <= 11 else { return nil }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 11) { buffer in
      for (place, at) in name.enumerated() { buffer[place] = lowered(bytes[at]) }
      return Attribute.named(UnsafeBufferPointer(rebasing: buffer[..<name.count]))
    }
  }

  private mutating func writeAttribute(_ attribute: Attribute, _ value: Range<Int>) {
    var value = value
    if value.count > Self.longestValue {
      limits.insert("an attribute longer than \(Self.longestValue) bytes")
      value = value.lowerBound..<(value.lowerBound + Self.longestValue)
      while value.upperBound > value.lowerBound, bytes[value.upperBound] & 0xC0 == 0x80 {
        value = value.lowerBound..<(value.upperBound - 1)
      }
    }
    output.append(UInt8(ascii: " "))
    output.append(contentsOf: attribute.spelling.utf8)
    output.append(contentsOf: "=\"".utf8)
    var at = value.lowerBound
    while at < value.upperBound {
      if bytes[at] == UInt8(ascii: "&"),
        let end = HTMLEntities.decode(
          UnsafeBufferPointer(rebasing: bytes[..<value.upperBound]), at: at, isAttribute: true, { writeEscaped($0) })
      {
        at = end
        continue
      }
      writeEscaped(CollectionOfOne(bytes[at]))
      at += 1
    }
    output.append(UInt8(ascii: "\""))
  }

  /// Elements whose content is text up to their own end tag.
  private mutating func readRawText(_ tag: Tag, outputStart: Int, isJSONLD: Bool) {
    let contentStart = index
    let end = find(Array("</\(tag.name)".utf8), from: index)
    // A title that never ends, ends at the next tag; a script that never ends takes the rest with it, as in a browser.
    let contentEnd = end ?? (tag == .title || tag == .textarea ? find(UInt8(ascii: "<"), from: index) ?? bytes.count : bytes.count)
    index = end.map { find(UInt8(ascii: ">"), from: $0).map { $0 + 1 } ?? bytes.count } ?? contentEnd
    if isJSONLD { structuredData.append(Array(bytes[contentStart..<contentEnd])) }
    guard tag == .title else {
      output.removeSubrange(outputStart...)
      return
    }
    output.append(UInt8(ascii: ">"))
    var at = contentStart
    while at < contentEnd {
      let next = bytes[at..<contentEnd].firstIndex(of: UInt8(ascii: "<")) ?? contentEnd
      writeText(at..<next)
      if next < contentEnd { output.append(contentsOf: "&lt;".utf8) }
      at = next + 1
    }
    output.append(contentsOf: "</title>".utf8)
  }

  /// An svg can hold another; one that is not closed costs only its tag.
  private mutating func skipSVG() {
    var depth = 1
    var at = index
    while depth > 0 {
      guard let end = find(Array("</svg".utf8), from: at) else {
        // Not looked for again: that would cost the rest of the page for every svg.
        absent.insert(Array("</svg".utf8))
        return
      }
      var inner = at
      while let open = find(Array("<svg".utf8), from: inner), open < end {
        depth += 1
        inner = open + 4
      }
      depth -= 1
      at = end + 5
    }
    index = find(UInt8(ascii: ">"), from: at - 1).map { $0 + 1 } ?? bytes.count
  }

  private mutating func readEndTag() {
    index += 2
    let name = readName()
    let tag = tag(name)
    index = find(UInt8(ascii: ">"), from: index).map { $0 + 1 } ?? bytes.count
    // Text behind the end of the body still belongs to it.
    if tag == .body || tag == .html || tag == .head || tag.isVoid {
      if tag == .br { output.append(contentsOf: "<br>".utf8) }
      return
    }
    guard let target = openElement(tag, name) else { return }
    while stack.count > target { writeEnd(stack.removeLast()) }
  }

  /// The open element that an end tag closes; nil for a stray one.
  private func openElement(_ tag: Tag, _ name: Range<Int>) -> Int? {
    for place in stack.indices.reversed() {
      let open = stack[place]
      if open.tag == tag, tag != .other || equal(open.name, name) { return place }
      if tag.isHeading, open.tag.isHeading { return place }
      // No end tag reaches out of a cell or table but that of a table or its parts.
      if open.tag == .table, tag != .table { return nil }
      if open.tag == .td || open.tag == .th, !tag.isTablePart, tag != .table { return nil }
      if tag == .li, open.tag == .ul || open.tag == .ol { return nil }
      // An inline end tag does not close the block it stands in; a link may.
      if !tag.isBlock, tag != .a, tag != .other, open.tag.isBlock { return nil }
    }
    return nil
  }

  private func equal(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { lowered(bytes[$0]) == lowered(bytes[$1]) }
  }

  /// Closes the elements that end where another begins, by the HTML standard.
  private mutating func closeImplied(by tag: Tag) {
    switch tag {
    case .li: closeInScope([.li], until: [.ul, .ol, .menu])
    case .dt, .dd: closeInScope([.dt, .dd], until: [.dl])
    case .tr: closeInScope([.tr], until: [.table])
    case .td, .th: closeInScope([.td, .th], until: [.table, .tr])
    case .tbody, .thead, .tfoot: closeInScope([.tbody, .thead, .tfoot, .caption, .colgroup], until: [.table])
    case .option, .optgroup: closeInScope([.option], until: [.select])
    case .a: closeInScope([.a], until: [.td, .th, .table, .li, .div, .p, .article, .section])
    default: break
    }
    if tag.closesParagraph { closeInScope([.p], until: Self.paragraphScope) }
    if tag.isHeading, let last = stack.last, last.tag.isHeading { writeEnd(stack.removeLast()) }
  }

  private static let paragraphScope: Set<Tag> = [
    .div, .td, .th, .table, .li, .article, .section, .main, .aside, .blockquote, .figure, .figcaption, .header, .footer, .nav, .button,
    .object, .caption, .dd, .form, .center, .details, .noscript, .template, .ul, .ol, .dl, .h1, .h2, .h3, .h4, .h5, .h6,
  ]

  private mutating func closeInScope(_ tags: Set<Tag>, until scope: Set<Tag>) {
    for place in stack.indices.reversed() {
      let open = stack[place].tag
      if tags.contains(open) {
        while stack.count > place { writeEnd(stack.removeLast()) }
        return
      }
      if scope.contains(open) { return }
    }
  }
}

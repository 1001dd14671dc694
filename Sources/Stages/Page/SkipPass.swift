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
  var output: [UInt8] { writer.bytes }
  /// The bodies of JSON-LD scripts, as they stand.
  private(set) var structuredData: [[UInt8]] = []
  /// Limits that were met, for the trail.
  private(set) var limits: Set<String> = []

  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0
  private var finder: ByteFinder
  private var writer: MarkupWriter
  private var open: OpenElements
  /// How many bytes may still be searched for the ends of svgs.
  private var svgBudget: Int
  private var sawBody = false
  private var sawHead = false
  private var sawHTML = false

  /// Runs over a page of valid UTF-8.
  init(_ page: UnsafeBufferPointer<UInt8>) {
    bytes = page
    finder = ByteFinder(page)
    writer = MarkupWriter(page)
    open = OpenElements(page)
    svgBudget = 4 * page.count
    run()
  }

  private mutating func run() {
    while index < bytes.count {
      guard let mark = finder.find(UInt8(ascii: "<"), from: index) else {
        readText(index..<bytes.count)
        break
      }
      if mark > index { readText(index..<mark) }
      index = mark
      let next = mark + 1 < bytes.count ? bytes[mark + 1] : 0
      if ASCII.isLetter(next) {
        readStartTag()
      } else if next == UInt8(ascii: "/"), mark + 2 < bytes.count, ASCII.isLetter(bytes[mark + 2]) {
        readEndTag()
      } else if next == UInt8(ascii: "!"), finder.starts(with: "<!--", at: index) {
        skipComment()
      } else if next == UInt8(ascii: "!") || next == UInt8(ascii: "?") || next == UInt8(ascii: "/") {
        index = finder.find(UInt8(ascii: ">"), from: mark + 2).map { $0 + 1 } ?? mark + 2
      } else {
        readText(mark..<mark)
        writer.append("&lt;")
        index = mark + 1
      }
    }
    open.close(to: 0, &writer)
  }

  private mutating func readText(_ range: Range<Int>) {
    if !sawBody, open.depth == 0, range.isEmpty || bytes[range].contains(where: { !UTF8Text.isSpace($0) }) { openBody() }
    writer.text(range)
  }

  /// The body begins with the first thing that is none of the head: libxml2 would leave elements that it does not know, such as `article`,
  /// in an open head.
  private mutating func openBody() {
    writer.append("<body>")
    sawBody = true
  }

  // MARK: Tags

  private mutating func skipComment() {
    let afterMark = index + 4
    if afterMark < bytes.count, bytes[afterMark] == UInt8(ascii: ">") {
      index = afterMark + 1
    } else if let end = finder.find(Array("-->".utf8), from: index + 2) {
      index = end + 3
    } else {
      index = finder.find(UInt8(ascii: ">"), from: afterMark).map { $0 + 1 } ?? min(afterMark, bytes.count)
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
      for (place, at) in name.enumerated() { buffer[place] = ASCII.lowered(bytes[at]) }
      return Tag.named(UnsafeBufferPointer(rebasing: buffer[..<name.count]))
    }
  }

  private mutating func readStartTag() {
    index += 1
    let name = readName()
    let tag = tag(name)
    let start = writer.count
    writer.append(UInt8(ascii: "<"))
    writer.name(tag)
    let (isJSONLD, isSelfClosing) = readAttributes()
    switch tag {
    case .script, .style, .iframe, .textarea, .title:
      readRawText(tag, outputStart: start, isJSONLD: isJSONLD)
      return
    case .svg:
      writer.cut(from: start)
      if !isSelfClosing { skipSVG() }
      return
    case .html, .head, .body:
      if tag == .html ? sawHTML : tag == .body ? sawBody : sawHead || sawBody {
        writer.cut(from: start)
        return
      }
      sawHTML = sawHTML || tag == .html
      sawHead = sawHead || tag == .head
      sawBody = sawBody || tag == .body
      writer.append(UInt8(ascii: ">"))
      return
    default: break
    }
    let written = writer.cut(from: start)
    if !sawBody, open.depth == 0, !tag.isHeadContent { openBody() }
    open.closeImplied(by: tag, &writer)
    let isWritten = open.depth < Self.deepest
    if !isWritten { limits.insert("elements nested deeper than \(Self.deepest)") }
    if isWritten || tag.isVoid {
      writer.append(contentsOf: written)
      writer.append(UInt8(ascii: ">"))
    } else {
      writer.append(UInt8(ascii: " "))
    }
    if tag.isVoid { return }
    let element = OpenElements.Element(tag: tag, name: name, isWritten: isWritten)
    if isSelfClosing, tag == .other {
      if isWritten { writer.end(element) }
    } else if open.depth < Self.deepest * 2 {
      // Far below the deepest level elements are not even followed, so that the stack stays small.
      open.push(element)
    }
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
      if name.count == 4, ASCII.lowered(bytes[start]) == UInt8(ascii: "t"), ASCII.lowered(bytes[start + 1]) == UInt8(ascii: "y") {
        isJSONLD = String(decoding: bytes[value], as: UTF8.self).lowercased().contains("ld+json")
      }
      guard let attribute = attribute(name) else { continue }
      kept += 1
      guard kept <= Self.mostAttributes else {
        limits.insert("more than \(Self.mostAttributes) attributes on one element")
        continue
      }
      writer.attribute(attribute, shortened(value))
    }
    return (isJSONLD, false)
  }

  private mutating func readValue() -> Range<Int> {
    while index < bytes.count, UTF8Text.isSpace(bytes[index]) { index += 1 }
    guard index < bytes.count else { return index..<index }
    let quote = bytes[index]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      let start = index + 1
      if let end = finder.find([quote], from: start) {
        index = end + 1
        return start..<end
      }
      index = finder.find(UInt8(ascii: ">"), from: start) ?? bytes.count
      return start..<index
    }
    let start = index
    while index < bytes.count, !UTF8Text.isSpace(bytes[index]), bytes[index] != UInt8(ascii: ">") { index += 1 }
    return start..<index
  }

  private mutating func shortened(_ value: Range<Int>) -> Range<Int> {
    guard value.count > Self.longestValue else { return value }
    limits.insert("an attribute longer than \(Self.longestValue) bytes")
    var end = value.lowerBound + Self.longestValue
    while end > value.lowerBound, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return value.lowerBound..<end
  }

  private func attribute(_ name: Range<Int>) -> Attribute? {
    guard name.count <= 11 else { return nil }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 11) { buffer in
      for (place, at) in name.enumerated() { buffer[place] = ASCII.lowered(bytes[at]) }
      return Attribute.named(UnsafeBufferPointer(rebasing: buffer[..<name.count]))
    }
  }

  /// Elements whose content is text up to their own end tag.
  private mutating func readRawText(_ tag: Tag, outputStart: Int, isJSONLD: Bool) {
    let contentStart = index
    let end = finder.find(Array("</\(tag.name)".utf8), from: index)
    // A title that never ends, ends at the next tag; a script that never ends takes the rest with it, as in a browser.
    let contentEnd = end ?? (tag == .title || tag == .textarea ? finder.find(UInt8(ascii: "<"), from: index) ?? bytes.count : bytes.count)
    index = end.map { finder.find(UInt8(ascii: ">"), from: $0).map { $0 + 1 } ?? bytes.count } ?? contentEnd
    if isJSONLD { structuredData.append(Array(bytes[contentStart..<contentEnd])) }
    guard tag == .title else {
      writer.cut(from: outputStart)
      return
    }
    writer.append(UInt8(ascii: ">"))
    var at = contentStart
    while at < contentEnd {
      let next = bytes[at..<contentEnd].firstIndex(of: UInt8(ascii: "<")) ?? contentEnd
      writer.text(at..<next)
      if next < contentEnd { writer.append("&lt;") }
      at = next + 1
    }
    writer.append("</title>")
  }

  /// An svg can hold another; one that is not closed costs only its tag.
  private mutating func skipSVG() {
    var depth = 1
    var at = index
    while depth > 0 {
      // Many that are never closed would each be followed to the end of the page.
      guard svgBudget > 0, let end = finder.find(Self.svgEnd, from: at) else { return }
      svgBudget -= end - at
      var inner = at
      while let open = finder.find(Self.svgStart, from: inner, before: end) {
        depth += 1
        inner = open + 4
      }
      depth -= 1
      at = end + 5
    }
    index = finder.find(UInt8(ascii: ">"), from: at - 1).map { $0 + 1 } ?? bytes.count
  }

  private static let svgStart = Array("<svg".utf8)
  private static let svgEnd = Array("</svg".utf8)

  private mutating func readEndTag() {
    index += 2
    let name = readName()
    let tag = tag(name)
    index = finder.find(UInt8(ascii: ">"), from: index).map { $0 + 1 } ?? bytes.count
    // Text behind the end of the body still belongs to it.
    if tag == .body || tag == .html || tag == .head || tag.isVoid {
      if tag == .br { writer.append("<br>") }
      return
    }
    if let depth = open.closed(by: tag, name) { open.close(to: depth, &writer) }
  }
}

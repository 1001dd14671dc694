import Pipeline

/// Reads a page once, by the tokenizer of the HTML standard, and keeps what is left of it: elements properly nested, attributes that
/// somebody reads, all references decoded.
///
/// Comments, declarations, scripts (JSON-LD is kept aside), styles and svg go. Linear in the page, whatever its nesting: a construct that
/// is never closed ends at its next `>`, so that no text behind it is lost.
struct SkipPass {
  /// Deeper elements vanish, and their text stays.
  static let deepest = 512
  /// More attributes on one element vanish.
  static let mostAttributes = 32
  /// A page with less text than this, in bytes, shows next to nothing.
  static let leastText = 4096
  /// Longer attribute values are cut, in bytes.
  static let longestValue = 65_536

  /// The normalised page.
  var tokens: PageTokens
  /// The bodies of JSON-LD scripts, as they stand.
  private(set) var structuredData: [[UInt8]] = []
  /// The bodies of JSON scripts of a page that shows next to nothing: what its other scripts would have made the text from.
  private(set) var state: [[UInt8]] = []
  private var stateRanges: [Range<Int>] = []
  /// Limits that were met, for the trail.
  var limits: Set<String> = []

  let bytes: UnsafeBufferPointer<UInt8>
  var index = 0
  var finder: ByteFinder
  private var open: OpenElements
  private let tags = Tag.byName
  let attributes = Attribute.byName
  /// How many bytes may still be searched for the ends of svgs.
  private var svgBudget: Int
  private var sawBody = false
  private var sawHead = false
  private var sawHTML = false

  /// Runs over a page of valid UTF-8.
  init(_ page: UnsafeBufferPointer<UInt8>) {
    bytes = page
    finder = ByteFinder(page)
    tokens = PageTokens(page)
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
        readText(mark..<(mark + 1))
        index = mark + 1
      }
    }
    open.close(to: 0, &tokens)
    tokens.finish()
    if tokens.text.count <= Self.leastText { state = stateRanges.map { Array(bytes[$0]) } }
  }

  /// White space alone is one space outside `pre`, and nothing outside the body.
  private mutating func readText(_ range: Range<Int>) {
    if bytes[range].allSatisfy(UTF8Text.isSpace) {
      guard sawBody || open.depth > 0 else { return }
      if open.isOpen(.pre) { tokens.text(range) } else { tokens.text(byte: 0x20) }
      return
    }
    if !sawBody, open.depth == 0 { openBody(attributesFrom: tokens.attributes.count) }
    tokens.text(range)
  }

  /// The body begins with the first thing that is none of the head: libxml2 would leave elements that it does not know, such as `article`,
  /// in an open head.
  /// - Parameter firstAttribute: from where on attributes are those of the element that opens it.
  private mutating func openBody(attributesFrom firstAttribute: Int) {
    tokens.start(.body, firstAttribute: firstAttribute)
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
    tags.value(for: UnsafeBufferPointer(rebasing: bytes[name])).map { Tag(rawValue: $0)! } ?? .other
  }

  private mutating func readStartTag() {
    index += 1
    let name = readName()
    let tag = tag(name)
    let firstAttribute = tokens.attributes.count
    let (script, isSelfClosing) = readAttributes()
    switch tag {
    case .iframe where isSelfClosing || finder.find(Self.frameEnd, from: index) == nil:
      // Many frames are written as if they had no content; by the letter of the standard each would swallow the rest of the page.
      tokens.cutAttributes(from: firstAttribute)
      return
    case .script, .style, .iframe, .textarea, .title:
      readRawText(tag, firstAttribute: firstAttribute, script)
      return
    case .svg:
      tokens.cutAttributes(from: firstAttribute)
      if !isSelfClosing { skipSVG() }
      return
    case .html, .head, .body:
      if tag == .html ? sawHTML : tag == .body ? sawBody : sawHead || sawBody {
        tokens.cutAttributes(from: firstAttribute)
        return
      }
      sawHTML = sawHTML || tag == .html
      sawHead = sawHead || tag == .head
      sawBody = sawBody || tag == .body
      tokens.start(tag, firstAttribute: firstAttribute)
      return
    default: break
    }
    if !sawBody, open.depth == 0, !tag.isHeadContent { openBody(attributesFrom: firstAttribute) }
    open.closeImplied(by: tag, &tokens)
    let isTooDeep = open.depth >= Self.deepest
    if isTooDeep {
      limits.insert("elements nested deeper than \(Self.deepest)")
      if !tag.isVoid { tokens.text(byte: 0x20) }
    }
    let isWritten = !isTooDeep || tag.isVoid
    if Self.unread.contains(tag) || !isWritten || (Self.bare.contains(tag) && tokens.attributes.count == firstAttribute) {
      tokens.cutAttributes(from: firstAttribute)
      if !tag.isVoid { push(tag, name, isTooDeep ? .tooDeep : .unwritten, isSelfClosing) }
    } else {
      tokens.start(tag, firstAttribute: firstAttribute)
      if tag.isVoid {
        if tag == .embed { tokens.end(tag) }
      } else {
        push(tag, name, .written, isSelfClosing)
      }
    }
  }

  private mutating func push(_ tag: Tag, _ name: Range<Int>, _ form: OpenElements.Form, _ isSelfClosing: Bool) {
    let element = OpenElements.Element(tag: tag, name: name, form: form)
    if isSelfClosing, tag == .other {
      if form == .written { tokens.end(tag) }
    } else if open.depth < Self.deepest * 2 {
      // Far below the deepest level elements are not even followed, so that the stack stays small.
      open.push(element)
    }
  }

  /// Elements without content that nobody reads.
  private static let unread: TagSet = [.wbr, .source, .track, .param, .col]
  /// Elements that say nothing without attributes.
  private static let bare: TagSet = [.span, .font, .other]

  /// Elements whose content is text up to their own end tag.
  private mutating func readRawText(_ tag: Tag, firstAttribute: Int, _ script: ScriptKind) {
    let contentStart = index
    let end = finder.find(Array("</\(tag.name)".utf8), from: index)
    // A title that never ends, ends at the next tag; a script that never ends takes the rest with it, as in a browser.
    let contentEnd = end ?? (tag == .title || tag == .textarea ? finder.find(UInt8(ascii: "<"), from: index) ?? bytes.count : bytes.count)
    index = end.map { finder.find(UInt8(ascii: ">"), from: $0).map { $0 + 1 } ?? bytes.count } ?? contentEnd
    switch script {
    case .linkedData: structuredData.append(Array(bytes[contentStart..<contentEnd]))
    case .json where tag == .script: stateRanges.append(contentStart..<contentEnd)
    default: break
    }
    guard tag == .title, !(open.depth >= Self.deepest) else {
      tokens.cutAttributes(from: firstAttribute)
      return
    }
    tokens.start(tag, firstAttribute: firstAttribute)
    tokens.text(contentStart..<contentEnd)
    tokens.end(tag)
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

  private static let frameEnd = Array("</iframe".utf8)
  private static let svgStart = Array("<svg".utf8)
  private static let svgEnd = Array("</svg".utf8)

  private mutating func readEndTag() {
    index += 2
    let name = readName()
    let tag = tag(name)
    index = finder.find(UInt8(ascii: ">"), from: index).map { $0 + 1 } ?? bytes.count
    // Text behind the end of the body still belongs to it.
    if tag == .body || tag == .html || tag == .head || tag.isVoid {
      if tag == .br { tokens.start(.br, firstAttribute: tokens.attributes.count) }
      return
    }
    if let depth = open.closed(by: tag, name) { open.close(to: depth, &tokens) }
  }
}

@preconcurrency import CLibXML2
import Glibc
import Pipeline

/// Fills an arena from SAX events, which libxml2 nests properly, and from the texts and attributes that stand beside the tags.
struct ArenaBuilder {
  private var nodes: [Page.Node] = []
  private var stack: [Int32] = []
  private var nextElement = 0
  private var nextRun = 0
  private var textEnd: Int32 = 0
  private let tokens: PageTokens
  private let context: htmlParserCtxtPtr
  /// libxml2 has one copy of each name; by tag, the one that was met.
  private var names = [UnsafePointer<xmlChar>?](repeating: nil, count: Tag.allCases.count)

  init(_ tokens: PageTokens, _ context: htmlParserCtxtPtr) {
    self.tokens = tokens
    self.context = context
    nodes.reserveCapacity(tokens.elements.count + tokens.runs.count + 8)
    stack.reserveCapacity(64)
  }

  static func at(_ context: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<ArenaBuilder> {
    context!.assumingMemoryBound(to: ArenaBuilder.self)
  }

  /// How far libxml2 has read: behind the name of the tag that an event is about, and not behind what follows the tag.
  private var place: Int32 {
    let input = context.pointee.input.pointee
    return Int32(truncatingIfNeeded: Int(input.consumed) + (input.cur - input.base))
  }

  private mutating func takeText(before place: Int32) {
    while nextRun < tokens.runs.count, tokens.runs[nextRun].place < place {
      let end = tokens.runs[nextRun].end
      nodes.append(
        Page.Node(tag: .other, isText: true, parent: stack.last ?? -1, end: Int32(nodes.count + 1), start: textEnd, stop: end))
      textEnd = end
      nextRun += 1
    }
  }

  mutating func startElement(_ name: UnsafePointer<xmlChar>) {
    let place = place
    takeText(before: place)
    // An element that libxml2 left out is passed over; one that it put in has no place of its own.
    while nextElement + 1 < tokens.elements.count, tokens.elements[nextElement + 1].place < place { nextElement += 1 }
    var tag = Tag.other
    var attributes: Range<Int32> = 0..<0
    if nextElement < tokens.elements.count, tokens.elements[nextElement].place < place, isName(name, of: tokens.elements[nextElement].tag) {
      tag = tokens.elements[nextElement].tag
      let end = nextElement + 1 < tokens.elements.count ? tokens.elements[nextElement + 1].firstAttribute : Int32(tokens.attributes.count)
      attributes = tokens.elements[nextElement].firstAttribute..<end
      nextElement += 1
    } else {
      tag = Tag.named(UnsafeBufferPointer(start: name, count: strlen(name)))
    }
    nodes.append(
      Page.Node(
        tag: tag, isText: false, parent: stack.last ?? -1, end: 0, start: attributes.lowerBound, stop: attributes.upperBound))
    stack.append(Int32(nodes.count - 1))
  }

  private mutating func isName(_ name: UnsafePointer<xmlChar>, of tag: Tag) -> Bool {
    if names[Int(tag.rawValue)] == name { return true }
    let isSame =
      tag == .other
      ? name[0] == UInt8(ascii: "x") && name[1] == 0 : strcmp(UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self), tag.name) == 0
    if isSame { names[Int(tag.rawValue)] = name }
    return isSame
  }

  mutating func endElement() {
    takeText(before: place)
    guard let node = stack.popLast() else { return }
    nodes[Int(node)].end = Int32(nodes.count)
  }

  /// The page, with all that is still open closed.
  consuming func finish(structuredData: [[UInt8]], state: [[UInt8]], limits: [String]) -> Page {
    takeText(before: .max)
    while let node = stack.popLast() { nodes[Int(node)].end = Int32(nodes.count) }
    return Page(
      nodes: nodes, text: tokens.text, attributes: tokens.attributes, attributeText: tokens.attributeText,
      structuredData: structuredData, state: state, limits: limits)
  }
}

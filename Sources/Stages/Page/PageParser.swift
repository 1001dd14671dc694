@preconcurrency import CLibXML2
import Glibc
import Pipeline

/// Parses pages with libxml2's SAX interface into the arena.
public enum PageParser {
  /// Why a page could not be parsed.
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  /// Parses the raw content of a page. Linear in its length.
  /// - Throws: `Failure` when libxml2 gives up, which a page does not normally bring about.
  public static func parse(_ content: RawContent) throws -> Page {
    let utf8 = Charset.decode(content.bytes, labels: [content.charset, MetaCharset.label(in: content.bytes)].compactMap { $0 })
    let pass = utf8.withUnsafeBufferPointer { SkipPass($0) }
    return try parse(pass)
  }

  static func parse(_ pass: SkipPass) throws -> Page {
    LibXML2.start()
    let builder = ArenaBuilder(capacity: pass.output.count)
    // A fresh context for each page: a kept one's dictionary of names never shrinks.
    guard let context = htmlNewParserCtxt() else { throw Failure(description: "libxml2 gives no parser") }
    defer { htmlFreeParserCtxt(context) }
    context.pointee.sax.pointee = handler
    let options = Int32(
      HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue | HTML_PARSE_NONET.rawValue)
    context.pointee.userData = Unmanaged.passUnretained(builder).toOpaque()
    guard pass.output.count < Int(Int32.max) else { throw Failure(description: "the page is larger than 2 GB") }
    if !pass.output.isEmpty {
      let document = pass.output.withUnsafeBytes {
        htmlCtxtReadMemory(context, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count), nil, "UTF-8", options)
      }
      xmlFreeDoc(document)
    }
    let page = builder.finish(structuredData: pass.structuredData, limits: pass.limits.sorted())
    return page
  }

  private static let handler: htmlSAXHandler = {
    var handler = htmlSAXHandler()
    handler.startElement = { context, name, attributes in
      ArenaBuilder.at(context).startElement(name!, attributes)
    }
    handler.endElement = { context, _ in ArenaBuilder.at(context).endElement() }
    handler.characters = { context, bytes, count in ArenaBuilder.at(context).characters(bytes!, Int(count)) }
    handler.ignorableWhitespace = handler.characters
    handler.cdataBlock = handler.characters
    return handler
  }()
}

/// Fills an arena from SAX events, which libxml2 nests properly.
private final class ArenaBuilder {
  private var nodes: [Page.Node] = []
  private var text: [UInt8] = []
  private var attributes: [(name: Attribute, value: Range<Int32>)] = []
  private var attributeText: [UInt8] = []
  private var stack: [Int] = []

  init(capacity: Int) {
    nodes.reserveCapacity(capacity / 40)
    text.reserveCapacity(capacity / 2)
  }

  static func at(_ context: UnsafeMutableRawPointer?) -> ArenaBuilder {
    Unmanaged<ArenaBuilder>.fromOpaque(context!).takeUnretainedValue()
  }

  func startElement(_ name: UnsafePointer<xmlChar>, _ list: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?) {
    let start = Int32(attributes.count)
    if var next = list {
      while let key = next.pointee {
        if let attribute = Attribute.named(UnsafeBufferPointer(start: key, count: strlen(key))) {
          let valueStart = Int32(attributeText.count)
          if let value = next[1] { attributeText.append(contentsOf: UnsafeBufferPointer(start: value, count: strlen(value))) }
          attributes.append((attribute, valueStart..<Int32(attributeText.count)))
        }
        next += 2
      }
    }
    let tag = Tag.named(UnsafeBufferPointer(start: name, count: strlen(name)))
    nodes.append(
      Page.Node(tag: tag, isText: false, parent: Int32(stack.last ?? -1), end: 0, start: start, stop: Int32(attributes.count)))
    stack.append(nodes.count - 1)
  }

  func endElement() {
    guard let node = stack.popLast() else { return }
    nodes[node].end = Int32(nodes.count)
  }

  func characters(_ bytes: UnsafePointer<xmlChar>, _ count: Int) {
    let start = Int32(text.count)
    text.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
    let parent = Int32(stack.last ?? -1)
    if let last = nodes.last, last.isText, last.parent == parent, Int(last.end) == nodes.count {
      nodes[nodes.count - 1].stop = Int32(text.count)
      return
    }
    nodes.append(
      Page.Node(
        tag: .other, isText: true, parent: parent, end: Int32(nodes.count + 1), start: start, stop: Int32(text.count)))
  }

  func finish(structuredData: [[UInt8]], limits: [String]) -> Page {
    while !stack.isEmpty { endElement() }
    return Page(
      nodes: nodes, text: text, attributes: attributes, attributeText: attributeText, structuredData: structuredData, limits: limits)
  }
}

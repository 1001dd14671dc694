@preconcurrency import CLibXML2
import Glibc
import Pipeline

/// Parses pages into the arena: the skip pass reads texts and attributes, libxml2's SAX interface the elements.
public enum PageParser {
  /// Why a page could not be parsed.
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  /// Parses the raw content of a page. Linear in its length.
  /// - Throws: `Failure` when libxml2 gives up, which a page does not normally bring about.
  public static func parse(_ content: RawContent) throws -> Page {
    let utf8 = Charset.decode(content.bytes, labels: [content.charset, MetaCharset.label(in: content.bytes)].compactMap { $0 })
    guard utf8.count < Int(Int32.max) else { throw Failure(description: "the page is larger than 2 GB") }
    let pass = utf8.withUnsafeBufferPointer { SkipPass($0) }
    return try parse(consume pass)
  }

  private static func parse(_ pass: SkipPass) throws -> Page {
    LibXML2.start()
    // A fresh context for each page: a kept one's dictionary of names never shrinks.
    guard let context = htmlNewParserCtxt() else { throw Failure(description: "libxml2 gives no parser") }
    defer { htmlFreeParserCtxt(context) }
    context.pointee.sax.pointee = handler
    let options = Int32(
      HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue | HTML_PARSE_NONET.rawValue)
    var builder = ArenaBuilder(pass.tokens, context)
    if !pass.tokens.tags.isEmpty {
      withUnsafeMutablePointer(to: &builder) { builder in
        context.pointee.userData = UnsafeMutableRawPointer(builder)
        let document = pass.tokens.tags.withUnsafeBytes {
          htmlCtxtReadMemory(context, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count), nil, "UTF-8", options)
        }
        xmlFreeDoc(document)
      }
    }
    return builder.finish(structuredData: pass.structuredData, state: pass.state, limits: pass.limits.sorted())
  }

  private static let handler: htmlSAXHandler = {
    var handler = htmlSAXHandler()
    handler.startElement = { context, name, _ in ArenaBuilder.at(context).pointee.startElement(name!) }
    handler.endElement = { context, _ in ArenaBuilder.at(context).pointee.endElement() }
    return handler
  }()
}

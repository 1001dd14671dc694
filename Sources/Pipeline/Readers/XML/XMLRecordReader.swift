import CLibXML2
import Glibc

/// Reads the fields of XML records by XPath. One value serves one thread.
final class XMLRecordReader {
  /// Why a record has no fields.
  struct Failure: Error {
    let reason: String
  }

  /// Prefixes that need no declaration; what a file declares itself, and what the configuration says, win.
  static let wellKnownPrefixes = [
    "atom": "http://www.w3.org/2005/Atom", "content": "http://purl.org/rss/1.0/modules/content/", "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/", "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "news": "http://www.google.com/schemas/sitemap-news/0.9", "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/", "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "wfw": "http://wellformedweb.org/CommentAPI/", "xhtml": "http://www.w3.org/1999/xhtml", "xlink": "http://www.w3.org/1999/xlink",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
  ]
  private static let xhtml = "http://www.w3.org/1999/xhtml"

  private let namespaces: [String: String]
  private var compiled: [String: xmlXPathCompExprPtr] = [:]

  /// - Parameter namespaces: names of namespaces by the prefixes that expressions use.
  init(namespaces: [String: String]) {
    LibXML2.start()
    self.namespaces = namespaces
  }

  deinit {
    for expression in compiled.values { xmlXPathFreeCompExpr(expression) }
  }

  /// Whether an expression is XPath 1.0.
  static func isExpression(_ text: String) -> Bool {
    LibXML2.start()
    xmlSetStructuredErrorFunc(nil) { _, _ in }
    guard let expression = xmlXPathCompile(text) else { return false }
    xmlXPathFreeCompExpr(expression)
    return true
  }

  /// The values of a record by field, in the order of the record; of several expressions for a field the first that finds something counts.
  /// - Returns: nil when the record does not meet its condition.
  /// - Throws: `Failure`.
  func fields(of fragment: XMLFragment, _ expressions: [String: [String]]) throws(Failure) -> [String: [String]]? {
    let prefixes = Self.wellKnownPrefixes.merging(fragment.prefixes) { $1 }
    guard let document = parse(fragment, prefixes) else { throw Failure(reason: "the record is not XML") }
    defer { xmlFreeDoc(document) }
    guard let root = xmlDocGetRootElement(document), let record = xmlFirstElementChild(root), let context = xmlXPathNewContext(document)
    else { throw Failure(reason: "the record is empty") }
    defer { xmlXPathFreeContext(context) }
    context.pointee.error = { _, _ in }
    for (prefix, name) in prefixes.merging(namespaces, uniquingKeysWith: { $1 }) { xmlXPathRegisterNs(context, prefix, name) }
    context.pointee.node = record
    if let predicate = fragment.predicate {
      let holds = try evaluate("boolean(self::node()[\(predicate)])", context) { $0.pointee.boolval != 0 }
      if !holds { return nil }
    }
    var result: [String: [String]] = [:]
    for (field, alternatives) in expressions {
      for expression in alternatives {
        let values = try evaluate(expression, context) { self.values(of: $0, document, asMarkup: field == "html") }.filter { !$0.isEmpty }
        if !values.isEmpty {
          result[field] = values
          break
        }
      }
    }
    return result
  }

  private func parse(_ fragment: XMLFragment, _ prefixes: [String: String]) -> xmlDocPtr? {
    let utf8 = Charset.decode(fragment.bytes, labels: [fragment.charset].compactMap { $0 })
    var text = Array("<record".utf8)
    for (prefix, name) in prefixes.sorted(by: { $0.key < $1.key }) where !prefix.isEmpty && prefix != "xml" && prefix != "xmlns" {
      text += " xmlns:\(prefix)=\"\(name.filter { !"\"<&".contains($0) })\"".utf8
    }
    text += ">".utf8
    text += utf8.withUnsafeBufferPointer { XMLSanitizer($0).output }
    text += "</record>".utf8
    guard text.count < Int(Int32.max) else { return nil }
    // No text is too long for it, and no document type reaches it: the limits that guard against entities are not needed.
    let options = Int32(
      XML_PARSE_RECOVER.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue | XML_PARSE_NONET.rawValue
        | XML_PARSE_HUGE.rawValue)
    let document = text.withUnsafeBytes {
      xmlReadMemory($0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count), nil, "UTF-8", options)
    }
    return document
  }

  private func evaluate<Result>(_ expression: String, _ context: xmlXPathContextPtr, _ body: (xmlXPathObjectPtr) -> Result)
    throws(Failure) -> Result
  {
    guard let compiled = compiled[expression] ?? xmlXPathCompile(expression) else {
      throw Failure(reason: "\(expression) is not XPath")
    }
    self.compiled[expression] = compiled
    guard let found = xmlXPathCompiledEval(compiled, context) else {
      throw Failure(reason: "\(expression) cannot be evaluated; is the prefix of a name missing in \"namespaces\"?")
    }
    defer { xmlXPathFreeObject(found) }
    return body(found)
  }

  private func values(of object: xmlXPathObjectPtr, _ document: xmlDocPtr, asMarkup: Bool) -> [String] {
    guard object.pointee.type == XPATH_NODESET else {
      guard let text = xmlXPathCastToString(object) else { return [] }
      defer { free(text) }
      return [String(cString: text)]
    }
    guard let nodes = object.pointee.nodesetval else { return [] }
    return (0..<Int(nodes.pointee.nodeNr)).compactMap { index in
      guard let node = nodes.pointee.nodeTab[index] else { return nil }
      if asMarkup, xmlFirstElementChild(node) != nil { return markup(inside: node, document) }
      guard let text = xmlNodeGetContent(node) else { return nil }
      defer { free(text) }
      return String(cString: text)
    }
  }

  /// The content of an element as HTML, for records that hold elements instead of escaped text.
  private func markup(inside node: xmlNodePtr, _ document: xmlDocPtr) -> String {
    guard let buffer = xmlBufferCreate() else { return "" }
    defer { xmlBufferFree(buffer) }
    var child = node.pointee.children
    while let current = child {
      dropXHTMLPrefixes(current)
      htmlNodeDump(buffer, document, current)
      child = current.pointee.next
    }
    return String(cString: xmlBufferContent(buffer))
  }

  /// `xhtml:p` is `p`. Goes through the nodes in order without recursion.
  private func dropXHTMLPrefixes(_ top: xmlNodePtr) {
    var node: xmlNodePtr? = top
    while let current = node {
      if let namespace = current.pointee.ns?.pointee.href, String(cString: namespace) == Self.xhtml { current.pointee.ns = nil }
      if current.pointee.type == XML_ELEMENT_NODE, let child = current.pointee.children {
        node = child
        continue
      }
      var next: xmlNodePtr? = current
      while let at = next, at != top, at.pointee.next == nil { next = at.pointee.parent }
      node = next == top ? nil : next?.pointee.next
    }
  }
}

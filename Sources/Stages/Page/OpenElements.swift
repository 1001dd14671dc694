import Pipeline

/// The elements of a page that are open at a place, and which of them a tag closes.
struct OpenElements {
  struct Element {
    let tag: Tag
    /// The name in the page, for elements that are `other`.
    let name: Range<Int>
    /// False below the deepest level: the element is followed, but not written.
    let isWritten: Bool
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var stack: [Element] = []

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  var depth: Int { stack.count }

  mutating func push(_ element: Element) { stack.append(element) }

  /// Closes elements until `depth` of them are open, the innermost first.
  mutating func close(to depth: Int, _ writer: inout MarkupWriter) {
    while stack.count > depth { writer.end(stack.removeLast()) }
  }

  /// The depth of the open element that an end tag closes; nil for a stray one.
  func closed(by tag: Tag, _ name: Range<Int>) -> Int? {
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
    a.count == b.count && zip(a, b).allSatisfy { ASCII.lowered(bytes[$0]) == ASCII.lowered(bytes[$1]) }
  }

  /// Closes the elements that end where another begins, by the HTML standard.
  mutating func closeImplied(by tag: Tag, _ writer: inout MarkupWriter) {
    switch tag {
    case .li: closeInScope([.li], until: [.ul, .ol, .menu], &writer)
    case .dt, .dd: closeInScope([.dt, .dd], until: [.dl], &writer)
    case .tr: closeInScope([.tr], until: [.table], &writer)
    case .td, .th: closeInScope([.td, .th], until: [.table, .tr], &writer)
    case .tbody, .thead, .tfoot: closeInScope([.tbody, .thead, .tfoot, .caption, .colgroup], until: [.table], &writer)
    case .option, .optgroup: closeInScope([.option], until: [.select], &writer)
    case .a: closeInScope([.a], until: [.td, .th, .table, .li, .div, .p, .article, .section], &writer)
    default: break
    }
    if tag.closesParagraph { closeInScope([.p], until: Self.paragraphScope, &writer) }
    if tag.isHeading, let last = stack.last, last.tag.isHeading { close(to: stack.count - 1, &writer) }
  }

  private static let paragraphScope: Set<Tag> = [
    .div, .td, .th, .table, .li, .article, .section, .main, .aside, .blockquote, .figure, .figcaption, .header, .footer, .nav, .button,
    .object, .caption, .dd, .form, .center, .details, .noscript, .template, .ul, .ol, .dl, .h1, .h2, .h3, .h4, .h5, .h6,
  ]

  private mutating func closeInScope(_ tags: Set<Tag>, until scope: Set<Tag>, _ writer: inout MarkupWriter) {
    for place in stack.indices.reversed() {
      let open = stack[place].tag
      if tags.contains(open) {
        close(to: place, &writer)
        return
      }
      if scope.contains(open) { return }
    }
  }
}

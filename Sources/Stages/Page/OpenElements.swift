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
  /// How many of each tag are open: most tags close nothing, and need not look through the stack for it.
  private var counts = [Int](repeating: 0, count: Tag.allCases.count)

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  var depth: Int { stack.count }

  mutating func push(_ element: Element) {
    stack.append(element)
    counts[Int(element.tag.rawValue)] += 1
  }

  /// Closes elements until `depth` of them are open, the innermost first.
  mutating func close(to depth: Int, _ writer: inout MarkupWriter) {
    while stack.count > depth {
      let element = stack.removeLast()
      counts[Int(element.tag.rawValue)] -= 1
      writer.end(element)
    }
  }

  /// The depth of the open element that an end tag closes; nil for a stray one.
  func closed(by tag: Tag, _ name: Range<Int>) -> Int? {
    guard counts[Int(tag.rawValue)] > 0 || tag.isHeading else { return nil }
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
    if let (ends, scope) = Self.implied[tag] { closeInScope(ends, until: scope, &writer) }
    if tag.closesParagraph { closeInScope([.p], until: Self.paragraphScope, &writer) }
    if tag.isHeading, let last = stack.last, last.tag.isHeading { close(to: stack.count - 1, &writer) }
  }

  /// Which elements a tag ends, and which elements they do not reach out of.
  private static let implied: [Tag: (ends: [Tag], scope: TagSet)] = {
    let rows: [(tags: [Tag], ends: [Tag], scope: TagSet)] = [
      ([.li], [.li], [.ul, .ol, .menu]), ([.dt, .dd], [.dt, .dd], [.dl]), ([.tr], [.tr], [.table]),
      ([.td, .th], [.td, .th], [.table, .tr]),
      ([.tbody, .thead, .tfoot], [.tbody, .thead, .tfoot, .caption, .colgroup], [.table]), ([.option, .optgroup], [.option], [.select]),
      ([.a], [.a], [.td, .th, .table, .li, .div, .p, .article, .section]),
    ]
    return Dictionary(uniqueKeysWithValues: rows.flatMap { row in row.tags.map { ($0, (row.ends, row.scope)) } })
  }()

  private static let paragraphScope: TagSet = [
    .div, .td, .th, .table, .li, .article, .section, .main, .aside, .blockquote, .figure, .figcaption, .header, .footer, .nav, .button,
    .object, .caption, .dd, .form, .center, .details, .noscript, .template, .ul, .ol, .dl, .h1, .h2, .h3, .h4, .h5, .h6,
  ]

  private mutating func closeInScope(_ tags: [Tag], until scope: TagSet, _ writer: inout MarkupWriter) {
    guard tags.contains(where: { counts[Int($0.rawValue)] > 0 }) else { return }
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

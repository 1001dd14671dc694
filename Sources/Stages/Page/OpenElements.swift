import Pipeline

/// The elements of a page that are open at a place, and which of them a tag closes.
struct OpenElements {
  struct Element {
    let tag: Tag
    /// The name in the page, for elements that are `other`.
    let name: Range<Int>
    let form: Form
  }

  /// What was written of an element that is followed.
  enum Form {
    case written
    /// Nothing: it is of no use.
    case unwritten
    /// Nothing, since it is below the deepest level; a space keeps its text from the next.
    case tooDeep
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var stack: [Element] = []
  /// How many of each tag are open: most tags close nothing, and need not look through the stack for it.
  private var counts = [Int](repeating: 0, count: Tag.allCases.count)
  /// Tags that are open.
  private var tags: TagSet = []
  private let implied = Self.implied

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  var depth: Int { stack.count }

  func isOpen(_ tag: Tag) -> Bool { tags.contains(tag) }

  mutating func push(_ element: Element) {
    stack.append(element)
    counts[Int(element.tag.rawValue)] += 1
    tags.insert(element.tag)
  }

  /// Closes elements until `depth` of them are open, the innermost first.
  mutating func close(to depth: Int, _ tokens: inout PageTokens) {
    while stack.count > depth {
      let element = stack.removeLast()
      counts[Int(element.tag.rawValue)] -= 1
      if counts[Int(element.tag.rawValue)] == 0 { tags.remove(element.tag) }
      switch element.form {
      case .written: tokens.end(element.tag)
      case .tooDeep: tokens.text(byte: 0x20)
      case .unwritten: break
      }
    }
  }

  /// The depth of the open element that an end tag closes; nil for a stray one.
  func closed(by tag: Tag, _ name: Range<Int>) -> Int? {
    guard isOpen(tag) || tag.isHeading else { return nil }
    var place = stack.count
    while place > 0 {
      place -= 1
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
  mutating func closeImplied(by tag: Tag, _ tokens: inout PageTokens) {
    let rule = implied[Int(tag.rawValue)]
    if rule.ends.intersects(tags) { closeInScope(rule.ends, until: rule.scope, &tokens) }
    if isOpen(.p), tag.closesParagraph { closeInScope([.p], until: Self.paragraphScope, &tokens) }
    if tag.isHeading, let last = stack.last, last.tag.isHeading { close(to: stack.count - 1, &tokens) }
  }

  /// Which elements a tag ends, and which elements they do not reach out of.
  private static let implied: [(ends: TagSet, scope: TagSet)] = {
    let rows: [(tags: TagSet, ends: TagSet, scope: TagSet)] = [
      ([.li], [.li], [.ul, .ol, .menu]), ([.dt, .dd], [.dt, .dd], [.dl]), ([.tr], [.tr], [.table]),
      ([.td, .th], [.td, .th], [.table, .tr]),
      ([.tbody, .thead, .tfoot], [.tbody, .thead, .tfoot, .caption, .colgroup], [.table]), ([.option, .optgroup], [.option], [.select]),
      ([.a], [.a], [.td, .th, .table, .li, .div, .p, .article, .section]),
    ]
    return Tag.allCases.map { tag in rows.first { $0.tags.contains(tag) }.map { ($0.ends, $0.scope) } ?? ([], []) }
  }()

  private static let paragraphScope: TagSet = [
    .div, .td, .th, .table, .li, .article, .section, .main, .aside, .blockquote, .figure, .figcaption, .header, .footer, .nav, .button,
    .object, .caption, .dd, .form, .center, .details, .noscript, .template, .ul, .ol, .dl, .h1, .h2, .h3, .h4, .h5, .h6,
  ]

  private mutating func closeInScope(_ ends: TagSet, until scope: TagSet, _ tokens: inout PageTokens) {
    var place = stack.count
    while place > 0 {
      place -= 1
      let open = stack[place].tag
      if ends.contains(open) {
        close(to: place, &tokens)
        return
      }
      if scope.contains(open) { return }
    }
  }
}

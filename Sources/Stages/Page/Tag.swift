/// The elements that extraction tells apart; all others are `other`.
public enum Tag: UInt8, Sendable, CaseIterable {
  case other
  case a, abbr, address, article, aside, b, base, blockquote, body, br, button, caption, center, cite, code, col, colgroup
  case dd, del, details, dialog, div, dl, dt, em, embed, fieldset, figcaption, figure, font, footer, form
  case h1, h2, h3, h4, h5, h6, head, header, hgroup, hr, html, i, iframe, img, input, ins, kbd, label, legend, li, link
  case main, mark, menu, meta, nav, noscript, object, ol, optgroup, option, p, param, picture, pre, q, s, samp, script
  case section, select, small, source, span, strong, style, sub, summary, sup, svg, table, tbody, td, template, textarea
  case tfoot, th, thead, time, title, tr, track, tt, u, ul, video, wbr

  /// The tag for a name in any case; `other` for one that is none of these.
  static func named(_ name: UnsafeBufferPointer<UInt8>) -> Tag {
    byName.value(for: name).map { Tag(rawValue: $0)! } ?? .other
  }

  /// The tags by name, to be held by who asks often.
  static let byName = NameTable(allCases.filter { $0 != .other }.map { ($0.name, $0.rawValue) })

  /// The name in lower case.
  public var name: String { Self.names[Int(rawValue)] }

  /// Made once: turning a case into text takes microseconds.
  private static let names = allCases.map { "\($0)" }

  /// Has no content and no end tag.
  var isVoid: Bool {
    switch self {
    case .base, .br, .col, .embed, .hr, .img, .input, .link, .meta, .param, .source, .track, .wbr: true
    default: false
    }
  }

  /// May stand in the head of a page.
  var isHeadContent: Bool {
    switch self {
    case .base, .link, .meta, .noscript, .script, .style, .template, .title: true
    default: false
    }
  }

  /// Begins and ends a line of its own when shown.
  public var isBlock: Bool { Self.blocks.contains(self) }

  public var isHeading: Bool { rawValue >= Tag.h1.rawValue && rawValue <= Tag.h6.rawValue }

  /// Closes an open paragraph, as the HTML standard has it.
  var closesParagraph: Bool { isBlock && self != .body && self != .html && !isTablePart || self == .hr }

  var isTablePart: Bool {
    switch self {
    case .tr, .td, .th, .tbody, .thead, .tfoot, .caption, .colgroup: true
    default: false
    }
  }

  private static let blocks: TagSet = [
    .address, .article, .aside, .blockquote, .body, .caption, .center, .dd, .details, .dialog, .div, .dl, .dt, .fieldset,
    .figcaption, .figure, .footer, .form, .h1, .h2, .h3, .h4, .h5, .h6, .header, .hgroup, .hr, .html, .legend, .li, .main, .menu,
    .nav, .noscript, .ol, .p, .pre, .section, .summary, .table, .tbody, .td, .template, .tfoot, .th, .thead, .tr, .ul,
  ]
}

/// A set of tags that is asked without hashing.
struct TagSet: ExpressibleByArrayLiteral {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  init(arrayLiteral tags: Tag...) {
    for tag in tags { insert(tag) }
  }

  mutating func insert(_ tag: Tag) {
    if tag.rawValue < 64 { low |= 1 << UInt64(tag.rawValue) } else { high |= 1 << UInt64(tag.rawValue - 64) }
  }

  mutating func remove(_ tag: Tag) {
    if tag.rawValue < 64 { low &= ~(1 << UInt64(tag.rawValue)) } else { high &= ~(1 << UInt64(tag.rawValue - 64)) }
  }

  @inline(__always)
  func contains(_ tag: Tag) -> Bool {
    (tag.rawValue < 64 ? low >> UInt64(tag.rawValue) : high >> UInt64(tag.rawValue - 64)) & 1 != 0
  }

  @inline(__always)
  func intersects(_ other: TagSet) -> Bool { low & other.low != 0 || high & other.high != 0 }
}

/// The attributes that are kept.
public enum Attribute: UInt8, Sendable, CaseIterable {
  case alt, ariaHidden, ariaLabel, charset, cls, colspan, content, datetime, hidden, href, httpEquiv, id, itemprop, lang, name
  case property, rel, role, rowspan, src, title

  var spelling: String { Self.spellings[Int(rawValue)] }

  private static let spellings = allCases.map(\.spelled)

  private var spelled: String {
    switch self {
    case .ariaHidden: "aria-hidden"
    case .ariaLabel: "aria-label"
    case .cls: "class"
    case .httpEquiv: "http-equiv"
    default: "\(self)"
    }
  }

  /// The attribute for a name in any case; nil for one that nobody reads.
  static func named(_ name: UnsafeBufferPointer<UInt8>) -> Attribute? {
    byName.value(for: name).map { Attribute(rawValue: $0)! }
  }

  /// The attributes by name, to be held by who asks often.
  static let byName = NameTable(allCases.map { ($0.spelling, $0.rawValue) })
}

/// The elements that extraction tells apart; all others are `other`.
public enum Tag: UInt8, Sendable, CaseIterable {
  case other
  case a, abbr, address, article, aside, b, base, blockquote, body, br, button, caption, center, cite, code, col, colgroup
  case dd, del, details, dialog, div, dl, dt, em, embed, fieldset, figcaption, figure, font, footer, form
  case h1, h2, h3, h4, h5, h6, head, header, hgroup, hr, html, i, iframe, img, input, ins, kbd, label, legend, li, link
  case main, mark, menu, meta, nav, noscript, object, ol, optgroup, option, p, param, picture, pre, q, s, samp, script
  case section, select, small, source, span, strong, style, sub, summary, sup, svg, table, tbody, td, template, textarea
  case tfoot, th, thead, time, title, tr, track, tt, u, ul, video, wbr

  /// The tag for a name in lower case.
  static func named(_ name: UnsafeBufferPointer<UInt8>) -> Tag {
    guard name.count <= 10, let first = name.first, first >= 0x61, first <= 0x7A else { return .other }
    return buckets[Int(first - 0x61)].first { $0.name.elementsEqual(name) }?.tag ?? .other
  }

  /// Tags by their first letter.
  private static let buckets: [[(name: [UInt8], tag: Tag)]] = (0..<26).map { letter in
    allCases.filter { $0 != .other && $0.name.utf8.first == 0x61 + UInt8(letter) }.map { (Array($0.name.utf8), $0) }
  }

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
  public var isBlock: Bool { Self.blocks[Int(rawValue)] }

  public var isHeading: Bool { rawValue >= Tag.h1.rawValue && rawValue <= Tag.h6.rawValue }

  /// Closes an open paragraph, as the HTML standard has it.
  var closesParagraph: Bool { isBlock && self != .body && self != .html && !isTablePart || self == .hr }

  var isTablePart: Bool {
    switch self {
    case .tr, .td, .th, .tbody, .thead, .tfoot, .caption, .colgroup: true
    default: false
    }
  }

  private static let blocks: [Bool] = {
    let names: Set<Tag> = [
      .address, .article, .aside, .blockquote, .body, .caption, .center, .dd, .details, .dialog, .div, .dl, .dt, .fieldset,
      .figcaption, .figure, .footer, .form, .h1, .h2, .h3, .h4, .h5, .h6, .header, .hgroup, .hr, .html, .legend, .li, .main, .menu,
      .nav, .noscript, .ol, .p, .pre, .section, .summary, .table, .tbody, .td, .template, .tfoot, .th, .thead, .tr, .ul,
    ]
    return allCases.map(names.contains)
  }()
}

/// A set of tags that is asked without hashing.
struct TagSet: ExpressibleByArrayLiteral {
  private var members = [Bool](repeating: false, count: Tag.allCases.count)

  init(arrayLiteral tags: Tag...) {
    for tag in tags { members[Int(tag.rawValue)] = true }
  }

  func contains(_ tag: Tag) -> Bool { members[Int(tag.rawValue)] }
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

  /// The attribute for a name in lower case; nil for one that nobody reads.
  static func named(_ name: UnsafeBufferPointer<UInt8>) -> Attribute? {
    guard name.count >= 2, name.count <= 11 else { return nil }
    return byLength[name.count].first { $0.name.elementsEqual(name) }?.attribute
  }

  private static let byLength: [[(name: [UInt8], attribute: Attribute)]] = (0...11).map { length in
    allCases.filter { $0.spelling.utf8.count == length }.map { (Array($0.spelling.utf8), $0) }
  }
}

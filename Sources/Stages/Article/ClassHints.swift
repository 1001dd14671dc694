import Pipeline

/// What the class, id, role and name of an element say about its content.
enum ClassHints {
  enum Hint: UInt8, Sendable {
    case none, content
    /// Never content, however much text there is.
    case furniture
    /// Not content unless there is nothing else: comments, sidebars.
    case secondary
  }

  /// Words that occur as whole tokens of a class or id.
  private static let furnitureTokens: Set<String> = [
    "ad", "ads", "advert", "advertisement", "banner", "breadcrumb", "breadcrumbs", "byline", "captcha", "consent", "cookie", "cookies",
    "copyright", "disclaimer", "donate", "footer", "gdpr", "headerbar", "login", "menu", "menus", "metadata", "modal", "nav", "navbar",
    "navigation", "newsletter", "outbrain", "overlay", "pager", "pagination", "paywall", "popup", "print", "promo", "promobox", "register",
    "related", "share", "sharebar", "sharing", "shares", "sidebar", "signin", "signup", "sitemap", "skip", "social", "sponsor", "sponsored",
    "subscribe", "subscription", "taboola", "tags", "tag", "toolbar", "tooltip", "topbar", "trending", "visuallyhidden", "widget", "widgets",
    "hidden", "recirc", "recommended", "recommendations", "readmore", "toc",
  ]
  private static let furnitureParts = [
    "advert", "breadcrumb", "cookie", "newsletter", "outbrain", "popup", "recirc", "recommend", "related", "share-", "sharing", "signup",
    "social", "sponsor", "subscri", "taboola", "sr-only", "visually-hidden", "screen-reader", "jp-relatedposts", "addtoany", "sharedaddy",
    "author-bio", "authorbio", "author-box", "about-author", "read-more", "readmore", "more-stories", "most-read", "also-like", "post-nav",
    "table-of-contents", "toc-", "-toc", "dropdown",
  ]
  private static let secondaryTokens: Set<String> = [
    "comment", "comments", "disqus", "respond", "reply", "replies", "aside", "rail", "secondary", "supplemental",
  ]
  private static let secondaryParts = ["comment", "disqus", "sidebar", "livefyre", "aside-"]
  private static let contentParts = [
    "article-body", "articlebody", "article__body", "article-content", "article__content", "articlecontent", "entry-content", "post-content",
    "post-body", "postcontent", "story-body", "storybody", "story-content", "content-body", "body-content", "main-content", "rich-text",
    "richtext", "article-text", "post__content", "blog-content", "page-content", "td-post-content", "single-content", "prose",
    "entry__content", "article_body", "article_content", "body-copy", "bodycopy",
  ]

  /// The hint of an element. Words in long chains of utility classes count as little as elsewhere; the first that is found decides.
  static func hint(_ page: Page, _ node: Int) -> Hint {
    let tag = page.nodes[node].tag
    switch tag {
    case .nav, .footer, .menu, .form: return tag == .form ? .none : .furniture
    case .aside: return .secondary
    case .main, .article: return .content
    case .body, .html: return .none
    default: break
    }
    if let role = page.attribute(.role, of: node)?.lowercased() {
      switch role {
      case "navigation", "banner", "contentinfo", "search", "menu", "menubar", "dialog", "alertdialog", "toolbar", "tablist": return .furniture
      case "complementary": return .secondary
      case "main", "article": return .content
      default: break
      }
    }
    if page.attribute(.ariaHidden, of: node) == "true" { return .furniture }
    if let property = page.attribute(.itemprop, of: node), property == "articleBody" || property == "text" { return .content }
    var names: [String] = []
    for attribute in [Attribute.cls, .id] {
      guard let bytes = page.attributeBytes(attribute, of: node), !bytes.isEmpty else { continue }
      names.append(String(decoding: bytes.prefix(200), as: UTF8.self).lowercased())
    }
    guard !names.isEmpty else { return .none }
    for name in names where contentParts.contains(where: { name.contains($0) }) { return .content }
    for name in names {
      for token in name.split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
        let token = String(token)
        if secondaryTokens.contains(token) { return .secondary }
        if furnitureTokens.contains(token) { return .furniture }
      }
      if furnitureParts.contains(where: { name.contains($0) }) { return .furniture }
      if secondaryParts.contains(where: { name.contains($0) }) { return .secondary }
    }
    return .none
  }
}

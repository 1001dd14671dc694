import Pipeline

/// What the class, id, role and name of an element say about its content.
enum ClassHints {
  enum Hint: UInt8, Sendable {
    case none
    /// Not content unless there is nothing else: comments, sidebars.
    case secondary
    /// Navigation, prompts, advertising.
    case furniture
    case content
  }

  /// Words that occur as whole tokens of a class or id.
  private static let furnitureTokens: Set<String> = [
    "ad", "ads", "advert", "advertisement", "banner", "breadcrumb", "breadcrumbs", "byline", "captcha", "consent", "cookie", "cookies",
    "copyright", "disclaimer", "donate", "footer", "gdpr", "headerbar", "login", "menu", "menus", "meta", "metadata", "modal", "nav",
    "navbar",
    "navigation", "newsletter", "outbrain", "overlay", "pager", "pagination", "paywall", "popup", "print", "promo", "promobox", "register",
    "related", "share", "sharebar", "sharing", "shares", "sidebar", "signin", "signup", "sitemap", "skip", "social", "sponsor", "sponsored",
    "subscribe", "subscription", "taboola", "tags", "tag", "toolbar", "tooltip", "topbar", "trending", "visuallyhidden",
    "anzeige", "werbung", "publicite", "publicidad", "pubblicita", "publicidade", "reklam", "reklama", "hidden", "recirc", "recommended",
    "recommendations", "readmore", "toc",
  ]
  private static let furnitureParts = [
    "advert", "breadcrumb", "cookie", "newsletter", "outbrain", "popup", "recirc", "recommend", "related", "share-", "sharing", "signup",
    "social", "sponsor", "subscri", "taboola", "sr-only", "visually-hidden", "screen-reader", "jp-relatedposts", "addtoany", "sharedaddy",
    "author-bio", "authorbio", "author-box", "about-author", "read-more", "readmore", "more-stories", "most-read", "also-like", "post-nav",
    "mailmag", "lesen-sie", "lesensie", "lire-aussi", "leggi-anche", "lee-tambien", "leia-tambem",
    "table-of-contents", "toc-", "-toc", "dropdown",
  ]
  private static let secondaryTokens: Set<String> = [
    "comment", "comments", "disqus", "respond", "reply", "replies", "aside", "rail", "secondary", "supplemental",
    "kommentar", "kommentare", "kommentarer", "commentaire", "commentaires", "comentario", "comentarios", "commento", "commenti",
    "reacties",
    "komentarz", "komentarze", "yorum", "yorumlar", "cmt", "cmts",
  ]
  private static let secondaryParts = ["comment", "disqus", "sidebar", "livefyre", "aside-"]
  private static let contentParts = [
    "article-body", "articlebody", "article__body", "article-content", "article__content", "articlecontent", "entry-content",
    "post-content",
    "post-body", "postcontent", "story-body", "storybody", "story-content", "content-body", "body-content", "main-content", "rich-text",
    "richtext", "article-text", "post__content", "blog-content", "page-content", "td-post-content", "single-content", "prose",
    "entry__content", "article_body", "article_content", "body-copy", "bodycopy",
  ]

  /// All words in one automaton: whole tokens, and parts that count anywhere in a name.
  private static let words: (automaton: PhraseAutomaton, meaning: [(hint: Hint, isToken: Bool)]) = {
    var phrases: [[UInt8]] = []
    var meaning: [(hint: Hint, isToken: Bool)] = []
    func add(_ words: [String], _ hint: Hint, isToken: Bool) {
      phrases += words.map { Array($0.utf8) }
      meaning += words.map { _ in (hint, isToken) }
    }
    add(contentParts, .content, isToken: false)
    add(secondaryTokens.sorted(), .secondary, isToken: true)
    add(furnitureTokens.sorted(), .furniture, isToken: true)
    add(furnitureParts, .furniture, isToken: false)
    add(secondaryParts, .secondary, isToken: false)
    return (PhraseAutomaton(phrases), meaning)
  }()

  /// Longer names are chains of utility classes.
  private static let longestName = 200

  /// What an element's name alone says; nil when it says nothing.
  static func hint(tag: Tag) -> Hint? {
    switch tag {
    case .nav, .footer, .menu: .furniture
    case .aside: .secondary
    case .main, .article: .content
    case .body, .html: Hint.none
    default: nil
    }
  }

  /// The hint of an element. A word for content outweighs all others; else the strictest counts.
  static func hint(_ page: Page, _ node: Int) -> Hint {
    if let hint = hint(tag: page.nodes[node].tag) { return hint }
    if let role = page.attribute(.role, of: node)?.lowercased() {
      switch role {
      case "navigation", "banner", "contentinfo", "search", "menu", "menubar", "dialog", "alertdialog", "toolbar", "tablist":
        return .furniture
      case "complementary": return .secondary
      case "main", "article": return .content
      default: break
      }
    }
    if page.attribute(.ariaHidden, of: node) == "true" { return .furniture }
    if let property = page.attribute(.itemprop, of: node), property == "articleBody" || property == "text" { return .content }
    var result = Hint.none
    for attribute in [Attribute.cls, .id] {
      guard let name = page.attributeBytes(attribute, of: node), !name.isEmpty else { continue }
      result = stronger(result, hint(ofName: name.prefix(longestName).map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }))
    }
    return result
  }

  private static let captionEndings = ["caption", "caption-text", "caption__text"].map { Array($0.utf8) }

  /// Whether a class of an element calls it a caption: `photo-caption`, but not `caption-list`.
  static func isCaption(_ page: Page, _ node: Int) -> Bool {
    guard let name = page.attributeBytes(.cls, of: node), name.count >= 7 else { return false }
    return name.prefix(longestName).split(separator: 0x20).contains { token in
      captionEndings.contains { token.count >= $0.count && token.suffix($0.count).elementsEqual($0) }
    }
  }

  private static func hint(ofName name: [UInt8]) -> Hint {
    var result = Hint.none
    let words = words
    name.withUnsafeBufferPointer { bytes in
      words.automaton.search(bytes) { phrase, range in
        let (hint, isToken) = words.meaning[phrase]
        if isToken {
          if range.lowerBound > 0, isAlphanumeric(bytes[range.lowerBound - 1]) { return true }
          if range.upperBound < bytes.count, isAlphanumeric(bytes[range.upperBound]) { return true }
        }
        result = stronger(result, hint)
        return true
      }
    }
    return result
  }

  private static func stronger(_ a: Hint, _ b: Hint) -> Hint {
    if a == .content || b == .content { return .content }
    return a.rawValue >= b.rawValue ? a : b
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x7A)
  }
}

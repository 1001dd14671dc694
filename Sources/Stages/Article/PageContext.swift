import Glibc
import Pipeline

/// What a page says about itself as a whole, as far as it helps to judge its blocks.
final class PageContext {
  /// Hashes of the words of the title and of the description.
  private(set) var title = WordSet()
  private(set) var description = WordSet()
  /// Hashes of three words in a row of the article as structured data have it.
  private(set) var body = WordSet(capacity: 0)
  /// Whether structured data name an article, a product, a discussion, a list; bits of `Kind`.
  private(set) var kinds: Kind = []
  private(set) var hasStructuredData: Bool

  struct Kind: OptionSet {
    let rawValue: UInt8
    static let article = Kind(rawValue: 1)
    static let product = Kind(rawValue: 2)
    static let discussion = Kind(rawValue: 4)
    static let list = Kind(rawValue: 8)
    static let openGraphArticle = Kind(rawValue: 16)
    static let openGraphWebsite = Kind(rawValue: 32)
  }

  /// A title is read this far, and a description, in bytes.
  private static let longestTitle = 300
  private static let longestDescription = 1000
  /// The body in structured data is read this far, in bytes.
  private static let longestBody = 1 << 18

  /// - Parameter usesStructuredData: false for a look at the page as if it had none, as archives without scripts are.
  init(_ page: Page, usesStructuredData: Bool = true) {
    hasStructuredData = usesStructuredData && !page.structuredData.isEmpty
    readHead(page)
    if hasStructuredData { readStructuredData(page) }
  }

  private func readHead(_ page: Page) {
    for node in page.nodes.indices {
      if page.nodes[node].isText { continue }
      switch page.nodes[node].tag {
      case .title where title.isEmpty: title.add(page.foldedBytes(of: node, limit: Self.longestTitle)[...])
      case .meta:
        guard let name = page.attributeBytes(.property, of: node) ?? page.attributeBytes(.name, of: node),
          let content = page.attributeBytes(.content, of: node)
        else { continue }
        if name.elementsEqual("og:title".utf8) {
          title.add(content.prefix(Self.longestTitle))
        } else if name.elementsEqual("description".utf8) || name.elementsEqual("og:description".utf8) {
          description.add(content.prefix(Self.longestDescription))
        } else if name.elementsEqual("og:type".utf8) {
          if content.elementsEqual("article".utf8) { kinds.insert(.openGraphArticle) }
          if content.elementsEqual("website".utf8) { kinds.insert(.openGraphWebsite) }
        }
      case .body: return
      default: break
      }
    }
  }

  private func readStructuredData(_ page: Page) {
    for script in page.structuredData {
      script.withUnsafeBytes { bytes in
        func has(_ word: StaticString) -> Bool { StructuredBody.find(word, in: bytes) != nil }
        guard !bytes.isEmpty else { return }
        if has("Article\"") || has("BlogPosting\"") { kinds.insert(.article) }
        if has("\"Product\"") { kinds.insert(.product) }
        if has("DiscussionForumPosting\"") || has("QAPage\"") { kinds.insert(.discussion) }
        if has("\"ItemList\"") || has("CollectionPage\"") { kinds.insert(.list) }
      }
      if body.isEmpty, let text = StructuredBody.text(in: script, limit: Self.longestBody) {
        body = WordSet(capacity: text.count / 4)
        body.addTriples(text)
      }
    }
  }
}

/// A set of hashes of words.
struct WordSet {
  private var slots: [UInt32]
  private(set) var count = 0
  /// A bit for each hash, by which most words that are not in the set are known.
  private var filter = SIMD4<UInt64>(repeating: 0)

  init(capacity: Int = 120) {
    var size = 4
    while size < capacity * 2 { size *= 2 }
    slots = [UInt32](repeating: 0, count: size)
  }

  var isEmpty: Bool { count == 0 }

  /// Adds the words of a text, as long as there is room.
  mutating func add(_ text: ArraySlice<UInt8>) {
    text.withUnsafeBufferPointer { _ = TextShape($0) { insert($0) } }
  }

  /// Adds each three words in a row.
  mutating func addTriples(_ text: [UInt8]) {
    var triple = Triple()
    text.withUnsafeBufferPointer { _ = TextShape($0) { if let hash = triple.next($0) { insert(hash) } } }
  }

  private mutating func insert(_ hash: UInt32) {
    guard count * 2 < slots.count else { return }
    let hash = max(1, hash)
    var slot = Int(hash &* 0x9E37_79B9 >> 7) & (slots.count - 1)
    while slots[slot] != 0 {
      if slots[slot] == hash { return }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = hash
    count += 1
    filter[Int(hash >> 6) & 3] |= 1 << UInt64(hash & 63)
  }

  func contains(_ hash: UInt32) -> Bool {
    let hash = max(1, hash)
    if filter[Int(hash >> 6) & 3] >> UInt64(hash & 63) & 1 == 0 { return false }
    return slots.withUnsafeBufferPointer { slots in
      var slot = Int(hash &* 0x9E37_79B9 >> 7) & (slots.count - 1)
      while slots[slot] != 0 {
        if slots[slot] == hash { return true }
        slot = (slot + 1) & (slots.count - 1)
      }
      return false
    }
  }
}

/// The last words of a text, as one hash of three.
struct Triple {
  private var a: UInt32 = 0
  private var b: UInt32 = 0
  private var seen = 0

  /// The hash of this word and the two before; nil for the first two.
  mutating func next(_ word: UInt32) -> UInt32? {
    let hash = (a &* 31 ^ b) &* 0x0100_0193 ^ word
    a = b
    b = word
    seen += 1
    return seen > 2 ? hash : nil
  }
}

import Pipeline

/// The text of a page that shows next to nothing: what its scripts would have made the page from.
struct HiddenText {
  /// Where it was found, for the trail.
  let source: String
  /// Paragraphs, and the other blocks of texts that are HTML.
  private(set) var blocks: [(kind: BlockKind, text: [UInt8])] = []
  private(set) var words = 0
  private var seen: Set<[UInt8]> = []

  /// What is read, in bytes and in texts.
  private static let mostBytes = 1 << 20
  private static let mostTexts = 2000
  /// Prose is longer than this, in bytes, and mostly letters and spaces.
  private static let leastProse = 80
  private static let leastLetters = 0.85

  /// The article of JSON-LD, else the prose in the page's state; nil when there is neither.
  /// - Parameter readsState: whether the state is looked at.
  init?(_ page: Page, readsState: Bool) throws {
    if let body = page.structuredData.lazy.compactMap({ StructuredBody.text(in: $0, limit: Self.mostBytes) }).first {
      source = "json-ld articleBody"
      try add(body)
    } else {
      source = "state in json"
      if readsState { try readState(page.state) }
    }
    if blocks.isEmpty { return nil }
  }

  private mutating func readState(_ state: [[UInt8]]) throws {
    var texts: [[UInt8]] = []
    var bytesRead = 0
    for script in state {
      script.withUnsafeBufferPointer { bytes in
        var json = LooseJSON(bytes)
        while let token = json.next() {
          guard case .string(let range, isKey: false) = token, range.count >= Self.leastProse else { continue }
          guard texts.count < Self.mostTexts, bytesRead + range.count <= Self.mostBytes else { return }
          let text = StructuredBody.unescaped(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[range])))
          bytesRead += range.count
          if Self.isProse(text) { texts.append(text) }
        }
      }
    }
    for text in texts { try add(text) }
  }

  /// Whether a text is for readers: words with spaces between them, tags aside, and no code.
  private static func isProse(_ text: [UInt8]) -> Bool {
    var letters = 0
    var spaces = 0
    var all = 0
    var isInTag = false
    for byte in text {
      if byte == UInt8(ascii: "<") { isInTag = true }
      if !isInTag {
        all += 1
        if byte >= 0x80 || ASCII.isLetter(byte) { letters += 1 }
        if UTF8Text.isSpace(byte) { spaces += 1 }
      }
      if byte == UInt8(ascii: ">") { isInTag = false }
    }
    let isSpaced = spaces * 14 > all || letters > 0 && text.count { $0 >= 0xE3 } * 6 > all
    return all >= leastProse && isSpaced && Double(letters + spaces) >= leastLetters * Double(all)
  }

  /// Adds a text by its blocks, once.
  private mutating func add(_ text: [UInt8]) throws {
    guard text.contains(UInt8(ascii: "<")) else {
      for line in text.split(separator: 0x0A) { add(.paragraph, line) }
      return
    }
    let page = try PageParser.parse(RawContent(bytes: text, charset: "utf-8"))
    let inner = PageBlocks(page, root: page.first(.body) ?? 0)
    for block in inner.blocks where block.concealment == nil { add(block.kind, inner.text[block.range]) }
  }

  private mutating func add(_ kind: BlockKind, _ text: ArraySlice<UInt8>) {
    var folded: [UInt8] = []
    WhiteSpace.appendFolded(text, to: &folded)
    while folded.last == 0x20 { folded.removeLast() }
    guard !folded.isEmpty, seen.insert(folded).inserted else { return }
    words += folded.withUnsafeBufferPointer { TextShape($0) { _ in }.words }
    blocks.append((kind, folded))
  }
}

import CPipelinePlugin

/// A document in the hands of a library: how it is shown, and what becomes of it.
final class LibraryDocument: LibraryCall {
  private(set) var document: Document
  private(set) var verdict = Verdict.pass
  private let stage: StageDescriptor
  private let rewrites: Bool
  private var sentences: [Range<Int>]?
  private var entities: [Entity]?

  init(_ document: Document, _ announcement: PluginAnnouncement) {
    self.document = document
    stage = announcement.descriptor
    rewrites = announcement.rewrites
  }

  // MARK: The view

  /// Shows the document to the plugin's function; text is not copied.
  func run(
    _ process: (UnsafePointer<pipeline_document>, UnsafePointer<pipeline_calls>, UnsafeMutableRawPointer) -> Void
  ) {
    let keeper = StringKeeper()
    var view = pipeline_document()
    let text = document.text
    let content = stage.needs.contains(.content) ? document.content : nil
    view.id = keeper.keep(document.id)
    view.url = keeper.keep(document.metadata.url)
    view.title = keeper.keep(document.metadata.title)
    view.language = keeper.keep(document.metadata.language)
    view.charset = keeper.keep(content?.charset)
    let blocks = (text?.blocks ?? []).map { block in
      pipeline_block(
        start: block.range.lowerBound, end: block.range.upperBound, kind: Self.number(of: block.kind), is_kept: block.isKept ? 1 : 0)
    }
    let shown = stage.needs.union(stage.provides)
    let sentences = (shown.contains(.sentences) ? document.sentences ?? [] : []).map {
      pipeline_range(start: $0.lowerBound, end: $0.upperBound)
    }
    let entities = (shown.contains(.entities) ? document.entities ?? [] : []).map { entity in
      pipeline_entity(
        start: entity.range.lowerBound, end: entity.range.upperBound, label: keeper.keep(entity.label), id: keeper.keep(entity.id),
        score: entity.score ?? -1)
    }
    view.block_count = blocks.count
    view.sentence_count = sentences.count
    view.entity_count = entities.count
    Self.withBytes(text?.bytes) { text in
      Self.withBytes(content?.bytes) { content in
        blocks.withUnsafeBufferPointer { blocks in
          sentences.withUnsafeBufferPointer { sentences in
            entities.withUnsafeBufferPointer { entities in
              view.text = text
              view.content = content
              view.blocks = blocks.baseAddress
              view.sentences = shown.contains(.sentences) ? sentences.baseAddress : nil
              view.entities = shown.contains(.entities) ? entities.baseAddress : nil
              withUnsafePointer(to: LibraryCalls.table) { calls in
                withExtendedLifetime(keeper) { process(&view, calls, Unmanaged<LibraryCall>.passUnretained(self).toOpaque()) }
              }
            }
          }
        }
      }
    }
    if let sentences = self.sentences { document.sentences = sentences }
    if let entities = self.entities {
      document.entities = entities.enumerated().sorted {
        ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset)
      }.map(\.element)
    }
  }

  private static func number(of kind: BlockKind) -> Int32 {
    let value =
      switch kind {
      case .paragraph: PIPELINE_PARAGRAPH
      case .heading: PIPELINE_HEADING
      case .listItem: PIPELINE_LIST_ITEM
      case .quotation: PIPELINE_QUOTATION
      case .caption: PIPELINE_CAPTION
      case .tableRow: PIPELINE_TABLE_ROW
      case .preformatted: PIPELINE_PREFORMATTED
      }
    return Int32(value.rawValue)
  }

  private static func withBytes(_ bytes: [UInt8]?, _ body: (pipeline_string) -> Void) {
    guard let bytes else { return body(pipeline_string(bytes: nil, length: 0)) }
    bytes.withUnsafeBufferPointer { buffer in
      // An empty text is not none.
      guard let base = buffer.baseAddress else { return "".withCString { body(pipeline_string(bytes: $0, length: 0)) } }
      base.withMemoryRebound(to: CChar.self, capacity: buffer.count) { body(pipeline_string(bytes: $0, length: buffer.count)) }
    }
  }

  // MARK: Calls

  override func drop(_ reason: String) {
    if check(reason) { verdict = .drop(reason: reason) }
  }

  override func drop(_ block: Int, _ reason: String, _ rule: String) {
    if check(reason), check(block) { document.drop(block, reason: reason, rule: ruled(rule)) }
  }

  override func trim(_ block: Int, _ range: Range<Int>?, _ reason: String, _ rule: String) {
    guard check(reason), check(block), let present = document.text?.blocks[block].range else { return }
    guard let range, range.lowerBound >= present.lowerBound, range.upperBound <= present.upperBound, isWhole(range) else {
      return fault("the library trimmed block \(block) to a range that is not in it, or breaks a code point")
    }
    document.trim(block, to: range, reason: reason, rule: ruled(rule))
  }

  override func mark(_ block: Int, _ reason: String, _ rule: String) {
    if check(reason), check(block) { document.mark(block, reason: reason, rule: ruled(rule)) }
  }

  override func addSentence(_ range: Range<Int>?) {
    guard check(part: .sentences) else { return }
    guard let range, isWhole(range) else { return fault("the library added a sentence outside the text, or within a code point") }
    if let last = sentences?.last, range.lowerBound < last.upperBound {
      return fault("the library added a sentence that begins before the end of the one before it")
    }
    sentences = sentences ?? []
    sentences?.append(range)
  }

  override func addEntity(_ range: Range<Int>?, _ label: String, _ id: String?, _ score: Double) {
    guard check(part: .entities) else { return }
    guard let range, isWhole(range) else { return fault("the library added an entity outside the text, or within a code point") }
    if label.isEmpty { return fault("the library added an entity without a label") }
    if !(score <= 1) { return fault("the library added an entity with the score \(score), and not one from 0 to 1") }
    entities = entities ?? []
    entities?.append(Entity(range: range, label: label, id: id, source: stage.name, score: score < 0 ? nil : score))
  }

  override func setMetadata(_ name: String, _ value: String?) {
    guard let field = DocumentAnswer.texts.first(where: { $0.key == name })?.field else {
      return fault("the library set unknown metadata \"\(name)\"\(suggestion(for: name, among: DocumentAnswer.texts.map(\.key)))")
    }
    if check(part: DocumentPart(rawValue: name) ?? .metadata) { document.metadata[keyPath: field] = value }
  }

  override func setExtra(_ name: String, _ json: String?) {
    guard let json else { return document.setExtra(name, nil) }
    let reader = JSONReader()
    do {
      // The reader takes objects and arrays alone at the top.
      try reader.parse(Array("[\(json)]".utf8))
      var problems: [ConfigurationProblem] = []
      let node = ConfigurationNode(reader, pointer: "", problems: &problems)
      guard case .array(let values) = node.value, values.count == 1, problems.isEmpty else {
        return fault("the library set extra \"\(name)\" to what is not one JSON value")
      }
      document.setExtra(name, ExtraValue(json: values[0].json))
    } catch {
      fault("the library set extra \"\(name)\" to what is not JSON: \(error.message)")
    }
  }

  override func setText(_ bytes: [UInt8]) {
    guard rewrites || stage.provides.contains(.text) else {
      return fault("the library set a new text, and has not announced \"rewrites\" or that it provides \"text\"")
    }
    guard UTF8Text.isValid(bytes) else { return fault("the library set a text that is not UTF-8") }
    document.setText(BlockText(plain: bytes))
    (sentences, entities) = (nil, nil)
  }

  // MARK: Checks

  private func ruled(_ rule: String) -> String { rule.isEmpty ? stage.name : rule }

  private func check(_ reason: String) -> Bool {
    let known = stage.reasons.map(\.name)
    if known.contains(reason) { return true }
    fault("the library gave the reason \"\(reason)\", which its descriptor does not list\(suggestion(for: reason, among: known))")
    return false
  }

  private func check(_ block: Int) -> Bool {
    let count = document.text?.blocks.count ?? 0
    if (0..<count).contains(block) { return true }
    fault("the library named block \(UInt(bitPattern: block)) of a text with \(count)")
    return false
  }

  private func check(part: DocumentPart) -> Bool {
    if stage.provides.contains(part) { return true }
    fault("the library made \"\(part.rawValue)\", and its descriptor does not provide it")
    return false
  }

  /// Whether a range lies in the text and breaks no code point.
  private func isWhole(_ range: Range<Int>) -> Bool {
    guard let bytes = document.text?.bytes, range.lowerBound >= 0, range.upperBound <= bytes.count else { return false }
    return [range.lowerBound, range.upperBound].allSatisfy { $0 == bytes.count || bytes[$0] & 0xC0 != 0x80 }
  }
}

/// Strings for the time of a call, in memory of their own.
private final class StringKeeper {
  private var kept: [UnsafeMutablePointer<CChar>] = []

  deinit {
    for pointer in kept { pointer.deallocate() }
  }

  func keep(_ text: String?) -> pipeline_string {
    guard var text else { return pipeline_string(bytes: nil, length: 0) }
    return text.withUTF8 { bytes in
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: max(1, bytes.count))
      for (index, byte) in bytes.enumerated() { copy[index] = CChar(bitPattern: byte) }
      kept.append(copy)
      return pipeline_string(bytes: copy, length: bytes.count)
    }
  }
}

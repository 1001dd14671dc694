/// A plugin's answer about one document. What it may say is in `docs/plugins.md`; all else is refused, and the document with it.
struct DocumentAnswer {
  /// Why an answer is none, in words for the rejects.
  struct Refusal: PluginFault, CustomStringConvertible {
    let description: String
    let isFault: Bool

    /// Plugins may put anything into what they say; the rejects need no more of it.
    private static let longest = 500

    /// - Parameter fault: what the program did, such as "answered nothing".
    init(_ fault: String) { self.init("the program " + fault, isFault: true) }

    /// - Parameter message: the program's own words.
    init(message: String) { self.init(message, isFault: false) }

    private init(_ message: String, isFault: Bool) {
      self.isFault = isFault
      description = message.utf8.count > Self.longest ? message.prefix(Self.longest / 4) + "…" : message
    }
  }

  /// More names in `extra` are refused.
  private static let mostExtra = 1000

  private let stage: StageDescriptor
  private let rewrites: Bool
  private let root: ConfigurationNode

  /// The facts that a plugin can set, by the names they have in the output.
  static let texts: [(key: String, field: WritableKeyPath<Metadata, String?> & Sendable)] = [
    ("title", \.title), ("language", \.language), ("published", \.published), ("modified", \.modified), ("section", \.section),
    ("siteName", \.siteName), ("description", \.description), ("image", \.image), ("canonical", \.canonical), ("url", \.url),
  ]
  private static let lists: [(key: String, field: WritableKeyPath<Metadata, [String]> & Sendable)] = [
    ("authors", \.authors), ("keywords", \.keywords),
  ]
  private static let keys =
    ["document", "drop", "error", "extra", "removed", "text", "blocks", "sentences", "entities"] + texts.map(\.key) + lists.map(\.key)

  /// - Parameter line: one JSON object.
  /// - Throws: `Refusal`.
  init(_ line: [UInt8], by stage: StageDescriptor, rewrites: Bool) throws(Refusal) {
    let reader = JSONReader()
    do {
      try reader.parse(line)
    } catch {
      throw Refusal("answered what is not JSON: \(error.message)")
    }
    var problems: [ConfigurationProblem] = []
    root = ConfigurationNode(reader, pointer: "", problems: &problems)
    if let problem = problems.first { throw Refusal("answered what is not JSON: \(problem.pointer): \(problem.message)") }
    self.stage = stage
    self.rewrites = rewrites
    guard case .object(let fields) = root.value else { throw Refusal("answered \(root.summary), and no object") }
    for field in fields where !Self.keys.contains(field.key) {
      throw Refusal("answered with an unknown key \"\(field.key)\"\(suggestion(for: field.key, among: Self.keys))")
    }
  }

  /// Changes the document as the answer says. After a refusal, the document is of no use.
  /// - Throws: `Refusal`; also when the plugin itself failed over the document.
  func apply(to document: inout Document) throws(Refusal) -> Verdict {
    if let error = try text(root["error"], "error") { throw Refusal(message: error) }
    if let reason = try text(root["drop"], "drop") {
      try check(reason: reason)
      return .drop(reason: reason)
    }
    try applyMetadata(&document)
    try applyExtra(&document)
    let removed = try list(root["removed"], "removed")
    let isNew = root["text"] != nil || root["blocks"] != nil
    if isNew, !removed.isEmpty { throw Refusal("answered with both \"removed\" and a new text") }
    if isNew { try applyText(&document) }
    guard !removed.isEmpty || root["sentences"] != nil || root["entities"] != nil else { return .pass }
    guard let text = document.text else { throw Refusal("answered with ranges of a text that there is not") }
    let places = Places(text)
    // Ranges of sentences and entities are those of the text that was sent, so all are looked up before anything is removed.
    let sentences = try sentences(places)
    let entities = try entities(places)
    for entry in removed { try remove(entry, places, &document) }
    if let sentences { document.sentences = sentences }
    if let entities { document.entities = entities }
    return .pass
  }

  /// The rendered text that the offsets of an answer count in.
  private struct Places {
    let rendered: RenderedText
    let offsets: OffsetTable

    init(_ text: BlockText) {
      rendered = RenderedText(text)
      offsets = OffsetTable(rendered.bytes, unit: .codepoints)
    }
  }
}

// MARK: Fields

extension DocumentAnswer {
  private func applyMetadata(_ document: inout Document) throws(Refusal) {
    for (key, field) in Self.texts {
      guard let node = root[key] else { continue }
      try check(part: DocumentPart(rawValue: key) ?? .metadata, key)
      document.metadata[keyPath: field] = try textOrNull(node, key)
    }
    for (key, field) in Self.lists {
      guard let node = root[key] else { continue }
      try check(part: DocumentPart(rawValue: key) ?? .metadata, key)
      if case .null = node.value {
        document.metadata[keyPath: field] = []
        continue
      }
      var texts: [String] = []
      for element in try list(node, key) { texts.append(try text(element, key) ?? "") }
      document.metadata[keyPath: field] = texts
    }
  }

  private func applyExtra(_ document: inout Document) throws(Refusal) {
    guard let node = root["extra"] else { return }
    guard case .object(let fields) = node.value else { throw Refusal("answered with \"extra\" that is \(node.summary), and no object") }
    guard fields.count <= Self.mostExtra else {
      throw Refusal("answered with \(fields.count) names in \"extra\"; \(Self.mostExtra) are the most")
    }
    for field in fields {
      if case .null = field.value.value {
        document.setExtra(field.key, nil)
      } else {
        document.setExtra(field.key, ExtraValue(json: field.value.json))
      }
    }
  }

  private func applyText(_ document: inout Document) throws(Refusal) {
    guard rewrites || stage.provides.contains(.text) else {
      throw Refusal("answered with a new text, and has not announced \"rewrites\" or that it provides \"text\"")
    }
    guard let blocks = root["blocks"] else {
      let text = try text(root["text"], "text") ?? ""
      return document.setText(BlockText(plain: Array(text.utf8)))
    }
    if root["text"] != nil { throw Refusal("answered with both \"text\" and \"blocks\"") }
    var result = BlockText()
    let nodes = try list(blocks, "blocks")
    guard nodes.count <= BlockText.mostBlocks else {
      throw Refusal("answered with \(nodes.count) blocks; a text has \(BlockText.mostBlocks) at most")
    }
    for node in nodes {
      try check(node, "block", keys: ["kind", "text"])
      guard let text = try text(node["text"], "text of a block") else { throw Refusal("answered with a block without \"text\"") }
      var kind = BlockKind.paragraph
      if let name = try self.text(node["kind"], "kind of a block") {
        guard let known = BlockKind(rawValue: name) else {
          throw Refusal("answered with a block of the kind \"\(name)\"\(suggestion(for: name, among: BlockKind.allCases.map(\.rawValue)))")
        }
        kind = known
      }
      result.append(kind, text.utf8)
    }
    document.setText(result)
  }
}

// MARK: Ranges

extension DocumentAnswer {
  private func sentences(_ places: Places) throws(Refusal) -> [Range<Int>]? {
    guard let node = root["sentences"] else { return nil }
    try check(part: .sentences, "sentences")
    var ranges: [Range<Int>] = []
    for element in try list(node, "sentences") {
      try check(element, "sentence", keys: ["start", "end"])
      let range = try source(element, "sentence", places)
      if let last = ranges.last, range.lowerBound < last.upperBound {
        throw Refusal("answered with a sentence that begins before the end of the one before it")
      }
      ranges.append(range)
    }
    return ranges
  }

  private func entities(_ places: Places) throws(Refusal) -> [Entity]? {
    guard let node = root["entities"] else { return nil }
    try check(part: .entities, "entities")
    var entities: [Entity] = []
    for element in try list(node, "entities") {
      try check(element, "entity", keys: ["start", "end", "label", "id", "score", "source"])
      guard let label = try text(element["label"], "label"), !label.isEmpty else {
        throw Refusal("answered with an entity without \"label\"")
      }
      var score: Double?
      if let node = element["score"] {
        guard let value = node.number.flatMap(Double.init), (0...1).contains(value) else {
          throw Refusal("answered with the score \(node.summary), and not one from 0 to 1")
        }
        score = value
      }
      let range = try source(element, "entity", places)
      guard places.rendered.range(ofWhole: range) != nil else {
        throw Refusal("answered with an entity over several blocks between which something was removed")
      }
      entities.append(
        Entity(
          range: range, label: label, id: try text(element["id"], "id"),
          source: try text(element["source"], "source") ?? stage.name, score: score))
    }
    return entities.enumerated().sorted { ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset) }.map(
      \.element)
  }

  private func remove(_ entry: ConfigurationNode, _ places: Places, _ document: inout Document) throws(Refusal) {
    try check(entry, "removal", keys: ["start", "end", "reason", "rule", "kept"])
    guard let reason = try text(entry["reason"], "reason") else { throw Refusal("answered with a removal without \"reason\"") }
    try check(reason: reason)
    let rule = try text(entry["rule"], "rule") ?? stage.name
    var isKept = false
    if let node = entry["kept"] {
      guard case .boolean(let flag) = node.value else { throw Refusal("answered with \"kept\" that is \(node.summary)") }
      isKept = flag
    }
    for (block, whole, part) in places.rendered.parts(of: try target(entry, "removal", places)) {
      if isKept {
        document.mark(block, part, reason: reason, rule: rule)
      } else if part == whole {
        document.drop(block, reason: reason, rule: rule)
      } else {
        guard let present = document.text?.blocks[block], present.isKept else { continue }
        let rest =
          part.lowerBound <= present.range.lowerBound
          ? min(max(part.upperBound, present.range.lowerBound), present.range.upperBound)..<present.range.upperBound
          : part.upperBound >= present.range.upperBound
            ? present.range.lowerBound..<max(present.range.lowerBound, min(part.lowerBound, present.range.upperBound)) : nil
        guard let rest else {
          throw Refusal(
            "answered with a removal from the middle of a block; only its beginning or its end can be cut off, or a new text sent")
        }
        if rest.isEmpty {
          document.drop(block, reason: reason, rule: rule)
        } else {
          document.trim(block, to: rest, reason: reason, rule: rule)
        }
      }
    }
  }

  /// The bytes of the buffer that a range of an answer means.
  private func source(_ node: ConfigurationNode, _ what: String, _ places: Places) throws(Refusal) -> Range<Int> {
    let range = try target(node, what, places)
    guard let source = places.rendered.source(of: range) else {
      throw Refusal("answered with the range of \(article(what)) in which there is no text")
    }
    return source
  }

  /// The bytes of the rendered text that a range of an answer means.
  private func target(_ node: ConfigurationNode, _ what: String, _ places: Places) throws(Refusal) -> Range<Int> {
    guard let start = node["start"]?.number.flatMap(Int.init), let end = node["end"]?.number.flatMap(Int.init) else {
      throw Refusal("answered with \(article(what)) without \"start\" and \"end\" in code points")
    }
    guard start < end, let first = places.offsets.byte(ofOffset: start), let last = places.offsets.byte(ofOffset: end) else {
      throw Refusal("answered with \(article(what)) from \(start) to \(end), outside the text")
    }
    return first..<last
  }

  private func article(_ noun: String) -> String { (noun == "entity" ? "an " : "a ") + noun }
}

// MARK: Values

extension DocumentAnswer {
  private func check(part: DocumentPart, _ key: String) throws(Refusal) {
    guard stage.provides.contains(part) else {
      throw Refusal("answered with \"\(key)\", and has not announced that it provides \"\(part.rawValue)\"")
    }
  }

  private func check(_ node: ConfigurationNode, _ what: String, keys: [String]) throws(Refusal) {
    guard case .object(let fields) = node.value else {
      throw Refusal("answered with \(article(what)) that is \(node.summary), and no object")
    }
    for field in fields where !keys.contains(field.key) {
      throw Refusal("answered with \(article(what)) with an unknown key \"\(field.key)\"\(suggestion(for: field.key, among: keys))")
    }
  }

  private func check(reason: String) throws(Refusal) {
    let known = stage.reasons.map(\.name)
    guard known.contains(reason) else {
      throw Refusal("gave the reason \"\(reason)\", which it has not announced\(suggestion(for: reason, among: known))")
    }
  }

  private func text(_ node: ConfigurationNode?, _ what: String) throws(Refusal) -> String? {
    guard let node else { return nil }
    guard let text = node.text else { throw Refusal("answered with \"\(what)\" that is \(node.summary), and no string") }
    return text
  }

  private func textOrNull(_ node: ConfigurationNode, _ what: String) throws(Refusal) -> String? {
    if case .null = node.value { nil } else { try text(node, what) }
  }

  private func list(_ node: ConfigurationNode?, _ what: String) throws(Refusal) -> [ConfigurationNode] {
    guard let node else { return [] }
    guard case .array(let elements) = node.value else { throw Refusal("answered with \"\(what)\" that is \(node.summary), and no array") }
    return elements
  }
}

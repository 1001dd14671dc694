/// Writes a document as a line of the output, described by the output options.
package struct DocumentEncoder: Sendable {
  let output: OutputConfiguration
  /// Whether lists are written that have nothing in them.
  private let writesEmpty: Bool

  package init(output: OutputConfiguration, writesEmpty: Bool = false) {
    self.output = output
    self.writesEmpty = writesEmpty
  }

  /// The line with its newline, and the place in it where an ordered stage's `cluster` belongs.
  package func encode(_ document: borrowing Document) -> (line: [UInt8], clusterOffset: Int) {
    var json = JSONOutput(capacity: Self.size(document))
    json.beginObject()
    let clusterOffset = encode(document, into: &json, [.sentences, .entities])
    json.endObject()
    json.newline()
    return (json.bytes, clusterOffset)
  }

  /// About how long a line will be, in bytes.
  static func size(_ document: borrowing Document) -> Int {
    (document.text?.bytes.count ?? 0) * 9 / 8 + (document.text?.blocks.count ?? 0) * 48 + 1024
  }

  /// The fields of a line.
  /// - Parameter annotations: which of sentences and entities are among them.
  /// - Returns: the place for `cluster`.
  func encode(_ document: borrowing Document, into json: inout JSONOutput, _ annotations: Set<DocumentPart>) -> Int {
    json.key("id")
    json.string(document.id)
    json.key("source")
    json.string(document.source)
    encodeMetadata(document.metadata, &json)
    let clusterOffset = json.count
    let rendered = document.text.map(RenderedText.init)
    json.key("text")
    json.string(utf8: rendered?.bytes ?? [])
    if let rendered { encodeAnnotations(document, rendered, &json, annotations) }
    if output.trail, !document.trail.isEmpty { encodeTrail(document.trail, &json) }
    if !document.extra.isEmpty {
      json.key("extra")
      json.beginObject()
      for (name, value) in document.extra {
        json.key(name)
        json.raw(value.json)
      }
      json.endObject()
    }
    return clusterOffset
  }

  private func encodeMetadata(_ metadata: Metadata, _ json: inout JSONOutput) {
    func text(_ name: String, _ value: String?) {
      guard let value, !value.isEmpty else { return }
      json.key(name)
      json.string(value)
    }
    func texts(_ name: String, _ values: [String]) {
      guard !values.isEmpty else { return }
      json.key(name)
      json.beginArray()
      for value in values { json.string(value) }
      json.endArray()
    }
    text("url", metadata.url)
    text("canonical", metadata.canonical)
    text("title", metadata.title)
    texts("authors", metadata.authors)
    text("published", metadata.published)
    text("modified", metadata.modified)
    text("section", metadata.section)
    texts("keywords", metadata.keywords)
    text("language", metadata.language)
    text("siteName", metadata.siteName)
    text("description", metadata.description)
    text("image", metadata.image)
    if let translation = metadata.translation {
      json.key("translation")
      json.beginObject()
      json.key("machine")
      json.bool(translation.machine)
      text("from", translation.from)
      text("by", translation.by)
      json.key("note")
      json.string(translation.note)
      json.endObject()
    }
  }

  private func encodeAnnotations(
    _ document: borrowing Document, _ rendered: RenderedText, _ json: inout JSONOutput, _ annotations: Set<DocumentPart>
  ) {
    let givenSentences = annotations.contains(.sentences) ? document.sentences : nil
    let givenEntities = annotations.contains(.entities) ? document.entities : nil
    guard output.blocks || givenSentences != nil || givenEntities != nil || writesEmpty else { return }
    let offsets = OffsetTable(rendered.bytes, unit: output.offsets)
    func span(_ range: Range<Int>) {
      json.plainKey("start")
      json.int(offsets.offset(ofByte: range.lowerBound))
      json.plainKey("end")
      json.int(offsets.offset(ofByte: range.upperBound))
    }
    if output.blocks, writesEmpty || !rendered.blocks.isEmpty {
      json.key("blocks")
      json.beginArray()
      for block in rendered.blocks {
        json.beginObject()
        span(block.range)
        json.plainKey("kind")
        json.string(block.kind.rawValue)
        json.endObject()
      }
      json.endArray()
    }
    let sentences = (givenSentences ?? []).compactMap(rendered.range(ofSource:))
    if !sentences.isEmpty || writesEmpty && annotations.contains(.sentences) {
      json.key("sentences")
      json.beginArray()
      for range in sentences {
        json.beginObject()
        span(range)
        json.endObject()
      }
      json.endArray()
    }
    // Half a name is no name.
    let entities = (givenEntities ?? []).compactMap { entity in rendered.range(ofWhole: entity.range).map { (entity, $0) } }
    if !entities.isEmpty || writesEmpty && annotations.contains(.entities) {
      json.key("entities")
      json.beginArray()
      for (entity, range) in entities {
        json.beginObject()
        span(range)
        json.key("label")
        json.string(entity.label)
        if let score = entity.score {
          json.key("score")
          json.number(score)
        }
        if let id = entity.id {
          json.key("id")
          json.string(id)
        }
        if let source = entity.source {
          json.key("source")
          json.string(source)
        }
        json.endObject()
      }
      json.endArray()
      encodeMentions(entities.map(\.0), &json)
    }
  }

  /// Entities grouped by name, for those that a stage wants to have grouped, in the order in which names are first mentioned.
  private func encodeMentions(_ entities: [Entity], _ json: inout JSONOutput) {
    struct Key: Hashable {
      let name: String
      let label: String
    }
    var order: [Key] = []
    var members: [Key: [Int]] = [:]
    for (index, entity) in entities.enumerated() {
      guard let name = entity.mention else { continue }
      let key = Key(name: name, label: entity.label)
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(index)
    }
    guard !order.isEmpty else { return }
    json.key("mentions")
    json.beginArray()
    for key in order {
      let indices = members[key] ?? []
      json.beginObject()
      json.key("name")
      json.string(key.name)
      json.key("label")
      json.string(key.label)
      if let id = indices.lazy.compactMap({ entities[$0].id }).first {
        json.key("id")
        json.string(id)
      }
      json.key("entities")
      json.beginArray()
      for index in indices { json.int(index) }
      json.endArray()
      json.endObject()
    }
    json.endArray()
  }

  private func encodeTrail(_ trail: [TrailEntry], _ json: inout JSONOutput) {
    json.key("removed")
    json.beginArray()
    for entry in trail {
      json.beginObject()
      json.key("stage")
      json.string(entry.stage)
      json.key("reason")
      json.string(entry.reason)
      json.key("rule")
      json.string(entry.rule)
      json.key("text")
      json.string(entry.text)
      if entry.kept {
        json.key("kept")
        json.bool(true)
      }
      json.endObject()
    }
    json.endArray()
  }
}

extension OutputConfiguration {
  /// Everything that a document has.
  package static var everything: OutputConfiguration {
    var options = Options(defaultsOf: Configuration.outputKeys)
    options["trail"] = .boolean(true)
    options["blocks"] = .boolean(true)
    return OutputConfiguration(options)
  }
}

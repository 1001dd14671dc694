/// Writes a document as a line of the output, described by the output options.
package struct DocumentEncoder: Sendable {
  let output: OutputConfiguration

  package init(output: OutputConfiguration) {
    self.output = output
  }

  /// The line with its newline, and the place in it where an ordered stage's `cluster` belongs.
  package func encode(_ document: borrowing Document) -> (line: [UInt8], clusterOffset: Int) {
    var json = JSONOutput()
    json.beginObject()
    json.key("id")
    json.string(document.id)
    json.key("source")
    json.string(document.source)
    encodeMetadata(document.metadata, &json)
    let clusterOffset = json.count
    let rendered = document.text.map(RenderedText.init)
    let bytes = rendered?.bytes ?? []
    json.key("text")
    json.string(utf8: bytes)
    if let rendered { encodeAnnotations(document, rendered, &json) }
    if output.trail, !document.trail.isEmpty { encodeTrail(document.trail, &json) }
    if !document.extra.isEmpty {
      json.key("extra")
      json.beginObject()
      for (name, value) in document.extra {
        json.key(name)
        json.string(value)
      }
      json.endObject()
    }
    json.endObject()
    return (json.bytes + [0x0A], clusterOffset)
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
    _ document: borrowing Document, _ rendered: RenderedText, _ json: inout JSONOutput
  ) {
    guard output.blocks || document.sentences != nil || document.entities != nil else { return }
    let offsets = OffsetTable(rendered.bytes, unit: output.offsets)
    func span(_ range: Range<Int>) {
      json.key("start")
      json.int(offsets.offset(ofByte: range.lowerBound))
      json.key("end")
      json.int(offsets.offset(ofByte: range.upperBound))
    }
    if output.blocks, !rendered.blocks.isEmpty {
      json.key("blocks")
      json.beginArray()
      for block in rendered.blocks {
        json.beginObject()
        span(block.range)
        json.key("kind")
        json.string(block.kind.rawValue)
        json.endObject()
      }
      json.endArray()
    }
    let sentences = (document.sentences ?? []).compactMap(rendered.range(ofSource:))
    if !sentences.isEmpty {
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
    let entities = (document.entities ?? []).compactMap { entity in
      rendered.range(ofSource: entity.range).flatMap { $0.count == entity.range.count ? (entity, $0) : nil }
    }
    if !entities.isEmpty {
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
    }
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

/// The fields of a record, by the names they have in the output, whatever the format of the record.
protocol RecordFields {
  /// The value of a field; nil when the record lacks it.
  func text(_ name: String) throws(DocumentDecoder.Failure) -> String?
  /// All values of a field.
  func texts(_ name: String) throws(DocumentDecoder.Failure) -> [String]
  /// The value of a field that may be long.
  func content(_ name: String) throws(DocumentDecoder.Failure) -> [UInt8]?
  /// Whether a record needs one of the fields `html` and `text`.
  var needsContent: Bool { get }
}

extension RecordFields {
  /// The document that the fields describe.
  /// - Parameter fallbackID: its name where the record has none.
  func document(_ frame: FramedDocument, fallbackID: String, _ input: InputConfiguration) throws(DocumentDecoder.Failure) -> Document {
    let own = try text("id")
    let id = own.flatMap { $0.isEmpty ? nil : $0 } ?? fallbackID
    do {
      var document = Document(id: id, source: frame.source, position: frame.position)
      try fill(&document.metadata)
      try fillContent(&document, input)
      return document
    } catch {
      throw DocumentDecoder.Failure(reason: error.reason, id: id)
    }
  }

  private func fill(_ metadata: inout Metadata) throws(DocumentDecoder.Failure) {
    metadata.url = try text("url")
    metadata.language = try text("language").map { $0.lowercased() }
    metadata.title = try text("title")
    metadata.authors = try texts("authors")
    metadata.published = try text("published").map(RecordDate.normalized)
    metadata.modified = try text("modified").map(RecordDate.normalized)
    metadata.section = try text("section")
    metadata.keywords = try texts("keywords")
    metadata.siteName = try text("siteName")
    metadata.description = try text("description")
    metadata.image = try text("image")
    metadata.canonical = try text("canonical")
  }

  private func fillContent(_ document: inout Document, _ input: InputConfiguration) throws(DocumentDecoder.Failure) {
    if let html = try content("html") {
      document.content = RawContent(bytes: html, charset: "utf-8")
    } else if let plain = try content("text") {
      document.setText(try DocumentDecoder.text(plain))
    } else if !needsContent {
      if input.fields["html"] != nil { document.content = RawContent(bytes: []) } else { document.setText(BlockText(plain: [])) }
    } else {
      let html = input.fields["html"]?.joined(separator: "\", \"") ?? "html"
      let text = input.fields["text"]?.joined(separator: "\", \"") ?? "text"
      throw DocumentDecoder.Failure(
        reason: "the record has neither \"\(html)\" nor \"\(text)\"; map other names with \"fields\" in the input")
    }
  }
}

/// A JSON object that a reader has parsed.
struct JSONFields: RecordFields {
  private let reader: JSONReader
  private let mapping: [String: [String]]
  private var places: [String: Int] = [:]
  let needsContent = true

  /// - Precondition: `reader` holds an object, and is not used for another text before this value is done with.
  init(_ reader: JSONReader, _ mapping: [String: [String]]) {
    self.reader = reader
    self.mapping = mapping
    var index = 1
    while reader.kind(index) == .key {
      if let name = reader.string(index) { places[name] = index + 1 }
      index = reader.end(of: index + 1)
    }
  }

  private func place(_ name: String) -> (name: String, index: Int)? {
    for name in mapping[name] ?? [name] {
      if let index = places[name], reader.kind(index) != .null { return (name, index) }
    }
    return nil
  }

  func text(_ name: String) throws(DocumentDecoder.Failure) -> String? {
    guard let place = place(name) else { return nil }
    switch reader.kind(place.index) {
    case .string: return try unescaped(place.index, place.name)
    case .number where name == "id": return reader.raw(place.index)
    default: throw wrongType(place.name)
    }
  }

  func texts(_ name: String) throws(DocumentDecoder.Failure) -> [String] {
    guard let place = place(name), reader.kind(place.index) == .arrayStart else { return try text(name).map { [$0] } ?? [] }
    var values: [String] = []
    var index = place.index + 1
    while index < reader.end(of: place.index) - 1 {
      if reader.kind(index) == .string { values.append(try unescaped(index, place.name)) }
      index = reader.end(of: index)
    }
    return values
  }

  func content(_ name: String) throws(DocumentDecoder.Failure) -> [UInt8]? {
    guard let place = place(name) else { return nil }
    guard reader.kind(place.index) == .string else { throw wrongType(place.name) }
    guard let bytes = reader.unescaped(place.index) else { throw badEscape(place.name) }
    return bytes
  }

  private func unescaped(_ index: Int, _ name: String) throws(DocumentDecoder.Failure) -> String {
    guard let text = reader.string(index) else { throw badEscape(name) }
    return text
  }

  private func badEscape(_ name: String) -> DocumentDecoder.Failure {
    DocumentDecoder.Failure(reason: "the field \"\(name)\" has a bad escape")
  }

  private func wrongType(_ name: String) -> DocumentDecoder.Failure {
    DocumentDecoder.Failure(reason: "the field \"\(name)\" is no string")
  }
}

/// Values that were found under the names of the output already.
struct NamedFields: RecordFields {
  let values: [String: [String]]
  let needsContent: Bool
  /// Whether short fields may hold escaped HTML, as titles of feeds do.
  let holdsMarkup: Bool

  func text(_ name: String) -> String? {
    values[name]?.first.map(folded)
  }

  func texts(_ name: String) -> [String] { (values[name] ?? []).map(folded) }
  func content(_ name: String) -> [UInt8]? { values[name]?.first.map { Array($0.utf8) } }

  /// Line breaks and indents of a file are no part of a title.
  private func folded(_ text: String) -> String {
    let plain = holdsMarkup && text.utf8.contains { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") } ? Self.withoutMarkup(text) : text
    return plain.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// Without tags, and with references decoded; "5 < 6" holds no tag.
  private static func withoutMarkup(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    bytes.withUnsafeBufferPointer { bytes in
      var index = 0
      while index < bytes.count {
        if bytes[index] == UInt8(ascii: "<"), let end = endOfTag(bytes, index) {
          index = end
        } else if bytes[index] == UInt8(ascii: "&"),
          let end = CharacterReferences.decode(bytes, at: index, isAttribute: true, { result.append(contentsOf: $0) })
        {
          index = end
        } else {
          result.append(bytes[index])
          index += 1
        }
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func endOfTag(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
    var index = start + 1
    if index < bytes.count, bytes[index] == UInt8(ascii: "/") { index += 1 }
    guard index < bytes.count, ASCII.isLetter(bytes[index]) else { return nil }
    while index < bytes.count, bytes[index] != UInt8(ascii: "<") {
      if bytes[index] == UInt8(ascii: ">") { return index + 1 }
      index += 1
    }
    return nil
  }
}

/// Makes documents of frames, in a worker.
struct DocumentDecoder {
  /// Why a frame is no document.
  struct Failure: Error {
    let reason: String
    /// The record's own id, where that much of it could be read.
    var id: String?
  }

  let input: InputConfiguration
  let documentLimit: Int
  private let reader = JSONReader()

  init(input: InputConfiguration, documentLimit: Int) {
    self.input = input
    self.documentLimit = documentLimit
  }

  /// The name of a frame's document when nothing of it can be read.
  static func fallbackID(_ frame: FramedDocument) -> String {
    frame.position.map { "\(frame.source):\($0)" } ?? frame.source
  }

  /// - Parameter raw: receives the bytes that went in, as soon as they are known.
  /// - Throws: `Failure`.
  func decode(_ frame: FramedDocument, raw: inout [UInt8]) throws(Failure) -> Document {
    switch frame.payload {
    case .unreadable(let reason): throw Failure(reason: reason)
    case .record(let line):
      raw = line
      return try decodeRecord(line, frame)
    case .bytes(let bytes):
      raw = bytes
      return try decodePage(bytes, frame)
    case .file(let path):
      do {
        raw = try InputFile.open(path, stop: nil).readAll(limit: documentLimit)
      } catch let error as IOError {
        throw Failure(reason: error.reason)
      } catch {
        throw Failure(reason: "\(error)")
      }
      return try decodePage(raw, frame)
    }
  }

  private func decodePage(_ bytes: [UInt8], _ frame: FramedDocument) throws(Failure) -> Document {
    if let kind = ContentSniffer.binaryKind(of: bytes) {
      throw Failure(reason: "this is \(kind), not \(frame.format == .html ? "a page" : "text")")
    }
    var document = Document(id: Self.fallbackID(frame), source: frame.source)
    if frame.format == .html {
      document.content = RawContent(bytes: bytes)
    } else {
      document.setText(BlockText(plain: Charset.decode(bytes, labels: [])))
    }
    return document
  }

  private func decodeRecord(_ line: [UInt8], _ frame: FramedDocument) throws(Failure) -> Document {
    do {
      try reader.parse(line)
    } catch {
      guard error.isInvalidUTF8 else { throw Failure(reason: notJSON(error)) }
      do {
        try reader.parse(UTF8Text.repaired(line))
      } catch {
        throw Failure(reason: notJSON(error))
      }
    }
    guard reader.kind(0) == .objectStart else { throw Failure(reason: "the line is JSON, but no object") }
    var fields: [String: Int] = [:]
    var index = 1
    while reader.kind(index) == .key {
      if let name = reader.string(index) { fields[name] = index + 1 }
      index = reader.end(of: index + 1)
    }
    func place(_ name: String) -> Int? {
      fields[input.fields[name] ?? name].flatMap { reader.kind($0) == .null ? nil : $0 }
    }
    func text(_ name: String) throws(Failure) -> String? {
      guard let place = place(name) else { return nil }
      switch reader.kind(place) {
      case .string:
        guard let text = reader.string(place) else { throw badEscape(name) }
        return text
      case .number where name == "id": return reader.raw(place)
      default: throw wrongType(name)
      }
    }
    func texts(_ name: String) throws(Failure) -> [String] {
      guard let place = place(name), reader.kind(place) == .arrayStart else { return try text(name).map { [$0] } ?? [] }
      return (place + 1..<reader.end(of: place) - 1).compactMap {
        reader.kind($0) == .string ? reader.string($0) : nil
      }
    }
    func content(_ name: String) throws(Failure) -> [UInt8]? {
      guard let place = place(name) else { return nil }
      guard reader.kind(place) == .string else { throw wrongType(name) }
      guard let bytes = reader.unescaped(place) else { throw badEscape(name) }
      return bytes
    }
    let id = try text("id") ?? Self.fallbackID(frame)
    do {
      return try document(id: id, frame, text: text, texts: texts, content: content)
    } catch {
      throw Failure(reason: error.reason, id: id)
    }
  }

  /// A record's document, from functions that read its fields by the names they have here.
  private func document(
    id: String, _ frame: FramedDocument, text: (String) throws(Failure) -> String?, texts: (String) throws(Failure) -> [String],
    content: (String) throws(Failure) -> [UInt8]?
  ) throws(Failure) -> Document {
    var document = Document(id: id, source: frame.source, position: frame.position)
    document.metadata.url = try text("url")
    document.metadata.language = try text("language").map { $0.lowercased() }
    document.metadata.title = try text("title")
    document.metadata.authors = try texts("authors")
    document.metadata.published = try text("published")
    document.metadata.modified = try text("modified")
    document.metadata.section = try text("section")
    document.metadata.keywords = try texts("keywords")
    document.metadata.siteName = try text("siteName")
    document.metadata.description = try text("description")
    document.metadata.image = try text("image")
    document.metadata.canonical = try text("canonical")
    if let html = try content("html") {
      document.content = RawContent(bytes: html, charset: "utf-8")
    } else if let plain = try content("text") {
      document.setText(BlockText(plain: plain))
    } else {
      let html = input.fields["html"] ?? "html"
      let text = input.fields["text"] ?? "text"
      throw Failure(
        reason: "the record has neither \"\(html)\" nor \"\(text)\"; map other names with \"fields\" in the input")
    }
    return document
  }

  private func notJSON(_ failure: JSONReader.Failure) -> String {
    "the line is not JSON: \(failure.message)" + (failure.offset.map { ", at byte \($0 + 1)" } ?? "")
  }

  private func badEscape(_ name: String) -> Failure {
    Failure(reason: "the field \"\(input.fields[name] ?? name)\" has a bad escape")
  }

  private func wrongType(_ name: String) -> Failure {
    Failure(reason: "the field \"\(input.fields[name] ?? name)\" is no string")
  }
}

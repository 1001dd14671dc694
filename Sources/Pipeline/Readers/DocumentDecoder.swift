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
  private let xmlReader: XMLRecordReader

  init(input: InputConfiguration, documentLimit: Int) {
    self.input = input
    self.documentLimit = documentLimit
    xmlReader = XMLRecordReader(namespaces: input.namespaces)
  }

  /// The name of a frame's document when nothing of it can be read.
  static func fallbackID(_ frame: FramedDocument) -> String {
    // Lines of a file have a colon and their number, records of a file that has no lines a number sign.
    frame.position.map { "\(frame.source)\(frame.format == .xml || frame.format == .warc ? "#" : ":")\($0)" } ?? frame.source
  }

  /// - Parameter raw: receives the bytes that went in, as soon as they are known.
  /// - Throws: `Failure`.
  func decode(_ frame: FramedDocument, raw: inout [UInt8]) throws(Failure) -> Document {
    switch frame.payload {
    case .unreadable(let reason, let id): throw Failure(reason: reason, id: id)
    case .line(let line):
      raw = line
      return try decodeLine(line, frame)
    case .element(let fragment):
      raw = fragment.bytes
      return try decodeElement(fragment, frame)
    case .row(let row):
      raw = row.bytes
      return try decodeRow(row, frame)
    case .page(let page):
      raw = page.bytes
      return try decodeArchived(page, frame)
    case .bytes(let bytes):
      raw = bytes
      return try decodePage(bytes, frame)
    case .file(let path, _):
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
      document.setText(try Self.text(Charset.decode(bytes, labels: [])))
    }
    return document
  }

  private func decodeArchived(_ page: WARCPage, _ frame: FramedDocument) throws(Failure) -> Document {
    let id = page.id.isEmpty ? Self.fallbackID(frame) : page.id
    if let kind = ContentSniffer.binaryKind(of: page.bytes) {
      throw Failure(reason: "this is \(kind), not \(page.isText ? "text" : "a page")", id: id)
    }
    var document = Document(id: id, source: frame.source, position: frame.position)
    document.metadata.url = page.url
    if let date = page.date { document.setExtra("crawled", ExtraValue(date)) }
    if let reason = page.truncated { document.noteInput(reason: "truncated-record", rule: reason) }
    if page.isText {
      do {
        document.setText(try Self.text(Charset.decode(page.bytes, labels: page.charset.map { [$0] } ?? [])))
      } catch {
        throw Failure(reason: error.reason, id: id)
      }
    } else {
      document.content = RawContent(bytes: page.bytes, charset: page.charset)
    }
    return document
  }

  /// The blocks of a plain text.
  /// - Throws: `Failure` for one of more lines than any text has.
  static func text(_ bytes: [UInt8]) throws(Failure) -> BlockText {
    let lines = bytes.count { $0 == UInt8(ascii: "\n") }
    guard lines < BlockText.mostBlocks else { throw Failure(reason: "the text has more than \(BlockText.mostBlocks) lines") }
    return BlockText(plain: bytes)
  }

  private func decodeLine(_ line: [UInt8], _ frame: FramedDocument) throws(Failure) -> Document {
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
    return try JSONFields(reader, input.fields).document(frame, fallbackID: Self.fallbackID(frame), input)
  }

  private func decodeElement(_ fragment: XMLFragment, _ frame: FramedDocument) throws(Failure) -> Document {
    let values: [String: [String]]?
    do {
      values = try xmlReader.fields(of: fragment, input.fields)
    } catch {
      throw Failure(reason: error.reason)
    }
    guard let values else { throw Failure(reason: "the record does not meet its condition") }
    return try NamedFields(values: values, needsContent: false, holdsMarkup: true).document(
      frame, fallbackID: Self.fallbackID(frame), input)
  }

  private func decodeRow(_ row: RowFrame, _ frame: FramedDocument) throws(Failure) -> Document {
    let fields = RowSplitter.fields(Charset.decode(row.bytes, labels: []), separator: row.separator, isQuoted: row.isQuoted)
    guard fields.count <= row.header.count else {
      throw Failure(reason: "the row has \(fields.count) fields, and the header \(row.header.count)")
    }
    var columns: [String: String] = [:]
    for (name, field) in zip(row.header, fields) where !field.isEmpty { columns[name] = String(decoding: field, as: UTF8.self) }
    var values: [String: [String]] = [:]
    for name in Configuration.recordFields {
      if let value = (input.fields[name] ?? [name]).lazy.compactMap({ columns[$0] }).first { values[name] = [value] }
    }
    return try NamedFields(values: values, needsContent: true, holdsMarkup: false).document(
      frame, fallbackID: Self.fallbackID(frame), input)
  }

  private func notJSON(_ failure: JSONReader.Failure) -> String {
    "the line is not JSON: \(failure.message)" + (failure.offset.map { ", at byte \($0 + 1)" } ?? "")
  }
}

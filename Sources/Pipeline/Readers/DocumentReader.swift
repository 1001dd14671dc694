/// A document on its way to a worker: all a worker needs, in plain values that can cross to another process.
package struct FramedDocument: Sendable {
  enum Payload: Sendable {
    /// A file of one page or text; the worker opens it.
    case file(path: String, size: Int)
    /// A page or text that came through a pipe.
    case bytes([UInt8])
    /// A line of JSON.
    case line([UInt8])
    /// An element of an XML file.
    case element(XMLFragment)
    /// A row of separated values.
    case row(RowFrame)
    /// What the reader could not read.
    case unreadable(reason: String)
  }

  let source: String
  let position: Int?
  let format: InputFormat
  let payload: Payload

  /// In bytes, for the limit of bytes in flight.
  var weight: Int {
    switch payload {
    case .unreadable: 256
    // A file beyond the limit of a document is not read at all.
    case .file(_, let size): min(size, PipelineRun.bytesInFlight) + 256
    case .bytes(let bytes), .line(let bytes): bytes.count + 256
    case .element(let fragment): fragment.bytes.count + 256
    case .row(let row): row.bytes.count + 256
    }
  }
}

/// Reads the inputs of a run one after the other. Blocks: runs on a thread of its own.
struct DocumentReader {
  let input: InputConfiguration
  let documentLimit: Int
  let listing: InputListing
  let stop: StopRequest

  /// Hands on every document in order until `emit` returns false.
  func run(_ emit: (FramedDocument) async -> Bool) async {
    for path in input.paths {
      var walk = listing.walk(path)
      while let (file, trouble) = walk.next() {
        guard await read(file, trouble, emit) else { return }
      }
    }
  }

  private func read(_ file: String, _ trouble: IOError?, _ emit: (FramedDocument) async -> Bool) async -> Bool {
    let name = file == "-" ? "stdin" : file
    func unreadable(_ reason: String, position: Int? = nil) -> FramedDocument {
      FramedDocument(source: name, position: position, format: .auto, payload: .unreadable(reason: reason))
    }
    if let trouble { return await emit(unreadable(trouble.reason)) }
    do {
      let format = try format(of: file)
      switch format {
      case .jsonl: return try await readLines(try open(file), name, emit)
      case .xml: return try await readElements(try open(file), name, emit)
      case .csv, .tsv: return try await readRows(try open(file), name, format, emit)
      case .auto:
        // Standard input, or a file that only its content can tell.
        let source = try open(file)
        let head = try HeadSource(source)
        let sniffed = ContentSniffer.format(of: head.head)
        if sniffed == .jsonl { return try await readLines(head, name, emit) }
        if sniffed == .xml { return try await readElements(head, name, emit) }
        return await emit(
          FramedDocument(source: name, position: nil, format: sniffed, payload: try payload(of: file, head)))
      case .html, .text:
        return await emit(
          FramedDocument(source: name, position: nil, format: format, payload: try payload(of: file, nil)))
      }
    } catch let error as IOError {
      return await emit(unreadable(error.reason))
    } catch {
      return await emit(unreadable("\(error)"))
    }
  }

  /// A file is opened by the worker. What can be read but once, such as a pipe, is read here.
  private func payload(of file: String, _ opened: (any ByteSource)?) throws -> FramedDocument.Payload {
    if file != "-", let status = FileSystem.status(file), FileSystem.kind(status.st_mode) == .regular {
      return .file(path: file, size: Int(status.st_size))
    }
    return .bytes(try (opened ?? open(file)).readAll(limit: documentLimit))
  }

  private func open(_ file: String) throws -> any ByteSource {
    try InputFile.open(file, stop: stop)
  }

  /// The format by configuration or extension; `.auto` where only the content can tell.
  private func format(of file: String) throws -> InputFormat {
    guard input.format == .auto, file != "-" else { return input.format }
    let name = file.withoutCompression
    let base = name.split(separator: "/").last ?? name[...]
    guard let dot = base.lastIndex(of: ".") else { return .auto }
    switch base[base.index(after: dot)...].lowercased() {
    case "html", "htm", "xhtml": return .html
    case "txt", "md", "text": return .text
    case "jsonl", "ndjson": return .jsonl
    case "xml", "rss", "atom", "rdf": return .xml
    case "csv": return .csv
    case "tsv": return .tsv
    case "warc": throw IOError(file, "files of the format .warc are not read by this version")
    default: return .auto
    }
  }

  private func readLines(_ source: any ByteSource, _ name: String, _ emit: (FramedDocument) async -> Bool)
    async throws -> Bool
  {
    var splitter = LineSplitter(source, limit: documentLimit)
    var number = 0
    func frame(_ payload: FramedDocument.Payload) -> FramedDocument {
      FramedDocument(source: name, position: number, format: .jsonl, payload: payload)
    }
    while true {
      number += 1
      let line: LineSplitter.Line?
      do {
        line = try splitter.next()
      } catch let error as IOError {
        return await emit(frame(.unreadable(reason: "\(error.reason); nothing is read from here on")))
      }
      switch line {
      case nil: return true
      case .line(var bytes):
        if number == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        if bytes.allSatisfy(UTF8Text.isSpace) { continue }
        guard await emit(frame(.line(bytes))) else { return false }
      case .tooLong:
        let reason = "the line is longer than the limit of \(Size.format(documentLimit)) for a document"
        guard await emit(frame(.unreadable(reason: reason))) else { return false }
      case .endless:
        let most = Size.format(documentLimit * LineSplitter.patience)
        return await emit(
          frame(.unreadable(reason: "the line is longer than \(most); nothing is read from here on")))
      }
    }
  }
}

/// Formats that hold many documents in one file.
extension DocumentReader {
  private func readElements(_ source: any ByteSource, _ name: String, _ emit: (FramedDocument) async -> Bool) async throws -> Bool {
    var number = 0
    func frame(_ payload: FramedDocument.Payload) -> FramedDocument {
      FramedDocument(source: name, position: number, format: .xml, payload: payload)
    }
    guard let record = input.record, let path = RecordPath(record) else {
      return await emit(
        FramedDocument(
          source: name, position: nil, format: .xml,
          payload: .unreadable(
            reason:
              "an XML file is read by \"record\" and \"fields\" in the input, which this pipeline does not have; see pipelines/feed.json")))
    }
    var splitter = XMLRecordSplitter(try WideSource.narrowed(source), path: path, limit: documentLimit)
    let conditions = XMLRecordReader(namespaces: input.namespaces)
    while true {
      number += 1
      let found: XMLRecordSplitter.Record?
      do {
        found = try splitter.next()
      } catch let error as IOError {
        return await emit(frame(.unreadable(reason: "\(error.reason); nothing is read from here on")))
      }
      switch found {
      case nil: return true
      case .record(let fragment):
        // A record that does not meet its condition is no document at all.
        if fragment.predicate != nil, !meetsCondition(fragment, conditions) {
          number -= 1
          continue
        }
        guard await emit(frame(.element(fragment))) else { return false }
      case .tooLong:
        let reason = "the record is larger than the limit of \(Size.format(documentLimit)) for a document"
        guard await emit(frame(.unreadable(reason: reason))) else { return false }
      case .endless(let what):
        return await emit(frame(.unreadable(reason: "\(what); nothing is read from here on")))
      }
    }
  }

  private func meetsCondition(_ fragment: XMLFragment, _ reader: XMLRecordReader) -> Bool {
    do {
      return try reader.fields(of: fragment, [:]) != nil
    } catch {
      // The worker meets the same trouble, and says so.
      return true
    }
  }

  private func readRows(_ source: any ByteSource, _ name: String, _ format: InputFormat, _ emit: (FramedDocument) async -> Bool)
    async throws -> Bool
  {
    let isQuoted = format == .csv
    var splitter = RowSplitter(try WideSource.narrowed(source), limit: documentLimit, isQuoted: isQuoted)
    var header: [String]?
    var separator = UInt8(ascii: "\t")
    // The header is row 1, as a spreadsheet numbers it.
    var number = 0
    func frame(_ payload: FramedDocument.Payload) -> FramedDocument {
      FramedDocument(source: name, position: number, format: format, payload: payload)
    }
    while true {
      number += 1
      let row: RowSplitter.Row?
      do {
        row = try splitter.next()
      } catch let error as IOError {
        return await emit(frame(.unreadable(reason: "\(error.reason); nothing is read from here on")))
      }
      switch row {
      case nil: return true
      case .row(let bytes):
        guard let names = header else {
          if isQuoted { separator = RowSplitter.separator(ofHeader: bytes) }
          header = RowSplitter.fields(Charset.decode(bytes, labels: []), separator: separator, isQuoted: isQuoted).map {
            String(decoding: $0, as: UTF8.self).filter { $0 != "\u{FEFF}" }
          }
          continue
        }
        if bytes.allSatisfy(UTF8Text.isSpace) { continue }
        let row = RowFrame(bytes: bytes, header: names, separator: separator, isQuoted: isQuoted)
        guard await emit(frame(.row(row))) else { return false }
      case .tooLong:
        let reason = "the row is longer than the limit of \(Size.format(documentLimit)) for a document"
        guard await emit(frame(.unreadable(reason: reason))) else { return false }
      case .endless:
        return await emit(frame(.unreadable(reason: "a quoted field is never closed; nothing is read from here on")))
      }
    }
  }
}

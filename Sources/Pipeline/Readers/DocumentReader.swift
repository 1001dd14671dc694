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
    /// A page of a web archive.
    case page(WARCPage)
    /// What the reader could not read, with its own id where that much could be read.
    case unreadable(reason: String, id: String? = nil)
  }

  let source: String
  let position: Int?
  let format: InputFormat
  let payload: Payload
  /// Where it stands in the run; set by the reader.
  var place = InputPlace(input: 0, ordinal: 0)

  /// In bytes, for the limit of bytes in flight.
  var weight: Int {
    switch payload {
    case .unreadable: 256
    // A file beyond the limit of a document is not read at all.
    case .file(_, let size): min(size, PipelineRun.bytesInFlight) + 256
    case .bytes(let bytes), .line(let bytes): bytes.count + 256
    case .element(let fragment): fragment.bytes.count + 256
    case .row(let row): row.bytes.count + 256
    case .page(let page): page.bytes.count + 256
    }
  }

  /// The bytes that went in, as far as they can be read.
  func content(limit: Int) -> [UInt8]? {
    switch payload {
    case .file(let path, _): try? InputFile.open(path, stop: nil).readAll(limit: limit)
    case .bytes(let bytes), .line(let bytes): bytes
    case .element(let fragment): fragment.bytes
    case .row(let row): row.bytes
    case .page(let page): page.bytes
    case .unreadable: nil
    }
  }
}

/// Where a document stands among all that a run reads.
struct InputPlace: Sendable, Equatable {
  /// The number of the input, from 0.
  let input: Int
  /// The number of the document in the input, from 1.
  let ordinal: Int
}

/// Reads the inputs of a run one after the other. Blocks: runs on a thread of its own.
struct DocumentReader {
  let input: InputConfiguration
  let documentLimit: Int
  let stop: StopRequest
  /// Whether the inputs are rejects files, whose documents are tried again.
  var retries = false
  var meter: InputMeter?

  /// Hands on every document in order until `emit` returns false.
  /// - Parameter last: the last document that is not wanted; nil for none. Its input is the first that `inputs` gives.
  /// - Throws: `IOError` when the inputs cannot be listed.
  func run(_ inputs: any InputSequence, after last: InputPlace? = nil, _ emit: (FramedDocument) async -> Bool) async throws {
    var inputs = inputs
    while let listed = try inputs.nextInput() {
      var ordinal = 0
      let goesOn = await readListed(listed) { frame in
        ordinal += 1
        if let last, last.input == listed.number, ordinal <= last.ordinal { return true }
        var frame = frame
        frame.place = InputPlace(input: listed.number, ordinal: ordinal)
        return await emit(frame)
      }
      guard goesOn else { return }
    }
  }

  private func readListed(_ listed: ListedInput, _ emit: (FramedDocument) async -> Bool) async -> Bool {
    retries ? await readRejects(listed.path, emit) : await read(listed.path, listed.trouble, emit)
  }

  func read(_ file: String, _ trouble: IOError?, _ emit: (FramedDocument) async -> Bool) async -> Bool {
    let name = file == "-" ? "stdin" : file
    func unreadable(_ reason: String, position: Int? = nil) -> FramedDocument {
      FramedDocument(source: name, position: position, format: .auto, payload: .unreadable(reason: reason))
    }
    if let trouble { return await emit(unreadable(trouble.reason)) }
    do {
      let format = try input.format(of: file)
      switch format {
      case .jsonl: return try await readLines(try open(file), name, emit)
      case .xml: return try await readElements(try open(file), name, emit)
      case .csv, .tsv: return try await readRows(try open(file), name, format, emit)
      case .warc: return try await readPages(try FileSource(path: file, stop: stop, meter: meter), name, emit)
      case .auto:
        // Standard input, or a file that only its content can tell.
        let whole = try HeadSource(try FileSource(path: file, stop: stop, meter: meter))
        if WARCSplitter.isArchive(whole.head) { return try await readPages(whole, name, emit) }
        let head = try HeadSource(try InputFile.decompressed(whole, path: file))
        let sniffed = ContentSniffer.format(of: head.head)
        if sniffed == .jsonl { return try await readLines(head, name, emit) }
        if sniffed == .xml { return try await readElements(head, name, emit) }
        if sniffed == .warc { return try await readPages(head, name, emit) }
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
      meter?.add(Int(status.st_size))
      return .file(path: file, size: Int(status.st_size))
    }
    return .bytes(try (opened ?? open(file)).readAll(limit: documentLimit))
  }

  private func open(_ file: String) throws -> any ByteSource {
    try InputFile.open(file, stop: stop, meter: meter)
  }
}

extension InputConfiguration {
  /// The format by configuration or extension; `.auto` where only the content can tell.
  func format(of file: String) throws -> InputFormat {
    guard format == .auto, file != "-" else { return format }
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
    case "warc": return .warc
    default: return .auto
    }
  }
}

/// Formats that hold many documents in one file.
extension DocumentReader {
  func readLines(_ source: any ByteSource, _ name: String, _ emit: (FramedDocument) async -> Bool)
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

  /// - Parameter source: the archive as it is: members of a compressed one are told apart.
  func readPages(_ source: any ByteSource, _ name: String, _ emit: (FramedDocument) async -> Bool) async throws -> Bool {
    var splitter = try WARCSplitter(source, limit: documentLimit)
    var number = 0
    func frame(_ payload: FramedDocument.Payload) -> FramedDocument {
      FramedDocument(source: name, position: number, format: .warc, payload: payload)
    }
    while true {
      number += 1
      let found: WARCSplitter.Record?
      do {
        found = try splitter.next()
      } catch let error as IOError {
        return await emit(frame(.unreadable(reason: "\(error.reason); nothing is read from here on")))
      }
      switch found {
      case nil: return true
      case .page(let page): guard await emit(frame(.page(page))) else { return false }
      case .unreadable(let id, let reason): guard await emit(frame(.unreadable(reason: reason, id: id))) else { return false }
      }
    }
  }

  func readElements(_ source: any ByteSource, _ name: String, _ emit: (FramedDocument) async -> Bool) async throws -> Bool {
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

  func readRows(_ source: any ByteSource, _ name: String, _ format: InputFormat, _ emit: (FramedDocument) async -> Bool)
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

import Foundation

/// Reads rejects files as input: the documents that they name, as they are now or as they were kept.
extension DocumentReader {
  /// A line about a document that is to be tried again.
  private struct Reject {
    let id: String
    let source: String
    let position: Int?
    /// What went in, where it was kept.
    let content: [UInt8]?
  }

  /// So many lines about one file are looked up in one go.
  private static let mostAtOnce = 10_000

  /// Hands on the rejected documents of a rejects file, in its order; what was dropped was no mistake, and is not tried again.
  func readRejects(_ path: String, _ emit: (FramedDocument) async -> Bool) async -> Bool {
    do {
      var splitter = LineSplitter(try InputFile.open(path, stop: stop), limit: documentLimit * 2)
      let parser = JSONReader()
      var number = 0
      var waiting: [Reject] = []
      while let line = try splitter.next() {
        number += 1
        guard case .line(let bytes) = line, !bytes.allSatisfy(UTF8Text.isSpace) else { continue }
        guard let reject = try Self.reject(bytes, parser) else {
          guard await emit(unreadable(path, number, "the line is no line of a rejects file")) else { return false }
          continue
        }
        guard let reject = reject else { continue }
        if let last = waiting.last, last.source != reject.source || waiting.count == Self.mostAtOnce {
          guard await find(waiting, emit) else { return false }
          waiting = []
        }
        waiting.append(reject)
      }
      return waiting.isEmpty ? true : await find(waiting, emit)
    } catch {
      return await emit(unreadable(path, nil, "\(error)"))
    }
  }

  private func unreadable(_ source: String, _ position: Int?, id: String? = nil, _ reason: String) -> FramedDocument {
    FramedDocument(source: source, position: position, format: .jsonl, payload: .unreadable(reason: reason, id: id))
  }

  /// - Returns: nil for what is no reject, and nil inside for one that is not tried again.
  private static func reject(_ line: [UInt8], _ parser: JSONReader) throws -> Reject?? {
    guard (try? parser.parse(line)) != nil, parser.kind(0) == .objectStart else { return nil }
    var fields: [String: String] = [:]
    var index = 1
    while parser.kind(index) == .key {
      if let name = parser.string(index) {
        fields[name] = parser.kind(index + 1) == .string ? parser.string(index + 1) : parser.raw(index + 1)
      }
      index = parser.end(of: index + 1)
    }
    guard let id = fields["id"], let source = fields["source"], let kind = fields["kind"] else { return nil }
    guard kind == "rejected" else { return .some(nil) }
    let kept = fields["content"].map { Array($0.utf8) } ?? fields["contentBase64"].flatMap { Data(base64Encoded: $0) }.map { Array($0) }
    return Reject(id: id, source: source, position: fields["position"].flatMap { Int($0) }, content: kept)
  }

  /// Hands on what some lines about one file name.
  private func find(_ rejects: [Reject], _ emit: (FramedDocument) async -> Bool) async -> Bool {
    let source = rejects[0].source
    var missing = rejects[...]
    if FileSystem.kind(of: source) == .regular {
      var found: [Int: FramedDocument] = [:]
      let wanted = Set(rejects.map { $0.position ?? 0 })
      _ = await read(source, nil) { frame in
        if wanted.contains(frame.position ?? 0) { found[frame.position ?? 0] = frame }
        return found.count < wanted.count
      }
      while let reject = missing.first, let frame = found[reject.position ?? 0] {
        guard await emit(frame) else { return false }
        missing.removeFirst()
      }
    }
    for reject in missing {
      guard await emit(kept(reject)) else { return false }
    }
    return true
  }

  /// The document as it was kept.
  private func kept(_ reject: Reject) -> FramedDocument {
    guard let content = reject.content, !content.isEmpty else {
      return unreadable(
        reject.source, reject.position, id: reject.id, "the document is not to be found any more, and its content was not kept")
    }
    let format = try? input.format(of: reject.source)
    switch format {
    case .jsonl: return FramedDocument(source: reject.source, position: reject.position, format: .jsonl, payload: .line(content))
    case .xml, .csv, .tsv:
      return unreadable(
        reject.source, reject.position, id: reject.id, "the record is not to be found any more, and says nothing without its file")
    default: break
    }
    let page = WARCPage(id: reject.id, url: nil, date: nil, charset: nil, isText: format == .text, bytes: content, truncated: nil)
    return FramedDocument(source: reject.source, position: reject.position, format: .warc, payload: .page(page))
  }
}

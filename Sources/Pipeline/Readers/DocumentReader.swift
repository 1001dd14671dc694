/// A document on its way to a worker: all a worker needs, in plain values that can cross to another process.
package struct FramedDocument: Sendable {
  enum Payload: Sendable {
    /// A file of one page or text; the worker opens it.
    case file(path: String)
    /// A page or text that came through a pipe.
    case bytes([UInt8])
    /// A line of JSON.
    case record([UInt8])
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
    case .file, .unreadable: 256
    case .bytes(let bytes), .record(let bytes): bytes.count + 256
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
      case .auto:
        // Standard input, or a file that only its content can tell.
        let source = try open(file)
        let head = try HeadSource(source)
        let sniffed = ContentSniffer.format(of: head.head)
        if sniffed == .jsonl { return try await readLines(head, name, emit) }
        let payload: FramedDocument.Payload =
          file == "-" ? .bytes(try head.readAll(limit: documentLimit)) : .file(path: file)
        return await emit(FramedDocument(source: name, position: nil, format: sniffed, payload: payload))
      case .html, .text:
        let payload: FramedDocument.Payload =
          file == "-" ? .bytes(try open(file).readAll(limit: documentLimit)) : .file(path: file)
        return await emit(FramedDocument(source: name, position: nil, format: format, payload: payload))
      }
    } catch let error as IOError {
      return await emit(unreadable(error.reason))
    } catch {
      return await emit(unreadable("\(error)"))
    }
  }

  private func open(_ file: String) throws -> any ByteSource {
    try InputFile.open(file, stop: stop)
  }

  /// The format by configuration or extension; `.auto` where only the content can tell.
  private func format(of file: String) throws -> InputFormat {
    guard input.format == .auto, file != "-" else { return input.format }
    let name = file.hasSuffix(".gz") ? file.dropLast(3) : file[...]
    let base = name.split(separator: "/").last ?? name
    guard let dot = base.lastIndex(of: ".") else { return .auto }
    switch base[base.index(after: dot)...].lowercased() {
    case "html", "htm", "xhtml": return .html
    case "txt", "md", "text": return .text
    case "jsonl", "ndjson": return .jsonl
    case let other where ["xml", "rss", "atom", "warc", "zst"].contains(other):
      throw IOError(file, "files of the format .\(other) are not read by this version")
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
        guard await emit(frame(.record(bytes))) else { return false }
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

/// Opens inputs, decompressing by what their first bytes say.
enum InputFile {
  static func open(_ path: String, stop: StopRequest?) throws -> any ByteSource {
    let file = try FileSource(path: path, stop: stop)
    if path.hasSuffix(".gz") { return try GzipSource(file) }
    let head = try HeadSource(file)
    return head.head.starts(with: [0x1F, 0x8B, 0x08]) ? try GzipSource(head) : head
  }
}

/// A source whose first bytes can be looked at before it is read.
final class HeadSource: ByteSource {
  let name: String
  private(set) var head: [UInt8]
  private var taken = 0
  private let source: any ByteSource

  init(_ source: any ByteSource) throws {
    name = source.name
    self.source = source
    head = [UInt8](repeating: 0, count: 4096)
    var count = 0
    while count < head.count {
      let read = try head.withUnsafeMutableBytes {
        try source.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[count...]))
      }
      if read == 0 { break }
      count += read
    }
    head.removeSubrange(count...)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard taken < head.count else { return try source.read(into: buffer) }
    let count = min(buffer.count, head.count - taken)
    buffer.copyBytes(from: head[taken..<taken + count])
    taken += count
    return count
  }
}

/// Guesses what bytes are, without a file name to go by.
enum ContentSniffer {
  static func format(of head: [UInt8]) -> InputFormat {
    var head = head[...]
    if head.starts(with: [0xEF, 0xBB, 0xBF]) { head = head.dropFirst(3) }
    switch head.first(where: { !UTF8Text.isSpace($0) }) {
    case UInt8(ascii: "{"): return .jsonl
    case UInt8(ascii: "<"): return .html
    default: return .text
    }
  }

  /// Says what binary bytes are; nil for anything that may be text in some encoding.
  static func binaryKind(of bytes: [UInt8]) -> String? {
    let signatures: [(String, [UInt8])] = [
      ("a PNG image", [0x89, 0x50, 0x4E, 0x47]), ("a JPEG image", [0xFF, 0xD8, 0xFF]),
      ("a GIF image", Array("GIF8".utf8)), ("a PDF file", Array("%PDF-".utf8)),
      ("a ZIP archive", [0x50, 0x4B, 0x03, 0x04]), ("gzip data", [0x1F, 0x8B, 0x08]),
      ("zstd data", [0x28, 0xB5, 0x2F, 0xFD]), ("an ELF program", [0x7F, 0x45, 0x4C, 0x46]),
    ]
    if let signature = signatures.first(where: { bytes.starts(with: $0.1) }) { return signature.0 }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return nil }
    let sample = bytes.prefix(4096)
    var zeros = [0, 0]
    var controls = 0
    for (index, byte) in sample.enumerated() {
      if byte == 0 { zeros[index & 1] += 1 }
      if byte < 0x20, byte != 0, byte != 0x1B, !UTF8Text.isSpace(byte) { controls += 1 }
    }
    // UTF-16 without a mark has zeros in every second place of mostly Latin text.
    let isWide = min(zeros[0], zeros[1]) * 10 < max(zeros[0], zeros[1])
    if controls * 20 > sample.count { return "binary data" }
    return zeros[0] + zeros[1] > sample.count / 20 && !isWide ? "binary data" : nil
  }
}

/// Opens inputs, decompressing by what their first bytes say.
enum InputFile {
  static func open(_ path: String, stop: StopRequest?, meter: InputMeter? = nil) throws -> any ByteSource {
    let file = try FileSource(path: path, stop: stop, meter: meter)
    if let compression = Compression(path: path) { return try compression.source(file) }
    return try decompressed(HeadSource(file), path: path)
  }

  /// The content of a file that was opened as it is.
  static func decompressed(_ file: HeadSource, path: String) throws -> any ByteSource {
    try (Compression(path: path) ?? Compression(head: file.head))?.source(file) ?? file
  }
}

/// A source whose first bytes can be looked at before it is read.
final class HeadSource: ByteSource {
  let name: String
  private(set) var head: [UInt8]
  private var taken = 0
  private let source: any ByteSource
  /// The longest signature of a compressed file, in bytes.
  private static let longestMark = 4
  var mayWait: Bool { source.mayWait }
  var expectedSize: Int { source.expectedSize }

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
      // What a pipe sends first says enough; the rest may be long in coming.
      if source.mayWait, count >= Self.longestMark { break }
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
    if head.starts(with: "WARC/".utf8), let version = head.dropFirst(5).first, (0x30...0x39).contains(version) { return .warc }
    switch head.first(where: { !UTF8Text.isSpace($0) }) {
    case UInt8(ascii: "{"): return .jsonl
    case UInt8(ascii: "<"): return isXML(head) ? .xml : .html
    default: return .text
    }
  }

  /// Whether a text that begins with `<` is XML other than XHTML.
  private static func isXML(_ head: ArraySlice<UInt8>) -> Bool {
    guard head.drop(while: UTF8Text.isSpace).starts(with: "<?xml".utf8) else { return false }
    return String(decoding: head, as: UTF8.self).lowercased().firstRange(of: "<html") == nil
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

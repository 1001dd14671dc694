import CZlib
import TestSupport
import Testing

@testable import Pipeline

/// Archives as bytes, written record by record.
enum WARCArchive {
  static func record(
    _ type: String, id: String = "1", url: String? = "http://example.org/", contentType: String? = "application/http; msgtype=response",
    fields: [String] = [], _ block: [UInt8], length: Int? = nil, version: String = "WARC/1.0", newline: String = "\r\n"
  ) -> [UInt8] {
    var lines = [version, "WARC-Type: \(type)", "WARC-Record-ID: <urn:uuid:\(id)>", "WARC-Date: 2026-01-02T03:04:05Z"]
    if let url { lines.append("WARC-Target-URI: \(url)") }
    if let contentType { lines.append("Content-Type: \(contentType)") }
    lines += fields + ["Content-Length: \(length ?? block.count)", "", ""]
    return Array(lines.joined(separator: newline).utf8) + block + Array((newline + newline).utf8)
  }

  static func http(_ headers: [String], _ body: [UInt8], status: String? = "HTTP/1.1 200 OK", newline: String = "\r\n") -> [UInt8] {
    Array(((status.map { [$0] } ?? []) + headers + ["", ""]).joined(separator: newline).utf8) + body
  }

  static func page(_ id: String, _ text: String, length: Int? = nil, _ more: [String] = []) -> [UInt8] {
    record("response", id: id, fields: more, http(["Content-Type: text/html; charset=utf-8"], Array("<p>\(text)".utf8)), length: length)
  }

  static func page(_ id: String, _ headers: [String], _ body: [UInt8]) -> [UInt8] {
    record("response", id: id, http(["Content-Type: text/html"] + headers, body))
  }

  static func gzip(_ bytes: [UInt8]) -> [UInt8] { deflate(bytes, windowBits: 15 + 16) }

  /// - Parameter windowBits: 31 for gzip, 15 for zlib, -15 for bare deflate.
  static func deflate(_ bytes: [UInt8], windowBits: Int32) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(&stream, 6, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 100)
    let room = output.count
    input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(room)
        _ = CZlib.deflate(&stream, Z_FINISH)
      }
    }
    return Array(output.prefix(room - Int(stream.avail_out)))
  }

  static func zstd(_ bytes: [UInt8]) throws -> [UInt8] { try Compression.zstd.compressor("test").compress(bytes, finish: true) }

  /// Text that does not compress to nothing.
  static func words(_ count: Int, seed: Int = 1) -> String {
    var random = SeededGenerator(seed)
    return (0..<count).map { _ in String(UInt32.random(in: 0...UInt32.max, using: &random), radix: 36) }.joined(separator: " ")
  }
}

func archivePages(_ bytes: [UInt8], piece: Int = 100_000, limit: Int = 1_000_000) throws -> [WARCPage] {
  var splitter = try WARCSplitter(PieceSource(bytes, piece: piece), limit: limit)
  var result: [WARCPage] = []
  while let record = try splitter.next() {
    switch record {
    case .page(let page): result.append(page)
    case .unreadable(let id, let reason): Issue.record("unreadable \(id ?? ""): \(reason)")
    }
  }
  return result
}

/// Each page as "id: content", each trouble as "! id: reason".
func archiveContents(_ bytes: [UInt8], piece: Int = 100_000, limit: Int = 1_000_000) throws -> [String] {
  var splitter = try WARCSplitter(PieceSource(bytes, piece: piece), limit: limit)
  var result: [String] = []
  do {
    while let record = try splitter.next() {
      switch record {
      case .page(let page):
        let end = page.truncated.map { " (\($0))" } ?? ""
        result.append("\(page.id.dropFirst(9)): \(String(decoding: page.bytes, as: UTF8.self))\(end)")
      case .unreadable(let id, let reason): result.append("! \(id?.dropFirst(9) ?? ""): \(reason)")
      }
    }
  } catch let error as IOError {
    result.append("!! \(error.reason)")
  }
  return result
}

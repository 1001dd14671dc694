import CZlib
import CZstd

/// The codings of a body by which servers make it smaller (RFC 9110, section 8.4.1).
///
/// Crawlers often store the body decoded and leave the header as it was: bytes that are not in the coding are taken as they are.
struct ContentCoding {
  /// A body is at most this large when it is decoded, in bytes.
  let limit: Int
  /// Why decoding ended before the end of the body; nil where it did not.
  private(set) var truncated: String?

  /// The largest ratio of a page to what it was compressed to. Pages come to some tens; deflate cannot do more than 1032.
  private static let largestRatio = 500
  /// Below this size nothing is said about ratios, in bytes.
  private static let smallestBomb = 4 << 20
  /// Servers apply one, and now and then the same one twice.
  private static let mostCodings = 4

  init(limit: Int) {
    self.limit = limit
  }

  /// Takes codings off, the last one first.
  /// - Throws: `WARCPage.Failure` for what cannot be read, is too large, or grows out of all proportion.
  mutating func decode(_ body: UnsafeRawBufferPointer, _ codings: [String]) throws(WARCPage.Failure) -> [UInt8] {
    guard codings.count <= Self.mostCodings else { throw WARCPage.Failure(reason: "the content was encoded \(codings.count) times") }
    var bytes: [UInt8]?
    for coding in codings.reversed() {
      let decoded: Result<[UInt8]?, WARCPage.Failure>
      if let known = bytes {
        decoded = known.withUnsafeBytes { body in attempt(body, coding) }
      } else {
        decoded = attempt(body, coding)
      }
      bytes = try decoded.get() ?? bytes
    }
    let result = bytes ?? Array(body)
    if result.count > limit { throw tooLarge }
    return result
  }

  private mutating func attempt(_ body: UnsafeRawBufferPointer, _ coding: String) -> Result<[UInt8]?, WARCPage.Failure> {
    do throws(WARCPage.Failure) {
      return .success(try decoded(body, coding))
    } catch {
      return .failure(error)
    }
  }

  /// Nil for bytes that are not in this coding.
  private mutating func decoded(_ body: UnsafeRawBufferPointer, _ coding: String) throws(WARCPage.Failure) -> [UInt8]? {
    switch coding {
    case "chunked":
      guard let chunks = ChunkedBody(body) else { return nil }
      if chunks.isCut { truncated = truncated ?? "chunked" }
      return chunks.bytes
    case "gzip", "x-gzip":
      guard body.starts(with: [0x1F, 0x8B, 0x08]) else { return nil }
      return try Self.found(try inflated(body, windowBits: 15 + 16, coding), coding)
    case "deflate":
      if isPlain(body) { return nil }
      // RFC 9110 means the zlib format; many servers send bare deflate.
      let isZlib = body.count >= 2 && body[0] & 0x0F == 8 && (Int(body[0]) << 8 | Int(body[1])) % 31 == 0
      if isZlib, let bytes = try inflated(body, windowBits: 15, coding) { return bytes }
      return try Self.found(try inflated(body, windowBits: -15, coding), coding)
    case "zstd":
      guard body.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) else { return nil }
      return try Self.found(try decompressed(body), coding)
    case "br", "compress", "x-compress", "dcb", "dcz":
      if isPlain(body) { return nil }
      throw WARCPage.Failure(reason: "the content is compressed with \(coding), which is not read")
    default: return nil
    }
  }

  /// Whether bytes are text already.
  private func isPlain(_ body: UnsafeRawBufferPointer) -> Bool {
    let head = Array(body.prefix(4096))
    guard ContentSniffer.binaryKind(of: head) == nil else { return false }
    if head.first(where: { !UTF8Text.isSpace($0) }) == UInt8(ascii: "<") { return true }
    return UTF8Text.isValid(body.bindMemory(to: UInt8.self))
  }

  private var tooLarge: WARCPage.Failure {
    WARCPage.Failure(reason: "the page is larger than the limit of \(Size.format(limit)) for a document")
  }

  /// - Throws: `WARCPage.Failure` when the output is too large, alone or for what it was made from.
  private func check(_ produced: Int, from consumed: Int) throws(WARCPage.Failure) {
    if produced > limit { throw tooLarge }
    if produced >= Self.smallestBomb, produced / Self.largestRatio > consumed {
      throw WARCPage.Failure(reason: "the content grows more than \(Self.largestRatio) times when it is decompressed, as no page does")
    }
  }

  private static func found(_ bytes: [UInt8]?, _ coding: String) throws(WARCPage.Failure) -> [UInt8] {
    guard let bytes else { throw WARCPage.Failure(reason: "the content's \(coding) data is broken") }
    return bytes
  }

  /// What came before a break; nil where nothing did.
  private mutating func end(_ result: [UInt8], _ coding: String) -> [UInt8]? {
    if result.isEmpty { return nil }
    truncated = truncated ?? coding
    return result
  }

  /// What zlib makes of a body, also of several gzip members; of a broken one what comes before the break; nil where nothing does.
  private mutating func inflated(
    _ body: UnsafeRawBufferPointer, windowBits: Int32, _ coding: String
  ) throws(WARCPage.Failure) -> [UInt8]? {
    var stream = z_stream()
    guard inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw WARCPage.Failure(reason: "zlib does not start")
    }
    defer { inflateEnd(&stream) }
    var result: [UInt8] = []
    result.reserveCapacity(min(6 * body.count, limit) + 1024)
    var consumed = 0
    while true {
      let given = min(body.count - consumed, 1 << 30)
      var code = Z_OK
      result.append { output in
        stream.next_in = UnsafeMutablePointer(mutating: body.baseAddress?.advanced(by: consumed).assumingMemoryBound(to: UInt8.self))
        stream.avail_in = UInt32(given)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        code = inflate(&stream, Z_NO_FLUSH)
        return output.count - Int(stream.avail_out)
      }
      consumed += given - Int(stream.avail_in)
      try check(result.count, from: consumed)
      if code == Z_STREAM_END {
        // What stands behind the end, if it is no other member, is not content.
        let rest = UnsafeRawBufferPointer(rebasing: body[consumed...])
        guard windowBits > 15, rest.starts(with: [0x1F, 0x8B, 0x08]) else { return result }
        inflateReset(&stream)
      } else if code != Z_OK || stream.avail_out > 0 && consumed == body.count {
        return end(result, coding)
      }
    }
  }

  private mutating func decompressed(_ body: UnsafeRawBufferPointer) throws(WARCPage.Failure) -> [UInt8]? {
    let stream = ZSTD_createDStream()
    defer { ZSTD_freeDStream(stream) }
    // Eight megabytes of window are what RFC 9659 allows for content of the web.
    ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, 23)
    var result: [UInt8] = []
    result.reserveCapacity(min(6 * body.count, limit) + 1024)
    var input = ZSTD_inBuffer(src: body.baseAddress, size: body.count, pos: 0)
    while true {
      var code = 0
      var isFull = false
      result.append { buffer in
        var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
        code = ZSTD_decompressStream(stream, &output, &input)
        isFull = output.pos == output.size
        return output.pos
      }
      try check(result.count, from: input.pos)
      if ZSTD_isError(code) != 0 { return end(result, "zstd") }
      if input.pos == input.size, !isFull { return code == 0 ? result : end(result, "zstd") }
    }
  }
}

extension [UInt8] {
  /// Appends as many bytes as `fill` says it wrote. Grows by doubling, so that all appends together are linear.
  fileprivate mutating func append(filledBy fill: (UnsafeMutableBufferPointer<UInt8>) -> Int) {
    if capacity - count < 4096 { reserveCapacity(Swift.max(2 * count, count + 4096)) }
    append(addingCapacity: Swift.min(capacity - count, 1 << 20)) { span in
      span.withUnsafeMutableBufferPointer { buffer, count in count = fill(buffer) }
    }
  }
}

import CZlib
import CZstd

/// How a file is compressed.
enum Compression: String, CaseIterable {
  case gzip = ".gz"
  case zstd = ".zst"

  /// By the end of a path; nil for none.
  init?(path: some StringProtocol) {
    guard let found = Self.allCases.first(where: { path.hasSuffix($0.rawValue) }) else { return nil }
    self = found
  }

  /// By the first bytes of a file; nil for none.
  init?(head: [UInt8]) {
    if head.starts(with: [0x1F, 0x8B, 0x08]) {
      self = .gzip
    } else if head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
      self = .zstd
    } else {
      return nil
    }
  }

  func source(_ source: any ByteSource) throws -> any ByteSource {
    switch self {
    case .gzip: try GzipSource(source)
    case .zstd: ZstdSource(source)
    }
  }
}

extension StringProtocol {
  /// A path without the end that says how the file is compressed.
  var withoutCompression: String {
    String(Compression(path: self).map { dropLast($0.rawValue.count) } ?? self[...])
  }
}

/// Decompresses gzip (RFC 1952), also several members one after the other.
final class GzipSource: ByteSource {
  let name: String
  private let source: any ByteSource
  private var input = [UInt8](repeating: 0, count: 65_536)
  private var available = 0
  private var consumed = 0
  private var stream = z_stream()
  private var isMemberOpen = false
  private var sawMember = false
  /// What is wrong behind the bytes that were handed on.
  private var trouble: IOError?

  init(_ source: any ByteSource) throws {
    name = source.name
    self.source = source
    // 16 asks zlib for the gzip format alone.
    let code = inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else { throw IOError(name, "zlib does not start") }
  }

  deinit {
    inflateEnd(&stream)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !buffer.isEmpty else { return 0 }
    if let trouble { throw trouble }
    while true {
      if consumed == available {
        available = try input.withUnsafeMutableBytes { try source.read(into: $0) }
        consumed = 0
        if available == 0 {
          if isMemberOpen { throw IOError(name, "the gzip data ends too early") }
          if !sawMember { throw IOError(name, "this is no gzip data: it is empty") }
          return 0
        }
      }
      if !isMemberOpen {
        // Zeros behind the last member are padding, as on tapes.
        if sawMember, input[consumed] == 0 {
          consumed += 1
          continue
        }
        inflateReset(&stream)
        isMemberOpen = true
        sawMember = true
      }
      let (code, produced) = inflateOnce(into: buffer)
      if code == Z_STREAM_END {
        isMemberOpen = false
      } else if code != Z_OK && code != Z_BUF_ERROR {
        let error = IOError(name, "the gzip data is broken: \(stream.msg.map { String(cString: $0) } ?? "error \(code)")")
        guard produced > 0 else { throw error }
        trouble = error
      }
      if produced > 0 { return produced }
    }
  }

  private func inflateOnce(into buffer: UnsafeMutableRawBufferPointer) -> (code: Int32, produced: Int) {
    let room = min(buffer.count, Int(UInt32.max))
    let code = input.withUnsafeMutableBufferPointer { input in
      stream.next_in = input.baseAddress! + consumed
      stream.avail_in = UInt32(available - consumed)
      stream.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.avail_out = UInt32(room)
      return inflate(&stream, Z_NO_FLUSH)
    }
    consumed = available - Int(stream.avail_in)
    return (code, room - Int(stream.avail_out))
  }
}

/// Decompresses Zstandard (RFC 8878), also several frames one after the other.
final class ZstdSource: ByteSource {
  let name: String
  private let source: any ByteSource
  private let stream = ZSTD_createDStream()
  private var input = [UInt8](repeating: 0, count: 1 << 17)
  private var available = 0
  private var consumed = 0
  private var isFrameOpen = false
  private var sawFrame = false
  /// The largest window, as a power of two: what the zstd program takes without being asked.
  private static let largestWindow: Int32 = 27

  init(_ source: any ByteSource) {
    name = source.name
    self.source = source
    ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, Self.largestWindow)
  }

  deinit {
    ZSTD_freeDStream(stream)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !buffer.isEmpty else { return 0 }
    while true {
      if consumed == available {
        available = try input.withUnsafeMutableBytes { try source.read(into: $0) }
        consumed = 0
        if available == 0 {
          if isFrameOpen { throw IOError(name, "the zstd data ends too early") }
          if !sawFrame { throw IOError(name, "this is no zstd data: it is empty") }
          return 0
        }
      }
      sawFrame = true
      var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
      let code = input.withUnsafeBytes { bytes in
        var next = ZSTD_inBuffer(src: bytes.baseAddress, size: available, pos: consumed)
        let code = ZSTD_decompressStream(stream, &output, &next)
        consumed = next.pos
        return code
      }
      if ZSTD_isError(code) != 0 {
        throw IOError(name, "the zstd data is broken: \(String(cString: ZSTD_getErrorName(code)))")
      }
      isFrameOpen = code != 0
      if output.pos > 0 { return output.pos }
    }
  }
}

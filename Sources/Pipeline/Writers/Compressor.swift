import CZlib
import CZstd

/// Compresses a stream. The same bytes in give the same bytes out.
protocol Compressor: AnyObject {
  /// What there is to write so far; everything that is left with `finish`.
  /// - Throws: `IOError`.
  func compress(_ bytes: [UInt8], finish: Bool) throws -> [UInt8]
}

extension Compression {
  func compressor(_ path: String) throws -> any Compressor {
    switch self {
    case .gzip: try GzipCompressor(path)
    case .zstd: ZstdCompressor(path)
    }
  }
}

/// Compresses to one gzip member, without a time stamp, so that the same text gives the same bytes.
private final class GzipCompressor: Compressor {
  private let path: String
  private var stream = z_stream()
  private var room = [UInt8](repeating: 0, count: 1 << 18)

  init(_ path: String) throws {
    self.path = path
    let code = deflateInit2_(
      &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else { throw IOError(path, "zlib does not start") }
  }

  deinit {
    deflateEnd(&stream)
  }

  func compress(_ bytes: [UInt8], finish: Bool) throws -> [UInt8] {
    var result: [UInt8] = []
    var input = bytes
    try input.withUnsafeMutableBufferPointer { input in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      var code = Z_OK
      repeat {
        let produced = room.withUnsafeMutableBufferPointer { room in
          stream.next_out = room.baseAddress
          stream.avail_out = UInt32(room.count)
          code = deflate(&stream, finish ? Z_FINISH : Z_NO_FLUSH)
          return room.count - Int(stream.avail_out)
        }
        guard code != Z_STREAM_ERROR else { throw IOError(path, "zlib does not compress") }
        result.append(contentsOf: room[..<produced])
      } while stream.avail_out == 0 || (finish && code != Z_STREAM_END)
    }
    return result
  }
}

/// Compresses to one Zstandard frame.
private final class ZstdCompressor: Compressor {
  private let path: String
  private let stream = ZSTD_createCStream()
  private var room = [UInt8](repeating: 0, count: 1 << 18)

  init(_ path: String) {
    self.path = path
  }

  deinit {
    ZSTD_freeCStream(stream)
  }

  func compress(_ bytes: [UInt8], finish: Bool) throws -> [UInt8] {
    var result: [UInt8] = []
    try bytes.withUnsafeBytes { all in
      var input = ZSTD_inBuffer(src: all.baseAddress, size: all.count, pos: 0)
      var left = 0
      repeat {
        let (code, produced) = room.withUnsafeMutableBytes { room in
          var output = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
          let code = ZSTD_compressStream2(stream, &output, &input, finish ? ZSTD_e_end : ZSTD_e_continue)
          return (code, output.pos)
        }
        guard ZSTD_isError(code) == 0 else { throw IOError(path, "zstd does not compress") }
        result.append(contentsOf: room[..<produced])
        left = code
      } while input.pos < input.size || finish && left > 0
    }
    return result
  }
}

import Glibc

/// Records in a file without a name, which goes when the process does; in memory while they are few. Serves one thread.
final class RecordFile {
  /// Where each record ends.
  private var ends: [Int] = []
  /// What is not in the file yet.
  private var buffer: [UInt8] = []
  private var written = 0
  private var descriptor: Int32 = -1
  private static let bufferSize = 1 << 20

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  var count: Int { ends.count }

  /// Adds a record and gives its number.
  /// - Throws: `IOError`.
  func append(_ record: [UInt8]) throws -> Int {
    if buffer.count + record.count > Self.bufferSize { try flush() }
    buffer += record
    ends.append(written + buffer.count)
    return ends.count - 1
  }

  /// - Throws: `IOError`.
  func record(_ number: Int) throws -> [UInt8] {
    let start = number == 0 ? 0 : ends[number - 1]
    if start >= written { return Array(buffer[(start - written)..<(ends[number] - written)]) }
    return try [UInt8](unsafeUninitializedCapacity: ends[number] - start) { bytes, count in
      while count < bytes.count {
        let got = pread(descriptor, bytes.baseAddress! + count, bytes.count - count, start + count)
        if got < 0, errno == EINTR { continue }
        guard got > 0 else { throw IOError.system(Self.folder) }
        count += got
      }
    }
  }

  /// Forgets all records.
  func removeAll() {
    ends.removeAll(keepingCapacity: true)
    buffer.removeAll(keepingCapacity: true)
    written = 0
  }

  private func flush() throws {
    if descriptor < 0 {
      var name = Array((Self.folder + "/pipe-records-XXXXXX").utf8CString)
      descriptor = mkstemp(&name)
      guard descriptor >= 0 else { throw IOError.system(Self.folder) }
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      unlink(name)
    }
    try buffer.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, written + done)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw IOError.system(Self.folder) }
        done += count
      }
    }
    written += buffer.count
    buffer.removeAll(keepingCapacity: true)
  }

  /// Where temporary files of the user go.
  private static var folder: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" }
}

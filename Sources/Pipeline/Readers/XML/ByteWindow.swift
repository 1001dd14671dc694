import Glibc

/// The part of a source that is being looked at.
struct ByteWindow {
  private static let chunk = 1 << 18

  private let source: any ByteSource
  /// The window is `bytes[start..<end]`; what stands before it is done with, what stands behind it is room.
  private var bytes: [UInt8] = []
  private var start = 0
  private var end = 0
  private var isFinished = false

  init(_ source: any ByteSource) {
    self.source = source
  }

  var count: Int { end - start }

  subscript(index: Int) -> UInt8 { bytes[start + index] }

  /// A part of the window, counted from its front.
  subscript(range: Range<Int>) -> ArraySlice<UInt8> { bytes[(start + range.lowerBound)..<(start + range.upperBound)] }

  /// Reads until at least `wanted` bytes are in the window; false when the source has no more.
  /// - Throws: `IOError`.
  @discardableResult
  mutating func ensure(_ wanted: Int) throws -> Bool {
    while count < wanted, !isFinished {
      if start > 0 {
        bytes.withUnsafeMutableBytes { _ = memmove($0.baseAddress!, $0.baseAddress! + start, end - start) }
        (start, end) = (0, end - start)
      }
      let room = max(Self.chunk, end)
      if bytes.count - end < room { bytes += [UInt8](repeating: 0, count: end + room - bytes.count) }
      let read = try bytes.withUnsafeMutableBytes { try source.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[end..<end + room])) }
      end += read
      isFinished = read == 0
    }
    return count >= wanted
  }

  mutating func drop(_ count: Int) { start += count }

  func starts(with text: StaticString) -> Bool {
    guard count >= text.utf8CodeUnitCount else { return false }
    return bytes.withUnsafeBufferPointer { memcmp($0.baseAddress! + start, text.utf8Start, text.utf8CodeUnitCount) == 0 }
  }

  /// Where a byte stands, from the front of the window; nil when it is not in it.
  func find(_ byte: UInt8) -> Int? {
    guard count > 0 else { return nil }
    return bytes.withUnsafeBytes { buffer in
      memchr(buffer.baseAddress! + start, Int32(byte), count).map {
        $0 - UnsafeMutableRawPointer(mutating: buffer.baseAddress!) - start
      }
    }
  }

  func find(_ needle: [UInt8]) -> Int? {
    guard let first = needle.first, count >= needle.count else { return nil }
    return bytes.withUnsafeBytes { buffer in
      var at = start
      while at + needle.count <= end, let found = memchr(buffer.baseAddress! + at, Int32(first), end - at) {
        let place = found - UnsafeMutableRawPointer(mutating: buffer.baseAddress!)
        guard place + needle.count <= end else { return nil }
        if memcmp(buffer.baseAddress! + place, needle, needle.count) == 0 { return place - start }
        at = place + 1
      }
      return nil
    }
  }
}

/// Reads UTF-16 as UTF-8, so that markup can be found by bytes.
final class WideSource: ByteSource {
  let name: String
  private let source: any ByteSource
  private let isBigEndian: Bool
  private var pending: [UInt8] = []
  private var output: [UInt8] = []
  private var taken = 0

  init(_ source: any ByteSource, isBigEndian: Bool) {
    name = source.name
    self.source = source
    self.isBigEndian = isBigEndian
  }

  /// A source as it is, or read as UTF-8 where it is UTF-16.
  static func narrowed(_ source: any ByteSource) throws -> any ByteSource {
    let head = try HeadSource(source)
    return Charset.isBigEndianWide(head.head).map { WideSource(head, isBigEndian: $0) } ?? head
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    while taken == output.count {
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      let count = try chunk.withUnsafeMutableBytes { try source.read(into: $0) }
      if count == 0 { return 0 }
      pending += chunk[..<count]
      var units: [UInt16] = []
      var index = 0
      while index + 1 < pending.count {
        units.append(UInt16(pending[index + (isBigEndian ? 0 : 1)]) << 8 | UInt16(pending[index + (isBigEndian ? 1 : 0)]))
        index += 2
      }
      // Half a surrogate pair waits for the rest.
      if let last = units.last, last & 0xFC00 == 0xD800 {
        units.removeLast()
        index -= 2
      }
      pending.removeSubrange(..<index)
      output = Array(String(decoding: units, as: UTF16.self).utf8)
      taken = 0
    }
    let count = min(buffer.count, output.count - taken)
    buffer.copyBytes(from: output[taken..<taken + count])
    taken += count
    return count
  }
}

import Glibc
import Pipeline

/// Looks for bytes in a page, and remembers what is known to stand nowhere in the rest of it, so that a page of a thousand openings
/// without an end is searched once.
struct ByteFinder {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var absent: Set<[UInt8]> = []

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  /// The next place of a byte.
  func find(_ byte: UInt8, from start: Int) -> Int? {
    guard start < bytes.count else { return nil }
    return memchr(bytes.baseAddress! + start, Int32(byte), bytes.count - start).map {
      $0 - UnsafeMutableRawPointer(mutating: bytes.baseAddress!)
    }
  }

  /// The next place of `needle`, in lower case, ignoring ASCII case. A needle that is not found is not looked for again.
  mutating func find(_ needle: [UInt8], from start: Int) -> Int? {
    if absent.contains(needle) { return nil }
    var at = start
    while let candidate = find(needle[0], from: at) {
      if candidate + needle.count > bytes.count { break }
      var length = 1
      while length < needle.count, ASCII.lowered(bytes[candidate + length]) == needle[length] { length += 1 }
      if length == needle.count { return candidate }
      at = candidate + 1
    }
    absent.insert(needle)
    return nil
  }

  func starts(with text: StaticString, at index: Int) -> Bool {
    guard index + text.utf8CodeUnitCount <= bytes.count else { return false }
    return memcmp(bytes.baseAddress! + index, text.utf8Start, text.utf8CodeUnitCount) == 0
  }
}

import Glibc
import Pipeline

/// Looks for bytes in a page, and remembers from where on something stands nowhere in it, so that a page of a thousand openings without
/// an end is searched once.
struct ByteFinder {
  private let bytes: UnsafeBufferPointer<UInt8>
  /// From where on a byte does not occur.
  private var absentBytes = [Int](repeating: .max, count: 256)
  /// From where on a text does not occur.
  private var absent: [[UInt8]: Int] = [:]

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  /// The next place of a byte. A byte that is not found is not looked for again behind `start`.
  mutating func find(_ byte: UInt8, from start: Int) -> Int? {
    guard start < absentBytes[Int(byte)] else { return nil }
    if let place = next(byte, from: start, before: bytes.count) { return place }
    absentBytes[Int(byte)] = start
    return nil
  }

  /// The next place of `needle`, in lower case, ignoring ASCII case. A needle that is not found is not looked for again behind `start`.
  mutating func find(_ needle: [UInt8], from start: Int) -> Int? {
    if let from = absent[needle], start >= from { return nil }
    if let place = find(needle, from: start, before: bytes.count) { return place }
    absent[needle] = start
    return nil
  }

  /// The next place of `needle`, in lower case, that begins before `end`.
  func find(_ needle: [UInt8], from start: Int, before end: Int) -> Int? {
    var at = start
    while let candidate = next(needle[0], from: at, before: end) {
      if candidate + needle.count > bytes.count { return nil }
      var length = 1
      while length < needle.count, ASCII.lowered(bytes[candidate + length]) == needle[length] { length += 1 }
      if length == needle.count { return candidate }
      at = candidate + 1
    }
    return nil
  }

  private func next(_ byte: UInt8, from start: Int, before end: Int) -> Int? {
    guard start < end else { return nil }
    return memchr(bytes.baseAddress! + start, Int32(byte), end - start).map {
      $0 - UnsafeMutableRawPointer(mutating: bytes.baseAddress!)
    }
  }

  func starts(with text: StaticString, at index: Int) -> Bool {
    guard index + text.utf8CodeUnitCount <= bytes.count else { return false }
    return memcmp(bytes.baseAddress! + index, text.utf8Start, text.utf8CodeUnitCount) == 0
  }
}

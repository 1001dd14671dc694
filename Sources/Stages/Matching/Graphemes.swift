import Pipeline

/// Borders of what a reader takes for one character.
enum Graphemes {
  /// Whether no grapheme cluster (Unicode Standard Annex 29) goes on across a place in valid UTF-8. O(1) between ASCII.
  @inline(__always)
  static func isBoundary(_ index: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard index > 0, index < bytes.count else { return true }
    if bytes[index - 1] < 0x80, bytes[index] < 0x80 { return bytes[index] != 0x0A || bytes[index - 1] != 0x0D }
    return isBoundaryByString(index, bytes)
  }

  /// How far around a place is looked; clusters that are longer are no characters of any text.
  private static let reach = 128

  /// Whether a regional indicator stands at a place.
  private static func isFlagLetter(_ index: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes[index] == 0xF0 && bytes[index + 1] == 0x9F && bytes[index + 2] == 0x87 && bytes[index + 3] >= 0xA6
  }

  private static func isBoundaryByString(_ index: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard bytes[index] & 0xC0 != 0x80 else { return false }
    var start = max(0, index - reach)
    while start < index, bytes[start] & 0xC0 == 0x80 { start += 1 }
    // Flags are pairs: which letters belong together is told by where their run begins.
    while start >= 4, isFlagLetter(start - 4, bytes) { start -= 4 }
    var end = min(bytes.count, index + 8)
    while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
    return String.Index(text.utf8.index(text.startIndex, offsetBy: index - start), within: text) != nil
  }
}

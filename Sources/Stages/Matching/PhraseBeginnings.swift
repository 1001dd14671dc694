import Pipeline

/// Tells at once of most places in a text that no phrase begins there.
///
/// Bits by a hash of the first eight bytes of phrases, of the first four of shorter ones, and by the first two of those that are shorter still.
struct PhraseBeginnings: ~Copyable {
  private static let longBits = 17
  private static let middleStart = 1 << (longBits - 6)
  private static let shortStart = middleStart + 1024
  private static let size = shortStart + 1024

  private let bits: UnsafeMutablePointer<UInt64>

  init() {
    bits = .allocate(capacity: Self.size)
    bits.initialize(repeating: 0, count: Self.size)
  }

  deinit { bits.deallocate() }

  @inline(__always)
  private static func hash(_ bytes: UInt32) -> Int { Int((bytes &* 0x9E37_79B1) >> 16) }

  @inline(__always)
  private static func hash(_ bytes: UInt64) -> Int { Int((bytes &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - longBits)) }

  private func set(_ start: Int, _ bit: Int) { bits[start + (bit >> 6)] |= 1 << UInt64(bit & 63) }

  func insert(_ phrase: UnsafePointer<UInt8>, count: Int) {
    var first: UInt64 = 0
    var index = min(8, count)
    while index > 0 {
      index -= 1
      first = first << 8 | UInt64(phrase[index])
    }
    let four = UInt32(truncatingIfNeeded: first)
    if count >= 8 {
      set(0, Self.hash(first))
    } else if count >= 4 {
      set(Self.middleStart, Self.hash(four))
    } else if count == 3 {
      // What follows a whole word is no letter, but for scripts that need no space.
      let endsInLetter = ASCII.isLetter(UInt8(four >> 16))
      for next in UInt32(0)...255 where !endsInLetter || !ASCII.isLetter(UInt8(next)) {
        set(Self.middleStart, Self.hash(four | next << 24))
      }
    } else if count == 2 {
      set(Self.shortStart, Int(first))
    } else if count == 1 {
      for second in 0...255 { set(Self.shortStart, Int(first) | second << 8) }
    }
  }

  /// Whether a phrase may begin with the bytes at a place: false for most words of a text.
  @inline(__always)
  func mayBegin(_ start: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard start + 8 <= bytes.count else { return true }
    let eight = UnsafeRawPointer(bytes.baseAddress! + start).loadUnaligned(as: UInt64.self).littleEndian
    let long = Self.hash(eight)
    let middle = Self.hash(UInt32(truncatingIfNeeded: eight))
    let short = Int(eight & 0xFFFF)
    let found =
      bits[long >> 6] >> UInt64(long & 63) | bits[Self.middleStart + (middle >> 6)] >> UInt64(middle & 63)
      | bits[Self.shortStart + (short >> 6)] >> UInt64(short & 63)
    return found & 1 != 0
  }
}

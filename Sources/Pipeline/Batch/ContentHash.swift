import CXXHash

/// 128 bits that stand for some content: XXH3, seeded so that nobody can prepare two pages that share them.
package struct ContentHash: Hashable, Sendable {
  package let bytes: [UInt8]

  package init(_ content: [UInt8], seed: UInt64 = 0) {
    let hash = content.withUnsafeBytes { XXH3_128bits_withSeed($0.baseAddress, $0.count, seed) }
    var canonical = XXH128_canonical_t()
    XXH128_canonicalFromHash(&canonical, hash)
    bytes = withUnsafeBytes(of: canonical) { Array($0) }
  }

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// 32 hexadecimal digits.
  package var hex: String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}

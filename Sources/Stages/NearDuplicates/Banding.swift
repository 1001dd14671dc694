import Glibc

/// How signatures are cut into bands: texts that share a whole band are compared.
///
/// Of two texts with Jaccard similarity s, MinHash values agree with probability s (Broder, 1997), and at least one of `bands` bands of
/// `rows` values with 1 - (1 - s^rows)^bands (Indyk and Motwani, STOC 1998).
struct Banding: Equatable, Sendable {
  let bands: Int
  let rows: Int

  /// Pairs right at the threshold are found this surely; pairs above it more so.
  static let recall = 0.99
  static let mostBands = 64
  /// More bands take more memory; they are only used where fewer cannot be had.
  private static let usualBands = 20
  private static let mostRows = 16

  /// The banding with the most rows, and so the fewest needless comparisons, that finds pairs at the threshold.
  /// - Parameters:
  ///   - threshold: above 0, at most 1.
  ///   - bands: how many; nil to choose.
  init(threshold: Double, bands: Int? = nil) {
    let most = bands ?? Self.usualBands
    for rows in stride(from: Self.mostRows, through: 1, by: -1) {
      let needed = Self.bandsNeeded(threshold, rows)
      guard needed <= most || rows == 1 else { continue }
      self.rows = rows
      self.bands = bands ?? min(needed, Self.mostBands)
      return
    }
    preconditionFailure("one row always does")
  }

  static func bandsNeeded(_ threshold: Double, _ rows: Int) -> Int {
    let share = pow(threshold, Double(rows))
    return share >= 1 ? 1 : Int((log(1 - recall) / log(1 - share)).rounded(.up))
  }

  /// What stands for each band of the signature of a text.
  ///
  /// The values are minima of functions a·x + b modulo 2^32 with odd a. O(shingles · bands · rows), eight at a time.
  /// - Parameter shingles: all of them; a sample would be another text.
  func hashes(of shingles: [UInt32]) -> [UInt32] {
    let lanes = (bands * rows + 7) / 8
    var result = [UInt32](repeating: 0, count: bands)
    withUnsafeTemporaryAllocation(of: SIMD8<UInt32>.self, capacity: lanes * 3) { memory in
      let (factors, terms, minima) = (memory[..<lanes], memory[lanes..<(2 * lanes)], memory[(2 * lanes)...])
      var random: UInt64 = 0x1234_5678_9ABC_DEF1
      func next() -> UInt32 {
        // SplitMix64 (Steele et al. 2014), so that everybody has the same functions.
        random &+= 0x9E37_79B9_7F4A_7C15
        var z = random
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return UInt32(truncatingIfNeeded: z >> 32)
      }
      for lane in 0..<lanes {
        var factor = SIMD8<UInt32>()
        var term = SIMD8<UInt32>()
        for index in 0..<8 {
          factor[index] = next() | 1
          term[index] = next()
        }
        memory.initializeElement(at: factors.startIndex + lane, to: factor)
        memory.initializeElement(at: terms.startIndex + lane, to: term)
        memory.initializeElement(at: minima.startIndex + lane, to: SIMD8(repeating: .max))
      }
      for hash in shingles {
        let value = SIMD8(repeating: hash)
        for lane in 0..<lanes {
          let permuted = value &* memory[lane] &+ memory[lanes + lane]
          memory[2 * lanes + lane] = pointwiseMin(memory[2 * lanes + lane], permuted)
        }
      }
      for band in 0..<bands {
        // FNV-1a, a value at a time; the band's number goes in, so that bands do not meet each other.
        var sum: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(band)
        for row in 0..<rows {
          let index = band * rows + row
          sum = (sum ^ UInt64(memory[2 * lanes + index / 8][index % 8])) &* 0x0000_0100_0000_01B3
          sum ^= sum >> 29
        }
        result[band] = UInt32(truncatingIfNeeded: (sum &* 0x9E37_79B9_7F4A_7C15) >> 32)
      }
    }
    return result
  }
}

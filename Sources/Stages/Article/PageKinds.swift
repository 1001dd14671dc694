import Pipeline

/// Weights of words for each kind of page: articles, forums, shops and so on, in the order of the training data.
struct KindWeights: @unchecked Sendable {
  /// How many kinds have weights; the others are zero.
  static let kinds = 8
  /// How many weights each kind has.
  static let slots = 1 << 13
  // Never written after `init`, and never freed, as those of `HashedWeights`.
  private let weights: UnsafePointer<SIMD8<Int8>>

  /// - Precondition: `slots` times `kinds` weights, those of a slot side by side.
  init(_ weights: [Int8]) {
    precondition(weights.count == Self.slots * Self.kinds)
    let memory = UnsafeMutableBufferPointer<SIMD8<Int8>>.allocate(capacity: Self.slots)
    _ = memory.initialize(from: (0..<Self.slots).map { slot in SIMD8(weights[(slot * Self.kinds)..<((slot + 1) * Self.kinds)]) })
    self.weights = UnsafePointer(memory.baseAddress!)
  }

  subscript(slot: Int) -> SIMD8<Int8> { weights[slot] }
}

/// What the different words of a page say about its kind, in sum.
struct PageKinds {
  private let weights: KindWeights
  /// A bit for each slot.
  private var seen = InlineArray<128, UInt64>(repeating: 0)
  private var sums = SIMD8<Int32>(repeating: 0)
  private var count = 0

  init(_ weights: KindWeights) {
    self.weights = weights
  }

  /// Counts a word, the first time that it occurs.
  mutating func add(_ hash: UInt32) {
    let slot = Int(hash) & (KindWeights.slots - 1)
    let bit: UInt64 = 1 << UInt64(slot & 63)
    if seen[slot >> 6] & bit != 0 { return }
    seen[slot >> 6] |= bit
    count += 1
    sums &+= SIMD8<Int32>(truncatingIfNeeded: weights[slot])
  }

  /// The score of each kind, independent of how long the page is.
  var scores: SIMD8<Int32> {
    let scale = 16 / Double(max(1, count)).squareRoot()
    return SIMD8<Int32>(SIMD8<Double>(sums) * scale, rounding: .towardZero)
  }
}

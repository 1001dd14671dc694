import CXXHash
import Pipeline

/// The words of a text as near copies are compared by: folded, without marks, white space and the borders of blocks; of scripts without
/// spaces each character is a word.
///
/// One value serves for many texts: its memory is kept from one to the next.
struct WordShingles: ~Copyable {
  /// What stands for each run of `width` words, unordered, with repeats.
  private(set) var hashes: [UInt32] = []
  /// Stands for the words and their order; two texts of the same words are exact copies of each other.
  private(set) var text = (low: UInt64(0), high: UInt64(0))
  private(set) var wordCount = 0

  private var line = FoldedLine()
  private var words: [UInt64] = []
  /// The base of the polynomial over words, an odd number without a pattern.
  private static let base: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// Takes the kept blocks of another text. O(length).
  /// - Parameter width: words in a shingle; a text with fewer is one shingle.
  mutating func read(_ text: BlockText, width: Int) {
    words.removeAll(keepingCapacity: true)
    for block in text.blocks where block.isKept && !block.range.isEmpty {
      text.bytes.withUnsafeBufferPointer { line.fold(UnsafeBufferPointer(rebasing: $0[block.range])) }
      addWords()
    }
    wordCount = words.count
    self.text = words.withUnsafeBytes { bytes in
      let hash = XXH3_128bits(bytes.baseAddress, bytes.count)
      return (hash.low64, hash.high64)
    }
    makeHashes(width)
  }

  private mutating func addWords() {
    let table = CharacterTable.shared
    let bytes = UnsafeBufferPointer(line.bytes)
    let starts = line.starts
    for place in starts.indices {
      let start = Int(starts[place].offset)
      let value = bytes[start] < 0x80 ? UInt32(bytes[start]) : UTF8Text.scalar(at: start, in: bytes).0
      guard table.class(value).contains(.word) else { continue }
      var end = place + 1 < starts.count ? Int(starts[place + 1].offset) : bytes.count
      if bytes[end - 1] == 0x20 { end -= 1 }
      words.append(XXH3_64bits(bytes.baseAddress! + start, end - start))
    }
  }

  private mutating func makeHashes(_ width: Int) {
    hashes.removeAll(keepingCapacity: true)
    guard !words.isEmpty else { return }
    let width = min(width, words.count)
    var leaving: UInt64 = 1
    for _ in 1..<max(width, 1) { leaving = leaving &* Self.base }
    var sum: UInt64 = 0
    hashes.reserveCapacity(words.count - width + 1)
    for index in words.indices {
      if index >= width { sum = sum &- words[index - width] &* leaving }
      sum = sum &* Self.base &+ words[index]
      if index + 1 >= width { hashes.append(Self.mix(sum)) }
    }
  }

  /// The last steps of MurmurHash3 (Appleby, public domain), of which the upper half is taken.
  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt32 {
    var value = value
    value = (value ^ (value >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    value = (value ^ (value >> 33)) &* 0xC4CE_B9FE_1A85_EC53
    return UInt32(truncatingIfNeeded: value >> 32)
  }
}

import Pipeline

/// Names with their labels, for finding which of them stand in a text: the longest at each place, from left to right, as whole words.
///
/// A table of hashes of what names begin with, piece by piece, and the names themselves, in one run of bytes that is read where it lies, so that
/// a file of it serves many processes. O(pieces of the text times pieces of the longest name) to search; a name has `longest` pieces at most.
struct NameIndex: @unchecked Sendable {
  // The memory is never written, and lives as long as `memory`.

  /// A name that stands in a text.
  struct Match {
    /// In bytes.
    var range: Range<Int>
    /// For `label(of:)` and `id(of:)`.
    var name: Int
  }

  static let magic: UInt64 = 0x3230_454D_414E_4550
  static let longest = 32
  static let headerSize = 64
  private static let none = UInt32.max
  /// In an entry's upper 31 bits where no name ends.
  static let noName: UInt32 = 0x7FFF_FFFF

  let memory: AnyObject
  private let slots: UnsafePointer<UInt64>
  private let slotMask: Int
  /// Bits by the hash of a first piece: whether it is a name alone; behind them whether longer names begin with it.
  private let firsts: UnsafePointer<UInt64>
  private let firstMask: Int
  /// Bits by the hash of the first two pieces.
  private let pairs: UnsafePointer<UInt64>
  private let pairMask: Int
  private let names: UnsafeRawPointer
  private let labels: [String]
  private let casing: EntityTagger.Case

  /// Takes what `NameIndexBuilder` made; nil for anything else.
  /// - Parameter bytes: aligned to eight bytes.
  init?(_ bytes: UnsafeRawBufferPointer, memory: AnyObject) {
    func integer(_ index: Int) -> Int { Int(truncatingIfNeeded: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)) }
    guard bytes.count > Self.headerSize, UInt64(bitPattern: Int64(integer(0))) == Self.magic, integer(1) == bytes.count,
      (0..<EntityTagger.Case.allCases.count).contains(integer(2)), (1...32).contains(integer(3)), (6...32).contains(integer(4)),
      (6...32).contains(integer(6))
    else { return nil }
    casing = EntityTagger.Case.allCases[integer(2)]
    slotMask = 1 << integer(3) - 1
    firstMask = 1 << integer(4) - 1
    pairMask = 1 << integer(6) - 1
    let pairStart = Self.headerSize + 2 * (firstMask + 1) / 8
    let slotStart = pairStart + (pairMask + 1) / 8
    let nameStart = slotStart + (slotMask + 1) * 8
    let labelStart = nameStart + integer(5)
    guard labelStart <= bytes.count, integer(5) >= 0 else { return nil }
    let base = bytes.baseAddress!
    firsts = (base + Self.headerSize).assumingMemoryBound(to: UInt64.self)
    pairs = (base + pairStart).assumingMemoryBound(to: UInt64.self)
    slots = (base + slotStart).assumingMemoryBound(to: UInt64.self)
    names = base + nameStart
    labels = bytes[labelStart...].split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    self.memory = memory
  }

  // A record: where the next name that folds alike begins, the sizes of name and identifier, the label's number, and then name and identifier.

  func label(of name: Int) -> String {
    labels[Int(names.loadUnaligned(fromByteOffset: name + 8, as: UInt16.self))]
  }

  func id(of name: Int) -> String? {
    let length = Int(names.loadUnaligned(fromByteOffset: name + 6, as: UInt16.self))
    guard length > 0 else { return nil }
    let start = names + name + 10 + Int(names.loadUnaligned(fromByteOffset: name + 4, as: UInt16.self))
    return String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
  }

  private func text(of name: Int) -> UnsafeBufferPointer<UInt8> {
    let length = Int(names.loadUnaligned(fromByteOffset: name + 4, as: UInt16.self))
    return UnsafeBufferPointer(start: (names + name + 10).assumingMemoryBound(to: UInt8.self), count: length)
  }

  /// Calls `body` with each name of a text.
  @inline(__always)
  func forEachMatch(in text: UnsafeBufferPointer<UInt8>, _ body: (Match) -> Void) {
    var walker = NameWalker(text)
    var current = walker.next()
    while let piece = current {
      let behind = walker
      current = walker.next()
      guard piece.follows != .word, mayBegin(piece, current), let match = longest(from: piece, behind, text) else { continue }
      body(match)
      walker = behind
      while walker.index < match.range.upperBound, walker.next() != nil {}
      current = walker.next()
    }
  }

  /// Whether a name may begin with a piece: false for most words of a text, without a look at the names themselves.
  @inline(__always)
  private func mayBegin(_ piece: NameWalker.Piece, _ next: NameWalker.Piece?) -> Bool {
    let bit = Int(piece.hash) & firstMask
    if isSet(firsts, bit) { return true }
    guard isSet(firsts, bit + firstMask + 1), let next else { return false }
    return isSet(pairs, Int(Self.join(EntityHash.phrase(0, piece.hash), next)) & pairMask)
  }

  @inline(__always)
  private func isSet(_ bits: UnsafePointer<UInt64>, _ bit: Int) -> Bool { bits[bit >> 6] >> UInt64(bit & 63) & 1 != 0 }

  private func longest(from first: NameWalker.Piece, _ walker: NameWalker, _ text: UnsafeBufferPointer<UInt8>) -> Match? {
    var walker = walker
    var piece = first
    var hash = EntityHash.phrase(0, first.hash)
    var found: Match?
    while true {
      let entry = slot(hash)
      if entry == 0 { return found }
      let name = UInt32(truncatingIfNeeded: entry >> 33)
      if name != Self.noName, let fitting = fitting(Int(name) * 2, first.start..<piece.end, text) {
        found = Match(range: first.start..<piece.end, name: fitting)
      }
      guard entry >> 32 & 1 != 0, let next = walker.next() else { return found }
      piece = next
      hash = Self.join(hash, piece)
    }
  }

  @inline(__always)
  static func join(_ hash: UInt32, _ piece: NameWalker.Piece) -> UInt32 {
    EntityHash.phrase(hash, piece.hash &+ (piece.follows == .space ? 1 : 0))
  }

  /// Where the entry of a hash is looked for first.
  @inline(__always)
  static func place(of hash: UInt32, _ mask: Int) -> Int { Int(truncatingIfNeeded: (UInt64(hash) &* EntityHash.seed) >> 20) & mask }

  @inline(__always)
  private func slot(_ hash: UInt32) -> UInt64 {
    var place = Self.place(of: hash, slotMask)
    while true {
      let entry = slots[place]
      if entry == 0 || UInt32(truncatingIfNeeded: entry) == hash { return entry }
      place = (place + 1) & slotMask
    }
  }

  /// The first of the names that fold alike which a part of a text is.
  private func fitting(_ first: Int, _ range: Range<Int>, _ text: UnsafeBufferPointer<UInt8>) -> Int? {
    guard Graphemes.isBoundary(range.lowerBound, in: text), Graphemes.isBoundary(range.upperBound, in: text) else { return nil }
    var name = first
    while true {
      if Self.fits(self.text(of: name), UnsafeBufferPointer(rebasing: text[range]), casing) { return name }
      let next = names.loadUnaligned(fromByteOffset: name, as: UInt32.self)
      if next == Self.none { return nil }
      name = Int(next) * 2
    }
  }

  /// Whether a part of a text is a name: the same folded characters, and capitals as the list wants them.
  private static func fits(_ name: UnsafeBufferPointer<UInt8>, _ text: UnsafeBufferPointer<UInt8>, _ casing: EntityTagger.Case) -> Bool {
    let table = CharacterTable.shared
    var isSame = true
    var capitals = 0
    var smalls = 0
    var (i, j) = (0, 0)
    while true {
      let (a, aIsSpace) = scalar(name, &i)
      let (b, bIsSpace) = scalar(text, &j)
      if a == nil, b == nil { break }
      guard let a, let b, aIsSpace == bIsSpace else { return false }
      if aIsSpace { continue }
      guard table.fold(a) == table.fold(b) else { return false }
      let kind = table.class(b)
      if table.class(a).contains(.upper) != kind.contains(.upper) { isSame = false }
      if kind.contains(.upper) { capitals += 1 }
      if kind.contains(.lower) { smalls += 1 }
    }
    switch casing {
    case .exact: return isSame
    case .smart: return isSame || capitals > 1 && smalls == 0
    case .ignore: return true
    }
  }

  /// The next character that counts; white space of any length is one space.
  @inline(__always)
  private static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> (value: UInt32?, isSpace: Bool) {
    let table = CharacterTable.shared
    var sawSpace = false
    while index < bytes.count {
      let (value, length) = UTF8Text.scalar(at: index, in: bytes)
      let kind = table.class(value)
      if kind.contains(.space) {
        sawSpace = true
        index += length
      } else if sawSpace {
        return (0x20, true)
      } else {
        index += length
        if !kind.contains(.ignored) { return (value, false) }
      }
    }
    return (nil, false)
  }
}

extension NameIndex {
  /// The name with a label that a whole text is; nil for none.
  func name(equalTo text: UnsafeBufferPointer<UInt8>, label: String) -> Int? {
    var found: Int?
    forEachMatch(in: text) { match in
      if match.range == 0..<text.count, self.label(of: match.name) == label { found = match.name }
    }
    return found
  }
}

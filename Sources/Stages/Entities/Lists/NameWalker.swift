import Pipeline

/// Cuts text into the pieces that names are made of, the same way for lists and for texts of any language.
///
/// A piece is a word, one character of a script written without spaces between words, one Hangul syllable (endings may follow a name), or one mark.
struct NameWalker {
  /// A piece of a text.
  struct Piece {
    /// In bytes.
    var start: Int
    var end: Int
    /// Of the folded characters.
    var hash: UInt32
    var follows: Follows
  }

  /// What a piece stands behind.
  enum Follows: UInt32 {
    case space, mark, word
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private let table = CharacterTable.shared
  private(set) var index: Int
  private var follows = Follows.space
  private let seed: UInt64 = 0x2545_F491_4F6C_DD1D

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    index = 0
  }

  /// The next piece; nil at the end of the text. White space between pieces counts as one space.
  @inline(__always)
  mutating func next() -> Piece? {
    while index < bytes.count {
      let byte = bytes[index]
      if byte < 0x80 {
        let folded = table.asciiWord[Int(byte)]
        if folded != 0 { return word() }
        if UTF8Text.isSpace(byte) {
          follows = .space
          index += 1
          continue
        }
        return single(UInt32(byte), 1, .mark)
      }
      let (value, length) = UTF8Text.scalar(at: index, in: bytes)
      let kind = table.class(value)
      if kind.contains(.ignored) {
        index += length
      } else if kind.contains(.space) {
        follows = .space
        index += length
      } else if kind.contains(.word), !Self.standsAlone(value, kind) {
        return word()
      } else {
        return single(value, length, kind.contains(.word) && !Self.mayBeginAnywhere(value, kind) ? .word : .mark)
      }
    }
    return nil
  }

  /// Letters of scripts without spaces, and Hangul syllables.
  @inline(__always)
  private static func standsAlone(_ value: UInt32, _ kind: CharacterTable.Class) -> Bool {
    kind.contains(.wide) || value >= 0xAC00 && value <= 0xD7A3 || isSoutheastAsian(value)
  }

  @inline(__always)
  private static func mayBeginAnywhere(_ value: UInt32, _ kind: CharacterTable.Class) -> Bool {
    kind.contains(.wide) || isSoutheastAsian(value)
  }

  /// Thai, Lao, Burmese and Khmer, which have no spaces between words.
  @inline(__always)
  private static func isSoutheastAsian(_ value: UInt32) -> Bool {
    value >= 0x0E00 && value <= 0x0EFF || value >= 0x1000 && value <= 0x109F || value >= 0x1780 && value <= 0x17FF
  }

  /// - Parameter leaves: what a piece behind this one stands behind.
  private mutating func single(_ value: UInt32, _ length: Int, _ leaves: Follows) -> Piece {
    let start = index
    index += length
    let hash = UInt32(truncatingIfNeeded: EntityHash.mix(seed, UInt64(table.fold(value))))
    defer { follows = leaves }
    return Piece(start: start, end: index, hash: hash, follows: follows)
  }

  @inline(__always)
  private mutating func word() -> Piece {
    let start = index
    var hash = seed
    var pending: UInt64 = 0
    var shift: UInt64 = 0
    while index < bytes.count {
      let byte = bytes[index]
      let folded = table.asciiWord[Int(byte)]
      if folded != 0 {
        pending |= UInt64(folded) << shift
        shift += 8
        index += 1
        if shift == 64 {
          hash = EntityHash.mix(hash, pending)
          pending = 0
          shift = 0
        }
        continue
      }
      if byte < 0x80 { break }
      let (value, length) = UTF8Text.scalar(at: index, in: bytes)
      let kind = table.class(value)
      if kind.contains(.ignored) {
        index += length
        continue
      }
      if !kind.contains(.word) || Self.standsAlone(value, kind) { break }
      hash = EntityHash.mix(EntityHash.mix(hash, pending), UInt64(table.fold(value)))
      pending = 0
      shift = 0
      index += length
    }
    defer { follows = .word }
    return Piece(start: start, end: index, hash: UInt32(truncatingIfNeeded: EntityHash.mix(hash, pending)), follows: follows)
  }
}

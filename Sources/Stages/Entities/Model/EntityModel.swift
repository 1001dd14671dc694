import CModels
import Glibc
import Pipeline

/// Names as the tagger labels its tokens: outside, or beginning, inside, last or alone of one of three kinds.
enum EntityTag {
  static let count = 13
  static let outside = 0

  /// - Parameters:
  ///   - kind: 0 person, 1 organisation, 2 place.
  ///   - position: 0 begin, 1 inside, 2 last, 3 alone.
  @inline(__always)
  static func tag(kind: Int, position: Int) -> Int { 1 + 4 * kind + position }

  static let labels = ["PER", "ORG", "LOC"]

  static func mayBegin(_ tag: Int) -> Bool { tag == 0 || (tag - 1) & 3 == 0 || (tag - 1) & 3 == 3 }
  static func mayEnd(_ tag: Int) -> Bool { tag == 0 || (tag - 1) & 3 >= 2 }

  /// Whether a tag may stand behind another: inside and last behind begin and inside of the same kind, all others behind an end.
  static func mayFollow(_ tag: Int, _ before: Int) -> Bool {
    mayEnd(before) ? mayBegin(tag) : !mayBegin(tag) && (tag - 1) >> 2 == (before - 1) >> 2
  }
}

/// A trained tagger as it lies in memory: weights of features, of transitions, and the lexicon.
struct EntityModel: @unchecked Sendable {
  // The memory is never written, and lives as long as `memory`, or the program.

  /// Says what is wrong with a model file.
  struct Malformed: Error, CustomStringConvertible {
    let description = "is no model of this version"
  }

  static let magic: UInt32 = 0x3154_4E45
  static let headerSize = 64
  static let transitionSize = 384
  private static let impossible: Int32 = -1 << 28

  let language: String
  let lexicon: EntityLexicon
  /// For each tag what its followers score; far below all others for tags that may not follow.
  let steps: [SIMD16<Int32>]
  /// What tags score at the beginning of a block.
  let firsts: SIMD16<Int32>
  /// The same as factors of a probability.
  let factors: [SIMD16<Float>]
  let beginnings: SIMD16<Float>
  let endings: SIMD16<Float>
  private let rows: UnsafeRawPointer
  private let lineCount: UInt64
  /// Weights are multiples of one over this.
  let scale: Float
  /// What keeps the memory.
  private let memory: AnyObject?

  /// - Parameter bytes: little-endian, aligned to eight bytes, and alive as long as `memory`.
  init(_ bytes: UnsafeRawBufferPointer, memory: AnyObject?) throws {
    func integer(_ index: Int) -> UInt32 { bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self).littleEndian }
    guard bytes.count >= Self.headerSize + Self.transitionSize, integer(0) == Self.magic else { throw Malformed() }
    let (lineCount, wordCount, phraseCount) = (Int(integer(1)), Int(integer(2)), Int(integer(3)))
    let words = Self.headerSize + Self.transitionSize
    let phrases = words + 8 * wordCount
    let rows = phrases + 8 * phraseCount
    guard lineCount > 0, wordCount > 0, phraseCount > 0, integer(4) > 0, bytes.count == rows + 64 * lineCount else { throw Malformed() }
    let base = bytes.baseAddress!
    scale = Float(integer(4))
    language = String(decoding: bytes[20..<28].prefix { $0 != 0 }, as: UTF8.self)
    var steps = [SIMD16<Int32>](repeating: SIMD16(repeating: Self.impossible), count: EntityTag.count)
    var firsts = SIMD16<Int32>(repeating: Self.impossible)
    var factors = [SIMD16<Float>](repeating: SIMD16(), count: EntityTag.count)
    var beginnings = SIMD16<Float>()
    var endings = SIMD16<Float>()
    for before in 0..<EntityTag.count {
      for tag in 0..<EntityTag.count where EntityTag.mayFollow(tag, before) {
        let weight = bytes.loadUnaligned(fromByteOffset: Self.headerSize + 2 * (before * EntityTag.count + tag), as: Int16.self)
          .littleEndian
        steps[before][tag] = Int32(weight)
        factors[before][tag] = expf(Float(weight) / scale)
      }
      if EntityTag.mayBegin(before) {
        firsts[before] = 0
        beginnings[before] = 1
      }
      if EntityTag.mayEnd(before) { endings[before] = 1 }
    }
    (self.steps, self.firsts, self.factors, self.beginnings, self.endings) = (steps, firsts, factors, beginnings, endings)
    lexicon = EntityLexicon(
      words: UnsafeBufferPointer(start: (base + words).assumingMemoryBound(to: UInt64.self), count: wordCount),
      phrases: UnsafeBufferPointer(start: (base + phrases).assumingMemoryBound(to: UInt64.self), count: phraseCount))
    guard lexicon.hasEnds else { throw Malformed() }
    self.rows = base + rows
    self.lineCount = UInt64(lineCount)
    self.memory = memory
  }

  /// Which of the lines of rows has a feature's.
  @inline(__always)
  static func line(of feature: UInt64, _ count: UInt64) -> Int { Int(truncatingIfNeeded: ((feature >> 32) &* count) >> 32) }

  /// Adds the weights of features; rows are 13 weights and three bytes that tell the feature, four rows a line of the cache.
  @inline(__always)
  func score(_ features: UnsafePointer<UInt64>, _ count: Int) -> SIMD16<Int16> {
    var sum = SIMD16<Int16>()
    for index in 0..<count {
      let feature = features[index]
      let line = rows + Self.line(of: feature, lineCount) << 6
      let mark = UInt32(truncatingIfNeeded: feature) << 8
      for row in 0..<4 where line.loadUnaligned(fromByteOffset: 16 * row + 12, as: UInt32.self).littleEndian & 0xFFFF_FF00 == mark {
        sum &+= SIMD16<Int16>(truncatingIfNeeded: line.loadUnaligned(fromByteOffset: 16 * row, as: SIMD16<Int8>.self))
        break
      }
    }
    return sum
  }
}

extension EntityModel {
  /// The model that comes with the program.
  static let shared: EntityModel = {
    let resource = cmodels_entity_model()
    do {
      return try EntityModel(UnsafeRawBufferPointer(start: resource.bytes, count: resource.size), memory: nil)
    } catch {
      preconditionFailure("the built-in model \(error)")
    }
  }()

  init(_ file: MappedFile) throws {
    try self.init(file.bytes, memory: file)
  }
}

import CModels
import Glibc
import Pipeline

/// What was learned from labelled pages: how much the words of elements and of texts speak for content, and two ensembles of trees.
struct ContentModel: Sendable {
  /// Says what is wrong with a model file.
  struct Malformed: Error, CustomStringConvertible {
    let description: String
    init(_ part: String) { description = "is no model of this version: \(part)" }
  }

  let elementWeights: HashedWeights
  let textWeights: HashedWeights
  let elementKinds: KindWeights
  let textKinds: KindWeights
  let first: TreeEnsemble
  let second: TreeEnsemble

  private static let magic: UInt32 = 0x324D_4350

  /// Reads a model as `Training/article.py` writes it.
  /// - Throws: `Malformed`.
  init(_ bytes: [UInt8]) throws {
    var reader = ModelReader(bytes)
    guard try reader.integer(as: UInt32.self) == Self.magic else { throw Malformed("the beginning") }
    elementWeights = try reader.weights()
    textWeights = try reader.weights()
    elementKinds = KindWeights(try reader.bytes(KindWeights.slots * KindWeights.kinds))
    textKinds = KindWeights(try reader.bytes(KindWeights.slots * KindWeights.kinds))
    first = try TreeEnsemble(&reader)
    second = try TreeEnsemble(&reader)
    guard reader.isAtEnd else { throw Malformed("the end") }
    guard first.columns <= BlockFeature.allCases.count, second.columns <= SecondLook.columns else { throw Malformed("a column") }
  }

  /// The model that comes with the program.
  static let shared: ContentModel = {
    let resource = cmodels_article_model()
    do {
      return try ContentModel(Array(UnsafeBufferPointer(start: resource.bytes, count: resource.size)))
    } catch {
      preconditionFailure("the built-in model \(error)")
    }
  }()
}

/// Reads the parts of a model in their order; numbers are little-endian.
struct ModelReader {
  private let bytes: [UInt8]
  private var index = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { index == bytes.count }

  mutating func integer<T: FixedWidthInteger>(as type: T.Type = T.self) throws -> T {
    guard index + MemoryLayout<T>.size <= bytes.count else { throw ContentModel.Malformed("it ends early") }
    defer { index += MemoryLayout<T>.size }
    return bytes.withUnsafeBytes { T(littleEndian: $0.loadUnaligned(fromByteOffset: index, as: T.self)) }
  }

  /// A number of things that follow.
  mutating func count(limit: Int) throws -> Int {
    let count = Int(try integer(as: UInt32.self))
    guard count <= limit else { throw ContentModel.Malformed("a number that is too large") }
    return count
  }

  /// Weights behind the exponent of their number.
  mutating func weights() throws -> HashedWeights {
    HashedWeights(try bytes(1 << (try count(limit: 20))))
  }

  mutating func bytes(_ count: Int) throws -> [Int8] {
    guard index + count <= bytes.count else { throw ContentModel.Malformed("it ends early") }
    defer { index += count }
    return bytes[index..<(index + count)].map { Int8(bitPattern: $0) }
  }
}

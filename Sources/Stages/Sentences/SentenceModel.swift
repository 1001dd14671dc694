import CModels
import Pipeline

/// Weights of hashed features, learned by logistic regression.
struct SentenceModel: Sendable {
  /// Says what is wrong with a model file.
  struct Malformed: Error, CustomStringConvertible {
    let description = "is no model of this version"
  }

  private let weights: [Int8]
  private let mask: UInt32
  private let bias: Int32

  private static let magic: UInt32 = 0x314D_5350

  init(_ bytes: [UInt8]) throws {
    func integer(_ offset: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * $1) } }
    guard bytes.count >= 12, integer(0) == Self.magic else { throw Malformed() }
    let bits = integer(4)
    guard bits >= 4, bits <= 24, bytes.count == 12 + 1 << Int(bits) else { throw Malformed() }
    mask = 1 << bits - 1
    bias = Int32(bitPattern: integer(8))
    weights = bytes.dropFirst(12).map { Int8(bitPattern: $0) }
  }

  /// The model that comes with the program.
  static let shared: SentenceModel = {
    let resource = cmodels_sentence_model()
    do {
      return try SentenceModel(Array(UnsafeBufferPointer(start: resource.bytes, count: resource.size)))
    } catch {
      preconditionFailure("the built-in model \(error)")
    }
  }()

  /// Above 0 where a sentence ends more likely than not.
  func score(_ hashes: UnsafePointer<UInt32>, _ count: Int) -> Int32 {
    weights.withUnsafeBufferPointer { weights in
      var sum = bias
      for index in 0..<count { sum &+= Int32(weights[Int(hashes[index] & mask)]) }
      return sum
    }
  }
}

/// The judge of the splitter: the model's score.
struct ModelJudge: SentenceJudge {
  let model: SentenceModel
  let language: UInt32
  let features: UnsafeMutablePointer<UInt32>

  mutating func endsSentence(_ place: inout SentenceCandidate, offset: Int) -> Bool {
    let (_, count) = SentenceFeatures.write(&place, language: language, to: features)
    return model.score(features, count) > 0
  }
}

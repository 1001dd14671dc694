import Foundation
import Stages

/// Labelled documents as features and tags.
struct Examples {
  struct Labelled: Decodable {
    struct Entity: Decodable {
      let start: Int
      let end: Int
      let label: String
    }
    let text: String
    let entities: [Entity]
  }

  var features: [UInt64] = []
  /// Where the features of a token begin.
  var starts: [Int] = [0]
  /// How many of a token's features tell which word it is.
  var identities: [UInt8] = []
  var tags: [UInt8] = []
  /// Ranges of tokens that are decoded together, with the weight of their corpus.
  var blocks: [(range: Range<Int>, weight: Float)] = []

  /// Adds the documents of a file, one object with "text" and "entities" (in code points) a line.
  mutating func read(_ path: String, weight: Float, _ lexicon: EntityLexiconTables) throws {
    let decoder = JSONDecoder()
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
      let labelled = try decoder.decode(Labelled.self, from: Data(line.utf8))
      let text = Array(labelled.text.utf8)
      let places = text.indices.filter { text[$0] & 0xC0 != 0x80 } + [text.count]
      let spans = labelled.entities.compactMap { entity in
        EntityTraining.labels.firstIndex(of: entity.label).map { (range: places[entity.start]..<places[entity.end], kind: $0) }
      }.sorted { $0.range.lowerBound < $1.range.lowerBound }
      EntityTraining.forEachBlock(of: text, spans, lexicon) { block in
        let from = tags.count
        for token in block {
          features.append(contentsOf: token.features)
          starts.append(features.count)
          identities.append(UInt8(token.identity))
          tags.append(token.tag)
        }
        blocks.append((from..<tags.count, weight))
      }
    }
  }
}

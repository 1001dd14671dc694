import Foundation
import Stages

/// - Parameters:
///   - lines: objects with "text", one a line.
///   - list: the path of a list of names.
func compareEntities(_ lines: Data, list: String?) throws {
  struct Document: Decodable {
    let text: String
  }
  let texts = try lines.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Document.self, from: $0).text }
  let tokens = texts.reduce(0) { $0 + countTokens($1) }
  print("\(texts.count) texts, \(texts.reduce(0) { $0 + $1.utf8.count }) bytes, \(tokens) tokens")
  func made(_ name: String, _ make: () throws -> EntityTagger) rethrows -> EntityTagger {
    let start = ContinuousClock().now
    let tagger = try make()
    print("\(name) made in \(ContinuousClock().now - start)")
    return tagger
  }
  func count(_ tagger: EntityTagger) -> () -> Int {
    { texts.reduce(0) { $0 + tagger.entities(in: $1).count } }
  }
  var contenders = [Contender(name: "EntityTagger", run: count(try made("tagger") { try EntityTagger() }))]
  if let list {
    _ = try made("tagger with the list, first time") { try EntityTagger(lists: [list]) }
    contenders.append(
      Contender(name: "EntityTagger with the list", run: count(try made("tagger with the list") { try EntityTagger(lists: [list]) })))
  }
  contenders.append(
    Contender(
      name: "EntityTagger with all patterns", run: count(try EntityTagger(recognize: Set(EntityTagger.Pattern.allCases)))))
  compare(contenders, amount: Double(tokens) / 1e3, unit: "thousand tokens")
}

/// Words, and marks one by one: what taggers take for tokens, give or take some.
func countTokens(_ text: String) -> Int {
  var count = 0
  var isInWord = false
  for scalar in text.unicodeScalars {
    let properties = scalar.properties
    let isWord = properties.isAlphabetic || properties.numericType != nil
    if isWord ? !isInWord : !properties.isWhitespace { count += 1 }
    isInWord = isWord
  }
  return count
}

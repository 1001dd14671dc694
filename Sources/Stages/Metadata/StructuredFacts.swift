import Pipeline

/// What is asked of structured data.
extension StructuredData {
  /// Elements of one answer that are looked at.
  private static let mostAnswers = 100

  /// The things of a kind that the page is about, in order.
  func main(_ kind: Kind) -> [Int] {
    things.indices.filter { things[$0].isMain && things[$0].kind == kind }
  }

  /// The first text of a property in the first thing that has it: of an article, else of the page.
  func first(_ keys: Key..., of kinds: [Kind] = [.article, .page, .work]) -> [UInt8]? {
    for kind in kinds {
      for thing in main(kind) {
        for key in keys {
          if let text = things[thing].text(key), case let found = bytes(text), !found.isEmpty { return found }
        }
      }
    }
    return nil
  }

  /// All texts of a property of the first article that has any.
  func all(_ key: Key) -> [[UInt8]] {
    for thing in main(.article) {
      let texts = things[thing].texts.filter { $0.key == key }
      if !texts.isEmpty { return texts.map { bytes($0.text) } }
    }
    return []
  }

  /// The names of the authors of the first thing of a kind that has authors.
  func authors(of kind: Kind) -> [[UInt8]] {
    if credits.isEmpty { return [] }
    for thing in main(kind) {
      for key in [Key.author, .creator] {
        let names = credits.filter { $0.of == thing && $0.key == key }.prefix(Self.mostAnswers).compactMap { credit in
          credit.name.map { bytes($0) } ?? credit.thing.flatMap { name(of: $0) }
        }
        if !names.allSatisfy(\.isEmpty) { return names }
      }
    }
    return []
  }

  /// The name of the site that publishes the page.
  var site: [UInt8]? {
    for credit in credits where credit.key == .publisher && things[credit.of].isMain {
      if let thing = credit.thing, let name = name(of: thing), !name.isEmpty { return name }
    }
    return nil
  }

  /// A thing's name: its own, or that of the thing with the same identity.
  private func name(of thing: Int) -> [UInt8]? {
    if let name = ownName(of: thing) { return name }
    guard let id = things[thing].text(.id) else { return nil }
    for other in things.indices where other != thing {
      if let text = things[other].text(.id), text.range.count == id.range.count, hasEqualText(text, id), let name = ownName(of: other) {
        return name
      }
    }
    return nil
  }

  private func ownName(of thing: Int) -> [UInt8]? {
    if let name = things[thing].text(.name) { return bytes(name) }
    let parts = [Key.givenName, .familyName].compactMap { things[thing].text($0).map { bytes($0) } }
    return parts.isEmpty ? nil : Array(parts.joined(separator: [0x20]))
  }
}

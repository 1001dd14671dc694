import Pipeline

/// Groups entities by the name that they mention.
///
/// Entities with the same identifier, or the same label and letters whatever their case, belong together; so does a last name with the one person who
/// has it, and an acronym with the one organisation or place whose first letters it is.
enum EntityMentions {
  /// Tells each entity its group's fullest name. O(entities).
  static func group(_ entities: inout [Entity], _ utf8: UnsafeBufferPointer<UInt8>) {
    let names = names(of: entities, utf8)
    // Persons by their last names, others by their first letters; nil where several share them.
    var lastNames: [String: String?] = [:]
    var initials: [String: String?] = [:]
    for (entity, name) in zip(entities, names) {
      if entity.label == "PER" {
        if let last = lastName(of: name) { register(name, under: last, &lastNames) }
      } else {
        let letters = String(name.split { $0 == " " || $0 == "-" }.compactMap(\.first).filter(\.isUppercase))
        if letters.count > 1 { register(name, under: "\(entity.label) \(letters)", &initials) }
      }
    }
    var whole = zip(entities, names).map { entity, name in
      let found = entity.label == "PER" ? lastNames[name.lowercased()] : initials["\(entity.label) \(name.replacing(".", with: ""))"]
      return if case .some(.some(let full)) = found { full } else { name }
    }
    // One identifier is one name: the longest that any entity has.
    var byIdentifier: [String: String] = [:]
    for (entity, name) in zip(entities, whole) {
      if let id = entity.id, name.count > byIdentifier[id]?.count ?? 0 { byIdentifier[id] = name }
    }
    for (index, entity) in entities.enumerated() {
      if let id = entity.id, let name = byIdentifier[id] { whole[index] = name }
    }
    var first: [String: String] = [:]
    for index in entities.indices {
      let key = "\(entities[index].label) \(whole[index].lowercased())"
      let name = first[key] ?? whole[index]
      first[key] = name
      entities[index].mention = name
    }
  }

  /// The names with single spaces. Capitals throughout are a heading's, where the name stands otherwise too.
  private static func names(of entities: [Entity], _ utf8: UnsafeBufferPointer<UInt8>) -> [String] {
    let names = entities.map {
      String(decoding: utf8[$0.range], as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    var forms: [String: String] = [:]
    for name in names where name.contains(where: \.isLowercase) {
      let key = name.lowercased()
      if forms[key] == nil { forms[key] = name }
    }
    return names.map { forms[$0.lowercased()] ?? $0 }
  }

  /// The last name of a full name, in lower case; nil for a name of one word.
  private static func lastName(of name: String) -> String? {
    var words = name.split(separator: " ")
    while words.count > 1, let last = words.last, last.last == "." || last.allSatisfy({ "IVX".contains($0) }) { words.removeLast() }
    return words.count > 1 ? words.last?.lowercased() : nil
  }

  private static func register(_ name: String, under key: String, _ table: inout [String: String?]) {
    switch table[key] {
    case .none: table[key] = .some(name)
    case .some(.some(let other)) where other.lowercased() != name.lowercased(): table[key] = .some(nil)
    default: break
    }
  }
}

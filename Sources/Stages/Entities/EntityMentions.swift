import Pipeline

/// Groups entities by the name that they mention.
///
/// Entities with the same identifier, or the same label and letters whatever their case, belong together; so does a last name with the one person who
/// has it, and an acronym with the organisation or place behind which it stood in brackets, or whose first letters it is.
enum EntityMentions {
  /// Tells each entity its group's fullest name. O(entities).
  static func group(_ entities: inout [Entity], _ utf8: UnsafeBufferPointer<UInt8>) {
    var names = entities.map { normalized(utf8[$0.range]) }
    // Capitals throughout are a heading's, where the name stands otherwise too.
    var forms: [String: String] = [:]
    for name in names where name.contains(where: \.isLowercase) {
      let key = name.lowercased()
      if forms[key] == nil { forms[key] = name }
    }
    names = names.map { forms[$0.lowercased()] ?? $0 }
    var full: [String: String] = [:]
    // Persons by their last names, and others by their first letters; nil where several share them.
    var lastNames: [String: String?] = [:]
    var initials: [String: String?] = [:]
    for (entity, name) in zip(entities, names) {
      let words = name.split { $0 == " " || $0 == "-" }
      guard words.count > 1 else { continue }
      if entity.label == "PER", let last = name.split(separator: " ").last {
        register(name, under: String(last).lowercased(), &lastNames)
      } else {
        let letters = String(words.filter { $0.first?.isUppercase == true }.compactMap(\.first))
        if letters.count > 1 { register(name, under: "\(entity.label) \(letters)", &initials) }
      }
    }
    for index in entities.indices {
      let entity = entities[index]
      let name = names[index]
      var mention = name
      if let id = entity.id {
        // The longest name with the identifier is not known yet: the first stands for all.
        if let known = full[id] { mention = known } else { full[id] = name }
      } else if entity.label == "PER", !name.contains(" "), case .some(.some(let whole)) = lastNames[name.lowercased()] {
        mention = whole
      } else if case .some(.some(let whole)) = initials["\(entity.label) \(name.replacing(".", with: ""))"] {
        mention = whole
      }
      let key = "\(entity.label) \(mention.lowercased())"
      if let known = full[key] { mention = known } else { full[key] = mention }
      entities[index].mention = mention
    }
  }

  private static func register(_ name: String, under key: String, _ table: inout [String: String?]) {
    switch table[key] {
    case .none: table[key] = .some(name)
    case .some(.some(let other)) where other.lowercased() != name.lowercased(): table[key] = .some(nil)
    default: break
    }
  }

  /// A name with single spaces.
  private static func normalized(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String {
    String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

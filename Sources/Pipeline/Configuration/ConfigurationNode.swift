/// A JSON value of a configuration with the place where it stands.
struct ConfigurationNode {
  enum Value {
    case object([(key: String, keyOffset: Int, value: ConfigurationNode)])
    case array([ConfigurationNode])
    case string(String)
    case number(String)
    case boolean(Bool)
    case null
  }

  let value: Value
  /// In bytes from the start of the file.
  let offset: Int

  /// The value of a key; nil for another kind of value, or without that key.
  subscript(key: String) -> ConfigurationNode? {
    guard case .object(let fields) = value else { return nil }
    return fields.first { $0.key == key }?.value
  }

  /// The value at the end of a path of keys and indices, or as far as the path leads, and how far that is as a JSON Pointer.
  func value(at path: [String]) -> (node: ConfigurationNode, pointer: String) {
    var found = self
    var pointer = ""
    for step in path {
      var inner = found[step]
      if case .array(let elements) = found.value, let index = Int(step), elements.indices.contains(index) { inner = elements[index] }
      guard let inner else { break }
      found = inner
      pointer += "/\(step.jsonPointerToken)"
    }
    return (found, pointer)
  }

  /// For messages: what was found.
  var summary: String {
    switch value {
    case .object: "an object"
    case .array: "an array"
    case .string(let text): "\"\(text)\""
    case .number(let text): text
    case .boolean(let flag): String(flag)
    case .null: "null"
    }
  }

  /// Reads the tokens of a parsed text into a tree. Duplicate keys and bad escapes become problems.
  init(_ reader: JSONReader, pointer: String, problems: inout [ConfigurationProblem]) {
    var index = 0
    self.init(reader, &index, pointer, &problems)
  }

  private init(
    _ reader: JSONReader, _ index: inout Int, _ pointer: String, _ problems: inout [ConfigurationProblem]
  ) {
    func text(_ index: Int) -> String {
      if let text = reader.string(index) { return text }
      problems.append(ConfigurationProblem(reader.range(index).lowerBound, pointer, "a bad escape in a string"))
      return ""
    }
    let here = index
    offset = reader.range(here).lowerBound - (reader.kind(here) == .string ? 1 : 0)
    index += 1
    switch reader.kind(here) {
    case .objectStart:
      var fields: [(key: String, keyOffset: Int, value: ConfigurationNode)] = []
      var known: Set<String> = []
      while reader.kind(index) == .key {
        let key = text(index)
        let keyOffset = reader.range(index).lowerBound - 1
        index += 1
        let inner = "\(pointer)/\(key.jsonPointerToken)"
        if !known.insert(key).inserted {
          problems.append(ConfigurationProblem(keyOffset, inner, "the key stands twice in one object"))
        }
        fields.append((key, keyOffset, ConfigurationNode(reader, &index, inner, &problems)))
      }
      index += 1
      value = .object(fields)
    case .arrayStart:
      var elements: [ConfigurationNode] = []
      while reader.kind(index) != .arrayEnd {
        elements.append(ConfigurationNode(reader, &index, "\(pointer)/\(elements.count)", &problems))
      }
      index += 1
      value = .array(elements)
    case .string: value = .string(text(here))
    case .number: value = .number(reader.raw(here))
    case .true: value = .boolean(true)
    case .false: value = .boolean(false)
    case .null, .key, .objectEnd, .arrayEnd: value = .null
    }
  }
}

extension String {
  /// Escaped as a part of a JSON Pointer (RFC 6901).
  var jsonPointerToken: String {
    var result = ""
    for character in unicodeScalars {
      switch character {
      case "~": result += "~0"
      case "/": result += "~1"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}

/// Something wrong in a configuration, before its offset is turned into a line and column.
struct ConfigurationProblem {
  let offset: Int
  let pointer: String
  let message: String

  init(_ offset: Int, _ pointer: String, _ message: String) {
    self.offset = offset
    self.pointer = pointer
    self.message = message
  }
}

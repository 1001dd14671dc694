/// The options of a plugin, read from a JSON Schema (draft 2020-12).
///
/// What stages of our own can have is checked by us: booleans, numbers with their range, strings, choices of strings, arrays of strings.
/// Any other property takes any value, and the plugin checks it.
struct OptionSchema {
  private(set) var options: [OptionDescriptor] = []
  private(set) var required: [String] = []

  init(_ schema: ConfigurationNode?) throws(PluginAnnouncement.Problem) {
    guard let schema else { return }
    guard case .object = schema.value else { throw PluginAnnouncement.Problem("\"options\" is \(schema.summary), and no JSON Schema") }
    if let type = schema["type"], type.text != "object" {
      throw PluginAnnouncement.Problem("\"options\" is the JSON Schema of \(type.summary), and not of an object")
    }
    if let properties = schema["properties"] {
      guard case .object(let fields) = properties.value else {
        throw PluginAnnouncement.Problem("\"properties\" of the options is \(properties.summary), and no object")
      }
      for field in fields {
        if field.key == "use" { throw PluginAnnouncement.Problem("an option cannot be named \"use\"") }
        options.append(try Self.option(field.key, field.value))
      }
    }
    if let names = schema["required"], case .array(let elements) = names.value { required = elements.compactMap(\.text) }
  }

  private static func option(_ name: String, _ schema: ConfigurationNode) throws(PluginAnnouncement.Problem) -> OptionDescriptor {
    let kind = kind(schema)
    var value = OptionValue.none
    // "null" is how generated schemas say that there is none.
    if let node = schema["default"], node.summary != "null" || kind == .json {
      var decoder = OptionDecoder(folder: "")
      guard let decoded = decoder.value(node, kind, pointer: "") else {
        throw PluginAnnouncement.Problem("has a default for the option \"\(name)\" that is \(node.summary), and not \(kind.expectation)")
      }
      value = decoded
    }
    return OptionDescriptor(name, kind, default: value, schema["description"]?.text ?? schema["title"]?.text ?? "")
  }

  private static func kind(_ schema: ConfigurationNode) -> OptionKind {
    if let choices = schema["enum"], case .array(let elements) = choices.value {
      let names = elements.compactMap(\.text)
      return names.count == elements.count && !names.isEmpty ? .choice(names) : .json
    }
    switch schema["type"]?.text {
    case "boolean": return .boolean
    case "integer":
      let (low, high) = (schema["minimum"]?.number, schema["maximum"]?.number)
      let range = (low.map { whole($0, .up) } ?? .min, high.map { whole($0, .down) } ?? .max)
      return isExclusive(schema) || range.0 > range.1 ? .json : .integer(range.0...range.1)
    case "number":
      let range = (schema["minimum"]?.number.flatMap(Double.init), schema["maximum"]?.number.flatMap(Double.init))
      let (low, high) = (range.0 ?? -.greatestFiniteMagnitude, range.1 ?? .greatestFiniteMagnitude)
      return isExclusive(schema) || low > high ? .json : .number(low...high)
    case "string": return isRefined(schema, ["pattern", "minLength", "maxLength", "const"]) ? .json : .text
    case "array":
      guard let items = schema["items"], !isRefined(schema, ["minItems", "maxItems", "uniqueItems", "prefixItems"]) else { return .json }
      switch kind(items) {
      case .text: return .texts
      case .choice(let names): return .choices(names)
      default: return .json
      }
    default: return .json
    }
  }

  private static func isExclusive(_ schema: ConfigurationNode) -> Bool {
    isRefined(schema, ["exclusiveMinimum", "exclusiveMaximum", "multipleOf"])
  }

  private static func isRefined(_ schema: ConfigurationNode, _ keys: [String]) -> Bool {
    keys.contains { schema[$0] != nil }
  }

  /// A bound as a whole number, also one that is written as 1.0.
  private static func whole(_ text: String, _ rule: FloatingPointRoundingRule) -> Int {
    Int(text) ?? Double(text).map { Int(max(-9e18, min(9e18, $0.rounded(rule)))) } ?? 0
  }
}

extension ConfigurationNode {
  /// Nil for what is no string.
  var text: String? {
    if case .string(let text) = value { text } else { nil }
  }

  /// A number as it is written; nil for what is none.
  var number: String? {
    if case .number(let text) = value { text } else { nil }
  }

  /// Compact JSON of the value.
  var json: [UInt8] {
    var output = JSONOutput()
    write(to: &output)
    return output.bytes
  }

  private func write(to output: inout JSONOutput) {
    switch value {
    case .object(let fields):
      output.beginObject()
      for field in fields {
        output.key(field.key)
        field.value.write(to: &output)
      }
      output.endObject()
    case .array(let elements):
      output.beginArray()
      for element in elements { element.write(to: &output) }
      output.endArray()
    case .string(let text): output.string(text)
    case .number(let text): output.raw(Array(text.utf8))
    case .boolean(let flag): output.bool(flag)
    case .null: output.raw(Array("null".utf8))
    }
  }
}

extension Options {
  /// The options that a plugin gets: those without a value are left out.
  func json(_ descriptors: [OptionDescriptor]) -> [UInt8] {
    var output = JSONOutput()
    output.beginObject()
    for descriptor in descriptors {
      switch self[descriptor.name] {
      case .none, .mapping, .section, .sections: continue
      case .boolean(let flag): put(descriptor, &output) { $0.bool(flag) }
      case .integer(let value): put(descriptor, &output) { $0.int(value) }
      case .number(let value): put(descriptor, &output) { $0.raw(Array("\(value)".utf8)) }
      case .text(let text): put(descriptor, &output) { $0.string(text) }
      case .texts(let texts):
        put(descriptor, &output) {
          $0.beginArray()
          for text in texts { $0.string(text) }
          $0.endArray()
        }
      case .json(let json): put(descriptor, &output) { $0.raw(Array(json.utf8)) }
      }
    }
    output.endObject()
    return output.bytes
  }

  private func put(_ descriptor: OptionDescriptor, _ output: inout JSONOutput, _ write: (inout JSONOutput) -> Void) {
    output.key(descriptor.name)
    write(&output)
  }
}

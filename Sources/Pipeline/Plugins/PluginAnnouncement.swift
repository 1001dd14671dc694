/// What a plugin tells about itself, in the JSON of its greeting or its library's descriptor. See `docs/plugins.md`.
struct PluginAnnouncement: Sendable {
  /// The version of the protocol and of the ABI that this program speaks.
  static let version = 1
  /// Longer ones are none, in bytes.
  static let longest = 1_000_000

  /// The plugin as a stage.
  let descriptor: StageDescriptor
  /// Whether it may send new texts.
  let rewrites: Bool
  /// Options that must be given.
  let required: [String]

  /// What is wrong with an announcement.
  struct Problem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
  }

  private static let keys = ["pipeline", "name", "summary", "options", "needs", "provides", "rewrites", "reasons"]
  private static let needed: [DocumentPart] = [.content, .text, .title, .metadata, .language, .sentences, .entities]
  private static let provided: [DocumentPart] = [.text, .title, .metadata, .language, .sentences, .entities]

  /// - Throws: `Problem`.
  init(json: [UInt8]) throws(Problem) {
    let root = try Self.parse(json)
    guard case .object(let fields) = root.value else { throw Problem("is \(root.summary), and no object with \"pipeline\" and \"name\"") }
    guard case .number(let version)? = root["pipeline"]?.value else { throw Problem("has no \"pipeline\", the version of the protocol") }
    guard version == String(Self.version) else {
      throw Problem("speaks version \(version) of the protocol; this program speaks \(Self.version)")
    }
    for field in fields where !Self.keys.contains(field.key) {
      throw Problem("has an unknown key \"\(field.key)\"\(suggestion(for: field.key, among: Self.keys))")
    }
    let name = try Self.text(root, "name") ?? ""
    guard name.wholeMatch(of: /[a-z][a-z0-9-]{0,63}/) != nil else {
      throw Problem("has no \"name\" of lower-case letters, digits and hyphens")
    }
    rewrites = try Self.flag(root, "rewrites")
    let schema = try OptionSchema(root["options"])
    required = schema.required
    let provides = try Self.parts(root, "provides", Self.provided) ?? []
    descriptor = StageDescriptor(
      name: name, summary: try Self.text(root, "summary") ?? "", options: schema.options,
      needs: try Self.parts(root, "needs", Self.needed) ?? [.text], provides: provides,
      invalidates: rewrites ? [.sentences, .entities] : [], reasons: try Self.reasons(root["reasons"]))
  }

  private static func parse(_ json: [UInt8]) throws(Problem) -> ConfigurationNode {
    let reader = JSONReader()
    do {
      try reader.parse(json)
    } catch {
      throw Problem("is not JSON: \(error.message)")
    }
    var problems: [ConfigurationProblem] = []
    let root = ConfigurationNode(reader, pointer: "", problems: &problems)
    if let problem = problems.first { throw Problem("\(problem.pointer): \(problem.message)") }
    return root
  }

  private static func text(_ root: ConfigurationNode, _ key: String) throws(Problem) -> String? {
    guard let node = root[key] else { return nil }
    guard case .string(let text) = node.value else { throw Problem("\"\(key)\" is \(node.summary), and no string") }
    return text
  }

  private static func flag(_ root: ConfigurationNode, _ key: String) throws(Problem) -> Bool {
    guard let node = root[key] else { return false }
    guard case .boolean(let flag) = node.value else { throw Problem("\"\(key)\" is \(node.summary), and not true or false") }
    return flag
  }

  private static func parts(_ root: ConfigurationNode, _ key: String, _ known: [DocumentPart]) throws(Problem) -> Set<DocumentPart>? {
    guard let node = root[key] else { return nil }
    guard case .array(let elements) = node.value else { throw Problem("\"\(key)\" is \(node.summary), and no array") }
    var parts: Set<DocumentPart> = []
    for element in elements {
      guard case .string(let name) = element.value, let part = DocumentPart(rawValue: name), known.contains(part) else {
        throw Problem("\"\(key)\" names \(element.summary), and knows \(known.map(\.rawValue).joined(separator: ", "))")
      }
      parts.insert(part)
    }
    return parts
  }

  private static func reasons(_ node: ConfigurationNode?) throws(Problem) -> [(name: String, meaning: String)] {
    guard let node else { return [] }
    guard case .object(let fields) = node.value else { throw Problem("\"reasons\" is \(node.summary), and no object") }
    var reasons: [(name: String, meaning: String)] = []
    for field in fields {
      guard case .string(let meaning) = field.value.value, !field.key.isEmpty else {
        throw Problem("the reason \"\(field.key)\" is \(field.value.summary), and no string that explains it")
      }
      reasons.append((field.key, meaning))
    }
    return reasons
  }
}

/// Decodes objects of a configuration by their descriptors and collects every problem on the way.
struct OptionDecoder {
  /// The configuration's folder, to which paths are relative.
  let folder: String
  var problems: [ConfigurationProblem] = []
  /// The files that options name, as far as they exist.
  var files: [String] = []
  /// The programs and scripts that stages start.
  var programFiles: [String] = []

  /// - Parameter extraKeys: keys that are legal here and read elsewhere.
  mutating func decode(
    _ node: ConfigurationNode, _ descriptors: [OptionDescriptor], pointer: String, extraKeys: [String] = []
  ) -> Options {
    var options = Options(defaultsOf: descriptors)
    guard case .object(let fields) = node.value else {
      problems.append(ConfigurationProblem(node.offset, pointer, "expected an object, found \(node.summary)"))
      return options
    }
    for field in fields where !extraKeys.contains(field.key) {
      let inner = "\(pointer)/\(field.key.jsonPointerToken)"
      guard let descriptor = descriptors.first(where: { $0.name == field.key }) else {
        let known = descriptors.map(\.name) + extraKeys
        problems.append(
          ConfigurationProblem(
            field.keyOffset, inner, "unknown key" + suggestion(for: field.key, among: known)))
        continue
      }
      if let value = value(field.value, descriptor.kind, pointer: inner) {
        options[descriptor.name] = value
      }
    }
    return options
  }

  /// Nil for what is not of the kind, which is then among the problems.
  mutating func value(_ node: ConfigurationNode, _ kind: OptionKind, pointer: String) -> OptionValue? {
    switch (kind, node.value) {
    case (.boolean, .boolean(let flag)): return .boolean(flag)
    case (.integer(let range), .number(let text)):
      if let value = Int(text) ?? Double(text).flatMap(Int.init(exactly:)), range.contains(value) { return .integer(value) }
    case (.number(let range), .number(let text)):
      if let value = Double(text), range.contains(value) { return .number(value) }
    case (.text, .string(let text)): return .text(text)
    case (.choice(let names), .string(let text)):
      return isChoice(text, of: names, node, pointer) ? .text(text) : nil
    case (.choices(let names), .array(let nodes)):
      guard let texts = strings(nodes, pointer) else { return nil }
      let known = texts.enumerated().filter { isChoice($1.text, of: names, $1.node, "\(pointer)/\($0)") }
      return known.count == texts.count ? .texts(texts.map(\.text)) : nil
    case (.path, .string(let text)): return .text(resolve(text))
    case (.file, .string(let text)): return file(text, node, pointer).map { .text($0) }
    case (.size, .string(let text)):
      if let bytes = Size.parse(text) { return .integer(bytes) }
    case (.size, .number(let text)):
      if let bytes = Int(text), bytes > 0, bytes <= Size.largest { return .integer(bytes) }
    case (.duration, .string(let text)):
      if let milliseconds = Milliseconds.parse(text) { return .integer(milliseconds) }
    case (.texts, .array(let nodes)): return strings(nodes, pointer).map { .texts($0.map(\.text)) }
    case (.paths, .array(let nodes)): return strings(nodes, pointer).map { .texts($0.map { resolve($0.text) }) }
    case (.patterns, .array(let nodes)):
      return strings(nodes, pointer).map { .texts($0.flatMap { $0.text.hasPrefix("**/") ? [$0.text] : [$0.text, resolve($0.text)] }) }
    case (.files, .array(let nodes)):
      guard let texts = strings(nodes, pointer) else { return nil }
      let files = texts.enumerated().compactMap { file($1.text, $1.node, "\(pointer)/\($0)") }
      return files.count == texts.count ? .texts(files) : nil
    case (.mapping(let names), .object(let fields)):
      return mapping(fields, among: names, pointer)
    case (.names, .object(let fields)):
      return mapping(fields, among: nil, pointer)
    case (.section(let descriptors), .object): return .section(decode(node, descriptors, pointer: pointer))
    case (.sections(let descriptors), .object(let fields)):
      var sections: [String: Options] = [:]
      for field in fields {
        sections[field.key] = decode(field.value, descriptors, pointer: "\(pointer)/\(field.key.jsonPointerToken)")
      }
      return .sections(sections)
    case (.json, _): return .json(String(decoding: node.json, as: UTF8.self))
    default: break
    }
    problems.append(
      ConfigurationProblem(node.offset, pointer, "expected \(kind.expectation), found \(node.summary)"))
    return nil
  }

  private mutating func strings(_ nodes: [ConfigurationNode], _ pointer: String) -> [(
    text: String, node: ConfigurationNode
  )]? {
    var result: [(String, ConfigurationNode)] = []
    for (index, node) in nodes.enumerated() {
      guard case .string(let text) = node.value else {
        problems.append(
          ConfigurationProblem(node.offset, "\(pointer)/\(index)", "expected a string, found \(node.summary)"))
        continue
      }
      result.append((text, node))
    }
    return result.count == nodes.count ? result : nil
  }

  /// - Parameter names: the keys that are known; nil for any.
  private mutating func mapping(
    _ fields: [(key: String, keyOffset: Int, value: ConfigurationNode)], among names: [String]?, _ pointer: String
  ) -> OptionValue {
    var result: [String: [String]] = [:]
    for field in fields {
      let inner = "\(pointer)/\(field.key.jsonPointerToken)"
      if let names, !names.contains(field.key) {
        problems.append(ConfigurationProblem(field.keyOffset, inner, "unknown key" + suggestion(for: field.key, among: names)))
        continue
      }
      switch field.value.value {
      case .string(let text): result[field.key] = [text]
      case .array(let nodes) where names != nil && !nodes.isEmpty: result[field.key] = strings(nodes, inner)?.map(\.text)
      default:
        let expected = names == nil ? "a string" : "a string or an array of strings"
        problems.append(ConfigurationProblem(field.value.offset, inner, "expected \(expected), found \(field.value.summary)"))
      }
    }
    return .mapping(result)
  }

  private mutating func isChoice(_ text: String, of names: [String], _ node: ConfigurationNode, _ pointer: String) -> Bool {
    if names.contains(text) { return true }
    let expected = OptionKind.choice(names).expectation
    problems.append(
      ConfigurationProblem(node.offset, pointer, "expected \(expected), found \"\(text)\"" + suggestion(for: text, among: names)))
    return false
  }

  private mutating func file(_ text: String, _ node: ConfigurationNode, _ pointer: String) -> String? {
    let path = resolve(text)
    if FileSystem.kind(of: path) == .regular {
      files.append(path)
      return path
    }
    problems.append(ConfigurationProblem(node.offset, pointer, "there is no file \(path)"))
    return nil
  }

  /// A path relative to the configuration's folder; `-` stays.
  private func resolve(_ text: String) -> String {
    text.hasPrefix("/") || text == "-" || folder.isEmpty ? text : FileSystem.joined(folder, text)
  }
}

/// `(did you mean "…"?)` when a known name is near, else the known names.
func suggestion(for name: String, among known: [String]) -> String {
  if let best = nearest(to: name, among: known) { return " (did you mean \"\(best)\"?)" }
  return known.isEmpty ? "" : " (known: \(known.joined(separator: ", ")))"
}

/// The known name that a misspelt one is likely to mean; nil when none is near. Case does not count.
package func nearest(to name: String, among known: [String]) -> String? {
  guard name.utf8.count <= 100 else { return nil }
  let scored = known.map { ($0, editDistance(name.lowercased(), $0.lowercased())) }
  guard let best = scored.min(by: { $0.1 < $1.1 }), best.1 <= max(2, name.count / 3), best.1 < name.count else { return nil }
  return best.0
}

/// The optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours.
func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a.utf8)
  let b = Array(b.utf8)
  var rows = [Array(0...b.count)]
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      var cost = min(rows[i][j] + (a[i] == b[j] ? 0 : 1), min(rows[i][j + 1], row[j]) + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, rows[i - 1][j - 1] + 1) }
      row.append(cost)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}

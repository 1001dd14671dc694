/// What a batch was made with. A batch is only continued with the same: other bytes would come out.
struct BatchIdentity: Equatable {
  /// Values by what people know them as: places in the configuration, flags, files, the program.
  let values: [String: String]

  /// Keys that change how the work is done, and not what comes out.
  private static let withoutEffect: Set<String> = [
    "/$schema", "/name", "/output/path", "/rejects/path", "/state", "/run/workers", "/run/maxRejects",
  ]
  /// Keys that flags can override: what holds in the end is noted instead.
  private static let overridden = ["/input/paths", "/input/format", "/run/limits", "/run/isolation"]

  init(values: [String: String]) {
    self.values = values
  }

  /// - Throws: `IOError` when a file that the configuration names cannot be read.
  init(_ configuration: Configuration, limit: Int?) throws {
    var values: [String: String] = [:]
    let reader = JSONReader()
    var bytes = configuration.source.bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    try reader.parse(bytes)
    var problems: [ConfigurationProblem] = []
    Self.flatten(ConfigurationNode(reader, pointer: "", problems: &problems), "", &values)
    for (index, path) in configuration.input.paths.enumerated() { values["/input/paths/\(index)"] = path }
    values["/input/format"] = configuration.input.format.rawValue
    values["/run/limits/document"] = "\(configuration.run.documentLimit)"
    values["/run/limits/time"] = "\(configuration.run.timeLimit)"
    values["/run/limits/memory"] = "\(configuration.run.memoryLimit)"
    values["/run/isolation"] = configuration.run.isolation.rawValue
    values["--limit"] = limit.map(String.init)
    values["--only-new"] = configuration.run.onlyNew ? "true" : nil
    // What is remembered decides what comes out.
    if configuration.run.onlyNew || !configuration.orderedStages.isEmpty { values["--state"] = configuration.statePath }
    values["--retry"] = configuration.run.retries ? "true" : nil
    for file in configuration.files + configuration.programFiles { values["the file \(file)"] = ContentHash(try TextFile.read(file)).hex }
    values[Self.program] = ContentHash(try TextFile.read("/proc/self/exe")).hex
    self.values = values
  }

  private static let program = "the program with its models"

  /// What is different, sorted; empty for nothing.
  func differences(from other: BatchIdentity) -> [String] {
    Set(values.keys).union(other.values.keys).filter { values[$0] != other.values[$0] }.sorted()
  }

  /// What was, and what is, in words.
  func change(of name: String, from other: BatchIdentity) -> String {
    func shown(_ value: String?) -> String { value.map { $0.count > 60 ? $0.prefix(59) + "…" : $0 } ?? "absent" }
    // Hashes tell people nothing.
    guard name.hasPrefix("/") || name.hasPrefix("--") else { return "\(name) has changed" }
    return "\(name) was \(shown(other.values[name])), and is \(shown(values[name]))"
  }

  private static func flatten(_ node: ConfigurationNode, _ pointer: String, _ values: inout [String: String]) {
    if withoutEffect.contains(pointer) || overridden.contains(where: { pointer == $0 || pointer.hasPrefix($0 + "/") }) { return }
    switch node.value {
    case .object(let fields):
      if fields.isEmpty { values[pointer] = "{}" }
      for field in fields { flatten(field.value, "\(pointer)/\(field.key.jsonPointerToken)", &values) }
    case .array(let nodes):
      if nodes.isEmpty { values[pointer] = "[]" }
      for (index, node) in nodes.enumerated() { flatten(node, "\(pointer)/\(index)", &values) }
    case .string(let text): values[pointer] = "\"\(text)\""
    case .number(let text): values[pointer] = text
    case .boolean(let flag): values[pointer] = String(flag)
    case .null: values[pointer] = "null"
    }
  }
}

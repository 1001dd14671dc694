/// One error in a configuration, with its place.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  public let file: String
  /// From 1.
  public let line: Int
  /// From 1, in code points.
  public let column: Int
  /// A JSON Pointer (RFC 6901); empty for the file as a whole.
  public let pointer: String
  public let message: String

  public var description: String {
    "\(file):\(line):\(column): \(pointer.isEmpty ? "/" : pointer): \(message)"
  }
}

/// All errors of a configuration, in the order of the file.
public struct ConfigurationErrors: Error, Sendable, CustomStringConvertible {
  public let errors: [ConfigurationError]

  public var description: String {
    errors.map(\.description).joined(separator: "\n")
  }
}

extension Configuration {
  /// Reads and checks a configuration file.
  /// - Throws: `ConfigurationErrors` with every error of the file; `IOError` when it cannot be read.
  public static func load(path: String, registry: StageRegistry) throws -> Configuration {
    let bytes = try FileSystem.read(path, limit: 16_000_000)
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    return try load(
      bytes: bytes, path: path, folder: path.hasPrefix("/") && folder.isEmpty ? "/" : folder, registry: registry)
  }

  /// Checks a configuration that was read already.
  /// - Parameter folder: what its paths are relative to; empty for the working directory.
  /// - Throws: `ConfigurationErrors`.
  public static func load(bytes: [UInt8], path: String, folder: String, registry: StageRegistry) throws
    -> Configuration
  {
    let reader = JSONReader()
    var bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    func located(_ problems: [ConfigurationProblem]) -> ConfigurationErrors {
      ConfigurationErrors(
        errors: problems.sorted { $0.offset < $1.offset }.map { problem in
          let before = bytes.prefix(max(0, problem.offset))
          let line = before.count { $0 == 0x0A } + 1
          let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
          let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
          return ConfigurationError(
            file: path, line: line, column: column, pointer: problem.pointer, message: problem.message)
        })
    }
    do {
      try reader.parse(bytes)
    } catch {
      throw located([
        ConfigurationProblem(error.offset ?? bytes.count, "", "this is not JSON: \(error.message)")
      ])
    }
    var decoder = OptionDecoder(folder: folder)
    let root = ConfigurationNode(reader, pointer: "", problems: &decoder.problems)
    let options = decoder.decode(root, keys, pointer: "", extraKeys: ["stages"])
    if let parts = root["output"]?["parts"], parts["documents"] == nil, case .object = parts.value {
      decoder.problems.append(
        ConfigurationProblem(parts.offset, "/output/parts", "expected \"documents\", how many documents go into a part, such as 1000"))
    }
    checkRecords(root, InputConfiguration(options.section("input")), &decoder)
    let stages = loadStages(root, registry, &decoder)
    guard decoder.problems.isEmpty else { throw located(decoder.problems) }
    let source = ConfigurationSource(bytes: bytes, path: path, folder: folder)
    let fileName = path.split(separator: "/").last.map(String.init) ?? path
    return Configuration(
      name: options.text("name") ?? (fileName.hasSuffix(".json") ? String(fileName.dropLast(5)) : fileName),
      path: path, source: source, input: InputConfiguration(options.section("input")), stages: stages,
      output: OutputConfiguration(options.section("output")),
      rejects: RejectsConfiguration(options.section("rejects")), run: RunConfiguration(options.section("run")),
      statePath: options.text("state"), files: decoder.files)
  }

  /// Checks what only XML needs: paths and expressions that can be read.
  private static func checkRecords(_ root: ConfigurationNode, _ input: InputConfiguration, _ decoder: inout OptionDecoder) {
    guard let node = root["input"] else { return }
    func report(_ place: ConfigurationNode?, _ pointer: String, _ message: String) {
      decoder.problems.append(ConfigurationProblem((place ?? node).offset, pointer, message))
    }
    guard let record = input.record else {
      if input.format == .xml {
        report(node["format"], "/input/format", "XML needs \"record\", which says which elements are documents, e.g. \"//item\"")
      }
      return
    }
    if let path = RecordPath(record) {
      for predicate in path.alternatives.compactMap(\.predicate) where !XMLRecordReader.isExpression("self::node()[\(predicate)]") {
        report(node["record"], "/input/record", "[\(predicate)] is not XPath")
      }
    } else {
      report(
        node["record"], "/input/record",
        "expected a path of names such as //item or /rss/channel/item, with a condition at its end at most, found \"\(record)\"")
    }
    for (field, expressions) in input.fields.sorted(by: { $0.key < $1.key }) {
      for expression in expressions where !XMLRecordReader.isExpression(expression) {
        report(node["fields"]?[field], "/input/fields/\(field)", "\"\(expression)\" is not XPath")
      }
    }
  }

  private static func loadStages(
    _ root: ConfigurationNode, _ registry: StageRegistry, _ decoder: inout OptionDecoder
  ) -> [ConfiguredStage] {
    guard case .object(let fields) = root.value else { return [] }
    guard let field = fields.first(where: { $0.key == "stages" }) else {
      decoder.problems.append(
        ConfigurationProblem(
          root.offset, "", "\"stages\" is missing: an array such as [{\"use\": \"article\"}]"))
      return []
    }
    guard case .array(let nodes) = field.value.value else {
      decoder.problems.append(
        ConfigurationProblem(
          field.value.offset, "/stages", "expected an array of stages, found \(field.value.summary)"))
      return []
    }
    var order = OrderCheck()
    var stages: [ConfiguredStage] = []
    let types = nodes.map { stageType($0, registry) }
    for (index, node) in nodes.enumerated() {
      let pointer = "/stages/\(index)"
      guard case .object(let fields) = node.value, let use = fields.first(where: { $0.key == "use" }),
        case .string(let name) = use.value.value
      else {
        decoder.problems.append(
          ConfigurationProblem(node.offset, pointer, "expected an object with \"use\", the name of a stage"))
        continue
      }
      guard let type = types[index] else {
        decoder.problems.append(
          ConfigurationProblem(
            use.value.offset, "\(pointer)/use",
            "there is no stage \"\(name)\"" + suggestion(for: name, among: registry.names)))
        continue
      }
      let descriptor = type.descriptor
      let found = decoder.problems.count
      let options = decoder.decode(node, descriptor.options, pointer: pointer, extraKeys: ["use"])
      let later = types.dropFirst(index + 1).compactMap { $0?.descriptor }
      decoder.problems += order.problems(with: descriptor, before: later).map {
        ConfigurationProblem(use.value.offset, "\(pointer)/use", $0)
      }
      let known = decoder.problems[found...]
      do {
        stages.append(ConfiguredStage(descriptor: descriptor, stage: try type.init(options: options)))
      } catch let problem as OptionProblem {
        decoder.problems += located([problem], in: node, pointer, known: known)
      } catch let several as OptionProblems {
        decoder.problems += located(several.problems, in: node, pointer, known: known)
      } catch {
        decoder.problems.append(ConfigurationProblem(node.offset, pointer, "\(error)"))
      }
    }
    return stages
  }

  /// A stage's own problems, each at the value it is about.
  /// - Parameter known: what the decoder has said about the stage's options; it is not said again.
  private static func located(
    _ problems: [OptionProblem], in stage: ConfigurationNode, _ pointer: String, known: ArraySlice<ConfigurationProblem>
  ) -> [ConfigurationProblem] {
    problems.compactMap { problem in
      let path = problem.option.map { [$0] + problem.path } ?? []
      let prefix = pointer + path.map { "/\($0.jsonPointerToken)" }.joined()
      if known.contains(where: { $0.pointer.hasPrefix(prefix) }) { return nil }
      let place = stage.value(at: path)
      return ConfigurationProblem(place.node.offset, pointer + place.pointer, problem.message)
    }
  }

  private static func stageType(_ node: ConfigurationNode, _ registry: StageRegistry) -> (any StageType.Type)? {
    guard case .object(let fields) = node.value,
      case .string(let name)? = fields.first(where: { $0.key == "use" })?.value.value
    else { return nil }
    return registry.stage(named: name)
  }
}

/// Checks that each stage finds what it needs, by what the stages before it provide.
private struct OrderCheck {
  /// What the input can bring by itself.
  private var available: [DocumentPart: String] = [:]

  /// What is wrong with a stage at this place; `later` are the stages after it.
  mutating func problems(with stage: StageDescriptor, before later: [StageDescriptor]) -> [String] {
    var messages: [String] = []
    for part in DocumentPart.allCases where stage.needs.contains(part) && available[part] == nil {
      if let provider = later.first(where: { $0.provides.contains(part) }) {
        messages.append(
          "\"\(stage.name)\" needs the \(part.rawValue) that \"\(provider.name)\" makes: put \"\(provider.name)\" before it")
      } else if ![.content, .text, .title, .language, .metadata].contains(part) {
        messages.append("\"\(stage.name)\" needs \(part.rawValue), which no stage before it makes")
      }
    }
    for part in DocumentPart.allCases where stage.invalidates.contains(part) {
      guard let maker = available[part] else { continue }
      messages.append(
        "\"\(stage.name)\" rewrites the text that \"\(maker)\" has marked up: put \"\(stage.name)\" before \"\(maker)\"")
    }
    if stage.provides.contains(.text), let maker = available[.text] {
      messages.append("\"\(stage.name)\" would make the text anew that \"\(maker)\" has made: remove one of them")
    }
    for part in stage.provides { available[part] = stage.name }
    return messages
  }
}

extension InputConfiguration {
  init(_ options: Options) {
    format = InputFormat(rawValue: options.text("format") ?? "") ?? .auto
    paths = options.texts("paths")
    exclude = options.texts("exclude")
    fields = options.mapping("fields")
    record = options.text("record")
    namespaces = options.mapping("namespaces").compactMapValues(\.first)
  }
}

extension OutputConfiguration {
  init(_ options: Options) {
    path = options.text("path")
    partSize = options.section("parts").int("documents")
    trail = options.bool("trail")
    blocks = options.bool("blocks")
    offsets = OffsetUnit(rawValue: options.text("offsets") ?? "") ?? .codepoints
    format = OutputFormat(rawValue: options.text("format") ?? "") ?? .jsonl
    links = options.bool("links")
    images = options.bool("images")
  }
}

extension RejectsConfiguration {
  init(_ options: Options) {
    path = options.text("path")
    keepContent = options.bool("keepContent")
  }
}

extension RunConfiguration {
  init(_ options: Options) {
    isolation = Isolation(rawValue: options.text("isolation") ?? "") ?? .process
    workers = options.int("workers")
    maxRejects = options.int("maxRejects") ?? 0
    let limits = options.section("limits")
    documentLimit = limits.int("document") ?? 64_000_000
    timeLimit = limits.int("time") ?? 10_000
    memoryLimit = limits.int("memory") ?? 1_000_000_000
  }
}

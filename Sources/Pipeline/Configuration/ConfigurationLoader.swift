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
  public static func load(bytes: [UInt8], path: String, folder: String, registry: StageRegistry) throws -> Configuration {
    try load(bytes: bytes, path: path, folder: folder, registry: registry, greetings: nil)
  }

  /// - Parameter greetings: what the programs of stages have said about themselves, by the stages' indices, where nobody is to ask them;
  ///   nil to start them.
  static func load(bytes: [UInt8], path: String, folder: String, registry: StageRegistry, greetings: [Int: [UInt8]]?) throws
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
    let plugins = libraries(options.texts("plugins"), beside: registry, root, &decoder)
    var loader = StageLoader(registry: StageRegistry(registry.stages + plugins), greetings: greetings, decoder: decoder)
    let stages = loader.load(root)
    decoder = loader.decoder
    guard decoder.problems.isEmpty else { throw located(decoder.problems) }
    let source = ConfigurationSource(bytes: bytes, path: path, folder: folder)
    let fileName = path.split(separator: "/").last.map(String.init) ?? path
    return Configuration(
      name: options.text("name") ?? (fileName.hasSuffix(".json") ? String(fileName.dropLast(5)) : fileName),
      path: path, source: source, input: InputConfiguration(options.section("input")), stages: stages,
      output: OutputConfiguration(options.section("output")),
      rejects: RejectsConfiguration(options.section("rejects")), run: RunConfiguration(options.section("run")),
      statePath: options.text("state"), files: decoder.files, programFiles: decoder.programFiles, plugins: plugins)
  }

  private static func libraries(
    _ paths: [String], beside registry: StageRegistry, _ root: ConfigurationNode, _ decoder: inout OptionDecoder
  ) -> [StageKind] {
    var kinds: [StageKind] = []
    for (index, path) in paths.enumerated() {
      let place = root.value(at: ["plugins", "\(index)"])
      do {
        let kind = try PluginLibrary(path: path).kind
        if (registry.stages + kinds).contains(where: { $0.descriptor.name == kind.descriptor.name }) {
          decoder.problems.append(
            ConfigurationProblem(place.node.offset, place.pointer, "there is a stage \"\(kind.descriptor.name)\" already"))
        } else {
          kinds.append(kind)
        }
      } catch {
        decoder.problems.append(ConfigurationProblem(place.node.offset, place.pointer, "\(path) \(error)"))
      }
    }
    return kinds
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

/// Makes the stages of a configuration, and collects what is wrong with them.
struct StageLoader {
  private let registry: StageRegistry
  /// What programs have said about themselves, by the indices of their stages; nil to start them and ask.
  private let greetings: [Int: [UInt8]]?
  var decoder: OptionDecoder

  init(registry: StageRegistry, greetings: [Int: [UInt8]]?, decoder: OptionDecoder) {
    self.registry = registry
    self.greetings = greetings
    self.decoder = decoder
  }

  /// A stage of which it is known what it is, and not yet whether its options are right.
  private enum Found {
    case kind(StageKind)
    case program(ExecStage.Draft)

    var descriptor: StageDescriptor {
      switch self {
      case .kind(let kind): kind.descriptor
      case .program(let draft): draft.announcement.descriptor
      }
    }
  }

  mutating func load(_ root: ConfigurationNode) -> [ConfiguredStage] {
    guard case .object(let fields) = root.value else { return [] }
    guard let field = fields.first(where: { $0.key == "stages" }) else {
      report(root, "", "\"stages\" is missing: an array such as [{\"use\": \"article\"}]")
      return []
    }
    guard case .array(let nodes) = field.value.value else {
      report(field.value, "/stages", "expected an array of stages, found \(field.value.summary)")
      return []
    }
    let known = registry
    let found = nodes.enumerated().map { find($1, index: $0, among: known) }
    var order = OrderCheck()
    var stages: [ConfiguredStage] = []
    for (index, node) in nodes.enumerated() {
      guard let stage = found[index], let use = node["use"] else { continue }
      let pointer = "/stages/\(index)"
      let before = decoder.problems.count
      var options: Options?
      if case .kind(let kind) = stage {
        options = decoder.decode(node, kind.descriptor.options, pointer: pointer, extraKeys: ["use"])
      }
      for message in order.problems(with: stage.descriptor, before: found.dropFirst(index + 1).compactMap { $0?.descriptor }) {
        report(use, "\(pointer)/use", message)
      }
      do {
        switch stage {
        case .kind(let kind):
          stages.append(ConfiguredStage(descriptor: kind.descriptor, stage: try kind.make(options!)))
        case .program(let draft):
          guard let made = try finish(draft, node, pointer) else { continue }
          stages.append(ConfiguredStage(descriptor: made.announcement.descriptor, stage: made))
        }
      } catch let problem as OptionProblem {
        decoder.problems += located([problem], in: node, pointer, known: decoder.problems[before...])
      } catch let several as OptionProblems {
        decoder.problems += located(several.problems, in: node, pointer, known: decoder.problems[before...])
      } catch {
        report(node, pointer, "\(error)")
      }
    }
    return stages
  }

  private mutating func find(_ node: ConfigurationNode, index: Int, among registry: StageRegistry) -> Found? {
    let pointer = "/stages/\(index)"
    guard let use = node["use"], case .string(let name) = use.value else {
      report(node, pointer, "expected an object with \"use\", the name of a stage")
      return nil
    }
    guard let kind = registry.stage(named: name) else {
      report(use, "\(pointer)/use", "there is no stage \"\(name)\"" + suggestion(for: name, among: registry.names))
      return nil
    }
    guard name == ExecStage.kind.descriptor.name else { return .kind(kind) }
    let before = decoder.problems.count
    let options = decoder.decode(node, kind.descriptor.options, pointer: pointer, extraKeys: ["use"])
    guard decoder.problems.count == before else { return nil }
    guard let first = options.texts("command").first, !first.isEmpty else {
      report(
        node["command"] ?? node, node["command"] == nil ? pointer : "\(pointer)/command",
        "expected \"command\", a program and its arguments, such as [\"python3\", \"mood.py\"]")
      return nil
    }
    do {
      let draft = try ExecStage.Draft(options, folder: decoder.folder, greeting: greetings.map { $0[index] ?? [] })
      decoder.programFiles += draft.program.command.files
      return .program(draft)
    } catch {
      report(node["command"] ?? node, "\(pointer)/command", "\(error)")
      return nil
    }
  }

  /// Nil when the plugin's own options are wrong, which is reported.
  private mutating func finish(_ draft: ExecStage.Draft, _ node: ConfigurationNode, _ pointer: String) throws -> ExecStage? {
    let announcement = draft.announcement
    let before = decoder.problems.count
    var options = Options(defaultsOf: announcement.descriptor.options)
    let given = node["options"]
    if let given { options = decoder.decode(given, announcement.descriptor.options, pointer: "\(pointer)/options") }
    for name in announcement.required where given?[name] == nil && decoder.problems.count == before {
      report(
        given ?? node, given == nil ? pointer : "\(pointer)/options", "\"\(announcement.descriptor.name)\" needs the option \"\(name)\"")
    }
    guard decoder.problems.count == before else { return nil }
    do {
      return try draft.finished(options)
    } catch {
      guard let problem = error.option else {
        report(node["command"] ?? node, "\(pointer)/command", "\(error)")
        return nil
      }
      throw OptionProblem("options", at: [problem.option ?? ""] + problem.path, problem.message)
    }
  }

  private mutating func report(_ node: ConfigurationNode, _ pointer: String, _ message: String) {
    decoder.problems.append(ConfigurationProblem(node.offset, pointer, message))
  }

  /// A stage's own problems, each at the value it is about.
  /// - Parameter known: what the decoder has said about the stage's options; it is not said again.
  private func located(
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
}

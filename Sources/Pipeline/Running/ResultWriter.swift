/// Writes results in input order: decides for the ordered stages, fills output and rejects, and counts.
struct ResultWriter {
  private let configuration: Configuration
  private let output: any ResultSink
  private let rejectsPath: String?
  private var rejects: OutputFile?
  private var deciders: [Int: any Decider]
  private(set) var summary: RunSummary

  init(_ configuration: Configuration, output: any ResultSink, rejectsPath: String?) throws {
    self.configuration = configuration
    self.output = output
    self.rejectsPath = rejectsPath
    deciders = [:]
    for (index, configured) in configuration.stages.enumerated() {
      if let stage = configured.stage as? any OrderedStage { deciders[index] = try stage.makeDecider() }
    }
    summary = RunSummary(name: configuration.name, stages: configuration.stages.map(\.descriptor.name))
  }

  /// - Throws: `IOError`.
  mutating func write(_ result: FramedResult) throws {
    summary.lastID = result.id
    let (outcome, cluster) = decide(result)
    for (key, count) in result.removals { summary.count(key, count) }
    switch outcome {
    case .passed(var line, let clusterOffset):
      if let cluster, clusterOffset > 0 {
        var json = JSONOutput()
        json.string(cluster)
        line.insert(contentsOf: Array(",\"cluster\":".utf8) + json.bytes, at: clusterOffset)
      }
      try output.write(line, id: result.id)
      summary.countPassed()
    case .dropped(let stage, let reason):
      let name = configuration.stages[stage].descriptor.name
      summary.countDropped(stage: stage, reason: reason)
      try reject(result, kind: "dropped", place: name, reason: reason)
    case .rejected(let stage, let place, let reason):
      summary.countRejected(stage: stage, place: place, reason: reason)
      try reject(result, kind: "rejected", place: place, reason: reason)
    }
  }

  /// Nothing is to come for the moment: what was written may be looked at.
  mutating func flush() throws {
    try output.flush()
    try rejects?.flush()
  }

  /// Gives the files their names.
  mutating func finish() throws {
    try output.finish()
    try rejects?.finish()
    if rejects == nil, let rejectsPath, FileSystem.kind(of: rejectsPath) == .regular {
      try FileSystem.remove(rejectsPath)
    }
  }

  /// Leaves what was written under its partial name.
  mutating func leavePartial() throws {
    summary.partialOutput = try output.leavePartial()
    _ = try rejects?.leavePartial()
  }

  /// Ordered stages decide in the order of the pipeline, up to the stage at which the document ended.
  private mutating func decide(_ result: FramedResult) -> (FramedResult.Outcome, cluster: String?) {
    var cluster: String?
    for (stage, value) in result.prepared {
      do {
        let decision = try deciders[stage]!.decide(id: result.id, value: value)
        if case .drop(let reason) = decision.verdict { return (.dropped(stage: stage, reason: reason), nil) }
        cluster = decision.cluster ?? cluster
      } catch {
        return (.rejected(stage: stage, place: configuration.stages[stage].descriptor.name, reason: "\(error)"), nil)
      }
    }
    return (result.outcome, cluster)
  }

  private mutating func reject(_ result: FramedResult, kind: String, place: String, reason: String) throws {
    guard let rejectsPath else { return }
    if rejects == nil { rejects = try OutputFile(path: rejectsPath) }
    var json = JSONOutput()
    json.beginObject()
    json.key("id")
    json.string(result.id)
    json.key("source")
    json.string(result.source)
    if let position = result.position {
      json.key("position")
      json.int(position)
    }
    json.key("kind")
    json.string(kind)
    json.key("stage")
    json.string(place)
    json.key("reason")
    json.string(reason)
    if let content = result.content {
      json.key("content")
      json.string(utf8: UTF8Text.repaired(content))
    }
    json.endObject()
    try rejects?.write(json.bytes + [0x0A])
  }
}

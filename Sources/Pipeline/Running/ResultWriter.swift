import Foundation

/// Writes results in input order: decides for the ordered stages, fills output and rejects, and counts.
struct ResultWriter {
  private let configuration: Configuration
  private let output: any ResultSink
  private var deciders: [Int: any Decider]
  private(set) var summary: RunSummary

  /// - Throws: `IOError` when the memory of a stage cannot be read.
  init(_ configuration: Configuration, _ target: RunTarget) throws {
    self.configuration = configuration
    output = target.sink
    deciders = [:]
    for (index, stage) in configuration.orderedStages {
      deciders[index] = try stage.makeDecider(memory: target.memories[index] ?? TemporaryMemory())
    }
    summary = target.earlier ?? RunSummary(name: configuration.name, stages: configuration.stages.map(\.descriptor.name))
  }

  /// - Throws: `IOError`.
  mutating func write(_ result: FramedResult) throws {
    summary.lastID = result.id
    summary.input += 1
    let (outcome, cluster) = try decide(result)
    var result = result
    result.outcome = outcome
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
      try reject(result, kind: "dropped", place: name, reason: reason, cluster: cluster)
    case .rejected(let stage, let place, let reason):
      summary.countRejected(stage: stage, place: place, reason: reason)
      try reject(result, kind: "rejected", place: place, reason: reason)
    case .seen: summary.countSeen()
    }
    try output.endDocument(result, summary)
  }

  /// Nothing is to come for the moment: what was written may be looked at.
  mutating func flush() throws {
    try output.flush()
  }

  /// Gives the files their names.
  mutating func finish() throws {
    for stage in deciders.keys.sorted() { try deciders[stage]?.finish() }
    try output.finish(summary)
  }

  /// Leaves what was written under its partial name.
  mutating func leavePartial() throws {
    if let kept = output.kept { summary = kept }
    summary.partialOutput = try output.leavePartial()
  }

  /// Ordered stages decide in the order of the pipeline, up to the stage at which the document ended.
  private mutating func decide(_ result: FramedResult) throws -> (FramedResult.Outcome, cluster: String?) {
    var cluster: String?
    var isLeaving = true
    if case .passed = result.outcome { isLeaving = false }
    for (stage, value) in result.prepared {
      do {
        let decision = try deciders[stage]!.decide(id: result.id, value: value, isLeaving: isLeaving)
        if case .drop(let reason) = decision.verdict { return (.dropped(stage: stage, reason: reason), decision.cluster) }
        cluster = decision.cluster ?? cluster
      } catch let error as IOError {
        // Trouble with what the stage remembers is no document's fault.
        throw error
      } catch {
        return (.rejected(stage: stage, place: configuration.stages[stage].descriptor.name, reason: "\(error)"), nil)
      }
    }
    return (result.outcome, cluster)
  }

  private mutating func reject(_ result: FramedResult, kind: String, place: String, reason: String, cluster: String? = nil) throws {
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
    if let cluster {
      json.key("cluster")
      json.string(cluster)
    }
    result.failure?.encode(into: &json)
    if let content = result.content {
      if UTF8Text.isValid(content) {
        json.key("content")
        json.string(utf8: content)
      } else {
        json.key("contentBase64")
        json.string(Data(content).base64EncodedString())
      }
    }
    json.endObject()
    try output.reject(json.bytes + [0x0A])
  }
}

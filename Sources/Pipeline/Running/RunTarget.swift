/// Where a run writes to and what it reads: all of it, or what a batch has left.
///
/// `@unchecked`: sink and memories are used by the writing task alone, once it has begun.
struct RunTarget: @unchecked Sendable {
  let sink: any ResultSink
  let inputs: any InputSequence
  /// The last document that is done already; nil for none.
  var resumesAfter: InputPlace?
  /// The sum of earlier runs of the same batch; nil for none.
  var earlier: RunSummary?
  /// What ordered stages remember, by their index; absent for those that need not be remembered beyond the run.
  var memories: [Int: StateMemory] = [:]
  /// Where the contents of documents are kept; nil for nowhere.
  var remembering: Remembering?
  /// The bytes of all inputs, and of those that are done already; nil where they were not counted.
  var bytes: (all: Int, before: Int)?

  /// Opens the output.
  /// - Returns: nil for a batch that is complete.
  /// - Throws: `IOError`, `OutputInUse`, `Batch.Refusal`.
  static func open(_ configuration: Configuration, limit: Int?, restarts: Bool) throws -> RunTarget? {
    let path = configuration.output.path ?? "-"
    if let size = configuration.output.partSize, !configuration.output.isDiscarded {
      return try openBatch(configuration, BatchFolder(path), partSize: size, limit: limit, restarts: restarts)
    }
    let own = configuration.writtenFiles.flatMap { [$0.path, $0.path + ".partial"] }.compactMap(FileSystem.canonical)
    let listing = InputListing(exclude: configuration.input.exclude.map(Glob.init), own: Set(own))
    if configuration.output.isDiscarded {
      return RunTarget(sink: NoOutput(), inputs: FoundInputs(listing, configuration.input.paths))
    }
    let rejects = RejectsFile(path: configuration.rejectsPath)
    let sink: any ResultSink =
      configuration.output.format == .jsonl
      ? try SingleFile(path: path, rejects: rejects)
      : try DocumentFolder(path: path, format: configuration.output.format, rejects: rejects)
    return RunTarget(sink: sink, inputs: FoundInputs(listing, configuration.input.paths))
  }

  private static func openBatch(
    _ configuration: Configuration, _ folder: BatchFolder, partSize: Int, limit: Int?, restarts: Bool
  ) throws -> RunTarget? {
    // A batch does not read its own parts.
    let exclude = (configuration.input.exclude + [folder.path + "/**"]).map(Glob.init)
    let listing = InputListing(exclude: exclude, own: Set(configuration.writtenFiles.compactMap { FileSystem.canonical($0.path) }))
    let batch = try Batch.open(
      folder, name: configuration.name, identity: try BatchIdentity(configuration, limit: limit), restarts: restarts,
      forget: { token in
        guard let path = configuration.statePath, FileSystem.kind(of: path) != nil else { return }
        try StateFile(path: path, token: token).forget()
      },
      inputs: {
        var found = FoundInputs(listing, configuration.input.paths)
        return {
          guard let input = found.nextInput() else { return nil }
          return Ledger.Input(path: input.path, trouble: input.trouble?.reason, stamp: FileStamp(of: input.path))
        }
      })
    if try batch.isComplete { return nil }
    let remembering = try configuration.statePath.flatMap { path in
      try batch.ledger.fact(.token).map { Remembering(path: path, token: $0, onlyNew: configuration.run.onlyNew) }
    }
    let state = try BatchState(batch, configuration, remembering)
    let nothing = RunSummary(name: configuration.name, stages: configuration.stages.map(\.descriptor.name))
    return RunTarget(
      sink: BatchSink(batch, partSize: partSize, nothing: nothing, state: state),
      inputs: BatchInputs(batch.ledger, from: batch.resumesAfter?.input ?? 0), resumesAfter: batch.resumesAfter, earlier: batch.earlier,
      memories: state?.memories ?? [:], remembering: remembering, bytes: try batch.ledger.inputBytes(before: batch.resumesAfter?.input ?? 0)
    )
  }

  /// The sum of a batch that is complete.
  static func completeSummary(_ configuration: Configuration) throws -> RunSummary {
    let path = configuration.output.path ?? "-"
    let ledger = try Ledger(path: BatchFolder(path).ledgerPath, readOnly: true)
    var summary =
      try ledger.lastPart()?.summary ?? RunSummary(name: configuration.name, stages: configuration.stages.map(\.descriptor.name))
    summary.isBatch = true
    summary.wasComplete = true
    summary.outputPath = path
    summary.rejectsPath = configuration.rejectsPath
    return summary
  }
}

/// Where the contents of documents are kept, in plain values that can cross to another process.
struct Remembering: Sendable {
  let path: String
  let token: String
  /// Whether documents are skipped whose content is known.
  let onlyNew: Bool
}

extension Configuration {
  /// The ordered stages with their indices.
  var orderedStages: [(index: Int, stage: any OrderedStage)] {
    stages.enumerated().compactMap { index, configured in (configured.stage as? any OrderedStage).map { (index, $0) } }
  }

  /// Whether documents are worked on in processes of their own. For one page that is not worth the start of a process.
  var isIsolated: Bool {
    guard run.isolation == .process else { return false }
    guard input.paths.count == 1, FileSystem.kind(of: input.paths[0]) == .regular else { return true }
    let format = try? input.format(of: input.paths[0])
    return format != .html && format != .text
  }

  /// What a run writes, and what for.
  var writtenFiles: [(path: String, use: String)] {
    // A batch has a folder that is its own.
    let batch = output.partSize != nil
    return [
      (batch ? nil : output.path, "output"), (batch ? nil : rejectsPath, "rejects file"), (run.summaryPath, "summary"),
      (run.metricsPath, "metrics file"),
    ].compactMap { path, use in
      path.flatMap { $0 == "-" ? nil : ($0, use) }
    }
  }

  /// Where rejects go: the path given, else NAME.rejects.jsonl beside the output; nil for standard output without one.
  public var rejectsPath: String? {
    if output.partSize != nil { return output.path.map { BatchFolder($0).path + "/part-*.rejects.jsonl" } }
    if let path = rejects.path { return path }
    guard let output = output.path, output != "-", FileSystem.kind(of: output) != .other else { return nil }
    var path = output.withoutCompression
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    if path.hasSuffix(".jsonl") { path.removeLast(6) }
    return path + ".rejects.jsonl"
  }
}

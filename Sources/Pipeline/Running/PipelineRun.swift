import Glibc
import Logging
import Synchronization

/// One run of a configuration from its inputs to its output.
///
/// Three kinds of threads are at work: one reads, the workers carry documents through the stages, one writes. Memory is bounded by the
/// window of documents between reader and writer, whatever the length of the input. The output keeps the order of the input and does not
/// depend on the number of workers.
public final class PipelineRun: Sendable {
  /// Documents between the reader and the writer, for each worker.
  static let windowPerWorker = 32
  /// Bytes of documents between the reader and the writer.
  static let bytesInFlight = 64_000_000

  private let configuration: Configuration
  /// Stops after this many documents; nil for all.
  private let limit: Int?
  private let logger: Logger
  private let conveyor: Conveyor<FramedDocument, FramedResult>
  private let stopRequest = StopRequest()
  private let stopSignal = Atomic<Int32>(0)
  private let workers: Int

  public init(_ configuration: Configuration, limit: Int? = nil, logger: Logger) {
    self.configuration = configuration
    self.limit = limit
    self.logger = logger
    workers = configuration.run.workers ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    conveyor = Conveyor(
      window: Self.windowPerWorker * workers, bytesInFlightLimit: Self.bytesInFlight)
  }

  /// Everything that is wrong with the names of files before a run starts: inputs that do not exist, and files that would overwrite each
  /// other or an input.
  public static func problems(with configuration: Configuration) -> [IOError] {
    var problems = configuration.input.paths.compactMap(InputListing.problem)
    var seen: [String: String] = [:]
    for (path, use) in configuration.writtenFiles {
      guard let canonical = FileSystem.canonical(path), canonical != "-", FileSystem.kind(of: path) != .other else { continue }
      if let other = seen[canonical] {
        problems.append(IOError(path, "is both the \(other) and the \(use); choose another \(use)"))
      }
      seen[canonical] = use
      for input in configuration.input.paths where input != "-" && FileSystem.kind(of: input) != nil {
        if FileSystem.canonical(input) == canonical || sameFile(input, path) {
          problems.append(IOError(input, "is both an input and the \(use); choose another \(use)"))
        }
      }
    }
    return problems
  }

  private static func sameFile(_ a: String, _ b: String) -> Bool {
    guard let one = FileSystem.identity(of: a), let other = FileSystem.identity(of: b) else { return false }
    return one == other
  }

  /// Finishes the documents in flight and ends. May be called from any thread, at any time.
  public func stop(signal: Int32) {
    stopSignal.store(signal, ordering: .relaxed)
    conveyor.close()
    stopRequest.wakeReaders()
  }

  /// Runs to the end of the input, or until it is stopped.
  /// - Returns: the sum, also for a stopped run.
  /// - Throws: `IOError` when the output cannot be written; `OutputInUse`.
  public func execute() async throws -> RunSummary {
    let clock = ContinuousClock()
    let start = clock.now
    // What is written last must not be found out to be a folder when all work is done.
    let isFolder = configuration.output.format != .jsonl
    for (path, use) in configuration.writtenFiles where path.isEmpty || path.hasSuffix("/") || FileSystem.kind(of: path) == .folder {
      if isFolder, use == "output", !path.isEmpty { continue }
      throw IOError(path.isEmpty ? "\"\"" : path, "is a folder; the \(use) is a file")
    }
    let path = configuration.output.path ?? "-"
    let output: any ResultSink = isFolder ? try DocumentFolder(path: path, format: configuration.output.format) : try OutputFile(path: path)
    let rejectsPath = configuration.rejectsPath
    var summary = try await stream(output, rejectsPath)
    summary.seconds = Double((clock.now - start) / .milliseconds(1)) / 1000
    return summary
  }

  private func stream(_ output: any ResultSink, _ rejectsPath: String?) async throws -> RunSummary {
    let own = configuration.writtenFiles.flatMap { [$0.path, $0.path + ".partial"] }.compactMap(FileSystem.canonical)
    let listing = InputListing(exclude: configuration.input.exclude.map(Glob.init), own: Set(own))
    let reader = DocumentReader(
      input: configuration.input, documentLimit: configuration.run.documentLimit, listing: listing, stop: stopRequest)
    let readerThread = ThreadExecutor(threads: 1)
    let workerThreads = ThreadExecutor(threads: workers)
    let writerThread = ThreadExecutor(threads: 1)
    defer { for executor in [readerThread, workerThreads, writerThread] { executor.shutDown() } }

    async let reading: Void = Task(executorPreference: readerThread) { [conveyor, limit] in
      var count = 0
      await reader.run { frame in
        count += 1
        let isTaken = await conveyor.admit(frame, weight: frame.weight)
        return isTaken && count != limit
      }
      conveyor.close()
    }.value
    async let working: Void = withTaskGroup(of: Void.self) { [configuration, conveyor] group in
      for _ in 0..<workers {
        group.addTask(executorPreference: workerThreads) {
          let worker = Worker(configuration: configuration)
          while let (sequence, frame) = await conveyor.take() {
            conveyor.deliver(worker.run(frame), sequence: sequence)
          }
        }
      }
    }
    let summary = await write(on: writerThread, output, rejectsPath)
    await working
    await reading
    return try summary.get()
  }

  /// Collects until the end. On trouble it stops the run and lets the others end.
  private func write(on thread: ThreadExecutor, _ output: any ResultSink, _ rejectsPath: String?) async -> Result<
    RunSummary, any Error
  > {
    // The file belongs to the writing task from here on.
    nonisolated(unsafe) let output = output
    return await Task(executorPreference: thread) { [self] () -> Result<RunSummary, any Error> in
      do {
        var writer = try ResultWriter(configuration, output: output, rejectsPath: rejectsPath)
        while true {
          // Somebody may look at what was written while the input makes us wait.
          if output.isLive, !conveyor.hasResult { try writer.flush() }
          guard let result = await conveyor.collect() else { break }
          try writer.write(result)
        }
        let signal = stopSignal.load(ordering: .relaxed)
        if signal == 0 { try writer.finish() } else { try writer.leavePartial() }
        var summary = writer.summary
        summary.input = conveyor.admitted
        summary.stoppedBySignal = signal == 0 ? nil : signal
        summary.reachedLimit = signal == 0 && limit == summary.input
        summary.workers = workers
        summary.outputPath = configuration.output.path ?? "-"
        summary.rejectsPath = rejectsPath
        if !summary.isBalanced { logger.error("the sum does not balance") }
        return .success(summary)
      } catch {
        conveyor.close()
        stopRequest.wakeReaders()
        while await conveyor.collect() != nil {}
        return .failure(error)
      }
    }.value
  }
}

extension Configuration {
  /// What a run writes, and what for.
  var writtenFiles: [(path: String, use: String)] {
    [(output.path, "output"), (rejectsPath, "rejects file"), (run.summaryPath, "summary")].compactMap { path, use in
      path.flatMap { $0 == "-" ? nil : ($0, use) }
    }
  }

  /// Where rejects go: the path given, else NAME.rejects.jsonl beside the output; nil for standard output without one.
  public var rejectsPath: String? {
    if let path = rejects.path { return path }
    guard let output = output.path, output != "-", FileSystem.kind(of: output) != .other else { return nil }
    var path = output.withoutCompression
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    if path.hasSuffix(".jsonl") { path.removeLast(6) }
    return path + ".rejects.jsonl"
  }
}

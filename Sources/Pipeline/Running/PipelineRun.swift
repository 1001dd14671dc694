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
  /// How this program starts itself as a worker; nil for work in this process.
  private let workerProgram: [String]?
  private let restarts: Bool
  private let meter = InputMeter()
  /// Called now and then, on the writing thread.
  private let observer: (@Sendable (RunProgress) -> Void)?
  /// Whether the input is measured before it is read, so that the observer can be told how much is left.
  private let measuresInput: Bool
  private static let observationInterval = Duration.milliseconds(500)
  /// Why the run cannot go on.
  private let trouble = Locked<(any Error)?>(nil)

  /// - Parameters:
  ///   - limit: the most documents that are read; nil for all.
  ///   - workerProgram: the path and arguments with which this program runs `WorkerService`; nil for one that cannot, which then works
  ///     without isolation.
  ///   - restarts: whether a batch that is there is thrown away.
  ///   - measuresInput: whether the sizes of all inputs are added up beside the work, so that `observer` is told what is left.
  ///   - observer: called about twice a second while documents come out, and at the end, on one thread.
  public init(
    _ configuration: Configuration, limit: Int? = nil, workerProgram: [String]? = nil, restarts: Bool = false, measuresInput: Bool = false,
    observer: (@Sendable (RunProgress) -> Void)? = nil, logger: Logger
  ) {
    self.observer = observer
    self.measuresInput = measuresInput
    self.restarts = restarts
    self.workerProgram = configuration.isIsolated ? workerProgram : nil
    self.configuration = configuration
    self.limit = limit
    self.logger = logger
    workers = configuration.run.workers ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    conveyor = Conveyor(
      window: max(Self.windowPerWorker * workers, configuration.documentsAhead), bytesInFlightLimit: Self.bytesInFlight)
  }

  /// Everything that is wrong with the names of files before a run starts: inputs that do not exist, and files that would overwrite each
  /// other or an input.
  public static func problems(with configuration: Configuration) -> [IOError] {
    var problems = configuration.input.paths.compactMap(InputListing.problem) + batchProblems(with: configuration)
    var seen: [String: String] = [:]
    for (path, use) in configuration.writtenFiles {
      guard let canonical = FileSystem.canonical(path), canonical != "-", FileSystem.kind(of: path) != .other else { continue }
      if let other = seen[canonical] {
        problems.append(IOError(path, "is both the \(other) and the \(use); choose another \(use)"))
      }
      seen[canonical] = use
      let read = configuration.input.paths.map { ($0, "an input") } + [(configuration.path, "the pipeline")]
      for (input, role) in read where input != "-" && FileSystem.kind(of: input) != nil {
        if FileSystem.canonical(input) == canonical || sameFile(input, path) {
          problems.append(IOError(input, "is both \(role) and the \(use); choose another \(use)"))
        }
      }
    }
    return problems
  }

  /// What does not go together in a configuration and its flags.
  private static func batchProblems(with configuration: Configuration) -> [IOError] {
    var problems: [IOError] = []
    if configuration.output.partSize != nil {
      let path = configuration.output.path ?? "-"
      for input in configuration.input.paths where input == "-" || FileSystem.kind(of: input) == .other {
        problems.append(
          IOError(input == "-" ? "stdin" : input, "can be read but once: a batch in parts, which can be continued, reads files"))
      }
      if path == "-" { problems.append(IOError("output", "a batch in parts needs a folder: name one with \"path\" or --output")) }
      if let kind = FileSystem.kind(of: path), path != "-", kind != .folder {
        problems.append(IOError(path, "is a file; the output of a batch in parts is a folder"))
      }
      if configuration.output.format != .jsonl { problems.append(IOError("output", "a batch in parts is of the format jsonl")) }
      if configuration.rejects.path != nil {
        problems.append(IOError("rejects", "of a batch in parts, the rejects lie beside each part: leave \"path\" and --rejects away"))
      }
    } else if configuration.statePath != nil {
      problems.append(IOError("state", "is kept by batches in parts: set \"parts\" in the output"))
    }
    if configuration.run.onlyNew, configuration.statePath == nil {
      problems.append(IOError("--only-new", "needs \"state\" in the configuration, a file that remembers what was seen"))
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
    guard let target = try RunTarget.open(configuration, limit: limit, restarts: restarts) else {
      return try RunTarget.completeSummary(configuration)
    }
    let pools = configuration.programs.values.compactMap(\.pool)
    for pool in pools {
      pool.queue.log.redirect { [logger] in logger.info("\($0)") }
      pool.queue.watch { [self] in giveUp($0) }
    }
    defer {
      for pool in pools {
        pool.rest()
        pool.queue.watch { _ in }
      }
    }
    var summary = try await stream(target)
    summary.seconds = Double((clock.now - start) / .milliseconds(1)) / 1000
    return summary
  }

  private func stream(_ target: RunTarget) async throws -> RunSummary {
    let reader = DocumentReader(
      input: configuration.input, documentLimit: configuration.run.documentLimit, stop: stopRequest, retries: configuration.run.retries,
      meter: meter)
    if let bytes = target.bytes {
      meter.begin(earlier: bytes.before)
      meter.expect(bytes.all)
    }
    let readerThread = ThreadExecutor(threads: 1)
    let workerThreads = ThreadExecutor(threads: workers)
    let writerThread = ThreadExecutor(threads: 1)
    defer { for executor in [readerThread, workerThreads, writerThread] { executor.shutDown() } }

    let (inputs, after, remembering, earlier) = (target.inputs, target.resumesAfter, target.remembering, target.earlier?.input ?? 0)
    async let reading: Void = Task(executorPreference: readerThread) { [self] in
      var count = earlier
      if count == limit { return conveyor.close() }
      do {
        try await reader.run(inputs, after: after) { frame in
          count += 1
          let isTaken = await conveyor.admit(frame, weight: frame.weight)
          return isTaken && count != limit
        }
        conveyor.close()
      } catch {
        giveUp(error)
      }
    }.value
    let measuring = measuresInput && target.bytes == nil ? measure(target.inputs) : nil
    defer { measuring?.cancel() }
    async let working: Void = withTaskGroup(of: Void.self) { [self] group in
      for _ in 0..<workers {
        group.addTask(executorPreference: workerThreads) { [self] in await work(remembering) }
      }
    }
    let summary = await write(on: writerThread, target)
    await working
    await reading
    return try summary.get()
  }

  /// Adds up the sizes of all inputs.
  private func measure(_ inputs: any InputSequence) -> Task<Void, Never> {
    let thread = ThreadExecutor(threads: 1)
    return Task(executorPreference: thread) { [meter] in
      defer { thread.shutDown() }
      var inputs = inputs
      var bytes = 0
      while !Task.isCancelled, let input = try? inputs.nextInput() { bytes += FileStamp(of: input.path)?.size ?? 0 }
      if !Task.isCancelled { meter.expect(bytes) }
    }
  }

  /// Ends the run because of something that is no document's fault.
  private func giveUp(_ error: any Error) {
    trouble.withLock { $0 = $0 ?? error }
    conveyor.close()
    stopRequest.wakeReaders()
  }

  /// The life of one of the workers.
  private func work(_ remembering: Remembering?) async {
    guard let workerProgram else { return await workHere(remembering) }
    let worker = IsolatedWorker(IsolatedWorker.Program(workerProgram, configuration, remembering, workers: workers), logger: logger)
    do {
      try await worker.serve(conveyor)
    } catch {
      giveUp(error)
      await worker.abandon(conveyor, error)
    }
  }

  private func workHere(_ remembering: Remembering?) async {
    do {
      let worker = try Worker(configuration: configuration, remembering: remembering)
      await LocalWorker(worker, configuration, workers: workers).serve(conveyor)
    } catch {
      giveUp(error)
      while let (sequence, frame) = await conveyor.take() {
        conveyor.deliver(FramedResult(rejecting: frame, reason: "\(error)"), sequence: sequence)
      }
    }
  }

  /// Collects until the end. On trouble it stops the run and lets the others end.
  private func write(on thread: ThreadExecutor, _ target: RunTarget) async -> Result<RunSummary, any Error> {
    let (earlier, rejectsPath) = (target.earlier, configuration.rejectsPath)
    return await Task(executorPreference: thread) { [self] () -> Result<RunSummary, any Error> in
      do {
        var writer = try ResultWriter(configuration, target)
        let clock = ContinuousClock()
        let start = clock.now
        var observed = start
        func observe(_ now: ContinuousClock.Instant) {
          observed = now
          observer?(
            RunProgress(
              summary: writer.summary, seconds: Double((now - start) / .milliseconds(1)) / 1000, bytesRead: meter.bytesRead,
              bytesInAll: meter.bytesInAll, bytesBefore: meter.bytesBefore))
        }
        while true {
          // Somebody may look at what was written while the input makes us wait.
          if target.sink.isLive, !conveyor.hasResult { try writer.flush() }
          guard let result = await conveyor.collect() else { break }
          if let trouble = trouble.withLock({ $0 }) { throw trouble }
          try writer.write(result)
          if observer != nil, clock.now - observed > Self.observationInterval { observe(clock.now) }
        }
        observe(clock.now)
        let signal = stopSignal.load(ordering: .relaxed)
        if let trouble = trouble.withLock({ $0 }) { throw trouble }
        let read = conveyor.admitted + (earlier?.input ?? 0)
        if !writer.summary.isBalanced || writer.summary.input != read { logger.error("the sum does not balance") }
        if signal == 0 { try writer.finish() } else { try writer.leavePartial() }
        var summary = writer.summary
        summary.earlier = min(earlier?.input ?? 0, summary.input)
        summary.isBatch = configuration.output.partSize != nil
        summary.stoppedBySignal = signal == 0 ? nil : signal
        summary.reachedLimit = signal == 0 && limit == summary.input
        summary.workers = workers
        summary.outputPath = configuration.output.path ?? "-"
        summary.rejectsPath = rejectsPath
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

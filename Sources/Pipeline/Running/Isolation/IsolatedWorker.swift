import CWorkerGuard
import Glibc
import Logging

/// Carries documents through a worker process, and through another when one dies of a document.
///
/// A document over which a worker ends is tried once more, alone in a new process; when that ends too, the document is rejected. What else
/// the worker had been given is given to the next. Serves one thread.
final class IsolatedWorker {
  /// How a program starts itself as a worker, with the pipeline that it is told.
  struct Program: Sendable {
    let arguments: [String]
    let setup: [UInt8]
    let stages: [String]
    let timeLimit: Int
    let memoryLimit: Int
    let keepsContent: Bool
    let documentLimit: Int
    /// How many workers share the work.
    let workers: Int
    let pools: [Int: PluginPool]
    /// So many documents, or bytes, are with a worker at once: what it is not waiting for while the parent is busy, or its programs.
    let mostPending: Int
    let mostPendingBytes: Int

    init(_ arguments: [String], _ configuration: Configuration, _ remembering: Remembering?, workers: Int) {
      self.workers = workers
      self.arguments = arguments
      setup = WorkerSetup(configuration, remembering).bytes
      stages = configuration.stages.map(\.descriptor.name)
      timeLimit = configuration.run.timeLimit
      memoryLimit = configuration.run.memoryLimit
      keepsContent = configuration.rejects.keepContent
      documentLimit = configuration.run.documentLimit
      pools = configuration.programs.compactMapValues(\.pool)
      mostPending = max(32, configuration.documentsAhead / workers)
      mostPendingBytes = pools.isEmpty ? 1 << 19 : 1 << 24
    }
  }

  private typealias Item = (sequence: Int, frame: FramedDocument)

  /// A worker that ends so often in a row without having begun a document does not work here at all.
  private static let mostFalseStarts = 3
  /// A kill from outside says little about a document: it is tried so often before it is believed.
  private static let mostKills = 3

  private let program: Program
  private let logger: Logger
  private let page = StatusPage()
  private var process: WorkerProcess?
  private var pending: [Item] = []
  private var falseStarts = 0
  private var symbols = StackSymbols()

  init(_ program: Program, logger: Logger) {
    self.program = program
    self.logger = logger
  }

  /// Works until there is nothing left to be taken.
  /// - Throws: `IOError` when no worker can be started; `abandon` is to be called then.
  func serve(_ conveyor: Conveyor<FramedDocument, FramedResult>) async throws {
    defer { process?.end() }
    while true {
      var bytes = pending.reduce(0) { $0 + $1.frame.weight }
      while pending.count < program.mostPending, bytes < program.mostPendingBytes {
        guard let item = pending.isEmpty ? await conveyor.take() : conveyor.takeWaiting(leaving: program.workers - 1) else { break }
        bytes += item.item.weight
        pending.append((item.sequence, item.item))
        if process != nil { process?.send(item.item, sequence: item.sequence) }
      }
      if pending.isEmpty { return }
      for (sequence, result) in try step() { conveyor.deliver(result, sequence: sequence) }
    }
  }

  /// Answers everything that is left with a rejection, so that a run whose workers cannot be started comes to its end.
  func abandon(_ conveyor: Conveyor<FramedDocument, FramedResult>, _ error: any Error) async {
    for item in pending { conveyor.deliver(FramedResult(rejecting: item.frame, reason: "\(error)"), sequence: item.sequence) }
    pending = []
    while let (sequence, frame) = await conveyor.take() {
      conveyor.deliver(FramedResult(rejecting: frame, reason: "\(error)"), sequence: sequence)
    }
  }

  /// Waits for results of the process, or deals with its end.
  private func step() throws -> [(sequence: Int, result: FramedResult)] {
    let process = try self.process ?? start(with: pending)
    switch process.receive() {
    case .results(let results):
      falseStarts = 0
      return try results.map { result in
        guard let index = pending.firstIndex(where: { $0.sequence == result.sequence }) else {
          throw IOError("a worker", "answered what it was not asked")
        }
        pending.remove(at: index)
        return result
      }
    case .ended(let ending):
      self.process = nil
      guard let index = suspect(ending) else {
        try countFalseStart(ending)
        return []
      }
      let item = pending.remove(at: index)
      logger.warning(
        "a worker ended over \(item.frame.source)\(item.frame.position.map { ":\($0)" } ?? ""), which is tried once more: \(failure(ending).reason)"
      )
      return [(item.sequence, try tryAlone(item))]
    }
  }

  /// The document that a worker was at when it ended; nil for none.
  private func suspect(_ ending: WorkerProcess.Ending) -> Int? {
    // Nonsense may be noticed when the worker is at another document already; what comes before it is answered.
    if isNonsense(ending) { return pending.isEmpty ? nil : 0 }
    let sequence = worker_status_sequence(page.status)
    return pending.firstIndex { UInt64($0.sequence) + 1 == sequence }
  }

  private func countFalseStart(_ ending: WorkerProcess.Ending) throws {
    falseStarts += 1
    guard falseStarts >= Self.mostFalseStarts else { return }
    var reason = "ended \(falseStarts) times without having begun a document"
    if case .exited(_, let message) = ending, let line = message.split(separator: "\n").first { reason += ": \(line)" }
    throw IOError("a worker", reason)
  }

  private func tryAlone(_ item: Item) throws -> FramedResult {
    var kills = 0
    while true {
      let process = try start(with: [item])
      switch process.receive() {
      case .results(let results):
        guard results.count == 1, results[0].sequence == item.sequence else {
          throw IOError("a worker", "answered what it was not asked")
        }
        for other in pending { process.send(other.frame, sequence: other.sequence) }
        return results[0].result
      case .ended(let ending):
        self.process = nil
        if worker_status_sequence(page.status) == 0, !isNonsense(ending) {
          try countFalseStart(ending)
          continue
        }
        let failure = failure(ending)
        if failure.cause == .killed {
          kills += 1
          if kills < Self.mostKills { continue }
        }
        logger.warning("\(page.id ?? item.frame.source): rejected, \(failure.reason)")
        return rejection(of: item.frame, id: page.id, failure)
      }
    }
  }

  private func isNonsense(_ ending: WorkerProcess.Ending) -> Bool {
    if case .nonsense = ending { true } else { false }
  }

  private func start(with items: [Item]) throws -> WorkerProcess {
    let process = try WorkerProcess(
      program: program.arguments, setup: program.setup, page: page, stages: program.stages.count, pools: program.pools,
      timeLimit: program.timeLimit)
    for item in items { process.send(item.frame, sequence: item.sequence) }
    self.process = process
    return process
  }
}

extension IsolatedWorker {
  /// What the end of a worker says about the document it was at.
  private func failure(_ ending: WorkerProcess.Ending) -> WorkerFailure {
    let index = Int(worker_status_stage(page.status))
    // Nonsense is noticed at any time after it was written.
    let isStage = program.stages.indices.contains(index) && !isNonsense(ending)
    return WorkerFailure(cause: cause(ending), stageIndex: isStage ? index : nil, stage: isStage ? program.stages[index] : nil)
  }

  private func cause(_ ending: WorkerProcess.Ending) -> WorkerFailure.Cause {
    switch ending {
    case .hung: return .clock(limit: WorkerProcess.clockLimit(program.timeLimit))
    case .nonsense: return .nonsense
    case .exited(let status, let message):
      if worker_status_cause(page.status) == Int32(WORKER_TIME_LIMIT.rawValue) { return .time(limit: program.timeLimit) }
      let signal = status & 0x7F
      if signal == SIGKILL || signal == SIGTERM { return .killed }
      guard signal != 0 else { return .exit(status: Int(status >> 8 & 0xFF)) }
      let symbols = symbols.fingerprint(of: page.status)
      if isOutOfMemory(message, symbols) { return .memory(limit: program.memoryLimit) }
      let name = worker_signal_name(signal).map { "SIG" + String(cString: $0) } ?? "signal \(signal)"
      // Below the stage there is the engine, which is the same for all.
      return .crash(signal: name, symbols: Array(symbols.prefix { !$0.hasPrefix("Pipeline.Worker.") }))
    }
  }

  /// Whether an allocator gave up: those of C++ and of ours for libxml2 say so, that of Swift is where the signal came.
  private func isOutOfMemory(_ message: String, _ symbols: [String]) -> Bool {
    symbols.contains("swift_slowAlloc") || ["std::bad_alloc", "out of memory"].contains { message.contains($0) }
  }

  private func rejection(of frame: FramedDocument, id: String?, _ failure: WorkerFailure) -> FramedResult {
    FramedResult(
      id: id ?? DocumentDecoder.fallbackID(frame), source: frame.source, position: frame.position, place: frame.place,
      outcome: .rejected(stage: failure.stageIndex, place: failure.stage ?? "input", reason: failure.reason), prepared: [], removals: [:],
      content: program.keepsContent ? frame.content(limit: program.documentLimit) : nil, failure: failure)
  }
}

import CWorkerGuard
import Glibc

/// The life of a worker process: it is told the pipeline, then documents one after the other, and answers each with a result.
public enum WorkerService {
  /// What the parent opens for a worker.
  static let socket: Int32 = 3
  static let lifeline: Int32 = 4
  static let statusPage: Int32 = 5
  /// The name under which a program starts itself as a worker.
  public static let subcommand = "worker"
  /// A worker that does not come to work exits so.
  static let failedStart: Int32 = 70
  /// Deep pages need deep stacks, in bytes.
  private static let stackSize: rlim_t = 16 << 20
  /// Results wait for each other up to so many bytes, or so many nanoseconds: each system call costs as much as a small document.
  private static let flushSize = 1 << 16
  private static let flushTime = 2_000_000

  /// Serves until the parent hangs up. To be called before anything else in the process starts threads.
  public static func run(registry: StageRegistry) -> Never {
    do {
      try serve(registry)
      exit(0)
    } catch {
      let message = Array("\(error)\n".utf8)
      _ = write(2, message, message.count)
      exit(failedStart)
    }
  }

  private static func serve(_ registry: StageRegistry) throws {
    endWithParent()
    _ = worker_guard_no_core()
    var stack = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_STACK.rawValue), &stack) == 0, stack.rlim_cur < stackSize {
      stack.rlim_cur = min(stackSize, stack.rlim_max)
      setrlimit(__rlimit_resource_t(RLIMIT_STACK.rawValue), &stack)
    }
    let page = StatusPage(inherited: statusPage)
    var input = MessageBuffer(longest: Int.max / 2)
    guard let first = try message(&input) else { return }
    var decoder = FrameDecoder(first)
    let setup = try WorkerSetup(&decoder)
    let configuration = try setup.configuration(registry)
    guard worker_guard_install(page.status) == 0 else { throw IOError.system("the signal handlers of a worker") }
    let worker = try Worker(configuration: configuration, remembering: setup.remembering, page: page)
    for configured in configuration.stages { configured.stage.warmUp() }
    // What the pipeline itself holds is no document's fault.
    _ = worker_guard_limit_data(UInt64(max(0, worker_guard_data_bytes()) + Int64(setup.memoryLimit)))
    var output: [UInt8] = []
    MessageBuffer.append([], to: &output)
    try flush(&output)
    var flushed = Clock.nanoseconds()
    var desk = WorkerDesk(worker, page, timeLimit: setup.timeLimit)
    while true {
      while let content = try input.next() {
        MessageBuffer.append(try desk.answer(content), to: &output)
        if output.count > flushSize || Clock.nanoseconds() - flushed > flushTime {
          try flush(&output)
          flushed = Clock.nanoseconds()
        }
      }
      try flush(&output)
      guard try fill(&input) else { return }
      flushed = Clock.nanoseconds()
    }
  }

  /// The lifeline's other end is closed when the parent ends, in whatever way.
  private static func endWithParent() {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in
      var lost = pollfd(fd: WorkerService.lifeline, events: 0, revents: 0)
      if poll(&lost, 1, 0) > 0 { _exit(0) }
    }
    sigaction(SIGIO, &action, nil)
    _ = fcntl(lifeline, F_SETOWN, getpid())
    _ = fcntl(lifeline, F_SETFL, O_ASYNC)
    // It may have ended before.
    raise(SIGIO)
  }

  private static func message(_ input: inout MessageBuffer) throws -> ArraySlice<UInt8>? {
    while true {
      if let content = try input.next() { return content }
      guard try fill(&input) else { return nil }
    }
  }

  /// - Returns: false when the parent has hung up.
  private static func fill(_ input: inout MessageBuffer) throws -> Bool {
    while true {
      let count = input.fill(from: socket)
      if count > 0 { return true }
      if count == 0 { return false }
      guard errno == EINTR else { throw IOError.system("the parent") }
    }
  }

  private static func flush(_ output: inout [UInt8]) throws {
    var done = 0
    while done < output.count {
      let count = output.withUnsafeBytes { write(socket, $0.baseAddress! + done, $0.count - done) }
      if count > 0 { done += count } else if errno != EINTR { throw IOError.system("the parent") }
    }
    output.removeAll(keepingCapacity: true)
  }
}

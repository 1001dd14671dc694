import CWorkerGuard
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Pipeline

/// The end of a worker, as its parent sees it.
private struct WorkerEnd {
  let cause: worker_cause
  /// The signal in the status, and the one that the process died of.
  let signal, terminationSignal: Int32
  let exitCode: Int32?
  let sequence: UInt64
  let stage: Int32
  let isStackOverflow: Bool
  let dataBytes: Int64
  let names: [String]
  let seconds: Double

  /// Runs the worker that the tests build beside themselves.
  init(_ crash: String, milliseconds: Int = 0, onThread: Bool = false) throws {
    let page = StatusPage()
    let (descriptor, status) = (page.descriptor, page.status)

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, descriptor, 3)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    let arguments: [UnsafeMutablePointer<CChar>?] = [
      strdup(Self.program), strdup(crash), strdup(String(milliseconds)), onThread ? strdup("thread") : nil, nil,
    ]
    let libraries = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] ?? ""
    let environment: [UnsafeMutablePointer<CChar>?] = [
      strdup("SWIFT_BACKTRACE=enable=no"), strdup("LD_LIBRARY_PATH=\(libraries)"), nil,
    ]
    defer { for text in arguments + environment { free(text) } }
    let begin = Date()
    var process: pid_t = 0
    try #require(posix_spawn(&process, Self.program, &actions, nil, arguments, environment) == 0)
    var code: Int32 = 0
    while waitpid(process, &code, 0) < 0 {}
    seconds = Date().timeIntervalSince(begin)

    // WIFSIGNALED and WEXITSTATUS are macros that Swift does not see.
    terminationSignal = code & 0x7F
    exitCode = terminationSignal == 0 ? code >> 8 & 0xFF : nil
    cause = worker_cause(UInt32(bitPattern: worker_status_cause(status)))
    signal = status.pointee.signal
    sequence = worker_status_sequence(status)
    stage = worker_status_stage(status)
    isStackOverflow = status.pointee.stack_overflow != 0
    dataBytes = status.pointee.data_bytes
    var symbols = StackSymbols()
    names = symbols.fingerprint(of: status)
  }

  private static let program =
    URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("GuardChild").path
}

/// How often the names are compared with those of the first run.
private let repeats = Int(ProcessInfo.processInfo.environment["REPEATS"] ?? "1") ?? 1

@Suite(.enabled(if: !isSanitized, "sanitizers handle signals themselves")) struct WorkerGuardTests {
  struct Case: CustomTestStringConvertible {
    let name: String
    let signal: Int32
    let function: String
    /// Whether no other function is further in.
    var isFirst = true
    var isStackOverflow = false
    var isOnThread = false
    var testDescription: String { name }
  }

  @Test(arguments: [
    Case(name: "null", signal: SIGSEGV, function: "crash_null_dereference"),
    Case(name: "call", signal: SIGSEGV, function: "crash_null_call", isFirst: false),
    Case(name: "wild", signal: SIGSEGV, function: "crash_wild_call", isFirst: false),
    Case(name: "abort", signal: SIGABRT, function: "crash_abort"),
    Case(name: "division", signal: SIGFPE, function: "crash_division"),
    Case(name: "bus", signal: SIGBUS, function: "crash_raise_bus"),
    Case(name: "page", signal: SIGSEGV, function: "crashes::Page::parse"),
    Case(name: "exception", signal: SIGABRT, function: "crashes::Page::fail"),
    Case(name: "free", signal: SIGABRT, function: "crash_double_free", isFirst: false),
    Case(name: "index", signal: SIGILL, function: "GuardChild.indexOutOfRange", isFirst: false),
    Case(name: "overflow", signal: SIGILL, function: "GuardChild.integerOverflow"),
    Case(name: "unwrap", signal: SIGILL, function: "GuardChild.unwrapNothing"),
    Case(name: "fatal", signal: SIGILL, function: "GuardChild.giveUp"),
    Case(name: "generic", signal: SIGSEGV, function: "GuardChild.Parser.parse", isFirst: false),
    Case(name: "recursion", signal: SIGSEGV, function: "crash_recursion", isStackOverflow: true),
    Case(name: "mutual", signal: SIGSEGV, function: "crash_recursion_even", isStackOverflow: true),
    Case(name: "null", signal: SIGSEGV, function: "crash_null_dereference", isOnThread: true),
    Case(name: "recursion", signal: SIGSEGV, function: "crash_recursion", isStackOverflow: true, isOnThread: true),
    Case(name: "descend", signal: SIGSEGV, function: "GuardChild.descend", isStackOverflow: true),
  ])
  func `a crash is named by signal, document, stage and functions`(_ crash: Case) throws {
    let end = try WorkerEnd(crash.name, onThread: crash.isOnThread)
    #expect(end.cause == WORKER_SIGNAL)
    #expect(end.signal == crash.signal)
    #expect(end.terminationSignal == crash.signal)
    #expect(end.sequence == 42)
    #expect(end.stage == 5)
    #expect(end.isStackOverflow == crash.isStackOverflow)
    #expect(end.dataBytes > 100_000)
    #expect(end.names.contains(crash.function), "\(end.names)")
    if crash.isFirst { #expect(end.names.first == crash.function, "\(end.names)") }
    #expect(end.names.count <= StackSymbols.nameLimit)
    if !crash.isStackOverflow { #expect(end.names.contains("GuardChild.work"), "\(end.names)") }
    for _ in 0..<repeats {
      let names = try WorkerEnd(crash.name, onThread: crash.isOnThread).names
      #expect(names == end.names)
    }
    if ProcessInfo.processInfo.environment["SHOW_NAMES"] != nil { print(crash.name, end.names) }
  }

  @Test(arguments: [("loop", "crash_loop"), ("calls", "crash_loop_of_calls")], [false, true])
  func `a document that takes too long is named by the loop`(_ loop: (name: String, function: String), onThread: Bool) throws {
    let (name, function) = loop
    let end = try WorkerEnd(name, milliseconds: 200, onThread: onThread)
    #expect(end.cause == WORKER_TIME_LIMIT)
    #expect(end.signal == 0)
    #expect(end.exitCode == Int32(WORKER_TIME_LIMIT_EXIT))
    #expect(end.sequence == 42)
    #expect(end.stage == 5)
    #expect(end.names.first == function, "\(end.names)")
    #expect(end.names.contains("GuardChild.work"))
    #expect(end.seconds > 0.2)
    for _ in 0..<repeats {
      let names = try WorkerEnd(name, milliseconds: 200, onThread: onThread).names
      #expect(names == end.names)
    }
    if ProcessInfo.processInfo.environment["SHOW_NAMES"] != nil { print(name, end.seconds, end.names) }
  }

  @Test(arguments: ["many", "idle", "unlimited"])
  func `only the document's own time counts`(_ name: String) throws {
    let end = try WorkerEnd(name, milliseconds: 100)
    #expect(end.cause == WORKER_RUNNING)
    #expect(end.exitCode == 0)
    #expect(end.seconds > 0.25)
  }

  @Test func `a crash between documents belongs to none`() throws {
    let end = try WorkerEnd("between")
    #expect(end.cause == WORKER_SIGNAL)
    #expect(end.sequence == 0)
    #expect(end.stage == -1)
    #expect(end.names.first == "crash_null_dereference")
  }

  @Test func `a stack that is written over still gives the signal and the first function`() throws {
    let end = try WorkerEnd("smashed")
    #expect(end.cause == WORKER_SIGNAL)
    #expect(end.signal == SIGSEGV)
    #expect(end.terminationSignal == SIGSEGV)
    #expect(end.sequence == 42)
    #expect(end.names.first == "crash_smashed_stack", "\(end.names)")
  }

  @Test func `a status that is written over can be read`() throws {
    let end = try WorkerEnd("status")
    #expect(end.terminationSignal == SIGSEGV)
    #expect(end.signal == SIGSEGV)
    #expect(end.names.count <= StackSymbols.nameLimit)
  }

  @Test func `memory beyond the limit ends the worker near it`() throws {
    let end = try WorkerEnd("memory")
    #expect(end.cause == WORKER_SIGNAL)
    #expect(end.terminationSignal == end.signal)
    #expect(end.dataBytes > 60 << 20 && end.dataBytes < 300 << 20, "\(end.dataBytes)")
    if ProcessInfo.processInfo.environment["SHOW_NAMES"] != nil { print(end.signal, end.dataBytes, end.names) }
  }
}

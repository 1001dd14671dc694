import Dispatch
import Foundation

/// Documents that wait for a program, and the state of its processes.
///
/// When a program has failed too often, it is given up: every question is answered with a failure, and the run is told.
final class PluginQueue: Sendable {
  struct Job: Sendable {
    let question: [UInt8]
    let reply: @Sendable (PluginPool.Reply) -> Void
  }

  let program: PluginProgram
  let name: String
  let options: [UInt8]
  let batch: Int
  let log: PluginLog
  private let workers: Int
  private let state: Locked<State>

  /// So many failures without an answer in between, and a program is given up. A start that failed counts as several.
  private static let mostFailures = 30
  static let startWeight = 3
  /// How long a program waits before it is started again, in milliseconds: more with every few failures.
  private static let pauses = (first: 10, last: 500)
  private static let failuresPerDoubling = 3

  private struct State {
    /// Those that were taken are nil.
    var jobs: [Job?] = []
    /// Where the jobs begin that have not been taken.
    var next = 0
    var idle: [WakeUp] = []
    var busy = 0
    var failures = 0
    var trouble: IOError?
    var isResting = false
    /// A process that is ready and has nobody yet.
    var spare: PluginProcess?
    var wakeUps: [WakeUp] = []
    var onTrouble: (@Sendable (IOError) -> Void)?
  }

  private let isEnded = DispatchSemaphore(value: 0)

  init(_ program: PluginProgram, name: String, options: [UInt8], first: PluginProcess, workers: Int, batch: Int, log: PluginLog) {
    self.program = program
    self.name = name
    self.options = options
    self.workers = workers
    self.batch = batch
    self.log = log
    state = Locked(State(spare: first))
  }

  /// Whom to tell when the program is given up.
  func watch(_ onTrouble: @escaping @Sendable (IOError) -> Void) { state.withLock { $0.onTrouble = onTrouble } }

  func add(_ jobs: [Job]) {
    enum Act {
      case fail(IOError)
      case wake(WakeUp)
      case start(PluginServer)
    }
    let acts: [Act] = state.withLock { state in
      if let trouble = state.trouble { return [.fail(trouble)] }
      state.jobs += jobs as [Job?]
      // A process for each batch that is waiting, as far as there are any.
      var acts: [Act] = []
      while acts.count * batch < state.jobs.count - state.next {
        if let idle = state.idle.popLast() {
          acts.append(.wake(idle))
        } else if state.busy < workers {
          let server = PluginServer(self)
          state.wakeUps.append(server.wakeUp)
          acts.append(.start(server))
        } else {
          break
        }
        state.busy += 1
      }
      return acts
    }
    for act in acts {
      switch act {
      case .fail(let trouble): for job in jobs { job.reply(.failure("\(trouble)")) }
      case .wake(let wakeUp): wakeUp.set()
      case .start(let server):
        Thread.detachNewThread { [self] in
          server.serve()
          isEnded.signal()
        }
      }
    }
  }

  /// So few documents are not shared out: it costs more to wake a process than to wait for them.
  private static let smallestShare = 8

  /// Jobs for a process that has room for a batch. As long as there are few, others get some of them.
  func take() -> [Job] {
    state.withLock { state in
      let waiting = state.jobs.count - state.next
      let count = min(batch, max(min(waiting, Self.smallestShare), (waiting + workers - 1) / workers))
      let taken = state.jobs[state.next..<state.next + count].compactMap(\.self)
      for index in state.next..<state.next + count { state.jobs[index] = nil }
      state.next += count
      if state.next == state.jobs.count {
        state.jobs.removeAll(keepingCapacity: true)
        state.next = 0
      } else if state.next > 1024 {
        state.jobs.removeFirst(state.next)
        state.next = 0
      }
      return taken
    }
  }

  enum Rest { case wait, work, end }

  /// What a process is to do that has nothing to do.
  func idle(_ wakeUp: WakeUp) -> Rest {
    state.withLock { state in
      if state.isResting || state.trouble != nil {
        state.busy -= 1
        return .end
      }
      if state.next < state.jobs.count { return .work }
      state.busy -= 1
      state.idle.append(wakeUp)
      return .wait
    }
  }

  /// Whether a process that is waiting or pausing must come to its end.
  var isOver: Bool { state.withLock { $0.isResting || $0.trouble != nil } }

  func takeSpare() -> PluginProcess? {
    state.withLock { state in
      defer { state.spare = nil }
      return state.spare
    }
  }

  /// Whether documents wait that nobody has taken.
  var hasJobs: Bool { state.withLock { $0.next < $0.jobs.count } }

  /// A program that answers is no failure.
  func countAnswers() { state.withLock { $0.failures = 0 } }

  /// Counts a failure of the program.
  /// - Parameter weight: as how many it counts.
  /// - Returns: how long to wait before it is started again, in milliseconds; nil when it is given up.
  func countFailure(_ reason: String, weight: Int) -> Int? {
    let (pause, tell): (Int?, (@Sendable () -> Void)?) = state.withLock { state in
      guard state.trouble == nil else { return (nil, nil) }
      state.failures += weight
      guard state.failures >= Self.mostFailures else {
        return (min(Self.pauses.last, Self.pauses.first << (state.failures / Self.failuresPerDoubling)), nil)
      }
      let trouble = IOError("the program of \"\(name)\"", "has failed too often, and is given up; at last it \(reason)")
      state.trouble = trouble
      let abandoned = state.jobs.compactMap(\.self)
      state.jobs = []
      state.next = 0
      let wakeUps = state.wakeUps
      let onTrouble = state.onTrouble
      return (
        nil,
        {
          for job in abandoned { job.reply(.failure("\(trouble)")) }
          for wakeUp in wakeUps { wakeUp.set() }
          onTrouble?(trouble)
        }
      )
    }
    tell?()
    return pause
  }

  /// Why the program was given up; nil when it was not.
  var trouble: IOError? { state.withLock { $0.trouble } }

  /// Lets all processes end, and waits for them.
  func rest() {
    let wakeUps = state.withLock { state in
      state.isResting = true
      state.jobs = []
      state.next = 0
      return state.wakeUps
    }
    for wakeUp in wakeUps { wakeUp.set() }
    for _ in wakeUps { isEnded.wait() }
    let spare = takeSpare()
    _ = spare?.end(within: PluginServer.endTime)
    state.withLock { state in
      state.wakeUps = []
      state.idle = []
      state.busy = 0
      state.isResting = false
    }
  }
}

import CWorkerGuard
import Glibc

/// A worker process as its parent sees it. Serves one thread.
final class WorkerProcess {
  /// What comes from a worker.
  enum Event {
    /// Results that are there.
    case results([(sequence: Int, result: FramedResult)])
    /// The worker is gone, or was killed because of what it did.
    case ended(Ending)
  }

  enum Ending {
    /// By itself or a signal; the status is that of `waitpid`.
    case exited(status: Int32, message: String)
    /// It was killed: a document had no end.
    case hung
    /// It was killed: it wrote nonsense.
    case nonsense
  }

  /// The wall clock stops a document at so many times its processor time.
  static let patience = 6
  /// Shorter limits would be passed by a busy machine, in milliseconds.
  private static let shortestClockLimit = 1000

  /// What a document may take by the wall clock, in milliseconds.
  static func clockLimit(_ timeLimit: Int) -> Int { max(shortestClockLimit, timeLimit * patience) }

  /// A worker that does nothing at all, such as one that never starts, is given so long, in milliseconds.
  private static let longestSilence = 60_000
  private static let longestMessage = 1 << 33

  private let page: StatusPage
  private let stages: Int
  /// The programs that the worker may ask, by the indices of their stages.
  private let pools: [Int: PluginPool]
  /// What programs have answered.
  private let replies = Mailbox<(sequence: Int, reply: PluginPool.Reply)>()
  /// How many questions are open.
  private var questions = 0
  /// In milliseconds.
  private let clockLimit: Int
  private let socket: Int32
  private let lifeline: Int32
  private let errors: Int32
  private let process: pid_t
  private var incoming = MessageBuffer(longest: longestMessage)
  private var outgoing: [UInt8] = []
  private var sent = 0
  private(set) var isReady = false
  private var isOver = false
  private var lastSign = Clock.milliseconds()

  /// Starts a process and tells it the pipeline.
  /// - Parameter program: the path of the program and its arguments.
  /// - Throws: `IOError`.
  init(program: [String], setup: [UInt8], page: StatusPage, stages: Int, pools: [Int: PluginPool], timeLimit: Int) throws {
    self.page = page
    self.stages = stages
    self.pools = pools
    clockLimit = Self.clockLimit(timeLimit)
    page.clear()
    var sockets: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &sockets) == 0 else {
      throw IOError.system("a worker")
    }
    let life = try Self.pipe()
    let errors = try Self.pipe()
    // A worker that writes more than the pipe holds must not wait for us.
    _ = fcntl(errors.write, F_SETFL, O_NONBLOCK)
    _ = fcntl(errors.read, F_SETFL, O_NONBLOCK)
    _ = fcntl(sockets[0], F_SETFL, O_NONBLOCK)
    socket = sockets[0]
    lifeline = life.write
    self.errors = errors.read
    defer { for end in [sockets[1], life.read, errors.write] { close(end) } }
    process = try Self.spawn(
      program,
      [
        2: errors.write, WorkerService.socket: sockets[1], WorkerService.lifeline: life.read,
        WorkerService.statusPage: page.descriptor,
      ])
    MessageBuffer.append(setup, to: &outgoing)
  }

  deinit {
    end()
  }

  func send(_ frame: FramedDocument, sequence: Int) {
    MessageBuffer.append(WorkerOrder.begin(frame).bytes(sequence), to: &outgoing)
  }

  /// Sends what waits to be sent, and waits for results or the end.
  func receive() -> Event {
    while true {
      for (sequence, reply) in questions > 0 ? replies.take() : [] {
        questions -= 1
        MessageBuffer.append(WorkerOrder.resume(reply).bytes(sequence), to: &outgoing)
      }
      var waiting = [
        pollfd(fd: socket, events: Int16(POLLIN) | (sent < outgoing.count ? Int16(POLLOUT) : 0), revents: 0),
        pollfd(fd: questions > 0 ? replies.wakeUp.descriptor : -1, events: Int16(POLLIN), revents: 0),
      ]
      let count = poll(&waiting, 2, timeToWait())
      if count < 0, errno == EINTR { continue }
      if count == 0 {
        guard isHung() else { continue }
        kill(process, SIGKILL)
        _ = reap()
        return .ended(.hung)
      }
      if waiting[0].revents & Int16(POLLOUT) != 0 { flush() }
      guard waiting[0].revents & ~Int16(POLLOUT) != 0 else { continue }
      let read = incoming.fill(from: socket)
      if read < 0, errno == EAGAIN || errno == EINTR { continue }
      lastSign = Clock.milliseconds()
      do {
        let results = try messages()
        if !results.isEmpty { return .results(results) }
      } catch {
        kill(process, SIGKILL)
        _ = reap()
        return .ended(.nonsense)
      }
      if read <= 0 { return .ended(reap()) }
    }
  }

  /// Lets the process end, and waits for it.
  func end() {
    guard !isOver else { return }
    // It ends when it reads the end of the socket; one that was never told anything may be in the middle of its start.
    kill(process, SIGKILL)
    _ = reap()
  }

  private func messages() throws -> [(sequence: Int, result: FramedResult)] {
    var results: [(sequence: Int, result: FramedResult)] = []
    var asked: [Int: [PluginQueue.Job]] = [:]
    defer { for (stage, jobs) in asked { pools[stage]?.ask(jobs) } }
    while let content = try incoming.next() {
      if !isReady {
        isReady = true
        continue
      }
      let (sequence, report) = try WorkerReport.decoded(content, stages: stages)
      switch report {
      case .result(let result): results.append((sequence, result))
      case .question(let stage, let question):
        guard pools[stage] != nil else { throw FrameDecoder.Nonsense() }
        questions += 1
        asked[stage, default: []].append(PluginQueue.Job(question: question) { [replies] in replies.put((sequence, $0)) })
      }
    }
    return results
  }

  private func flush() {
    while sent < outgoing.count {
      let count = outgoing.withUnsafeBytes { Glibc.send(socket, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL)) }
      if count > 0 { sent += count } else if errno != EINTR { break }
    }
    guard sent == outgoing.count else { return }
    sent = 0
    // A large page must not stay in memory for the rest of the run.
    outgoing.removeAll(keepingCapacity: outgoing.capacity < 1 << 20)
  }

  private func reap() -> Ending {
    isOver = true
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    var message = [UInt8](repeating: 0, count: 65_536)
    let count = read(errors, &message, message.count)
    for descriptor in [socket, lifeline, errors] { close(descriptor) }
    return .exited(status: status, message: String(decoding: message.prefix(max(0, count)), as: UTF8.self))
  }

  /// Until the clock has to be looked at, in milliseconds.
  private func timeToWait() -> Int32 {
    Int32(max(10, min(1000, clockLimit / 4)))
  }

  private func isHung() -> Bool {
    // Between documents, the last one's start stays on the page.
    let started = worker_status_sequence(page.status) == 0 ? 0 : worker_status_started(page.status)
    if started > 0 { return Clock.milliseconds() - Int(started / 1_000_000) > clockLimit }
    // A worker may wait for programs as long as those take.
    return questions == 0 && Clock.milliseconds() - lastSign > max(Self.longestSilence, clockLimit)
  }
}

extension WorkerProcess {
  private static func pipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard worker_pipe(&ends) == 0 else { throw IOError.system("a worker") }
    return (ends[0], ends[1])
  }

  /// - Parameter descriptors: what the process gets, by the numbers it gets them under.
  private static func spawn(_ program: [String], _ descriptors: [Int32: Int32]) throws -> pid_t {
    let arguments = program.map { UnsafePointer(strdup($0)) } + [nil]
    defer { for text in arguments { free(UnsafeMutableRawPointer(mutating: text)) } }
    var process: pid_t = 0
    let code = worker_spawn(&process, arguments, Array(descriptors.values), Array(descriptors.keys), descriptors.count)
    guard code == 0 else { throw IOError.system("a worker (\(program[0]))", code) }
    return process
  }
}

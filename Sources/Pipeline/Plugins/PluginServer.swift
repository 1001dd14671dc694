import Glibc

/// One process of a program and the thread that serves it.
///
/// A process that fails is ended and started anew, and the documents it had not answered are tried again, each alone: over which it fails once
/// more is rejected, and the others lose nothing.
///
/// `@unchecked`: everything but `wakeUp` is touched by the serving thread alone.
final class PluginServer: @unchecked Sendable {
  /// How long a program may take to end by itself, in milliseconds.
  static let endTime = 5000
  /// An answer that is longer than its question by this factor, and this many bytes, is none.
  private static let answerFactor = 32
  private static let leastAnswer = 16_000_000

  let wakeUp = WakeUp()
  private let queue: PluginQueue
  private var process: PluginProcess?
  /// What the process has been sent and has not answered, in order.
  private var sent: [PluginQueue.Job] = []
  /// What it has answered, and nobody has been told yet.
  private var answered: [(job: PluginQueue.Job, line: [UInt8])] = []
  /// What was not answered when it failed.
  private var again: [PluginQueue.Job] = []
  /// The number of the document that is to be answered next.
  private var expected = 1
  private var isAlone = false
  /// When the process last got something to do or answered.
  private var lastSign = 0

  init(_ queue: PluginQueue) { self.queue = queue }

  /// Works until it is to end.
  func serve() {
    while true {
      give()
      if sent.isEmpty, again.isEmpty {
        switch queue.idle(wakeUp) {
        case .work: continue
        case .end: return end()
        case .wait:
          guard waitForWork() else { return end() }
          continue
        }
      }
      if process != nil { listen() }
      if queue.isOver { return end() }
    }
  }

  private func end() {
    deliver()
    if sent.isEmpty, let process {
      if !process.end(within: Self.endTime) { queue.log.say("\(queue.name): did not end well when it was told to") }
    } else {
      process?.kill()
    }
    process = nil
    if let trouble = queue.trouble { for job in sent + again { job.reply(.failure("\(trouble)")) } }
    (sent, again) = ([], [])
  }

  /// Waits until there is something to do; what a process without work does is noticed.
  /// - Returns: false when it is to end.
  private func waitForWork() -> Bool {
    while true {
      guard let process else {
        wakeUp.wait()
        return !queue.isOver
      }
      let reason: String
      switch process.next(deadline: nil, wakeUp: wakeUp) {
      case .woken: return !queue.isOver
      case .line: reason = "answered what it was not asked"
      case .flood: reason = "wrote a line without an end"
      case .ended(let how): reason = how
      case .silence: continue
      }
      fail(reason, blames: false)
      if queue.isOver { return false }
    }
  }

  // MARK: Documents

  /// Sends as many documents as the process has room for.
  private func give() {
    // Only a process that is ready takes documents away from others.
    guard sent.count <= queue.batch, !again.isEmpty || queue.hasJobs, let process = process ?? start() else { return }
    var jobs: [PluginQueue.Job] = []
    if !again.isEmpty {
      if sent.isEmpty { jobs = [again.removeFirst()] }
      isAlone = true
    } else if sent.isEmpty || !isAlone {
      isAlone = false
      jobs = queue.take()
    }
    guard !jobs.isEmpty else { return }
    if sent.isEmpty { lastSign = Clock.milliseconds() }
    var lines: [UInt8] = []
    lines.reserveCapacity(jobs.reduce(0) { $0 + $1.question.count + 32 })
    for (index, job) in jobs.enumerated() {
      lines += Array("{\"document\":\(expected + sent.count),\"more\":\(jobs.count - 1 - index),".utf8)
      lines += job.question
      sent.append(job)
    }
    process.send(lines)
  }

  private func listen() {
    guard let process, let job = sent.first else { return }
    process.longestLine = Self.leastAnswer + (job.question.count + 999) / 1000 * 1000 * Self.answerFactor
    switch process.next(deadline: lastSign + queue.program.timeout, wakeUp: wakeUp) {
    case .woken: break
    case .line(let line):
      take(line, job)
      if !process.hasLine { deliver() }
    case .silence: fail("gave no answer within \(Milliseconds.format(queue.program.timeout))", blames: true)
    case .flood: fail("answered with more than \(Size.format(process.longestLine))", blames: true)
    case .ended(let how): fail(how, blames: true)
    }
  }

  private func take(_ line: [UInt8], _ job: PluginQueue.Job) {
    switch number(line) {
    case expected:
      sent.removeFirst()
      expected += 1
      lastSign = Clock.milliseconds()
      answered.append((job, line))
    case nil: fail("answered what is no answer: " + shown(line), blames: true)
    case let number? where (1..<expected).contains(number): fail("answered document \(number) twice", blames: false)
    case let number?: fail("answered out of turn: document \(number) instead of \(expected)", blames: true)
    }
  }

  /// Hands answers on, those that came together at once: whoever waits for them is woken once.
  private func deliver() {
    if answered.isEmpty { return }
    queue.countAnswers()
    for (job, line) in answered { job.reply(.answer(line)) }
    answered.removeAll(keepingCapacity: true)
  }

  private let reader = JSONReader()

  /// How the lines of most programs begin.
  private static let usual = Array("{\"document\":".utf8)

  /// Whether a line has the number of its document and nothing else.
  static func isUnchanged(_ line: [UInt8]) -> Bool {
    line.starts(with: usual) && line.last == UInt8(ascii: "}")
      && line[usual.count..<line.count - 1].allSatisfy { $0 == UInt8(ascii: " ") || (0x30...0x39).contains($0) }
  }

  /// The number of the document that a line is about; nil for what is no answer.
  private func number(_ line: [UInt8]) -> Int? {
    // Whether all of it is JSON is found out where it is read.
    if line.starts(with: Self.usual), line.last == UInt8(ascii: "}") {
      var number = 0
      var index = Self.usual.count
      if index < line.count, line[index] == UInt8(ascii: " ") { index += 1 }
      let first = index
      while index < line.count, index - first < 18, (0x30...0x39).contains(line[index]) {
        number = number * 10 + Int(line[index] - 0x30)
        index += 1
      }
      if index > first, index < line.count, line[index] == UInt8(ascii: ",") || line[index] == UInt8(ascii: "}") { return number }
    }
    guard (try? reader.parse(line)) != nil, !reader.tokens.isEmpty, reader.kind(0) == .objectStart else { return nil }
    var index = 1
    while reader.kind(index) == .key {
      if reader.string(index) == "document" { return reader.kind(index + 1) == .number ? Int(reader.raw(index + 1)) : nil }
      index = reader.end(of: index + 1)
    }
    return nil
  }

  private func shown(_ line: [UInt8]) -> String {
    let text = String(decoding: line.prefix(200), as: UTF8.self)
    return "\"\(text.prefix(60))\(text.count > 60 ? "…" : "")\""
  }

  // MARK: Failures

  /// Ends the process, and keeps what it has not answered for the next.
  /// - Parameter blames: whether the first document without an answer may be why.
  private func fail(_ reason: String, blames: Bool) {
    deliver()
    process?.kill()
    process = nil
    if blames, isAlone, let job = sent.first {
      sent.removeFirst()
      job.reply(.failure(reason))
    }
    again = sent + again
    sent = []
    expected = 1
    pause(reason, weight: 1)
  }

  private func pause(_ reason: String, weight: Int) {
    guard let pause = queue.countFailure(reason, weight: weight) else { return }
    queue.log.say("\(queue.name): \(reason); it is started again")
    let end = Clock.milliseconds() + pause
    while Clock.milliseconds() < end, !queue.isOver { usleep(20_000) }
  }

  /// Nil when the program does not come to work now.
  private func start() -> PluginProcess? {
    if let spare = queue.takeSpare() {
      process = spare
      return spare
    }
    do {
      let log = queue.log
      let name = queue.name
      let waiter = PluginProgram.Waiter(wakeUp: wakeUp) { [queue] in queue.isOver }
      let (process, greeting) = try queue.program.greeted(waiter: waiter) { log.say("\(name): \($0)") }
      guard (try? PluginAnnouncement(json: greeting))?.descriptor.name == name else {
        throw PluginProgram.StartProblem("greets otherwise than before")
      }
      try queue.program.begin(process, options: queue.options, waiter: waiter)
      self.process = process
      return process
    } catch {
      // A start that nobody waits for any more has not failed.
      if !queue.isOver { pause("\(error)", weight: PluginQueue.startWeight) }
      return nil
    }
  }
}

import CWorkerGuard
import Glibc

/// What a worker process is to do next.
enum WorkerOrder {
  /// To begin with a document.
  case begin(FramedDocument)
  /// To go on with one about which it has asked.
  case resume(PluginPool.Reply)
}

extension WorkerOrder {
  /// - Parameter sequence: the number of the document.
  func bytes(_ sequence: Int) -> [UInt8] {
    var encoder = FrameEncoder()
    encoder.put(sequence)
    switch self {
    case .begin(let frame):
      encoder.put(tag: 0)
      frame.encode(into: &encoder)
    case .resume(.answer(let line)):
      encoder.put(tag: 1)
      encoder.put(line)
    case .resume(.failure(let reason)):
      encoder.put(tag: 2)
      encoder.put(reason)
    }
    return encoder.bytes
  }

  static func decoded(_ content: ArraySlice<UInt8>) throws(FrameDecoder.Nonsense) -> (sequence: Int, order: WorkerOrder) {
    var decoder = FrameDecoder(content)
    let sequence = try decoder.int()
    let order: WorkerOrder
    switch try decoder.tag() {
    case 0: order = .begin(try FramedDocument(&decoder))
    case 1: order = .resume(.answer(try decoder.data()))
    case 2: order = .resume(.failure(try decoder.text()))
    default: throw FrameDecoder.Nonsense()
    }
    try decoder.end()
    return (sequence, order)
  }
}

/// What comes back from a worker process about a document.
enum WorkerReport {
  case result(FramedResult)
  /// The program of a stage is to be asked.
  case question(stage: Int, [UInt8])

  func bytes(_ sequence: Int) -> [UInt8] {
    var encoder = FrameEncoder()
    encoder.put(sequence)
    switch self {
    case .result(let result):
      encoder.put(tag: 0)
      result.encode(into: &encoder)
    case .question(let stage, let question):
      encoder.put(tag: 1)
      encoder.put(stage)
      encoder.put(question)
    }
    return encoder.bytes
  }

  /// - Parameter stages: how many stages the pipeline has.
  static func decoded(_ content: ArraySlice<UInt8>, stages: Int) throws(FrameDecoder.Nonsense) -> (sequence: Int, report: WorkerReport) {
    var decoder = FrameDecoder(content)
    let sequence = try decoder.int()
    let report: WorkerReport
    switch try decoder.tag() {
    case 0: report = .result(try FramedResult(&decoder, stages: stages))
    case 1: report = .question(stage: try decoder.int(), try decoder.data())
    default: throw FrameDecoder.Nonsense()
    }
    try decoder.end()
    return (sequence, report)
  }
}

/// What lies on a worker's desk: documents about which programs were asked.
struct WorkerDesk {
  private let worker: Worker
  private let page: StatusPage
  /// In milliseconds.
  private let timeLimit: Int
  /// With the processor time that each has had, in nanoseconds.
  private var waiting: [Int: (passage: Worker.Passage, used: Int)] = [:]

  init(_ worker: Worker, _ page: StatusPage, timeLimit: Int) {
    self.worker = worker
    self.page = page
    self.timeLimit = timeLimit
  }

  /// Carries out an order.
  /// - Returns: the report, as a message.
  /// - Throws: `FrameDecoder.Nonsense` for an answer that nobody waits for.
  mutating func answer(_ content: ArraySlice<UInt8>) throws(FrameDecoder.Nonsense) -> [UInt8] {
    let (sequence, order) = try WorkerOrder.decoded(content)
    page.id = nil
    let step: Worker.Step
    var used = 0
    let start: Int
    switch order {
    case .begin(let frame):
      worker_guard_begin(page.status, UInt64(sequence) + 1, Int64(timeLimit) * 1_000_000)
      start = Clock.processorTime()
      step = worker.begin(frame)
    case .resume(let reply):
      guard let entry = waiting.removeValue(forKey: sequence) else { throw FrameDecoder.Nonsense() }
      used = entry.used
      // What it has had before counts.
      worker_guard_begin(page.status, UInt64(sequence) + 1, max(1_000_000, Int64(timeLimit) * 1_000_000 - Int64(used)))
      start = Clock.processorTime()
      step = worker.resume(entry.passage, reply)
    }
    let message: [UInt8]
    switch step {
    case .done(let result): message = WorkerReport.result(result).bytes(sequence)
    case .asks(let stage, let question, let passage):
      waiting[sequence] = (passage, used + Clock.processorTime() - start)
      message = WorkerReport.question(stage: stage, question).bytes(sequence)
    }
    worker_guard_end(page.status)
    return message
  }
}

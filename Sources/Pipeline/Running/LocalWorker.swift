/// Carries documents through a worker of this process. While some wait for programs, it works on others. Serves one thread.
final class LocalWorker {
  private typealias Reply = (sequence: Int, reply: PluginPool.Reply)

  private let worker: Worker
  private let pools: [Int: PluginPool]
  private let workers: Int
  /// So many documents wait for programs at once.
  private let mostWaiting: Int
  private let replies = Mailbox<Reply>()
  private var waiting: [Int: Worker.Passage] = [:]
  /// What programs are to be asked when there is nothing else to do, by stage.
  private var unasked: [Int: [PluginQueue.Job]] = [:]

  /// - Parameter workers: how many share the work.
  init(_ worker: Worker, _ configuration: Configuration, workers: Int) {
    self.worker = worker
    self.workers = workers
    pools = configuration.programs.compactMapValues(\.pool)
    mostWaiting = max(1, configuration.documentsAhead / workers)
  }

  /// Works until there is nothing left to be taken.
  func serve(_ conveyor: Conveyor<FramedDocument, FramedResult>) async {
    while true {
      if waiting.isEmpty {
        guard let (sequence, frame) = await conveyor.take() else { return }
        follow(worker.begin(frame), sequence, conveyor)
      } else if waiting.count < mostWaiting, let (sequence, frame) = conveyor.takeWaiting(leaving: workers - 1) {
        follow(worker.begin(frame), sequence, conveyor)
        resume(replies.take(), conveyor)
      } else {
        for (stage, jobs) in unasked { pools[stage]?.ask(jobs) }
        unasked.removeAll(keepingCapacity: true)
        resume(replies.wait(), conveyor)
      }
    }
  }

  private func resume(_ replies: [Reply], _ conveyor: Conveyor<FramedDocument, FramedResult>) {
    for (sequence, reply) in replies {
      guard let passage = waiting.removeValue(forKey: sequence) else { preconditionFailure("a program has answered what it was not asked") }
      follow(worker.resume(passage, reply), sequence, conveyor)
    }
  }

  private func follow(_ step: Worker.Step, _ sequence: Int, _ conveyor: Conveyor<FramedDocument, FramedResult>) {
    switch step {
    case .done(let result): conveyor.deliver(result, sequence: sequence)
    case .asks(let stage, let question, let passage):
      waiting[sequence] = passage
      unasked[stage, default: []].append(PluginQueue.Job(question: question) { [replies] in replies.put((sequence, $0)) })
    }
  }
}

/// The order of a run as a pure state machine: no locks, no waiting; every call returns what is to be done.
///
/// One reader admits items, many workers take them and deliver results in any order, one writer collects the results in the order of the items.
/// The reader is held back by a window, counted from the last item written, and by the bytes in flight; workers never wait to deliver, so
/// nothing can lock up whatever the window is.
struct ConveyorState<Item, Output, ReaderToken, WorkerToken, WriterToken> {
  typealias Numbered = (sequence: Int, item: Item)

  enum Action {
    /// Whether the reader's item was taken.
    case resumeReader(ReaderToken, Bool)
    /// Work, or nil when there is none left.
    case resumeWorker(WorkerToken, Numbered?)
    /// The next result, or nil at the end.
    case resumeWriter(WriterToken, Output?)
  }

  private let window: Int
  private let bytesInFlightLimit: Int
  /// How many items were admitted.
  private(set) var admitted = 0
  /// How many results were collected.
  private(set) var collected = 0
  private var bytesInFlight = 0
  /// Nil where an item was taken: what a worker is done with must not stay in memory.
  private var queue: [Numbered?] = []
  private var queueHead = 0
  private var weights: [Int: Int] = [:]
  private var results: [Int: Output] = [:]
  private var waitingReader: (token: ReaderToken, item: Item, weight: Int)?
  private var waitingWorkers: [WorkerToken] = []
  private var waitingWriter: WriterToken?
  private var isClosed = false

  /// - Parameters:
  ///   - window: how many items may be between the reader and the writer.
  ///   - bytesInFlightLimit: how heavy they may be together; a single item may be heavier.
  init(window: Int, bytesInFlightLimit: Int) {
    self.window = window
    self.bytesInFlightLimit = bytesInFlightLimit
  }

  /// The reader offers an item; it is resumed at once or when there is room. Never called again before that.
  mutating func admit(_ item: Item, weight: Int, token: ReaderToken) -> [Action] {
    if isClosed { return [.resumeReader(token, false)] }
    guard hasRoom(for: weight) else {
      waitingReader = (token, item, weight)
      return []
    }
    return [.resumeReader(token, true)] + enqueue(item, weight)
  }

  /// No items come any more; what was admitted is still worked on. A waiting item is refused.
  mutating func close() -> [Action] {
    guard !isClosed else { return [] }
    isClosed = true
    var actions: [Action] = []
    if let reader = waitingReader {
      waitingReader = nil
      actions.append(.resumeReader(reader.token, false))
    }
    if queueHead == queue.count {
      actions += waitingWorkers.map { .resumeWorker($0, nil) }
      waitingWorkers = []
    }
    return actions + endWriter()
  }

  /// A worker asks for work.
  mutating func take(token: WorkerToken) -> [Action] {
    if let next = takeWaiting() { return [.resumeWorker(token, next)] }
    if isClosed { return [.resumeWorker(token, nil)] }
    waitingWorkers.append(token)
    return []
  }

  /// The next item for a worker that would not wait for one; nil when no more than `rest` are there, which are left for others.
  mutating func takeWaiting(leaving rest: Int = 0) -> Numbered? {
    guard queue.count - queueHead > rest else { return nil }
    let next = queue[queueHead]
    queue[queueHead] = nil
    queueHead += 1
    if queueHead > 64, queueHead * 2 > queue.count {
      queue.removeFirst(queueHead)
      queueHead = 0
    }
    return next
  }

  /// A worker hands in the result of an item. Each sequence number is delivered exactly once.
  mutating func deliver(_ result: Output, sequence: Int) -> [Action] {
    results[sequence] = result
    guard let writer = waitingWriter, sequence == collected else { return [] }
    waitingWriter = nil
    return collect(token: writer)
  }

  /// The writer asks for the next result in order.
  mutating func collect(token: WriterToken) -> [Action] {
    guard let result = results.removeValue(forKey: collected) else {
      waitingWriter = token
      return endWriter()
    }
    bytesInFlight -= weights.removeValue(forKey: collected) ?? 0
    collected += 1
    var actions: [Action] = [.resumeWriter(token, result)]
    if let reader = waitingReader, hasRoom(for: reader.weight) {
      waitingReader = nil
      actions.append(.resumeReader(reader.token, true))
      actions += enqueue(reader.item, reader.weight)
    }
    return actions
  }

  /// Whether the next result in order is there.
  var hasResult: Bool { results[collected] != nil }

  private func hasRoom(for weight: Int) -> Bool {
    admitted - collected < window && (bytesInFlight == 0 || bytesInFlight + weight <= bytesInFlightLimit)
  }

  private mutating func enqueue(_ item: Item, _ weight: Int) -> [Action] {
    let sequence = admitted
    admitted += 1
    bytesInFlight += weight
    weights[sequence] = weight
    if let worker = waitingWorkers.popLast() { return [.resumeWorker(worker, (sequence, item))] }
    queue.append((sequence, item))
    return []
  }

  private mutating func endWriter() -> [Action] {
    guard isClosed, collected == admitted, let writer = waitingWriter else { return [] }
    waitingWriter = nil
    return [.resumeWriter(writer, nil)]
  }
}

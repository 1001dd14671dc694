/// Carries items from one reader to many workers and their results, in order, to one writer. See `ConveyorState` for the rules.
final class Conveyor<Item: Sendable, Output: Sendable>: Sendable {
  private typealias State = ConveyorState<
    Item, Output, CheckedContinuation<Bool, Never>, CheckedContinuation<(sequence: Int, item: Item)?, Never>,
    CheckedContinuation<Output?, Never>
  >

  private let state: Locked<State>

  init(window: Int, bytesInFlightLimit: Int) {
    state = Locked(State(window: window, bytesInFlightLimit: bytesInFlightLimit))
  }

  /// How many items were admitted so far.
  var admitted: Int { state.withLock { $0.admitted } }

  /// Whether the next result in order is there already.
  var hasResult: Bool { state.withLock { $0.hasResult } }

  /// Waits for room; false when the run takes no more items. For one caller at a time.
  func admit(_ item: Item, weight: Int) async -> Bool {
    await visibly { token in
      perform(state.withLock { $0.admit(item, weight: weight, token: token) })
    }
  }

  /// Ends the admission. May be called from any thread, also more than once.
  func close() {
    perform(state.withLock { $0.close() })
  }

  /// Waits for work; nil when there is none left.
  func take() async -> (sequence: Int, item: Item)? {
    await visibly { token in
      perform(state.withLock { $0.take(token: token) })
    }
  }

  /// Work that is there already; nil when no more than `rest` of it is, which is left for others.
  func takeWaiting(leaving rest: Int) -> (sequence: Int, item: Item)? {
    state.withLock { $0.takeWaiting(leaving: rest) }
  }

  /// Never waits.
  func deliver(_ result: Output, sequence: Int) {
    perform(state.withLock { $0.deliver(result, sequence: sequence) })
  }

  /// Waits for the next result in order; nil at the end. For one caller at a time.
  func collect() async -> Output? {
    await visibly { token in
      perform(state.withLock { $0.collect(token: token) })
    }
  }

  /// A continuation that another thread resumes before this one has come to wait is handed over by atomics of the Swift runtime alone, which
  /// ThreadSanitizer cannot see. The lock that the other thread held before tells it so.
  private func visibly<Value: Sendable>(_ body: (CheckedContinuation<Value, Never>) -> Void) async -> Value {
    let value = await withCheckedContinuation(body)
    state.withLock { _ in }
    return value
  }

  private func perform(_ actions: [State.Action]) {
    for action in actions {
      switch action {
      case .resumeReader(let token, let taken): token.resume(returning: taken)
      case .resumeWorker(let token, let work): token.resume(returning: work)
      case .resumeWriter(let token, let result): token.resume(returning: result)
      }
    }
  }
}

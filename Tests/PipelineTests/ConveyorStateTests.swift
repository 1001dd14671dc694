import TestSupport
import Testing

@testable import Pipeline

@Suite struct ConveyorStateTests {
  private typealias State = ConveyorState<String, String, Int, Int, Int>

  /// Actions as short text: r=reader, w=worker, o=writer.
  private func text(_ actions: [State.Action]) -> [String] {
    actions.map {
      switch $0 {
      case .resumeReader(let token, let taken): "r\(token) \(taken)"
      case .resumeWorker(let token, let work): "w\(token) " + (work.map { "\($0.sequence):\($0.item)" } ?? "end")
      case .resumeWriter(let token, let result): "o\(token) " + (result ?? "end")
      }
    }
  }

  @Test func anItemGoesToAWaitingWorkerAndItsResultToTheWaitingWriter() {
    var state = State(window: 4, bytesInFlightLimit: 100)
    #expect(text(state.take(token: 1)) == [])
    #expect(text(state.admit("a", weight: 1, token: 0)) == ["r0 true", "w1 0:a"])
    #expect(text(state.collect(token: 9)) == [])
    #expect(text(state.deliver("A", sequence: 0)) == ["o9 A"])
  }

  @Test func resultsLeaveInTheOrderOfTheItems() {
    var state = State(window: 4, bytesInFlightLimit: 100)
    for item in ["a", "b", "c"] { _ = state.admit(item, weight: 1, token: 0) }
    for worker in 0..<3 { _ = state.take(token: worker) }
    #expect(text(state.collect(token: 9)) == [])
    #expect(text(state.deliver("C", sequence: 2)) == [])
    #expect(text(state.deliver("A", sequence: 0)) == ["o9 A"])
    #expect(text(state.collect(token: 9)) == [])
    #expect(text(state.deliver("B", sequence: 1)) == ["o9 B"])
    #expect(text(state.collect(token: 9)) == ["o9 C"])
  }

  @Test func theWindowHoldsTheReaderUntilAResultIsCollected() {
    var state = State(window: 1, bytesInFlightLimit: 100)
    #expect(text(state.admit("a", weight: 1, token: 0)) == ["r0 true"])
    #expect(text(state.admit("b", weight: 1, token: 0)) == [])
    #expect(text(state.take(token: 1)) == ["w1 0:a"])
    // Delivering is not enough: the buffer between workers and writer is inside the window.
    #expect(text(state.deliver("A", sequence: 0)) == [])
    #expect(text(state.collect(token: 9)) == ["o9 A", "r0 true"])
    #expect(text(state.take(token: 1)) == ["w1 1:b"])
  }

  @Test func bytesInFlightHoldTheReaderButNeverASingleItem() {
    var state = State(window: 10, bytesInFlightLimit: 100)
    #expect(text(state.admit("huge", weight: 5000, token: 0)) == ["r0 true"])
    #expect(text(state.admit("small", weight: 1, token: 0)) == [])
    _ = state.take(token: 1)
    _ = state.deliver("H", sequence: 0)
    #expect(text(state.collect(token: 9)) == ["o9 H", "r0 true"])
  }

  @Test func closingRefusesTheWaitingReaderAndEndsWorkersAndWriter() {
    var state = State(window: 1, bytesInFlightLimit: 100)
    _ = state.admit("a", weight: 1, token: 0)
    _ = state.admit("b", weight: 1, token: 7)
    #expect(text(state.close()) == ["r7 false"])
    #expect(text(state.close()) == [])
    #expect(text(state.admit("c", weight: 1, token: 8)) == ["r8 false"])
    #expect(text(state.take(token: 1)) == ["w1 0:a"])
    #expect(text(state.take(token: 1)) == ["w1 end"])
    #expect(text(state.collect(token: 9)) == [])
    #expect(text(state.deliver("A", sequence: 0)) == ["o9 A"])
    #expect(text(state.collect(token: 9)) == ["o9 end"])
    #expect(state.admitted == 1)
  }

  @Test func closingWakesIdleWorkersAndWriter() {
    var state = State(window: 1, bytesInFlightLimit: 100)
    _ = state.take(token: 1)
    _ = state.take(token: 2)
    _ = state.collect(token: 9)
    #expect(Set(text(state.close())) == ["w1 end", "w2 end", "o9 end"])
  }

  /// Taken items once stayed in the queue until 64 of them had been taken, whatever their size.
  @Test func aTakenItemIsNotHeldOnTo() {
    final class Page {}
    var state = ConveyorState<Page, Int, Int, Int, Int>(window: 4, bytesInFlightLimit: 100)
    weak var page: Page?
    do {
      let made = Page()
      page = made
      _ = state.admit(made, weight: 1, token: 0)
    }
    #expect(page != nil)
    _ = state.take(token: 1)
    #expect(page == nil)
  }

  /// Any order of calls: nothing is lost, nothing comes twice, the order holds, the window holds.
  @Test(arguments: 0..<200) func anyInterleavingKeepsOrderAndWindow(_ seed: Int) {
    var random = SeededGenerator(seed)
    let window = Int.random(in: 1...5, using: &random)
    let total = Int.random(in: 0...30, using: &random)
    var state = State(window: window, bytesInFlightLimit: Int.random(in: 1...20, using: &random))
    var offered = 0
    var readerWaits = false
    var idleWorkers: Set<Int> = [0, 1, 2]
    var busy: [Int] = []
    var writerWaits = false
    var collected: [String] = []
    var isClosed = false
    var isFinished = false
    func perform(_ actions: [State.Action]) {
      for action in actions {
        switch action {
        case .resumeReader: readerWaits = false
        case .resumeWorker(let worker, let work): if let work { busy.append(work.sequence) } else { idleWorkers.remove(worker) }
        case .resumeWriter(_, let result):
          writerWaits = false
          if let result { collected.append(result) } else { isFinished = true }
        }
      }
    }
    var waitingWorkers: Set<Int> = []
    for _ in 0..<5000 where !isFinished {
      switch Int.random(in: 0..<4, using: &random) {
      case 0:
        if offered < total, !readerWaits {
          readerWaits = true
          offered += 1
          perform(state.admit("\(offered - 1)", weight: Int.random(in: 1...15, using: &random), token: 0))
        } else if offered == total, !readerWaits, !isClosed {
          isClosed = true
          perform(state.close())
        }
      case 1:
        if waitingWorkers.count < 3 {
          waitingWorkers.insert(waitingWorkers.count)
          perform(state.take(token: waitingWorkers.count - 1))
        }
      case 2:
        if let at = busy.indices.randomElement(using: &random) {
          let sequence = busy.remove(at: at)
          if let freed = waitingWorkers.first { waitingWorkers.remove(freed) }
          perform(state.deliver("\(sequence)", sequence: sequence))
        }
      default:
        if !writerWaits {
          writerWaits = true
          perform(state.collect(token: 0))
        }
      }
      #expect(state.admitted - state.collected <= window)
    }
    #expect(isFinished)
    #expect(collected == (0..<total).map(String.init))
  }
}

import Synchronization

/// How far a run has come.
public struct RunProgress: Sendable {
  /// The sum so far.
  public let summary: RunSummary
  /// Since the run began.
  public let seconds: Double
  /// Bytes of input that were read, as they lie on the disk; ahead of the sum by the documents in flight.
  public let bytesRead: Int
  /// Bytes of input in all; nil where that is not known.
  public let bytesInAll: Int?
  /// Bytes that earlier runs of the same batch have read.
  public let bytesBefore: Int

  init(summary: RunSummary, seconds: Double, bytesRead: Int, bytesInAll: Int?, bytesBefore: Int) {
    self.summary = summary
    self.seconds = seconds
    self.bytesRead = bytesRead
    self.bytesInAll = bytesInAll
    self.bytesBefore = bytesBefore
  }

  /// The end of a run, after what was observed last.
  public init(_ sum: RunSummary, after last: RunProgress?) {
    self.init(
      summary: sum, seconds: sum.seconds, bytesRead: last?.bytesRead ?? 0, bytesInAll: last?.bytesInAll,
      bytesBefore: last?.bytesBefore ?? 0)
  }

  /// How many seconds are left, at the pace so far; nil where nobody can tell.
  public var secondsLeft: Double? {
    let read = bytesRead - bytesBefore
    guard let bytesInAll, read > 0, seconds >= 1 else { return nil }
    return max(0, Double(bytesInAll - bytesRead) / (Double(read) / seconds))
  }
}

/// Counts the bytes of input that were read. May be used from several threads.
final class InputMeter: Sendable {
  private let done = Atomic(0)
  /// 0 for not known.
  private let all = Atomic(0)
  private let earlier = Atomic(0)

  func add(_ bytes: Int) { done.add(bytes, ordering: .relaxed) }

  func begin(earlier bytes: Int) {
    earlier.store(bytes, ordering: .relaxed)
    add(bytes)
  }

  var bytesRead: Int { done.load(ordering: .relaxed) }
  var bytesBefore: Int { earlier.load(ordering: .relaxed) }

  var bytesInAll: Int? {
    let bytes = all.load(ordering: .relaxed)
    return bytes > 0 ? bytes : nil
  }

  func expect(_ bytes: Int) { all.store(bytes, ordering: .relaxed) }
}

import Glibc
import Logging
import Pipeline

/// How messages of a run are written.
enum LogFormat: String, CaseIterable {
  /// A line for people.
  case text
  /// A JSON object a line, for programs that collect logs.
  case json
}

/// Writes messages of the engine to stderr, one line each.
struct LineLogHandler: LogHandler {
  let reporter: RunReporter
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info

  init(reporter: RunReporter) {
    self.reporter = reporter
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    reporter.say("\(event.message)", level: "\(event.level)")
  }
}

/// Tells people and programs how a run goes. May be used from several threads.
final class RunReporter: Sendable {
  private let format: LogFormat
  private let line: ProgressLine?
  private let metrics: MetricsFile?
  private let state = Locked(State())

  private struct State {
    var last: RunProgress?
    var written: ContinuousClock.Instant?
  }

  /// The collector reads every 15 seconds or so.
  private static let metricsInterval = Duration.seconds(5)

  init(format: LogFormat, showsProgress: Bool, pipeline: String, metrics path: String?) {
    self.format = format
    line = showsProgress ? ProgressLine() : nil
    metrics = path.map { MetricsFile(path: $0, pipeline: pipeline) }
  }

  /// Whether it is worth finding out how much there is to be read.
  var wantsMeasure: Bool { line != nil }

  func say(_ message: String, level: String) {
    let text = format == .json ? JSONLine.make(level: level, message: message) : Terminal.safe("\(level): \(message)", isOneLine: true)
    if let line { line.write(above: text) } else { complain(text) }
  }

  func observe(_ progress: RunProgress) {
    let isDue = state.withLock { state in
      state.last = progress
      let now = ContinuousClock.now
      if let written = state.written, now - written < Self.metricsInterval { return false }
      state.written = now
      return true
    }
    line?.show(progress)
    guard isDue, let metrics else { return }
    do {
      try metrics.write(progress, status: nil)
    } catch {
      say("\(error)", level: "warning")
    }
  }

  /// Takes the progress line away.
  func clear() { line?.clear() }

  /// Says why a run came to no end.
  func fail(_ error: any Error) {
    line?.clear()
    try? metrics?.write(state.withLock { $0.last }, status: ExitStatus.of(error))
    if format == .json { complain(JSONLine.make(level: "error", message: "\(error)")) }
  }

  /// The status for an error; where it was said already, without a message.
  func status(of error: any Error) -> any Error {
    format == .json ? ExitStatus.of(error) : error
  }

  /// Says the sum.
  /// - Throws: `IOError`, `OutputInUse`.
  func end(_ sum: RunSummary, _ status: ExitStatus, quiet: Bool) throws {
    line?.clear()
    let last = state.withLock { $0.last }
    try metrics?.write(RunProgress(sum, after: last), status: status)
    guard !quiet || status != .done else { return }
    if format == .json {
      complain(
        JSONLine.make(level: status == .done ? "info" : "warning", message: "the run has ended", summary: Array(sum.json.dropLast())))
    } else {
      complain(sum.text)
    }
  }
}

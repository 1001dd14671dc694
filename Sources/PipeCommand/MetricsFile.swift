import Glibc
import Pipeline

/// The figures of a run in the text format of Prometheus, for the textfile collector of node_exporter.
///
/// Source of the format: the Prometheus documentation, "Exposition formats", text-based format 0.0.4.
struct MetricsFile: Sendable {
  let path: String
  let pipeline: String
  /// Seconds since 1970.
  private let start = time(nil)

  init(path: String, pipeline: String) {
    self.path = path
    self.pipeline = pipeline
  }

  /// Writes the file anew; readers see the old one or the new one.
  /// - Parameters:
  ///   - progress: nil for a run that did not come to work.
  ///   - status: the exit status; nil while the run goes on.
  /// - Throws: `IOError`, `OutputInUse`.
  func write(_ progress: RunProgress?, status: ExitStatus?) throws {
    try TextFile.write(text(progress, status: status), to: path)
  }

  func text(_ progress: RunProgress?, status: ExitStatus?) -> String {
    var lines: [String] = []
    func family(_ name: String, _ type: String, _ help: String, _ samples: [(labels: [(String, String)], value: String)]) {
      guard !samples.isEmpty else { return }
      lines.append("# HELP pipe_\(name) \(help)")
      lines.append("# TYPE pipe_\(name) \(type)")
      for (labels, value) in samples {
        let all = ([("pipeline", pipeline)] + labels).map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
        lines.append("pipe_\(name){\(all)} \(value)")
      }
    }
    func one(_ value: some CustomStringConvertible) -> [(labels: [(String, String)], value: String)] { [([], "\(value)")] }

    func addFigures(_ progress: RunProgress) {
      let sum = progress.summary
      let outcomes = [("out", sum.output), ("dropped", sum.droppedCount), ("rejected", sum.rejected), ("seen", sum.seen)]
      family(
        "documents_total", "counter", "Documents of the run, or of the whole batch, by what became of them.",
        outcomes.map { ([("outcome", $0)], "\($1)") })
      family(
        "dropped_total", "counter", "Documents that a stage dropped, by reason.",
        sum.dropped.sorted { $0.key < $1.key }.map { ([("reason", $0.key)], "\($0.value)") })
      family(
        "rejected_total", "counter", "Documents that were rejected, by stage; none where no stage was at work.",
        sum.stages.enumerated().filter { $1.rejected > 0 }.map { ([("stage", $1.use), ("index", "\($0)")], "\($1.rejected)") }
          + [([("stage", "none"), ("index", "")], "\(sum.rejected - sum.stages.reduce(0) { $0 + $1.rejected })")])
      family(
        "removed_total", "counter", "Removals of text, by stage and reason.",
        sum.stages.enumerated().flatMap { index, stage in
          stage.removed.sorted { $0.key < $1.key }.map {
            ([("stage", stage.use), ("index", "\(index)"), ("reason", $0.key)], "\($0.value)")
          }
        })
      family("input_bytes_total", "counter", "Bytes of input that were read.", one(progress.bytesRead))
      if let all = progress.bytesInAll { family("input_bytes", "gauge", "Bytes of input in all.", one(all)) }
      family("run_seconds", "gauge", "How long the run has taken so far.", one((progress.seconds * 1000).rounded() / 1000))
    }

    if let progress { addFigures(progress) }
    family("run_start_timestamp_seconds", "gauge", "When the run began.", one(start))
    family("run_running", "gauge", "1 while the run goes on.", one(status == nil ? 1 : 0))
    if let status {
      family("run_end_timestamp_seconds", "gauge", "When the run ended.", one(time(nil)))
      family("run_exit_status", "gauge", "The exit status of the run; 0 is success.", one(status.rawValue))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func escaped(_ label: String) -> String {
    label.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}

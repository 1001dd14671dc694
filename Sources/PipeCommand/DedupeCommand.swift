import ArgumentParser
import Glibc
import Logging
import Pipeline
import Stages

struct DedupeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dedupe",
    abstract: "Keep one of each text in files that a pipeline has written.",
    discussion: """
      Reads JSON Lines twice: first to find copies, then to write the records that are kept, as they stand. Of texts that are alike, the
      longest is kept, or that of a preferred host; the others are named in the rejects file, each with the id of the one that was kept.
      The near-duplicates stage finds copies while a pipeline runs, and keeps the earliest.

        pipe dedupe out/news.jsonl -o unique.jsonl
        pipe dedupe out/news/part-*.jsonl -o unique.jsonl --prefer apnews.com --prefer reuters.com
      """)

  @Argument(help: "Files of JSON Lines, also .gz and .zst, folders or patterns.", completion: .file())
  var files: [String]

  @Option(name: .shortAndLong, help: "The file to write, or - for standard output; .gz or .zst compresses.")
  var output: String

  @Option(help: "Which copy is kept: longest or earliest.")
  var keep = CopyChoice.Winner.longest

  @Option(help: "A host whose copy is kept before all others. Can be repeated, the most preferred first.")
  var prefer: [String] = []

  @Option(help: "How alike texts are at least, from 0.2 to 1.")
  var threshold = 0.6

  @Option(help: "How many words are compared at a time, from 1 to 20.")
  var words = 3

  @Option(help: "The rejects file; NAME.rejects.jsonl beside the output unless given.")
  var rejects: String?

  @Option(help: "How many documents are worked on at once; one a core unless given.")
  var workers: Int?

  @Flag(name: .shortAndLong, help: "Print the summary only when something went wrong.")
  var quiet = false

  func validate() throws {
    if let workers, !(1...256).contains(workers) { throw ValidationError("--workers takes a number from 1 to 256.") }
    if !(0.2...1).contains(threshold) { throw ValidationError("--threshold takes a number from 0.2 to 1.") }
    for host in prefer where host.contains("/") || host.contains(":") {
      throw ValidationError("--prefer takes a host such as example.com, not \"\(host)\".")
    }
    if !(1...20).contains(words) { throw ValidationError("--words takes a number from 1 to 20.") }
  }

  func run() async throws {
    // Every record of the files is one of the pipeline's output.
    var configuration = try Configuration.load(
      bytes: Array(#"{"name": "dedupe", "stages": [{"use": "near-duplicates"}]}"#.utf8), path: "dedupe", folder: "",
      registry: AvailableStages.registry)
    configuration.input.paths = files
    configuration.input.format = .jsonl
    configuration.output.path = output
    configuration.rejects.path = rejects
    configuration.run.workers = workers
    if let path = files.first(where: { !TwoPass.canBeReadTwice($0) }) {
      complain("error: the files are read twice, which cannot be done with \(path == "-" ? "standard input" : path)")
      throw ExitStatus.usage
    }
    let problems = PipelineRun.problems(with: configuration)
    guard problems.isEmpty else {
      for error in problems { complain("error: \(error)") }
      throw ExitStatus.usage
    }
    let choice = CopyChoice(threshold: threshold, words: words, winner: keep, preferredHosts: prefer)
    let verdicts = CopyVerdicts()
    let current = Locked<PipelineRun?>(nil)
    Signals.handle { signal in current.withLock { $0 }?.stop(signal: signal) }
    var sum: RunSummary?
    for step in [try choice.finding(configuration, verdicts), choice.keeping(configuration, verdicts)] {
      let reporter = RunReporter(format: .text, showsProgress: !quiet && Terminal.isWatched, pipeline: "dedupe", metrics: nil)
      let run = PipelineRun(
        step, measuresInput: reporter.wantsMeasure, observer: { reporter.observe($0) },
        logger: Logger(label: "pipe") { _ in LineLogHandler(reporter: reporter) })
      current.withLock { $0 = run }
      defer { reporter.clear() }
      let result = try await run.execute()
      if let signal = result.stoppedBySignal { throw ExitStatus.stopped(by: signal) }
      sum = result
    }
    guard let sum else { return }
    if !quiet || sum.rejected > 0 { complain(sum.text) }
    throw sum.rejected > 0 ? ExitStatus.tooManyRejects : ExitStatus.done
  }
}

extension CopyChoice.Winner: ExpressibleByArgument {}

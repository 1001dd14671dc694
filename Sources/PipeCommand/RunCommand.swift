import ArgumentParser
import Logging
import Pipeline

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a pipeline.",
    discussion: """
      Reads the inputs of CONFIG, or those given with --input, and writes one JSON line a document.

      Inputs are HTML and text files (.html .htm .xhtml .txt .md), JSON Lines (.jsonl .ndjson), web archives (.warc), rows (.csv .tsv) and,
      where the pipeline says what a record is, XML (.xml .rss .atom .rdf), each also with .gz or .zst. A folder means every file below it; a
      pattern in quotes such as 'pages/**/*.html' is expanded; - is standard input. The summary is printed on stderr.

      A run that is stopped by SIGINT or SIGTERM finishes the documents in flight and leaves them in OUTPUT.partial. With "parts" in its
      output, a run is a batch in a folder: stopped at any moment, even by a crash of the machine, the same command continues it, and
      nothing is lost or there twice. pipe status FOLDER says how far it has come.

        pipe run nightly.json
        pipe run nightly.json --only-new --metrics pipe.prom
        pipe run news.json -i news.rejects.jsonl --retry -o more.jsonl
      """)

  @Argument(help: "The pipeline, a JSON file.", completion: .file(extensions: ["json"]))
  var config: String

  @Option(name: .shortAndLong, help: "A file, folder, pattern or - to read instead of the configuration's inputs. Can be repeated.")
  var input: [String] = []

  @Option(name: .shortAndLong, help: "The file to write, or - for standard output; .gz or .zst compresses.")
  var output: String?

  @Option(help: "The rejects file; NAME.rejects.jsonl beside the output unless given.")
  var rejects: String?

  @Option(help: "How inputs are read: \(InputFormat.allCases.map(\.rawValue).joined(separator: ", ")).")
  var format: InputFormat?

  @Option(help: "How results are written: jsonl, or markdown or text with one file a document in the folder OUTPUT.")
  var outputFormat: OutputFormat?

  @Option(help: "How many documents are worked on at once; one a core unless given.")
  var workers: Int?

  @Option(help: "Where documents are worked on: process, in processes of their own, or none, in this one.")
  var isolation: Isolation?

  @Option(help: "Exit with status 1 when more documents than this are rejected.")
  var maxRejects: Int?

  @Option(help: "The largest document, such as 64MB.")
  var limitDocument: String?

  @Option(help: "The processor time that one document may take, such as 10s.")
  var limitTime: String?

  @Option(help: "The memory that one document may take, such as 1GB.")
  var limitMemory: String?

  @Option(help: "Stop after this many documents.")
  var limit: Int?

  @Flag(help: "First learn what repeats on the sites of these inputs, then clean them with that.")
  var twoPass = false

  @Flag(help: "Throw away the batch that is in the output folder, and begin again.")
  var restart = false

  @Flag(help: "Skip documents whose content an earlier batch has read, by the configuration's \"state\".")
  var onlyNew = false

  @Option(help: "The file that remembers what was read, instead of the configuration's.")
  var state: String?

  @Option(help: "The day that {date} in paths stands for, as 2026-01-31; today unless given.")
  var date: String?

  @Flag(help: "The inputs are rejects files: try their rejected documents again.")
  var retry = false

  @Option(help: "Keep the figures of the run in this file, for Prometheus.")
  var metrics: String?

  @Option(help: "How messages are written: text or json.")
  var logFormat = LogFormat.text

  @Option(help: "Write the summary as JSON to this file.")
  var summary: String?

  @Flag(name: .shortAndLong, help: "Print the summary only when something went wrong.")
  var quiet = false

  func validate() throws {
    if let workers, !(1...256).contains(workers) { throw ValidationError("--workers takes a number from 1 to 256.") }
    if retry, input.isEmpty || output == nil {
      throw ValidationError("--retry takes rejects files with --input, and an output of its own with --output.")
    }
    try validateDate(date)
    if let limit, limit < 1 { throw ValidationError("--limit takes a number of at least 1.") }
    if let maxRejects, maxRejects < 0 { throw ValidationError("--max-rejects takes a number of at least 0.") }
    if let limitDocument, Size.parse(limitDocument) == nil {
      throw ValidationError("--limit-document takes a size such as 64MB, not \"\(limitDocument)\".")
    }
    if let limitMemory, Size.parse(limitMemory) == nil {
      throw ValidationError("--limit-memory takes a size such as 1GB, not \"\(limitMemory)\".")
    }
    if let limitTime, Milliseconds.parse(limitTime) == nil {
      throw ValidationError("--limit-time takes a time such as 10s, not \"\(limitTime)\".")
    }
  }

  func run() async throws {
    var configuration = try loadConfiguration(config)
    if !input.isEmpty { configuration.input.paths = input }
    if let format { configuration.input.format = format }
    if let output { configuration.output.path = output }
    if let outputFormat { configuration.output.format = outputFormat }
    if let rejects { configuration.rejects.path = rejects }
    if let workers { configuration.run.workers = workers }
    if let maxRejects { configuration.run.maxRejects = maxRejects }
    if let limitDocument, let bytes = Size.parse(limitDocument) { configuration.run.documentLimit = bytes }
    if let isolation { configuration.run.isolation = isolation }
    if let limitTime, let milliseconds = Milliseconds.parse(limitTime) { configuration.run.timeLimit = milliseconds }
    if let limitMemory, let bytes = Size.parse(limitMemory) { configuration.run.memoryLimit = bytes }
    configuration.run.summaryPath = summary
    configuration.run.metricsPath = metrics
    if let state { configuration.statePath = state }
    configuration.run.onlyNew = onlyNew
    configuration.run.retries = retry
    configuration.fillPaths(date: date ?? Configuration.today())
    if restart, configuration.output.partSize == nil {
      complain("error: --restart throws away a batch, and \(config) makes none: it has no \"parts\" in its output")
      throw ExitStatus.usage
    }
    guard !configuration.input.paths.isEmpty else {
      complain("error: there is nothing to read: name files with --input PATH, or in \"input\": {\"paths\": […]} of \(config)")
      throw ExitStatus.usage
    }
    let reporter = RunReporter(
      format: logFormat, showsProgress: !quiet && logFormat == .text && Terminal.isWatched, pipeline: configuration.name,
      metrics: configuration.run.metricsPath)
    let problems = PipelineRun.problems(with: configuration)
    guard problems.isEmpty else {
      for error in problems { reporter.say("\(error)", level: "error") }
      throw ExitStatus.usage
    }
    let current = Locked<PipelineRun?>(nil)
    Signals.handle { signal in current.withLock { $0 }?.stop(signal: signal) }
    var pass: TwoPass?
    defer { pass?.end() }
    if twoPass {
      pass = try TwoPass(configuration, restarts: restart)
      configuration = try await pass!.learn(date: date ?? Configuration.today()) { run in current.withLock { $0 = run } }
    }
    let run = PipelineRun(
      configuration, limit: limit, workerProgram: ["/proc/self/exe", WorkerService.subcommand], restarts: restart,
      measuresInput: reporter.wantsMeasure, observer: { reporter.observe($0) },
      logger: Logger(label: "pipe") { _ in LineLogHandler(reporter: reporter) })
    current.withLock { $0 = run }
    let sum: RunSummary
    do {
      sum = try await run.execute()
    } catch {
      reporter.fail(error)
      throw reporter.status(of: error)
    }
    let status = status(sum, configuration)
    try reporter.end(sum, status, quiet: quiet)
    if let path = configuration.run.summaryPath { try TextFile.write(String(decoding: sum.json, as: UTF8.self), to: path) }
    throw status
  }

  private func status(_ sum: RunSummary, _ configuration: Configuration) -> ExitStatus {
    if let signal = sum.stoppedBySignal { return .stopped(by: signal) }
    if !sum.isBalanced { return .inputOutput }
    if sum.wasComplete { return .done }
    return sum.rejected > configuration.run.maxRejects ? .tooManyRejects : .done
  }
}

/// - Throws: `ValidationError` for what is no day.
func validateDate(_ date: String?) throws {
  if let date, date.wholeMatch(of: /\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])/) == nil {
    throw ValidationError("--date takes a day such as 2026-01-31, not \"\(date)\".")
  }
}

extension InputFormat: ExpressibleByArgument {}
extension OutputFormat: ExpressibleByArgument {}
extension Isolation: ExpressibleByArgument {}
extension LogFormat: ExpressibleByArgument {}

/// A configuration; a file that is not there is wrong usage rather than trouble with files.
func loadConfiguration(_ path: String) throws -> Configuration {
  do {
    return try Configuration.load(path: path, registry: AvailableStages.registry)
  } catch let error as IOError {
    complain("error: \(error)")
    throw ExitStatus.usage
  }
}

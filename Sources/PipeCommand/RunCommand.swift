import ArgumentParser
import Logging
import Pipeline

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a pipeline.",
    discussion: """
      Reads the inputs of CONFIG, or those given with --input, and writes one JSON line a document.

      Inputs are HTML and text files (.html .htm .xhtml .txt .md), JSON Lines (.jsonl .ndjson), rows (.csv .tsv) and, where the pipeline says
      what a record is, XML (.xml .rss .atom .rdf), each also with .gz or .zst; a folder means every file below it; a pattern in quotes such
      as 'pages/**/*.html' is expanded; - is standard input. The summary is printed on stderr.
      A run that is stopped by SIGINT or SIGTERM finishes the documents in flight and leaves them in OUTPUT.partial.
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

  @Option(help: "Exit with status 1 when more documents than this are rejected.")
  var maxRejects: Int?

  @Option(help: "The largest document, such as 64MB.")
  var limitDocument: String?

  @Option(help: "Stop after this many documents.")
  var limit: Int?

  @Option(help: "Write the summary as JSON to this file.")
  var summary: String?

  @Flag(name: .shortAndLong, help: "Print the summary only when something went wrong.")
  var quiet = false

  func validate() throws {
    if let workers, !(1...256).contains(workers) { throw ValidationError("--workers takes a number from 1 to 256.") }
    if let limit, limit < 1 { throw ValidationError("--limit takes a number of at least 1.") }
    if let maxRejects, maxRejects < 0 { throw ValidationError("--max-rejects takes a number of at least 0.") }
    if let limitDocument, Size.parse(limitDocument) == nil {
      throw ValidationError("--limit-document takes a size such as 64MB, not \"\(limitDocument)\".")
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
    configuration.run.summaryPath = summary
    guard !configuration.input.paths.isEmpty else {
      complain("error: there is nothing to read: name files with --input PATH, or in \"input\": {\"paths\": […]} of \(config)")
      throw ExitStatus.usage
    }
    let problems = PipelineRun.problems(with: configuration)
    guard problems.isEmpty else {
      for error in problems { complain("error: \(error)") }
      throw ExitStatus.usage
    }
    let run = PipelineRun(configuration, limit: limit, logger: Logger(label: "pipe") { StreamLogHandler.standardError(label: $0) })
    Signals.handle { run.stop(signal: $0) }
    let sum = try await run.execute()
    let status = status(sum, configuration)
    if !quiet || status != .done { complain(sum.text) }
    if let summary { try TextFile.write(String(decoding: sum.json, as: UTF8.self), to: summary) }
    throw status
  }

  private func status(_ sum: RunSummary, _ configuration: Configuration) -> ExitStatus {
    if let signal = sum.stoppedBySignal { return signal == 15 ? .terminated : .interrupted }
    if !sum.isBalanced { return .inputOutput }
    return sum.rejected > configuration.run.maxRejects ? .tooManyRejects : .done
  }
}

extension InputFormat: ExpressibleByArgument {}
extension OutputFormat: ExpressibleByArgument {}

/// A configuration; a file that is not there is wrong usage rather than trouble with files.
func loadConfiguration(_ path: String) throws -> Configuration {
  do {
    return try Configuration.load(path: path, registry: AvailableStages.registry)
  } catch let error as IOError {
    complain("error: \(error)")
    throw ExitStatus.usage
  }
}

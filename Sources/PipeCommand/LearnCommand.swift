import ArgumentParser
import Glibc
import Logging
import Pipeline
import Stages

struct LearnCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn",
    abstract: "Count the lines that repeat on each site, for the boilerplate stage to drop.",
    discussion: """
      Runs CONFIG up to its "boilerplate" stage over the inputs and counts the lines that are left, by site and over distinct pages. The
      stage drops what recurs when its option "profile" names the profile. A profile grows from night to night, and learning a page twice
      changes nothing.

        pipe learn news.json --input pages/ --profile site.sqlite
        pipe learn --profile site.sqlite --report --html report.html
        pipe learn --profile all.sqlite --merge monday.sqlite tuesday.sqlite
        pipe learn --profile site.sqlite --forget 90
      """)

  @Argument(help: "The pipeline, a JSON file.", completion: .file(extensions: ["json"]))
  var config: String?

  @Option(name: .shortAndLong, help: "A file, folder or pattern to read instead of the configuration's inputs. Can be repeated.")
  var input: [String] = []

  @Option(help: "The profile, which is made when it is not there.", completion: .file(extensions: ["sqlite"]))
  var profile: String

  @Flag(help: "Count paragraphs across sites too, for the option \"acrossSites\".")
  var acrossSites = false

  @Option(parsing: .upToNextOption, help: "Other profiles that are taken in.", completion: .file(extensions: ["sqlite"]))
  var merge: [String] = []

  @Option(help: "Forget pages that were not read for so many days.")
  var forget: Int?

  @Flag(help: "List the most frequent lines of each site, each with a page that has it.")
  var report = false

  @Option(help: "Write the report as a page to this file.")
  var html: String?

  @Option(help: "Report on this site only.")
  var site: String?

  @Option(help: "How many lines of a site the report lists.")
  var top = 20

  @Option(help: "The day that {date} in paths stands for, and pages are learned on, as 2026-01-31; today unless given.")
  var date: String?

  @Option(help: "How many documents are worked on at once; one a core unless given.")
  var workers: Int?

  @Option(help: "Where documents are worked on: process, in processes of their own, or none, in this one.")
  var isolation: Isolation?

  @Option(help: "How inputs are read: \(InputFormat.allCases.map(\.rawValue).joined(separator: ", ")).")
  var format: InputFormat?

  func validate() throws {
    try validateDate(date)
    if let workers, !(1...256).contains(workers) { throw ValidationError("--workers takes a number from 1 to 256.") }
    if let forget, forget < 1 { throw ValidationError("--forget takes a number of days of at least 1.") }
    if top < 1 { throw ValidationError("--top takes a number of at least 1.") }
    if config == nil, merge.isEmpty, forget == nil, !report, html == nil {
      throw ValidationError("learn takes a pipeline to learn with, or --merge, --forget or --report.")
    }
    if config == nil, !input.isEmpty || acrossSites { throw ValidationError("--input and --across-sites need a pipeline.") }
  }

  func run() async throws {
    let date = date ?? Configuration.today()
    if config == nil, merge.isEmpty, access(profile, F_OK) != 0 {
      complain("error: there is no profile \(profile)")
      throw ExitStatus.usage
    }
    if let config {
      var configuration = try loadConfiguration(config)
      if !input.isEmpty { configuration.input.paths = input }
      if let format { configuration.input.format = format }
      if let workers { configuration.run.workers = workers }
      if let isolation { configuration.run.isolation = isolation }
      configuration.fillPaths(date: date)
      let sum = try await PipeCommand.learn(configuration, profile: profile, date: date, acrossSites: acrossSites) { run in
        Signals.handle { run.stop(signal: $0) }
      }
      complain(Self.text(sum))
      if let signal = sum.stoppedBySignal { throw ExitStatus.stopped(by: signal) }
    }
    for path in merge where access(path, F_OK) != 0 {
      complain("error: there is no profile \(path)")
      throw ExitStatus.usage
    }
    let known = try SiteProfile(path: profile, readOnly: config == nil && merge.isEmpty && forget == nil)
    for path in merge { try known.merge(try SiteProfile(path: path, readOnly: true)) }
    if let forget { try known.forget(before: ProfileLearning.day(date) - forget) }
    guard report || html != nil else { return }
    let result = try ProfileReport(known, site: site, top: top)
    if let html { try TextFile.write(result.html, to: html) }
    if report { print(Terminal.safe(result.text), terminator: "") }
  }

  private static func text(_ sum: RunSummary) -> String {
    var text = "learned \(sum.output) pages"
    let without = sum.dropped[LearnStage.noSite] ?? 0
    let dropped = sum.input - sum.output - sum.rejected - without
    if without > 0 { text += "; \(without) left out, without an address or without text" }
    if dropped > 0 { text += "; \(dropped) were dropped by the pipeline" }
    if sum.rejected > 0 { text += "; \(sum.rejected) could not be read" }
    if sum.stoppedBySignal != nil { text = "stopped: nothing was learned since the profile was last written" }
    return text
  }
}

extension PipeCommand {
  /// Learns the inputs of a pipeline.
  /// - Parameter begins: called with the run before it begins.
  static func learn(
    _ configuration: Configuration, profile: String, date: String, acrossSites: Bool, begins: (PipelineRun) -> Void
  ) async throws -> RunSummary {
    guard !configuration.input.paths.isEmpty else {
      complain("error: there is nothing to read: name files with --input PATH, or in \"input\": {\"paths\": […]} of \(configuration.path)")
      throw ExitStatus.usage
    }
    let learning = try ProfileLearning.learning(
      configuration, profile: profile, date: date, acrossSites: acrossSites, registry: AvailableStages.withInner)
    let problems = PipelineRun.problems(with: learning)
    guard problems.isEmpty else {
      for error in problems { complain("error: \(error)") }
      throw ExitStatus.usage
    }
    let reporter = RunReporter(format: .text, showsProgress: Terminal.isWatched, pipeline: learning.name, metrics: nil)
    let run = PipelineRun(
      learning, workerProgram: ["/proc/self/exe", WorkerService.subcommand], measuresInput: reporter.wantsMeasure,
      observer: { reporter.observe($0) }, logger: Logger(label: "pipe") { _ in LineLogHandler(reporter: reporter) })
    begins(run)
    defer { reporter.clear() }
    return try await run.execute()
  }
}

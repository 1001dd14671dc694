import ArgumentParser
import Glibc
import Pipeline
import PipelineTesting

struct ConformanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conformance",
    abstract: "Try whether a stage keeps what every stage promises.",
    discussion: """
      Runs the stage on documents that break what was written with ordinary ones in mind: empty, a megabyte, every script, combining marks, joined
      emoji, controls. The stages before it in CONFIG prepare them. The exit status is 1 when a check fails.

        pipe conformance news.json --stage 3
      """)

  @Argument(help: "The pipeline, a JSON file.", completion: .file(extensions: ["json"]))
  var config: String

  @Option(help: "The number of the stage in the pipeline, from 1; the last unless given.")
  var stage: Int?

  func run() throws {
    let conformance: Conformance
    do {
      let configuration = try loadConfiguration(config)
      conformance = try Conformance(configuration, stage: stage, registry: AvailableStages.registry)
    } catch let error as Conformance.NoSuchStage {
      complain("error: \(config): \(error)")
      throw ExitStatus.usage
    }
    let findings = try conformance.findings()
    for check in Conformance.checks {
      let failed = findings.filter { $0.check == check.name }
      print("\(failed.isEmpty ? "kept  " : "BROKEN")  \(check.name): \(check.meaning)")
      for finding in failed.prefix(10) {
        print(Terminal.safe("          \(finding.document.map { "\"\($0)\": " } ?? "")\(finding.message)", isOneLine: true))
      }
      if failed.count > 10 { print("          and \(failed.count - 10) more") }
    }
    if !findings.isEmpty { throw ExitStatus.tooManyRejects }
  }
}

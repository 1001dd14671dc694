import ArgumentParser
import Pipeline

struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check a pipeline without running it.",
    discussion: """
      Every error is printed as FILE:LINE:COLUMN: POINTER: message, and the exit status is 2. Inputs that the configuration names must exist.
      """)

  @Argument(help: "The pipeline, a JSON file. Can be repeated.", completion: .file(extensions: ["json"]))
  var config: [String]

  func run() async throws {
    var isFine = true
    for path in config {
      do {
        var configuration = try loadConfiguration(path)
        configuration.fillPaths(date: Configuration.today())
        let problems = PipelineRun.problems(with: configuration)
        for error in problems { complain("\(path): \(error)") }
        isFine = isFine && problems.isEmpty
        if problems.isEmpty {
          print("\(path): fine; \(configuration.stages.map(\.descriptor.name).joined(separator: ", "))")
        }
      } catch {
        isFine = false
        _ = ExitStatus.report(error)
      }
    }
    if !isFine { throw ExitStatus.usage }
  }
}

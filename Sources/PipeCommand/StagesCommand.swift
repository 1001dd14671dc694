import ArgumentParser
import Pipeline

struct StagesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stages",
    abstract: "List the stages, or show one with its options.",
    discussion: """
      With --config, also the plugins of a pipeline: the stages of its libraries, and what its programs say about themselves.

        pipe stages boilerplate
        pipe stages mood --config nightly.json
      """)

  @Argument(help: "A stage to show.", completion: .list(AvailableStages.registry.names))
  var name: String?

  @Option(help: "A pipeline whose plugins are shown too.", completion: .file(extensions: ["json"]))
  var config: String?

  @Flag(help: "Write Markdown, as the documentation has it.")
  var markdown = false

  func validate() throws {
    if markdown, name == nil { throw ValidationError("--markdown takes the name of a stage.") }
  }

  func run() async throws {
    var stages = AvailableStages.registry.stages.map(\.descriptor)
    if let configuration = try config.map(loadConfiguration) {
      stages += configuration.plugins.map(\.descriptor)
      stages += configuration.programs.sorted { $0.key < $1.key }.map { configuration.stages[$0.key].descriptor }
    }
    guard let name else {
      let width = stages.map(\.name.count).max() ?? 0
      for stage in stages {
        print(Terminal.safe(stage.name + String(repeating: " ", count: width - stage.name.count + 2) + stage.summary, isOneLine: true))
      }
      return
    }
    guard let stage = stages.first(where: { $0.name == name }) else {
      complain("error: there is no stage \"\(name)\"; the stages are \(stages.map(\.name).joined(separator: ", "))")
      throw ExitStatus.usage
    }
    let description = StageDescription(stage)
    print(Terminal.safe(markdown ? description.markdown : description.text))
  }
}

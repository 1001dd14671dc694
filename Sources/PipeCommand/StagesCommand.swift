import ArgumentParser
import Pipeline

struct StagesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stages",
    abstract: "List the stages, or show one with its options.")

  @Argument(help: "A stage to show.")
  var name: String?

  @Flag(help: "Write Markdown, as the documentation has it.")
  var markdown = false

  func validate() throws {
    if markdown, name == nil { throw ValidationError("--markdown takes the name of a stage.") }
  }

  func run() async throws {
    guard let name else {
      let width = AvailableStages.registry.names.map(\.count).max() ?? 0
      for stage in AvailableStages.registry.stages {
        let name = stage.descriptor.name
        print(name + String(repeating: " ", count: width - name.count + 2) + stage.descriptor.summary)
      }
      return
    }
    guard let stage = AvailableStages.registry.stage(named: name) else {
      complain("error: there is no stage \"\(name)\"; the stages are \(AvailableStages.registry.names.joined(separator: ", "))")
      throw ExitStatus.usage
    }
    let description = StageDescription(stage.descriptor)
    print(markdown ? description.markdown : description.text)
  }
}

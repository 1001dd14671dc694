import ArgumentParser
import Pipeline

struct SchemaCommand: AsyncParsableCommand {
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case pipeline, document
    /// Not a schema, but the same as a table for people.
    case reference
  }

  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Write the JSON Schemas of pipelines and of the output.",
    discussion: """
      Without an argument, FOLDER/pipeline.schema.json and FOLDER/document.schema.json are written; with one, that schema is printed.
      An editor that knows JSON Schema completes and checks a pipeline whose "$schema" names the first. With --config, it knows the plugins of
      that pipeline and their options.
      """)

  @Argument(help: "The schema to print; reference prints the keys of a pipeline as Markdown.")
  var kind: Kind?

  @Option(help: "Where the schemas are written.", completion: .directory)
  var folder = "schemas"

  @Option(help: "A pipeline whose plugins the schema knows too.", completion: .file(extensions: ["json"]))
  var config: String?

  func run() async throws {
    let pipeline = Schema.pipeline(AvailableStages.registry, with: try config.map(loadConfiguration))
    let schemas: [(Kind, String)] = [(.pipeline, pipeline), (.document, Schema.document)]
    if kind == .reference { print(ConfigurationReference.markdown) }
    for (kind, text) in schemas where self.kind == kind { print(text, terminator: "") }
    guard kind == nil else { return }
    for (kind, text) in schemas {
      let path = "\(folder)/\(kind.rawValue).schema.json"
      try TextFile.write(text, to: path)
      print(path)
    }
  }
}

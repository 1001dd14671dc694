/// JSON Schemas (draft 2020-12) of configurations and of the output, from the same descriptors that are checked against and written from.
public enum Schema {
  private static let dialect = "https://json-schema.org/draft/2020-12/schema"

  /// What a configuration may hold when these stages are known, as a text with a newline at its end.
  /// - Parameter configuration: one whose plugins are known too; nil for none.
  public static func pipeline(_ registry: StageRegistry, with configuration: Configuration? = nil) -> String {
    let programs = configuration?.programs.sorted { $0.key < $1.key }.map(\.value) ?? []
    let kinds = registry.stages + (configuration?.plugins ?? [])
    let stages = kinds.map { kind in
      kind.descriptor.name == ExecStage.kind.descriptor.name
        ? stage(kind.descriptor, except: programs.map(\.command)) : stage(kind.descriptor)
    }
    var properties = Configuration.keys.map { ($0.name, property($0)) }
    properties.append(
      (
        "stages",
        .object([
          ("type", "array"), ("description", "The stages that every document goes through, in this order."),
          ("items", .object([("anyOf", .array(stages + programs.map(program)))])),
        ])
      ))
    return SchemaNode.object([
      ("$schema", .string(dialect)), ("title", "Pipeline"),
      ("description", "A pipeline: what is read, the stages that documents go through, and where results go."), ("type", "object"),
      ("required", .array(["stages"])), ("additionalProperties", .boolean(false)), ("properties", .object(properties)),
    ]).text
  }

  /// What a line of the output holds, as a text with a newline at its end.
  public static var document: String {
    func texts(_ description: String) -> SchemaNode {
      .object([("type", "array"), ("items", .object([("type", "string")])), ("description", .string(description))])
    }
    func text(_ description: String) -> SchemaNode { .object([("type", "string"), ("description", .string(description))]) }
    func spans(_ description: String, _ more: [(String, SchemaNode)] = [], required: [SchemaNode] = []) -> SchemaNode {
      let offset = SchemaNode.object([("type", "integer"), ("minimum", .integer(0))])
      return list(description, [("start", offset), ("end", offset)] + more, required: ["start", "end"] + required)
    }
    func list(_ description: String, _ properties: [(String, SchemaNode)], required: [SchemaNode]) -> SchemaNode {
      .object([
        ("type", "array"), ("description", .string(description)),
        (
          "items",
          .object([
            ("type", "object"), ("properties", .object(properties)), ("required", .array(required)),
            ("additionalProperties", .boolean(false)),
          ])
        ),
      ])
    }
    let score = SchemaNode.object([("type", "number"), ("minimum", .integer(0)), ("maximum", .integer(1))])
    return SchemaNode.object([
      ("$schema", .string(dialect)), ("title", "Document"), ("description", "A line of the output: one document."), ("type", "object"),
      ("required", .array(["id", "text"])), ("additionalProperties", .boolean(false)),
      (
        "properties",
        .object([
          ("id", text("The path for files, the record's own id or its place for records.")),
          ("source", text("The file that the document came from.")), ("url", text("Its address.")),
          ("canonical", text("The address that the page gives as its own.")), ("title", text("The headline.")),
          ("authors", texts("Who wrote it.")),
          ("published", text("ISO 8601.")), ("modified", text("ISO 8601.")), ("section", text("The section of the site.")),
          ("keywords", texts("Keywords that the page or record gives.")), ("language", text("A BCP 47 tag in lower case.")),
          ("siteName", text("The name of the site.")), ("description", text("What the page says it is about.")),
          ("image", text("The address of its picture.")),
          (
            "translation",
            .object([
              ("type", "object"), ("description", "What a notice said about the translation of the text."),
              (
                "properties",
                .object([
                  ("machine", .object([("type", "boolean"), ("description", "Whether a machine is named.")])),
                  ("from", text("The language of the original, as a BCP 47 tag.")),
                  ("by", text("The translator, or the name of the machine or service.")),
                  ("note", text("The notices' own words, a line each.")),
                ])
              ),
              ("required", .array(["machine", "note"])), ("additionalProperties", .boolean(false)),
            ])
          ),
          ("cluster", text("The group of documents that this one repeats or is repeated by.")), ("text", text("What is left of the page.")),
          (
            "blocks",
            spans(
              "The blocks of the text, with \"blocks\": true.",
              [("kind", .object([("enum", .array(BlockKind.allCases.map { .string($0.rawValue) }))]))], required: ["kind"])
          ),
          ("sentences", spans("The sentences of the text.")),
          (
            "entities",
            spans(
              "Names in the text.",
              [
                ("label", text("PER, ORG, LOC, or what a list says.")), ("score", score), ("id", text("An identifier of the name.")),
                ("source", text("What found it.")),
              ],
              required: ["label"])
          ),
          (
            "mentions",
            list(
              "Names with the entities that mention them, in the order of the first.",
              [
                ("name", text("The fullest form of the name.")), ("label", text("That of its entities.")),
                ("id", text("That of its entities, if one has any.")),
                (
                  "entities",
                  .object([
                    ("type", "array"), ("description", "Which of the entities, counted from 0."),
                    ("items", .object([("type", "integer"), ("minimum", .integer(0))])),
                  ])
                ),
              ], required: ["name", "label", "entities"])
          ),
          (
            "removed",
            list(
              "What was removed and why, with \"trail\": true.",
              [
                ("stage", text("The stage that removed it.")), ("reason", text("The kind of thing it is.")),
                ("rule", text("The rule that decided.")),
                ("text", text("What was removed.")),
                ("kept", .object([("const", .boolean(true)), ("description", "Present where it was only marked.")])),
              ], required: ["stage", "reason", "rule", "text"])
          ),
          ("extra", .object([("type", "object"), ("description", "What other stages add.")])),
        ])
      ),
    ]).text
  }

  /// A stage that a program does, with the options that the program knows.
  private static func program(_ stage: ExecStage) -> SchemaNode {
    let announced = stage.announcement
    let options = SchemaNode.object([
      ("type", "object"), ("description", "The program's own options."), ("additionalProperties", .boolean(false)),
      ("required", .array(announced.required.map { .string($0) })),
      ("properties", .object(announced.descriptor.options.map { ($0.name, property($0)) })),
    ])
    let exec = ExecStage.kind.descriptor
    let own: [(String, SchemaNode)] = [
      ("use", .object([("const", .string(exec.name)), ("description", .string(announced.descriptor.summary))])),
      ("command", .object([("const", command(stage.command))])), ("options", options),
    ]
    return .object([
      ("title", .string(announced.descriptor.name)), ("description", .string(announced.descriptor.summary)), ("type", "object"),
      ("required", .array(announced.required.isEmpty ? ["use", "command"] : ["use", "command", "options"])),
      ("additionalProperties", .boolean(false)),
      ("properties", .object(own + exec.options.filter { !["command", "options"].contains($0.name) }.map { ($0.name, property($0)) })),
    ])
  }

  private static func command(_ arguments: [String]) -> SchemaNode { .array(arguments.map { .string($0) }) }

  /// - Parameter commands: those that are described elsewhere.
  private static func stage(_ descriptor: StageDescriptor, except commands: [[String]]) -> SchemaNode {
    guard !commands.isEmpty, case .object(let fields) = stage(descriptor) else { return stage(descriptor) }
    let known = SchemaNode.object([
      ("required", .array(["command"])),
      ("properties", .object([("command", .object([("enum", .array(commands.map(command)))]))])),
    ])
    return .object(fields + [("not", known)])
  }

  private static func stage(_ descriptor: StageDescriptor) -> SchemaNode {
    let use = SchemaNode.object([("const", .string(descriptor.name)), ("description", .string(descriptor.summary))])
    return .object([
      ("title", .string(descriptor.name)), ("description", .string(descriptor.summary)), ("type", "object"), ("required", .array(["use"])),
      ("additionalProperties", .boolean(false)),
      ("properties", .object([("use", use)] + descriptor.options.map { ($0.name, property($0)) })),
    ])
  }

  private static func property(_ option: OptionDescriptor) -> SchemaNode {
    var fields = type(option.kind)
    fields.append(("description", .string(option.documentation)))
    switch option.defaultValue {
    case .boolean(let value): fields.append(("default", .boolean(value)))
    case .integer(let value) where option.kind == .duration: fields.append(("default", .string(Milliseconds.format(value))))
    case .integer(let value): fields.append(("default", .integer(value)))
    case .number(let value): fields.append(("default", .number(value)))
    case .text(let value): fields.append(("default", .string(value)))
    case .texts(let values): fields.append(("default", .array(values.map { .string($0) })))
    case .json(let json): fields.append(("default", .json(json)))
    case .none, .mapping, .section, .sections: break
    }
    return .object(fields)
  }

  private static func type(_ kind: OptionKind) -> [(String, SchemaNode)] {
    func strings(_ item: [(String, SchemaNode)] = [("type", "string")]) -> [(String, SchemaNode)] {
      [("type", "array"), ("items", .object(item))]
    }
    switch kind {
    case .boolean: return [("type", "boolean")]
    case .integer(let range):
      let least: [(String, SchemaNode)] = range.lowerBound == Int.min ? [] : [("minimum", .integer(range.lowerBound))]
      let most: [(String, SchemaNode)] = range.upperBound == Int.max ? [] : [("maximum", .integer(range.upperBound))]
      return [("type", "integer")] + least + most
    case .number(let range):
      let unbounded = Double.greatestFiniteMagnitude
      let least: [(String, SchemaNode)] = range.lowerBound == -unbounded ? [] : [("minimum", .number(range.lowerBound))]
      let most: [(String, SchemaNode)] = range.upperBound == unbounded ? [] : [("maximum", .number(range.upperBound))]
      return [("type", "number")] + least + most
    case .json: return []
    case .text, .path, .file: return [("type", "string")]
    case .choice(let names): return [("enum", .array(names.map { .string($0) }))]
    case .texts, .paths, .patterns, .files: return strings()
    case .choices(let names): return strings([("enum", .array(names.map { .string($0) }))])
    case .duration: return [("type", "string"), ("pattern", "^ *[0-9]+ *(ms|s|m|min|h) *$")]
    case .size:
      let written = SchemaNode.object([("type", "string"), ("pattern", "^ *[0-9]+ *([KkMmGg]?[Bb]|[KkMmGg][Ii][Bb])? *$")])
      return [("anyOf", .array([.object([("type", "integer"), ("minimum", .integer(1))]), written]))]
    case .mapping(let names):
      let value = SchemaNode.object([
        ("anyOf", .array([.object([("type", "string")]), .object(strings() + [("minItems", .integer(1))])]))
      ])
      return [("type", "object"), ("additionalProperties", .boolean(false)), ("properties", .object(names.map { ($0, value) }))]
    case .names: return [("type", "object"), ("additionalProperties", .object([("type", "string")]))]
    case .section(let options):
      return [
        ("type", "object"), ("additionalProperties", .boolean(false)), ("properties", .object(options.map { ($0.name, property($0)) })),
      ]
    case .sections(let options): return [("type", "object"), ("additionalProperties", .object(type(.section(options))))]
    }
  }
}

/// A JSON value that is written for people to read.
private indirect enum SchemaNode: ExpressibleByStringLiteral {
  case object([(String, SchemaNode)])
  case array([SchemaNode])
  case string(String)
  case integer(Int)
  case number(Double)
  case boolean(Bool)
  case json(String)

  init(stringLiteral text: String) { self = .string(text) }

  var text: String { String(decoding: rendered(""), as: UTF8.self) + "\n" }

  private func rendered(_ indent: String) -> [UInt8] {
    func joined(_ open: String, _ parts: [[UInt8]], _ close: String) -> [UInt8] {
      guard !parts.isEmpty else { return Array((open + close).utf8) }
      let inner = Array(("\n" + indent + "  ").utf8)
      return Array(open.utf8) + Array(parts.map { inner + $0 }.joined(separator: ",".utf8)) + Array(("\n" + indent + close).utf8)
    }
    func quoted(_ text: String) -> [UInt8] {
      var json = JSONOutput()
      json.string(text)
      return json.bytes
    }
    switch self {
    case .object(let fields): return joined("{", fields.map { quoted($0) + Array(": ".utf8) + $1.rendered(indent + "  ") }, "}")
    case .array(let items):
      if items.allSatisfy(\.isScalar) {
        return Array("[".utf8) + Array(items.map { $0.rendered("") }.joined(separator: ", ".utf8)) + Array("]".utf8)
      }
      return joined("[", items.map { $0.rendered(indent + "  ") }, "]")
    case .string(let text): return quoted(text)
    case .integer(let value): return Array(String(value).utf8)
    case .number(let value): return Array("\(value)".utf8)
    case .boolean(let value): return Array(String(value).utf8)
    case .json(let value): return Array(value.utf8)
    }
  }

  private var isScalar: Bool {
    switch self {
    case .object, .array: false
    default: true
    }
  }
}

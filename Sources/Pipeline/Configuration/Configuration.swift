/// A checked configuration: everything a run needs to know.
public struct Configuration: Sendable {
  public let name: String
  /// Where it was read from, for messages.
  public let path: String
  public var input: InputConfiguration
  public let stages: [ConfiguredStage]
  public var output: OutputConfiguration
  public var rejects: RejectsConfiguration
  public var run: RunConfiguration
}

public struct ConfiguredStage: Sendable {
  public let descriptor: StageDescriptor
  public let stage: any StageType
}

/// How a file is read.
public enum InputFormat: String, Sendable, CaseIterable {
  /// By extension, else by content.
  case auto
  case html, text, jsonl, xml, csv, tsv
}

public struct InputConfiguration: Sendable {
  public var format: InputFormat
  /// Files, folders, globs, or `-` for standard input.
  public var paths: [String]
  /// Globs; what matches is not read.
  public let exclude: [String]
  /// Where the fields of records are found, by the name they have here: names, or XPath for XML; the first that finds something counts.
  public let fields: [String: [String]]
  /// Which elements of XML files are documents; nil where no XML can be read.
  public let record: String?
  /// Names of XML namespaces by the prefixes that `record` and `fields` use.
  public let namespaces: [String: String]
}

/// How results are written.
public enum OutputFormat: String, Sendable, CaseIterable {
  /// One line of JSON a document.
  case jsonl
  /// One file a document in a folder.
  case markdown, text
}

public struct OutputConfiguration: Sendable {
  public var format = OutputFormat.jsonl
  /// Nil or `-` is standard output.
  public var path: String?
  public let trail: Bool
  public let blocks: Bool
  public let offsets: OffsetUnit
  /// Whether Markdown holds links, and pictures.
  public var links = false
  public var images = false
}

public struct RejectsConfiguration: Sendable {
  /// Nil is beside the output.
  public var path: String?
  public let keepContent: Bool
}

public struct RunConfiguration: Sendable {
  /// Nil is one a core.
  public var workers: Int?
  /// More rejects than this make the exit status 1; nil is no limit.
  public var maxRejects: Int
  /// Larger documents are rejected, in bytes.
  public var documentLimit: Int
  /// Where the summary is written for programs; nil for nowhere.
  public var summaryPath: String?
}

extension Configuration {
  /// The fields of JSON Lines records that are read, each under its own name unless mapped.
  static let recordFields = [
    "id", "url", "html", "text", "language", "title", "authors", "published", "modified", "section",
    "keywords", "siteName", "description", "image", "canonical",
  ]

  /// Every key of a configuration but `stages`.
  public static let keys: [OptionDescriptor] = [
    OptionDescriptor("$schema", .text, "For editors: the schema to complete and check with."),
    OptionDescriptor("name", .text, "The name in messages; the file's name without extension when absent."),
    OptionDescriptor("input", .section(inputKeys), "What is read."),
    OptionDescriptor("output", .section(outputKeys), "Where results go."),
    OptionDescriptor("rejects", .section(rejectsKeys), "Where documents go that are not in the output."),
    OptionDescriptor("run", .section(runKeys), "How the work is done."),
  ]

  static let inputKeys: [OptionDescriptor] = [
    OptionDescriptor(
      "format", .choice(InputFormat.allCases.map(\.rawValue)), default: .text("auto"),
      "How files are read; `auto` goes by extension, then by content."),
    OptionDescriptor(
      "paths", .paths, "Files, folders, globs (`*`, `?`, `**`, `[a-z]`), or `-` for standard input."),
    OptionDescriptor("exclude", .patterns, "Globs; paths that match, as they are given or from the configuration's folder, are not read."),
    OptionDescriptor(
      "fields", .mapping(recordFields),
      "Where a record holds what: names of fields for JSON Lines, of columns for CSV, XPath for XML, e.g. {\"html\": \"body\"}. Of several, such as [\"content\", \"summary\"], the first that finds something counts."
    ),
    OptionDescriptor(
      "record", .text,
      "For XML: which elements are documents, e.g. `//item`, `/rss/channel/item` or `//page[ns = 0]`; names as they stand in the file."),
    OptionDescriptor(
      "namespaces", .names, "For XML: names of namespaces by prefix, where `fields` use other prefixes than the file."),
  ]

  static let outputKeys: [OptionDescriptor] = [
    OptionDescriptor(
      "format", .choice(OutputFormat.allCases.map(\.rawValue)), default: .text("jsonl"),
      "`jsonl` is JSON Lines, one document a line; `markdown` and `text` write one file a document into the folder `path`."),
    OptionDescriptor(
      "path", .path, "The file to write, compressed when it ends in .gz or .zst; standard output when absent or `-`."),
    OptionDescriptor("trail", .boolean, default: .boolean(false), "Whether `removed` lists what was taken out and why."),
    OptionDescriptor("blocks", .boolean, default: .boolean(false), "Whether `blocks` gives the place and kind of each block."),
    OptionDescriptor(
      "links", .boolean, default: .boolean(false), "Whether Markdown keeps links."),
    OptionDescriptor("images", .boolean, default: .boolean(false), "Whether Markdown keeps pictures."),
    OptionDescriptor(
      "offsets", .choice(OffsetUnit.allCases.map(\.rawValue)), default: .text("codepoints"),
      "The unit of `start` and `end`."),
  ]

  static let rejectsKeys: [OptionDescriptor] = [
    OptionDescriptor("path", .path, "The rejects file; NAME.rejects.jsonl beside the output when absent."),
    OptionDescriptor(
      "keepContent", .boolean, default: .boolean(false), "Whether a reject's line carries the content that went in."),
  ]

  static let runKeys: [OptionDescriptor] = [
    OptionDescriptor("workers", .integer(1...256), "How many documents are worked on at once; one a core when absent."),
    OptionDescriptor(
      "maxRejects", .integer(0...Int.max), default: .integer(0), "More rejected documents than this give exit status 1."),
    OptionDescriptor(
      "limits",
      .section([
        OptionDescriptor("document", .size, default: .integer(64_000_000), "The largest document, before parsing.")
      ]), "What one document may cost."),
  ]
}

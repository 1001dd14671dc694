/// A checked configuration: everything a run needs to know.
public struct Configuration: Sendable {
  public let name: String
  /// Where it was read from, for messages.
  public let path: String
  /// The file as it was read, from which another process makes the same configuration.
  let source: ConfigurationSource
  public var input: InputConfiguration
  public internal(set) var stages: [ConfiguredStage]
  public var output: OutputConfiguration
  public var rejects: RejectsConfiguration
  public var run: RunConfiguration
  /// Where the contents of earlier runs are remembered; nil for nowhere.
  public var statePath: String?
  /// The files that its stages read when they are made.
  let files: [String]
  /// The programs and scripts that its stages start: what comes out depends on them.
  let programFiles: [String]
  /// The stages of the libraries that it names.
  package let plugins: [StageKind]
}

/// A configuration file before it is read.
struct ConfigurationSource: Sendable {
  let bytes: [UInt8]
  let path: String
  /// What its paths are relative to; empty for the working directory.
  let folder: String
}

public struct ConfiguredStage: Sendable {
  public let descriptor: StageDescriptor
  public let stage: any WorkingStage
}

/// How a file is read.
public enum InputFormat: String, Sendable, CaseIterable {
  /// By extension, else by content.
  case auto
  case html, text, jsonl, xml, csv, tsv, warc
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
  /// A batch in a folder, in parts of this many documents that went in; nil for one file.
  public var partSize: Int?
  public let trail: Bool
  public let blocks: Bool
  public let offsets: OffsetUnit
  /// Whether Markdown holds links, and pictures.
  public var links = false
  public var images = false
  /// Whether records go out as they came in, where work is not done in other processes.
  package var isVerbatim = false
  /// Whether nothing is written: what a run finds out is all that is wanted. Its files stay as they are.
  package var isDiscarded = false
}

public struct RejectsConfiguration: Sendable {
  /// Nil is beside the output.
  public var path: String?
  public let keepContent: Bool
}

/// Where documents are worked on.
public enum Isolation: String, Sendable, CaseIterable {
  /// In processes of their own: a page that crashes, hangs or eats memory costs that page alone.
  case process
  /// In this process.
  case none
}

public struct RunConfiguration: Sendable {
  public var isolation = Isolation.process
  /// The processor time that a document may take, in milliseconds.
  public var timeLimit: Int
  /// The memory that a document may take, in bytes.
  public var memoryLimit: Int
  /// Nil is one a core.
  public var workers: Int?
  /// More rejects than this make the exit status 1; nil is no limit.
  public var maxRejects: Int
  /// Larger documents are rejected, in bytes.
  public var documentLimit: Int
  /// Where the summary is written for programs; nil for nowhere.
  public var summaryPath: String?
  /// Where figures are kept for Prometheus; nil for nowhere.
  public var metricsPath: String?
  /// Documents whose content an earlier run has seen are skipped.
  public var onlyNew = false
  /// Inputs are rejects files, whose rejected documents are tried again.
  public var retries = false
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
    OptionDescriptor(
      "plugins", .files, "Shared libraries whose stages the pipeline can name; only these are loaded. See `docs/plugins.md`."),
    OptionDescriptor(
      "state", .path,
      "A file that remembers the contents of each night, for `--only-new`, and what `near-duplicates` has seen; only with `parts`. SQLite."),
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
    OptionDescriptor(
      "parts",
      .section([
        OptionDescriptor(
          "documents", .integer(1...10_000_000), "How many documents go into a part, counted as they come in.")
      ]),
      "Makes `path` a folder with a batch that can be stopped at any moment and continued: `part-000001.jsonl` and so on."),
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
    OptionDescriptor(
      "isolation", .choice(Isolation.allCases.map(\.rawValue)), default: .text("process"),
      "`process` works in processes of their own, so that no page can take the run down; `none` works in this one, without limits of time and memory. A single page is worked on without."
    ),
    OptionDescriptor("workers", .integer(1...256), "How many documents are worked on at once; one a core when absent."),
    OptionDescriptor(
      "maxRejects", .integer(0...Int.max), default: .integer(0), "More rejected documents than this give exit status 1."),
    OptionDescriptor(
      "limits",
      .section([
        OptionDescriptor("document", .size, default: .integer(64_000_000), "The largest document, before parsing."),
        OptionDescriptor("time", .duration, default: .integer(10_000), "Processor time for one document, such as \"10s\"."),
        OptionDescriptor("memory", .size, default: .integer(1_000_000_000), "Memory for one document, beyond what a worker has anyway."),
      ]), "What one document may cost."),
  ]
}

import ArgumentParser
import Glibc
import Pipeline

struct InitCommand: AsyncParsableCommand {
  /// What a new pipeline is for.
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case news, article, text, sentences, entities, feed

    var meaning: String {
      switch self {
      case .news: "pages to clean articles with sentences and entities"
      case .article: "pages to main text and metadata"
      case .text: "plain text without boilerplate, captions and translation notes"
      case .sentences: "plain text as it is, with its sentences"
      case .entities: "plain text as it is, with its names"
      case .feed: "entries of RSS and Atom feeds"
      }
    }

    /// The stages with what each does in this pipeline.
    var stages: [(json: String, why: String)] {
      let sentences = (#"{"use": "sentences"}"#, "marks sentences")
      let boilerplate = (
        #"{"use": "boilerplate"}"#, "removes teasers, captions, prompts, bylines; each kind can be kept or marked: pipe stages boilerplate"
      )
      let notes = (#"{"use": "translation-notes"}"#, "removes notices of machine translation")
      switch self {
      case .news:
        return [
          (#"{"use": "article"}"#, "finds the main content of a page"),
          (#"{"use": "metadata"}"#, "reads title, date, language and the like"),
          (#"{"use": "normalize"}"#, "makes characters and spaces uniform"), boilerplate, notes, sentences,
          (#"{"use": "entities"}"#, "tags names; \"lists\" takes your own"),
        ]
      case .article:
        return [
          (#"{"use": "article"}"#, "finds the main content of a page"),
          (#"{"use": "metadata"}"#, "reads title, date, language and the like"),
        ]
      case .text: return [boilerplate, notes]
      case .sentences: return [sentences]
      case .entities: return [(#"{"use": "entities"}"#, "tags names; \"lists\" takes your own")]
      case .feed: return [(#"{"use": "article", "content": "all"}"#, "turns the content of an entry into text, all of it")]
      }
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a new pipeline, and explain its parts.",
    discussion: """
      Asks what the pipeline is for when neither flags nor a pipe say it. JSON has no comments: what each part is for is printed.

        pipe init
        pipe init evening.json --kind news --input scraped --output out/evening.jsonl --trail
      """)

  @Argument(help: "The file to write.", completion: .file(extensions: ["json"]))
  var file = "pipeline.json"

  @Option(help: "What the pipeline is for: \(Kind.allCases.map(\.rawValue).joined(separator: ", ")).")
  var kind: Kind?

  @Option(name: .shortAndLong, help: "What is read, as seen from the new file.")
  var input: String?

  @Option(name: .shortAndLong, help: "What is written, as seen from the new file.")
  var output: String?

  @Flag(help: "List in the output what was removed and why.")
  var trail = false

  @Flag(help: "Replace a file that is there.")
  var force = false

  func run() async throws {
    if !force, access(file, F_OK) == 0 {
      complain("error: \(file) is there already; --force replaces it")
      throw ExitStatus.usage
    }
    let asks = kind == nil && isatty(0) == 1
    let kind = try self.kind ?? (asks ? askKind() : .news)
    let input = self.input ?? (asks ? ask("What is read, a file, folder or pattern", "pages") : "pages")
    let output = self.output ?? (asks ? ask("What is written", "out.jsonl") : "out.jsonl")
    try TextFile.write(text(kind, input, output), to: file)
    print(Terminal.safe(guide(kind)))
  }

  private func askKind() throws -> Kind {
    for kind in Kind.allCases { print("  \(kind.rawValue): \(kind.meaning)") }
    let answer = ask("What is the pipeline for", "news")
    guard let kind = Kind(rawValue: answer) else {
      complain("error: \"\(answer)\" is none of \(Kind.allCases.map(\.rawValue).joined(separator: ", "))")
      throw ExitStatus.usage
    }
    return kind
  }

  private func ask(_ question: String, _ usual: String) -> String {
    print("\(question) [\(usual)]: ", terminator: "")
    fflush(nil)
    let answer = readLine() ?? ""
    return answer.isEmpty ? usual : answer
  }

  private func text(_ kind: Kind, _ input: String, _ output: String) -> String {
    func quoted(_ text: String) -> String {
      var json = JSONOutput()
      json.string(text)
      return String(decoding: json.bytes, as: UTF8.self)
    }
    var inputKeys = ["\"paths\": [\(quoted(input))]"]
    if kind == .feed {
      inputKeys = [
        "\"format\": \"xml\"", inputKeys[0], "\"record\": \"//item | //entry\"",
        """
        "fields": {
              "id": ["guid", "id", "link[not(@href)]", "link/@href"],
              "url": ["link[not(@href)]", "link[@rel = 'alternate']/@href", "link[not(@rel)]/@href"],
              "title": "title",
              "authors": ["author/name", "dc:creator", "author"],
              "published": ["pubDate", "published", "dc:date", "updated"],
              "html": ["content:encoded", "content", "description", "summary"]
            }
        """,
      ]
    }
    let inputText = kind == .feed ? "{\n    \(inputKeys.joined(separator: ",\n    "))\n  }" : "{\(inputKeys[0])}"
    return """
      {
        "input": \(inputText),
        "stages": [
          \(kind.stages.map(\.json).joined(separator: ",\n    "))
        ],
        "output": {"path": \(quoted(output))\(trail ? ", \"trail\": true" : "")}
      }

      """
  }

  private func guide(_ kind: Kind) -> String {
    var lines = ["\(file): \(kind.meaning)", "", "  input    what is read; --input names something else for one run"]
    if kind == .feed { lines.append("           \"record\" says which elements are documents, \"fields\" by XPath where they hold what") }
    lines.append("  stages   what every document goes through, in this order:")
    for stage in kind.stages { lines.append("           \(stage.json)  \(stage.why)") }
    lines.append(
      "  output   where results go, a line of JSON a document\(trail ? "; \"removed\" lists what was taken out and why" : "; \"trail\": true lists what was taken out")"
    )
    lines += [
      "", "Next:", "  pipe check \(file)           finds mistakes, after you have changed it",
      "  pipe explain \(file) PAGE    shows what becomes of every block of a page",
      "  pipe run \(file)             runs it",
    ]
    return lines.joined(separator: "\n")
  }
}

import ArgumentParser
import Glibc
import Pipeline

struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show what becomes of every block of one page, and why.",
    discussion: """
      Every block is shown in the order of the page: + kept, - dropped, ~ kept and marked, with the stage, reason and rule that decided, and
      how much it looked like content, from -1 to 1. With --diff a second pipeline is named after the first, and only the blocks are shown that
      the two treat differently.

        pipe explain pipelines/news.json samples/read-more.html
        pipe explain --dropped pipelines/news.json samples/read-more.html
        pipe explain --diff pipelines/article.json pipelines/news.json samples/read-more.html
      """)

  @Argument(help: "CONFIG PAGE, or with --diff CONFIG CONFIG PAGE. PAGE is a file, or - for standard input.", completion: .file())
  var arguments: [String]

  @Flag(help: "Show what two pipelines do differently.")
  var diff = false

  @Flag(help: "Show only what was dropped.")
  var dropped = false

  @Flag(help: "Show only what was kept.")
  var kept = false

  @Flag(help: "Write one JSON object.")
  var json = false

  @Option(help: "Which document of a file with several, from 1.")
  var record = 1

  @Option(help: "How the input is read, if not as the pipeline says.")
  var format: InputFormat?

  @Option(help: "Whether to use colour: auto, always or never.")
  var color = ColorChoice.auto

  enum ColorChoice: String, CaseIterable, ExpressibleByArgument {
    case auto, always, never
  }

  func validate() throws {
    guard arguments.count == (diff ? 3 : 2) else {
      throw ValidationError(diff ? "--diff takes two pipelines and a page." : "explain takes a pipeline and a page.")
    }
    if dropped, kept { throw ValidationError("--dropped and --kept exclude each other.") }
    if record < 1 { throw ValidationError("--record takes a number of at least 1.") }
  }

  func run() async throws {
    var explanations: [Explanation] = []
    for path in arguments.dropLast() {
      var configuration = try loadConfiguration(path)
      if let format { configuration.input.format = format }
      explanations.append(try await explain(configuration))
    }
    let printer = ExplanationPrinter(colors: color == .always || color == .auto && isatty(1) == 1)
    if diff {
      let differences = explanations[0].differences(from: explanations[1])
      print(json ? ExplanationJSON.text(differences) : printer.text(differences, Array(arguments.dropLast())))
    } else {
      let rows = explanations[0].rows.filter { dropped ? $0.outcome == .dropped : kept ? $0.outcome != .dropped : true }
      print(json ? ExplanationJSON.text(explanations[0], rows) : printer.text(explanations[0], rows, withNotes: !kept))
    }
  }

  private func explain(_ configuration: Configuration) async throws -> Explanation {
    do {
      return try await Explanation(configuration, input: arguments.last!, record: record)
    } catch let error as IOError {
      complain("error: \(error)")
      throw ExitStatus.usage
    }
  }
}

/// An explanation for people.
struct ExplanationPrinter {
  let colors: Bool

  func text(_ explanation: Explanation, _ rows: [Explanation.Row], withNotes: Bool) -> String {
    var lines = [styled(explanation.id, "1"), ""]
    for row in rows { lines += describe(row) }
    if withNotes, !explanation.notes.isEmpty {
      lines += ["", "not among the blocks:"]
      for note in explanation.notes {
        let text = note.text.isEmpty ? "" : ": \(shortened(note.text))"
        lines.append(styled("- \(note.stage): \(note.reason), \(note.rule)\(text)", "31"))
      }
    }
    if let verdict = explanation.verdict { lines += ["", styled("the document does not come out: \(verdict)", "1;31")] }
    return lines.joined(separator: "\n")
  }

  func text(_ differences: [Explanation.Difference], _ names: [String]) -> String {
    if differences.isEmpty { return "\(names[0]) and \(names[1]) do the same with every block." }
    var lines: [String] = []
    for difference in differences {
      lines.append(Terminal.safe(shortened((difference.first ?? difference.second)?.text ?? "")))
      for (name, row) in zip(names, [difference.first, difference.second]) {
        guard let row else {
          lines.append("    \(name): makes no such block")
          continue
        }
        lines.append(styled("  \(mark(row)) \(name): \(row.outcome.rawValue)\(cause(row).map { ", \($0)" } ?? "")", color(row)))
      }
      lines.append("")
    }
    return lines.dropLast().joined(separator: "\n")
  }

  private func describe(_ row: Explanation.Row) -> [String] {
    let kind = row.kind.rawValue.padded(to: 12)
    let score = row.score.map { (($0 * 100).rounded() / 100).formatted }?.padded(to: 6) ?? "      "
    var lines = [styled("\(mark(row)) \(kind) \(score)\(shortened(row.text))", color(row))]
    if let cause = cause(row) { lines.append(styled("                     \(cause)", "2")) }
    for cut in row.cut { lines.append(styled("                     cut off: \(shortened(cut))", "31")) }
    return lines
  }

  private func cause(_ row: Explanation.Row) -> String? {
    guard let stage = row.stage, let reason = row.reason, let rule = row.rule else { return nil }
    return "\(stage): \(reason), \(rule)"
  }

  private func mark(_ row: Explanation.Row) -> String {
    switch row.outcome {
    case .kept: "+"
    case .dropped: "-"
    case .marked: "~"
    }
  }

  private func color(_ row: Explanation.Row) -> String {
    switch row.outcome {
    case .kept: "32"
    case .dropped: "31"
    case .marked: "33"
    }
  }

  /// A line's worth of a text.
  private func shortened(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ⏎ ")
    return line.count > 100 ? line.prefix(99) + "…" : line
  }

  private func styled(_ text: String, _ code: String) -> String {
    let text = Terminal.safe(text, isOneLine: true)
    return colors ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}

extension Double {
  fileprivate var formatted: String {
    let hundredths = Int((abs(self) * 100).rounded())
    return "\(self < 0 ? "-" : " ")\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }
}

/// An explanation for programs.
enum ExplanationJSON {
  static func text(_ explanation: Explanation, _ rows: [Explanation.Row]) -> String {
    var json = JSONOutput()
    json.beginObject()
    json.key("id")
    json.string(explanation.id)
    json.key("blocks")
    json.beginArray()
    for row in rows { write(row, &json) }
    json.endArray()
    json.key("notes")
    json.beginArray()
    for note in explanation.notes {
      json.beginObject()
      for (key, value) in [("stage", note.stage), ("reason", note.reason), ("rule", note.rule), ("text", note.text)] {
        json.key(key)
        json.string(value)
      }
      json.endObject()
    }
    json.endArray()
    if let verdict = explanation.verdict {
      json.key("verdict")
      json.string(verdict)
    }
    json.endObject()
    return String(decoding: json.bytes, as: UTF8.self)
  }

  static func text(_ differences: [Explanation.Difference]) -> String {
    var json = JSONOutput()
    json.beginArray()
    for difference in differences {
      json.beginObject()
      for (key, row) in [("first", difference.first), ("second", difference.second)] {
        guard let row else { continue }
        json.key(key)
        write(row, &json)
      }
      json.endObject()
    }
    json.endArray()
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private static func write(_ row: Explanation.Row, _ json: inout JSONOutput) {
    json.beginObject()
    let fields = [
      ("kind", row.kind.rawValue), ("outcome", row.outcome.rawValue), ("stage", row.stage), ("reason", row.reason), ("rule", row.rule),
      ("origin", row.origin), ("text", row.text),
    ]
    for (key, value) in fields {
      guard let value else { continue }
      json.key(key)
      json.string(value)
    }
    if let score = row.score {
      json.key("score")
      json.number(score)
    }
    if !row.cut.isEmpty {
      json.key("cut")
      json.beginArray()
      for cut in row.cut { json.string(cut) }
      json.endArray()
    }
    json.endObject()
  }
}

import Foundation
import TestSupport
import Testing

@testable import Pipeline

/// A stage for tests, with an option of every kind.
struct Sample: Stage {
  static let descriptor = StageDescriptor(
    name: "sample", summary: "Does what its options say.",
    options: [
      OptionDescriptor("flag", .boolean, default: .boolean(false), "A flag."),
      OptionDescriptor("count", .integer(1...9), default: .integer(3), "A number."),
      OptionDescriptor("mode", .choice(["fast", "slow"]), default: .text("fast"), "A choice."),
      OptionDescriptor("modes", .choices(["fast", "slow"]), "Several."),
      OptionDescriptor("list", .files, "Files."),
      OptionDescriptor("size", .size, default: .integer(1), "A size."),
    ], needs: [.text])

  let options: Options

  init(options: Options) throws {
    self.options = options
    if options.int("count") == 7 { throw OptionProblem("count", "seven is taken") }
  }

  func process(_ document: inout Document) throws -> Verdict { .pass }
}

struct Maker: Stage {
  static let descriptor = StageDescriptor(
    name: "maker", summary: "Makes text.", needs: [.content], provides: [.text], invalidates: [.sentences])
  init(options: Options) {}
  func process(_ document: inout Document) throws -> Verdict { .pass }
}

struct Splitter: Stage {
  static let descriptor = StageDescriptor(name: "splitter", summary: "Splits.", needs: [.text], provides: [.sentences])
  init(options: Options) {}
  func process(_ document: inout Document) throws -> Verdict { .pass }
}

struct Clusterer: Stage {
  static let descriptor = StageDescriptor(name: "clusterer", summary: "Needs sentences.", needs: [.sentences])
  init(options: Options) {}
  func process(_ document: inout Document) throws -> Verdict { .pass }
}

@Suite struct ConfigurationTests {
  private let registry = StageRegistry([Sample.self, Maker.self, Splitter.self, Clusterer.self])

  private func load(_ text: String, folder: String = "conf") throws -> Configuration {
    try Configuration.load(bytes: Array(text.utf8), path: "conf/p.json", folder: folder, registry: registry)
  }

  private func errors(_ text: String) -> [String] {
    do {
      _ = try load(text)
      return []
    } catch let errors as ConfigurationErrors {
      return errors.errors.map(\.description)
    } catch {
      return ["\(error)"]
    }
  }

  @Test func everythingButStagesHasADefault() throws {
    let configuration = try load(#"{"stages": [{"use": "sample"}]}"#)
    #expect(configuration.name == "p")
    #expect(configuration.input.format == .auto && configuration.input.paths.isEmpty)
    #expect(configuration.output.path == nil && !configuration.output.trail && configuration.output.offsets == .codepoints)
    #expect(configuration.run.workers == nil && configuration.run.maxRejects == 0 && configuration.run.documentLimit == 64_000_000)
    let options = try #require(configuration.stages.first?.stage as? Sample).options
    #expect(options.int("count") == 3 && options.text("mode") == "fast" && !options.bool("flag") && options.texts("list").isEmpty)
  }

  @Test func pathsAreRelativeToTheConfiguration() throws {
    let configuration = try load(#"{"stages": [], "input": {"paths": ["pages", "/abs", "-"]}, "output": {"path": "../out.jsonl"}}"#)
    #expect(configuration.input.paths == ["conf/pages", "/abs", "-"])
    #expect(configuration.output.path == "out.jsonl")
    #expect(configuration.rejectsPath == "out.rejects.jsonl")
  }

  @Test(arguments: [
    ("o.jsonl", "o.rejects.jsonl"), ("o.jsonl.gz", "o.rejects.jsonl"), ("o", "o.rejects.jsonl"), ("o.json", "o.json.rejects.jsonl"),
  ])
  func rejectsLieBesideTheOutput(_ output: String, _ rejects: String) throws {
    #expect(try load("{\"stages\": [], \"output\": {\"path\": \"/\(output)\"}}").rejectsPath == "/" + rejects)
  }

  @Test func allErrorsOfAFileAreReportedInItsOrder() {
    let text = """
      {
        "nmae": "x",
        "input": {"format": "htlm", "paths": "pages"},
        "stages": [
          {"use": "sampel"},
          {"use": "sample", "count": 12, "mode": "fsat", "modes": ["slow", "slwo"], "flag": 1, "list": ["no.tsv"], "size": "x"},
          {"use": "sample", "count": 7},
          {"option": 1}
        ],
        "run": {"workers": 0},
        "name": "a", "name": "b"
      }
      """
    #expect(
      errors(text) == [
        #"conf/p.json:2:3: /nmae: unknown key (did you mean "name"?)"#,
        #"conf/p.json:3:23: /input/format: expected one of "auto", "html", "text", "jsonl", "xml", "csv", "tsv", "warc", found "htlm" (did you mean "html"?)"#,
        #"conf/p.json:3:40: /input/paths: expected an array of paths, found "pages""#,
        #"conf/p.json:5:13: /stages/0/use: there is no stage "sampel" (did you mean "sample"?)"#,
        #"conf/p.json:6:32: /stages/1/count: expected a whole number from 1 to 9, found 12"#,
        #"conf/p.json:6:44: /stages/1/mode: expected one of "fast", "slow", found "fsat" (did you mean "fast"?)"#,
        #"conf/p.json:6:70: /stages/1/modes/1: expected one of "fast", "slow", found "slwo" (did you mean "slow"?)"#,
        #"conf/p.json:6:87: /stages/1/flag: expected true or false, found 1"#,
        #"conf/p.json:6:99: /stages/1/list/0: there is no file conf/no.tsv"#,
        #"conf/p.json:6:118: /stages/1/size: expected a size such as "64MB", found "x""#,
        #"conf/p.json:7:32: /stages/2/count: seven is taken"#,
        #"conf/p.json:8:5: /stages/3: expected an object with "use", the name of a stage"#,
        #"conf/p.json:10:22: /run/workers: expected a whole number from 1 to 256, found 0"#,
        #"conf/p.json:11:16: /name: the key stands twice in one object"#,
      ])
  }

  @Test func columnsCountCodePoints() {
    #expect(
      errors(#"{"name": "日本👍", "x": 1, "stages": []}"#) == [
        #"conf/p.json:1:17: /x: unknown key (known: $schema, name, input, output, rejects, run, plugins, state, stages)"#
      ])
  }

  @Test func pointersAreEscaped() {
    #expect(errors(#"{"a/b~c": 1, "stages": []}"#).first?.contains(": /a~1b~0c: ") == true)
  }

  @Test(arguments: ["", "{", "{\"stages\": [}", "[1", "{\"stages\": []} x"]) func whatIsNoJSONSaysWhere(_ text: String) {
    let found = errors(text)
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("conf/p.json:1:") == true && found.first?.contains("this is not JSON") == true)
  }

  @Test func aMissingStageListIsAnError() {
    #expect(errors("{}") == [#"conf/p.json:1:1: /: "stages" is missing: an array such as [{"use": "article"}]"#])
    #expect(errors(#"{"stages": {}}"#) == ["conf/p.json:1:12: /stages: expected an array of stages, found an object"])
  }

  @Test func anImpossibleOrderIsRefusedWithTheReason() {
    #expect(
      errors(#"{"stages": [{"use": "splitter"}, {"use": "maker"}]}"#) == [
        #"conf/p.json:1:21: /stages/0/use: "splitter" needs the text that "maker" makes: put "maker" before it"#,
        #"conf/p.json:1:42: /stages/1/use: "maker" rewrites the text that "splitter" has marked up: put "maker" before "splitter""#,
      ])
    #expect(
      errors(#"{"stages": [{"use": "clusterer"}]}"#) == [
        #"conf/p.json:1:21: /stages/0/use: "clusterer" needs sentences, which no stage before it makes"#
      ])
    #expect(errors(#"{"stages": [{"use": "maker"}, {"use": "splitter"}, {"use": "clusterer"}]}"#) == [])
  }

  @Test func aByteOrderMarkIsAllowed() throws {
    _ = try load("\u{FEFF}{\"stages\": []}")
  }

  @Test(
    arguments: [
      ("64MB", 64_000_000), ("1 GiB", 1 << 30), ("4096", 4096), ("10kb", 10_000), ("1B", 1), ("0", nil), ("-1", nil), ("MB", nil),
      ("1.5MB", nil), ("9999999999999999GB", nil),
    ] as [(String, Int?)])
  func sizes(_ text: String, _ bytes: Int?) {
    #expect(Size.parse(text) == bytes)
  }

  @Test(arguments: [("", "abc", 3), ("abc", "abc", 0), ("artcle", "article", 1), ("htlm", "html", 1), ("kitten", "sitting", 3)])
  func distances(_ a: String, _ b: String, _ distance: Int) {
    #expect(editDistance(a, b) == distance)
  }
}

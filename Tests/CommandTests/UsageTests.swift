import Foundation
import TestSupport
import Testing

@Suite struct UsageTests {
  private let folder = TemporaryFolder()

  @Test func aConfigurationWithFiveErrorsReportsFive() throws {
    folder.write(
      "bad.json",
      """
      {
        "input": {"format": "htlm"},
        "stages": [
          {"use": "entities", "lists": ["missing.tsv"]},
          {"use": "artcle"},
          {"use": "filter", "require": ["titel"]}
        ],
        "run": {"wrokers": 2}
      }
      """)
    let expected = """
      bad.json:2:23: /input/format: expected one of "auto", "html", "text", "jsonl", "xml", "csv", "tsv", "warc", found "htlm" (did you mean "html"?)
      bad.json:4:35: /stages/0/lists/0: there is no file missing.tsv
      bad.json:5:13: /stages/1/use: there is no stage "artcle" (did you mean "article"?)
      bad.json:6:35: /stages/2/require/0: expected one of "title", "url", "canonical", "authors", "published", "language", "siteName", "description", "image", found "titel" (did you mean "title"?)
      bad.json:8:11: /run/wrokers: unknown key (did you mean "workers"?)

      """
    let check = try Pipe.run("check", "bad.json", in: folder.path)
    #expect(check.status == 2 && check.err == expected)
    let run = try Pipe.run("run", "bad.json", "-i", "bad.json", in: folder.path)
    #expect(run.status == 2 && run.err == expected && run.out.isEmpty)
  }

  @Test func shippedPipelinesAreFine() throws {
    let names = ["article", "entities", "news", "nightly", "sentences", "text"]
    let result = try Pipe.run(["check"] + names.map { "pipelines/\($0).json" }, input: [])
    #expect(result.status == 0 && result.err.isEmpty)
    #expect(result.out.split(separator: "\n").count == names.count)
  }

  @Test func checkNamesInputsThatAreMissing() throws {
    folder.write("p.json", #"{"input": {"paths": ["nowhere"]}, "stages": []}"#)
    let result = try Pipe.run("check", "p.json", in: folder.path)
    #expect(result.status == 2 && result.err == "p.json: nowhere: No such file or directory\n")
  }

  @Test(arguments: [
    (["run"], "Missing expected argument '<config>'"), (["run", "pipelines/text.json", "--bogus"], "Unknown option '--bogus'"),
    (["run", "pipelines/text.json", "--workers", "0"], "--workers takes a number from 1 to 256."),
    (["run", "pipelines/text.json", "--limit-document", "x"], "--limit-document takes a size such as 64MB"),
    (["run", "pipelines/text.json", "--format", "pdf"], "pdf"), (["run", "nowhere.json"], "nowhere.json: No such file or directory"),
    (["stages", "artcle"], "there is no stage \"artcle\""),
    (["frobnicate"], "frobnicate"),
  ])
  func wrongUsageExitsWithTwo(_ arguments: [String], _ message: String) throws {
    let result = try Pipe.run(arguments, input: [])
    #expect(result.status == 2 && result.out.isEmpty)
    #expect(result.err.contains(message), "\(result.err)")
  }

  @Test func nothingToReadSaysWhatToDo() throws {
    folder.write("p.json", #"{"stages": []}"#)
    let result = try Pipe.run("run", "p.json", in: folder.path)
    #expect(result.status == 2 && result.err.contains("name files with --input PATH"))
  }

  /// Help screens are kept as files, so that a change of them is seen.
  @Test(arguments: [[], ["run"], ["check"], ["stages"], ["explain"], ["schema"], ["init"]]) func helpIsComplete(_ command: [String]) throws
  {
    let result = try Pipe.run(command + ["--help"], input: [])
    #expect(result.status == 0 && result.err.isEmpty)
    try golden(result.out, "help/pipe\(command.map { "-" + $0 }.joined()).txt")
  }

  @Test func stagesAreListedAndShown() throws {
    let list = try Pipe.run("stages")
    #expect(list.status == 0)
    try golden(list.out, "help/stages-list.txt")
    for line in list.out.split(separator: "\n") {
      let name = String(line.prefix { $0 != " " })
      let one = try Pipe.run("stages", name)
      #expect(one.status == 0 && one.out.hasPrefix("\(name): "))
    }
  }

  @Test func theVersionIsTold() throws {
    #expect(try Pipe.run("--version").out == "0.1.0\n")
  }

  private func golden(_ text: String, _ name: String) throws {
    let path = "\(checkout)/Tests/Cases/\(name)"
    if ProcessInfo.processInfo.environment["UPDATE_CASES"] != nil {
      try FileManager.default.createDirectory(atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    #expect(
      text == FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) },
      "\(name); UPDATE_CASES=1 swift test writes it anew")
  }
}

import Foundation
import Logging
import TestSupport
import Testing

@testable import Pipeline

/// Upper-cases ASCII, drops "drop me", fails on "fail".
private struct Shout: Stage {
  static let descriptor = StageDescriptor(name: "shout", summary: "Shouts.", needs: [.text], reasons: [("quiet", "said so")])
  init(options: Options) {}

  func process(_ document: inout Document) throws -> Verdict {
    guard let text = document.text else { return .pass }
    if text.bytes.starts(with: "drop me".utf8) { return .drop(reason: "quiet") }
    if text.bytes.starts(with: "fail".utf8) { throw IOError("voice", "lost") }
    if text.bytes.starts(with: "note".utf8) { document.note(reason: "odd", rule: "x") }
    document.setText(text.mapBlocks { _, bytes in bytes.map { $0 >= 0x61 && $0 <= 0x7A ? $0 - 32 : $0 } })
    return .pass
  }
}

/// Drops what came before, and gives every text the number of its first sight.
private struct Unique: OrderedStage {
  static let descriptor = StageDescriptor(name: "unique", summary: "Drops repeats.", needs: [.text])
  init(options: Options) {}

  func prepare(_ document: borrowing Document) throws -> [UInt8] { document.text?.bytes ?? [] }
  func makeDecider(memory: any StageMemory) throws -> any Decider { Memory() }

  private struct Memory: Decider {
    var seen: [[UInt8]: Int] = [:]

    mutating func decide(id: String, value: [UInt8], isLeaving: Bool) throws -> Decision {
      if let first = seen[value] { return Decision(.drop(reason: "repeat of \(first)")) }
      seen[value] = seen.count + 1
      return Decision(.pass, cluster: "c\(seen.count)")
    }
  }
}

/// Takes longer for the first documents than for later ones, so that results come out of order.
private struct Slow: Stage {
  static let descriptor = StageDescriptor(name: "slow", summary: "Waits.", needs: [.text])
  init(options: Options) {}

  func process(_ document: inout Document) throws -> Verdict {
    usleep(UInt32(document.id.hashValue & 3) * 300)
    return .pass
  }
}

@Suite struct RunTests {
  private let folder = TemporaryFolder()
  private let registry = StageRegistry([Shout.self, Unique.self, Slow.self])

  private func run(
    _ stages: String, _ lines: [String], output: String = "out.jsonl", limit: Int? = nil, workers: Int = 2, extra: String = ""
  ) async throws -> RunSummary {
    folder.write("in.jsonl", lines.joined(separator: "\n"))
    let text = """
      {"input": {"paths": ["in.jsonl"]}, "stages": \(stages), "output": {"path": "\(output)"}, "run": {"workers": \(workers), "limits": {"document": 100000}}\(extra)}
      """
    let configuration = try Configuration.load(bytes: Array(text.utf8), path: "p.json", folder: folder.path, registry: registry)
    let run = PipelineRun(configuration, limit: limit, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    return try await run.execute()
  }

  private func record(_ id: Int, _ text: String) -> String { "{\"id\":\"\(id)\",\"text\":\"\(text)\"}" }
  private func ids(_ name: String) -> [String] {
    (folder.read(name) ?? "").split(separator: "\n").compactMap {
      (try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])?["id"] as? String
    }
  }

  @Test func documentsComeOutInOrderWithTheirSum() async throws {
    let sum = try await run(#"[{"use": "shout"}]"#, [record(1, "one"), record(2, "drop me"), record(3, "fail"), "junk", record(5, "five")])
    #expect(sum.input == 5 && sum.output == 2 && sum.dropped == ["quiet": 1] && sum.rejected == 2 && sum.isBalanced)
    #expect(folder.read("out.jsonl")?.contains(#""text":"ONE""#) == true)
    #expect(ids("out.jsonl") == ["1", "5"])
    let source = folder.path + "/in.jsonl"
    #expect(
      folder.read("out.rejects.jsonl") == """
        {"id":"2","source":"\(source)","position":2,"kind":"dropped","stage":"shout","reason":"quiet"}
        {"id":"3","source":"\(source)","position":3,"kind":"rejected","stage":"shout","reason":"voice: lost"}
        {"id":"\(source):4","source":"\(source)","position":4,"kind":"rejected","stage":"input","reason":"the line is not JSON: neither an object nor an array, at byte 1"}

        """)
    #expect(sum.stages.map(\.input) == [4] && sum.stages.map(\.output) == [2])
    #expect(folder.names == ["in.jsonl", "out.jsonl", "out.rejects.jsonl"])
  }

  @Test func notesAreCountedAndRemoveNothing() async throws {
    let sum = try await run(#"[{"use": "shout"}]"#, [record(1, "note"), record(2, "note this"), record(3, "other")])
    #expect(sum.output == 3 && sum.stages[0].removed.isEmpty)
    #expect(sum.stages[0].notes == ["odd (x)": 2])
    #expect(sum.text.contains("\n  shout noted 2 odd (x)"))
    #expect(String(decoding: sum.json, as: UTF8.self).contains(#""notes":{"odd (x)":2}"#))
  }

  @Test(arguments: [1, 2, 3, 8]) func anyNumberOfWorkersGivesTheSameBytes(_ workers: Int) async throws {
    let lines = (0..<300).map { record($0, "text \($0 % 50)") }
    let sum = try await run(#"[{"use": "slow"}, {"use": "unique"}]"#, lines, workers: workers)
    #expect(sum.output == 50 && sum.droppedCount == 250 && sum.isBalanced)
    #expect(ids("out.jsonl") == (0..<50).map(String.init))
    let line = try #require(folder.read("out.jsonl")?.split(separator: "\n").first)
    #expect(line.hasSuffix(#""cluster":"c1","text":"text 0"}"#))
  }

  @Test func aDocumentDroppedBeforeAnOrderedStageIsNotDecidedOn() async throws {
    let sum = try await run(#"[{"use": "shout"}, {"use": "unique"}]"#, [record(1, "drop me"), record(2, "a"), record(3, "A")])
    #expect(sum.dropped == ["quiet": 1, "repeat of 1": 1])
    #expect(sum.stages.map(\.input) == [3, 2])
  }

  @Test func aRunEndsAtItsLimit() async throws {
    let sum = try await run(#"[{"use": "shout"}]"#, (0..<10).map { record($0, "x") }, limit: 4)
    #expect(sum.input == 4 && sum.output == 4 && sum.reachedLimit && sum.isBalanced)
  }

  @Test func rejectsOfAnEarlierRunAreRemoved() async throws {
    _ = try await run(#"[{"use": "shout"}]"#, [record(1, "fail")])
    #expect(folder.names.contains("out.rejects.jsonl"))
    _ = try await run(#"[{"use": "shout"}]"#, [record(1, "fine")])
    #expect(!folder.names.contains("out.rejects.jsonl"))
  }

  @Test func keptContentIsInTheRejects() async throws {
    _ = try await run(#"[{"use": "shout"}]"#, [record(1, "fail")], extra: #", "rejects": {"keepContent": true}"#)
    #expect(folder.read("out.rejects.jsonl")?.contains(#""content":"{\"id\":\"1\",\"text\":\"fail\"}""#) == true)
  }

  @Test(arguments: ["out.jsonl.gz", "out.jsonl.zst"]) func compressedOutputIsReadBack(_ name: String) async throws {
    let lines = (0..<3000).map { record($0, "é \($0)") }
    _ = try await run("[]", lines, output: name)
    let bytes = try InputFile.open(folder.path + "/" + name, stop: nil).readAll(limit: 1_000_000)
    #expect(String(decoding: bytes, as: UTF8.self).split(separator: "\n").count == 3000)
    let first = try #require(FileManager.default.contents(atPath: folder.path + "/" + name))
    #expect(first.count < bytes.count / 4)
    _ = try await run("[]", lines, output: name)
    #expect(FileManager.default.contents(atPath: folder.path + "/" + name) == first)
    let broken = folder.write("broken" + name.suffix(4), first.dropLast(20))
    #expect(throws: IOError.self) { try InputFile.open(broken, stop: nil).readAll(limit: 1_000_000) }
    let twice = folder.write("twice" + name.suffix(4), first + first)
    #expect(try InputFile.open(twice, stop: nil).readAll(limit: 1_000_000) == bytes + bytes)
    let empty = folder.write("empty" + name.suffix(4), [])
    #expect(throws: IOError.self) { try InputFile.open(empty, stop: nil).readAll(limit: 10) }
  }

  @Test func aPageWithoutAStageThatReadsItIsRejected() async throws {
    let sum = try await run(#"[{"use": "shout"}]"#, [#"{"id":"1","html":"<p>x</p>"}"#])
    #expect(sum.rejected == 1)
    #expect(sum.rejections.keys.first?.contains("put a stage that makes text, such as \"article\", before \"shout\"") == true)
  }

  @Test func theSummaryIsJSON() async throws {
    let sum = try await run(#"[{"use": "shout"}]"#, [record(1, "one"), record(2, "drop me")])
    let object = try #require(JSONSerialization.jsonObject(with: Data(sum.json)) as? [String: Any])
    #expect(object["in"] as? Int == 2 && object["out"] as? Int == 1 && object["rejected"] as? Int == 0)
    #expect(object["dropped"] as? [String: Int] == ["quiet": 1])
    #expect((object["stages"] as? [[String: Any]])?.first?["use"] as? String == "shout")
    #expect(sum.text.hasPrefix("p: 2 in, 1 out, 1 dropped, 0 rejected in "))
  }

  @Test func aStoppedRunLeavesWhatIsFinishedUnderItsPartialName() async throws {
    let lines = (0..<20_000).map { record($0, "text") }
    folder.write("in.jsonl", lines.joined(separator: "\n"))
    folder.write("out.jsonl", "the output of last night\n")
    let text = #"{"input": {"paths": ["in.jsonl"]}, "stages": [{"use": "slow"}], "output": {"path": "out.jsonl"}}"#
    let configuration = try Configuration.load(bytes: Array(text.utf8), path: "p.json", folder: folder.path, registry: registry)
    let run = PipelineRun(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    // A thread of its own: a task may have to wait until other tests are done, and the run with them.
    Thread.detachNewThread {
      usleep(60_000)
      run.stop(signal: 15)
    }
    let sum = try await run.execute()
    #expect(sum.stoppedBySignal == 15 && sum.isBalanced)
    #expect(sum.input < 20_000)
    #expect(folder.read("out.jsonl") == "the output of last night\n")
    let finished = ids("out.jsonl.partial")
    #expect(finished == (0..<sum.output).map(String.init))
    #expect(sum.text.contains("stopped by SIGTERM after \(sum.input) documents"))
  }

  @Test func aSecondRunOnTheSameOutputIsRefused() async throws {
    let holder = try OutputFile(path: folder.path + "/out.jsonl")
    await #expect(throws: OutputInUse.self) { try await run("[]", [record(1, "x")]) }
    try holder.finish()
  }

  @Test func aFileThatIsNotFinishedNeverHasItsName() throws {
    let path = folder.path + "/x/y/z.jsonl"
    do {
      let file = try OutputFile(path: path)
      try file.write(Array("half".utf8))
    }
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(throws: IOError.self) { try OutputFile(path: folder.path) }
  }

  @Test func aFolderInThePlaceOfTheSummaryIsFoundBeforeTheWork() async throws {
    folder.write("in.jsonl", record(1, "x"))
    var configuration = try Configuration.load(bytes: Array(#"{"stages": []}"#.utf8), path: "p", folder: "", registry: registry)
    configuration.input.paths = [folder.path + "/in.jsonl"]
    configuration.output.path = folder.path + "/out.jsonl"
    configuration.run.summaryPath = folder.path
    let run = PipelineRun(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    await #expect(throws: IOError(folder.path, "is a folder; the summary is a file")) { try await run.execute() }
    #expect(folder.names == ["in.jsonl"])
  }

  @Test func aLinkedOutputIsWrittenWhereItLeads() throws {
    folder.write("real.jsonl", "old")
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/link.jsonl", withDestinationPath: "real.jsonl")
    let file = try OutputFile(path: folder.path + "/link.jsonl")
    try file.write(Array("new".utf8))
    try file.finish()
    #expect(folder.read("real.jsonl") == "new")
    #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: folder.path + "/link.jsonl")) == "real.jsonl")
  }

  @Test func filesOfARunThatWouldOverwriteAnInputAreNamed() throws {
    let file = folder.write("in.jsonl", record(1, "x"))
    var configuration = try Configuration.load(bytes: Array(#"{"stages": []}"#.utf8), path: "p", folder: "", registry: registry)
    configuration.input.paths = [file]
    configuration.output.path = folder.path + "/./in.jsonl"
    #expect(PipelineRun.problems(with: configuration).map(\.reason) == ["is both an input and the output; choose another output"])
    configuration.output.path = folder.path + "/new.jsonl"
    configuration.rejects.path = folder.path + "/./new.jsonl"
    #expect(
      PipelineRun.problems(with: configuration).map(\.reason) == ["is both the output and the rejects file; choose another rejects file"])
    configuration.rejects.path = nil
    configuration.run.summaryPath = file
    #expect(PipelineRun.problems(with: configuration).map(\.reason) == ["is both an input and the summary; choose another summary"])
    configuration.run.summaryPath = nil
    #expect(PipelineRun.problems(with: configuration).isEmpty)
  }

  @Test(arguments: [Int.max, 1_000_000_000_001]) func aLimitBeyondReasonIsRefused(_ size: Int) {
    let text = "{\"stages\": [], \"run\": {\"limits\": {\"document\": \(size)}}}"
    #expect(throws: ConfigurationErrors.self) {
      try Configuration.load(bytes: Array(text.utf8), path: "p.json", folder: "", registry: registry)
    }
    #expect(Size.parse("\(size)") == nil)
  }

  /// Only strings are names; what an object holds inside is not.
  @Test func authorsThatAreObjectsAreLeftOut() async throws {
    _ = try await run("[]", [#"{"id":"1","text":"x","authors":[{"@type":"Person","name":"Ada"},3,"Tom Lock"]}"#])
    #expect(folder.read("out.jsonl")?.contains(#""authors":["Tom Lock"]"#) == true)
  }

  /// Patterns hold for files that are named themselves, and from the configuration's folder.
  @Test func excludedFilesAreNotRead() async throws {
    for name in ["a.txt", "b.txt", "drafts/c.txt"] { folder.write(name, "x") }
    let text = #"{"input": {"paths": [".", "b.txt"], "exclude": ["drafts/**", "b.txt"]}, "stages": [], "output": {"path": "out.jsonl"}}"#
    let configuration = try Configuration.load(bytes: Array(text.utf8), path: "p.json", folder: folder.path, registry: registry)
    _ = try await PipelineRun(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }).execute()
    #expect(ids("out.jsonl").count == 1 && ids("out.jsonl").first?.hasSuffix("a.txt") == true)
  }

  @Test func fieldsAreMapped() async throws {
    let extra = #", "input": {"paths": ["in.jsonl"], "fields": {"text": "body", "id": "key", "authors": "by"}}"#
    folder.write("in.jsonl", #"{"key": 12, "body": "x", "by": ["A", "B"], "title": null, "url": "u"}"#)
    let text = "{\"stages\": [], \"output\": {\"path\": \"out.jsonl\"}\(extra)}"
    let configuration = try Configuration.load(bytes: Array(text.utf8), path: "p.json", folder: folder.path, registry: registry)
    _ = try await PipelineRun(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }).execute()
    #expect(
      folder.read("out.jsonl")
        == "{\"id\":\"12\",\"source\":\"\(folder.path)/in.jsonl\",\"url\":\"u\",\"authors\":[\"A\",\"B\"],\"text\":\"x\"}\n")
  }
}

import Foundation
import TestSupport
import Testing

/// What the program of an exec stage can do wrong, and what becomes of it: at most the document in hand is lost, and nothing is left behind.
///
/// One after the other: most of them wait for a time limit, and a crowded machine would pass those.
@Suite(.serialized, .enabled(if: !isSanitized, "sanitizers make programs slower than the time limits here")) struct HostilePluginTests {
  private let folder = TemporaryFolder()

  private static let program = (Pipe.executable as NSString).deletingLastPathComponent + "/hostile-plugin"

  /// Twelve documents, of which the eighth triggers the fault.
  private func configure(_ fault: String, _ more: String = #""timeout": "1s""#, booms: Set<Int> = [8], count: Int = 12) {
    let lines = (1...count).map { number in
      #"{"id": "d\#(number)", "text": "The ferry is back at its pier. \#(booms.contains(number) ? "BOOM" : "Nobody was hurt.")"}"#
    }
    folder.write("in.jsonl", lines.joined(separator: "\n") + "\n")
    folder.write(
      "p.json",
      #"""
      {"input": {"paths": ["in.jsonl"]}, "output": {"path": "o.jsonl"},
       "stages": [{"use": "sentences"}, {"use": "exec", "command": ["\#(Self.program)", "\#(fault)", "\#(folder.path)"], "workers": 1, \#(more)}]}
      """#)
  }

  private func run(_ arguments: String...) async throws -> (result: Pipe.Result, lines: [[String: Any]], rejects: [[String: Any]]) {
    let result = try await Pipe.waiting(["run", "p.json", "--summary", "sum.json"] + arguments, in: folder.path)
    #expect(remaining == [], "a process was left behind")
    return (result, jsonLines(folder.read("o.jsonl")), jsonLines(folder.read("o.rejects.jsonl")))
  }

  /// Processes that were started for this test and still are.
  private var remaining: [String] {
    let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.filter { $0.allSatisfy(\.isNumber) } ?? []
    return processes.compactMap { process in
      guard let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") else { return nil }
      let text = String(decoding: line, as: UTF8.self)
      return text.contains(folder.path) && text.contains("hostile-plugin") ? text : nil
    }
  }

  /// Faults over one document, and what the rejects say.
  static let faults: [(fault: String, reason: String)] = [
    ("exit", "exited with status 3"), ("exit-quietly", "exited with status 0"), ("crash", "was ended by SIGABRT"),
    ("kill", "was ended by SIGKILL"), ("children", "exited with status 3"), ("hang", "gave no answer within 1 s"),
    ("spin", "gave no answer within 1 s"), ("close-output", "closed its output"), ("nonsense", #"answered what is no answer: "what?""#),
    ("no-number", #"answered what is no answer: "{"verdict": "pass"}""#),
    ("cut-short", #"answered what is no answer: "{"document": 1, "extra": {"a": ""#),
    ("bad-utf8", "answered what is not JSON: The input is not valid UTF-8"),
    ("array", #"answered what is no answer: "[1, 2]""#),
    ("ahead", "answered out of turn: document 1001 instead of 1"), ("behind", "answered out of turn: document 0 instead of 1"),
    ("flood", "answered with more than 16032 kB"), ("behind-brace", "answered what is not JSON: "),
    ("far-offset", "answered with an entity from 0 to 999999, outside the text"),
    ("negative-offset", "answered with an entity from -1 to 2, outside the text"),
    ("backward-offset", "answered with an entity from 5 to 2, outside the text"),
    ("huge-offset", #"answered with a sentence without "start" and "end" in code points"#),
    ("overlap", "answered with a sentence that begins before the end of the one before it"),
    ("cut-middle", "answered with a removal from the middle of a block; only its beginning or its end can be cut off, or a new text sent"),
    ("reason", #"gave the reason "whim", which it has not announced (known: bad)"#),
    ("part", #"answered with "title", and has not announced that it provides "title""#),
    ("text", #"answered with a new text, and has not announced "rewrites" or that it provides "text""#),
    ("type", #"answered with "entities" that is an object, and no array"#),
    ("key", #"answered with an unknown key "entites" (did you mean "entities"?)"#),
  ]

  @Test(arguments: faults) func aFaultCostsTheDocumentInHand(_ fault: String, _ reason: String) async throws {
    configure(fault)
    let (result, lines, rejects) = try await run()
    #expect(result.status == 1, "\(result.err)")
    #expect(lines.map { $0["id"] as? String } == (1...12).filter { $0 != 8 }.map { "d\($0)" })
    #expect(lines.allSatisfy { ($0["extra"] as? [String: Any])?["seen"] as? Bool == true })
    #expect(rejects.map { $0["id"] as? String } == ["d8"] && rejects.first?["stage"] as? String == "hostile")
    #expect((rejects.first?["reason"] as? String)?.hasPrefix("the program \(reason)") == true, "\(rejects)")
    let sum = try #require(jsonLines(folder.read("sum.json")).first)
    #expect(sum["in"] as? Int == 12 && sum["out"] as? Int == 11 && sum["rejected"] as? Int == 1)
  }

  @Test func theProgramsOwnErrorIsTheReason() async throws {
    configure("error")
    let (result, _, rejects) = try await run()
    #expect(result.status == 1 && rejects.map { $0["reason"] as? String } == ["I do not like it"])
  }

  /// Nobody can say whether an answer that came was to be the last, so it stands; what comes behind it costs no document.
  @Test(arguments: ["twice", "chatter"]) func whatComesBehindAnAnswerCostsNoDocument(_ fault: String) async throws {
    configure(fault, #""timeout": "5s", "batch": 1"#)
    let (result, lines, rejects) = try await run()
    #expect(lines.count + rejects.count == 12 && rejects.count <= (fault == "twice" ? 0 : 1), "\(result.err)")
    if fault == "twice" { #expect(result.status == 0) }
  }

  @Test func messagesWithoutEndAreCutShort() async throws {
    configure("stderr", #""timeout": "20s""#)
    let (result, lines, _) = try await run()
    #expect(result.status == 0 && lines.count == 12)
    #expect(result.err.contains("hostile-plugin") || result.err.contains("hostile: line 0"))
    #expect(result.err.split(separator: "\n").count < 10_100)
  }

  @Test(arguments: ["stay", "bad-end"]) func aProgramThatDoesNotEndWellIsEndedAndNamed(_ fault: String) async throws {
    configure(fault)
    let (result, lines, _) = try await run()
    #expect(result.status == 0 && lines.count == 12 && result.err.contains("hostile: did not end well"))
  }

  @Test(arguments: ["process", "none"]) func aProgramThatNeverStaysUpEndsTheRun(_ isolation: String) async throws {
    configure("always", count: 60)
    let (result, _, _) = try await run("--isolation", isolation)
    #expect(result.status == 3)
    #expect(
      result.err.contains(#"error: the program of "hostile": has failed too often, and is given up; at last it exited with status 4"#))
  }

  @Test func aProgramThatReadsNothingIsNoticed() async throws {
    configure("deaf", #""timeout": "50ms""#, count: 400)
    let (result, _, _) = try await run()
    #expect(result.status == 3 && result.err.contains("gave no answer within 50 ms"))
  }

  /// A program may close its errors, or write to them for ever: the time limit holds.
  @Test(arguments: ["hang-without-errors", "hang-with-messages"]) func theTimeLimitHoldsWhateverElseGoesOn(_ fault: String) async throws {
    configure(fault)
    let (result, lines, rejects) = try await run()
    #expect(result.status == 1 && lines.count == 11 && rejects.first?["reason"] as? String == "the program gave no answer within 1 s")
  }

  /// Ranges of removals may overlap, and together cover a block.
  @Test(arguments: ["crossed-ends", "two-halves"]) func removalsMayMeet(_ fault: String) async throws {
    for isolation in ["process", "none"] {
      configure(fault)
      let (result, lines, _) = try await run("--isolation", isolation)
      #expect(result.status == 0 && lines.count == 12, "\(result.err)")
      #expect((lines[7]["text"] as? String)?.isEmpty == true, "\(lines[7])")
    }
  }

  /// A worker that waits for a program is not taken for hung.
  @Test func aProgramMayTakeLongerThanAWorker() async throws {
    configure("slow", #""timeout": "20s""#)
    let (result, lines, _) = try await run("--limit-time", "100ms", "--workers", "1")
    #expect(result.status == 0 && lines.count == 12, "\(result.err)")
  }

  /// Documents are for processes that are ready; the end does not wait for one that never is.
  @Test func aProcessThatComesToNothingHoldsNobodyUp() async throws {
    configure("start-once", #""timeout": "5s", "startTimeout": "30s""#, count: 200)
    let text = try #require(folder.read("p.json")).replacingOccurrences(of: #""workers": 1"#, with: #""workers": 4"#)
    folder.write("p.json", text)
    let start = ContinuousClock.now
    let (result, lines, _) = try await run()
    #expect(result.status == 0 && lines.count == 200, "\(result.err)")
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func manyFaultsCostTheirDocumentsWhateverTheBatch() async throws {
    var outputs: Set<String?> = []
    for batch in [1, 16] {
      configure("exit", #""batch": \#(batch)"#, booms: Set((1...10).map { $0 * 7 }), count: 75)
      let (result, _, rejects) = try await run()
      #expect(result.status == 1 && rejects.count == 10, "\(result.err)")
      outputs.insert(folder.read("o.jsonl"))
    }
    #expect(outputs.count == 1)
  }

  @Test func severalFaultsEachCostTheirDocument() async throws {
    configure("crash", booms: [3, 17, 18, 40], count: 60)
    let (result, lines, rejects) = try await run()
    #expect(result.status == 1 && lines.count == 56, "\(result.err)")
    #expect(rejects.map { $0["id"] as? String } == ["d3", "d17", "d18", "d40"])
  }

  @Test func theSameBytesWhateverWorkersAndBatches() async throws {
    var outputs: Set<[String?]> = []
    for (workers, batch) in [(1, 1), (1, 16), (2, 1), (2, 16), (4, 1), (4, 16)] {
      for isolation in ["process", "none"] {
        configure("exit", #""batch": \#(batch)"#, booms: [11, 150], count: 200)
        let text = try #require(folder.read("p.json")).replacingOccurrences(of: #""workers": 1"#, with: #""workers": \#(workers)"#)
        folder.write("p.json", text)
        let status = try await run("--isolation", isolation).result.status
        #expect(status == 1)
        outputs.insert([folder.read("o.jsonl"), folder.read("o.rejects.jsonl")])
      }
    }
    #expect(outputs.count == 1)
  }

  // MARK: The start

  static let starts: [(fault: String, message: String)] = [
    ("greet-exit", "exited with status 7 before it greeted"), ("greet-nonsense", "greets with a line that is not JSON"),
    ("greet-version", "greets with a line that speaks version 2 of the protocol; this program speaks 1"),
    ("greet-name", #"greets with a line that has no "name" of lower-case letters, digits and hyphens"#),
    ("greet-key", #"greets with a line that has an unknown key "need" (did you mean "needs"?)"#),
    ("greet-silence", "has not greeted within 500 ms"), ("greet-flood", "greets with a line without an end"),
    ("start-exit", "exited with status 8 when it was told its options"), ("start-silence", "was not ready within 500 ms"),
    ("start-nonsense", "answers its start with what is not JSON"),
  ]

  @Test(arguments: starts) func aProgramThatDoesNotComeToWorkIsAnErrorOfTheConfiguration(_ fault: String, _ message: String) async throws {
    configure(fault, #""startTimeout": "500ms""#)
    for command in ["check", "run"] {
      let result = try await Pipe.waiting([command, "p.json"], in: folder.path)
      #expect(result.status == 2 && result.err.contains("p.json:2:62: /stages/1/command: \(message)"), "\(result.err)")
    }
    #expect(remaining == [])
  }

  @Test(arguments: [
    (#"{"levle": 3}"#, #"/stages/1/options/levle: unknown key (did you mean "level"?)"#),
    (#"{"level": 12}"#, "/stages/1/options/level: expected a whole number from 1 to 9, found 12"),
    (#"{"tone": "polit"}"#, #"/stages/1/options/tone: expected one of "rude", "polite", found "polit" (did you mean "polite"?)"#),
    (#"{"model": "xl"}"#, #"/stages/1/options/model: there is no model "xl""#), ("7", "/stages/1/options: expected an object, found 7"),
  ])
  func itsOptionsAreCheckedWhereTheyStand(_ options: String, _ message: String) async throws {
    configure("none", #""options": \#(options)"#)
    let result = try await Pipe.waiting(["check", "p.json"], in: folder.path)
    #expect(result.status == 2 && result.err.contains(message) && result.err.hasPrefix("p.json:2:"), "\(result.err)")
    #expect(remaining == [])
  }

  @Test func aCommandIsFoundInTheFolderAndInPath() async throws {
    for (command, message) in [
      (#"["no-such-program"]"#, "there is no such program"), (#"["./p.json"]"#, "there is no such program"), ("[]", "expected \"command\""),
    ] {
      folder.write("q.json", #"{"stages": [{"use": "exec", "command": \#(command)}]}"#)
      let result = try await Pipe.waiting(["check", "q.json"], in: folder.path)
      #expect(result.status == 2 && result.err.contains(message), "\(result.err)")
    }
  }
}

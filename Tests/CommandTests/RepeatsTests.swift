import Foundation
import TestSupport
import Testing

/// What repeats: profiles of sites, copies of texts.
@Suite struct RepeatsTests {
  private let folder = TemporaryFolder()
  private static let support = "Our newsroom is paid for by its readers, who meet us every spring in the old customs house."

  private func run(_ arguments: String...) throws -> Pipe.Result { try Pipe.run(arguments, in: folder.path, input: []) }

  /// Records of a site as JSON Lines, each with a story of its own and the same line behind it.
  private func writePages(_ name: String, _ range: Range<Int>, host: String = "example.com") {
    let lines = range.map { number in
      #"{"id": "\#(number)", "url": "https://\#(host)/\#(number)", "text": "Story \#(number) begins here, and tells of case \#(number) at some length, longer than all that stands around it.\n\n\#(Self.support)"}"#
    }
    folder.write(name, lines.joined(separator: "\n") + "\n")
  }

  private func texts(_ name: String) -> [String] { jsonLines(folder.read(name)).compactMap { $0["text"] as? String } }

  @Test func whatWasLearnedIsDropped() throws {
    writePages("a.jsonl", 0..<12)
    writePages("b.jsonl", 12..<15)
    folder.write("p.json", #"{"stages": [{"use": "boilerplate"}, {"use": "sentences"}]}"#)
    let learned = try run("learn", "p.json", "-i", "a.jsonl", "--profile", "site.sqlite")
    #expect(learned.status == 0 && learned.err == "learned 12 pages\n", "\(learned.err)")
    folder.write("q.json", #"{"stages": [{"use": "boilerplate", "profile": "site.sqlite"}], "output": {"trail": true}}"#)
    #expect(try run("run", "q.json", "-i", "b.jsonl", "-o", "b.out.jsonl").status == 0)
    #expect(texts("b.out.jsonl").count == 3 && !texts("b.out.jsonl").contains { $0.contains("newsroom") })
    let report = try run("learn", "--profile", "site.sqlite", "--report", "--html", "report.html")
    #expect(report.out.hasPrefix("example.com: 12 pages\n     12  our newsroom is paid for"), "\(report.out)\(report.err)")
    #expect(folder.read("report.html")?.contains("our newsroom is paid for") == true)
  }

  @Test func profilesAreMergedAndForgotten() throws {
    writePages("a.jsonl", 0..<6)
    writePages("b.jsonl", 6..<12)
    folder.write("p.json", #"{"stages": [{"use": "boilerplate"}]}"#)
    for name in ["a", "b"] {
      #expect(
        try run("learn", "p.json", "-i", "\(name).jsonl", "--profile", "\(name).sqlite", "--date", "2026-01-0\(name == "a" ? 1 : 9)").status
          == 0)
    }
    #expect(
      try run("learn", "--profile", "all.sqlite", "--merge", "a.sqlite", "b.sqlite", "--report").out.hasPrefix("example.com: 12 pages\n"))
    #expect(
      try run("learn", "--profile", "all.sqlite", "--forget", "5", "--date", "2026-01-10", "--report").out.hasPrefix(
        "example.com: 6 pages\n"))
  }

  @Test func oneRunLearnsAndCleans() throws {
    writePages("a.jsonl", 0..<12)
    folder.write("p.json", #"{"stages": [{"use": "boilerplate"}], "output": {"path": "one.jsonl"}}"#)
    let result = try run("run", "p.json", "-i", "a.jsonl", "--two-pass")
    #expect(result.status == 0, "\(result.err)")
    #expect(texts("one.jsonl").count { $0.contains("newsroom") } == 1)
    #expect(result.err.contains("boilerplate removed 11 site"), "\(result.err)")
    #expect(folder.names.filter { $0.contains("sqlite") } == [])
    // A batch keeps what it has learned, and is continued with it.
    folder.write("b.json", #"{"stages": [{"use": "boilerplate"}], "output": {"path": "out", "parts": {"documents": 5}}}"#)
    #expect(try run("run", "b.json", "-i", "a.jsonl", "--two-pass").status == 0)
    #expect(try run("run", "b.json", "-i", "a.jsonl", "--two-pass").err.contains("is complete"))
    let parts = (1...3).flatMap { texts("out/part-00000\($0).jsonl") }
    #expect(parts == texts("one.jsonl"))
  }

  @Test func twoPassesNeedFilesAndAStage() throws {
    folder.write("p.json", #"{"stages": [{"use": "sentences"}]}"#)
    writePages("a.jsonl", 0..<2)
    #expect(try run("run", "p.json", "-i", "a.jsonl", "--two-pass").status == 2)
    folder.write("q.json", #"{"stages": [{"use": "boilerplate"}]}"#)
    let stream = try run("run", "q.json", "-i", "-", "--two-pass")
    #expect(stream.status == 2 && stream.err.contains("twice"), "\(stream.err)")
    #expect(try run("learn", "--profile", "nowhere.sqlite", "--report").status == 2)
    #expect(try run("learn", "--profile", "p.sqlite", "--merge", "nowhere.sqlite").status == 2)
    #expect(folder.names.contains("p.sqlite") == false)
  }

  // MARK: Copies

  private func writeStories(_ name: String, _ numbers: [Int], host: String = "a.example") {
    let lines = numbers.map { number in
      let words = (0..<60).map { "w\((number * 7919 + $0 * 104_729) % 5000)" }.joined(separator: " ")
      return #"{"id": "\#(name)-\#(number)", "url": "https://\#(host)/\#(number)", "text": "\#(words).", "more": [\#(number)]}"#
    }
    folder.write(name, lines.joined(separator: "\n") + "\n")
  }

  private static let dedupe =
    #"{"name": "d", "stages": [{"use": "near-duplicates"}], "output": {"path": "{name}", "parts": {"documents": 3}}, "state": "seen.sqlite"}"#

  @Test(arguments: [1, 2, 4]) func copiesAreDroppedWithTheIdTheyResemble(_ workers: Int) throws {
    writeStories("s.jsonl", [1, 2, 1, 3, 2, 4, 1])
    folder.write("p.json", Self.dedupe)
    let batch = try run("run", "p.json", "-i", "s.jsonl", "--workers", "\(workers)")
    #expect(batch.status == 0, "\(batch.err)")
    let rejects = (1...3).flatMap { jsonLines(folder.read("d/part-00000\($0).rejects.jsonl")) }
    #expect(rejects.map { $0["cluster"] as? String } == ["s.jsonl-1", "s.jsonl-2", "s.jsonl-1"])
    #expect(rejects.allSatisfy { $0["reason"] as? String == "duplicate" && $0["kind"] as? String == "dropped" })
  }

  @Test func theNextNightKnowsThemAndOneThatIsDoneAgainDoesNot() throws {
    writeStories("s.jsonl", [1, 2, 3, 4])
    writeStories("t.jsonl", [9, 2, 10, 4])
    folder.write("p.json", Self.dedupe)
    #expect(try run("run", "p.json", "-i", "s.jsonl").status == 0)
    #expect(try run("run", "p.json", "-i", "t.jsonl", "-o", "e").status == 0)
    #expect(jsonLines(folder.read("e/part-000001.jsonl")).count == 2)
    #expect(jsonLines(folder.read("e/part-000002.jsonl")).count == 0)
    #expect(jsonLines(folder.read("e/part-000002.rejects.jsonl")).first?["cluster"] as? String == "s.jsonl-4")
    // Its own documents are forgotten with it; those of a night after it do not count.
    let before = folder.read("d/part-000001.jsonl")
    #expect(try run("run", "p.json", "-i", "t.jsonl", "-o", "e", "--restart").status == 0)
    #expect(jsonLines(folder.read("e/part-000001.jsonl")).count == 2)
    folder.write("p.json", Self.dedupe.replacing(#""near-duplicates""#, with: #""near-duplicates", "nights": 0"#))
    #expect(try run("run", "p.json", "-i", "t.jsonl", "-o", "f").status == 0)
    #expect(jsonLines(folder.read("f/part-000001.jsonl")).count == 3)
    #expect(folder.read("d/part-000001.jsonl") == before)
  }

  @Test(arguments: [true, false]) func anInterruptedBatchComesToTheSameEnd(_ hasState: Bool) throws {
    writeStories("s.jsonl", (0..<4000).map { $0 % 7 == 0 ? $0 / 2 : $0 })
    writeStories("t.jsonl", Array(100..<140))
    folder.write(
      "p.json",
      hasState
        ? Self.dedupe.replacing("3}", with: "100}")
        : #"{"name": "d", "stages": [{"use": "near-duplicates"}], "output": {"path": "{name}", "parts": {"documents": 100}}}"#)
    if hasState { #expect(try run("run", "p.json", "-i", "t.jsonl", "-o", "first").status == 0) }
    try Pipe.shell(
      """
      [ -f seen.sqlite ] && cp seen.sqlite before.sqlite
      pipe run p.json -i s.jsonl -o whole -q || exit 1
      [ -f before.sqlite ] && cp before.sqlite seen.sqlite
      for i in $(seq 60); do
        timeout -s KILL --foreground 0.$((i % 8 + 2)) pipe run p.json -i s.jsonl -q; s=$?
        [ $s = 0 ] && break; echo $s >> stops
      done
      timeout 100 pipe run p.json -i s.jsonl -q; echo $? > status
      diff -r -x .pipe whole d > difference
      """, in: folder)
    #expect(folder.read("status") == "0\n")
    #expect(folder.read("difference") == "")
    #expect(folder.read("whole/part-000002.rejects.jsonl")?.isEmpty == false)
  }

  @Test func theLongestOrThatOfAPreferredHostIsKept() throws {
    let words = (0..<80).map { "w\($0)" }.joined(separator: " ")
    let records = [
      #"{"id":"short","url":"https://a.example/1","text":"\#(words)"}"#, #"{"id":"other","text":"Something else altogether."}"#,
      #"{"id":"long","url":"https://b.example/1","text":"\#(words) and more","entities":[]}"#,
      #"{"id":"agency","url":"https://www.agency.example/1","text":"\#(words)","extra":{"é":"\\u00e9"}}"#,
    ]
    folder.write("s.jsonl", records.joined(separator: "\n"))
    func kept(_ more: String...) throws -> [String] {
      let result = try Pipe.run(["dedupe", "s.jsonl", "-o", "u.jsonl"] + more, in: folder.path, input: [])
      #expect(result.status == 0, "\(result.err)")
      return folder.read("u.jsonl")?.split(separator: "\n").map(String.init) ?? []
    }
    #expect(try kept() == [records[1], records[2]])
    let rejects = jsonLines(folder.read("u.rejects.jsonl"))
    #expect(rejects.map { $0["id"] as? String } == ["short", "agency"] && rejects.allSatisfy { $0["cluster"] as? String == "long" })
    #expect(try kept("--keep", "earliest") == [records[0], records[1]])
    #expect(try kept("--prefer", "agency.example") == [records[1], records[3]])
    #expect(try kept("--prefer", "a.example", "--prefer", "agency.example") == [records[0], records[1]])
    #expect(try run("dedupe", "-", "-o", "u.jsonl").status == 2)
  }

  // MARK: Regressions

  @Test func learningLeavesTheRejectsOfTheLastNight() throws {
    writePages("a.jsonl", 0..<3)
    folder.write("rejects.jsonl", "kept\n")
    folder.write("p.json", #"{"stages": [{"use": "boilerplate"}], "rejects": {"path": "rejects.jsonl"}}"#)
    #expect(try run("learn", "p.json", "-i", "a.jsonl", "--profile", "site.sqlite").status == 0)
    #expect(folder.read("rejects.jsonl") == "kept\n")
  }

  @Test func dedupeDoesNotReadWhatItWrites() throws {
    writeStories("in/a.jsonl", [1, 1, 2, 3])
    for _ in 0..<2 {
      #expect(try run("dedupe", "in", "-o", "in/all.jsonl", "--keep", "earliest").status == 0)
      #expect(jsonLines(folder.read("in/all.jsonl")).map { ($0["more"] as? [Int])?.first } == [1, 2, 3])
    }
    try Pipe.shell("pipe dedupe <(cat in/a.jsonl) -o piped.jsonl 2> said; echo $? > status", in: folder)
    #expect(folder.read("status") == "2\n" && folder.read("said")?.contains("twice") == true)
  }

  /// Both others are like the first, and not like each other.
  @Test func dedupeKeepsWhatIsNotLikeTheWinner() throws {
    func words(_ range: Range<Int>, _ prefix: String = "w") -> String { range.map { "\(prefix)\($0)" }.joined(separator: " ") }
    let records = [
      #"{"id":"first","text":"\#(words(0..<60))"}"#, #"{"id":"a","text":"\#(words(0..<60)) \#(words(0..<25, "a"))"}"#,
      #"{"id":"b","text":"\#(words(0..<60)) \#(words(0..<28, "b"))"}"#,
    ]
    folder.write("s.jsonl", records.joined(separator: "\n") + "\n")
    #expect(try run("dedupe", "s.jsonl", "-o", "u.jsonl").status == 0)
    #expect(jsonLines(folder.read("u.jsonl")).map { $0["id"] as? String } == ["a", "b"])
  }

  @Test func aFullTemporaryFolderEndsTheRunAndNoDocument() throws {
    let lines = (0..<1500).map { number in
      #"{"id": "\#(number)", "text": "\#((0..<300).map { "w\(number)x\($0)" }.joined(separator: " "))"}"#
    }
    folder.write("s.jsonl", lines.joined(separator: "\n") + "\n")
    folder.write("p.json", Self.dedupe.replacing("3}", with: "1500}"))
    try Pipe.shell(
      "TMPDIR=/nonexistent pipe run p.json -i s.jsonl -q 2> said; echo $? > status; pipe run p.json -i s.jsonl -q; echo $? >> status",
      in: folder)
    #expect(folder.read("status") == "3\n0\n", "\(folder.read("said") ?? "")")
    #expect(jsonLines(folder.read("d/part-000001.jsonl")).count == 1500)
  }

  @Test func anotherStateIsRefused() throws {
    writeStories("s.jsonl", Array(0..<12))
    folder.write("p.json", Self.dedupe)
    #expect(try run("run", "p.json", "-i", "s.jsonl", "--limit", "6").status == 0)
    let other = try run("run", "p.json", "-i", "s.jsonl", "--limit", "6", "--state", "other.sqlite")
    #expect(other.status == 4 && other.err.contains("--state"), "\(other.err)")
  }

  @Test func otherDatabasesAreLeftAlone() throws {
    writeStories("s.jsonl", Array(0..<3))
    folder.write("p.json", Self.dedupe)
    #expect(try run("run", "p.json", "-i", "s.jsonl").status == 0)
    let before = FileManager.default.contents(atPath: "\(folder.path)/seen.sqlite")
    folder.write("q.json", #"{"stages": [{"use": "boilerplate"}]}"#)
    #expect(try run("learn", "q.json", "-i", "s.jsonl", "--profile", "seen.sqlite").status == 3)
    #expect(try run("learn", "--profile", "seen.sqlite", "--report").status == 3)
    #expect(before == FileManager.default.contents(atPath: "\(folder.path)/seen.sqlite"))
    folder.write("r.json", #"{"stages": [{"use": "boilerplate", "profile": "seen.sqlite"}]}"#)
    #expect(try run("check", "r.json").err.contains("no profile that `pipe learn` has written"))
  }
}

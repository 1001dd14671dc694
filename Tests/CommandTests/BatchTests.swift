import Foundation
import TestSupport
import Testing

@Suite struct BatchTests {
  private let folder = TemporaryFolder()
  private static let pipeline =
    #"{"name": "n", "input": {"paths": ["pages"]}, "stages": [{"use": "sentences"}], "output": {"path": "out/{name}", "parts": {"documents": 4}}, "state": "seen.sqlite"}"#

  private func pages(_ range: ClosedRange<Int>) {
    for number in range { folder.write("pages/p\(number).txt", "Page \(number). It is short.\n") }
  }

  private func run(_ more: String..., config: String = pipeline) throws -> Pipe.Result {
    folder.write("p.json", config)
    return try Pipe.run(["run", "p.json"] + more, in: folder.path, input: [])
  }

  private func names(_ path: String = "out/n") -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/\(path)"))?.sorted() ?? []
  }

  @Test func aBatchHasPartsAndNothingElse() throws {
    pages(10...19)
    folder.write("pages/p12.txt", [0x89, 0x50, 0x4E, 0x47, 0, 1, 2])
    let result = try run("--max-rejects", "1")
    #expect(result.status == 0, "\(result.err)")
    #expect(names() == [".pipe", "part-000001.jsonl", "part-000001.rejects.jsonl", "part-000002.jsonl", "part-000003.jsonl"])
    #expect(names("out/n/.pipe") == ["ledger.sqlite", "lock"])
    let counts = (1...3).map { jsonLines(folder.read("out/n/part-00000\($0).jsonl")).count }
    #expect(counts == [3, 4, 2])
    #expect(jsonLines(folder.read("out/n/part-000001.rejects.jsonl")).map { $0["id"] as? String } == ["pages/p12.txt"])
  }

  @Test func aCompleteBatchIsLeftAlone() throws {
    pages(10...19)
    #expect(try run().status == 0)
    let before = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/out/n/part-000002.jsonl")[.modificationDate] as? Date
    let again = try run()
    #expect(again.status == 0 && again.err.hasPrefix("out/n: this batch is complete; nothing was done\n"))
    let after = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/out/n/part-000002.jsonl")[.modificationDate] as? Date
    #expect(before == after)
    pages(20...20)
    let changed = try run()
    #expect(changed.status == 4 && changed.err.contains("its inputs have changed since, from pages/p20.txt on"), "\(changed.err)")
    #expect(try run("--restart").status == 0)
    #expect(jsonLines(folder.read("out/n/part-000003.jsonl")).count == 3)
  }

  @Test func whatHasChangedIsNamedAndRefused() throws {
    pages(10...14)
    #expect(try run().status == 0)
    for (change, named) in [
      (Self.pipeline.replacing("4}", with: "5}"), "/output/parts/documents"),
      (Self.pipeline.replacing(#"{"use": "sentences"}"#, with: #"{"use": "normalize"}"#), "/stages/0/use"),
    ] {
      let result = try run(config: change)
      #expect(result.status == 4 && result.err.contains(named + " was "), "\(result.err)")
    }
    #expect(try run("--limit", "3").err.contains("--limit"))
    // How the work is done is nothing that changes what comes out; nor is the look of the file.
    #expect(try run("--workers", "1", config: Self.pipeline.replacing(", ", with: ",\n  ")).status == 0)
    _ = FileManager.default.createFile(atPath: "\(folder.path)/out/n/part-000002.jsonl", contents: Data())
    #expect(try run().err.contains("out/n/part-000002.jsonl: was finished with"))
  }

  @Test(arguments: ["KILL", "TERM"]) func whatWasInterruptedIsContinued(_ signal: String) throws {
    for number in 1000..<1400 { folder.write("pages/p\(number).txt", String(repeating: "Page \(number) says it. ", count: 400)) }
    #expect(try run("-o", "whole").status == 0)
    folder.write("p.json", Self.pipeline)
    try Pipe.shell(
      """
      for i in $(seq 30); do
        timeout -s \(signal) --foreground $(echo "0.15 * $i" | bc -l 2>/dev/null || echo 1) pipe run p.json -q; s=$?
        [ $s = 0 ] && break; ls out/n/.pipe >> seen 2>/dev/null
      done
      echo $s $i > status; diff -r -x .pipe whole out/n > difference; ls out/n/.pipe > left
      """, in: folder)
    #expect(folder.read("status")?.hasPrefix("0 ") == true, "\(folder.read("status") ?? "")")
    #expect(folder.read("difference") == "")
    #expect(folder.read("left") == "ledger.sqlite\nlock\n")
  }

  @Test func twoRunsOnOneBatchDoNotMix() throws {
    folder.write("pages/a.txt", "FAULT-WAIT")
    folder.write("pages/b.txt", "Page.")
    folder.write("p.json", Self.pipeline.replacing("sentences", with: "fault"))
    try Pipe.shell(
      """
      faulty-pipe run p.json -q & first=$!
      for i in $(seq 200); do [ -s out/n/.pipe/lock ] && break; sleep 0.1; done
      faulty-pipe run p.json 2> err; echo $? > status
      pipe status out/n > running; kill -KILL $first; sed "s/$first/PID/" err > named; sed -i "s/$first/PID/" running
      """, in: folder)
    #expect(folder.read("status") == "4\n")
    #expect(folder.read("named")?.hasPrefix("error: out/n: another run (process PID) is writing this output") == true)
    #expect(folder.read("running")?.contains("running (process PID)") == true)
  }

  @Test func statusTellsWhatIsDone() throws {
    pages(10...19)
    #expect(try run("--limit", "6").status == 0)
    let status = try Pipe.run("status", "out/n", in: folder.path)
    #expect(status.status == 0)
    #expect(status.out.hasPrefix("out/n: n, complete\n") && status.out.contains("  6 documents in, 6 out, 0 dropped, 0 rejected\n"))
    let json = jsonLines(try Pipe.run("status", "out/n", "--json", in: folder.path).out).first
    #expect(json?["parts"] as? Int == 2 && json?["complete"] as? Bool == true && json?["in"] as? Int == 6)
    #expect(try Pipe.run("status", "pages", in: folder.path).status == 2)
  }

  @Test func onlyNewSkipsWhatEarlierNightsHaveSeen() throws {
    pages(10...19)
    #expect(try run("-o", "one", "--only-new").status == 0)
    folder.write("pages/p13.txt", "Page 13 has changed.\n")
    pages(20...21)
    let second = try run("-o", "two", "--only-new")
    #expect(second.status == 0 && second.err.contains("12 in, 3 out, 0 dropped, 0 rejected, 9 seen before"), "\(second.err)")
    let ids = names("two").filter { $0.hasPrefix("part") }.flatMap { jsonLines(folder.read("two/\($0)")).map { $0["id"] as? String } }
    #expect(ids == ["pages/p13.txt", "pages/p20.txt", "pages/p21.txt"])
    // Without the wish nothing is skipped, and a batch that is begun again is not its own past.
    #expect(try run("-o", "three").err.contains("12 in, 12 out"))
    #expect(try run("-o", "two", "--only-new", "--restart").err.contains("12 in, 3 out, 0 dropped, 0 rejected, 9 seen before"))
    #expect(try run("-o", "four", "--only-new", config: Self.pipeline.replacing(#", "state": "seen.sqlite""#, with: "")).status == 2)
  }

  @Test func placeholdersAreFilled() throws {
    pages(10...10)
    let config = Self.pipeline.replacing("out/{name}", with: "out/{name}/{date}")
    #expect(try run("--date", "2026-01-31", config: config).status == 0)
    #expect(names("out/n/2026-01-31") == [".pipe", "part-000001.jsonl"])
    #expect(try run("--date", "yesterday", config: config).status == 2)
  }

  @Test func whatIsNoBatchIsNotWrittenInto() throws {
    pages(10...10)
    folder.write("out/n/mine.txt", "x")
    let result = try run()
    #expect(result.status == 4 && result.err.contains("out/n: holds mine.txt, which is no part of a batch"), "\(result.err)")
    #expect(names() == ["mine.txt"])
    try FileManager.default.removeItem(atPath: folder.path + "/out/n/mine.txt")
    folder.write("out/n/part-000001.jsonl", "{}\n")
    #expect(try run().err.contains("holds parts, and no ledger that knows them"))
    #expect(folder.read("out/n/part-000001.jsonl") == "{}\n")
    for (change, message) in [
      (Self.pipeline.replacing(#"{"documents": 4}"#, with: "{}"), #"expected "documents""#),
      (Self.pipeline.replacing(#"["pages"]"#, with: #"["-"]"#), "can be read but once"),
      (Self.pipeline.replacing(#""path": "out/{name}", "#, with: ""), "needs a folder"),
      (Self.pipeline.replacing(#""parts""#, with: #""format": "markdown", "parts""#), "is of the format jsonl"),
      (Self.pipeline.replacing(#"{"name""#, with: #"{"rejects": {"path": "r"}, "name""#), "lie beside each part"),
      (Self.pipeline.replacing(#", "parts": {"documents": 4}"#, with: ""), "is kept by batches in parts"),
    ] {
      let result = try run(config: change)
      #expect(result.status == 2 && result.err.contains(message), "\(result.err)")
    }
  }

  @Test func figuresAreKeptForPrometheus() throws {
    pages(10...19)
    #expect(try run("--metrics", "m/pipe.prom").status == 0)
    let text = try #require(folder.read("m/pipe.prom"))
    #expect(text.contains("pipe_documents_total{pipeline=\"n\",outcome=\"out\"} 10\n"))
    #expect(text.contains("# TYPE pipe_run_exit_status gauge\npipe_run_exit_status{pipeline=\"n\"} 0\n"))
    #expect(text.contains("pipe_run_running{pipeline=\"n\"} 0\n"))
    #expect(names("m") == ["pipe.prom"])
  }

  @Test func messagesCanBeJSON() throws {
    pages(10...12)
    let result = try run("--log-format", "json")
    let lines = jsonLines(result.err)
    #expect(lines.count == result.err.split(separator: "\n").count && lines.count == 1)
    #expect((lines.first?["summary"] as? [String: Any])?["out"] as? Int == 3)
    folder.write("out/n/stranger", "")
    let refused = try run("--log-format", "json")
    #expect(refused.status == 4 && jsonLines(refused.err).first?["level"] as? String == "error")
  }
}

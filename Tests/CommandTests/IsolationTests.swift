import Foundation
import TestSupport
import Testing

/// What a page can do to a worker process, and what becomes of it. Run by a `pipe` with a stage that does what pages tell it to.
@Suite(.enabled(if: !isSanitized, "sanitizers handle signals themselves")) struct IsolationTests {
  private let folder = TemporaryFolder()

  private func page(_ name: String, _ words: String) {
    folder.write("pages/\(name).txt", "The council met on Tuesday and decided. \(words) The session went on until late.\n")
  }

  private func run(_ more: String...) throws -> (result: Pipe.Result, lines: [[String: Any]], rejects: [[String: Any]]) {
    folder.write(
      "p.json",
      #"{"input": {"paths": ["pages"]}, "stages": [{"use": "fault"}], "output": {"path": "o.jsonl"}, "run": {"maxRejects": 9}}"#)
    let result = try Pipe.run(["run", "p.json"] + more, in: folder.path, input: [], program: "faulty-pipe")
    return (result, jsonLines(folder.read("o.jsonl")), jsonLines(folder.read("o.rejects.jsonl")))
  }

  @Test(arguments: [
    ("SEGV", "crash", "crashed with SIGSEGV in crash_null_dereference"), ("ABORT", "crash", "crashed with SIGABRT in crash_abort"),
    ("STACK", "crash", "crashed with SIGSEGV in crash_recursion"), ("EXIT", "exit", "ended the worker with status 3"),
    ("NONSENSE", "nonsense", "made the worker write what is no result"), ("SPIN", "time", "took more than 300 ms of processor time"),
    ("ALLOC", "memory", "needed more than 100 MB of memory"),
  ])
  func aPageThatEndsItsWorkerIsRejectedAlone(_ word: String, _ cause: String, _ reason: String) throws {
    for number in 10..<30 { page("p\(number)", "") }
    page("p15x", "FAULT-\(word)")
    let (result, lines, rejects) = try run("--limit-time", "300ms", "--limit-memory", "100MB")
    #expect(result.status == 0, "\(result.err)")
    #expect(lines.map { $0["id"] as? String } == (10..<30).map { "pages/p\($0).txt" })
    #expect(rejects.count == 1)
    let reject = try #require(rejects.first)
    // Nonsense is noticed when the worker may be anywhere.
    #expect(reject["id"] as? String == "pages/p15x.txt" && reject["stage"] as? String == (cause == "nonsense" ? "input" : "fault"))
    #expect(reject["cause"] as? String == cause && reject["reason"] as? String == reason)
    if cause == "crash" {
      let fingerprint = reject["fingerprint"] as? [String: Any]
      #expect(fingerprint?["stage"] as? String == "fault")
      #expect((fingerprint?["signal"] as? String).map { reason.contains($0) } == true)
      #expect((fingerprint?["symbols"] as? [String])?.isEmpty == false)
    }
    #expect((reject["limit"] as? String) == ["time": "300 ms", "memory": "100 MB"][cause])
  }

  /// Waiting takes no processor time.
  @Test func aPageThatWaitsForEverIsStoppedByTheClock() throws {
    page("a", "FAULT-WAIT")
    page("b", "")
    let (result, lines, rejects) = try run("--limit-time", "100ms")
    #expect(result.status == 0 && lines.count == 1)
    #expect(rejects.first?["reason"] as? String == "came to no end in 1 s")
  }

  /// What stages make once, such as tables of abbreviations, is made before the first document comes.
  @Test func tablesAreNotTheFirstDocumentsTime() throws {
    for number in 1...3 { page("p\(number)", "") }
    let stages = ["normalize", "boilerplate", "translation-notes", "language", "sentences", "entities"].map { #"{"use": "\#($0)"}"# }
    folder.write(
      "p.json", #"{"input": {"paths": ["pages"]}, "stages": [\#(stages.joined(separator: ", "))], "output": {"path": "o.jsonl"}}"#)
    let result = try Pipe.run("run", "p.json", "--limit-time", "50ms", in: folder.path)
    #expect(result.status == 0 && jsonLines(folder.read("o.jsonl")).count == 3, "\(result.err)")
    #expect(!result.err.contains("processor time"), "\(result.err)")
  }

  @Test func rejectsAreTheSameWhateverTheWorkers() throws {
    for number in 10..<40 { page("p\(number)", number % 7 == 0 ? "FAULT-SEGV" : number % 11 == 0 ? "FAULT-ABORT" : "") }
    var texts: Set<String?> = []
    for workers in ["1", "2", "5"] {
      let (result, lines, rejects) = try run("--workers", workers)
      #expect(result.status == 0 && lines.count + rejects.count == 30)
      texts.insert(folder.read("o.rejects.jsonl"))
    }
    #expect(texts.count == 1)
  }

  @Test func recordsKeepTheirNameWhenTheyCrash() throws {
    folder.write(
      "pages/in.jsonl", (1...40).map { #"{"id":"doc-\#($0)","text":"\#($0 == 20 ? "FAULT-SEGV" : "x")"}"# + "\n" }.joined())
    let (result, lines, rejects) = try run()
    #expect(result.status == 0 && lines.count == 39)
    #expect(rejects.first?["id"] as? String == "doc-20" && rejects.first?["position"] as? Int == 20)
  }

  @Test func withoutIsolationTheOutputIsTheSame() throws {
    for number in 10..<60 { page("p\(number)", "Number \(number).") }
    _ = try run()
    let isolated = folder.read("o.jsonl")
    _ = try run("--isolation", "none")
    #expect(folder.read("o.jsonl") == isolated)
  }

  @Test func aWorkerThatCannotStartEndsTheRun() throws {
    page("a", "")
    folder.write("p.json", #"{"input": {"paths": ["pages"]}, "stages": [{"use": "fault"}], "output": {"path": "o.jsonl"}}"#)
    try Pipe.shell("FAULT_AT_START=1 timeout 60 faulty-pipe run p.json 2> err; echo $? > status", in: folder)
    #expect(folder.read("status") == "3\n")
    #expect(folder.read("err") == "error: a worker: ended 3 times without having begun a document: there are no words\n")
    #expect(folder.read("o.jsonl") == nil)
  }

  @Test func workersEndWithTheirParent() throws {
    page("a", "FAULT-WAIT")
    page("b", "FAULT-WAIT")
    _ = folder.write(
      "p.json", #"{"input": {"paths": ["pages"]}, "stages": [{"use": "fault"}], "output": {"path": "o.jsonl"}}"#)
    try Pipe.shell(
      """
      faulty-pipe run p.json -q & parent=$!
      for i in $(seq 100); do sleep 0.1; workers=$(pgrep -P $parent); [ -n "$workers" ] && break; done
      sleep 1; kill -KILL $parent; sleep 2
      alive=0; for worker in $workers; do [ -d /proc/$worker ] && alive=$((alive + 1)); done
      echo $(echo $workers | wc -w) alive $alive > seen
      """, in: folder)
    #expect(folder.read("seen")?.hasSuffix(" alive 0\n") == true)
  }
}

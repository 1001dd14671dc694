import Foundation
import TestSupport
import Testing

/// Rejects are input.
@Suite(.enabled(if: !isSanitized, "sanitizers handle signals themselves")) struct RetryTests {
  private let folder = TemporaryFolder()

  private func run(_ arguments: String..., program: String = "faulty-pipe") throws -> Pipe.Result {
    folder.write(
      "p.json",
      #"{"input": {"paths": ["in"]}, "stages": [{"use": "article"}, {"use": "fault"}, {"use": "filter", "minLength": 3}], "output": {"path": "o.jsonl"}, "rejects": {"keepContent": true}, "run": {"maxRejects": 99}}"#
    )
    return try Pipe.run(["run", "p.json"] + arguments, in: folder.path, input: [], program: program)
  }

  private func ids(_ name: String) -> [String?] { jsonLines(folder.read(name)).map { $0["id"] as? String } }

  @Test func whatWasRejectedIsTriedAgain() throws {
    folder.write("in/a.txt", "FAULT-SEGV on the first night.")
    folder.write("in/b.jsonl", (1...9).map { #"{"id":"r\#($0)","text":"\#($0 % 3 == 0 ? "FAULT-ABORT" : "fine")"}"# + "\n" }.joined())
    folder.write("in/c.txt", "x")
    #expect(try run().status == 0)
    #expect(ids("o.rejects.jsonl") == ["in/a.txt", "r3", "r6", "r9", "in/c.txt"])
    // The second night has mended pages.
    folder.write("in/a.txt", "A good page now.")
    folder.write("in/b.jsonl", (1...9).map { #"{"id":"r\#($0)","text":"all are fine"}"# + "\n" }.joined())
    let again = try run("--retry", "-i", "o.rejects.jsonl", "-o", "again.jsonl")
    #expect(again.status == 0, "\(again.err)")
    // What was dropped is not tried again.
    #expect(ids("again.jsonl") == ["in/a.txt", "r3", "r6", "r9"])
    #expect(folder.read("again.rejects.jsonl") == nil)
  }

  @Test func whatIsGoneIsTakenFromTheRejects() throws {
    folder.write("in/a.html", [0xFF, 0xFE] + Array("<p>FAULT-SEGV".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
    folder.write("in/b.jsonl", #"{"id":"r1","text":"FAULT-SEGV"}"# + "\n")
    folder.write("in/c.txt", "fine")
    #expect(try run().status == 0)
    let kept = jsonLines(folder.read("o.rejects.jsonl"))
    #expect(kept.count == 2 && kept[0]["contentBase64"] != nil && kept[1]["content"] as? String == #"{"id":"r1","text":"FAULT-SEGV"}"#)
    for name in ["a.html", "b.jsonl"] { try FileManager.default.removeItem(atPath: "\(folder.path)/in/\(name)") }
    let again = try run("--retry", "-i", "o.rejects.jsonl", "-o", "again.jsonl")
    #expect(again.status == 0)
    // They do again what they did.
    let rejects = jsonLines(folder.read("again.rejects.jsonl"))
    #expect(rejects.map { $0["id"] as? String } == ["in/a.html", "r1"])
    #expect(rejects[1]["cause"] as? String == "crash")
  }

  @Test func whatIsNoRejectIsSaid() throws {
    folder.write("r.jsonl", "{\"id\":\"x\"}\nno JSON\n{\"id\":\"y\",\"source\":\"gone.txt\",\"kind\":\"rejected\"}\n")
    #expect(try run("--retry", "-i", "r.jsonl", "-o", "o.jsonl").status == 0)
    let reasons = jsonLines(folder.read("o.rejects.jsonl")).map { $0["reason"] as? String }
    #expect(
      reasons == [
        "the line is no line of a rejects file", "the line is no line of a rejects file",
        "the document is not to be found any more, and its content was not kept",
      ])
  }
}

import Foundation
import TestSupport
import Testing

@Suite struct SignalTests {
  /// A run that waits for more on its standard input when the signal comes.
  @Test(arguments: [(SIGTERM, 143, "SIGTERM"), (SIGINT, 130, "SIGINT")] as [(Int32, Int32, String)])
  func aSignalFinishesWhatIsInFlightAndSaysWhere(_ signal: Int32, _ status: Int32, _ name: String) throws {
    let folder = TemporaryFolder()
    folder.write("out.jsonl", "last night\n")
    let process = Process()
    process.executableURL = URL(filePath: Pipe.executable)
    process.arguments = ["run", "\(checkout)/pipelines/text.json", "-i", "-", "-o", "out.jsonl"]
    process.currentDirectoryURL = URL(filePath: folder.path)
    let input = Foundation.Pipe()
    process.standardInput = input
    process.standardError = try FileHandle(forWritingTo: URL(filePath: folder.write("err", "")))
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data("{\"id\":\"a\",\"text\":\"x\"}\n{\"id\":\"b\",\"text\":\"y\"}\n".utf8))
    // The output is opened when the run has begun and watches for signals.
    while !FileManager.default.fileExists(atPath: folder.path + "/out.jsonl.partial") { usleep(5000) }
    usleep(300_000)
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationStatus == status)
    #expect(folder.read("out.jsonl") == "last night\n")
    let finished = jsonLines(folder.read("out.jsonl.partial"))
    let message = try #require(folder.read("err"))
    #expect(message.contains("stopped by \(name) after \(finished.count) documents"), "\(message)")
    #expect(message.contains("finished documents are in out.jsonl.partial"))
  }

  /// Pipes can be read but once, whatever their name.
  @Test(arguments: ["/dev/stdin", "fifo", "fifo.html"]) func aPipeIsReadOnce(_ input: String) throws {
    let folder = TemporaryFolder()
    folder.write("page.html", "<p>\(String(repeating: "A page that comes through a pipe. ", count: 300))The end.</p>")
    let feed = input == "/dev/stdin" ? "cat page.html |" : "mkfifo \(input); cat page.html > \(input) &"
    try Pipe.shell(
      "\(feed) timeout 20 '\(Pipe.executable)' run '\(checkout)/pipelines/article.json' -i \(input) -o - -q > out; echo $? > status",
      in: folder)
    #expect(folder.read("status") == "0\n")
    let text = jsonLines(folder.read("out")).first?["text"] as? String
    #expect(text?.hasPrefix("A page that") == true && text?.hasSuffix("The end.") == true)
  }

  @Test func aPipeWithoutAWriterDoesNotHoldTheSignal() throws {
    let folder = TemporaryFolder()
    try Pipe.shell(
      "mkfifo f; '\(Pipe.executable)' run '\(checkout)/pipelines/text.json' -i f -o x.jsonl -q & sleep 1; kill -TERM $!; timeout 10 tail --pid=$! -f /dev/null; wait $!; echo $? > status",
      in: folder)
    #expect(folder.read("status") == "143\n")
  }

  @Test func whatIsDoneIsSeenWhileTheInputWaits() throws {
    let folder = TemporaryFolder()
    try Pipe.shell(
      "(echo '{\"text\":\"x\"}'; sleep 6) | '\(Pipe.executable)' run '\(checkout)/pipelines/sentences.json' -i - --format jsonl -o - -q > out & sleep 3; wc -l < out > seen; kill %1; wait",
      in: folder)
    #expect(folder.read("seen") == "1\n")
  }

  @Test func aReaderThatGoesAwayIsAnErrorNotADeath() throws {
    let folder = TemporaryFolder()
    let lines = String(repeating: "{\"text\":\"\(String(repeating: "x", count: 1000))\"}\n", count: 5000)
    folder.write("in.jsonl", lines)
    try Pipe.shell(
      "'\(Pipe.executable)' run '\(checkout)/pipelines/text.json' -i in.jsonl -o - 2>err | head -n 1 >first; echo ${PIPESTATUS[0]} >status",
      in: folder)
    #expect(folder.read("status") == "3\n")
    #expect(folder.read("err") == "error: standard output: Broken pipe\n")
  }

  @Test func twoRunsOnOneOutputDoNotMix() throws {
    let folder = TemporaryFolder()
    let process = Process()
    process.executableURL = URL(filePath: Pipe.executable)
    process.arguments = ["run", "\(checkout)/pipelines/text.json", "-i", "-", "-o", "out.jsonl", "-q"]
    process.currentDirectoryURL = URL(filePath: folder.path)
    let input = Foundation.Pipe()
    process.standardInput = input
    try process.run()
    while !FileManager.default.fileExists(atPath: folder.path + "/out.jsonl.partial") { usleep(5000) }
    usleep(50_000)
    let second = try Pipe.run("run", "\(checkout)/pipelines/text.json", "-i", "-", "-o", "out.jsonl", in: folder.path)
    #expect(second.status == 4)
    #expect(second.err == "error: out.jsonl: another run is writing this output; wait for it, or choose another output\n")
    try input.fileHandleForWriting.write(contentsOf: Data("{\"id\":\"a\",\"text\":\"x\"}\n".utf8))
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0 && jsonLines(folder.read("out.jsonl")).count == 1)
  }
}

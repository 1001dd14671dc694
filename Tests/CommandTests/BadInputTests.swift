import Foundation
import TestSupport
import Testing

/// Whatever comes in ends in a clear message or a reject; nothing hangs, nothing else is lost.
@Suite struct BadInputTests {
  private let folder = TemporaryFolder()

  /// Runs a pipeline on one bad file between two good ones, which must come through.
  private func between(_ name: String, _ bytes: some Sequence<UInt8>, _ more: String...) throws -> (
    result: Pipe.Result, lines: [[String: Any]], reject: String?
  ) {
    folder.write("in/0.txt", "The first text.")
    folder.write("in/\(name)", bytes)
    folder.write("in/z.txt", "The last text.")
    let arguments = ["run", "\(checkout)/pipelines/article.json", "-i", "in", "-o", "out.jsonl"] + more
    let result = try Pipe.run(arguments, in: folder.path, input: [])
    var lines = jsonLines(folder.read("out.jsonl"))
    #expect(lines.first?["text"] as? String == "The first text." && lines.last?["text"] as? String == "The last text.")
    lines = Array(lines.dropFirst().dropLast())
    let rejects = jsonLines(folder.read("out.rejects.jsonl"))
    #expect(rejects.count <= 1 && rejects.allSatisfy { $0["kind"] as? String == "rejected" && $0["stage"] as? String == "input" })
    #expect(result.status == (rejects.isEmpty ? 0 : 1))
    #expect(result.err.contains("\(2 + lines.count + rejects.count) in, \(2 + lines.count) out, 0 dropped, \(rejects.count) rejected"))
    return (result, lines, rejects.first?["reason"] as? String)
  }

  /// What gzip makes of bytes.
  private func gzip(_ text: String) throws -> [UInt8] {
    let scratch = TemporaryFolder()
    let file = scratch.write("x.jsonl", "{\"text\":\"\(text)\"}\n")
    _ = try Pipe.run("run", "\(checkout)/pipelines/sentences.json", "-i", file, "-o", scratch.path + "/y.jsonl.gz", "-q")
    return Array(FileManager.default.contents(atPath: scratch.path + "/y.jsonl.gz") ?? Data())
  }

  @Test func anEmptyPage() throws {
    let (_, lines, reject) = try between("a.html", [])
    #expect(lines.count == 1 && lines[0]["text"] as? String == "" && reject == nil)
  }

  @Test func anEmptyTextAndEmptyLines() throws {
    #expect(try between("a.txt", []).lines.count == 1)
    #expect(try between("a.txt", "\n\n".utf8).lines.first?["text"] as? String == "\n\n")
    #expect(try between("b.jsonl", "\n \n\n".utf8).lines.count == 1)
  }

  @Test func zeroBytesOfGzip() throws {
    #expect(try between("a.html.gz", []).reject == "this is no gzip data: it is empty")
  }

  @Test func brokenGzip() throws {
    #expect(try between("a.html.gz", [0x1F, 0x8B, 0x08, 0x67, 0x61]).reject?.contains("gzip data") == true)
    #expect(try between("a.html.gz", "not gzip at all".utf8).reject?.contains("the gzip data is broken") == true)
  }

  @Test func gzipThatEndsTooEarly() throws {
    #expect(
      try between("a.jsonl.gz", gzip(String(repeating: "long ", count: 300)).dropLast(12)).reject?.contains("the gzip data ends too early")
        == true)
  }

  /// A gigabyte of zeros in a megabyte, without a newline.
  @Test func endlessGzip() throws {
    let scratch = TemporaryFolder()
    try Pipe.shell("head -c 300000000 /dev/zero | tr '\\0' a | gzip -1 > \(scratch.path)/bomb.gz", in: scratch)
    let bomb = FileManager.default.contents(atPath: scratch.path + "/bomb.gz")!
    #expect(
      try between("a.jsonl.gz", bomb, "--limit-document", "10MB").reject == "the line is longer than 160 MB; nothing is read from here on")
    try FileManager.default.removeItem(atPath: folder.path + "/in/a.jsonl.gz")
    #expect(try between("a.html.gz", bomb, "--limit-document", "10MB").reject == "larger than the limit of 10 MB for a document")
  }

  @Test func aBinaryFileNamedAsAPage() throws {
    var random = SeededGenerator(1)
    #expect(
      try between("a.html", (0..<4000).map { _ in UInt8.random(in: 0...255, using: &random) }).reject == "this is binary data, not a page")
    #expect(try between("a.html", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A]).reject == "this is a PNG image, not a page")
    #expect(try between("a.html", "%PDF-1.4".utf8).reject == "this is a PDF file, not a page")
  }

  @Test func invalidUTF8IsRepaired() throws {
    let (_, lines, reject) = try between("a.jsonl", Array("{\"id\":\"x\",\"text\":\"caf".utf8) + [0xFF] + Array(" b\"}\n".utf8))
    #expect(reject == nil && lines.first?["text"] as? String == "caf\u{FFFD} b")
  }

  @Test func aPageInUTF16() throws {
    let bytes: [UInt8] = [0xFF, 0xFE] + Array("<html><p>Żółw czyta gazetę.</p>".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    #expect(try between("a.html", bytes).lines.first?["text"] as? String == "Żółw czyta gazetę.")
  }

  @Test func loneSurrogatesInJSON() throws {
    #expect(try between("a.jsonl", #"{"text":"x \ud800 y \udc00"}"#.utf8).lines.first?["text"] as? String == "x \u{FFFD} y \u{FFFD}")
  }

  @Test func aLineOf100MB() throws {
    let line =
      Array("{\"id\":\"big\",\"text\":\"".utf8) + [UInt8](repeating: 0x61, count: 100_000_000)
      + Array("\"}\n{\"id\":\"after\",\"text\":\"fine\"}\n".utf8)
    let (_, lines, reject) = try between("a.jsonl", line)
    #expect(reject == "the line is longer than the limit of 64 MB for a document")
    #expect(lines.map { $0["id"] as? String } == ["after"])
    #expect(try between("a.jsonl", line, "--limit-document", "200MB", "--limit-memory", "4GB", "--limit-time", "5m").lines.count == 2)
  }

  /// Four megabytes of such lines took half a gigabyte.
  @Test func aTextOfMillionsOfLines() throws {
    let bytes = Array(repeatElement([0x41, 0x0A] as [UInt8], count: 1_500_000).joined())
    #expect(try between("a.txt", bytes).reject == "the text has more than 1000000 lines")
  }

  @Test func linesThatAreNoDocuments() throws {
    #expect(try between("a.jsonl", "this is not JSON\n".utf8).reject?.hasPrefix("the line is not JSON: ") == true)
    #expect(try between("a.jsonl", "[1]\n".utf8).reject == "the line is JSON, but no object")
    #expect(
      try between("a.jsonl", "{}\n".utf8).reject
        == "the record has neither \"html\" nor \"text\"; map other names with \"fields\" in the input")
    #expect(try between("a.jsonl", "{\"text\":[1]}\n".utf8).reject == "the field \"text\" is no string")
  }

  @Test func aWebArchiveThatIsNone() throws {
    #expect(try between("a.warc", "WARC/1.0".utf8).reject == "8 bytes from byte 0 on are no WARC record, and were skipped")
  }

  @Test func aFileThatMayNotBeRead() throws {
    // Root reads everything.
    guard getuid() != 0 else { return }
    folder.write("in/a.html", "x")
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: folder.path + "/in/a.html")
    let result = try Pipe.run("run", "\(checkout)/pipelines/article.json", "-i", "in", "-o", "out.jsonl", in: folder.path)
    #expect(result.status == 1 && result.err.contains("Permission denied"))
  }

  @Test func missingInputsAreAllNamed() throws {
    let result = try Pipe.run("run", "pipelines/article.json", "-i", "nowhere", "-i", "samples", "-i", "no/*.html", "-o", "-")
    #expect(result.status == 2 && result.out.isEmpty)
    #expect(
      result.err
        == "error: nowhere: No such file or directory\nerror: no/*.html: no file matches this pattern: no: No such file or directory\n")
  }

  @Test func anOutputThatCannotBeWritten() throws {
    let file = folder.write("file", "x")
    let result = try Pipe.run("run", "pipelines/article.json", "-o", file + "/o.jsonl")
    #expect(result.status == 3 && result.err.hasPrefix("error: \(file)/o.jsonl") && result.err.contains("Not a directory"))
    let onto = try Pipe.run("run", "pipelines/article.json", "-o", folder.path)
    #expect(onto.status == 3 && onto.err.contains("is a folder; the output is a file"))
    let full = try Pipe.run("run", "pipelines/article.json", "-o", "/dev/full")
    #expect(full.status == 3 && full.err.contains("No space left on device"))
  }

  @Test func theInputIsNeverOverwritten() throws {
    let file = folder.write("x.jsonl", "{\"text\":\"x\"}\n")
    let result = try Pipe.run("run", "pipelines/text.json", "-i", file, "-o", file)
    #expect(result.status == 2 && result.err.contains("is both an input and the output"))
    #expect(folder.read("x.jsonl") == "{\"text\":\"x\"}\n")
  }

  @Test func theOutputOfAnEarlierRunIsNoInput() throws {
    folder.write("a.txt", "Text.")
    for _ in 0..<2 {
      let result = try Pipe.run("run", "\(checkout)/pipelines/sentences.json", "-i", ".", "-o", "out.jsonl", in: folder.path)
      #expect(result.err.contains("1 in, 1 out"), "\(result.err)")
    }
  }
}

/// Whoever makes pages or names files must not drive the terminal of whoever reads about them.
@Suite struct TerminalTests {
  private let folder = TemporaryFolder()

  @Test func namesAndPagesDoNotReachTheTerminalAsTheyAre() throws {
    let name = "pages/a\u{1B}[2Jb\u{9B}31m\u{202E}c\nd.txt"
    folder.write(name, [0x89, 0x50, 0x4E, 0x47, 0, 1, 2])
    folder.write("p.json", #"{"input": {"paths": ["pages"]}, "stages": [{"use": "sentences"}], "output": {"path": "o.jsonl"}}"#)
    let result = try Pipe.run("run", "p.json", in: folder.path)
    #expect(result.status == 1 && !result.err.isEmpty)
    // The rejects are data: there the name stands as it is, escaped as JSON is.
    #expect(jsonLines(folder.read("o.rejects.jsonl")).first?["id"] as? String == name)
    let missing = try Pipe.run("run", "p.json", "-i", "x\u{1B}]0;title\u{7}", in: folder.path)
    folder.write(
      "page.html", "<article><p>Words \u{1B}[31m and \u{9B}5m and \u{202E} more of them, so that this is a paragraph.</p></article>")
    let explained = try Pipe.run("explain", "\(checkout)/pipelines/article.json", "page.html", in: folder.path)
    for text in [result.err, missing.err, explained.out] {
      #expect(!text.unicodeScalars.contains { $0 != "\n" && ($0.value < 0x20 || (0x7F..<0xA0).contains($0.value) || $0.value == 0x202E) })
    }
    #expect(missing.status == 2 && explained.out.contains("Words \u{FFFD}[31m and"))
  }
}

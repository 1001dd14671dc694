import Foundation
import TestSupport
import Testing

@Suite struct FolderOutputTests {
  private let folder = TemporaryFolder()
  private let page = "\(checkout)/Tests/Cases/markdown/page.html"

  private func run(_ arguments: String..., input: String = "") throws -> Pipe.Result {
    try Pipe.run(["run"] + arguments, in: folder.path, input: Array(input.utf8))
  }

  @Test func markdownKeepsStructureLinksAndPictures() throws {
    let result = try run("\(checkout)/Tests/Cases/markdown/markdown.json", "-i", page, "-o", "md")
    #expect(result.status == 0, "\(result.err)")
    let expected = "\(checkout)/Tests/Cases/markdown/expected.md"
    let got = try #require(folder.read("md/page.md"))
    if ProcessInfo.processInfo.environment["UPDATE_CASES"] != nil { try got.write(toFile: expected, atomically: true, encoding: .utf8) }
    #expect(got == (try String(contentsOfFile: expected, encoding: .utf8)))
  }

  @Test func linksAndPicturesAreLeftOutUnlessAskedFor() throws {
    _ = try run("\(checkout)/pipelines/article.json", "-i", page, "-o", "md", "--output-format", "markdown")
    let got = try #require(folder.read("md/page.md"))
    #expect(!got.contains("](") && got.contains("the lock gates") && got.hasPrefix("# Locks & gates\n\n"))
  }

  @Test func everyDocumentHasItsFileAndEqualNamesANumber() throws {
    let lines = [
      #"{"id": "a/x.html", "text": "one"}"#, #"{"id": "b/x.html", "text": "two"}"#, #"{"id": "x-2", "text": "three"}"#,
      #"{"id": "../../../etc/passwd", "text": "four"}"#,
      #"{"id": "https://x.example/a?b=1", "text": "five"}"#, #"{"id": ".hidden", "text": "six"}"#, #"{"id": "ü/…", "text": "seven"}"#,
      "junk",
    ]
    let result = try run(
      "\(checkout)/pipelines/sentences.json", "-i", "-", "--format", "jsonl", "-o", "out/texts/", "--output-format", "text",
      input: lines.joined(separator: "\n"))
    #expect(result.status == 1)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/out/texts").sorted()
    #expect(
      names
        == ["_.hidden.txt", "https---x.example-a-b-1.txt", "passwd.txt", "x-2-2.txt", "x-2.txt", "x.txt", "…".isEmpty ? "" : "-.txt"]
        .sorted())
    #expect(folder.read("out/texts/x-2.txt") == "two\n" && folder.read("out/texts/x-2-2.txt") == "three\n")
    #expect(jsonLines(folder.read("out/texts.rejects.jsonl")).count == 1)
  }

  @Test func standardOutputIsNoFolder() throws {
    let result = try run("\(checkout)/pipelines/sentences.json", "-i", page, "-o", "-", "--output-format", "markdown")
    #expect(result.status == 3 && result.err == "error: standard output: markdown writes a file a document: name a folder with --output\n")
    folder.write("file", "x")
    #expect(try run("\(checkout)/pipelines/article.json", "-i", page, "-o", "file", "--output-format", "markdown").status == 3)
  }
}

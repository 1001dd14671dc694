import Foundation
import TestSupport
import Testing

@Suite struct RunCommandTests {
  private let folder = TemporaryFolder()

  @Test func pagesBecomeDocuments() throws {
    let (result, lines, rejects) = try Pipe.output("news", "\(checkout)/samples/html5-article.html")
    #expect(result.status == 0 && rejects.isEmpty)
    let line = try #require(lines.first)
    #expect(line["title"] as? String == "Sail-assisted ferry makes its first winter crossing of the Baltic")
    #expect(line["language"] as? String == "en" || (line["language"] as? String)?.hasPrefix("en") == true)
    #expect((line["sentences"] as? [Any])?.isEmpty == false && (line["entities"] as? [Any])?.isEmpty == false)
    #expect((line["removed"] as? [[String: Any]])?.allSatisfy { $0["stage"] != nil && $0["reason"] != nil && $0["rule"] != nil } == true)
  }

  @Test func theKeysComeInTheDocumentedOrder() throws {
    let result = try Pipe.run("run", "pipelines/news.json", "-i", "samples/html5-article.html", "-o", "-", "-q")
    let documented = [
      "id", "source", "url", "canonical", "title", "authors", "published", "modified", "section", "keywords", "language", "siteName",
      "description", "image",
      "translation", "cluster", "text", "blocks", "sentences", "entities", "mentions", "removed", "extra",
    ]
    let places = documented.compactMap { key in result.out.range(of: "\"\(key)\":").map { ($0.lowerBound, key) } }
    #expect(places.count > 8)
    #expect(places.sorted { $0.0 < $1.0 }.map(\.1) == places.map(\.1))
    #expect(result.err.isEmpty)
  }

  @Test func inputsAreFilesFoldersPatternsAndStandardInput() throws {
    folder.write("pages/a.html", "<p>Alpha is a short page.</p>")
    folder.write("pages/b/c.htm", "<p>Beta is a short page.</p>")
    folder.write("pages/notes.txt", "Gamma is a text.")
    func ids(_ arguments: String..., input: String = "") throws -> [String] {
      let result = try Pipe.run(
        ["run", "\(checkout)/pipelines/article.json", "-o", "-", "-q"] + arguments, in: folder.path, input: Array(input.utf8))
      #expect(result.status == 0, "\(result.err)")
      return jsonLines(result.out).compactMap { $0["id"] as? String }
    }
    #expect(try ids("-i", "pages") == ["pages/a.html", "pages/b/c.htm", "pages/notes.txt"])
    #expect(try ids("-i", "pages/b/c.htm", "-i", "pages/a.html") == ["pages/b/c.htm", "pages/a.html"])
    #expect(try ids("-i", "pages/**/*.htm*") == ["pages/a.html", "pages/b/c.htm"])
    #expect(try ids("-i", "-", input: "<p>Delta is a page on a pipe.</p>") == ["stdin"])
    #expect(try ids("-i", "-", input: "{\"id\": 7, \"html\": \"<p>x</p>\"}\n{\"text\": \"y\"}\n") == ["7", "stdin:2"])
    #expect(try ids("-i", "-", "--format", "text", input: "<p>not a page</p>") == ["stdin"])
  }

  @Test(arguments: ["process", "none"]) func theSummarySaysWhereAModelWasNotUsed(isolation: String) throws {
    let german = "Kenia und Japan haben sich am Montag in Nairobi über ein neues Abkommen verständigt, sagte die Ministerin."
    folder.write(
      "in.jsonl", "{\"id\":1,\"text\":\"\(german)\"}\n{\"id\":2,\"language\":\"fr\",\"text\":\"Kenya\"}\n{\"id\":3,\"text\":\"Kenya\"}\n")
    let result = try Pipe.run(
      "run", "\(checkout)/pipelines/entities.json", "-i", "in.jsonl", "-o", "out.jsonl", "--isolation", isolation, "--summary", "sum.json",
      in: folder.path)
    #expect(result.status == 0)
    #expect(result.err.contains("  entities noted 1 no-model (de), 1 no-model (fr)"))
    #expect(folder.read("sum.json")?.contains(#""notes":{"no-model (de)":1,"no-model (fr)":1}"#) == true)
  }

  @Test func summaryIsWrittenForPeopleAndPrograms() throws {
    folder.write("in.jsonl", "{\"id\":1,\"text\":\"Kenya\\n\\nAdvertisement\"}\nnope\n")
    let result = try Pipe.run(
      "run", "\(checkout)/pipelines/text.json", "-i", "in.jsonl", "-o", "out.jsonl", "--summary", "sum.json", in: folder.path)
    #expect(result.status == 1)
    #expect(result.err.contains("text: 2 in, 1 out, 0 dropped, 1 rejected in"))
    #expect(result.err.contains("boilerplate removed 1 ad"))
    #expect(result.err.contains("rejects: out.rejects.jsonl"))
    let sum = try #require(jsonLines(folder.read("sum.json")).first)
    #expect(sum["in"] as? Int == 2 && sum["out"] as? Int == 1 && sum["rejected"] as? Int == 1)
    #expect(folder.names == ["in.jsonl", "out.jsonl", "out.rejects.jsonl", "sum.json"])
  }

  @Test func rejectsAreAllowedUpToALimit() throws {
    folder.write("in.jsonl", "nope\nnope\n{\"text\":\"x\"}\n")
    func status(_ limit: String) throws -> Int32 {
      try Pipe.run(
        "run", "\(checkout)/pipelines/text.json", "-i", "in.jsonl", "-o", "o.jsonl", "-q", "--max-rejects", limit, in: folder.path
      ).status
    }
    #expect(try status("0") == 1 && status("1") == 1 && status("2") == 0)
  }

  @Test func onStandardOutputRejectsNeedAName() throws {
    let lines = "nope\n{\"text\":\"x\"}\n"
    let without = try Pipe.run("run", "pipelines/text.json", "-i", "-", "-o", "-", "--format", "jsonl", input: lines)
    #expect(without.status == 1 && without.err.contains("rejects were not written; name a file with --rejects PATH"))
    let rejects = folder.path + "/r.jsonl"
    _ = try Pipe.run("run", "pipelines/text.json", "-i", "-", "-o", "-", "--format", "jsonl", "--rejects", rejects, input: "nope\n")
    #expect(jsonLines(folder.read("r.jsonl")).first?["id"] as? String == "stdin:1")
  }

  @Test func compressedInputAndOutput() throws {
    let result = try Pipe.run(
      "run", "\(checkout)/pipelines/text.json", "-i", "-", "-o", "o.jsonl.gz", in: folder.path, input: "{\"text\":\"Kenya\"}\n")
    #expect(result.status == 0)
    let again = try Pipe.run("run", "\(checkout)/pipelines/text.json", "-i", "o.jsonl.gz", "-o", "-", "-q", in: folder.path)
    #expect(jsonLines(again.out).first?["text"] as? String == "Kenya")
  }

  @Test(arguments: ["1", "2", "5"]) func workersDoNotChangeTheBytes(_ workers: String) throws {
    let one = try Pipe.run("run", "pipelines/news.json", "-o", "-", "-q", "--workers", "1")
    let many = try Pipe.run("run", "pipelines/news.json", "-o", "-", "-q", "--workers", workers)
    #expect(one.status == 0 && one.out.utf8.count > 10_000 && many.out == one.out)
  }

  @Test func aTextIsNotChangedByTaggingOrSplitting() throws {
    let text = "  Kenya and\u{A0}Chad.\r\n\r\nÉcole e\u{301} 👩🏽‍🚀\n\n\n"
    let record = String(decoding: try JSONSerialization.data(withJSONObject: ["text": text]), as: UTF8.self)
    for pipeline in ["sentences", "entities"] {
      let result = try Pipe.run("run", "pipelines/\(pipeline).json", "-i", "-", "-o", "-", "-q", input: record)
      #expect((jsonLines(result.out).first?["text"] as? String).map { Array($0.utf8) } == Array(text.utf8))
    }
  }

  @Test func aLimitEndsTheRun() throws {
    let result = try Pipe.run(
      "run", "pipelines/text.json", "-i", "-", "-o", "-", "--limit", "2", input: String(repeating: "{\"text\":\"x\"}\n", count: 9))
    #expect(jsonLines(result.out).count == 2 && result.err.contains("ended at the limit of 2 documents"))
  }
}

@Suite struct SampleTests {
  /// Every sample page has its expected text; every expected text its page.
  @Test func samplesComeOutAsExpected() throws {
    let scratch = TemporaryFolder()
    let run = try Pipe.run("run", "pipelines/news.json", "-o", scratch.path + "/o.jsonl")
    #expect(run.status == 0 && run.err.contains("17 in, 17 out, 0 dropped, 0 rejected"), "\(run.err)")
    var texts: [String: String] = [:]
    for line in jsonLines(scratch.read("o.jsonl")) {
      let path = try #require(line["id"] as? String) as NSString
      let name = (path.lastPathComponent as NSString).deletingPathExtension
      texts[path.contains("/text/") ? "text-" + name : name] = line["text"] as? String
      if path.hasSuffix(".html") { #expect((line["title"] as? String)?.isEmpty == false, "\(name) has no title") }
    }
    let cases = checkout + "/Tests/Cases/samples"
    for (name, text) in texts where ProcessInfo.processInfo.environment["UPDATE_CASES"] != nil {
      try (text.trimmingCharacters(in: .newlines) + "\n").write(toFile: "\(cases)/\(name).txt", atomically: true, encoding: .utf8)
    }
    let expected = try FileManager.default.contentsOfDirectory(atPath: cases).filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) }
    #expect(Set(expected) == Set(texts.keys))
    for name in expected.sorted() {
      let text = try String(contentsOfFile: "\(cases)/\(name).txt", encoding: .utf8)
      #expect(texts[name]?.trimmingCharacters(in: .newlines) == text.trimmingCharacters(in: .newlines), "\(name)")
    }
  }
}

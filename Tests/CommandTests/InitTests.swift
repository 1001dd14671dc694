import Foundation
import TestSupport
import Testing

@Suite struct InitTests {
  private let folder = TemporaryFolder()

  @Test(arguments: ["news", "article", "text", "sentences", "entities", "feed"]) func everyKindIsAPipelineThatChecks(_ kind: String) throws
  {
    folder.write("pages/a.html", "<p>x</p>")
    let made = try Pipe.run("init", "p.json", "--kind", kind, "--trail", in: folder.path)
    #expect(made.status == 0 && made.out.contains("pipe check p.json"))
    let check = try Pipe.run("check", "p.json", in: folder.path)
    #expect(check.status == 0, "\(check.err)")
    #expect(folder.read("p.json")?.contains("\"trail\": true") == true)
  }

  @Test func namesAreQuoted() throws {
    _ = try Pipe.run("init", "--kind", "text", "-i", "a \"b\".txt", "-o", "ü\n.jsonl", in: folder.path)
    let made = try #require(folder.read("pipeline.json"))
    let object = try #require(JSONSerialization.jsonObject(with: Data(made.utf8)) as? [String: Any])
    #expect((object["input"] as? [String: Any])?["paths"] as? [String] == ["a \"b\".txt"])
    #expect((object["output"] as? [String: Any])?["path"] as? String == "ü\n.jsonl")
  }

  @Test func aFileThatIsThereIsLeftAlone() throws {
    folder.write("p.json", "mine")
    let refused = try Pipe.run("init", "p.json", in: folder.path)
    #expect(
      refused.status == 2 && refused.err == "error: p.json is there already; --force replaces it\n" && folder.read("p.json") == "mine")
    #expect(try Pipe.run("init", "p.json", "--force", in: folder.path).status == 0)
  }

  /// On a terminal, without flags, questions are asked.
  @Test func questionsAreAskedOnATerminal() throws {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/script") else { return }
    try Pipe.shell("printf 'text\\nnotes\\n\\n' | script -qec \"'\(Pipe.executable)' init q.json\" /dev/null > shown", in: folder)
    #expect(folder.read("shown")?.contains("What is the pipeline for [news]:") == true)
    #expect(
      folder.read("q.json")?.contains("\"paths\": [\"notes\"]") == true && folder.read("q.json")?.contains("translation-notes") == true)
  }
}

import Foundation
import TestSupport
import Testing

/// What the documents show is what happens.
@Suite struct ReadmeTests {
  private func fences(_ document: String, _ language: String) throws -> [String] {
    let text = try String(contentsOfFile: "\(checkout)/\(document)", encoding: .utf8)
    return text.components(separatedBy: "```\(language)\n").dropFirst().map { $0.components(separatedBy: "\n```")[0] }
  }

  /// Every `console` block: a command behind `$`, then what it prints. Times differ from run to run.
  @Test(arguments: ["README.md"]) func consoleBlocksAreTrue(_ document: String) throws {
    let scratch = TemporaryFolder()
    for name in ["samples", "pipelines", "Tests"] {
      try FileManager.default.createSymbolicLink(atPath: "\(scratch.path)/\(name)", withDestinationPath: "\(checkout)/\(name)")
    }
    let blocks = try fences(document, "console")
    #expect(blocks.count >= 4)
    for block in blocks {
      let lines = block.components(separatedBy: "\n")
      #expect(lines[0].hasPrefix("$ "))
      let shell = Process()
      shell.executableURL = URL(filePath: "/bin/sh")
      shell.arguments = ["-c", String(lines[0].dropFirst(2)) + " >shown 2>&1"]
      shell.environment = ["PATH": (Pipe.executable as NSString).deletingLastPathComponent + ":/usr/bin:/bin"]
      shell.currentDirectoryURL = URL(filePath: scratch.path)
      try shell.run()
      shell.waitUntilExit()
      let shown = (scratch.read("shown") ?? "").trimmingCharacters(in: .newlines)
      #expect(timeless(shown) == timeless(lines.dropFirst().joined(separator: "\n")), "\(lines[0])")
    }
  }

  private func timeless(_ text: String) -> String {
    text.replacing(#/in \d+\.\d+ s( \(.*\))?/#, with: "in N s")
  }

  @Test func thePageOfTheReadmeGivesWhatItShows() throws {
    let scratch = TemporaryFolder()
    scratch.write("bridge.html", try #require(fences("README.md", "html").first))
    let result = try Pipe.run("run", "\(checkout)/pipelines/news.json", "-i", "bridge.html", "-o", "-", "-q", in: scratch.path)
    let shown = try #require(fences("README.md", "json").first)
    let object = try JSONSerialization.jsonObject(with: Data(shown.utf8)) as? NSDictionary
    #expect(try JSONSerialization.jsonObject(with: Data(result.out.utf8)) as? NSDictionary == object)
  }

  @Test func thePipelineOfTheReadmeIsRight() throws {
    let scratch = TemporaryFolder()
    scratch.write("evening.json", try #require(fences("README.md", "json").last))
    scratch.write("people.tsv", "Ada Bell\tPER\tQ7259\n")
    scratch.write("scraped/page.html", "<p>A short page.</p>")
    let result = try Pipe.run("check", "evening.json", in: scratch.path)
    #expect(result.status == 0, "\(result.err)")
  }

  @Test func theStageOfTheGuideIsTheOneThatIsTested() throws {
    let code = try String(contentsOfFile: "\(checkout)/Tests/StagesTests/ShoutStage.swift", encoding: .utf8)
    let guide = try String(contentsOfFile: "\(checkout)/CONTRIBUTING.md", encoding: .utf8)
    let indented = code.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "   " + $0 }.joined(
      separator: "\n")
    #expect(guide.contains(indented.trimmingCharacters(in: .newlines)))
  }
}

import Foundation
import TestSupport
import Testing

/// What the documents show is what happens.
@Suite struct ReadmeTests {
  private func fences(_ document: String, _ language: String) throws -> [String] {
    let text = try String(contentsOfFile: "\(checkout)/\(document)", encoding: .utf8)
    return text.components(separatedBy: "```\(language)\n").dropFirst().map { $0.components(separatedBy: "\n```")[0] }
  }

  /// Every block in order, with what stands behind its marks: `console`, or a language and the name of a file.
  private func blocks(_ document: String) throws -> [(kind: [String], lines: [String])] {
    var blocks: [(kind: [String], lines: [String])] = []
    var isInside = false
    for line in try String(contentsOfFile: "\(checkout)/\(document)", encoding: .utf8).components(separatedBy: "\n") {
      if line.hasPrefix("```") {
        isInside.toggle()
        if isInside { blocks.append((line.dropFirst(3).split(separator: " ").map(String.init), [])) }
      } else if isInside {
        blocks[blocks.count - 1].lines.append(line)
      }
    }
    return blocks
  }

  /// Every `console` block: a command behind `$`, then what it prints. Times differ from run to run. Blocks with the name of a file are
  /// that file.
  static let documents =
    [
      "README.md", "docs/article.md", "docs/entities.md", "docs/guide.md", "docs/nightly.md", "docs/plugins.md", "docs/repeats.md",
      "docs/sentences.md",
      "docs/word-lists.md",
    ]
    + (try! FileManager.default.contentsOfDirectory(atPath: checkout + "/docs/stages/examples")).sorted().map {
      "docs/stages/examples/\($0)"
    }

  @Test(arguments: documents) func consoleBlocksAreTrue(_ document: String) throws {
    let scratch = TemporaryFolder()
    // A copy: what pipelines write lies beside their folder.
    try FileManager.default.copyItem(atPath: "\(checkout)/pipelines", toPath: "\(scratch.path)/pipelines")
    for name in ["samples", "Tests"] {
      try FileManager.default.createSymbolicLink(atPath: "\(scratch.path)/\(name)", withDestinationPath: "\(checkout)/\(name)")
    }
    let blocks = try blocks(document)
    #expect(blocks.contains { $0.kind == ["console"] })
    for (kind, lines) in blocks {
      if kind.count == 2 { scratch.write(kind[1], lines.joined(separator: "\n") + "\n") }
      guard kind == ["console"] else { continue }
      #expect(lines[0].hasPrefix("$ "))
      try Pipe.shell("{ " + lines[0].dropFirst(2) + "\n} >shown 2>&1", in: scratch)
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

  /// `scripts/docs` brings them up to date.
  @Test func generatedPagesAreCurrent() throws {
    let stages = try Pipe.run("stages").out.split(separator: "\n").map { String($0.prefix { $0 != " " }) }
    for stage in stages {
      let page = try String(contentsOfFile: "\(checkout)/docs/stages/\(stage).md", encoding: .utf8)
      let example = (try? String(contentsOfFile: "\(checkout)/docs/stages/examples/\(stage).md", encoding: .utf8)).map { "\n" + $0 } ?? ""
      #expect(page == (try Pipe.run("stages", stage, "--markdown").out) + example, "run: scripts/docs .build/release/pipe")
    }
    let reference = try String(contentsOfFile: "\(checkout)/docs/configuration.md", encoding: .utf8)
    #expect(try Pipe.run("schema", "reference").out == reference, "run: scripts/docs .build/release/pipe")
  }

  @Test(.enabled(if: hasValidator, "needs Python")) func theManPageIsCurrent() throws {
    let scratch = TemporaryFolder()
    try Pipe.shell("'\(Pipe.executable)' --experimental-dump-help | python3 '\(checkout)/scripts/man-page' > page", in: scratch)
    let page = try #require(scratch.read("page"))
    #expect(page == (try String(contentsOfFile: "\(checkout)/docs/pipe.1", encoding: .utf8)), "run: scripts/docs .build/release/pipe")
    for command in ["RUN", "STATUS", "CHECK", "EXPLAIN", "STAGES", "INIT", "SCHEMA"] { #expect(page.contains(".SH PIPE \(command)")) }
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionsKnowTheCommands(_ shell: String) throws {
    let script = try Pipe.run("--generate-completion-script", shell)
    #expect(script.status == 0 && script.out.contains("explain") && script.out.contains("workers"))
  }

  @Test func theStageOfTheGuideIsTheOneThatIsTested() throws {
    let code = try String(contentsOfFile: "\(checkout)/Tests/StagesTests/ShoutStage.swift", encoding: .utf8)
    let guide = try String(contentsOfFile: "\(checkout)/CONTRIBUTING.md", encoding: .utf8)
    let indented = code.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "   " + $0 }.joined(
      separator: "\n")
    #expect(guide.contains(indented.trimmingCharacters(in: .newlines)))
  }
}

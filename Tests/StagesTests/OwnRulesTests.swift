import TestSupport
import Testing

@testable import Pipeline
@testable import Stages

@Suite struct OwnRulesTests {
  @Test func linesWordsAndPatternsOfAUsersOwnGo() throws {
    let text = "Bridge\n\nThe Daily Bell!\n\nIt is closed.\n\nSee bellpost.example for more of it.\n\nRef. 12-345\n\nDone."
    let options = #""lines": ["the daily bell"], "words": ["bellpost.example"], "patterns": ["^Ref\\. [0-9-]+$"]"#
    let document = try Document.plain(text).after(try stage("boilerplate", options))
    #expect(document.rendered == "Bridge\n\nIt is closed.\n\nDone.")
    #expect(document.trail.map(\.reason) == ["custom", "custom", "custom"])
    #expect(
      document.trail.map(\.rule) == [
        "options custom.line: the daily bell", "options custom.any: bellpost.example", #"pattern: ^Ref\. [0-9-]+$"#,
      ])
    #expect(try Document.plain(text).after(try stage("boilerplate", options + #", "custom": "keep""#)).rendered == text)
  }

  @Test func listsOfAUsersOwnHaveTheFormOfTheBuiltInOnes() throws {
    let folder = TemporaryFolder()
    let list = folder.write("mine.txt", "# mine\r\n[related.line]\r\nFrom Our Barn\r\n[promo.any]\r\nbarn club\r\n")
    let document = try Document.plain("Bridge\n\nFrom our barn\n\nCows on the bridge\n\nIt rained.\n\nWith the barn club you save.")
      .after(try stage("boilerplate", "\"lists\": [\"\(list)\"]"))
    #expect(document.rendered == "Bridge\n\nIt rained.\n\n")
    #expect(document.trail.first?.rule == "mine.txt related.line: from our barn")
  }

  @Test(arguments: [
    (#""patterns": ["a", "(b"]"#, "/stages/0/patterns", "\"(b\" is no pattern of RE2: missing ): (b"),
    (#""patterns": ["(?=b)"]"#, "/stages/0/patterns", "\"(?=b)\" is no pattern of RE2: invalid perl operator: (?="),
  ])
  func aWrongPatternIsNamed(_ options: String, _ pointer: String, _ message: String) {
    let error = #expect(throws: ConfigurationErrors.self) { try stage("boilerplate", options) }
    #expect(error?.errors.map(\.pointer) == [pointer] && error?.errors.first?.message == message)
  }

  @Test func aWrongListIsNamed() {
    let folder = TemporaryFolder()
    for (text, message) in [("[related.lines]\na\n", "there is no section [related.lines]"), ("a\n", "before the first section")] {
      let list = folder.write("mine.txt", text)
      let error = #expect(throws: ConfigurationErrors.self) { try stage("boilerplate", "\"lists\": [\"\(list)\"]") }
      #expect(error?.errors.first?.message.contains(message) == true)
    }
  }

  /// Engines that backtrack take hours for this.
  @Test func patternsTakeLinearTime() throws {
    let text = "Bridge\n\n" + String(repeating: "a", count: 200_000) + "!"
    let stage = try stage("boilerplate", #""patterns": ["(a|aa)+$", "(a*)*b"]"#)
    let time = try ContinuousClock().measure { _ = try Document.plain(text).after(stage) }
    #expect(time < .seconds(5))
  }
}

import Foundation
import TestSupport
import Testing

@testable import Pipeline
@testable import Stages

@Suite struct EntityPatternTests {
  private func found(_ text: String, _ options: String) throws -> [String] {
    try tagged(text, #""tagger": false, "builtin": false, "# + options)
  }

  @Test func aPatternTagsWhatItMatches() throws {
    #expect(try found("See AB-12 and XY-999.", #""patterns": {"CASE": "[A-Z]{2}-\\d+"}"#) == ["AB-12/CASE", "XY-999/CASE"])
  }

  @Test func theFirstGroupIsTheEntity() throws {
    #expect(try found("Photo: Ann Lee. photo: Bo", #""patterns": {"CREDIT": "Photo: (\\w+ \\w+)"}"#) == ["Ann Lee/CREDIT"])
    #expect(try found("ab", #""patterns": {"X": "a(c)?b"}"#) == ["ab/X"])
  }

  @Test func ofOverlappingOnesTheFirstAndThenTheLongestCounts() throws {
    let options = #""patterns": {"A": "b c", "B": "a b", "C": "a b c d", "D": "d e"}"#
    #expect(try found("a b c d e", options) == ["a b c d/C"])
  }

  @Test func emptyMatchesAndHalvesOfCharactersDoNotCount() throws {
    #expect(try found("cafe\u{301} xxx", #""patterns": {"X": "x*", "E": "e"}"#) == ["xxx/X"])
  }

  @Test func aWrongPatternIsNamed() throws {
    let error = #expect(throws: ConfigurationErrors.self) { try stage("entities", #""patterns": {"GOOD": "a", "BAD": "a(?=b)"}"#) }
    #expect(error?.errors.first?.pointer == "/stages/0/patterns/BAD")
    #expect(error?.errors.first?.message.contains("is no pattern of RE2") == true)
  }

  @Test func emptyLabelsAndPatternsAreRefused() throws {
    for patterns in [#"{"": "a"}"#, #"{"A": ""}"#] {
      #expect(throws: ConfigurationErrors.self) { try stage("entities", "\"patterns\": \(patterns)") }
    }
  }

  @Test func patternsStayInBlocks() throws {
    #expect(try found("March\n\n2024", #""patterns": {"X": "March\\s+2024"}"#) == [])
  }

  @Test func whatComesWithTheProgramIsOptional() throws {
    let text =
      "On 12 March 2024 they paid $3.5 million, 5% more, for 20 km; write to a.b@example.org, see https://example.org/x or call +44 20 7946 0958."
    #expect(try found(text, #""recognize": []"#) == [])
    #expect(
      try found(text, #""recognize": ["DATE", "MONEY", "PERCENT", "QUANTITY", "EMAIL", "URL", "PHONE"]"#) == [
        "12 March 2024/DATE", "$3.5 million/MONEY", "5%/PERCENT", "20 km/QUANTITY", "a.b@example.org/EMAIL", "https://example.org/x/URL",
        "+44 20 7946 0958/PHONE",
      ])
  }

  /// Texts with all that the patterns of the program should find in them.
  @Test func everyTextIsRecognizedAsWritten() throws {
    struct Labelled: Decodable {
      struct Span: Decodable, Equatable {
        let start: Int
        let end: Int
        let label: String
      }
      let text: String
      let entities: [Span]
    }
    let tagger = try EntityTagger(model: .none, usesBuiltInList: false, recognize: Set(EntityTagger.Pattern.allCases))
    let lines = try String(contentsOfFile: checkout + "/Tests/Entities/patterns.jsonl", encoding: .utf8).split(separator: "\n")
    #expect(lines.count > 300)
    for line in lines {
      let labelled = try JSONDecoder().decode(Labelled.self, from: Data(line.utf8))
      let scalars = Array(labelled.text.unicodeScalars)
      let found = tagger.entities(in: labelled.text, byLines: true).map {
        "\(String(decoding: Array(labelled.text.utf8)[$0.range], as: UTF8.self))/\($0.label)"
      }
      let expected = labelled.entities.map { span in
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[span.start..<span.end])
        return "\(String(text))/\(span.label)"
      }
      #expect(found == expected, "\(labelled.text)")
    }
  }
}

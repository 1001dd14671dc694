import Foundation
import TestSupport
import Testing

@testable import Pipeline
@testable import Stages

@Suite struct FilterTests {
  private func verdict(_ options: String, _ text: String = "Twelve chars", _ change: (inout Document) -> Void = { _ in }) throws -> Verdict
  {
    var document = Document.plain(text)
    change(&document)
    return try stage("filter", options).process(&document)
  }

  @Test func lengthIsCountedInCodePointsOfWhatIsKept() throws {
    #expect(try verdict(#""minLength": 12"#) == .pass)
    #expect(try verdict(#""minLength": 13"#) == .drop(reason: "too-short"))
    #expect(try verdict(#""maxLength": 3"#, "日本語") == .pass)
    #expect(try verdict(#""maxLength": 2"#, "日本語") == .drop(reason: "too-long"))
    #expect(try verdict(#""minLength": 5"#) { $0.drop(0, reason: "r", rule: "r") } == .drop(reason: "too-short"))
  }

  @Test func languagesMatchByTagOrPrimaryTag() throws {
    let options = #""languages": ["en", "pt-BR"]"#
    #expect(try verdict(options) == .drop(reason: "language"))
    for (language, passes) in [("en-gb", true), ("en", true), ("pt-br", true), ("pt", false), ("de", false)] {
      #expect(try (verdict(options) { $0.metadata.language = language } == .pass) == passes, "\(language)")
    }
  }

  @Test func requiredFieldsAreNamed() throws {
    #expect(try verdict(#""require": ["title", "url"]"#) { $0.metadata.title = "T" } == .drop(reason: "missing-url"))
    #expect(throws: ConfigurationErrors.self) { try stage("filter", #""require": ["titel"]"#) }
    #expect(throws: ConfigurationErrors.self) { try stage("filter", #""minLength": 9, "maxLength": 3"#) }
  }
}

@Suite struct NormalizeTests {
  private func normalized(_ text: String, _ options: String = "") throws -> String {
    try Document.plain(text).after(try stage("normalize", options)).rendered
  }

  @Test(arguments: [
    ("e\u{301}te\u{301}", "été"), ("co\u{AD}op\u{200B}era\u{FEFF}te", "cooperate"), ("a\u{0}b\u{7F}c\u{1B}", "abc"),
    ("a\u{A0}\u{2003} b\t\tc", "a b c"),
    ("می\u{200C}خواهم", "می\u{200C}خواهم"), ("👨‍👩‍👧", "👨‍👩‍👧"), ("한", "한"), ("ﬁ", "ﬁ"), ("Plain.", "Plain."), ("One. \n\n Two.", "One. \n\n Two."),
  ])
  func charactersBecomeUniform(_ text: String, _ expected: String) throws {
    #expect(Array(try normalized(text).utf8) == Array(expected.utf8))
  }

  @Test func eachStepCanBeSwitchedOff() throws {
    let text = "e\u{301} a\u{AD}\u{200B}\u{1}\u{A0}b"
    #expect(
      Array(try normalized(text, #""nfc": false, "softHyphens": false, "zeroWidth": false, "controls": false, "whiteSpace": false"#).utf8)
        == Array(text.utf8))
  }

  /// Sorting a run of marks takes the square of its length.
  @Test func aThousandMarksOnALetterTakeNoTime() throws {
    let marks = String(repeating: "\u{301}", count: 20_000) + String(repeating: "\u{316}", count: 20_000)
    var result = ""
    let time = try ContinuousClock().measure { result = try normalized("a" + marks) }
    #expect(time < .seconds(10) && result.unicodeScalars.count > 30_000)
  }

  @Test(arguments: 0..<100) func normalizingTwiceIsNormalizingOnce(_ seed: Int) throws {
    var random = SeededGenerator(seed)
    let pieces: [Unicode.Scalar] = [
      "a", "e", "\u{301}", "\u{323}", " ", "\u{A0}", "\u{200B}", "\u{AD}", "ᄒ", "ᅡ", "ᆫ", "\u{1}", "Å", "\n", "ﬀ", "\u{0345}",
    ]
    let text = String(String.UnicodeScalarView((0..<40).map { _ in pieces.randomElement(using: &random)! }))
    let once = try normalized(text)
    #expect(Array(try normalized(once).utf8) == Array(once.utf8))
  }
}

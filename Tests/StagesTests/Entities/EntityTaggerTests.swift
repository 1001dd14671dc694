import Foundation
import TestSupport
import Testing

@testable import Pipeline
@testable import Stages

@Suite struct EntityTaggerTests {
  private func names(_ text: String) throws -> [String] { try tagged(text, #""builtin": false"#, language: "en") }

  @Test(arguments: [
    ("President Joe Biden met Angela Merkel in Berlin.", ["Joe Biden/PER", "Angela Merkel/PER", "Berlin/LOC"]),
    ("Kenya's Ministry of Health said on Monday that Obama's visit was over.", ["Kenya/LOC", "Ministry of Health/ORG", "Obama/PER"]),
    ("The European Union and the World Bank met in Nairobi.", ["European Union/ORG", "World Bank/ORG", "Nairobi/LOC"]),
    ("The British prime minister spoke French with a German.", []),
    ("Microsoft Corp. hired Mary O'Neill of Stanford University.", ["Microsoft Corp./ORG", "Mary O'Neill/PER", "Stanford University/ORG"]),
    ("On Friday the weather in May was fine, and we ate apples.", []),
    ("Floods hit São Paulo and the Democratic Republic of Congo.", ["São Paulo/LOC", "Democratic Republic of Congo/LOC"]),
  ])
  func namesAreTagged(text: String, expected: [String]) throws {
    #expect(try names(text) == expected)
  }

  /// Titles and possessives are no part of a name.
  @Test(arguments: ["Mr. {}", "Sen. {}", "Prime Minister {}", "Gen. {}'s", "Dr {}’s"])
  func titlesAndPossessivesStayOutside(frame: String) throws {
    let text = "On Tuesday " + frame.replacing("{}", with: "David Cameron") + " car was seen in London."
    #expect(try names(text) == ["David Cameron/PER", "London/LOC"])
  }

  @Test func aLastNameIsThePersonNamedBefore() throws {
    let text =
      "Valery Gerasimov, the chief of the general staff, spoke in Moscow.\n\nGerasimov said that the army was ready. Gerasimov left."
    #expect(try names(text).filter { $0.contains("Gerasimov") } == ["Valery Gerasimov/PER", "Gerasimov/PER", "Gerasimov/PER"])
  }

  @Test func anAcronymIsWhatItStoodBehind() throws {
    let text = "The Lakeland Fisheries Board (LFB) fined two firms.\n\nLFB officers said so. The fines went to LFB."
    #expect(try names(text) == ["Lakeland Fisheries Board/ORG", "LFB/ORG", "LFB/ORG", "LFB/ORG"])
  }

  @Test func headingsInCapitalsAreRead() throws {
    let text = "PUTIN MEETS MERKEL IN MOSCOW\n\nVladimir Putin met Angela Merkel in Moscow on Friday."
    #expect(try names(text) == ["PUTIN/PER", "MERKEL/PER", "MOSCOW/LOC", "Vladimir Putin/PER", "Angela Merkel/PER", "Moscow/LOC"])
  }

  @Test(arguments: [
    // A last name that is another word too is none where nothing but its capital speaks for it.
    ("Theresa May resigned. The vote was held in May. On May 6 she left.", ["Theresa May/PER"]),
    ("King Charles III spoke in London. Chapter III of the book is short.", ["Charles III/PER", "London/LOC"]),
    // A full stop that ends a sentence is no part of a name.
    ("The award went to Amartya Sen. The economist left.", ["Amartya Sen/PER"]),
    ("He met Malcolm X. Then he flew to Boston.", ["Malcolm X/PER", "Boston/LOC"]),
    (
      "John F. Kennedy and J. Edgar Hoover met Robert Downey Jr. in Chicago.",
      ["John F. Kennedy/PER", "J. Edgar Hoover/PER", "Robert Downey Jr./PER", "Chicago/LOC"]
    ),
    // "US" is another word than "us".
    ("Joe Biden said the US and China agreed to help us.", ["Joe Biden/PER", "US/LOC", "China/LOC"]),
    ("US troops left Iraq on Monday.", ["US/LOC", "Iraq/LOC"]),
  ])
  func wordsThatAreAlikeAreToldApart(text: String, expected: [String]) throws {
    #expect(try names(text) == expected)
  }

  /// An acronym that is a word is not found in a heading in capitals by its letters alone.
  @Test func aWordInCapitalsIsNoAcronym() throws {
    let text = "WHO IS TO BLAME FOR THE DELAY\n\nThe World Health Organization (WHO) met in Geneva. The WHO said so."
    #expect(try names(text) == ["World Health Organization/ORG", "WHO/ORG", "Geneva/LOC", "WHO/ORG"])
  }

  /// What an earlier stage found stays, and a later one adds what does not overlap.
  @Test func stagesAddToWhatWasFound() throws {
    let folder = TemporaryFolder()
    let list = folder.write("names.tsv", "Merkel flew\tX\n")
    let first = try stage("entities", #""tagger": false, "builtin": false, "lists": ["\#(list)"]"#)
    let document = try Document.plain("Angela Merkel flew to Kenya.").after(
      first, try stage("entities", #""builtin": false, "language": "en""#))
    #expect(document.entities?.map(\.label) == ["X", "LOC"])
    #expect(try document.after(try stage("entities", #""tagger": false, "builtin": false"#)).entities == document.entities)
  }

  @Test func finderScoreAndIdentifierAreTold() throws {
    let document = try Document.plain("Angela Merkel flew to Kenya.").after(try stage("entities"))
    let entities = try #require(document.entities)
    #expect(entities.map(\.source) == ["model", "model"])
    #expect(entities.map(\.id) == [nil, "country:KE"])
    #expect(entities.allSatisfy { $0.score.map { (0.5...1).contains($0) } == true })
    #expect(try tagged("Angela Merkel flew to Kenya.", #""minScore": 1"#) == [])
  }

  @Test func listsWinOverPatternsAndBothOverTheModel() throws {
    let folder = TemporaryFolder()
    let list = folder.write("names.tsv", "Merkel Street\tSTREET\tm-1\n")
    let options = #""lists": ["\#(list)"], "patterns": {"CODE": "Street \\w+", "WHO": "Angela"}"#
    #expect(try tagged("Angela Merkel lives in Merkel Street Five.", options) == ["Angela/WHO", "Merkel Street/STREET/m-1"])
  }

  // MARK: Languages

  @Test func theModelIsNotUsedForAnotherLanguage() throws {
    var document = Document.plain("Kenia und die Europäische Union haben sich in Nairobi mit Angela Merkel getroffen.")
    document.metadata.language = "de"
    let result = try document.after(try stage("entities"))
    #expect(result.entities?.map(\.source) == ["list"])
    #expect(result.trail.map(\.isNote) == [true])
    #expect(result.trail.first?.reason == "no-model")
    #expect(result.trail.first?.rule == "de")
    #expect(try tagged("Angela Merkel", #""language": "EN""#, language: "de") == ["Angela Merkel/PER"])
  }

  @Test(arguments: ["", "und", "mul", "en-US", "EN_us"]) func tagsOfEnglishAndOfNothingUseTheModel(tag: String) throws {
    #expect(try tagged("Angela Merkel", #""builtin": false"#, language: tag) == ["Angela Merkel/PER"])
    #expect(try EntityTagger().entities(in: "Angela Merkel", language: tag).count == 1)
  }

  @Test func aLanguageThatIsNoneIsRefused() throws {
    for tag in ["", "und", "e n", "1"] {
      let error = #expect(throws: ConfigurationErrors.self) { try stage("entities", #""language": "\#(tag)""#) }
      #expect(error?.errors.first?.pointer == "/stages/0/language")
    }
    #expect(try EntityTagger().entities(in: "Angela Merkel", language: "de").isEmpty)
  }

  @Test func aTextWithoutALanguageIsLookedAt() throws {
    let german =
      "Die Bundeskanzlerin Angela Merkel hat sich am Montag mit dem Präsidenten getroffen, um über die Lage in der Stadt zu sprechen."
    #expect(try tagged(german, #""builtin": false"#) == [])
    #expect(try tagged("Angela Merkel", #""builtin": false"#) == ["Angela Merkel/PER"])
  }

  @Test func withoutATaggerListsAlone() throws {
    #expect(try tagged("Angela Merkel flew to Kenya.", #""tagger": false"#) == ["Kenya/LOC/country:KE"])
    #expect(throws: ConfigurationErrors.self) { try stage("entities", #""tagger": false, "model": "Package.swift""#) }
  }

  @Test func whatIsNoModelIsRefused() throws {
    let folder = TemporaryFolder()
    for bytes in [[], [1, 2, 3], [UInt8](repeating: 0, count: 5000), Array("ENT1".utf8) + [UInt8](repeating: 255, count: 9000)] {
      let path = folder.write("x.model", bytes)
      let error = #expect(throws: ConfigurationErrors.self) { try stage("entities", "\"model\": \"\(path)\"") }
      #expect(error?.errors.first?.pointer == "/stages/0/model")
    }
  }

  // MARK: Mentions

  @Test func entitiesAreGroupedByName() throws {
    let text =
      "Valery Gerasimov met Angela Merkel.\n\nGerasimov praised Merkel. MERKEL LEFT. The European Union (EU) was silent; the EU waits."
    let document = try Document.plain(text).after(try stage("entities", #""mentions": true, "builtin": false, "language": "en""#))
    let mentions = (document.entities ?? []).map { "\(document.text?.string($0.range) ?? "")=\($0.mention ?? "-")" }
    #expect(mentions.contains("Gerasimov=Valery Gerasimov"))
    #expect(mentions.contains("Merkel=Angela Merkel"))
    #expect(mentions.filter { $0.hasSuffix("=European Union") }.count == 3)
  }

  @Test func theFullestNameStandsForItsIdentifierAndForItsShortForms() throws {
    func grouped(_ parts: [(String, String, String?)]) -> [String?] {
      var offset = 0
      var entities = parts.map { text, label, id in
        defer { offset += text.utf8.count + 1 }
        return Entity(range: offset..<(offset + text.utf8.count), label: label, id: id)
      }
      Array(parts.map(\.0).joined(separator: " ").utf8).withUnsafeBufferPointer { EntityMentions.group(&entities, $0) }
      return entities.map(\.mention)
    }
    let america = "United States of America"
    #expect(grouped([("U.S.", "LOC", "us"), (america, "LOC", "us")]) == [america, america])
    let fifa = "Fédération Internationale Football Association"
    #expect(grouped([(fifa, "ORG", nil), ("FIFA", "ORG", "fifa")]) == [fifa, fifa])
    #expect(grouped([("Robert Downey Jr.", "PER", nil), ("Downey", "PER", nil)]) == ["Robert Downey Jr.", "Robert Downey Jr."])
  }

  @Test func aLastNameOfTwoPersonsIsNobodys() throws {
    var entities = [("Bill Clinton", 0), ("Hillary Clinton", 13), ("Clinton", 30)].map {
      Entity(range: $0.1..<($0.1 + $0.0.utf8.count), label: "PER")
    }
    Array("Bill Clinton Hillary Clinton, Clinton".utf8).withUnsafeBufferPointer { EntityMentions.group(&entities, $0) }
    #expect(entities.map(\.mention) == ["Bill Clinton", "Hillary Clinton", "Clinton"])
  }

  // MARK: Quality

  /// Exact spans and labels over PER, ORG and LOC, as `../shared/bench/entities.py` counts them.
  private func score(_ gold: String) throws -> (all: Double, labels: [String: Double]) {
    struct Gold: Decodable {
      struct Span: Decodable, Hashable {
        var start: Int
        var end: Int
        let label: String
      }
      let text: String
      let entities: [Span]
    }
    let tagger = try EntityTagger()
    var (right, found, wanted): ([String: Int], [String: Int], [String: Int]) = ([:], [:], [:])
    for line in gold.split(separator: "\n") {
      let document = try JSONDecoder().decode(Gold.self, from: Data(line.utf8))
      let places = document.text.unicodeScalars.indices.map { document.text.utf8.distance(from: document.text.startIndex, to: $0) }
      let starts = Dictionary(uniqueKeysWithValues: zip(places + [document.text.utf8.count], 0...))
      let want = Set(document.entities)
      let have = Set(
        tagger.entities(in: document.text, byLines: true).map {
          Gold.Span(start: starts[$0.range.lowerBound] ?? -1, end: starts[$0.range.upperBound] ?? -1, label: $0.label)
        })
      for span in want { wanted[span.label, default: 0] += 1 }
      for span in have { found[span.label, default: 0] += 1 }
      for span in want.intersection(have) { right[span.label, default: 0] += 1 }
    }
    func f1(_ right: Int, _ found: Int, _ wanted: Int) -> Double { found + wanted > 0 ? 2 * Double(right) / Double(found + wanted) : 0 }
    func sum(_ counts: [String: Int]) -> Int { counts.values.reduce(0, +) }
    return (
      f1(sum(right), sum(found), sum(wanted)),
      Dictionary(uniqueKeysWithValues: ["PER", "ORG", "LOC"].map { ($0, f1(right[$0] ?? 0, found[$0] ?? 0, wanted[$0] ?? 0)) })
    )
  }

  /// News texts that were written and labelled without sight of the tagger.
  @Test func newsIsTaggedAsWellAsMeasured() throws {
    let (all, labels) = try score(String(contentsOfFile: checkout + "/Tests/Entities/news.jsonl", encoding: .utf8))
    #expect(all > 0.85, "\(labels)")
    #expect((labels["ORG"] ?? 0) > 0.78)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: checkout + "/../shared/data/entities/uner-ewt-dev.jsonl"), "needs ../shared"))
  func webTextIsTaggedAsWellAsMeasured() throws {
    let (all, labels) = try score(String(contentsOfFile: checkout + "/../shared/data/entities/uner-ewt-dev.jsonl", encoding: .utf8))
    #expect(all > 0.72, "\(labels)")
    #expect((labels["ORG"] ?? 0) > 0.56)
  }
}

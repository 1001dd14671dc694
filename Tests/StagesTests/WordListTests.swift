import CModels
import TestSupport
import Testing

@testable import Pipeline
@testable import Stages

/// The lists can be edited by people who do not read Swift; this says what a list must look like.
@Suite struct WordListTests {
  static let languages = ["ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "sv", "tr", "zh"]

  private func check(_ lists: [WordList], sections: (String) -> Bool) {
    for list in lists {
      #expect(!list.sections.isEmpty, "\(list.name): no sections")
      #expect(Set(list.sections.map(\.name)).count == list.sections.count, "\(list.name): a section stands twice")
      for section in list.sections {
        #expect(sections(section.name), "\(list.name): there is no section [\(section.name)]")
        #expect(!section.entries.isEmpty, "\(list.name): [\(section.name)] is empty")
        #expect(Set(section.entries).count == section.entries.count, "\(list.name) [\(section.name)]: an entry stands twice")
        #expect(
          section.entries == section.entries.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) },
          "\(list.name) [\(section.name)] is not sorted")
        for entry in section.entries {
          let folded = String(decoding: FoldedLine(entry.utf8).bytes, as: UTF8.self)
          #expect(
            Array(folded.utf8) == FoldedLine.entry(entry),
            "\(list.name) [\(section.name)]: \(entry) must be in lower case, with plain quotes and single spaces")
        }
      }
    }
  }

  @Test func boilerplateListsAreWellFormed() {
    let lists = WordList.all(cmodels_boilerplate)
    #expect(lists.map(\.name).filter { $0 != "agencies" }.sorted() == Self.languages)
    check(lists) { name in
      let parts = name.split(separator: ".")
      return name == "agency" || name == "byline.date"
        || parts.count == 2 && BoilerplateKind(rawValue: String(parts[0])) != nil
          && BoilerplateRules.Form(rawValue: String(parts[1])) != nil
    }
  }

  @Test func translationListsAreWellFormed() {
    let lists = WordList.all(cmodels_translation_notes)
    #expect(lists.map(\.name).sorted() == Self.languages)
    check(lists) { NoticeJudge.Role(rawValue: $0) != nil }
  }

  @Test func abbreviationListsAreWellFormed() {
    for list in WordList.all(cmodels_abbreviations) {
      for section in list.sections {
        #expect(section.name == "starter" || Abbreviations.Kind(rawValue: section.name) != nil, "\(list.name): [\(section.name)]")
        #expect(Set(section.entries).count == section.entries.count, "\(list.name) [\(section.name)]: an entry stands twice")
      }
    }
  }
}

@Suite struct PhraseAutomatonTests {
  private func found(_ phrases: [String], _ text: String) -> [String] {
    var result: [String] = []
    Array(text.utf8).withUnsafeBufferPointer { bytes in
      PhraseAutomaton(phrases.map { Array($0.utf8) }).search(bytes) { phrase, range in
        result.append("\(phrases[phrase])@\(range.lowerBound)")
        return true
      }
    }
    return result
  }

  @Test func overlappingPhrasesAreAllFound() {
    #expect(found(["he", "she", "his", "hers"], "ushers") == ["she@1", "he@2", "hers@2"])
    #expect(found(["a", "aa", "aaa"], "aaa").count == 6)
    #expect(found([], "text") == [])
    #expect(found(["x"], "") == [])
  }

  @Test func searchingStopsWhenAsked() {
    var count = 0
    Array("aaaa".utf8).withUnsafeBufferPointer { bytes in
      PhraseAutomaton([[0x61]]).search(bytes) { _, _ in
        count += 1
        return count < 2
      }
    }
    #expect(count == 2)
  }

  @Test(arguments: 0..<100) func itFindsWhatANaiveSearchFinds(_ seed: Int) {
    var random = SeededGenerator(seed)
    func word(_ most: Int) -> String {
      String((0..<Int.random(in: 1...most, using: &random)).map { _ in "abc".randomElement(using: &random)! })
    }
    let phrases = Array(Set((0..<12).map { _ in word(5) })).sorted()
    let text = word(80)
    var naive: Set<String> = []
    let bytes = Array(text.utf8)
    for phrase in phrases {
      let pattern = Array(phrase.utf8)
      for start in bytes.indices where bytes[start...].starts(with: pattern) { naive.insert("\(phrase)@\(start)") }
    }
    let hits = found(phrases, text)
    #expect(Set(hits) == naive && hits.count == naive.count)
  }
}

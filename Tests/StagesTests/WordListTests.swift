import CModels
import TestSupport
import Testing

@testable import Pipeline
@testable import Stages

/// The lists can be edited by people who do not read Swift; this says what a list must look like.
@Suite struct WordListTests {
  static let languages = [
    "ar", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "ko", "nl", "no", "pl", "pt", "ro",
    "ru", "sv", "tr",
    "uk", "vi", "zh",
  ]

  private func check(_ lists: [WordList], sections: (String) -> Bool) {
    for list in lists {
      #expect(!list.sections.isEmpty, "\(list.name): no sections")
      #expect(Set(list.sections.map(\.name)).count == list.sections.count, "\(list.name): a section stands twice")
      for section in list.sections {
        #expect(sections(section.name), "\(list.name): there is no section [\(section.name)]")
        #expect(!section.entries.isEmpty, "\(list.name): [\(section.name)] is empty")
        #expect(
          Set(section.entries.map { Array($0.utf8) }).count == section.entries.count,
          "\(list.name) [\(section.name)]: an entry stands twice")
        #expect(
          section.entries == section.entries.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) },
          "\(list.name) [\(section.name)] is not sorted")
        for entry in section.entries {
          let plain = entry.lowercased().replacing("i\u{307}", with: "i").split(separator: " ").joined(separator: " ")
          #expect(
            entry == plain && !entry.contains { "‘’“”„`".contains($0) },
            "\(list.name) [\(section.name)]: \(entry) must be in lower case, with plain quotes and single spaces")
        }
      }
    }
  }

  @Test func boilerplateListsAreWellFormed() {
    let lists = WordList.all(cmodels_boilerplate)
    #expect(lists.map(\.name).filter { $0 != "agencies" }.sorted() == Self.languages)
    check(lists) { $0 == "byline.date" || BoilerplateRules.meaning(ofSection: $0) != nil }
  }

  @Test func translationListsAreWellFormed() {
    let lists = WordList.all(cmodels_translation_notes)
    #expect(lists.map(\.name).filter { $0 != "autonyms" }.sorted() == Self.languages)
    check(lists) { NoticeRules.Role(rawValue: $0) != nil }
    for entry in lists.flatMap({ $0.entries("language") }) {
      #expect(NoticeRules.language(entry).tag?.wholeMatch(of: /[a-z]{2,3}(-[a-z]+)?/) != nil, "\(entry): expected NAME = TAG")
    }
  }

  /// A line in which an entry must act, given its section; nil for words of dates.
  private func line(_ entry: String, _ kind: BoilerplateKind, _ form: BoilerplateRules.Form, in list: WordList) -> String {
    func first(_ section: String) -> String { list.entries(section).first ?? "" }
    return switch form {
    case .line: entry.prefix(1).uppercased() + entry.dropFirst()
    case .start: kind == .related || kind == .tags || kind == .caption || kind == .byline ? "\(entry): Xyl Bell" : "\(entry) xyl bell"
    case .any: "Xyl bell \(entry) lock"
    case .cue: "Xyl bell lock. \(entry): Xyl Bell"
    case .end: kind == .byline ? "Xyl Bell \(entry)" : "Xyl bell lock. \(entry)"
    case .agency, .picture: "Xyl bell lock (\(entry))"
    case .count: "\(entry) 3 xyl"
    case .verb: "\(entry) xyl \(first("promo.object"))"
    case .object: "\(first("promo.verb")) xyl \(entry)"
    case .copula: "Xyl Bell \(entry) \(first("byline.role")) of the Xyl Bell."
    case .role: "Xyl Bell, \(entry)"
    }
  }

  @Test(arguments: languages + ["agencies"]) func everyBoilerplateEntryIsReachable(_ name: String) throws {
    let list = try #require(WordList.all(cmodels_boilerplate).first { $0.name == name })
    var judge = LineJudge(language: name == "agencies" ? nil : name)
    var dead: [String] = []
    for section in list.sections {
      guard let (kind, form) = BoilerplateRules.meaning(ofSection: section.name) else { continue }
      for entry in section.entries {
        let line = line(entry, kind, form, in: list)
        let finding = Array(line.utf8).withUnsafeBufferPointer { judge.judge($0, isHeadline: false) }
        if finding == nil { dead.append("[\(section.name)] \(entry)") }
      }
    }
    #expect(dead == [], "\(name): nothing comes of these entries")
  }

  @Test(arguments: languages) func everyEntryAboutTranslationIsReachable(_ name: String) throws {
    let list = try #require(WordList.all(cmodels_translation_notes).first { $0.name == name })
    var line = FoldedLine()
    var dead: [String] = []
    for section in list.sections {
      let role = try #require(NoticeRules.Role(rawValue: section.name))
      for entry in section.entries {
        let phrase = role == .language ? NoticeRules.language(entry).name : entry
        line.fold("xyl \(phrase) bell")
        var matches: [NoticeRules.Match] = []
        NoticeRules.shared.find(in: line, into: &matches)
        let isFound = matches.contains { $0.meaning.role == role && $0.range.count >= phrase.utf8.count / 2 }
        if !isFound { dead.append("[\(section.name)] \(entry)") }
      }
    }
    #expect(dead == [], "\(name): these entries are not found in a line")
  }

  @Test func abbreviationListsAreWellFormed() {
    for list in WordList.all(cmodels_abbreviations) {
      for section in list.sections {
        #expect(Abbreviations.Kinds.sections[section.name] != nil, "\(list.name): [\(section.name)]")
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

@Suite struct PhraseTrieTests {
  /// The filter of first bytes must not lose a phrase, whatever its length and wherever it stands.
  @Test(arguments: 0..<100) func everyWholePhraseIsFound(_ seed: Int) {
    var random = SeededGenerator(seed)
    func word(_ most: Int) -> String {
      String((0..<Int.random(in: 1...most, using: &random)).map { _ in "abé漢".randomElement(using: &random)! })
    }
    let phrases = Array(Set((0..<20).map { _ in (0..<Int.random(in: 1...3, using: &random)).map { _ in word(4) }.joined(separator: " ") }))
      .sorted()
    let trie = PhraseTrie(phrases.map { Array($0.utf8) })
    let text = (0..<60).map { _ in Bool.random(using: &random) ? phrases.randomElement(using: &random)! : word(6) }.joined(separator: " ")
    let bytes = Array(text.utf8)
    bytes.withUnsafeBufferPointer { buffer in
      for start in buffer.indices where start == 0 || buffer[start - 1] == 0x20 {
        var found: Set<Int> = []
        trie.phrases(at: start, in: buffer) { phrase, end in
          #expect(end - start == phrases[phrase].utf8.count)
          if end == buffer.count || buffer[end] == 0x20 { found.insert(phrase) }
        }
        let expected = phrases.indices.filter {
          let phrase = Array(phrases[$0].utf8)
          let end = start + phrase.count
          return buffer[start...].starts(with: phrase) && (end == buffer.count || buffer[end] == 0x20)
        }
        #expect(found == Set(expected))
      }
    }
    #expect(
      phrases.indices.allSatisfy { index in
        Array(phrases[index].utf8).withUnsafeBufferPointer { trie.phrase(equalTo: 0..<$0.count, in: $0) == index }
      })
  }
}

@Suite struct FoldedLineTests {
  private func folded(_ text: String) -> String {
    let line = FoldedLine(text.utf8)
    return String(decoding: line.bytes, as: UTF8.self)
  }

  @Test(arguments: [
    (" READ  More:\t‘x’ ", "read more: 'x'"), ("İLGİNİZİ ÇEKEBİLİR", "ilginizi çekebilir"), ("ΔΙΑΒΆΣΤΕ ΑΚΌΜΗ ς", "διαβαστε ακομη σ"),
    ("Ещё", "еще"),
    ("اقرأ أيضاً", "اقرا ايضا"), ("ＡＢＣ：１", "abc:1"), ("co\u{AD}op", "coop"), ("۱۲ १२", "12 12"), ("Știri ți", "ştiri ţi"),
  ])
  func linesAreFolded(_ text: String, _ expected: String) {
    #expect(folded(text) == expected && folded(expected) == expected)
  }

  @Test func wordsAndEndsAreTold() {
    let line = FoldedLine("» 3 Boats, “two” 船が来た (12)!".utf8)
    #expect(line.wordCount == 6 && line.endsSentence && line.hasDigit && !line.opensQuotation)
    #expect(String(decoding: line.bytes[line.core], as: UTF8.self) == "3 boats, \"two\" 船が来た")
    #expect(FoldedLine("".utf8).core.isEmpty)
  }

  @Test(arguments: 0..<100) func placesLeadBackToTheSource(_ seed: Int) {
    var random = SeededGenerator(seed)
    let pieces = ["Ab", "é", "漢", " ", "  ", "\u{AD}", "ß", "؟", "İ", "-", "1", "한국", "\u{A0}", "𝒳"]
    let text = (0..<40).map { _ in pieces.randomElement(using: &random)! }.joined()
    let source = Array(text.utf8)
    var line = FoldedLine()
    source.withUnsafeBufferPointer { line.fold($0) }
    for start in line.starts {
      let rest = FoldedLine(source[Int(start.source)...])
      #expect(rest.bytes.elementsEqual(line.bytes[Int(start.offset)...]))
    }
  }
}

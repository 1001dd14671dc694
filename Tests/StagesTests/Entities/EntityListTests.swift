import Foundation
import TestSupport
import Testing

@testable import Pipeline
@testable import Stages

/// Entities of a text as TEXT/LABEL, with /ID where there is one.
func tagged(_ text: String, _ options: String = "", language: String? = nil) throws -> [String] {
  var document = Document.plain(text)
  document.metadata.language = language
  document = try document.after(try stage("entities", options))
  return try (document.entities ?? []).map { entity in
    try #require(document.text).string(entity.range) + "/" + entity.label + (entity.id.map { "/" + $0 } ?? "")
  }
}

@Suite struct EntityListTests {
  private let folder = TemporaryFolder()

  /// Tags with a list alone.
  private func found(_ text: String, _ list: String, _ options: String = "", name: String = "names.tsv") throws -> [String] {
    let path = folder.write(name, list)
    return try tagged(text, #""tagger": false, "builtin": false, "lists": ["\#(path)"]"# + options)
  }

  @Test func namesAreWholeWordsAndTheLongestWins() throws {
    let list = "# people\nNew York\tLOC\tQ60\nNew York Times\tORG\nYork\tLOC\n東京\tLOC\n"
    #expect(
      try found("The New York Times left New York for Yorkshire and York.", list) == ["New York Times/ORG", "New York/LOC/Q60", "York/LOC"])
    #expect(try found("彼は東京に住む。", list) == ["東京/LOC"])
    #expect(try found("newyork Yorks NewYork York_1", list) == [])
  }

  @Test func capitalsCountAsTheOptionSays() throws {
    let list = "New York\tLOC\nUS\tLOC\n"
    let text = "New York NEW YORK new york New york US us"
    #expect(try found(text, list, #", "case": "exact""#) == ["New York/LOC", "US/LOC"])
    #expect(try found(text, list) == ["New York/LOC", "NEW YORK/LOC", "US/LOC"])
    #expect(try found(text, list, #", "case": "ignore""#).count == 6)
  }

  @Test func ofNamesThatFoldAlikeTheOneThatFitsCounts() throws {
    let list = "apple\tFRUIT\nApple\tORG\nAPPLE\tBAND\n"
    #expect(try found("apple Apple APPLE", list, #", "case": "exact""#) == ["apple/FRUIT", "Apple/ORG", "APPLE/BAND"])
    #expect(try found("aPPle", list, #", "case": "ignore""#) == ["aPPle/FRUIT"])
  }

  @Test func whiteSpaceAndQuotesMayDiffer() throws {
    let list = "Côte d'Ivoire\tLOC\nAT&T\tORG\nPrime  Minister\tROLE\n"
    #expect(try found("In Côte d’Ivoire, Côte\u{A0}d'Ivoire; AT&T, AT & T and the Prime \t Minister", list).count == 4)
  }

  @Test func koreanEndingsAndScriptsWithoutSpacesAreNoPartOfAName() throws {
    let list = "서울\tLOC\nกรุงเทพ\tLOC\n北京\tLOC\nSony\tORG\n"
    #expect(try found("서울에서 만났다. 남서울은 아니다.", list) == ["서울/LOC"])
    #expect(try found("เขาไปกรุงเทพเมื่อวาน", list) == ["กรุงเทพ/LOC"])
    #expect(try found("他去了北京。Sonyの本社", list) == ["北京/LOC", "Sony/ORG"])
  }

  @Test func fieldsAreTrimmedAndACommentHasNoTab() throws {
    #expect(try found("Paris #MeToo", " Paris \tLOC \n#MeToo\tTAG\n# Paris is a town\n") == ["Paris/LOC", "#MeToo/TAG"])
    #expect(try found("서울시장", "서울\tLOC\n시장\tROLE\n") == ["서울/LOC"])
  }

  @Test func noCharacterIsBrokenApart() throws {
    #expect(try found("e\u{301} cafe\u{301}", "e\tX\ncafe\tY\n") == [])
  }

  @Test func listsMayBeLinesOfJSON() throws {
    let list =
      #"{"name": "Nairobi \"N\" Ltd", "label": "ORG", "id": "x-1", "founded": 1990}"# + "\n\n" + #"{"label": "LOC", "name": "Kisumu"}"#
    #expect(try found("Nairobi \"N\" Ltd of Kisumu", list, name: "n.jsonl") == ["Nairobi \"N\" Ltd/ORG/x-1", "Kisumu/LOC"])
  }

  @Test(arguments: [
    ("Kenya\tLOC\nno tab here\n", "names.tsv", ":2: expected NAME, tab, LABEL and optionally tab, IDENTIFIER"),
    ("a\tb\tc\td\n", "names.tsv", ":1: expected NAME, tab, LABEL and optionally tab, IDENTIFIER"),
    ("{\"name\": 3, \"label\": \"X\"}", "n.jsonl", ":1: \"name\" must be a string"),
    ("{\"name\": \"A\"}", "n.jsonl", ":1: \"name\" and \"label\" must be there and not be empty"),
    ("[1]", "n.jsonl", ":1: expected an object with \"name\", \"label\" and optionally \"id\""),
    (
      String(repeating: "a ", count: 40) + "\tX\n", "names.tsv",
      ":1: a name has at most 32 words and marks, and 4095 bytes; a label 255 bytes, an identifier 65535"
    ),
    ("\u{AD}\tX\n", "names.tsv", ":1: a name without letters, digits or marks"),
  ])
  func aBadLineIsNamed(list: String, name: String, message: String) throws {
    let path = folder.write(name, list)
    let error = #expect(throws: ConfigurationErrors.self) { try stage("entities", "\"lists\": [\"\(path)\"]") }
    #expect(error?.errors.first?.message == path + message)
    #expect(error?.errors.first?.pointer == "/stages/0/lists")
  }

  @Test func aListThatIsNotThereIsNamed() throws {
    #expect(throws: ConfigurationErrors.self) { try stage("entities", #""lists": ["/nowhere/names.tsv"]"#) }
  }

  @Test func theFirstListWins() throws {
    let first = folder.write("1.tsv", "Kisumu\tTOWN\n")
    let second = folder.write("2.tsv", "Kisumu\tLOC\nKisumu Ltd\tORG\n")
    let options = #""tagger": false, "builtin": false, "lists": ["\#(first)", "\#(second)"]"#
    #expect(try tagged("Kisumu, Kisumu Ltd", options) == ["Kisumu/TOWN", "Kisumu Ltd/ORG"])
  }

  /// A large index is kept in a file, and serves the next process from there; a damaged file is made anew.
  @Test func largeListsAreKept() throws {
    let lines = (0..<20_000).map { "Name\($0) Number\($0 % 7)\tX\tid-\($0)\n" }.joined()
    let path = folder.write("large.tsv", lines)
    let cache = NameIndexCache(folder: folder.path + "/cache/names")
    func search() throws -> [String] {
      let index = try #require(try NameLists.index(paths: [path], casing: .smart, cache: cache))
      var found: [String] = []
      Array("Name19 Number5, name19 number5, Name7 Number0 Name7 Number1".utf8).withUnsafeBufferPointer {
        index.forEachMatch(in: $0) { found.append("\($0.range) \(index.id(of: $0.name) ?? "")") }
      }
      return found
    }
    #expect(try search() == ["0..<14 id-19", "32..<45 id-7"])
    let files = try #require(try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/cache/names"))
    #expect(files.count == 1)
    #expect(try search() == ["0..<14 id-19", "32..<45 id-7"])
    let kept = folder.path + "/cache/names/" + files[0]
    let descriptor = open(kept, O_WRONLY)
    #expect(pwrite(descriptor, "damage", 6, 5000) == 6)
    close(descriptor)
    #expect(try search() == ["0..<14 id-19", "32..<45 id-7"])
    #expect(truncate(kept, 100) == 0)
    #expect(try search() == ["0..<14 id-19", "32..<45 id-7"])
    #expect(try NameLists.index(paths: [path], casing: .smart, cache: NameIndexCache(folder: nil)) != nil)
    #expect(try NameLists.index(paths: [path], casing: .smart, cache: NameIndexCache(folder: "/proc/no")) != nil)
  }

  /// Names and texts of all sorts: an index finds what looking for each name by hand finds.
  @Test func anIndexFindsWhatASearchByHandFinds() throws {
    var random = SeededGenerator(7)
    let words = ["aa", "Bb", "c", "Dd", "é", "x1", "&", "-", "東", "한"]
    for _ in 0..<200 {
      var names: [String] = []
      for _ in 0..<8 {
        names.append(
          (0...Int.random(in: 0..<4, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }.joined(separator: " "))
      }
      var builder = NameIndexBuilder(casing: .exact)
      for name in names {
        try Array(name.utf8).withUnsafeBufferPointer { name in
          try Array("L".utf8).withUnsafeBufferPointer { label in
            try builder.add(name: name, label: label, id: UnsafeBufferPointer(start: nil, count: 0))
          }
        }
      }
      let index = try #require(NameIndex(builder.finish()))
      let pieces = (0..<30).map { _ in words.randomElement(using: &random) ?? "" }
      // By hand, over pieces: all are apart, so that every one is whole.
      var expected: [Range<Int>] = []
      var at = 0
      while at < pieces.count {
        let longest = names.map { $0.split(separator: " ").map(String.init) }.filter { pieces[at...].starts(with: $0) }.map(\.count).max()
        if let longest {
          expected.append(at..<(at + longest))
          at += longest
        } else {
          at += 1
        }
      }
      var starts: [Int: Int] = [:]
      var ends: [Int: Int] = [:]
      var offset = 0
      for (number, piece) in pieces.enumerated() {
        starts[offset] = number
        ends[offset + piece.utf8.count] = number + 1
        offset += piece.utf8.count + 1
      }
      var found: [Range<Int>] = []
      Array(pieces.joined(separator: " ").utf8).withUnsafeBufferPointer {
        index.forEachMatch(in: $0) { found.append((starts[$0.range.lowerBound] ?? -1)..<(ends[$0.range.upperBound] ?? 999)) }
      }
      #expect(found == expected, "\(names) \(pieces)")
    }
  }
}

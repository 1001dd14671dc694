import TestSupport
import Testing

@testable import Stages

@Suite struct PhraseListTests {
  private static func find(_ trie: PhraseTrie, _ text: [UInt8], at start: Int) -> [[Int]] {
    text.withUnsafeBufferPointer { bytes in
      var result: [[Int]] = []
      trie.phrases(at: start, in: bytes) { result.append([$0, $1]) }
      return result
    }
  }

  /// Groups are in the order of their bytes, whatever they hold, and those in a group in the order they came.
  @Test(arguments: 1...40) func groupsAreInOrder(_ seed: Int) {
    var random = SeededGenerator(seed)
    let letters: [UInt8] = seed % 2 == 0 ? [0, 1] : [0, 0x61, 0x62, 0xFF]
    let phrases = (0..<[5, 70, 3000][seed % 3]).map { _ in
      (0..<Int.random(in: 0...[3, 9, 40].randomElement(using: &random)!, using: &random)).map { _ in letters.randomElement(using: &random)!
      }
    }
    let list = PhraseList(phrases)
    let groups = list.groups()
    let expected = Dictionary(grouping: phrases.indices) { phrases[$0] }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    #expect((0..<groups.count).map { Array(list[groups.first(of: $0)]) } == expected.map(\.key))
    #expect((0..<groups.count).map { groups[$0].map { Int($0) } } == expected.map(\.value))
  }

  @Test func ofEqualPhrasesTheFirstCounts() {
    let trie = PhraseTrie(["ferry", "", "ferries", "ferry"].map { Array($0.utf8) })
    #expect(Self.find(trie, Array("ferries sail".utf8), at: 0) == [[2, 7]])
    #expect(Self.find(trie, Array("a ferry sails".utf8), at: 2) == [[0, 7]])
    #expect(Self.find(trie, Array("sails".utf8), at: 0).isEmpty)
  }

  @Test func phrasesAreLeftOut() {
    let list = PhraseList(["ferry", "pier"].map { Array($0.utf8) })
    let trie = PhraseTrie(list, list.groups()) { $0 == 1 ? 7 : nil }
    #expect(Self.find(trie, Array("ferry".utf8), at: 0).isEmpty && Self.find(trie, Array("pier".utf8), at: 0) == [[7, 4]])
  }

  @Test func aTrieWithoutPhrasesFindsNothing() {
    #expect(Self.find(PhraseTrie([]), Array("some text that is long enough".utf8), at: 0).isEmpty)
    #expect(PhraseAutomaton([]).isFreeOfMatches("some text"))
  }

  /// Phrases of few letters, so that many begin alike, in any order, against a search by hand.
  @Test(arguments: 1...40) func phrasesAreFoundAsByHand(_ seed: Int) {
    var random = SeededGenerator(seed)
    func bytes(_ most: Int) -> [UInt8] {
      (0..<Int.random(in: 1...most, using: &random)).map { _ in [0x61, 0x62, 0xC3, 0xA4, 0x20].randomElement(using: &random)! }
    }
    // Of three bytes none, since within a word those may be missed.
    let phrases = (0..<60).map { _ in bytes(12) }.filter { $0.count != 3 }
    let trie = PhraseTrie(phrases)
    let automaton = PhraseAutomaton(phrases)
    let text = bytes(40) + (phrases.randomElement(using: &random) ?? []) + bytes(40)
    var all: Set<[Int]> = []
    for start in text.indices {
      let expected = Set(phrases.filter { text[start...].starts(with: $0) }).map { [phrases.firstIndex(of: $0)!, start + $0.count] }
      #expect(Self.find(trie, text, at: start) == expected.sorted { $0[1] < $1[1] })
      for match in expected { all.insert([match[0], start, match[1]]) }
    }
    var found: Set<[Int]> = []
    text.withUnsafeBufferPointer { bytes in
      automaton.search(bytes) { phrase, range in
        found.insert([phrase, range.lowerBound, range.upperBound])
        return true
      }
    }
    #expect(found == all)
  }
}

extension PhraseAutomaton {
  fileprivate func isFreeOfMatches(_ text: String) -> Bool {
    var isFree = true
    Array(text.utf8).withUnsafeBufferPointer {
      search($0) { _, _ in
        isFree = false
        return false
      }
    }
    return isFree
  }
}

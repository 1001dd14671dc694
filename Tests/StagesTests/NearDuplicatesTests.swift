import TestSupport
import Testing

@testable import Pipeline
@testable import Stages

@Suite struct NearDuplicatesTests {
  private static let story =
    "The old bridge over the river will be closed for nine weeks from Monday while engineers replace the bearings of its two northern arches. Buses take the ring road, and the ferry runs until midnight. Shops on the quay expect a quiet spring, and have asked the city for help with the rent."

  /// What becomes of texts, one after the other: nil where one goes on, else the id of what it is a copy of.
  private func clusters(_ texts: [String], _ options: String = "") throws -> [String?] {
    let text = #"{"stages": [{"use": "near-duplicates", "action": "mark"\#(options)}]}"#
    let configuration = try Configuration.load(bytes: Array(text.utf8), path: "test.json", folder: "", registry: BuiltInStages.registry)
    let stage = try #require(configuration.stages.first?.stage as? NearDuplicatesStage)
    var decider = try stage.makeDecider(memory: TemporaryMemory())
    return try texts.enumerated().map { number, text in
      try decider.decide(id: "\(number)", value: try stage.prepare(.plain(text)), isLeaving: false).cluster
    }
  }

  @Test func theSameWordsAreACopyWhateverTheirLook() throws {
    let other = Self.story.uppercased().replacing(". ", with: ".\n\n").replacing(",", with: " –")
    #expect(try clusters([Self.story, "Another text about a harbour.", other]) == [nil, nil, "0"])
  }

  @Test func aFewOtherWordsAreANearCopy() throws {
    let edited = Self.story.replacing("nine weeks", with: "ten weeks").replacing("a quiet spring", with: "a slow spring")
    #expect(try clusters([Self.story, edited]) == [nil, "0"])
    #expect(try clusters([Self.story, edited], #", "threshold": 0.95"#) == [nil, nil])
  }

  @Test func theEarliestIsNamedAndCopiesOfCopiesAreComparedWithIt() throws {
    let edited = Self.story.replacing("nine weeks", with: "ten weeks")
    #expect(try clusters([Self.story, edited, Self.story, edited]) == [nil, "0", "0", "0"])
  }

  @Test func textsWithoutWordsAreLikeNoOther() throws {
    #expect(try clusters(["", "", "…", "* * *", "…"]) == [nil, nil, nil, nil, nil])
  }

  @Test func shortTextsAreComparedWhole() throws {
    #expect(try clusters(["Yes.", "No.", "yes", "Two words", "two  words!"]) == [nil, nil, "0", nil, "3"])
  }

  @Test func charactersOfChineseAreWords() throws {
    let text = "旧桥将从周一起关闭九周，工程师将更换北侧两个桥拱的支座。公交车绕行环路，渡轮运行至午夜。码头上的商店预计春天生意清淡。"
    #expect(try clusters([text, text.replacing("九周", with: "十周"), "港口的新闻很少。"]) == [nil, "0", nil])
  }

  @Test func theOrderOfWordsCounts() throws {
    let words = (1...60).map { "word\($0)" }
    #expect(try clusters([words.joined(separator: " "), words.reversed().joined(separator: " ")]) == [nil, nil])
  }

  /// A document that a later stage drops must not take its copies with it.
  @Test func whatLeavesStandsForNothing() throws {
    let stage = try NearDuplicatesStage(options: Options(defaultsOf: NearDuplicatesStage.descriptor.options))
    var decider = try stage.makeDecider(memory: TemporaryMemory())
    let value = try stage.prepare(.plain(Self.story))
    #expect(try decider.decide(id: "a", value: value, isLeaving: true) == Decision(.pass))
    #expect(try decider.decide(id: "b", value: value, isLeaving: false) == Decision(.pass))
    #expect(try decider.decide(id: "c", value: value, isLeaving: false) == Decision(.drop(reason: "duplicate"), cluster: "b"))
  }

  @Test func damagedValuesAreRefused() throws {
    let stage = try NearDuplicatesStage(options: Options(defaultsOf: NearDuplicatesStage.descriptor.options))
    var decider = try stage.makeDecider(memory: TemporaryMemory())
    let value = try stage.prepare(.plain(Self.story))
    for length in 1..<40 {
      #expect(throws: DamagedRecord.self) { try decider.decide(id: "a", value: Array(value.prefix(length)), isLeaving: false) }
    }
  }

  // MARK: Parts

  @Test(arguments: 0..<50) func similarityIsThatOfTheSets(_ seed: Int) throws {
    var random = SeededGenerator(seed)
    let pool = (0..<Int.random(in: 1...900, using: &random)).map { _ in UInt32.random(in: 0...UInt32.max, using: &random) }
    let (a, b) = (pool.filter { _ in Bool.random(using: &random) }, pool.filter { _ in Bool.random(using: &random) })
    let all = Set(a).union(b)
    let expected = all.isEmpty ? 0 : Double(Set(a).intersection(b).count) / Double(all.count)
    #expect(ShingleSet(a + a).similarity(to: ShingleSet(b)) == expected)
  }

  @Test func largeSetsAreSampledFairly() throws {
    var random = SeededGenerator(1)
    let pool = (0..<60_000).map { _ in UInt32.random(in: 0...UInt32.max, using: &random) }
    for share in [0.2, 0.5, 0.8] {
      let common = Int(40_000 * share / (1 + share))
      let a = ShingleSet(Array(pool[..<20_000]))
      let b = ShingleSet(Array(pool[(20_000 - common)..<(40_000 - common)]))
      #expect(a.hashes.count == ShingleSet.largest)
      #expect(abs(a.similarity(to: b) - share) < 0.06)
    }
  }

  @Test func setsAndSignaturesAreReadBack() throws {
    var random = SeededGenerator(2)
    for count in [1, 5, 1024, 5000] {
      let set = ShingleSet((0..<count).map { _ in UInt32.random(in: 0...UInt32.max, using: &random) })
      var bytes: [UInt8] = []
      set.append(to: &bytes)
      #expect(try ShingleSet(bytes[...]) == set)
    }
  }

  @Test(arguments: [(0.6, 3), (0.5, 2), (0.7, 4), (0.9, 15), (1.0, 16)]) func bandsFindWhatLiesAtTheThreshold(
    _ threshold: Double, _ rows: Int
  ) {
    let banding = Banding(threshold: threshold)
    #expect(banding.rows == rows && banding.bands <= 20)
    var miss = 1.0
    for _ in 0..<banding.bands {
      var agreement = 1.0
      for _ in 0..<rows { agreement *= threshold }
      miss *= 1 - agreement
    }
    #expect(1 - miss >= Banding.recall)
    #expect(Banding(threshold: threshold, bands: 40).rows >= rows)
  }

  /// The share of equal bands is what theory says, so that functions and hashes mix well.
  @Test func bandsAgreeAsOftenAsTheyShould() {
    var random = SeededGenerator(3)
    let banding = Banding(threshold: 0.5, bands: 64)
    var equal = 0
    for _ in 0..<200 {
      let pool = (0..<300).map { _ in UInt32.random(in: 0...UInt32.max, using: &random) }
      // 200 of 300 in common.
      let (a, b) = (banding.hashes(of: Array(pool[..<250])), banding.hashes(of: Array(pool[50...])))
      equal += zip(a, b).count { $0 == $1 }
    }
    var expected = 1.0
    for _ in 0..<banding.rows { expected *= 200.0 / 300.0 }
    #expect(abs(Double(equal) / 12_800 - expected) < 0.03)
  }

  @Test func theTableGrowsAndABandIsNotCrowded() {
    var table = BandTable()
    for number in 0..<5000 { table.insert(UInt32(number), document: UInt32(number)) }
    for _ in 0..<3 {
      for number in 0..<100 { table.insert(77, document: UInt32(10_000 + number)) }
    }
    var found: [UInt32] = []
    table.find(4321, into: &found)
    #expect(found == [4321])
    found = []
    table.find(77, into: &found)
    #expect(found.count == BandTable.mostInBand)
  }

  @Test func recordsAreReadBackFromMemoryAndFile() throws {
    let file = RecordFile()
    let records = (0..<300).map { number in [UInt8](repeating: UInt8(number % 251), count: number * 97 % 20_000) }
    for (number, record) in records.enumerated() { #expect(try file.append(record) == number) }
    for number in [0, 299, 17, 150, 298, 1] { #expect(try file.record(number) == records[number]) }
    file.removeAll()
    #expect(try file.append([1, 2]) == 0)
    #expect(try file.record(0) == [1, 2])
  }
}

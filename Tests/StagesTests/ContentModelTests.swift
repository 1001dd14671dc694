import Foundation
import TestSupport
import Testing

@testable import Pipeline
@testable import Stages

@Suite struct ContentModelTests {
  /// The trees give what the program that trained them gives: `Training/article.py` writes some rows with both scores.
  @Test func scoresAreThoseOfTheTraining() throws {
    let lines = try String(contentsOfFile: checkout + "/Tests/Models/article-check.txt", encoding: .utf8).split(separator: "\n")
    #expect(lines.count >= 90)
    var table = FeatureTable(rows: lines.count, columns: SecondLook.columns)
    var expected: [(first: Float, second: Float)] = []
    for (row, line) in lines.enumerated() {
      let numbers = line.split(separator: " ")
      #expect(numbers.count == SecondLook.columns + 2)
      expected.append((Float(numbers[0])!, Float(numbers[1])!))
      for (column, number) in numbers.dropFirst(2).enumerated() { table.set(column, row, Int(number)!) }
    }
    let first = ContentModel.shared.first.scores(table)
    let second = ContentModel.shared.second.scores(table)
    for (row, scores) in expected.enumerated() {
      #expect(abs(first[row] - scores.first) < 1e-4 && abs(second[row] - scores.second) < 1e-4, "row \(row)")
    }
  }

  /// A tree by hand: 0 if a <= 3 and b <= -2, 1 if a <= 3 and b > -2, 2 if a > 3.
  @Test func aTreeIsWalkedByItsConditions() throws {
    var bytes: [UInt8] = []
    func add(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
    add(UInt32(1))
    add(UInt32(2))
    for (column, threshold, remaining) in [(0, 3, 0b1111_1111_1111_1100), (1, -2, 0b1111_1111_1111_1110)] {
      add(UInt16(column))
      add(Int16(threshold))
      add(UInt16(remaining))
    }
    for leaf: Float in [0, 1, 2] { add(leaf.bitPattern) }
    var reader = ModelReader(bytes)
    let trees = try TreeEnsemble(&reader)
    #expect(reader.isAtEnd && trees.columns == 2)
    let rows = [(3, -2), (3, -1), (4, -2), (-16_383, 16_383), (16_383, -16_383), (0, -3)] + (0..<30).map { ($0, $0 - 5) }
    var table = FeatureTable(rows: rows.count, columns: 2)
    for (row, (a, b)) in rows.enumerated() {
      table.set(0, row, a)
      table.set(1, row, b)
    }
    #expect(trees.scores(table) == rows.map { a, b in a > 3 ? 2 : b > -2 ? 1 : 0 })
  }

  @Test func aFileThatIsNoModelIsRefused() throws {
    let folder = TemporaryFolder()
    folder.write("no.model", "PCM0 and so on")
    do {
      _ = try stage("article", "\"model\": \"\(folder.path)/no.model\"")
      Issue.record("it was taken")
    } catch {
      #expect("\(error)".contains("is no model of this version: the beginning"))
    }
    #expect(throws: ContentModel.Malformed.self) { try ContentModel([]) }
  }

  @Test func aModelCutShortIsRefused() throws {
    let model = try Array(Data(contentsOf: URL(fileURLWithPath: checkout + "/Sources/Stages/Article/Resources/article.model")))
    for length in [4, 100, 70_000, model.count / 2, model.count - 1] {
      #expect(throws: ContentModel.Malformed.self) { try ContentModel(Array(model.prefix(length))) }
    }
    #expect(throws: ContentModel.Malformed.self) { try ContentModel(model + [0]) }
  }

  /// The threshold is that with the greatest expected F1.
  @Test func theThresholdPromisesTheBestF1() {
    #expect(MainContent.threshold([], []) >= 0.2)
    #expect(MainContent.threshold([0.9, 0.8, 0.1], [100, 100, 100]) <= 0.7)
    var random = SeededGenerator(7)
    for _ in 0..<50 {
      let probabilities = (0..<20).map { _ in Float.random(in: 0.21...0.69, using: &random) }
      let words = (0..<20).map { _ in Int32.random(in: 1...80, using: &random) }
      func value(_ threshold: Float) -> Float {
        let kept = probabilities.indices.filter { probabilities[$0] >= threshold }
        let hits = kept.reduce(Float(0)) { $0 + probabilities[$1] * Float(words[$1]) }
        let all = zip(probabilities, words).reduce(Float(0)) { $0 + $1.0 * Float($1.1) }
        return 2 * hits / (kept.reduce(Float(0)) { $0 + Float(words[$1]) } + all)
      }
      let chosen = value(MainContent.threshold(probabilities, words))
      #expect(probabilities.allSatisfy { value($0) <= chosen + 1e-4 })
    }
  }
}

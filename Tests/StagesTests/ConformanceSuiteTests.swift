import Pipeline
import PipelineTesting
import Stages
import Testing

/// Sets sentences that reach beyond the text.
private struct FarSentences: Stage {
  static let descriptor = StageDescriptor(name: "bad", summary: "Bad.", needs: [.text])
  init(options: Options) {}

  func process(_ document: inout Document) -> Verdict {
    document.sentences = [0..<((document.text?.bytes.count ?? 0) + 1)]
    return .pass
  }
}

/// Drops for a reason that it does not describe.
private struct Whim: Stage {
  static let descriptor = StageDescriptor(name: "bad", summary: "Bad.", needs: [.text], reasons: [("known", "known")])
  init(options: Options) {}

  func process(_ document: inout Document) -> Verdict {
    for index in (document.text?.blocks ?? []).indices { document.drop(index, reason: "whim", rule: "") }
    return .drop(reason: "mood")
  }
}

/// Remembers how many documents it has seen.
private final class Forgetless: Stage, @unchecked Sendable {
  static let descriptor = StageDescriptor(name: "bad", summary: "Bad.", needs: [.text])
  private var count = 0
  init(options: Options) {}

  func process(_ document: inout Document) -> Verdict {
    count += 1
    document.setExtra("count", ExtraValue(count))
    return .pass
  }
}

/// Takes its time over long texts.
private struct Slow: Stage {
  static let descriptor = StageDescriptor(name: "bad", summary: "Bad.", needs: [.text])
  init(options: Options) {}

  func process(_ document: inout Document) -> Verdict {
    guard let bytes = document.text?.bytes, bytes.count > 900_000 else { return .pass }
    var sum = 0
    for _ in 0..<20 { for byte in bytes { sum &+= Int(byte) } }
    document.setExtra("sum", ExtraValue("\(sum)"))
    return .pass
  }
}

/// What every stage promises is kept by those that are built in, and seen where it is not.
@Suite struct ConformanceSuiteTests {
  @Test(arguments: [
    #"{"use": "article"}"#, #"{"use": "metadata", "today": "2026-01-01"}"#, #"{"use": "language"}"#, #"{"use": "normalize"}"#,
    #"{"use": "boilerplate"}"#, #"{"use": "translation-notes"}"#, #"{"use": "sentences"}"#, #"{"use": "entities"}"#,
    #"{"use": "filter", "minLength": 20}"#, #"{"use": "near-duplicates"}"#,
  ])
  func builtInStagesConform(_ stage: String) throws {
    let isFirst = stage.contains("article")
    let pipeline = #"{"stages": [\#(isFirst ? "" : #"{"use": "article"}, "#)\#(stage)]}"#
    #if DEBUG
      let largest = 50_000
    #else
      let largest = Int.max
    #endif
    #expect(try Conformance(pipeline, registry: BuiltInStages.registry).findings(largest: largest) == [])
  }

  /// A new stage has to be in the list above.
  @Test func noStageIsLeftOut() { #expect(BuiltInStages.all.count == 10) }

  private func checks(_ type: any StageType.Type, _ run: String = "{}", largest: Int = 10_000) throws -> Set<String> {
    let findings = try Conformance(#"{"stages": [{"use": "bad"}], "run": \#(run)}"#, registry: StageRegistry([type])).findings(
      largest: largest)
    #expect(findings.allSatisfy { !$0.message.isEmpty && $0.description.hasPrefix($0.check) })
    return Set(findings.map(\.check))
  }

  @Test func whatIsNotKeptIsSeen() throws {
    #expect(try checks(FarSentences.self) == ["spans"])
    #expect(try checks(Whim.self) == ["reasons"])
    #expect(try checks(Forgetless.self).isSuperset(of: ["repeatable"]))
    #expect(try checks(Slow.self, #"{"limits": {"time": "1ms"}}"#, largest: .max).contains("time"))
  }

  @Test func aStageThatIsNotThereIsNamed() throws {
    #expect(throws: Conformance.NoSuchStage.self) {
      try Conformance(#"{"stages": [{"use": "sentences"}]}"#, stage: 2, registry: BuiltInStages.registry)
    }
  }
}

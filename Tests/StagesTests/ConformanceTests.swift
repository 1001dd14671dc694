import Foundation
import TestSupport
import Testing

@testable import Pipeline
@testable import Stages

/// What every stage promises, whatever it does.
@Suite struct ConformanceTests {
  static let all = BuiltInStages.registry.names
  /// Those that look at one document alone.
  static let names = BuiltInStages.all.filter { $0 is any Stage.Type }.map { stage in stage.descriptor.name }
  private let inputs: [Document] = {
    let plain = ["", "\n", "One.", "Read more\n\nA\n\nB", "عنوان\n\nنص قصير.", "日本語。\n\n広告", String(repeating: "long word ", count: 5000)]
      .map { Document.plain($0) }
    let pages = (try! FileManager.default.contentsOfDirectory(atPath: checkout + "/samples")).filter { $0.hasSuffix(".html") }.sorted().map
    { name in
      var document = Document(id: name, source: name)
      document.content = RawContent(bytes: Array(FileManager.default.contents(atPath: checkout + "/samples/" + name)!))
      return document
    }
    return plain + pages
  }()

  private func outcome(_ stage: any Stage, _ input: Document) throws -> (Verdict, Document) {
    var document = input
    return (try stage.process(&document), document)
  }

  @Test(arguments: names) func theSameDocumentGivesTheSameVerdict(_ name: String) throws {
    let one = try stage(name)
    let other = try stage(name)
    for input in inputs {
      let (a, first) = try outcome(one, input)
      _ = try outcome(one, inputs[3])
      let (b, second) = try outcome(other, input)
      #expect(a == b && first.rendered == second.rendered && first.trail == second.trail && first.metadata == second.metadata)
      #expect(first.sentences == second.sentences && first.entities == second.entities)
    }
  }

  @Test(arguments: names) func rangesLieInTheTextOnCodePoints(_ name: String) throws {
    let article = try stage("article")
    for input in inputs {
      let (_, document) = try outcome(try stage(name), try input.after(article))
      guard let text = document.text else { continue }
      #expect(UTF8Text.isValid(text.bytes))
      func isBoundary(_ offset: Int) -> Bool { offset == text.bytes.count || text.bytes[offset] & 0xC0 != 0x80 }
      let ranges = text.blocks.map(\.range) + (document.sentences ?? []) + (document.entities ?? []).map(\.range)
      for range in ranges {
        #expect(range.upperBound <= text.bytes.count && isBoundary(range.lowerBound) && isBoundary(range.upperBound))
      }
    }
  }

  @Test(arguments: names) func reasonsAreAmongThoseDescribed(_ name: String) throws {
    let type = try #require(BuiltInStages.registry.stage(named: name))
    let known = Set(type.descriptor.reasons.map(\.name))
    for input in inputs {
      var document = try name == "article" ? input : input.after(try stage("article"))
      let before = document.trail.count
      _ = try stage(name).process(&document)
      for entry in document.trail.dropFirst(before) {
        #expect(known.contains(entry.reason), "\(name): \(entry.reason)")
        #expect(!entry.rule.isEmpty)
      }
    }
  }

  @Test(arguments: all) func theDescriptorIsComplete(_ name: String) throws {
    let descriptor = try #require(BuiltInStages.registry.stage(named: name)).descriptor
    #expect(descriptor.name == descriptor.name.lowercased() && descriptor.summary.hasSuffix("."))
    for option in descriptor.options {
      #expect(option.documentation.hasSuffix("."), "\(name).\(option.name)")
      #expect(option.documentation.count > 15)
    }
    let text = StageDescription(descriptor).text
    #expect(descriptor.options.allSatisfy { text.contains("\"\($0.name)\"") })
  }

  /// What a stage drops is in the trail with the very text.
  @Test(arguments: ["boilerplate", "translation-notes"]) func droppedTextIsInTheTrail(_ name: String) throws {
    for input in inputs {
      let before = try input.after(try stage("article"))
      let (_, after) = try outcome(try stage(name), before)
      guard let kept = before.text?.blocks, let left = after.text?.blocks else { continue }
      let gone = zip(kept, left).filter { $0.isKept && !$1.isKept }.map { before.text!.string($0.0.range) }
      #expect(gone == after.trail.dropFirst(before.trail.count).filter { !$0.kept }.map(\.text))
    }
  }
}

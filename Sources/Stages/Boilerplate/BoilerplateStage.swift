import CModels
import Pipeline

/// Removes the lines around an article that are not the journalist's: teasers, captions, prompts, bylines.
public struct BoilerplateStage: Stage {
  public static let descriptor = StageDescriptor(
    name: "boilerplate",
    summary: "Removes teasers, captions, prompts, share bars, bylines, tags, legal lines and repeats from pages and plain text.",
    options: BoilerplateKind.allCases.map {
      OptionDescriptor(
        $0.rawValue, .choice(Action.allCases.map(\.rawValue)), default: .text("drop"),
        "What happens to \(meaning(of: $0)): `drop`, `keep`, or `mark` (kept, and listed in `removed` with \"kept\": true).")
    } + OwnRules.options,
    needs: [.text],
    reasons: BoilerplateKind.allCases.map { ($0.rawValue, meaning(of: $0)) })

  enum Action: String, CaseIterable, Sendable {
    case drop, keep, mark
  }

  private let actions: [BoilerplateKind: Action]
  /// With what a user adds; nil for the embedded ones alone.
  private let ownRules: BoilerplateRules?
  private var rules: BoilerplateRules { ownRules ?? .shared }
  private let patterns: PatternSet

  public init(options: Options) throws {
    actions = Dictionary(
      uniqueKeysWithValues: BoilerplateKind.allCases.map { ($0, Action(rawValue: options.text($0.rawValue) ?? "") ?? .drop) })
    let own = try OwnRules.lists(options)
    ownRules = own.isEmpty ? nil : BoilerplateRules(WordList.all(cmodels_boilerplate) + own)
    patterns = try PatternSet(options.texts("patterns"), option: "patterns")
  }

  public func warmUp() { _ = rules }

  public func process(_ document: inout Document) throws -> Verdict {
    guard let text = document.text else { return .pass }
    let findings = LineFindings(text, rules, patterns, language: document.metadata.primaryLanguage)
    for index in text.blocks.indices {
      guard let finding = findings[index] else { continue }
      switch actions[finding.kind] ?? .drop {
      case .drop: document.drop(index, reason: finding.kind.rawValue, rule: finding.rule)
      case .mark: document.mark(index, reason: finding.kind.rawValue, rule: finding.rule)
      case .keep: break
      }
    }
    for part in findings.parts where findings[part.block] == nil {
      switch actions[part.finding.kind] ?? .drop {
      case .drop: document.cut(part.range, from: part.block, reason: part.finding.kind.rawValue, rule: part.finding.rule)
      case .mark: document.mark(part.block, part.range, reason: part.finding.kind.rawValue, rule: part.finding.rule)
      case .keep: break
      }
    }
    return .pass
  }

  private static func meaning(of kind: BoilerplateKind) -> String {
    switch kind {
    case .related: "\"Read more\" labels and the headlines that belong to them"
    case .caption: "captions and photo credits"
    case .promo: "newsletter, app, subscription and donation prompts"
    case .share: "share bars, comment counts and reading times"
    case .ad: "advertising labels"
    case .byline: "bylines, credits of reporters, their biographies, and publication times that stand alone"
    case .tags: "lists of tags and topics"
    case .legal: "copyright and cookie notices"
    case .repeat: "paragraphs and captions that the same document had before"
    case .custom: "lines of your own lists"
    }
  }
}

extension Document {
  /// Cuts boilerplate off one end of a block, with the white space between it and the rest.
  fileprivate mutating func cut(_ range: Range<Int>, from index: Int, reason: String, rule: String) {
    guard let text, text.blocks[index].isKept else { return }
    var rest = text.blocks[index].range
    // What was cut off before may hold it already.
    guard range.overlaps(rest) else { return }
    if range.lowerBound <= rest.lowerBound {
      rest = range.upperBound..<rest.upperBound
    } else {
      var end = range.lowerBound
      while end > rest.lowerBound, UTF8Text.isSpace(text.bytes[end - 1]) { end -= 1 }
      rest = rest.lowerBound..<end
    }
    trim(index, to: rest, reason: reason, rule: rule)
  }
}

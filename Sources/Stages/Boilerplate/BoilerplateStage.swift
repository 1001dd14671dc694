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
    } + OwnRules.options + siteOptions,
    needs: [.text],
    reasons: BoilerplateKind.allCases.map { ($0.rawValue, meaning(of: $0)) })

  /// What is about repeats on a site.
  static let siteOptions = [
    OptionDescriptor("profile", .file, "What `pipe learn` has counted on the sites: lines go that their other pages have too."),
    OptionDescriptor(
      "profileDocuments", .integer(2...SiteSample.mostPages), default: .integer(10),
      "With `profile`: on how many pages of its site, in different stories, a line stands that goes."),
    OptionDescriptor(
      "profileShare", .number(0.01...1), default: .number(0.5),
      "With `profile`: on which share of the pages of its site, and on three at least, a line stands that goes too."),
    OptionDescriptor(
      "acrossSites", .integer(0...1000), default: .integer(0),
      "With `profile`: on how many sites, in different stories, a paragraph stands that goes; 0 for none. The profile must have counted them: `pipe learn --across-sites`."
    ),
    OptionDescriptor(
      "siteLines", .file,
      "Lines that you have decided on, one a line of a file: `keep` or `drop`, the site or `*`, and the line as it stands there."),
  ]

  enum Action: String, CaseIterable, Sendable {
    case drop, keep, mark
  }

  private let actions: [BoilerplateKind: Action]
  /// With what a user adds; nil for the embedded ones alone.
  private let ownRules: BoilerplateRules?
  private var rules: BoilerplateRules { ownRules ?? .shared }
  private let patterns: PatternSet
  private let repeatedLines: RepeatedLines
  /// The path of the profile; nil for none.
  let profile: String?
  var looksAcrossSites: Bool { repeatedLines.acrossSites > 0 }

  public init(options: Options) throws {
    actions = Dictionary(
      uniqueKeysWithValues: BoilerplateKind.allCases.map { ($0, Action(rawValue: options.text($0.rawValue) ?? "") ?? .drop) })
    let own = try OwnRules.lists(options)
    ownRules = own.isEmpty ? nil : BoilerplateRules(WordList.all(cmodels_boilerplate) + own)
    patterns = try PatternSet(options.texts("patterns"), option: "patterns")
    profile = options.text("profile")
    repeatedLines = try RepeatedLines(
      profile: profile, verdicts: try Self.verdicts(options), documents: options.int("profileDocuments") ?? 10,
      share: options.number("profileShare") ?? 0.5, acrossSites: options.int("acrossSites") ?? 0)
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
    let action = actions[.site] ?? .drop
    if action != .keep {
      for (block, rule) in repeatedLines.find(document) {
        if action == .drop {
          document.drop(block, reason: BoilerplateKind.site.rawValue, rule: rule)
        } else {
          document.mark(block, reason: BoilerplateKind.site.rawValue, rule: rule)
        }
      }
    }
    return .pass
  }

  private static func verdicts(_ options: Options) throws -> LineVerdicts {
    guard let path = options.text("siteLines") else { return LineVerdicts() }
    do {
      return try LineVerdicts(String(decoding: try TextFile.read(path), as: UTF8.self), name: path)
    } catch let error as IOError {
      throw OptionProblem("siteLines", "\(error)")
    }
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
    case .site: "lines that other pages of the site, or other sites, have too, by `profile` and `siteLines`"
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

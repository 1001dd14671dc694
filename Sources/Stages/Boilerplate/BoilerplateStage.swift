import Pipeline

/// Removes the lines around an article that are not the journalist's: teasers, captions, prompts, bylines.
public struct BoilerplateStage: Stage {
  public static let descriptor = StageDescriptor(
    name: "boilerplate",
    summary: "Removes teasers, captions, prompts, share bars, bylines, tags and legal lines from pages and plain text.",
    options: BoilerplateKind.allCases.map {
      OptionDescriptor(
        $0.rawValue, .choice(Action.allCases.map(\.rawValue)), default: .text("drop"),
        "What happens to \(meaning(of: $0)): `drop`, `keep`, or `mark` (kept, and listed in `removed` with \"kept\": true).")
    },
    needs: [.text],
    reasons: BoilerplateKind.allCases.map { ($0.rawValue, meaning(of: $0)) })

  enum Action: String, CaseIterable, Sendable {
    case drop, keep, mark
  }

  private let actions: [BoilerplateKind: Action]

  public init(options: Options) {
    actions = Dictionary(
      uniqueKeysWithValues: BoilerplateKind.allCases.map { ($0, Action(rawValue: options.text($0.rawValue) ?? "") ?? .drop) })
  }

  public func process(_ document: inout Document) throws -> Verdict {
    guard let text = document.text else { return .pass }
    let judge = LineJudge()
    var list = TeaserList()
    var isFirst = true
    for (index, block) in text.blocks.enumerated() where block.isKept && !block.range.isEmpty {
      defer { isFirst = false }
      let finding: LineJudge.Finding?
      if block.kind == .caption {
        finding = LineJudge.Finding(kind: .caption, rule: "caption-of-figure")
      } else if block.kind == .tableRow || block.kind == .preformatted {
        finding = nil
      } else {
        // A page's headline is a heading; plain text begins with it.
        let isHeadline = block.kind == .heading || isFirst && block.origin == nil
        let own = text.withBytes(of: block) { judge.judge($0, isHeadline: isHeadline) }
        finding = list.continues(with: own, block: block, in: text)
      }
      guard let finding else { continue }
      switch actions[finding.kind] ?? .drop {
      case .drop: document.drop(index, reason: finding.kind.rawValue, rule: finding.rule)
      case .mark: document.mark(index, reason: finding.kind.rawValue, rule: finding.rule)
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
    case .byline: "bylines, credits of reporters and publication times that stand alone"
    case .tags: "lists of tags and topics"
    case .legal: "copyright and cookie notices"
    }
  }
}

/// Follows the headlines behind a "Read more" label: where they end is decided by their shape.
struct TeaserList {
  /// No site lists more under one label within an article.
  private static let mostTeasers = 10
  /// Headlines are shorter, in bytes and words.
  private static let longestHeadline = 180
  private static let mostHeadlineWords = 22

  private var left = 0
  private var kindBefore: BlockKind?

  /// What a block is, given what it is by itself and what stood before it.
  mutating func continues(with own: LineJudge.Finding?, block: Block, in text: BlockText) -> LineJudge.Finding? {
    if let own {
      if own.opensList { left = Self.mostTeasers } else if own.kind != .related { left = left > 0 ? left : 0 }
      return own
    }
    guard left > 0, isHeadline(block, in: text) else {
      left = 0
      return nil
    }
    left -= 1
    return LineJudge.Finding(kind: .related, rule: "headline-in-list")
  }

  /// A line that is no sentence; on pages, where links are known, it must be one.
  private func isHeadline(_ block: Block, in text: BlockText) -> Bool {
    guard block.range.count <= Self.longestHeadline else { return false }
    if block.origin != nil, !block.isLinks { return false }
    let line = text.withBytes(of: block) { FoldedLine($0) }
    if line.wordCount > Self.mostHeadlineWords || line.wordCount < 2 && block.origin == nil { return false }
    return block.isLinks || !line.bytes.hasSentenceEnd
  }
}

extension [UInt8] {
  /// Whether folded bytes end with a full stop or its like; a question mark may end a headline.
  fileprivate var hasSentenceEnd: Bool {
    withUnsafeBufferPointer { bytes in
      var end = bytes.count
      while end > 0 {
        let (value, length) = UTF8Text.scalar(before: end, in: bytes)
        if [0x22, 0x27, 0xBB, 0x29].contains(value) {
          end -= length
          continue
        }
        return [0x2E, 0x21, 0x3A, 0x3B, 0x2026, 0x3002, 0xFF01, 0x06D4, 0x0964].contains(value)
      }
      return false
    }
  }
}

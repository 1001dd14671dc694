import Pipeline

/// Removes notices that a text is a translation, and switches to its other languages.
public struct TranslationNotesStage: Stage {
  public static let descriptor = StageDescriptor(
    name: "translation-notes",
    summary: "Removes notices of machine translation, translators' credits and language switches that stand alone.",
    options: [
      OptionDescriptor(
        "action", .choice(["drop", "keep", "mark", "metadata"]), default: .text("drop"),
        "What happens to a notice: `drop`, `keep`, `mark` (kept, and listed in `removed`), or `metadata` (dropped, and told in `translation`)."
      )
    ],
    needs: [.text],
    reasons: [("translation-note", "a notice about the translation of the page")])

  private let action: String

  public init(options: Options) {
    action = options.text("action") ?? "drop"
  }

  public func warmUp() { _ = NoticeRules.shared }

  public func process(_ document: inout Document) throws -> Verdict {
    guard action != "keep", let text = document.text else { return .pass }
    var judge = NoticeJudge(language: document.metadata.primaryLanguage)
    var isFirst = true
    for (index, block) in text.blocks.enumerated() where block.isKept && !block.range.isEmpty {
      defer { isFirst = false }
      let isHeadline = block.kind == .heading || isFirst && block.origin == nil
      guard let notice = text.withBytes(of: block, { judge.judge($0, isHeadline: isHeadline) }) else { continue }
      if action == "mark" {
        document.mark(index, reason: "translation-note", rule: notice.rule)
      } else {
        document.drop(index, reason: "translation-note", rule: notice.rule)
      }
      if action == "metadata" { document.metadata.addTranslation(notice.translation) }
    }
    return .pass
  }
}

extension Metadata {
  /// Puts what several notices of one page tell together.
  fileprivate mutating func addTranslation(_ found: TranslationNote) {
    guard var known = translation else {
      translation = found
      return
    }
    known.machine = known.machine || found.machine
    known.from = known.from ?? found.from
    known.by = known.by ?? found.by
    known.note += "\n" + found.note
    translation = known
  }
}

import Pipeline

/// Identifies the language of the text, and drops documents in languages that are not wanted.
public struct LanguageStage: Stage {
  public static let descriptor = StageDescriptor(
    name: "language",
    summary: "Identifies the language of the text, whatever the page says, and drops documents by language.",
    options: [
      OptionDescriptor(
        "keep", .texts,
        "Languages that pass, such as [\"en\", \"pt-br\"]; a tag without script or region stands for all of its language, and a document without a known language does not pass."
      ),
      OptionDescriptor(
        "drop", .texts, "Languages that do not pass; a document without a known language does. Not together with `keep`."),
    ],
    needs: [.text], provides: [.language],
    reasons: [
      ("language", "the text is not in the language that the page says, or the document is in one that is not wanted"),
      ("language-unknown", "no language is known, where \"keep\" says which pass"),
    ])

  private let kept: [LanguageTag]
  private let dropped: [LanguageTag]

  public init(options: Options) throws {
    var problems: [OptionProblem] = []
    func tags(_ option: String) -> [LanguageTag] {
      options.texts(option).enumerated().compactMap { index, text in
        if let tag = LanguageTag(text), tag.variants.isEmpty { return tag }
        problems.append(OptionProblem(option, at: [String(index)], LanguageNames.objection(to: text)))
        return nil
      }
    }
    kept = tags("keep")
    dropped = tags("drop")
    if !options.texts("keep").isEmpty, !options.texts("drop").isEmpty {
      problems.append(OptionProblem("drop", "\"keep\" and \"drop\" cannot both be given: what is not kept is dropped"))
    }
    guard problems.isEmpty else { throw OptionProblems(problems) }
  }

  public func process(_ document: inout Document) throws -> Verdict {
    guard let text = document.text else { return .pass }
    let said = Self.tag(saidBy: document)
    let host = (document.metadata.url ?? document.metadata.canonical).flatMap(WebHost.of)
    if let found = LanguageDetector.language(of: text, said: said, host: host) {
      if let said, !said.agrees(with: found) { document.remark(reason: "language", rule: "page-says-\(said)-text-is-\(found)") }
      document.metadata.language = "\(said?.corrected(by: found) ?? found)"
    } else if let said {
      document.metadata.language = "\(said)"
    }
    return verdict(document.metadata.language.flatMap { LanguageTag(page: $0) })
  }

  private func verdict(_ language: LanguageTag?) -> Verdict {
    guard let language else { return kept.isEmpty ? .pass : .drop(reason: "language-unknown") }
    if !kept.isEmpty, !kept.contains(where: { $0.includes(language) }) { return .drop(reason: "language") }
    return dropped.contains { $0.includes(language) } ? .drop(reason: "language") : .pass
  }

  /// What the record or the page says its language is; nil where it says nothing that makes sense. A page that was freed is not parsed
  /// again for it: a `metadata` stage before this one has read it.
  private static func tag(saidBy document: Document) -> LanguageTag? {
    let said = document.metadata.language ?? document.existingAttachment(Page.self).flatMap { PageFacts($0).language }
    return said.flatMap { LanguageTag(page: $0) }
  }
}

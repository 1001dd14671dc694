import Pipeline

/// Marks the sentences of the text.
public struct SentencesStage: Stage {
  public static let descriptor = StageDescriptor(
    name: "sentences",
    summary: "Marks sentences; no sentence crosses a block.",
    options: [
      OptionDescriptor(
        "language", .text, "The language of all texts, such as `de`; when absent each document's own, else English rules.")
    ],
    needs: [.text], provides: [.sentences])

  private let language: String?

  public init(options: Options) {
    language = options.text("language")
  }

  public func process(_ document: inout Document) throws -> Verdict {
    guard let text = document.text else { return .pass }
    let splitter = SentenceSplitter(language: language ?? document.metadata.primaryLanguage)
    var sentences: [Range<Int>] = []
    for block in text.blocks where block.isKept {
      let start = block.range.lowerBound
      text.withBytes(of: block) { bytes in
        for range in splitter.split(bytes) { sentences.append((start + range.lowerBound)..<(start + range.upperBound)) }
      }
    }
    document.sentences = sentences
    return .pass
  }
}

import Pipeline

/// Drops documents that are under embargo: their text says so in its first block.
struct Embargo: Stage {
  static let descriptor = StageDescriptor(
    name: "embargo", summary: "Drops documents whose first block says that they are under embargo.",
    options: [
      OptionDescriptor("word", .text, default: .text("EMBARGO"), "The word that says so.")
    ], needs: [.text], reasons: [("embargo", "the first block has the word")])

  private let word: [UInt8]

  init(options: Options) throws {
    word = Array((options.text("word") ?? "").utf8)
    if word.isEmpty { throw OptionProblem("word", "an empty word is in every text") }
  }

  func process(_ document: inout Document) -> Verdict {
    guard let text = document.text, let first = text.blocks.first(where: \.isKept) else { return .pass }
    return text.bytes[first.range].firstRange(of: word) == nil ? .pass : .drop(reason: "embargo")
  }
}

import CModels
import Pipeline

/// Marks the sentences of the text, or gives each a line of its own.
public struct SentencesStage: Stage {
  public static let descriptor = StageDescriptor(
    name: "sentences",
    summary: "Marks sentences; no sentence crosses a block.",
    options: [
      OptionDescriptor(
        "language", .text,
        "The language of all texts, such as `de`; when absent each document's own, else the one that its script is most used for."),
      OptionDescriptor(
        "quotations", .choice(SentenceSplitter.Quotations.allCases.map(\.rawValue)), default: .text("split"),
        "What becomes of a quotation of several sentences: each is a sentence, or it is kept whole."),
      OptionDescriptor(
        "minLength", .integer(0...10_000), default: .integer(0),
        "A sentence of fewer characters is joined to the next one of its block, the last to the one before."),
      OptionDescriptor(
        "emit", .choice(["offsets", "lines"]), default: .text("offsets"),
        "Whether the text stays as it is, or is written anew with each sentence on a line of its own; sentences are marked in both."),
      OptionDescriptor(
        "model", .file, "A model of your own, as `Training/sentences.py` writes it, instead of the one that comes with the program."),
    ],
    needs: [.text], provides: [.sentences])

  private let language: String?
  private let quotations: SentenceSplitter.Quotations
  private let minimumLength: Int
  private let emitsLines: Bool
  private let model: SentenceModel

  public init(options: Options) throws {
    language = options.text("language")
    quotations = options.text("quotations").flatMap(SentenceSplitter.Quotations.init) ?? .split
    minimumLength = options.int("minLength") ?? 0
    emitsLines = options.text("emit") == "lines"
    do {
      model = try options.text("model").map { try SentenceModel(TextFile.read($0)) } ?? .shared
    } catch {
      throw OptionProblem("model", "\(options.text("model") ?? "") \(error)")
    }
  }

  public func warmUp() {
    _ = SentenceSplitter(language: language, quotations: quotations, minimumLength: minimumLength, model: model).split(
      "Lists are made now. “Are they?” 是。")
  }

  public func process(_ document: inout Document) throws -> Verdict {
    guard let text = document.text else { return .pass }
    let splitter = SentenceSplitter(
      language: language ?? document.metadata.primaryLanguage ?? text.bytes.withUnsafeBufferPointer(TextScript.usualLanguage)
        ?? "en",
      quotations: quotations,
      minimumLength: minimumLength, model: model)
    var sentences: [[Range<Int>]] = []
    for block in text.blocks where block.isKept { sentences.append(text.withBytes(of: block, splitter.split)) }
    if emitsLines {
      SentenceLines(text, sentences).apply(to: &document)
    } else {
      let starts = text.blocks.lazy.filter(\.isKept).map(\.range.lowerBound)
      document.sentences = zip(starts, sentences).flatMap { start, ranges in
        ranges.map { (start + $0.lowerBound)..<(start + $0.upperBound) }
      }
    }
    return .pass
  }
}

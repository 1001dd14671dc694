import Pipeline

/// Drops documents that are too short or long, in other languages, or without fields that are needed.
public struct FilterStage: Stage {
  public static let descriptor = StageDescriptor(
    name: "filter",
    summary: "Drops documents by length, language and missing fields; each drop is counted and named in the rejects.",
    options: [
      OptionDescriptor("minLength", .integer(0...Int.max), default: .integer(0), "The shortest text that passes, in code points."),
      OptionDescriptor("maxLength", .integer(1...Int.max), "The longest text that passes, in code points."),
      OptionDescriptor(
        "languages", .texts, "Languages that pass, such as [\"en\", \"pt\"]; a document without a known language does not."),
      OptionDescriptor("require", .choices(FilterStage.fields.map(\.name)), "Fields without which a document is dropped."),
    ],
    needs: [.text],
    reasons: [
      ("too-short", "the text is shorter than \"minLength\""), ("too-long", "the text is longer than \"maxLength\""),
      ("language", "the language is not among \"languages\""), ("missing-FIELD", "a field of \"require\" is empty"),
    ])

  private static let fields: [(name: String, isPresent: @Sendable (Metadata) -> Bool)] = [
    ("title", { $0.title?.isEmpty == false }), ("url", { $0.url?.isEmpty == false }), ("canonical", { $0.canonical?.isEmpty == false }),
    ("authors", { !$0.authors.isEmpty }), ("published", { $0.published?.isEmpty == false }),
    ("language", { $0.language?.isEmpty == false }), ("siteName", { $0.siteName?.isEmpty == false }),
    ("description", { $0.description?.isEmpty == false }), ("image", { $0.image?.isEmpty == false }),
  ]

  private let minLength: Int
  private let maxLength: Int
  private let languages: [String]
  private let required: [String]

  public init(options: Options) throws {
    minLength = options.int("minLength") ?? 0
    maxLength = options.int("maxLength") ?? Int.max
    languages = options.texts("languages").map { $0.lowercased() }
    required = options.texts("require")
    if minLength > maxLength { throw OptionProblem("minLength", "\"minLength\" is larger than \"maxLength\": nothing would pass") }
  }

  public func process(_ document: inout Document) throws -> Verdict {
    guard let text = document.text else { return .pass }
    let length = RenderedText(text).bytes.count { $0 & 0xC0 != 0x80 }
    if length < minLength { return .drop(reason: "too-short") }
    if length > maxLength { return .drop(reason: "too-long") }
    if !languages.isEmpty {
      let language = document.metadata.language ?? ""
      if !languages.contains(language), !languages.contains(document.metadata.primaryLanguage ?? "") { return .drop(reason: "language") }
    }
    for (name, isPresent) in Self.fields where required.contains(name) && !isPresent(document.metadata) {
      return .drop(reason: "missing-\(name)")
    }
    return .pass
  }
}

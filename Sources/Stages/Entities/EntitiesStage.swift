import Pipeline

/// Tags names from lists, by patterns and with a trained model.
public struct EntitiesStage: Stage {
  public static let descriptor = StageDescriptor(
    name: "entities",
    summary: "Tags names of persons, organisations and places, names from lists, and what patterns describe; the text is not changed.",
    options: [
      OptionDescriptor(
        "tagger", .boolean, default: .boolean(true),
        "Whether a trained model tags persons (PER), organisations (ORG) and places (LOC) in texts of its language."),
      OptionDescriptor(
        "model", .file,
        "A model of your own, as `Training/entities.py` writes it, instead of the one that comes with the program, which is for English."),
      OptionDescriptor(
        "minScore", .number(0...1), default: .number(0), "Names that the model holds less likely than this are left out."),
      OptionDescriptor(
        "lists", .files,
        "Lists of names of your own: lines of NAME, tab, LABEL and optionally tab, IDENTIFIER (a line with # and no tab is a comment); or, in .jsonl files, objects with `name`, `label` and `id`. They win over all else, the first over the others."
      ),
      OptionDescriptor(
        "case", .choice(EntityTagger.Case.allCases.map(\.rawValue)), default: .text("smart"),
        "How capitals count in lists: as they are written there, also in capitals throughout, or not at all."),
      OptionDescriptor(
        "builtin", .boolean, default: .boolean(true),
        "Whether the built-in list of countries, cities and large organisations is used: for identifiers of what the model finds, and for names where no model reads: in other languages, and without `tagger`."
      ),
      OptionDescriptor(
        "patterns", .names,
        "Regular expressions of RE2 by label, such as {\"CASE\": \"[A-Z]+-\\\\d+\"}; where one has groups, the first is the entity. They win over the model."
      ),
      OptionDescriptor(
        "recognize", .choices(EntityTagger.Pattern.allCases.map(\.rawValue)),
        "Patterns that come with the program. They win over the model."),
      OptionDescriptor(
        "mentions", .boolean, default: .boolean(false),
        "Whether the output also groups entities by the name that they mention, such as all of one person's."),
      OptionDescriptor(
        "language", .text,
        "The language of all texts, such as `en`; when absent each document's own, else the one that its text is found to be in."),
    ],
    needs: [.text], provides: [.entities],
    reasons: [("no-model", "the model does not know the language, which is named; lists and patterns were used")])

  private let tagger: EntityTagger
  private let language: String?

  public init(options: Options) throws {
    if let tag = options.text("language") {
      language = EntityTagger.primary(tag)
      if language == nil || LanguageTag(tag.replacing("_", with: "-")) == nil {
        throw OptionProblem("language", "\"\(tag)\" is no language, such as \"en\"")
      }
    } else {
      language = nil
    }
    let model: EntityTagger.Model =
      if !options.bool("tagger") { .none } else if let path = options.text("model") { .file(path) } else { .builtIn }
    if !options.bool("tagger"), options.text("model") != nil {
      throw OptionProblem("model", "\"tagger\" is false, so that no model is used")
    }
    tagger = try EntityTagger(
      model: model, lists: options.texts("lists"), casing: options.text("case").flatMap(EntityTagger.Case.init) ?? .smart,
      usesBuiltInList: options.bool("builtin"), patterns: options.mapping("patterns").compactMapValues(\.first),
      recognize: Set(options.texts("recognize").compactMap(EntityTagger.Pattern.init)), leastScore: options.number("minScore") ?? 0,
      grouping: options.bool("mentions"))
  }

  /// Entities that were there before stay; others are added where there were none.
  private static func adding(_ found: [Entity], to earlier: [Entity]) -> [Entity] {
    var end = 0
    var known = earlier[...]
    let free = found.filter { entity in
      while let first = known.first, first.range.lowerBound < entity.range.upperBound {
        end = max(end, first.range.upperBound)
        known.removeFirst()
      }
      return end <= entity.range.lowerBound
    }
    return (earlier + free).enumerated().sorted { ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset) }.map(
      \.element)
  }

  public func warmUp() { _ = tagger.entities(in: "Tables are made now.") }

  public func process(_ document: inout Document) throws -> Verdict {
    guard let text = document.text else { return .pass }
    let blocks = text.blocks.lazy.filter(\.isKept).map(\.range)
    var usesModel = false
    if let needed = tagger.language {
      let found =
        language ?? EntityTagger.primary(document.metadata.language) ?? LanguageDetector.language(of: text, said: nil, host: nil)?.language
      // A text too short to tell is taken for one in the model's language.
      usesModel = found == nil || found == needed
      if !usesModel, let found, !blocks.allSatisfy(\.isEmpty) { document.note(reason: "no-model", rule: found) }
    }
    let found = text.bytes.withUnsafeBufferPointer { tagger.entities(in: $0, blocks: blocks, usesModel: usesModel) }
    document.entities = document.entities.map { Self.adding(found, to: $0) } ?? found
    return .pass
  }
}

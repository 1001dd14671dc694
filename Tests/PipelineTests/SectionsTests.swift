import Testing

@testable import Pipeline

/// A stage with an object of objects, and objections to what is in them.
private struct Shelved: Stage {
  static let descriptor = StageDescriptor(
    name: "shelved", summary: "Has shelves.",
    options: [
      OptionDescriptor(
        "shelves",
        .sections([
          OptionDescriptor("books", .texts, "What stands on it."),
          OptionDescriptor("height", .integer(1...9), default: .integer(4), "How high."),
        ]), "Shelves by name."),
      OptionDescriptor("flag", .boolean, default: .boolean(false), "A flag."),
    ])

  let options: Options

  init(options: Options) throws {
    self.options = options
    var problems: [OptionProblem] = []
    for (name, shelf) in options.sections("shelves").sorted(by: { $0.key < $1.key }) {
      for (index, book) in shelf.texts("books").enumerated() where book.hasPrefix("bad") {
        problems.append(OptionProblem("shelves", at: [name, "books", String(index)], "\(book) is bad"))
      }
      if shelf.int("height") == 7 { problems.append(OptionProblem("shelves", at: [name, "width", "9"], "too high")) }
    }
    if options.bool("flag") { throw OptionProblem("flag", "no flags") }
    if problems.count == 1 { throw problems[0] }
    if !problems.isEmpty { throw OptionProblems(problems) }
  }

  func process(_ document: inout Document) throws -> Verdict { .pass }
}

@Suite struct SectionsTests {
  private let registry = StageRegistry([Shelved.self])

  private func load(_ text: String) throws -> Configuration {
    try Configuration.load(bytes: Array(text.utf8), path: "p.json", folder: "", registry: registry)
  }

  private func errors(_ options: String) -> [String] {
    let errors = #expect(throws: ConfigurationErrors.self) { try load("{\"stages\": [{\"use\": \"shelved\", \(options)}]}") }
    return errors?.errors.map(\.description) ?? []
  }

  @Test func eachSectionHasAllItsOptions() throws {
    let stage = try load(#"{"stages": [{"use": "shelved", "shelves": {"a/b": {"books": ["x"]}, "c": {"height": 2}, "": {}}}]}"#).stages[0]
      .stage
    let shelves = try #require(stage as? Shelved).options.sections("shelves")
    #expect(shelves.keys.sorted() == ["", "a/b", "c"])
    #expect(shelves["a/b"]?.texts("books") == ["x"] && shelves["a/b"]?.int("height") == 4 && shelves["c"]?.int("height") == 2)
    let without = try load(#"{"stages": [{"use": "shelved"}]}"#).stages[0].stage
    #expect(try #require(without as? Shelved).options.sections("shelves").isEmpty)
  }

  @Test func theDecoderLooksIntoEachSection() {
    #expect(
      errors(#""shelves": {"a": {"hieght": 1}, "b/c": {"height": 12}, "d": 3, "e": {"books": ["x", 1]}}"#) == [
        #"p.json:1:50: /stages/0/shelves/a/hieght: unknown key (did you mean "height"?)"#,
        #"p.json:1:82: /stages/0/shelves/b~1c/height: expected a whole number from 1 to 9, found 12"#,
        #"p.json:1:92: /stages/0/shelves/d: expected an object, found 3"#,
        #"p.json:1:116: /stages/0/shelves/e/books/1: expected a string, found 1"#,
      ])
  }

  @Test func aStagesObjectionsStandAtTheValueTheyAreAbout() {
    #expect(
      errors(#""shelves": {"a/b": {"books": ["x", "bad y"]}}"#) == [
        "p.json:1:67: /stages/0/shelves/a~1b/books/1: bad y is bad"
      ])
    #expect(
      errors(#""shelves": {"a": {"books": ["bad x", "bad y"]}, "b": {"height": 7}, "c": {"height": 0}}"#) == [
        "p.json:1:60: /stages/0/shelves/a/books/0: bad x is bad", "p.json:1:69: /stages/0/shelves/a/books/1: bad y is bad",
        // As far as the path leads.
        "p.json:1:85: /stages/0/shelves/b: too high",
        "p.json:1:116: /stages/0/shelves/c/height: expected a whole number from 1 to 9, found 0",
      ])
    #expect(errors(#""shelves": {}, "flag": true"#) == ["p.json:1:55: /stages/0/flag: no flags"])
    // What the decoder has said is not said again.
    #expect(errors(#""shelves": {"a": {"books": ["bad x"], "height": 7}}, "flag": 1"#).count == 3)
  }

  @Test func sectionsAreDescribed() throws {
    let descriptor = Shelved.descriptor
    #expect(
      StageDescription(descriptor).text.contains(
        """
          "shelves": an object of objects
              Shelves by name.
              "books": an array of strings
                  What stands on it.
              "height": a whole number from 1 to 9, default 4
                  How high.
          "flag": true or false, default false
        """))
    #expect(
      StageDescription(descriptor).markdown.contains(
        """
        | `shelves` | an object of objects |  | Shelves by name. |
        | `shelves.KEY.books` | an array of strings |  | What stands on it. |
        | `shelves.KEY.height` | a whole number from 1 to 9 | `4` | How high. |
        | `flag` | true or false | `false` | A flag. |
        """))
    let schema = Schema.pipeline(registry)
    #expect(schema.contains("\"additionalProperties\": {\n                  \"type\": \"object\",\n"))
    #expect(schema.contains("\"books\": {"))
  }
}

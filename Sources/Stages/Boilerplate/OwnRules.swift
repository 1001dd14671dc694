import Pipeline

/// Lines, words and lists of a user's own.
enum OwnRules {
  static let options = [
    OptionDescriptor(
      "lines", .texts, "Lines of your own that go, whatever their case; marks, counts and arrows around them do not matter."),
    OptionDescriptor(
      "words", .texts, "Words or phrases of your own: a line of up to 600 bytes that holds one goes, but not the headline."),
    OptionDescriptor(
      "patterns", .texts,
      "Regular expressions of RE2 (linear in time, no look-around); a block in which one is found goes, such as \"^Filed under \"."),
    OptionDescriptor(
      "lists", .files,
      "Lists of your own in the form of the built-in ones: a section such as [related.line], [promo.any] or [custom.start], then an entry a line."
    ),
  ]

  /// The lists that options give.
  /// - Throws: `OptionProblem` for a file that cannot be read or is no list.
  static func lists(_ options: Options) throws -> [WordList] {
    var lists: [WordList] = []
    let direct = [("custom.line", options.texts("lines")), ("custom.any", options.texts("words"))].filter { !$0.1.isEmpty }
    if !direct.isEmpty { lists.append(WordList(name: "options", sections: direct.map { (name: $0.0, entries: $0.1) })) }
    for path in options.texts("lists") {
      var list = WordList(name: path.split(separator: "/").last.map(String.init) ?? path)
      do {
        try TextFile.read(path).withUnsafeBufferPointer { list.read($0) }
      } catch {
        throw OptionProblem("lists", "\(error)")
      }
      if let wrong = list.sections.first(where: { $0.name != "byline.date" && BoilerplateRules.meaning(ofSection: $0.name) == nil }) {
        throw OptionProblem(
          "lists",
          wrong.name.isEmpty
            ? "\(path): an entry stands before the first section, such as [custom.line]"
            : "\(path): there is no section [\(wrong.name)]; a section is a kind and a form, such as [related.line] or [custom.any]")
      }
      lists.append(list)
    }
    return lists
  }
}

import Pipeline

/// Reads what a page says about itself: title, authors, dates, site, description, section, keywords, language, address, image.
public struct MetadataStage: Stage {
  public static let descriptor = StageDescriptor(
    name: "metadata",
    summary: "Reads title, authors, dates, site, description, section, keywords, language, canonical URL and image of a page.",
    options: [
      OptionDescriptor(
        "today", .text,
        "The day, such as `2026-03-31`, behind which dates are in the future and refused, with one day of slack; by default the clock's.")
    ],
    needs: [.content], provides: [.title, .metadata, .language],
    reasons: [
      ("source", "where title, authors and dates were read, such as `title=h1 authors=json-ld published=meta`; nothing is removed"),
      ("refused-date", "a date is before 1995, in the future, or cannot be read; the text is what the page says"),
      ("limit", "a limit of the reader was met"),
    ])

  /// Nil for the day on the clock.
  private let window: DateWindow?

  public init(options: Options) throws {
    window = try options.text("today").map { text in
      let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2], let today = CalendarDay(year, month, day)
      else {
        throw OptionProblem("today", "\"\(text)\" is no day; write it as 2026-03-31")
      }
      return DateWindow(today: today)
    }
  }

  public func warmUp() { _ = MetadataWords.shared }

  public func process(_ document: inout Document) throws -> Verdict {
    guard document.content != nil else { return .pass }
    let page = try document.page()
    let reader = MetadataReader(page, window: window ?? .now, url: document.metadata.url)
    reader.fill(&document.metadata)
    for value in reader.refusedDates { document.note(reason: "refused-date", rule: "not-between-1995-and-today", text: value) }
    for limit in reader.limits { document.note(reason: "limit", rule: limit) }
    if !reader.sources.isEmpty { document.remark(reason: "source", rule: reader.sources) }
    return .pass
  }
}

import Testing

@testable import Pipeline
@testable import Stages

@Suite struct MetadataDateTests {
  private let window = DateWindow(today: CalendarDay(2026, 3, 31)!)

  private func value(_ text: String, language: String? = nil) -> String? {
    var line = FoldedLine()
    return PageDate(text.utf8, DateText(.shared, language: language, window: window), &line)?.text
  }

  private func found(_ text: String, language: String? = nil) -> String? {
    let line = FoldedLine(text.utf8)
    let dates = DateText(.shared, language: language, window: window)
    return dates.first(in: UnsafeBufferPointer(line.bytes))?.day.text
  }

  private func document(_ html: String) throws -> Document {
    try Document.page(html).after(try stage("metadata", "\"today\": \"2026-03-31\""))
  }

  private func published(_ html: String) throws -> String? { try document(html).metadata.published }

  @Test(arguments: [
    ("2024-02-11", "2024-02-11"), ("2024-02-11T06:30:00Z", "2024-02-11T06:30:00Z"),
    ("2024-02-11T06:30:00.123+0100", "2024-02-11T06:30:00+01:00"),
    ("2024-02-11 06:30 -05:00", "2024-02-11T06:30-05:00"), ("2024-02-11T06:30:00", "2024-02-11"), ("2024-2-1", "2024-02-01"),
    ("20240211", "2024-02-11"), ("20240211T063000Z", "2024-02-11T06:30:00Z"), ("20240211063000", "2024-02-11"),
    ("1707633000", "2024-02-11"),
    ("1707633000000", "2024-02-11"), ("2024/02/11", "2024-02-11"), ("\"2024-02-11T06:30:00Z\"", "2024-02-11T06:30:00Z"),
    ("Sun, 11 Feb 2024 06:30:00 GMT", "2024-02-11T06:30:00Z"), ("Fri Dec 19 16:00:00 UTC 2025", "2025-12-19"),
    ("Thu, 09/25/2025 - 11:38", "2025-09-25"), ("Dec 19th 2025", "2025-12-19"), ("2024-02-11T06:30:00 UTC", "2024-02-11T06:30:00Z"),
  ]) func valuesAreRead(_ text: String, _ date: String) {
    #expect(value(text) == date)
  }

  @Test(arguments: ["", "soon", "2024-02-30", "2024-13-01", "2024", "2024-02", "99999999", "0000-00-00", "T06:30", "3.14", "12:30"])
  func whatIsNoDateIsNone(_ text: String) {
    #expect(value(text) == nil)
  }

  @Test(arguments: [
    "March 5, 2024", "5 March 2024", "Mar. 5th, 2024", "the 5th of March 2024", "2024 March 5", "5. März 2024", "5 mars 2024",
    "le 5 mars 2024",
    "5 de marzo de 2024", "5 marzo 2024", "5 de março de 2024", "5 maart 2024", "5 marca 2024", "5 Mart 2024", "den 5 mars 2024",
    "5 марта 2024",
    "5 МАРТА 2024 г.", "٥ مارس ٢٠٢٤", "5 آذار/مارس 2024", "2024年3月5日", "２０２４年３月５日", "2024년 3월 5일", "2024. 3. 5.", "5-mar-2024",
    "2024-03-05", "05.03.2024",
    "5.3.2024 at last", "Tuesday, March 5, 2024 at 9:06am",
  ]) func datesAreReadInManyLanguages(_ text: String) {
    #expect(found(text) == "2024-03-05")
  }

  @Test func whichNumberIsTheDayDependsOnTheLanguage() {
    #expect(found("3/5/2024", language: "en-us") == "2024-03-05" && found("3/5/2024", language: "fr") == "2024-05-03")
    #expect(found("3/5/2024", language: "en-gb") == "2024-05-03" && found("25/3/2024") == "2024-03-25")
    // The other reading is in the future.
    #expect(found("6/2/2026") == "2026-02-06")
  }

  @Test(arguments: ["May 5", "version 1.2.3", "10.0.0.1", "March 2024", "march 40, 2024", "12 monkeys 1995", "5 March 1812", "1 + 2024"])
  func otherNumbersAreNoDates(_ text: String) {
    #expect(found(text) == nil)
  }

  @Test(
    arguments: [
      ("https://x.example/2023/04/05/bridge", "2023-04-05"), ("/news-20230405.html", "2023-04-05"), ("/2023-4-5-bridge", "2023-04-05"),
      ("/a/2023/04/bridge", nil), ("/20231305", nil), ("/p/12345678901", nil), ("/1812/04/05/", nil), ("", nil),
      ("/2023/04/05", "2023-04-05"),
    ] as [(String, String?)]) func addressesHoldDates(_ address: String, _ date: String?)
  {
    #expect(AddressDate.date(address.utf8, in: window)?.text == date)
  }

  @Test func whatIsStatedComesFirst() throws {
    let data =
      "<script type=application/ld+json>{\"@type\":\"Article\",\"datePublished\":\"2020-01-02\",\"dateModified\":\"2024-03-06\"}</script>"
    let shown = "<h1>Head line</h1><p>Posted on <time datetime=2024-03-05>5 March</time>"
    let meta = "<meta property=article:published_time content=2024-03-04>"
    #expect(try published(meta + data + shown) == "2024-03-04")
    #expect(try published(data + shown) == "2024-03-05")
    #expect(try published(data + "<h1>Head line</h1>") == "2020-01-02")
    #expect(try document(data + shown).metadata.modified == "2024-03-06")
    #expect(try published("<h1>Head line</h1><span itemprop=datePublished>5 March 2024</span><p>6 March 2024") == "2024-03-05")
  }

  @Test func datesNearTheHeadlineAreFound() throws {
    #expect(
      try published("<nav>1 May 2021</nav><h1>Head line</h1><p class=meta>March 5, 2024 · 3 min read</p><p>On 7 May 2020 it rained.")
        == "2024-03-05")
    #expect(try published("<h1>Head line</h1><p>Updated: 6 March 2024</p><p>Published: 5 March 2024</p>") == "2024-03-05")
    #expect(try published("<h1>Head line</h1><p>Joined: 6 March 2014</p><p>5 March 2024</p>") == "2024-03-05")
    #expect(try published("<html lang=ja><h1>橋が閉鎖</h1><p>公開日：2024年3月5日 更新日：2024年3月9日</p>") == "2024-03-05")
    #expect(
      try published("<h1>Head line</h1><abbr class=published title=2024-03-05T10:00:00+01:00>yesterday</abbr>")
        == "2024-03-05T10:00:00+01:00")
  }

  @Test func aPageThatShowsOnlyWhenItWasUpdatedIsDatedByThat() throws {
    let found = try document("<h1>Head line</h1><p>Last updated on 6 March 2024</p>").metadata
    #expect(found.published == "2024-03-06" && found.modified == "2024-03-06")
  }

  @Test func theAddressIsTheLastResort() throws {
    #expect(try published("<link rel=canonical href=https://x.example/2023/04/05/bridge><h1>Head line</h1>") == "2023-04-05")
    var document = Document.page("<h1>Head line</h1>")
    document.metadata.url = "https://x.example/2023/04/06/bridge"
    #expect(try document.after(try stage("metadata")).metadata.published == "2023-04-06")
  }

  @Test func datesOfNoPageAreRefusedAndNamed() throws {
    for value in ["2026-04-02", "1970-01-01", "1994-12-31", "not yet"] {
      let document = try document("<meta property=article:published_time content='\(value)'><h1>Head line</h1>")
      #expect(document.metadata.published == nil)
      #expect(document.trail.filter { $0.reason == "refused-date" }.map(\.text) == [value])
    }
    // A day of slack, for places where it is tomorrow already.
    #expect(try published("<meta property=article:published_time content=2026-04-01>") == "2026-04-01")
  }

  @Test func daysAreThoseOfTheCalendar() {
    #expect(CalendarDay(secondsSince1970: 0)?.text == "1970-01-01" && CalendarDay(secondsSince1970: -1)?.text == "1969-12-31")
    #expect(CalendarDay(secondsSince1970: 951_782_400)?.text == "2000-02-29" && CalendarDay(1900, 2, 29) == nil)
    #expect(CalendarDay(2024, 2, 28)?.next.text == "2024-02-29" && CalendarDay(2023, 12, 31)?.next.text == "2024-01-01")
    #expect(CalendarDay(secondsSince1970: .max) == nil)
  }
}

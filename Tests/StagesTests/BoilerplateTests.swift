import TestSupport
import Testing

@testable import Pipeline
@testable import Stages

@Suite struct BoilerplateTests {
  private func finding(_ line: String, language: String? = nil) -> Finding? {
    var judge = LineJudge(language: language)
    return Array(line.utf8).withUnsafeBufferPointer { judge.judge($0, isHeadline: false) }
  }

  private func kind(_ line: String) -> BoilerplateKind? { finding(line)?.kind }

  @Test(arguments: [
    ("Read more: Why the bridge failed", BoilerplateKind.related), ("RECOMMENDED STORIES", .related), ("Also read", .related),
    ("Most read", .related),
    ("A boat waits at the lock. (AP Photo/Ada Bell)", .caption), ("The lock at dawn. Photo: Ada Bell", .caption),
    ("The lock at dawn © Ada Bell / AFP", .caption), ("3/12", .caption),
    ("Sign up to our newsletter", .promo), ("Download our app for breaking news", .promo),
    ("Share on Facebook Tweet WhatsApp Email Print", .share), ("Comments (12)", .share),
    ("Advertisement", .ad), ("Story continues below advertisement", .ad), ("By Ada Bell | Published: 14 March 2023", .byline),
    ("Reporting by Ada Bell; Editing by Tom Lock", .byline),
    ("12 January 2023, 18:05 GMT", .byline), ("2021-10-08 09:30", .byline), ("____", .byline), ("Tags: bridges, boats", .tags),
    ("© 2023 The Post. All rights reserved.", .legal),
    ("We use cookies to improve your experience.", .legal),
  ])
  func boilerplateIsSeen(_ line: String, _ expected: BoilerplateKind) {
    #expect(kind(line) == expected)
  }

  @Test(arguments: [
    "Advertisement was the family's trade for three generations, and the shop is full of slogans.",
    "Share prices of logistics firms fell sharply on the news.",
    "Photographs by the author's father appear throughout the book.", "“Read more about it? I lived it,” she said.",
    "The minister read more than two hundred letters.",
    "“Watch: this is the moment the country changes,” the leader told the chamber.", "By Friday the water had gone.",
    "Comments by the minister caused an outcry in the capital.",
    "World Cup 2022", "In 2022, 14 people died on the road.", "Rovers 2-1 United.", "5/4", "Final score: 3-1",
    "The photo was taken by a neighbour, and shows the bridge at noon.",
    "Editor's work is never done, and hers least of all.", "Related problems were found in two other bridges.",
    "Subscribers to the theatre paid less than half.", "$250", "Security automation and orchestration (IaaC / SECaaC)",
    "It takes modules of type GDDR6 / HBM2",
    "Die Polizei sucht weiter nach dem Fahrer des Wagens. (dpa)",
  ])
  func journalismStays(_ line: String) {
    #expect(kind(line) == nil)
  }

  @Test(arguments: [
    ("de", "Lesen Sie auch: Was Pendler wissen", BoilerplateKind.related), ("fr", "À lire aussi : Les ponts de la ville", .related),
    ("es", "Lea también", .related), ("it", "Leggi anche: I ponti", .related),
    ("nl", "Lees ook: De bruggen", .related), ("pl", "Czytaj także: Mosty", .related), ("pt", "Leia mais: As pontes", .related),
    ("ru", "Читайте также: Мосты", .related),
    ("sv", "Läs också: Broarna", .related), ("tr", "İlginizi çekebilir:", .related), ("ar", "اقرأ أيضاً: الجسور", .related),
    ("ja", "あわせて読みたい", .related), ("ko", "관련기사", .related), ("zh", "相关阅读", .related),
    ("de", "Anzeige", .ad), ("tr", "REKLAM", .ad), ("ru", "Реклама", .ad), ("ja", "広告", .ad), ("fr", "Publicité", .ad),
    ("es", "PUBLICIDAD", .ad), ("de", "14. März 2019, 17:05 Uhr", .byline),
    ("fr", "9 novembre 2023", .byline), ("ru", "5 августа 2021, 10:15", .byline), ("ja", "2021年10月8日 9時30分", .byline),
    ("es", "Madrid, 3 de mayo de 2022", .byline),
  ])
  func everyLanguageHasItsLists(_ language: String, _ line: String, _ expected: BoilerplateKind) {
    // A date with a place may be more than a date: it must stand in the head of the page.
    if line.hasPrefix("Madrid") { #expect(finding(line)?.context == .name) }
    #expect(kind(line) == expected, "\(language)")
  }

  @Test(arguments: [
    ("A canoe leaves the harbour before dawn [Kofi Bell/Channel Five]", "bracket-credit"),
    ("The keeper turns the ball around the post. (AAP: Ada Bell)", "agencies agency: aap"),
    ("Tourists with suitcases in the old town last August.BELL-LOCK", "capitals-credit"),
    ("A view of the lock in spring – Lena Bell / The Post", "slash-credit"), ("The lock, which opened in May. LaPresse", "agencies"),
    ("Rik Bell cheers after the race - Getty Images", "agencies"), ("Image caption, The river burst its banks twice", "en caption"),
    ("Der Hafen am Morgen. Fot. Jan Bell / Agencja Wyborcza", "pl caption"),
  ])
  func creditsAreSeenInManyForms(_ line: String, _ rule: String) {
    let finding = finding(line)
    #expect(finding?.kind == .caption && finding?.rule.hasPrefix(rule) == true, "\(finding?.rule ?? "nothing")")
  }

  @Test(arguments: [
    ("nl", "Download de Bel-app voor al het nieuws"), ("pt", "Siga o Sino no WhatsApp"),
    ("ru", "Подпишитесь на наш Telegram-канал «Колокол»."),
    ("tr", "Haberlerimize Google News'ten abone olun"), ("pl", "Zapisz się na nasz cotygodniowy newsletter o mostach"),
  ])
  func requestsAreSeenByTheirVerbAndObject(_ language: String, _ line: String) {
    #expect(finding(line, language: language)?.kind == .promo)
  }

  @Test(arguments: [
    ("nl", "De app werd in een week honderdduizend keer gedownload."), ("pt", "O aplicativo recebe críticas de quem segue o clube."),
    ("ru", "Телеграм-канал губернатора сообщил о паводке."), ("en", "Joining the newsletter was the first thing she did."),
  ])
  func sentencesAboutAppsAndChannelsStay(_ language: String, _ line: String) {
    #expect(finding(line, language: language) == nil)
  }

  @Test(arguments: [
    "Sarı kartlar: Bell, Lock / Fred, İsmail", "She works for the U.S. ARMY", "The treaty was signed in 1994 (see page 12)",
    "The river (left) meets the canal (right)", "The old bridge. The new one.", "The price (in euros)",
  ])
  func bracketsAndSlashesAloneAreNoCredit(_ line: String) {
    #expect(kind(line) == nil)
  }

  @Test func aSingleWordIsBelievedInItsOwnLanguage() {
    #expect(finding("Foto: 300", language: "pt")?.kind == .caption)
    #expect(finding("Annons", language: "sv")?.kind == .ad && finding("Annons", language: "fr") == nil)
    #expect(finding("Advertisement", language: "fr")?.kind == .ad)
    #expect(finding("Läs också", language: "fr")?.kind == .related)
  }

  @Test func aWordInSmallLettersIsNoLabel() {
    #expect(kind("recommended") == nil && kind("Recommended") == .related)
  }

  @Test func theTeasersOfAListGoAndTheNextParagraphStays() throws {
    let text = """
      The bridge is closed.

      Read more

      Ferries cancelled as the storm nears

      What to keep in the cupboard

      The council met on Friday and decided to wait.

      Nothing is certain
      """
    let document = try Document.plain(text).after(try stage("boilerplate"))
    #expect(document.rendered == "The bridge is closed.\n\nThe council met on Friday and decided to wait.\n\nNothing is certain")
    #expect(document.trail.map(\.rule) == ["en related.line: read more", "headline-in-list", "headline-in-list"])
  }

  @Test func aHeadlineIsBelievedOnlyAsAWholePhrase() throws {
    let document = try Document.plain("Watch: the video that moved a town\n\nIt was short.").after(try stage("boilerplate"))
    #expect(document.trail.isEmpty)
  }

  @Test func actionsAreObeyed() throws {
    let text = "Bridge\n\nAdvertisement\n\nThe lock at dawn. Photo: Ada Bell\n\nSign up to our newsletter\n\nThe end came soon."
    let document = try Document.plain(text).after(try stage("boilerplate", #""ad": "keep", "caption": "mark""#))
    #expect(document.rendered == "Bridge\n\nAdvertisement\n\nThe lock at dawn. Photo: Ada Bell\n\nThe end came soon.")
    #expect(document.trail.map(\.reason) == ["caption", "promo"] && document.trail.map(\.kept) == [true, false])
  }

  @Test func captionsOfFiguresGo() throws {
    var document = Document(id: "d", source: "t")
    var text = BlockText()
    text.append(.paragraph, "The bridge is closed.".utf8, origin: 1)
    text.append(.caption, "The bridge".utf8, origin: 2)
    document.setText(text)
    #expect(try document.after(try stage("boilerplate")).rendered == "The bridge is closed.")
  }

  @Test func aCountedListHasAsManyHeadlinesAsItSays() throws {
    let text = """
      The bridge is closed.

      Recommended Stories
      list of 2 items
      list 1 of 2 Ferries cancelled as the storm nears
      list 2 of 2 What to keep in the cupboard.

      Nothing is certain

      The end came soon.
      """
    let document = try Document.plain(text).after(try stage("boilerplate"))
    #expect(document.rendered == "The bridge is closed.\n\nNothing is certain\n\nThe end came soon.")
  }

  @Test func headlinesEndWhereTheLayoutChanges() throws {
    let tight =
      "The bridge is closed.\n\nMost read\nFerries cancelled as the storm nears\nWhat to keep in the cupboard\n\nThe old mill\n\nIt burned."
    #expect(try Document.plain(tight).after(try stage("boilerplate")).rendered == "The bridge is closed.\n\nThe old mill\n\nIt burned.")
    let shouted = "The bridge is closed.\n\nRead next\n\nFerries cancelled as the storm nears\n\nDIVIDED COUNCIL\n\nIt voted."
    #expect(try Document.plain(shouted).after(try stage("boilerplate")).rendered == "The bridge is closed.\n\nDIVIDED COUNCIL\n\nIt voted.")
    let crosshead =
      "It is closed.\n\nRead more\n\nFerries cancelled as the storm nears\n\nThe old mill\n\nIt burned for a night and a day, and nobody knows why."
    #expect(
      try Document.plain(crosshead).after(try stage("boilerplate")).rendered
        == "It is closed.\n\nThe old mill\n\nIt burned for a night and a day, and nobody knows why.")
    let numbered = "It is closed.\n\nMost read\n\n1. Ferries cancelled today\n\n2. What to keep now\n\nThe old mill burns\n\nIt burned."
    #expect(try Document.plain(numbered).after(try stage("boilerplate")).rendered == "It is closed.\n\nThe old mill burns\n\nIt burned.")
  }

  @Test func aListOfTeasersAtTheEndNeedsNoKnownLabel() throws {
    let article = "The bridge is closed.\n\nThe council met on Friday.\n\nIt will meet again.\n\n"
    let list = "Mer från sjön\n\nFerries cancelled as the storm nears\n\nWho pays for the new bridge?"
    let document = try Document.plain(article + list).after(try stage("boilerplate"))
    #expect(document.rendered == article && document.trail.map(\.rule) == Array(repeating: "closing-list", count: 3))
    let results = "Results\n\nRovers 2-1 United\n\nCity 0-0 Albion"
    #expect(try Document.plain(article + results).after(try stage("boilerplate")).rendered == article + results)
  }

  @Test func questionsOfAnInterviewAreNoHeadlines() throws {
    let interview =
      "A talk\n\nWhy did you come?\n\nI was asked.\n\nMost read\n\nFerries cancelled as the storm nears\n\nAnd will you stay for long?\n\nNo.\n\nWhy not?\n\nIt rains."
    let document = try Document.plain(interview).after(try stage("boilerplate"))
    #expect(document.trail.map(\.text) == ["Most read", "Ferries cancelled as the storm nears"])
  }

  @Test func datesAndNamesGoInTheHeadAndHeadingsOfAChronicleStay() throws {
    let paragraph = String(repeating: "The water rose again in the night. ", count: 6)
    let head = "Bridge\n\nAda Bell\n\n14 March 2023, 09:41\n\n\(paragraph)\n\n"
    let chronicle = "12 March 2022\n\n\(paragraph)\n\n13 March 2022\n\n\(paragraph)end."
    let document = try Document.plain(head + chronicle).after(try stage("boilerplate", #""repeat": "keep""#))
    #expect(document.rendered == "Bridge\n\n\(paragraph)\n\n" + chronicle)
    #expect(document.trail.map(\.rule) == ["name-in-head", "date-line"])
  }

  @Test func aRuleGoesWithWhatItSetsOff() throws {
    let text = "Bridge\n\nIt is closed.\n\n____\n\nThe mill burned.\n\n____\n\nAda Bell contributed to this report."
    #expect(try Document.plain(text).after(try stage("boilerplate")).rendered == "Bridge\n\nIt is closed.\n\n____\n\nThe mill burned.\n\n")
  }

  @Test func biographiesGoAtTheEndAndPeopleStay() throws {
    let text =
      "Bridge\n\nTom Lock is a reporter at the Post, and was there.\n\nIt rained.\n\nIt poured.\n\nIt stopped.\n\nAda Bell\n\nAda Bell is a senior reporter covering rivers."
    let document = try Document.plain(text).after(try stage("boilerplate"))
    #expect(document.rendered.hasSuffix("It stopped.\n\n") && document.rendered.contains("Tom Lock"))
    #expect(document.trail.map(\.text) == ["Ada Bell", "Ada Bell is a senior reporter covering rivers."])
  }

  @Test func aParagraphThatStoodBeforeIsKeptOnce() throws {
    let one = "The council met on Friday and decided to wait for another month."
    let plan = "Run for twenty minutes at an easy pace, and then walk home slowly."
    let document = try Document.plain("Bridge\n\n\(one)\n\nIt rained.\n\n\(one)\n\nNo.\n\nIt is so.\n\nNo.").after(try stage("boilerplate"))
    #expect(document.trail.map(\.reason) == ["repeat"] && document.rendered.hasSuffix("No.\n\nIt is so.\n\nNo."))
    let week = (1...7).map { "Day \($0)\n\n\(plan)" }.joined(separator: "\n\n")
    #expect(try Document.plain("Plan\n\n\(week)").after(try stage("boilerplate")).trail.isEmpty)
  }

  @Test func aPassageThatStandsTwiceGoesWithItsShortLines() throws {
    let passage = "The council met on Friday and decided to wait for another month.\n\nWhy?\n\nNobody knows why."
    let document = try Document.plain("Bridge\n\n\(passage)\n\n\(passage)").after(try stage("boilerplate"))
    #expect(document.rendered == "Bridge\n\n\(passage)\n\n")
  }

  @Test func creditsAndTeasersBehindAParagraphAreCutOff() throws {
    let body = "The council met on Friday. It decided to wait. Nobody was glad of it. The mayor left early. "
    for tail in ["(AP Photo/Ada Bell)", "Photo: Ada Bell/AFP", "READ MORE: Why the bridge failed", "Lire aussi : Les ponts de la ville"] {
      let document = try Document.plain("Bridge\n\n\(body)\(tail)\n\nIt rained.").after(try stage("boilerplate"))
      #expect(document.rendered == "Bridge\n\n\(body.dropLast())\n\nIt rained.", "\(tail)")
      #expect(document.trail.map { $0.text.hasSuffix(tail) } == [true])
    }
    let source = "Bridge\n\n\(body)(dpa)\n\nIt rained."
    #expect(try Document.plain(source).after(try stage("boilerplate")).rendered == source)
    let marked = try Document.plain("Bridge\n\n\(body)(AP Photo/Ada Bell)").after(try stage("boilerplate", #""caption": "mark""#))
    #expect(marked.trail.map(\.kept) == [true] && marked.rendered.hasSuffix("(AP Photo/Ada Bell)"))
  }

  /// Fuzzing found a block of which labels' lines were cut off, and then a credit within them.
  @Test func aCreditWithinLabelsIsCutOffOnce() throws {
    let body = "The council met on Friday and decided to wait"
    let text = "Bridge\n\n\(body)\ncontinue reading the main story.\nview image in fullscreen:\n\nIt rained."
    let document = try Document.plain(text).after(try stage("boilerplate"))
    #expect(document.rendered == "Bridge\n\n\(body)\n\nIt rained." && document.trail.count == 1)
  }

  /// Whatever is cut off, the rest is in the text and what is gone in the trail.
  @Test(arguments: 0..<300) func piecesAreKeptOrListed(_ seed: Int) throws {
    var random = SeededGenerator(seed)
    let pieces = [
      "The council met on Friday.", "It decided to wait", "Photo: Ada Bell/AFP", "(AP Photo/Ada Bell)", "READ MORE: Why it failed",
      "advertisement", "read more",
      "Most read", "list of 2 items", "12 March 2022", "Ada Bell", "(dpa)", "© 2023 The Post", "广告", "日本語の文です。", "写真＝共同", "»", "____",
      "# a", "1 2 3 4", "by Ada Bell",
    ]
    let breaks = [" ", " ", "\n", "\n\n", "\n \n", "\u{3000}", ""]
    let text = (0..<14).map { _ in pieces.randomElement(using: &random)! + breaks.randomElement(using: &random)! }.joined()
    let document = try Document.plain(text).after(try stage("boilerplate"), try stage("translation-notes"))
    func letters(_ text: String) -> Int { text.unicodeScalars.filter { !UTF8Text.isWhiteSpace($0.value) }.count }
    #expect(letters(document.rendered) + document.trail.map { letters($0.text) }.reduce(0, +) == letters(text))
  }

  /// What looks at neighbours must not look at all of them.
  @Test(arguments: [
    "12 March 2022\n\n", "____\n\n", "Ada Bell is a reporter at the Post of today.\n\n", "Read more\n\n", "Why did it rain in May?\n\n",
    "(dpa)\n\n",
    "The council met on Friday and decided to wait for another month.\n\n", "日本語の見出しがここに続いているので長い行\n", "Photo: a. (AP) © / b. \n",
  ])
  func manyAlikeTakeLinearTime(_ line: String) throws {
    let stage = try stage("boilerplate")
    func time(_ count: Int) throws -> Duration {
      let document = Document.plain(
        "Bridge\n\n" + String(repeating: "It rained on the bridge. ", count: 9) + "\n\n" + String(repeating: line, count: count))
      return try ContinuousClock().measure { _ = try document.after(stage) }
    }
    let short = try time(2_000)
    #expect(try time(20_000) < short * 40 + .seconds(1))
  }

  @Test func labelsAmongTheLinesOfAParagraphAreCutOff() throws {
    let text =
      "Bridge\n\nThe council met on Friday and decided\nto wait for another month\nadvertisement - continue reading below\n\nIt rained."
    let document = try Document.plain(text).after(try stage("boilerplate"))
    #expect(document.rendered == "Bridge\n\nThe council met on Friday and decided\nto wait for another month\n\nIt rained.")
  }
}

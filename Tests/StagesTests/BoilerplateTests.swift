import Testing

@testable import Pipeline
@testable import Stages

@Suite struct BoilerplateTests {
  private let judge = LineJudge()

  private func kind(_ line: String) -> BoilerplateKind? { judge.judge(line.utf8, isHeadline: false)?.kind }

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
    // A date with a place is more than a date.
    if line.hasPrefix("Madrid") { #expect(kind(line) == nil) } else { #expect(kind(line) == expected, "\(language)") }
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
    text.append(.paragraph, "The bridge is closed.".utf8, origin: "body/p")
    text.append(.caption, "The bridge".utf8, origin: "body/figure/figcaption")
    document.setText(text)
    #expect(try document.after(try stage("boilerplate")).rendered == "The bridge is closed.")
  }
}

@Suite struct TranslationNotesTests {
  private func isNotice(_ line: String) -> Bool { NoticeJudge.shared.judge(line.utf8, isHeadline: false) != nil }

  @Test(arguments: [
    "Powered by automated translation", "This article was translated from Russian using artificial intelligence and checked by an editor.",
    "Translated by Associated Press staff.",
    "Read this story in Spanish",
    "Editor's note: This interview was conducted in Arabic and translated into English. It has been edited for length.",
    "This is a machine translation.", "Dieser Text wurde mit DeepL aus dem Englischen übersetzt.",
    "Cet article a été traduit automatiquement de l’anglais.",
    "Este texto fue traducido del catalán mediante un sistema automático.", "تمت ترجمة هذا المقال آلياً من اللغة الإنجليزية.",
    "Texto traduzido com o auxílio de inteligência artificial.",
    "Перевод с английского выполнен автоматически.", "Traduzione automatica dall'inglese", "Haberin Türkçesi yapay zekâ ile çevrilmiştir.",
    "この記事は英語から機械翻訳されたものです。",
    "본 기사는 AI로 번역되었습니다.", "本文由机器翻译", "Dit artikel is automatisch vertaald uit het Engels.",
    "Artykuł został automatycznie przetłumaczony z języka angielskiego.",
    "Den här texten har översatts maskinellt från engelska.",
  ])
  func noticesAreSeen(_ line: String) {
    #expect(isNotice(line))
  }

  @Test(arguments: [
    "The lawyer, Deniz Kaya, spoke through a translator.",
    "Orla Finch's third novel, translated from the Danish by Kit Ames, is set in a flat above a drum school.",
    "The translation is supple and funny; the automated checkout that narrates chapter six is a delight.",
    "The slowdown has not yet translated into lower prices at the till, the governor said.",
    "“I asked for an automated translation and they laughed.”", "Le roman qu’il avait traduit de l’anglais a brûlé avec sa maison.",
    "Google said its translation tool now knows forty more languages.",
    "Sie übersetzte den Roman aus dem Englischen, als sie zwanzig war.", "Он перевёл роман с английского за одно лето.",
  ])
  func sentencesAboutTranslationsStay(_ line: String) {
    #expect(!isNotice(line))
  }

  @Test func actionsAreObeyed() throws {
    let text = "Bridge\n\nThis article was translated automatically from Dutch.\n\nThe bridge is closed."
    let dropped = try Document.plain(text).after(try stage("translation-notes"))
    #expect(dropped.rendered == "Bridge\n\nThe bridge is closed." && dropped.trail.map(\.reason) == ["translation-note"])
    let marked = try Document.plain(text).after(try stage("translation-notes", #""action": "mark""#))
    #expect(marked.rendered == text && marked.trail.map(\.kept) == [true])
    let told = try Document.plain(text).after(try stage("translation-notes", #""action": "metadata""#))
    #expect(told.metadata.translation == TranslationNote(machine: true, note: "This article was translated automatically from Dutch."))
    #expect(told.rendered == dropped.rendered)
    let kept = try Document.plain(text).after(try stage("translation-notes", #""action": "keep""#))
    #expect(kept.rendered == text && kept.trail.isEmpty)
  }

  @Test func aNoticeAboveTheHeadlineGoesAndAHeadlineStays() throws {
    #expect(try Document.plain("Powered by automated translation\n\nBridge").after(try stage("translation-notes")).rendered == "Bridge")
    #expect(
      try Document.plain("This text was translated by a machine, and it shows\n\nBridge").after(try stage("translation-notes")).trail
        .isEmpty)
  }
}

import Testing

@testable import Pipeline
@testable import Stages

@Suite struct TranslationNotesTests {
  private func notice(_ line: String, language: String? = nil) -> NoticeJudge.Notice? {
    var judge = NoticeJudge(language: language)
    return Array(line.utf8).withUnsafeBufferPointer { judge.judge($0, isHeadline: false) }
  }

  private func isNotice(_ line: String) -> Bool { notice(line) != nil }

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
    #expect(
      told.metadata.translation == TranslationNote(machine: true, from: "nl", note: "This article was translated automatically from Dutch.")
    )
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

  @Test(arguments: [
    ("Translated from the Russian by Ada Bell", "en", "ru", "Ada Bell", false),
    ("This article was translated from French into English with DeepL.", "en", "fr", "DeepL", true),
    ("Aus dem Englischen von Max Weber", "de", "en", "Max Weber", false),
    ("Traduit de l'anglais par Claire Petit", "fr", "en", "Claire Petit", false),
    ("Перевод с английского: Анна Белова", "ru", "en", "Анна Белова", false), ("翻訳：山田太郎", "ja", nil, "山田太郎", false),
    ("This is a machine translation.", "en", nil, nil, true),
  ])
  func theOriginalsLanguageAndTheTranslatorAreTold(_ line: String, _ language: String, _ from: String?, _ by: String?, _ machine: Bool) {
    let translation = notice(line, language: language)?.translation
    #expect(translation == TranslationNote(machine: machine, from: from, by: by, note: line))
  }

  @Test func severalNoticesAreToldTogether() throws {
    var document = Document.plain("Bridge\n\nTranslated from Dutch by Ada Bell\n\nIt is closed.\n\nPowered by automated translation")
    document.metadata.language = "en"
    let told = try document.after(try stage("translation-notes", #""action": "metadata""#)).metadata.translation
    #expect(
      told
        == TranslationNote(
          machine: true, from: "nl", by: "Ada Bell", note: "Translated from Dutch by Ada Bell\nPowered by automated translation"))
  }
}

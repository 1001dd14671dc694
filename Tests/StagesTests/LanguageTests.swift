import TestSupport
import Testing

@testable import Pipeline
@testable import Stages

@Suite struct LanguageTests {
  /// The same few sentences, written for this test.
  private static let texts: [(language: String, text: String)] = [
    (
      "en",
      "The harbour master closed the old swing bridge on Friday. Boats will have to wait for high water and go round by the outer channel."
    ),
    (
      "de",
      "Der Hafenmeister hat die alte Drehbrücke am Freitag geschlossen. Die Boote müssen auf das Hochwasser warten und außen herum fahren."
    ),
    (
      "fr",
      "Le capitaine du port a fermé vendredi le vieux pont tournant. Les bateaux devront attendre la marée haute et passer par le large."
    ),
    (
      "es",
      "El capitán del puerto cerró el viernes el viejo puente giratorio. Los barcos tendrán que esperar la marea alta y dar la vuelta."
    ),
    (
      "pt",
      "O capitão do porto fechou na sexta-feira a velha ponte giratória. Os barcos terão de esperar pela maré cheia e dar a volta por fora."
    ),
    (
      "it", "Il comandante del porto ha chiuso venerdì il vecchio ponte girevole. Le barche dovranno aspettare l'alta marea e fare il giro."
    ),
    ("nl", "De havenmeester heeft de oude draaibrug vrijdag gesloten. De boten moeten op hoog water wachten en buitenom varen."),
    ("sv", "Hamnkaptenen stängde den gamla svängbron på fredagen. Båtarna måste vänta på högvatten och gå runt genom den yttre farleden."),
    ("da", "Havnefogeden lukkede den gamle svingbro i fredags. Bådene må vente på højvande og sejle udenom gennem den ydre rende."),
    ("no", "Havnefogden stengte den gamle svingbroen på fredag. Båtene må vente på høyvann og gå rundt gjennom den ytre leia."),
    ("fi", "Satamakapteeni sulki vanhan kääntösillan perjantaina. Veneiden on odotettava nousuvettä ja kierrettävä ulkoväylän kautta."),
    ("pl", "Kapitan portu zamknął w piątek stary most obrotowy. Łodzie będą musiały czekać na przypływ i płynąć dookoła."),
    ("cs", "Správce přístavu v pátek uzavřel starý otočný most. Lodě budou muset čekat na příliv a plout kolem vnějším kanálem."),
    ("hu", "A kikötőmester pénteken lezárta a régi forgóhidat. A hajóknak meg kell várniuk a dagályt, és kerülniük kell."),
    ("ro", "Căpitanul portului a închis vineri vechiul pod rotitor. Bărcile vor trebui să aștepte fluxul și să ocolească pe afară."),
    ("tr", "Liman başkanı eski döner köprüyü cuma günü kapattı. Teknelerin suyun yükselmesini beklemesi ve dışarıdan dolaşması gerekecek."),
    ("ru", "Начальник порта закрыл в пятницу старый разводной мост. Лодкам придётся ждать прилива и идти в обход."),
    ("uk", "Начальник порту закрив у п'ятницю старий розвідний міст. Човнам доведеться чекати припливу і йти в обхід."),
    ("el", "Ο λιμενάρχης έκλεισε την Παρασκευή την παλιά γέφυρα. Οι βάρκες θα πρέπει να περιμένουν την παλίρροια."),
    ("he", "מנהל הנמל סגר ביום שישי את הגשר הישן. הסירות ייאלצו לחכות לגאות ולעקוף דרך התעלה החיצונית."),
    ("ar", "أغلق مدير الميناء الجسر القديم يوم الجمعة. سيتعين على القوارب انتظار المد العالي والدوران من الخارج."),
    ("fa", "رئیس بندر روز جمعه پل قدیمی را بست. قایق‌ها باید منتظر مد بمانند و از کانال بیرونی دور بزنند."),
    ("hi", "बंदरगाह के प्रमुख ने शुक्रवार को पुराना पुल बंद कर दिया। नावों को ज्वार का इंतज़ार करना होगा और बाहर से जाना होगा।"),
    ("th", "นายท่าปิดสะพานเก่าเมื่อวันศุกร์ เรือจะต้องรอน้ำขึ้นและอ้อมไปทางร่องน้ำด้านนอก"),
    ("ja", "港長は金曜日に古い旋回橋を閉鎖した。船は満潮を待ち、外側の水路を回らなければならない。"),
    ("ko", "항만장은 금요일에 오래된 다리를 폐쇄했다. 배들은 만조를 기다렸다가 바깥 수로로 돌아가야 한다."),
    ("zh", "港务长星期五关闭了旧的旋转桥。船只必须等待涨潮，并从外面的航道绕行。修理预计需要三个星期的时间。"),
    ("zh-hant", "港務長星期五關閉了舊的旋轉橋。船隻必須等待漲潮，並從外面的航道繞行。修理預計需要三個星期的時間。"),
    ("vi", "Giám đốc cảng đã đóng cây cầu quay cũ vào thứ Sáu. Thuyền sẽ phải đợi nước lên và đi vòng qua luồng ngoài."),
    ("id", "Kepala pelabuhan menutup jembatan tua pada hari Jumat. Perahu harus menunggu air pasang dan memutar lewat alur luar."),
    (
      "sr-latn",
      """
      Upravnik luke zatvorio je u petak stari okretni most pošto su pri redovnom pregledu nađene pukotine na dva ležaja. Popravke će trajati
      tri nedelje, a gradsko veće je obećalo da će objaviti izveštaj inženjera pre nego što radovi počnu. Brodovi će morati da čekaju visoku
      vodu i da plove oko ostrva. Predsednik opštine kaže da je bezbednost građana važnija od vremena koje će neko izgubiti.
      """
    ),
    (
      "sr",
      "Управник луке затворио је у петак стари окретни мост пошто су при редовном прегледу нађене пукотине. Поправке ће трајати три недеље."
    ),
    ("tl", "Isinara ng pinuno ng daungan ang lumang tulay noong Biyernes. Kailangang maghintay ang mga bangka at umikot sa labas."),
  ]

  private static func text(_ language: String) -> String { texts.first { $0.language == language }!.text }

  private func run(_ text: String, says: String? = nil, url: String? = nil, _ options: String = "") throws -> (Document, Verdict) {
    var document = Document.plain(text)
    document.metadata.language = says
    document.metadata.url = url
    let verdict = try stage("language", options).process(&document)
    return (document, verdict)
  }

  private func language(_ text: String, says: String? = nil, url: String? = nil) throws -> String? {
    try run(text, says: says, url: url).0.metadata.language
  }

  @Test(arguments: texts.map(\.language)) func languagesAreTold(_ expected: String) throws {
    #expect(try language(Self.text(expected)) == expected)
  }

  /// A page that calls itself English is found out in every other language; one that tells the truth has nothing in its trail.
  @Test(arguments: texts.map(\.language)) func aWrongTagIsCorrectedAndARightOneStays(_ expected: String) throws {
    let (honest, _) = try run(Self.text(expected), says: expected)
    #expect(honest.metadata.language == expected && honest.trail.isEmpty)
    let lie = expected == "en" ? "de-at" : "en-us"
    let (lying, _) = try run(Self.text(expected), says: lie)
    #expect(lying.metadata.language == expected)
    #expect(lying.trail.map(\.rule) == ["page-says-\(lie)-text-is-\(expected)"] && lying.trail.map(\.reason) == ["language"])
  }

  @Test(arguments: [
    ("pt", "pt-br", "pt-br"), ("pt", "PT_br", "pt-br"), ("pt", "por", "pt"), ("de", "de-1996", "de-1996"), ("de", " de-AT, en", "de-at"),
    ("he", "iw-il", "he-il"), ("id", "in", "id"), ("no", "nb-no", "nb-no"), ("no", "nn", "nn"), ("tl", "fil-ph", "fil-ph"),
    ("zh", "zh-cn", "zh-cn"), ("zh", "zh", "zh"), ("zh-hant", "zh-tw", "zh-tw"), ("zh-hant", "zh", "zh-hant"),
    ("zh-hant", "zh-yue-hk", "yue-hk"),
    ("sr", "sr-cyrl-rs", "sr-cyrl-rs"), ("sr-latn", "sr-rs", "sr-latn-rs"), ("sr-latn", "sh", "sr-latn"), ("ar", "arz", "arz"),
    ("en", "english", "en"), ("en", "und", "en"), ("en", "{{lang}}", "en"), ("en", "", "en"),
  ])
  func theTagOfThePageStaysWhereItAgrees(_ text: String, _ says: String, _ expected: String) throws {
    let (document, _) = try run(Self.text(text), says: says)
    #expect(document.metadata.language == expected && document.trail.isEmpty)
  }

  @Test(arguments: [
    ("zh-hant", "zh-cn", "zh-hant"), ("zh", "zh-tw", "zh"), ("zh", "zh-Hant-HK", "zh"), ("sr-latn", "sr-cyrl", "sr-latn"),
    ("pt", "es", "pt"),
    ("es", "pt-br", "es"), ("sv", "da", "sv"),
  ])
  func anotherScriptOrACloseLanguageIsALieToo(_ text: String, _ says: String, _ expected: String) throws {
    // Of short texts the page is believed where languages are close.
    let long = Array(repeating: Self.text(text), count: Self.text(text).utf8.count < 400 ? 4 : 1).joined(separator: "\n\n")
    let (document, _) = try run(long, says: says)
    #expect(document.metadata.language == expected)
    #expect(document.trail.map(\.rule) == ["page-says-\(says.lowercased())-text-is-\(expected)"])
  }

  @Test(arguments: ["", "\n\n", "Closed.", "1234 5678 — 90 % 1234 5678 — 90 % 1234 5678 — 90 % 1234 5678 — 90 %", "12:30 OK :-)", "हाँ"])
  func aTextThatSaysTooLittleHasTheTagOfThePageOrNone(_ text: String) throws {
    #expect(try language(text) == nil)
    #expect(try language(text, says: "de-AT") == "de-at")
    #expect(try language(text, says: "und") == "und")
    #expect(try run(text, says: "fr").0.trail.isEmpty)
  }

  /// CLD2 gives up at the first control character, unless it is told that the text is fine.
  @Test func controlCharactersDoNotHideTheLanguage() throws {
    for scalar: UInt32 in [0, 1, 0xB, 0x7F, 0x85, 0xFFFE, 0xFDD0, 0x1FFFE, 0xFEFF, 0xE000] {
      let character = String(Unicode.Scalar(scalar)!)
      #expect(try language(character + Self.text("de") + character + Self.text("de")) == "de")
    }
  }

  @Test func hintsHelpShortTexts() throws {
    // Spanish of words that Galician has too.
    let short = "El alcalde visita los puertos de la costa y habla con los patrones de los barcos de pesca en Vigo"
    #expect(try language(short) == "gl")
    #expect(try language(short, says: "es-ES") == "es-es")
    #expect(try language(short, url: "https://www.example.es:80/x") == "es")
    #expect(try language(Self.text("de"), url: "https://www.example.fr/") == "de")
    #expect(try language(Self.text("zh-hant"), url: "https://example.cn/") == "zh-hant")
  }

  /// CLD2's own answer is the language beside English, even where only a third of the text is in it.
  @Test(arguments: ["de", "fr", "es", "ja"]) func mostOfTheTextDecides(_ other: String) throws {
    let english = """
      The harbour master closed the old swing bridge on Friday after a routine inspection found cracks in two of its bearings. Boats will have
      to wait for high water and go round by the outer channel, which adds about forty minutes to the trip. Repairs are expected to take
      three weeks, and the council has promised to publish the engineers' report before they begin.
      """
    #expect(try language("\(english)\n\n\(Self.text(other))", says: "en") == "en")
    #expect(try language("\(Self.text(other))\n\n\(english)") == "en")
  }

  @Test func closeLanguagesAreNotToldApartInShortTexts() throws {
    let danish = "Broen er lukket fra fredag, og bådene skal vente på højvande i havnen til mandag, siger havnechefen"
    #expect(try language(danish) == "no")
    let (document, _) = try run(danish, says: "da-dk")
    #expect(document.metadata.language == "da-dk" && document.trail.isEmpty)
  }

  @Test func onlyWhatIsKeptCounts() throws {
    var document = Document.plain(Self.text("de") + "\n\n" + Self.text("fr") + "\n\n" + Self.text("de"))
    document.drop(0, reason: "r", rule: "r")
    document.drop(2, reason: "r", rule: "r")
    _ = try stage("language").process(&document)
    #expect(document.metadata.language == "fr")
  }

  @Test func theFrontOfALongTextDecides() throws {
    let front = String(repeating: Self.text("ja") + "\n\n", count: 200)
    #expect(try language(front + String(repeating: Self.text("en") + "\n\n", count: 3000)) == "ja")
    // Cut in the middle of a code point at every offset.
    for offset in 0..<4 { #expect(try language(String(repeating: "x", count: offset) + front) == "ja") }
  }

  @Test func aPageIsAskedWhatItSays() throws {
    let html = "<html lang=pt-BR><body><p>\(Self.text("pt"))</p>"
    let article = try stage("article")
    #expect(try Document.page(html).after(article, try stage("language")).metadata.language == "pt-br")
    #expect(try Document.page(html).after(article, try stage("metadata"), try stage("language")).metadata.language == "pt-br")
    let short = "<html lang=pt-BR><body><p>Fechado.</p>"
    #expect(try Document.page(short).after(article, try stage("language")).metadata.language == "pt-br")
    #expect(try Document.page("<p>Fechado.</p>").after(article, try stage("language")).metadata.language == nil)
    #expect(try Document.page(html).after(try stage("language")).metadata.language == nil)
  }

  @Test(arguments: [
    (#""keep": ["en", "de"]"#, "de", nil, Verdict.pass), (#""keep": ["en"]"#, "de", nil, .drop(reason: "language")),
    (#""keep": ["en"]"#, "de", "en", .drop(reason: "language")), (#""keep": ["pt"]"#, "pt", "pt-br", .pass),
    (#""keep": ["PT_br"]"#, "pt", "pt-br", .pass), (#""keep": ["pt-br"]"#, "pt", "pt-pt", .drop(reason: "language")),
    (#""keep": ["pt-br"]"#, "pt", nil, .drop(reason: "language")), (#""keep": ["zh"]"#, "zh-hant", nil, .pass),
    (#""keep": ["zh-hant"]"#, "zh-hant", nil, .pass), (#""keep": ["zh-hant"]"#, "zh-hant", "zh-tw", .pass),
    (#""keep": ["zh-hant"]"#, "zh", nil, .drop(reason: "language")), (#""keep": ["zh-hans"]"#, "zh", nil, .pass),
    (#""keep": ["zh-hans"]"#, "zh-hant", nil, .drop(reason: "language")), (#""keep": ["nb"]"#, "no", nil, .pass),
    (#""keep": ["no"]"#, "no", "nn", .pass), (#""keep": ["nb"]"#, "no", "nn", .drop(reason: "language")),
    (#""keep": ["fil"]"#, "tl", nil, .pass),
    (#""keep": ["iw"]"#, "he", nil, .pass), (#""keep": ["deu"]"#, "de", nil, .pass), (#""keep": ["sr-cyrl"]"#, "sr", nil, .pass),
    (#""keep": ["sr-cyrl"]"#, "sr-latn", nil, .drop(reason: "language")), (#""drop": ["de"]"#, "de", "de-at", .drop(reason: "language")),
    (#""drop": ["de"]"#, "en", nil, .pass), (#""drop": ["de-at"]"#, "de", nil, .pass), (#""drop": []"#, "de", nil, .pass),
  ])
  func whatIsWantedPasses(_ options: String, _ text: String, _ says: String?, _ verdict: Verdict) throws {
    #expect(try run(Self.text(text), says: says, options).1 == verdict)
  }

  @Test func anUnknownLanguageIsNotAmongThoseKept() throws {
    #expect(try run("Ok.", #""keep": ["en"]"#).1 == .drop(reason: "language-unknown"))
    #expect(try run("Ok.", says: "english", #""keep": ["en"]"#).1 == .drop(reason: "language-unknown"))
    #expect(try run("Ok.", says: "en-GB", #""keep": ["en"]"#).1 == .pass)
    #expect(try run("Ok.", #""drop": ["en"]"#).1 == .pass)
    #expect(try run("Ok.").1 == .pass)
  }

  @Test(arguments: [
    (#""keep": ["en", "english"]"#, "/stages/0/keep/1", #""english" is no language tag (did you mean "en"?)"#),
    (#""keep": ["Portugese"]"#, "/stages/0/keep/0", #""Portugese" is no language tag (did you mean "pt"?)"#),
    (#""drop": ["jp"]"#, "/stages/0/drop/0", #""jp" is no language tag (did you mean "ja"?)"#),
    (#""drop": ["cz-cz"]"#, "/stages/0/drop/0", #""cz-cz" is no language tag (did you mean "cs"?)"#),
    (#""keep": ["e"]"#, "/stages/0/keep/0", #""e" is no language tag such as "en", "pt-br" or "zh-hant""#),
    (#""keep": [""]"#, "/stages/0/keep/0", #""" is no language tag such as "en", "pt-br" or "zh-hant""#),
    (#""keep": ["und"]"#, "/stages/0/keep/0", #""und" is no language tag such as "en", "pt-br" or "zh-hant""#),
    (#""keep": ["en, de"]"#, "/stages/0/keep/0", #""en, de" is no language tag such as "en", "pt-br" or "zh-hant""#),
    (
      #""keep": ["de-1996"]"#, "/stages/0/keep/0",
      #""de-1996" has parts that are not compared: a language, a script and a region are, as in "de""#
    ),
    (#""keep": ["en"], "drop": ["de"]"#, "/stages/0/drop", #""keep" and "drop" cannot both be given: what is not kept is dropped"#),
  ])
  func mistakesAreNamed(_ options: String, _ pointer: String, _ message: String) {
    let error = #expect(throws: ConfigurationErrors.self) { try stage("language", options) }
    #expect(error?.errors.map(\.pointer) == [pointer] && error?.errors.map(\.message) == [message], "\(String(describing: error))")
  }

  @Test func allMistakesAreNamed() {
    let error = #expect(throws: ConfigurationErrors.self) { try stage("language", #""keep": ["xq", "en", "jp"], "drop": ["german"]"#) }
    #expect(error?.errors.map(\.pointer) == ["/stages/0/keep/0", "/stages/0/keep/2", "/stages/0/drop", "/stages/0/drop/0"])
  }
}

@Suite struct LanguageTagTests {
  @Test(
    arguments: [
      ("en", "en"), ("EN-us", "en-us"), ("en_US", "en-us"), ("zh-Hans-CN", "zh-hans-cn"), ("es-419", "es-419"), ("zh-cmn-hant", "zh-hant"),
      ("zh-yue", "yue"), ("eng", "en"), ("ger", "de"), ("iw", "he"), ("mo", "ro"), ("sh", "sr-latn"), ("sh-cyrl", "sr-cyrl"), ("jw", "jv"),
      ("ca-valencia", "ca-valencia"), ("en-x-pig", "en-x-pig"), ("haw", "haw"), ("", nil), ("e", nil), ("english", nil), ("xx", nil),
      ("uk", "uk"),
      ("jp", nil), ("un", nil), ("und", nil), ("mul", nil), ("i-klingon", nil), ("x-default", nil), ("en-", nil), ("en--us", nil),
      ("en us", nil), ("en-üs", nil), ("en-abcdefghi", nil), ("en-" + String(repeating: "a-", count: 40) + "b", nil), ("日本", nil),
    ] as [(String, String?)])
  func tags(_ text: String, _ expected: String?) {
    #expect(LanguageTag(text)?.description == expected)
    if let expected { #expect(LanguageTag(expected)?.description == expected) }
  }
}

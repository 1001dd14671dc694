import Pipeline

/// Documents that break what was written with ordinary ones in mind.
enum ConformanceDocuments {
  /// Texts with a name for each.
  static let texts: [(name: String, text: String)] = [
    ("empty", ""), ("one newline", "\n"), ("white space", " \t\u{A0}\u{2003}\n\n \n"), ("one character", "x"),
    ("one code point of four bytes", "😀"),
    ("one sentence", "The ferry runs again."), ("a line without an end", "no full stop and no newline"),
    ("boilerplate alone", "Advertisement\n\nRead more\n\nShare this"),
    (
      "an article",
      "Bridge closed until May\n\nThe old bridge will be closed for nine weeks, the city said on Monday. “We had no choice,” the mayor told reporters in St. Gallen.\n\nRead more: The other bridge\n\nBuses take the ring road. The U.S. firm that built it declined to comment."
    ),
    ("combining marks", "e\u{301}te\u{301} " + "a" + String(repeating: "\u{301}", count: 500) + " Z\u{335}\u{321}algo"),
    ("replacement characters of lone surrogates", "before \u{FFFD}\u{FFFD} after. \u{FFFD}"),
    ("right to left", "أُغلق الجسر القديم. قال العمدة: «لا خيار لدينا».\n\nגשר ישן נסגר. \u{202E}abc\u{202C}"),
    ("joined emoji", "A family 👩‍👩‍👧‍👦, a flag 🏴󠁧󠁢󠁳󠁣󠁴󠁿 and 🇪🇺. 👍🏽"),
    ("no spaces", "旧桥将关闭九周。市长说：“别无选择。”公交车绕行环路！"), ("kana and hangul", "橋は五月まで閉鎖される。다리는 5월까지 폐쇄된다. สะพานปิด"),
    ("controls", "a\u{0}b\u{1}c\u{7F}d\u{85}e\u{2028}f\u{2029}g\u{FEFF}h\u{200B}i\r\nj\rk\u{C}l"),
    ("the last code points", "\u{FFFD} \u{10FFFD} \u{E000}"),
    ("markup in text", "<p>a &amp; b</p> &#0; <!-- c --> ]]> {\"d\": \"\\\\\"}"),
    ("numbers", "1.5 2,000.50 3/4 10:30 p.m. 12.-14. $5m £3bn +49 30 1234"),
    ("many short blocks", (0..<2_000).map { "Line \($0)" }.joined(separator: "\n\n")),
    ("punctuation", String(repeating: "?!… ", count: 300)), ("one long word", String(repeating: "ab", count: 50_000)),
    (
      "a megabyte",
      String(repeating: "The bridge is closed until May, the mayor of Harbour said. Buses take the ring road.\n\n", count: 12_000)
    ),
    ("a megabyte in one block", String(repeating: "One sentence follows another, and none of them ends the line. ", count: 16_000)),
  ]

  /// Each text as a document; as a page too where a stage reads pages.
  static func all(asPages: Bool) -> [Document] {
    texts.map { name, text in
      var document = Document(id: name, source: "conformance")
      document.metadata.url = "https://www.example.com/" + name.replacing(" ", with: "-")
      if asPages {
        let paragraphs = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").split(separator: "\n\n").map { "<p>\($0)</p>" }
        document.content = RawContent(
          bytes: Array(
            "<!DOCTYPE html><title>\(name)</title><article><h1>\(name)</h1>\(paragraphs.joined(separator: "\n"))</article>".utf8),
          charset: "utf-8")
      } else {
        document.setText(BlockText(plain: Array(text.utf8)))
      }
      return document
    }
  }
}

import Pipeline

/// A language tag (BCP 47), such as `pt-br` or `zh-hant`.
struct LanguageTag: Sendable, Equatable, CustomStringConvertible {
  /// Two letters where the language has them, else three; never a code that was replaced by another.
  let language: String
  private(set) var script: String?
  let region: String?
  /// What follows the region.
  let variants: [String]

  /// Longer tags are not read, in bytes: RFC 5646 has none of more than 35.
  private static let longest = 35

  /// Reads a tag in any case, with hyphens or underscores; nil for what is none, and for tags that name no language, such as `und`.
  init?(_ text: String) {
    guard text.utf8.count <= Self.longest else { return nil }
    var subtags = text.utf8.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
      .map { $0.map(ASCII.lowered) }[...]
    func isLetters(_ subtag: [UInt8]) -> Bool { subtag.allSatisfy(ASCII.isLetter) }
    func isDigits(_ subtag: [UInt8]) -> Bool { subtag.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }
    func take(_ isWanted: ([UInt8]) -> Bool) -> String? {
      guard let next = subtags.first, isWanted(next) else { return nil }
      subtags.removeFirst()
      return String(decoding: next, as: UTF8.self)
    }
    guard var name = take({ (2...3).contains($0.count) && isLetters($0) }) else { return nil }
    // What an extended language names counts instead: `zh-yue` is `yue`.
    if let extended = take({ $0.count == 3 && isLetters($0) }) { name = extended }
    guard let canonical = LanguageCodes.canonical(name) else { return nil }
    language = canonical
    script = take { $0.count == 4 && isLetters($0) }
    if name == "sh", script == nil { script = "latn" }
    region = take { $0.count == 2 && isLetters($0) || $0.count == 3 && isDigits($0) }
    guard subtags.allSatisfy({ (1...8).contains($0.count) && $0.allSatisfy { ASCII.isLetter($0) || isDigits([$0]) } }) else { return nil }
    variants = subtags.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Reads what a page or header says of its language: the first tag of a list.
  init?(page text: String) {
    let first = text.utf8.drop(while: UTF8Text.isSpace).prefix {
      !UTF8Text.isSpace($0) && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: ";")
    }
    self.init(String(Substring(first)))
  }

  /// In lower case.
  var description: String { ([language, script, region].compactMap { $0 } + variants).joined(separator: "-") }

  /// Whether it is Chinese of any kind.
  var isChinese: Bool { LanguageCodes.family(language) == "zh" }

  /// The script that the tag names, or that its region writes.
  private var saidScript: String? {
    if script != nil || !isChinese { return script }
    return region.flatMap { LanguageCodes.chineseScripts[$0] }
  }

  /// The same, or the script that the language is usually written in, where it has two.
  private var usualScript: String? { saidScript ?? (isChinese ? "hans" : language == "sr" ? "cyrl" : nil) }

  /// The same with a script.
  func written(in script: String) -> LanguageTag {
    var result = self
    result.script = script
    return result
  }

  /// Whether a text in `found` may call itself this: the same language, or a kind of it, and no other script.
  func agrees(with found: LanguageTag) -> Bool {
    guard LanguageCodes.family(language) == LanguageCodes.family(found.language) else { return false }
    guard let mine = saidScript, let other = found.usualScript else { return true }
    return mine == other
  }

  /// The tag of a text that calls itself this and was found to be in `found`: this, with the script that was found where it names none,
  /// as long as they agree; else what was found.
  func corrected(by found: LanguageTag) -> LanguageTag {
    guard agrees(with: found) else { return found }
    guard saidScript == nil, let script = found.script else { return self }
    return written(in: script)
  }

  /// Whether this, as a person wrote it, means a document's language: a tag without script and region means all of them.
  func includes(_ document: LanguageTag) -> Bool {
    let names = [document.language, LanguageCodes.family(document.language), LanguageCodes.standards[document.language]]
    guard names.contains(language) else { return false }
    if let script, script != document.usualScript { return false }
    return region == nil || region == document.region
  }
}

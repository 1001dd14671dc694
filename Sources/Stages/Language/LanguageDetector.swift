import CCLD2
import Pipeline

/// Identifies languages with CLD2.
enum LanguageDetector {
  /// How much of a text is looked at, in bytes. Of 1,497 pages (WCXB) the answer is the same with 2, 4, 8, 16 and 64 KB; 16 KB take 0.3 ms.
  private static let mostBytes = 2_048
  /// An answer that rests on less is not taken, in bytes of letters. Of 1,295 texts in 28 languages 5 % get a wrong language when they
  /// are cut to 40 characters, 2 % when to 80; with the right hint 1 % and 0.5 %.
  private static let fewestLetters = 80
  /// Shorter texts are given hints, in bytes, and are not said to be in a language that is close to the one that the page says. Hints rule
  /// out languages close to the one they name: of Portuguese pages that call themselves Spanish none would be found out, whatever their
  /// length. Without a hint texts of 320 characters get 0.2 % wrong.
  private static let longestHinted = 400

  /// The language of the kept blocks of a text; nil where there is too little of it, or no language stands out. O(1) in the length.
  /// - Parameters:
  ///   - said: what the page says; a hint for short texts.
  ///   - host: where the page comes from, in lower case; a hint too.
  static func language(of text: BlockText, said: LanguageTag?, host: String?) -> LanguageTag? {
    var bytes = sample(of: text)
    let isShort = bytes.count < longestHinted
    let hint = isShort ? said.flatMap { $0.isChinese ? nil : $0.description } : nil
    let domain = isShort ? host.flatMap(domain(of:)) : nil
    let length = bytes.count
    bytes.append(contentsOf: repeatElement(0x20, count: Int(CCLD2_PADDING)))
    let finding = bytes.withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { ccld2_find($0.baseAddress, length, hint, domain) }
    }
    guard finding.is_reliable, finding.letters >= fewestLetters, let tag = LanguageTag(String(cString: finding.code)) else { return nil }
    if isShort, let said, !said.agrees(with: tag), ccld2_are_close(said.language, tag.language) { return nil }
    return tag.language == "sr" && tag.script == nil && isLatin(bytes) ? tag.written(in: "latn") : tag
  }

  /// The front of the kept text, cut between code points, each block on a line of its own.
  private static func sample(of text: BlockText) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(text.bytes.count, mostBytes) + 64)
    for block in text.blocks where block.isKept && !block.range.isEmpty {
      bytes.append(contentsOf: text.bytes[block.range].prefix(mostBytes - bytes.count))
      guard bytes.count < mostBytes else { break }
      bytes.append(0x0A)
    }
    guard bytes.count == mostBytes else { return bytes }
    // What was cut may be the middle of a code point.
    while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
    if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
    return bytes
  }

  /// The country of a host as a hint; nil for other top-level domains, and for countries that write Chinese.
  ///
  /// A hint at Chinese in one script rules out the other, and what is written in it is then taken for Japanese.
  private static func domain(of host: String) -> String? {
    let name = host.utf8.reversed().prefix { $0 != UInt8(ascii: ".") }.reversed()
    guard name.count == 2, name.count < host.utf8.count, name.allSatisfy(ASCII.isLetter) else { return nil }
    let domain = String(decoding: name, as: UTF8.self)
    return ["cn", "hk", "mo", "sg", "tw"].contains(domain) ? nil : domain
  }

  /// Whether a text has more Latin letters than Cyrillic ones.
  private static func isLatin(_ bytes: [UInt8]) -> Bool {
    var latin = 0
    var cyrillic = 0
    for byte in bytes {
      if ASCII.isLetter(byte) { latin += 1 } else if byte == 0xD0 || byte == 0xD1 { cyrillic += 1 }
    }
    return latin > cyrillic
  }
}

import Pipeline

/// The name of an author, and how much it looks like one.
struct PersonName: Equatable {
  enum Rank: Int, Comparable {
    /// An organisation, a team, or the site itself.
    case group
    /// A single word, or words that are not written as names are: a handle.
    case single
    case person

    static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  }

  let text: [UInt8]
  /// As `FactText.words` gives them: names that differ in nothing else are one.
  let words: [UInt8]
  let rank: Rank
  /// Whether a word in it is in no name, such as "more".
  let isDoubtful: Bool

  /// In bytes: longer texts are no names.
  private static let longest = 100
  private static let mostWords = 6
  /// In scripts without spaces, in characters.
  private static let mostWideCharacters = 8
  /// Words of names that are written in lower case are no longer, in bytes.
  private static let longestParticle = 5

  /// Judges a text; nil for one that is no name: without letters, an address, or too long.
  /// - Parameter sites: names of the site and its publishers, as `FactText.words` gives them.
  init?(_ text: ArraySlice<UInt8>, _ vocabulary: MetadataWords, sites: [[UInt8]], _ line: inout FoldedLine) {
    let text = Self.trimmed(text)
    guard !text.isEmpty, text.count <= Self.longest, !Self.isAddress(text) else { return nil }
    let shape = text.withUnsafeBufferPointer { Shape($0) }
    guard shape.hasLetter, shape.words <= Self.mostWords else { return nil }
    var kinds: MetadataWords.Kinds = []
    var unnamed = 0
    var wordCount = 0
    text.withUnsafeBufferPointer { line.fold($0) }
    let bytes = UnsafeBufferPointer(line.bytes)
    for start in line.starts {
      let offset = Int(start.offset)
      guard CharacterTable.shared.class(UTF8Text.scalar(at: offset, in: bytes).0).contains(.word) else { continue }
      wordCount += 1
      let found = vocabulary.kinds(at: offset, in: bytes)
      kinds.formUnion(found)
      if found.contains(.unnamed) { unnamed += 1 }
    }
    guard unnamed < wordCount else { return nil }
    self.text = Array(text)
    words = FactText.words(text)
    isDoubtful = unnamed > 0
    if sites.contains(words) || kinds.contains(.group) || Self.isDomain(text) {
      rank = .group
    } else if shape.wideCharacters > 0 {
      rank = (2...Self.mostWideCharacters).contains(shape.wideCharacters) ? .person : .single
    } else {
      rank = (2...5).contains(shape.words) && shape.isCapitalised && !shape.hasDigit ? .person : .single
    }
  }

  /// What a text is made of, up to its first comma, behind which academic titles stand.
  private struct Shape {
    var words = 0
    var wideCharacters = 0
    var hasLetter = false
    var hasDigit = false
    /// Whether words begin with capitals, but for particles within.
    var isCapitalised = true

    init(_ text: UnsafeBufferPointer<UInt8>) {
      let table = CharacterTable.shared
      var index = 0
      var endsInParticle = false
      while index < text.count, text[index] != UInt8(ascii: ",") {
        if text[index] == 0x20 {
          index += 1
          continue
        }
        let start = index
        let first = UTF8Text.scalar(at: index, in: text).0
        var hasWord = false
        while index < text.count, text[index] != 0x20, text[index] != UInt8(ascii: ",") {
          let (value, length) = UTF8Text.scalar(at: index, in: text)
          index += length
          let kind = table.class(value)
          let isDigit = value >= 0x30 && value <= 0x39
          hasDigit = hasDigit || isDigit
          hasWord = hasWord || kind.contains(.word)
          hasLetter = hasLetter || kind.contains(.word) && !isDigit
          if kind.contains(.wide) || value >= 0xAC00 && value <= 0xD7A3 { wideCharacters += 1 }
        }
        guard hasWord else { continue }
        words += 1
        let isLower = Self.isLowercase(first)
        if isLower, words == 1, index - start > 3 { isCapitalised = false }
        if isLower, index - start > PersonName.longestParticle { isCapitalised = false }
        endsInParticle = isLower && index - start > 3
      }
      if endsInParticle { isCapitalised = false }
    }

    /// Of scripts with cases.
    static func isLowercase(_ value: UInt32) -> Bool {
      value < 0x590 && !(value >= 0x30 && value <= 0x39) && CharacterTable.shared.class(value).contains(.word)
        && !CharacterTable.shared.class(value).contains(.upper)
    }
  }

  // MARK: Marks

  /// Without marks at the ends; a stop that belongs to an abbreviation stays.
  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text
    while let first = text.first {
      if " ,;:.|-*\"'@/+~".utf8.contains(first) {
        text.removeFirst()
      } else if text.count >= 3, first == 0xE2, text[text.startIndex + 1] == 0x80 {
        // General punctuation: dashes, quotes, bullets, joiners.
        text.removeFirst(3)
      } else if text.count >= 2, first == 0xC2 {
        text.removeFirst(2)
      } else {
        break
      }
    }
    while let last = text.last {
      if " ,;:|-*\"'/+&~".utf8.contains(last) || last == UInt8(ascii: ".") && !endsInAbbreviation(text) {
        text.removeLast()
      } else if text.count >= 3, last & 0xC0 == 0x80, text[text.endIndex - 3] == 0xE2, text[text.endIndex - 2] == 0x80 {
        text.removeLast(3)
      } else {
        break
      }
    }
    return text
  }

  private static func endsInAbbreviation(_ text: ArraySlice<UInt8>) -> Bool {
    let word = text.split(separator: 0x20).last ?? []
    return word.count <= 4 || word.dropLast().contains(UInt8(ascii: "."))
  }

  /// Whether a text is the address of a page or a mailbox.
  private static func isAddress(_ text: ArraySlice<UInt8>) -> Bool {
    if let at = text.firstIndex(of: UInt8(ascii: "@")), text[at...].contains(UInt8(ascii: ".")) { return true }
    guard let colon = text.firstIndex(of: UInt8(ascii: "/")) else { return text.starts(with: "www.".utf8) }
    return colon + 1 < text.endIndex && text[colon + 1] == UInt8(ascii: "/") || text.starts(with: "/".utf8)
  }

  /// "example.com": a name of a site.
  private static func isDomain(_ text: ArraySlice<UInt8>) -> Bool {
    guard let dot = text.lastIndex(of: UInt8(ascii: ".")), dot > text.startIndex, text[dot - 1] != 0x20 else { return false }
    let ending = text[(dot + 1)...]
    return domains.contains { ending.elementsEqual($0) }
  }

  private static let domains = ["com", "org", "net", "io", "co", "info", "de", "fr", "es", "it", "nl", "pl", "ru", "se", "uk", "jp"].map {
    Array($0.utf8)
  }
}

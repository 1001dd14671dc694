import Pipeline

/// The script of a text, and the language that it stands for where nothing says which it is.
enum TextScript {
  /// More letters are not counted.
  private static let mostLetters = 2000

  /// The language that most letters at the beginning of a text are used for; nil where they are Latin, or no letters.
  static func usualLanguage(of bytes: UnsafeBufferPointer<UInt8>) -> String? {
    var counts: [String: Int] = [:]
    var left = mostLetters
    count(bytes, &counts, &left)
    return language(counts)
  }

  private static func language(_ counts: [String: Int]) -> String? {
    // Japanese is written with Chinese characters too, and they are most of many texts.
    if let kana = counts["ja"], kana * 5 > counts["zh", default: 0] {
      return kana + counts["zh", default: 0] > counts["", default: 0] ? "ja" : nil
    }
    guard let most = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else { return nil }
    return most.key.isEmpty ? nil : most.key
  }

  private static func count(_ bytes: UnsafeBufferPointer<UInt8>, _ counts: inout [String: Int], _ left: inout Int) {
    var latin = 0
    var index = 0
    while index < bytes.count, left > 0 {
      let byte = bytes[index]
      if byte < 0x80 {
        if byte | 0x20 >= 0x61, byte | 0x20 <= 0x7A {
          latin += 1
          left -= 1
        }
        index += 1
        continue
      }
      let (value, width) = UTF8Text.scalar(at: index, in: bytes)
      index += width
      guard let language = language(of: value) else { continue }
      counts[language, default: 0] += 1
      left -= 1
    }
    if latin > 0 { counts["", default: 0] += latin }
  }

  /// Nil for what is no letter of a script that is known; empty for Latin.
  private static func language(of value: UInt32) -> String? {
    switch value {
    case 0xC0...0x24F, 0x1E00...0x1EFF: ""
    case 0x370...0x3FF, 0x1F00...0x1FFF: "el"
    case 0x400...0x52F: "ru"
    case 0x531...0x58F: "hy"
    case 0x590...0x5FF: "he"
    case 0x620...0x6FF: "ar"
    case 0x900...0x97F: "hi"
    case 0x1200...0x137F: "am"
    case 0x3040...0x30FF: "ja"
    case 0x4E00...0x9FFF: "zh"
    case 0xAC00...0xD7A3: "ko"
    default: nil
    }
  }
}

import Pipeline

/// Texts of facts.
enum FactText {
  /// In bytes; longer ones are cut.
  static let longest = 4096

  /// White space folded, none at the ends, and no half of a character at the end of what was cut.
  static func folded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var whole = bytes
    if whole.count >= longest {
      while let last = whole.last, last & 0xC0 == 0x80 { whole.removeLast() }
      if let last = whole.last, last >= 0xC0 { whole.removeLast() }
    }
    var result: [UInt8] = []
    result.reserveCapacity(whole.count)
    WhiteSpace.appendFolded(whole, to: &result)
    while result.last == 0x20 { result.removeLast() }
    return result
  }

  static func string(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  /// What makes two texts the same for a reader: letters and digits in lower case, one space between runs of them.
  static func words(_ text: some Collection<UInt8>) -> [UInt8] {
    let table = CharacterTable.shared
    let bytes = Array(text)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    bytes.withUnsafeBufferPointer { bytes in
      var index = 0
      var needsSpace = false
      while index < bytes.count {
        let letter = table.asciiWord[Int(bytes[index])]
        if letter != 0 {
          if needsSpace, !result.isEmpty { result.append(0x20) }
          needsSpace = false
          result.append(letter)
          index += 1
          continue
        }
        let (value, length) = UTF8Text.scalar(at: index, in: bytes)
        index += length
        let kind = table.class(value)
        if kind.contains(.ignored) { continue }
        guard kind.contains(.word) else {
          needsSpace = true
          continue
        }
        if needsSpace, !result.isEmpty { result.append(0x20) }
        needsSpace = false
        result.append(scalar: table.fold(value))
      }
    }
    return result
  }

  /// Whether whole words of a text are those of another; both as `words` gives them.
  static func holds(_ text: [UInt8], _ part: [UInt8]) -> Bool {
    guard !part.isEmpty, part.count <= text.count else { return false }
    for start in 0...(text.count - part.count) where text[start] == part[0] && (start == 0 || text[start - 1] == 0x20) {
      let end = start + part.count
      if end == text.count || text[end] == 0x20, text[start..<end].elementsEqual(part) { return true }
    }
    return false
  }
}

import Pipeline

extension SkipPass {
  /// Reads what stands behind the name of a tag, up to its end.
  mutating func readAttributes() -> (script: ScriptKind, isSelfClosing: Bool) {
    var script = ScriptKind.code
    var kept = 0
    while index < bytes.count {
      while index < bytes.count, UTF8Text.isSpace(bytes[index]) { index += 1 }
      guard index < bytes.count else { break }
      if bytes[index] == UInt8(ascii: ">") {
        index += 1
        return (script, false)
      }
      if bytes[index] == UInt8(ascii: "/") {
        index += 1
        if index < bytes.count, bytes[index] == UInt8(ascii: ">") {
          index += 1
          return (script, true)
        }
        continue
      }
      let start = index
      while index < bytes.count {
        let byte = bytes[index]
        if UTF8Text.isSpace(byte) || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") { break }
        if byte == UInt8(ascii: "="), index > start { break }
        index += 1
      }
      let name = start..<index
      while index < bytes.count, UTF8Text.isSpace(bytes[index]) { index += 1 }
      var value = index..<index
      if index < bytes.count, bytes[index] == UInt8(ascii: "=") {
        index += 1
        value = readValue()
      }
      if name.count == 4, ASCII.lowered(bytes[start]) == UInt8(ascii: "t"), ASCII.lowered(bytes[start + 1]) == UInt8(ascii: "y") {
        script = ScriptKind(type: UnsafeBufferPointer(rebasing: bytes[value]))
      }
      guard let attribute = attribute(name) else { continue }
      kept += 1
      guard kept <= Self.mostAttributes else {
        limits.insert("more than \(Self.mostAttributes) attributes on one element")
        continue
      }
      tokens.attribute(attribute, shortened(value))
    }
    return (script, false)
  }

  private mutating func readValue() -> Range<Int> {
    while index < bytes.count, UTF8Text.isSpace(bytes[index]) { index += 1 }
    guard index < bytes.count else { return index..<index }
    let quote = bytes[index]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      let start = index + 1
      if let end = finder.find(quote, from: start) {
        index = end + 1
        return start..<end
      }
      index = finder.find(UInt8(ascii: ">"), from: start) ?? bytes.count
      return start..<index
    }
    let start = index
    while index < bytes.count, !UTF8Text.isSpace(bytes[index]), bytes[index] != UInt8(ascii: ">") { index += 1 }
    return start..<index
  }

  private mutating func shortened(_ value: Range<Int>) -> Range<Int> {
    guard value.count > Self.longestValue else { return value }
    limits.insert("an attribute longer than \(Self.longestValue) bytes")
    var end = value.lowerBound + Self.longestValue
    while end > value.lowerBound, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return value.lowerBound..<end
  }

  private func attribute(_ name: Range<Int>) -> Attribute? {
    attributes.value(for: UnsafeBufferPointer(rebasing: bytes[name])).map { Attribute(rawValue: $0)! }
  }
}

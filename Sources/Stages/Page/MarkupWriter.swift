import Pipeline

/// Writes normalised markup: references decoded, and `&`, `<`, `>` and `"` as the only ones left.
struct MarkupWriter {
  private(set) var bytes: [UInt8] = []
  private let source: UnsafeBufferPointer<UInt8>

  init(_ source: UnsafeBufferPointer<UInt8>) {
    self.source = source
    bytes.reserveCapacity(source.count / 2 + 64)
  }

  var count: Int { bytes.count }

  mutating func append(_ byte: UInt8) { bytes.append(byte) }
  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Takes back what was written from a place on.
  @discardableResult
  mutating func cut(from start: Int) -> [UInt8] {
    let tail = Array(bytes[start...])
    bytes.removeSubrange(start...)
    return tail
  }

  mutating func append(contentsOf tail: [UInt8]) { bytes.append(contentsOf: tail) }

  /// Writes a range of the page that lies between tags.
  mutating func text(_ range: Range<Int>) {
    var at = range.lowerBound
    while at < range.upperBound {
      var run = at
      while run < range.upperBound, source[run] != UInt8(ascii: "&"), source[run] != 0, source[run] != UInt8(ascii: ">") { run += 1 }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: source[at..<run]))
      guard run < range.upperBound else { return }
      at = run + 1
      switch source[run] {
      case 0: continue
      case UInt8(ascii: ">"): append("&gt;")
      default:
        let end = CharacterReferences.decode(source, at: run, isAttribute: false) { escaped($0) }
        if let end { at = min(end, range.upperBound) } else { append("&amp;") }
      }
    }
  }

  /// Writes an attribute with a value from the page.
  mutating func attribute(_ attribute: Attribute, _ value: Range<Int>) {
    append(UInt8(ascii: " "))
    append(attribute.spelling)
    append("=\"")
    var at = value.lowerBound
    while at < value.upperBound {
      if source[at] == UInt8(ascii: "&"),
        let end = CharacterReferences.decode(
          UnsafeBufferPointer(rebasing: source[..<value.upperBound]), at: at, isAttribute: true, { escaped($0) })
      {
        at = end
        continue
      }
      escaped(CollectionOfOne(source[at]))
      at += 1
    }
    append(UInt8(ascii: "\""))
  }

  /// Writes the name of an element. Names outside HTML are written as `x`: libxml2 keeps every name it meets.
  mutating func name(_ tag: Tag) {
    append(tag == .other ? "x" : tag.name)
  }

  /// Writes the end of an element; of one that was not written, the space between its text and the next.
  mutating func end(_ element: OpenElements.Element) {
    guard element.isWritten else {
      append(UInt8(ascii: " "))
      return
    }
    append("</")
    name(element.tag)
    append(UInt8(ascii: ">"))
  }

  private mutating func escaped(_ text: some Sequence<UInt8>) {
    for byte in text {
      switch byte {
      case UInt8(ascii: "&"): append("&amp;")
      case UInt8(ascii: "<"): append("&lt;")
      case UInt8(ascii: ">"): append("&gt;")
      case UInt8(ascii: "\""): append("&quot;")
      case 0: continue
      default: bytes.append(byte)
      }
    }
  }
}

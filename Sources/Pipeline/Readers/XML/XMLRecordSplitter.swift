/// One record of an XML file, as it stands there.
struct XMLFragment: Sendable {
  /// The bytes of the element, in the encoding of the file.
  var bytes: [UInt8]
  /// The encoding that the file declares; nil where it does not.
  var charset: String?
  /// Prefixes of namespaces that the elements around the record declare, with their names.
  var prefixes: [String: String]
  /// A condition that the record must meet, in XPath; nil where there is none.
  var predicate: String?
}

/// Cuts the records out of an XML file as it streams by. Memory is bounded by the largest record, whatever the size of the file.
///
/// Works on bytes: in every encoding but UTF-16, which is converted before, a byte of markup is never part of another character. Broken
/// nesting costs the record it is in: a record ends at its own end tag, or at that of an element around it.
struct XMLRecordSplitter {
  enum Record {
    case record(XMLFragment)
    /// Larger than the limit, and skipped to its end.
    case tooLong
    /// Something that never ends: the rest of the file cannot be read.
    case endless(String)
  }

  /// A record this many times over the limit ends the file: it may have no end at all.
  static let patience = 16
  /// Deeper elements are not followed.
  static let deepest = 512
  /// A tag without an end within this many bytes is text.
  private static let longestTag = 8 << 20

  private var window: ByteWindow
  private let path: RecordPath
  private let limit: Int
  private var charset: String?
  private var prefixes: [String: String] = [:]
  private var ancestors: [[UInt8]] = []
  private var record: [UInt8] = []
  private var skipped = 0
  /// The record's name, how often it is open, and what it was matched by; nil between records.
  private var inside: (name: [UInt8], depth: Int, predicate: String?)?

  init(_ source: any ByteSource, path: RecordPath, limit: Int) {
    window = ByteWindow(source)
    self.path = path
    self.limit = limit
  }

  /// The next record; nil at the end.
  /// - Throws: `IOError`.
  mutating func next() throws -> Record? {
    while true {
      try take(upTo: window.find(UInt8(ascii: "<")))
      if skipped > limit * Self.patience {
        inside = nil
        return .endless("a record is larger than \(Size.format(limit * Self.patience))")
      }
      try window.ensure(9)
      guard window.count > 0 else { return inside == nil ? nil : finish() }
      if window.starts(with: "<!--") {
        guard try take(through: "-->") else { return .endless("a comment is never closed") }
      } else if window.starts(with: "<![CDATA[") {
        guard try take(through: "]]>") else { return .endless("a CDATA section is never closed") }
      } else if window.starts(with: "<?") {
        if charset == nil, window.starts(with: "<?xml") {
          try window.ensure(400)
          charset = Charset.declaration(inXML: window[0..<min(400, window.count)])
        }
        guard try take(through: "?>") else { return .endless("a processing instruction is never closed") }
      } else if window.starts(with: "<!") {
        guard try takeDoctype() else { return .endless("the document type is never closed") }
      } else if let result = try readTag() {
        return result
      }
    }
  }

  // MARK: Tags

  /// Reads what stands at `<`: a tag, or a mark that is none.
  private mutating func readTag() throws -> Record? {
    let isEnd = window.count > 1 && window[1] == UInt8(ascii: "/")
    let nameStart = isEnd ? 2 : 1
    guard window.count > nameStart, ASCII.isNameStart(window[nameStart]), let length = try tagLength() else {
      take(1)
      return nil
    }
    var nameEnd = nameStart
    while nameEnd < length, !UTF8Text.isSpace(window[nameEnd]), window[nameEnd] != UInt8(ascii: ">"), window[nameEnd] != UInt8(ascii: "/") {
      nameEnd += 1
    }
    let name = Array(window[nameStart..<nameEnd])
    if isEnd { return readEnd(name, length) }
    let isEmpty = window[length - 2] == UInt8(ascii: "/")
    if let open = inside {
      take(length)
      if !isEmpty, name == open.name { inside?.depth += 1 }
      return nil
    }
    if let match = path.match(name, inside: ancestors) {
      inside = (name, 1, match.predicate)
      take(length)
      return isEmpty ? finish() : nil
    }
    collectPrefixes(window[0..<length])
    take(length)
    if !isEmpty, ancestors.count < Self.deepest { ancestors.append(name) }
    return nil
  }

  private mutating func readEnd(_ name: [UInt8], _ length: Int) -> Record? {
    guard let open = inside else {
      take(length)
      if let place = ancestors.lastIndex(of: name) { ancestors.removeSubrange(place...) }
      return nil
    }
    if name == open.name {
      take(length)
      inside?.depth -= 1
      return open.depth == 1 ? finish() : nil
    }
    // The end of an element around the record ends the record too; the tag is read again outside.
    if ancestors.last == name, !endsInside(name) { return finish() }
    take(length)
    return nil
  }

  /// Whether an element of this name was opened inside the record.
  private func endsInside(_ name: [UInt8]) -> Bool {
    let needle = [UInt8(ascii: "<")] + name
    return record.firstRange(of: needle) != nil
  }

  private mutating func finish() -> Record {
    defer {
      record = []
      skipped = 0
      inside = nil
    }
    if skipped > 0 { return .tooLong }
    return .record(XMLFragment(bytes: record, charset: charset, prefixes: prefixes, predicate: inside?.predicate))
  }

  /// The length of the tag at the front of the window, quotes respected; nil when it has no end.
  private mutating func tagLength() throws -> Int? {
    var index = 1
    var quote: UInt8 = 0
    var firstEnd: Int?
    while true {
      if index >= window.count {
        guard index < Self.longestTag, try window.ensure(index + 1), index < window.count else { return firstEnd }
      }
      let byte = window[index]
      if byte == UInt8(ascii: ">") {
        if quote == 0 { return index + 1 }
        if firstEnd == nil { firstEnd = index + 1 }
      } else if quote != 0 {
        if byte == quote { quote = 0 }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: "<") {
        return nil
      }
      index += 1
    }
  }

  /// Notes `xmlns:prefix="name"`.
  private mutating func collectPrefixes(_ tag: ArraySlice<UInt8>) {
    guard tag.firstRange(of: Array("xmlns:".utf8)) != nil else { return }
    for part in String(decoding: tag, as: UTF8.self).split(separator: "xmlns:").dropFirst() {
      let prefix = part.prefix { $0 != "=" && !$0.isWhitespace }
      let rest = part.dropFirst(prefix.count).drop { $0 == "=" || $0.isWhitespace }
      guard let quote = rest.first, quote == "\"" || quote == "'" else { continue }
      prefixes[String(prefix)] = String(rest.dropFirst().prefix { $0 != quote })
    }
  }

  // MARK: Taking

  private mutating func take(_ count: Int) {
    if inside != nil {
      if record.count + count <= limit, skipped == 0 {
        record.append(contentsOf: window[0..<count])
      } else {
        skipped += count + record.count
        record = []
      }
    }
    window.drop(count)
  }

  /// Takes text, read anew as often as needed, up to a mark; nil takes what there is.
  private mutating func take(upTo found: Int?) throws {
    var found = found
    while true {
      take(found ?? window.count)
      if found != nil { return }
      guard try window.ensure(1) else { return }
      found = window.find(UInt8(ascii: "<"))
      if skipped > limit * Self.patience { return }
    }
  }

  /// Takes everything through the end of a construct; false when it has none.
  private mutating func take(through end: String) throws -> Bool {
    let needle = Array(end.utf8)
    while true {
      if let place = window.find(needle) {
        take(place + needle.count)
        return true
      }
      // The end may stand across the border of what is in the window.
      take(max(0, window.count - needle.count + 1))
      guard try window.ensure(window.count + 1) else { return false }
    }
  }

  /// Takes a document type with its internal subset; nothing in it is read.
  private mutating func takeDoctype() throws -> Bool {
    var depth = 0
    var quote: UInt8 = 0
    while try window.ensure(1) {
      let byte = window[0]
      take(1)
      if quote != 0 {
        if byte == quote { quote = 0 }
      } else if byte == UInt8(ascii: "\""), depth > 0 {
        quote = byte
      } else if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "<") {
        depth += 1
      } else if byte == UInt8(ascii: "]") || byte == UInt8(ascii: ">") {
        depth -= 1
        if depth == 0 { return true }
      }
    }
    return false
  }
}

import Pipeline

/// What is wrong with a selector.
struct SelectorError: Error, Equatable, CustomStringConvertible {
  /// Where, in code points from 1.
  let position: Int
  /// What was expected or is not understood, and what was found.
  let message: String

  var description: String { "at character \(position): \(message)" }
}

extension Selector {
  /// Reads a list of selectors.
  init(_ text: String) throws(SelectorError) {
    var parser = SelectorParser(text)
    alternatives = try parser.list()
    self.text = text
  }
}

/// Reads selectors by the grammar of CSS (Selectors Level 4, CSS Syntax Level 3), as far as they are understood here.
private struct SelectorParser {
  private let bytes: [UInt8]
  private var index = 0

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  // MARK: Lists and combinators

  mutating func list() throws(SelectorError) -> [Selector.Alternative] {
    var result: [Selector.Alternative] = []
    repeat {
      skipSpace()
      result.append(try alternative())
    } while take(UInt8(ascii: ","))
    if let byte = next { throw unexpected(byte) }
    return result
  }

  private mutating func alternative() throws(SelectorError) -> Selector.Alternative {
    var parts: [Selector.Part] = []
    var parents: UInt64 = 0
    var ancestors: UInt64 = 0
    let start = index
    while true {
      parts.append(try part())
      let hadSpace = skipSpace()
      let bit: UInt64 = 1 << (parts.count - 1)
      if take(UInt8(ascii: ">")) {
        parents |= bit
        skipSpace()
      } else if hadSpace, let byte = next, byte != UInt8(ascii: ",") {
        ancestors |= bit
      } else {
        return Selector.Alternative(parts: parts, parents: parents, ancestors: ancestors)
      }
      if parts.count == Selector.Alternative.mostParts {
        throw error("a selector of more than \(Selector.Alternative.mostParts) parts", at: start)
      }
    }
  }

  // MARK: Parts

  private mutating func part() throws(SelectorError) -> Selector.Part {
    var part = Selector.Part()
    let start = index
    if !take(UInt8(ascii: "*")), startsName { part.tag = try tag() }
    while let byte = next {
      switch byte {
      case UInt8(ascii: "."):
        index += 1
        part.conditions.append(.init(attribute: .cls, relation: .word, value: try name(of: "a class"), ignoresCase: false))
      case UInt8(ascii: "#"):
        index += 1
        part.conditions.append(.init(attribute: .id, relation: .equals, value: try name(of: "an id"), ignoresCase: false))
      case UInt8(ascii: "["):
        index += 1
        part.conditions.append(try attribute())
      default:
        if index == start || byte == UInt8(ascii: ":") { throw unexpected(byte) }
        if startsName || byte == UInt8(ascii: "*") {
          throw error("the name of an element stands first in its part; a space before it means an element further inside", at: index)
        }
        return part
      }
    }
    if index == start { throw error("expected a selector, found the end", at: index) }
    return part
  }

  private mutating func tag() throws(SelectorError) -> Tag {
    let start = index
    let name = try name(of: "an element").map(ASCII.lowered)
    let tag = name.withUnsafeBufferPointer { Tag.named($0) }
    let text = String(decoding: name, as: UTF8.self)
    if tag == .other {
      let near = nearest(to: text, among: Tag.allCases.filter { $0 != .other }.map(\.name)).map { " (did you mean \"\($0)\"?)" }
      throw error(
        "\"\(text)\" is no element that pages are told apart by, and the names of others are not kept; name a class, id or attribute"
          + (near ?? ""), at: start)
    }
    if Self.cut.contains(tag) { throw error("\"\(text)\" is cut out of every page before selectors are looked for", at: start) }
    return tag
  }

  /// Elements that the skip pass leaves out.
  private static let cut: TagSet = [.script, .style, .iframe, .textarea, .svg]

  // MARK: Attributes

  private mutating func attribute() throws(SelectorError) -> Selector.Condition {
    skipSpace()
    let start = index
    let name = try name(of: "an attribute").map(ASCII.lowered)
    guard let attribute = name.withUnsafeBufferPointer({ Attribute.named($0) }) else {
      let known = Attribute.allCases.map(\.spelling).sorted().joined(separator: ", ")
      throw error("the attribute \"\(String(decoding: name, as: UTF8.self))\" is not kept; those that are: \(known)", at: start)
    }
    skipSpace()
    if take(UInt8(ascii: "]")) {
      return Selector.Condition(attribute: attribute, relation: .exists, value: [], ignoresCase: false)
    }
    let relation = try relation()
    skipSpace()
    var value = try value()
    skipSpace()
    let ignoresCase = flag() ?? Self.caseless.contains(attribute)
    if ignoresCase { value = value.map(ASCII.lowered) }
    skipSpace()
    guard take(UInt8(ascii: "]")) else { throw error("expected \"]\", found \(found)", at: index) }
    return Selector.Condition(attribute: attribute, relation: relation, value: value, ignoresCase: ignoresCase)
  }

  /// Attributes whose values HTML compares without ASCII case in selectors.
  private static let caseless: Set<Attribute> = [.charset, .httpEquiv, .lang, .rel]

  private mutating func relation() throws(SelectorError) -> Selector.Condition.Relation {
    for (mark, relation) in Self.relations where bytes[index...].starts(with: mark.utf8) {
      index += mark.utf8.count
      return relation
    }
    throw error("expected \"]\" or one of =, ~=, |=, ^=, $=, *=, found \(found)", at: index)
  }

  private static let relations: [(mark: String, relation: Selector.Condition.Relation)] = [
    ("=", .equals), ("~=", .word), ("|=", .language), ("^=", .prefix), ("$=", .suffix), ("*=", .contains),
  ]

  private mutating func value() throws(SelectorError) -> [UInt8] {
    guard let quote = next, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      guard startsName else { throw error("expected a name or a text in quotes, found \(found)", at: index) }
      return try name(of: "a value")
    }
    let start = index
    index += 1
    var result: [UInt8] = []
    while let byte = next {
      index += 1
      if byte == quote { return result }
      if byte == UInt8(ascii: "\n") { break }
      if byte == UInt8(ascii: "\\") {
        // A newline behind the backslash only goes on with the text.
        if !take(UInt8(ascii: "\n")) { result += escape() }
      } else {
        result.append(byte)
      }
    }
    throw error("the quotation mark is not closed", at: start)
  }

  /// Whether case does not count; nil where no flag says.
  private mutating func flag() -> Bool? {
    switch next.map(ASCII.lowered) {
    case UInt8(ascii: "i"):
      index += 1
      return true
    case UInt8(ascii: "s"):
      index += 1
      return false
    default: return nil
    }
  }

  // MARK: Names

  /// Whether a name begins here: with a letter, `_`, any character beyond ASCII, an escape, or a hyphen before one of these or another.
  private var startsName: Bool {
    func isStart(_ place: Int) -> Bool {
      guard place < bytes.count else { return false }
      return ASCII.isNameStart(bytes[place]) || isEscape(place)
    }
    guard next == UInt8(ascii: "-") else { return isStart(index) }
    return isStart(index + 1) || index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "-")
  }

  private func isEscape(_ place: Int) -> Bool {
    bytes[place] == UInt8(ascii: "\\") && place + 1 < bytes.count && bytes[place + 1] != UInt8(ascii: "\n")
  }

  private mutating func name(of what: String) throws(SelectorError) -> [UInt8] {
    guard startsName else {
      if let byte = next, isDigit(byte) {
        let other = what == "an id" ? ", or [id=\"…\"]" : what == "a class" ? ", or [class~=\"…\"]" : ""
        throw error("the name of \(what) cannot begin with a digit: write \\3\(byte & 0x0F) and a space for it\(other)", at: index)
      }
      throw error("expected the name of \(what), found \(found)", at: index)
    }
    var result: [UInt8] = []
    while let byte = next {
      if ASCII.isNameStart(byte) || isDigit(byte) || byte == UInt8(ascii: "-") {
        result.append(byte)
        index += 1
      } else if isEscape(index) {
        index += 1
        result += escape()
      } else {
        break
      }
    }
    return result
  }

  /// Reads an escape behind its backslash: up to six hexadecimal digits and a space, or any character. At the end it stands for U+FFFD.
  private mutating func escape() -> [UInt8] {
    var value: UInt32 = 0
    var digits = 0
    while digits < 6, let digit = next.flatMap(hexadecimal) {
      value = value << 4 | digit
      digits += 1
      index += 1
    }
    if digits > 0 {
      if let byte = next, UTF8Text.isSpace(byte) { index += 1 }
      return Array(String(value == 0 ? "\u{FFFD}" : Unicode.Scalar(value) ?? "\u{FFFD}").utf8)
    }
    guard let first = next else { return Array("\u{FFFD}".utf8) }
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    defer { index += length }
    return Array(bytes[index..<index + length])
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  private func hexadecimal(_ byte: UInt8) -> UInt32? {
    if isDigit(byte) { return UInt32(byte & 0x0F) }
    let letter = ASCII.lowered(byte)
    return letter >= 0x61 && letter <= 0x66 ? UInt32(letter - 0x57) : nil
  }

  // MARK: Bytes and errors

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    index += 1
    return true
  }

  @discardableResult
  private mutating func skipSpace() -> Bool {
    let start = index
    while let byte = next, UTF8Text.isSpace(byte) { index += 1 }
    return index > start
  }

  /// What stands here, for messages.
  private var found: String {
    let rest = String(decoding: bytes[index...], as: UTF8.self)
    return rest.unicodeScalars.first.map { "\"\($0)\"" } ?? "the end"
  }

  private func error(_ message: String, at place: Int) -> SelectorError {
    SelectorError(position: bytes[..<place].count { $0 & 0xC0 != 0x80 } + 1, message: message)
  }

  /// The error about a byte that no selector goes on with.
  private func unexpected(_ byte: UInt8) -> SelectorError {
    switch byte {
    case UInt8(ascii: "+"), UInt8(ascii: "~"), UInt8(ascii: "|"):
      return error("\(found) between elements is not understood; a space (anywhere inside) and \">\" (directly inside) are", at: index)
    case UInt8(ascii: ":"):
      let name = bytes[index...].prefix { $0 == byte || ASCII.isNameStart($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
      return error(
        "\"\(String(decoding: name, as: UTF8.self))\" is not understood: types, *, .class, #id and [attribute] are", at: index)
    default: return error("expected a selector, found \(found)", at: index)
    }
  }
}

/// Which elements of an XML file are records: a path of names, such as `//item`, `/rss/channel/item` or `//item | //entry`.
///
/// A subset of XPath that can be decided while a file streams by: names as they stand in the file (with their prefix), `*`, `/` and `//`,
/// several paths joined by `|`, and a predicate on the last step, which the record itself answers.
struct RecordPath: Sendable, Equatable {
  struct Alternative: Sendable, Equatable {
    /// From the root down; `isDeep` where `//` stands before the name.
    var steps: [(isDeep: Bool, name: String)]
    /// What stands in brackets behind the last step.
    var predicate: String?

    static func == (a: Alternative, b: Alternative) -> Bool {
      a.predicate == b.predicate && a.steps.elementsEqual(b.steps) { $0 == $1 }
    }
  }

  let alternatives: [Alternative]

  /// Nil for a path that is none, or needs more than names.
  init?(_ text: String) {
    var alternatives: [Alternative] = []
    for part in Self.split(text) {
      guard let alternative = Self.parse(part.trimmingSpace) else { return nil }
      alternatives.append(alternative)
    }
    guard !alternatives.isEmpty else { return nil }
    self.alternatives = alternatives
  }

  /// The path that an element with this name, inside these, is a record by; nil when it is none.
  func match(_ name: [UInt8], inside ancestors: [[UInt8]]) -> Alternative? {
    alternatives.first { matches($0.steps[...], ancestors[...], name) }
  }

  private func matches(_ steps: ArraySlice<(isDeep: Bool, name: String)>, _ ancestors: ArraySlice<[UInt8]>, _ name: [UInt8]) -> Bool {
    guard let last = steps.last, last.name == "*" || last.name.utf8.elementsEqual(name) else { return false }
    let rest = steps.dropLast()
    if rest.isEmpty { return last.isDeep || ancestors.isEmpty }
    var above = ancestors
    while let parent = above.popLast() {
      if matches(rest, above, parent) { return true }
      if !last.isDeep { return false }
    }
    return false
  }

  /// At bars outside of brackets.
  private static func split(_ text: String) -> [Substring] {
    var parts: [Substring] = []
    var start = text.startIndex
    var depth = 0
    for index in text.indices {
      switch text[index] {
      case "[": depth += 1
      case "]": depth -= 1
      case "|" where depth == 0:
        parts.append(text[start..<index])
        start = text.index(after: index)
      default: break
      }
    }
    return parts + [text[start...]]
  }

  private static func parse(_ text: Substring) -> Alternative? {
    var text = text
    var predicate: String?
    if let bracket = text.firstIndex(of: "[") {
      guard text.last == "]" else { return nil }
      predicate = String(text[text.index(after: bracket)...].dropLast())
      text = text[..<bracket]
    }
    var steps: [(isDeep: Bool, name: String)] = []
    // A name alone is looked for anywhere, as people expect.
    var isDeep = !text.hasPrefix("/")
    while !text.isEmpty {
      if text.hasPrefix("//") {
        isDeep = true
        text = text.dropFirst(2)
      } else if text.hasPrefix("/") {
        text = text.dropFirst()
      } else if !steps.isEmpty {
        return nil
      }
      let name = text.prefix { $0 != "/" }
      guard let first = name.utf8.first,
        name == "*" || ASCII.isNameStart(first) && name.allSatisfy({ $0.isLetter || $0.isNumber || "_-.:".contains($0) })
      else { return nil }
      steps.append((isDeep, String(name)))
      isDeep = false
      text = text.dropFirst(name.count)
    }
    return steps.isEmpty ? nil : Alternative(steps: steps, predicate: predicate)
  }
}

extension Substring {
  fileprivate var trimmingSpace: Substring {
    var text = drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text = text.dropLast() }
    return text
  }
}

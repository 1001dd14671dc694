import Pipeline

/// A list of CSS selectors that finds elements of a page, such as `div.story > p, #lead`.
///
/// Types, `*`, `.class`, `#id`, `[attribute]` with all operators, the descendant and the child combinator, and escapes are understood.
/// Classes, ids and values are compared byte for byte, but for the attributes whose values HTML compares without case, and with the
/// flag `i`.
struct Selector: Sendable, Equatable {
  /// As it was written.
  let text: String
  let alternatives: [Alternative]

  /// One selector of the list: its parts as bits of a mask, the leftmost the lowest.
  struct Alternative: Sendable, Equatable {
    let parts: [Part]
    /// Parts that the part to their right must be directly inside of.
    let parents: UInt64
    /// Parts that the part to their right may be anywhere inside of.
    let ancestors: UInt64

    /// So many parts fit a mask.
    static let mostParts = 64
  }

  /// What stands between two combinators: everything that one element must be.
  struct Part: Sendable, Equatable {
    /// Nil for any.
    var tag: Tag?
    var conditions: [Condition] = []
  }

  /// A condition on an attribute. A class and an id are conditions too.
  struct Condition: Sendable, Equatable {
    enum Relation: Sendable, Equatable {
      case exists, equals
      /// Is among the words that white space parts.
      case word
      /// Equals, or goes on with a hyphen.
      case language
      case prefix, suffix, contains
    }

    let attribute: Attribute
    let relation: Relation
    /// In lower case where case does not count.
    let value: [UInt8]
    let ignoresCase: Bool
  }

  /// Whether the list has a selector that finds an element; never a text.
  ///
  /// All ways to place the parts on the elements around the node are followed at once, as bits of a mask, so that there is nothing to go
  /// back to: each element above the node is looked at once, whatever the selector, and tested for each part once at most.
  func matches(_ node: Int, in page: Page) -> Bool {
    guard !page.nodes[node].isText else { return false }
    return alternatives.contains { alternative in
      // The parts that the element at hand may be.
      var pending: UInt64 = 1 << (alternative.parts.count - 1)
      var at = node
      while at >= 0, pending != 0 {
        let found = alternative.parts(of: at, among: pending, in: page)
        if found & 1 != 0 { return true }
        // A part that was found asks for the one to its left; one that may be anywhere above goes on being asked for.
        pending = pending & alternative.ancestors | found >> 1
        at = Int(page.nodes[at].parent)
      }
      return false
    }
  }

  /// All elements that the list finds, in document order.
  ///
  /// Goes down the page once for each selector of the list: an element's parts follow from those of its parent, so that the time is
  /// that of the page's length times the number of parts, however deep it is nested.
  func allMatches(in page: Page) -> [Int] {
    if alternatives.count == 1 { return alternatives[0].matches(in: page) }
    return Set(alternatives.flatMap { $0.matches(in: page) }).sorted()
  }
}

extension Selector.Alternative {
  /// What is known of an open element.
  private struct Level {
    /// The node behind it.
    let end: Int32
    /// The parts that it is, with all parts to their left found above it.
    let own: UInt64
    /// The same of it and all elements around it.
    let path: UInt64
  }

  /// The elements that it finds, in document order.
  fileprivate func matches(in page: Page) -> [Int] {
    var result: [Int] = []
    var open: [Level] = []
    let last: UInt64 = 1 << (parts.count - 1)
    for (node, current) in page.nodes.enumerated() where !current.isText {
      while let level = open.last, Int(level.end) <= node { open.removeLast() }
      let around = open.last
      let candidates = ((around?.own ?? 0) & parents) << 1 | ((around?.path ?? 0) & ancestors) << 1 | 1
      let own = parts(of: node, among: candidates, in: page)
      if own & last != 0 { result.append(node) }
      open.append(Level(end: current.end, own: own, path: (around?.path ?? 0) | own))
    }
    return result
  }

  /// Which of some parts an element is, whatever is around it.
  fileprivate func parts(of node: Int, among candidates: UInt64, in page: Page) -> UInt64 {
    var rest = candidates
    var result: UInt64 = 0
    while rest != 0 {
      let bit = rest & (~rest &+ 1)
      if parts[rest.trailingZeroBitCount].matches(node, in: page) { result |= bit }
      rest ^= bit
    }
    return result
  }
}

extension Selector.Part {
  fileprivate func matches(_ node: Int, in page: Page) -> Bool {
    if let tag, page.nodes[node].tag != tag { return false }
    return conditions.allSatisfy { condition in
      guard let value = page.attributeBytes(condition.attribute, of: node) else { return false }
      return value.withUnsafeBufferPointer { found in condition.value.withUnsafeBufferPointer { condition.holds(found, $0) } }
    }
  }
}

extension Selector.Condition {
  /// Whether the value of an attribute fulfils the condition. An empty `wanted` is in no value, as CSS has it.
  fileprivate func holds(_ found: UnsafeBufferPointer<UInt8>, _ wanted: UnsafeBufferPointer<UInt8>) -> Bool {
    let room = found.count - wanted.count
    switch relation {
    case .exists: return true
    case .equals: return room == 0 && stands(wanted, at: 0, in: found)
    case .language:
      return room >= 0 && stands(wanted, at: 0, in: found) && (room == 0 || found[wanted.count] == UInt8(ascii: "-"))
    case .prefix: return !wanted.isEmpty && room >= 0 && stands(wanted, at: 0, in: found)
    case .suffix: return !wanted.isEmpty && room >= 0 && stands(wanted, at: room, in: found)
    case .contains: return !wanted.isEmpty && room >= 0 && (0...room).contains { stands(wanted, at: $0, in: found) }
    case .word:
      var at = 0
      while at < found.count {
        while at < found.count, UTF8Text.isSpace(found[at]) { at += 1 }
        let start = at
        while at < found.count, !UTF8Text.isSpace(found[at]) { at += 1 }
        if at > start, at - start == wanted.count, stands(wanted, at: start, in: found) { return true }
      }
      return false
    }
  }

  /// - Precondition: `wanted` fits behind `place`.
  private func stands(_ wanted: UnsafeBufferPointer<UInt8>, at place: Int, in found: UnsafeBufferPointer<UInt8>) -> Bool {
    for index in 0..<wanted.count {
      let byte = found[place + index]
      if (ignoresCase ? ASCII.lowered(byte) : byte) != wanted[index] { return false }
    }
    return true
  }
}

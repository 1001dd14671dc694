import Pipeline

/// A parsed page as a flat arena: elements and texts in document order, each subtree a range of nodes.
///
/// Immutable once parsed. Positions are indices; nothing is allocated per node.
public final class Page: Sendable {
  /// An element, or a stretch of text.
  public struct Node: Sendable {
    /// The element; `other` for text.
    public let tag: Tag
    public let isText: Bool
    /// -1 for a top node.
    public let parent: Int32
    /// The node behind the subtree.
    public internal(set) var end: Int32
    /// For text: its bytes in `text`. For an element: its attributes in `attributes`.
    public internal(set) var start: Int32
    public internal(set) var stop: Int32
  }

  public let nodes: [Node]
  /// The bytes of all text nodes, in order, decoded, valid UTF-8.
  public let text: [UInt8]
  /// Bodies of JSON-LD scripts.
  public let structuredData: [[UInt8]]
  /// Bodies of other JSON scripts, of a page that shows next to nothing without its scripts.
  public let state: [[UInt8]]
  /// Limits that the parser met, for the trail.
  public let limits: [String]
  let attributes: [(name: Attribute, value: Range<Int32>)]
  let attributeText: [UInt8]

  init(
    nodes: [Node], text: [UInt8], attributes: [(name: Attribute, value: Range<Int32>)], attributeText: [UInt8],
    structuredData: [[UInt8]], state: [[UInt8]], limits: [String]
  ) {
    self.nodes = nodes
    self.text = text
    self.attributes = attributes
    self.attributeText = attributeText
    self.structuredData = structuredData
    self.state = state
    self.limits = limits
  }

  /// An element's attribute, references decoded; nil when it has none.
  public func attribute(_ name: Attribute, of node: Int) -> String? {
    attributeBytes(name, of: node).map { String(decoding: $0, as: UTF8.self) }
  }

  func attributeBytes(_ name: Attribute, of node: Int) -> ArraySlice<UInt8>? {
    guard !nodes[node].isText else { return nil }
    for index in Int(nodes[node].start)..<Int(nodes[node].stop) where attributes[index].name == name {
      let value = attributes[index].value
      return attributeText[Int(value.lowerBound)..<Int(value.upperBound)]
    }
    return nil
  }

  /// The nodes below an element.
  public func descendants(of node: Int) -> Range<Int> {
    (node + 1)..<Int(nodes[node].end)
  }

  /// The bytes of a text node.
  public func textBytes(_ node: Int) -> ArraySlice<UInt8> {
    text[Int(nodes[node].start)..<Int(nodes[node].stop)]
  }

  /// The text below an element as a reader sees it, white space folded; breaks and blocks part words.
  /// - Parameters:
  ///   - limit: in bytes; what is longer is cut.
  ///   - showsAll: whether the text of controls inside counts too.
  public func foldedText(of node: Int, limit: Int = .max, showsAll: Bool = false) -> String {
    String(decoding: foldedBytes(of: node, limit: limit, showsAll: showsAll), as: UTF8.self)
  }

  func foldedBytes(of node: Int, limit: Int = .max, showsAll: Bool = false) -> [UInt8] {
    var result: [UInt8] = []
    var inner = node
    let end = Int(nodes[node].end)
    while inner < end, result.count < limit {
      let current = nodes[inner]
      if current.isText {
        WhiteSpace.appendFolded(textBytes(inner), to: &result)
      } else if inner > node, !showsAll, Self.unread.contains(current.tag) {
        inner = Int(current.end)
        continue
      } else if current.tag == .br || current.tag == .option || current.tag.isBlock, let last = result.last, last != 0x20 {
        result.append(0x20)
      }
      inner += 1
    }
    if result.count > limit {
      result.removeSubrange(limit...)
      while let last = result.last, last & 0xC0 == 0x80 { result.removeLast() }
      if let last = result.last, last >= 0xC0 { result.removeLast() }
    }
    while result.last == 0x20 { result.removeLast() }
    return result
  }

  /// Elements whose text is not shown with what is around them.
  static let unread: TagSet = [.script, .style, .select, .button, .option, .template, .noscript, .textarea, .svg]

  /// The first element with a tag.
  public func first(_ tag: Tag) -> Int? {
    nodes.firstIndex { $0.tag == tag && !$0.isText }
  }
}

/// Folding of white space, as a browser shows text.
enum WhiteSpace {
  /// Appends text with runs of white space (no-break spaces too) as one space; none at `start`, where a text of its own begins, and
  /// none behind a space or line break that is there already.
  static func appendFolded(_ text: ArraySlice<UInt8>, to result: inout [UInt8], from start: Int = 0) {
    text.withUnsafeBufferPointer { bytes in
      var index = 0
      while index < bytes.count {
        let gap = index
        while index < bytes.count {
          if UTF8Text.isSpace(bytes[index]) {
            index += 1
          } else if bytes[index] == 0xC2, index + 1 < bytes.count, bytes[index + 1] == 0xA0 {
            index += 2
          } else {
            break
          }
        }
        if index > gap, result.count > start, let last = result.last, last != 0x20, last != 0x0A { result.append(0x20) }
        // A single space between two words is copied with them.
        let run = index
        while index < bytes.count {
          let byte = bytes[index]
          if byte > 0x20 {
            if byte == 0xC2, index + 1 < bytes.count, bytes[index + 1] == 0xA0 { break }
          } else if byte == 0x20 {
            guard index + 1 < bytes.count, bytes[index + 1] > 0x20, bytes[index + 1] != 0xC2 else { break }
          } else if UTF8Text.isSpace(byte) {
            break
          }
          index += 1
        }
        if index > run { result.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[run..<index])) }
      }
    }
  }
}

import Glibc
import Pipeline

/// What the skip pass leaves of a page: bare tags, properly nested, for libxml2; and beside them the texts and attributes, each with the
/// place among the tags where it stood.
///
/// libxml2 looks at every byte it is given several times; text and attributes need nothing of it but their place.
struct PageTokens {
  /// A start tag.
  struct Element {
    let tag: Tag
    /// Where it begins in `tags`.
    let place: Int32
    /// In `attributes`, up to those of the next element.
    let firstAttribute: Int32
  }

  /// A stretch of text between two tags.
  struct Run {
    /// Where the tag behind it begins in `tags`.
    let place: Int32
    /// Where it ends in `text`; it begins where the one before ended.
    var end: Int32
  }

  /// Start and end tags by their names alone.
  private(set) var tags: [UInt8] = []
  private(set) var elements: [Element] = []
  private(set) var runs: [Run] = []
  /// All texts, references decoded, valid UTF-8.
  private(set) var text: [UInt8] = []
  private(set) var attributes: [(name: Attribute, value: Range<Int32>)] = []
  private(set) var attributeText: [UInt8] = []

  private let source: UnsafeBufferPointer<UInt8>
  private let hasNUL: Bool
  private let names = TagNames.shared

  init(_ source: UnsafeBufferPointer<UInt8>) {
    self.source = source
    hasNUL = source.count > 0 && memchr(source.baseAddress!, 0, source.count) != nil
    tags.reserveCapacity(source.count / 12 + 64)
    text.reserveCapacity(source.count / 4 + 64)
    attributeText.reserveCapacity(source.count / 6 + 64)
    elements.reserveCapacity(source.count / 100 + 16)
    runs.reserveCapacity(source.count / 100 + 16)
    attributes.reserveCapacity(source.count / 100 + 16)
  }

  // MARK: Tags

  /// Writes a start tag; the attributes written since `firstAttribute` are its own.
  mutating func start(_ tag: Tag, firstAttribute: Int) {
    elements.append(Element(tag: tag, place: Int32(tags.count), firstAttribute: Int32(firstAttribute)))
    names.appendStart(tag, to: &tags)
  }

  mutating func end(_ tag: Tag) {
    names.appendEnd(tag, to: &tags)
  }

  /// Ends the page: text behind the last tag has a place before the end.
  mutating func finish() {
    tags.append(0x20)
  }

  /// Takes attributes back whose element is not written.
  mutating func cutAttributes(from first: Int) {
    guard first < attributes.count else { return }
    attributeText.removeSubrange(Int(attributes[first].value.lowerBound)...)
    attributes.removeSubrange(first...)
  }

  // MARK: Text

  /// Writes a range of the page that lies between tags.
  mutating func text(_ range: Range<Int>) {
    Self.append(range, of: source, hasNUL: hasNUL, isAttribute: false, to: &text)
    endRun()
  }

  mutating func text(byte: UInt8) {
    text.append(byte)
    endRun()
  }

  private mutating func endRun() {
    if let last = runs.indices.last, Int(runs[last].place) == tags.count {
      runs[last].end = Int32(text.count)
    } else {
      runs.append(Run(place: Int32(tags.count), end: Int32(text.count)))
    }
  }

  /// Writes an attribute with a value from the page.
  mutating func attribute(_ name: Attribute, _ value: Range<Int>) {
    let start = Int32(attributeText.count)
    Self.append(value, of: source, hasNUL: hasNUL, isAttribute: true, to: &attributeText)
    attributes.append((name, start..<Int32(attributeText.count)))
  }

  /// Copies what stands between references, and decodes those.
  private static func append(
    _ range: Range<Int>, of source: UnsafeBufferPointer<UInt8>, hasNUL: Bool, isAttribute: Bool, to target: inout [UInt8]
  ) {
    let range = UnsafeBufferPointer(rebasing: source[range])
    guard let base = range.baseAddress, !range.isEmpty else { return }
    var at = 0
    while at < range.count {
      let mark = memchr(base + at, Int32(UInt8(ascii: "&")), range.count - at).map { $0 - UnsafeMutableRawPointer(mutating: base) }
      let run = UnsafeBufferPointer(rebasing: range[at..<(mark ?? range.count)])
      if hasNUL { target.append(contentsOf: run.lazy.filter { $0 != 0 }) } else { target.append(contentsOf: run) }
      guard let mark else { return }
      if let end = CharacterReferences.decode(range, at: mark, isAttribute: isAttribute, { target.append(contentsOf: $0) }) {
        at = end
      } else {
        target.append(UInt8(ascii: "&"))
        at = mark + 1
      }
    }
  }
}

/// The tags as they are written for libxml2, which keeps every name it meets: all names outside HTML are one.
private struct TagNames {
  static let shared = TagNames()

  private var bytes: [UInt8] = []
  private var starts: [Range<Int>] = []
  private var ends: [Range<Int>] = []

  private init() {
    for tag in Tag.allCases {
      let name = tag == .other ? "x" : tag.name
      func add(_ text: String) -> Range<Int> {
        bytes.append(contentsOf: text.utf8)
        return (bytes.count - text.utf8.count)..<bytes.count
      }
      starts.append(add("<\(name)>"))
      ends.append(add("</\(name)>"))
    }
  }

  func appendStart(_ tag: Tag, to target: inout [UInt8]) {
    bytes.withUnsafeBufferPointer { target.append(contentsOf: UnsafeBufferPointer(rebasing: $0[starts[Int(tag.rawValue)]])) }
  }

  func appendEnd(_ tag: Tag, to target: inout [UInt8]) {
    bytes.withUnsafeBufferPointer { target.append(contentsOf: UnsafeBufferPointer(rebasing: $0[ends[Int(tag.rawValue)]])) }
  }
}

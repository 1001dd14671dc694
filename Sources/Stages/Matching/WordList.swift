import CModels
import Glibc

/// A word list as it lies in a stage's Resources: sections in brackets, one entry a line, `#` for comments.
struct WordList {
  /// The file's name without extension: a language, or what it lists.
  let name: String
  private(set) var sections: [(name: String, entries: [String])] = []

  init(_ resource: cmodels_resource) {
    name = String(cString: resource.name)
    read(UnsafeBufferPointer(start: resource.bytes, count: resource.size))
  }

  /// A list from a file of a user's, or from options.
  init(name: String, sections: [(name: String, entries: [String])] = []) {
    self.name = name
    self.sections = sections
  }

  /// Adds what a list's text says; entries before the first section stand in one without a name.
  mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) {
    for var line in bytes.split(separator: UInt8(ascii: "\n")) where line.first != UInt8(ascii: "#") {
      if line.last == UInt8(ascii: "\r") { line.removeLast() }
      if line.isEmpty { continue }
      if line.first == UInt8(ascii: "["), line.last == UInt8(ascii: "]") {
        sections.append((String(decoding: line.dropFirst().dropLast(), as: UTF8.self), []))
      } else if sections.isEmpty {
        sections.append(("", [String(decoding: line, as: UTF8.self)]))
      } else {
        sections[sections.count - 1].entries.append(String(decoding: line, as: UTF8.self))
      }
    }
  }

  static func all(_ table: (UnsafeMutablePointer<Int>) -> UnsafePointer<cmodels_resource>?) -> [WordList] {
    var count = 0
    let first = table(&count)
    return (0..<count).map { WordList(first![$0]) }
  }

  /// One of them; nil where there is none of that name.
  static func named(_ name: String, _ table: (UnsafeMutablePointer<Int>) -> UnsafePointer<cmodels_resource>?) -> WordList? {
    var count = 0
    let first = table(&count)
    return (0..<count).first { strcmp(first![$0].name, name) == 0 }.map { WordList(first![$0]) }
  }

  func entries(_ section: String) -> [String] {
    sections.first { $0.name == section }?.entries ?? []
  }
}

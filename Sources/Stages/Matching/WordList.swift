import CModels

/// A word list as it lies in a stage's Resources: sections in brackets, one entry a line, `#` for comments.
struct WordList {
  /// The file's name without extension: a language, or what it lists.
  let name: String
  private(set) var sections: [(name: String, entries: [String])] = []

  init(_ resource: cmodels_resource) {
    name = String(cString: resource.name)
    let bytes = UnsafeBufferPointer(start: resource.bytes, count: resource.size)
    for line in bytes.split(separator: UInt8(ascii: "\n")) where line.first != UInt8(ascii: "#") {
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

  func entries(_ section: String) -> [String] {
    sections.first { $0.name == section }?.entries ?? []
  }
}

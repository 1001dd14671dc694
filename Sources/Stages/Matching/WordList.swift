import CModels

/// A word list as it lies in a stage's Resources: sections in brackets, one entry a line, `#` for comments.
struct WordList {
  /// The file's name without extension: a language, or what it lists.
  let name: String
  private(set) var sections: [(name: String, entries: [String])] = []

  init(_ resource: cmodels_resource) {
    name = String(cString: resource.name)
    let text = String(decoding: UnsafeBufferPointer(start: resource.bytes, count: resource.size), as: UTF8.self)
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      if line.hasPrefix("["), line.hasSuffix("]") {
        sections.append((String(line.dropFirst().dropLast()), []))
      } else if sections.isEmpty {
        sections.append(("", [String(line)]))
      } else {
        sections[sections.count - 1].entries.append(String(line))
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

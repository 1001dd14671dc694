import CModels
import Pipeline

/// Tags names from lists.
public struct EntitiesStage: Stage {
  public static let descriptor = StageDescriptor(
    name: "entities",
    summary: "Tags names from lists with a label and an identifier; the text is not changed.",
    options: [
      OptionDescriptor(
        "lists", .files,
        "Lists of names of your own: lines of NAME, tab, LABEL and optionally tab, IDENTIFIER. They win over the built-in list."),
      OptionDescriptor(
        "builtin", .boolean, default: .boolean(true), "Whether the built-in list of countries, cities and large organisations is used."),
    ],
    needs: [.text], provides: [.entities])

  private let names: NameList

  public init(options: Options) throws {
    var lists: [(source: String, bytes: [UInt8])] = []
    for path in options.texts("lists") {
      do {
        lists.append((path, try TextFile.read(path)))
      } catch {
        throw OptionProblem("lists", "\(error)")
      }
    }
    if options.bool("builtin") {
      let resource = cmodels_names()
      lists.append(("built-in", Array(UnsafeBufferPointer(start: resource.bytes, count: resource.size))))
    }
    names = try NameList(lists)
  }

  public func process(_ document: inout Document) throws -> Verdict {
    guard let text = document.text else { return .pass }
    var entities: [Entity] = []
    for block in text.blocks where block.isKept {
      let start = block.range.lowerBound
      text.withBytes(of: block) { bytes in
        for (name, range) in names.find(in: bytes) {
          entities.append(
            Entity(
              range: (start + range.lowerBound)..<(start + range.upperBound), label: name.label, id: name.id, source: "list"))
        }
      }
    }
    document.entities = entities
    return .pass
  }
}

/// Names with their labels, found in one pass.
struct NameList: Sendable {
  struct Name: Sendable, Equatable {
    let label: String
    let id: String?
  }

  private let trie: PhraseTrie
  private let names: [Name]

  /// - Throws: `OptionProblem` for the first bad line.
  init(_ lists: [(source: String, bytes: [UInt8])]) throws {
    var phrases: [[UInt8]] = []
    var names: [Name] = []
    for list in lists {
      for (number, line) in list.bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
        var line = line
        if number == 0, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        if line.last == 0x0D { line.removeLast() }
        if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
        let fields = line.split(separator: 0x09, omittingEmptySubsequences: false)
        guard fields.count == 2 || fields.count == 3, !fields[0].isEmpty, !fields[1].isEmpty else {
          throw OptionProblem(
            "lists", "\(list.source):\(number + 1): expected NAME, tab, LABEL and optionally tab, IDENTIFIER")
        }
        phrases.append(Array(fields[0]))
        let id = fields.count == 3 && !fields[2].isEmpty ? String(decoding: fields[2], as: UTF8.self) : nil
        names.append(Name(label: String(decoding: fields[1], as: UTF8.self), id: id))
      }
    }
    trie = PhraseTrie(phrases)
    self.names = names
  }

  /// Names in a text as whole words, from left to right, the longest at each place, without overlap.
  func find(in bytes: UnsafeBufferPointer<UInt8>) -> [(name: Name, range: Range<Int>)] {
    var found: [(name: Name, range: Range<Int>)] = []
    var index = 0
    var isInWord = false
    while index < bytes.count {
      let (value, length) = UTF8Text.scalar(at: index, in: bytes)
      let isWord = UTF8Text.isWord(value)
      if !isInWord || !isWord || UTF8Text.isCJK(value), let (phrase, end) = longest(at: index, in: bytes) {
        found.append((names[phrase], index..<end))
        index = end
        isInWord = false
        continue
      }
      isInWord = isWord && !UTF8Text.isCJK(value)
      index += length
    }
    return found
  }

  private func longest(at start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> (phrase: Int, end: Int)? {
    var longest: (phrase: Int, end: Int)?
    trie.phrases(at: start, in: bytes) { phrase, end in
      if WordBorder.endsWord(end, in: bytes) { longest = (phrase, end) }
    }
    return longest
  }
}

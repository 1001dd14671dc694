/// Writes a document as Markdown (CommonMark, tables as on GitHub): its title, then its blocks.
struct MarkdownEncoder {
  let links: Bool
  let images: Bool

  /// The file's content, with a newline at its end unless it is empty.
  func encode(_ document: borrowing Document) -> [UInt8] {
    var lines: [String] = []
    if let title = document.metadata.title, !title.isEmpty { lines.append("# " + escaped(title)) }
    guard let text = document.text else { return bytes(lines) }
    var lastGroup = 0
    /// How many items were written at each depth of the present list.
    var numbers: [Int: Int] = [:]
    for block in text.blocks where block.isKept && !block.range.isEmpty {
      for image in images ? block.markup?.images ?? [] : [] {
        lines.append("![\(escaped(image.description))](\(address(image.address)))")
      }
      let isContinued = block.group != 0 && block.group == lastGroup && (block.kind == .listItem || block.kind == .tableRow)
      let level = block.markup?.level ?? 0
      numbers = isContinued ? numbers.filter { $0.key <= level } : [:]
      numbers[level, default: 0] += 1
      lastGroup = block.group
      let rendered = render(block, text, numbers[level]!, isContinued)
      if isContinued, !lines.isEmpty { lines[lines.count - 1] += "\n" + rendered } else { lines.append(rendered) }
    }
    return bytes(lines)
  }

  private func bytes(_ parts: [String]) -> [UInt8] {
    parts.isEmpty ? [] : Array((parts.joined(separator: "\n\n") + "\n").utf8)
  }

  private func render(_ block: Block, _ text: BlockText, _ number: Int, _ isContinued: Bool) -> String {
    let level = block.markup?.level ?? 0
    switch block.kind {
    case .preformatted:
      let code = text.string(block.range)
      var fence = "```"
      while code.contains(fence) { fence += "`" }
      return "\(fence)\n\(code)\n\(fence)"
    case .tableRow:
      let cells = inline(block, text).replacing("\n", with: " ").components(separatedBy: " | ")
      let row = "| " + cells.joined(separator: " | ") + " |"
      return isContinued ? row : row + "\n|" + String(repeating: " --- |", count: cells.count)
    case .heading: return String(repeating: "#", count: max(2, min(6, level))) + " " + inline(block, text).replacing("\n", with: " ")
    case .listItem:
      let indent = String(repeating: "   ", count: max(0, level - 1))
      let mark = block.markup?.isOrdered == true ? "\(number). " : "- "
      return indent + mark + inline(block, text).replacing("\n", with: "\n" + indent + "   ")
    case .quotation: return "> " + inline(block, text).replacing("\n", with: "\n> ")
    case .caption: return "*" + inline(block, text).replacing("\n", with: " ") + "*"
    case .paragraph: return protected(inline(block, text).replacing("\n", with: "  \n"))
    }
  }

  /// The text of a block with its links.
  private func inline(_ block: Block, _ text: BlockText) -> String {
    guard links, let markup = block.markup, !markup.links.isEmpty else { return escaped(text.string(block.range)) }
    var result = ""
    var at = block.range.lowerBound
    for link in markup.links {
      let range = ((block.extent.lowerBound + link.range.lowerBound)..<(block.extent.lowerBound + link.range.upperBound)).clamped(
        to: block.range)
      guard !range.isEmpty, range.lowerBound >= at else { continue }
      // White space at the ends of a link's text stands outside the brackets.
      var inner = range
      while let first = inner.first, UTF8Text.isSpace(text.bytes[first]) { inner = (first + 1)..<inner.upperBound }
      while let last = inner.last, UTF8Text.isSpace(text.bytes[last]) { inner = inner.lowerBound..<last }
      guard !inner.isEmpty else { continue }
      result += escaped(text.string(at..<inner.lowerBound)) + "[" + escaped(text.string(inner)) + "](" + address(link.address) + ")"
      at = inner.upperBound
    }
    return result + escaped(text.string(at..<block.range.upperBound))
  }

  private func address(_ address: String) -> String {
    let needsBrackets = address.contains { $0 == " " || $0 == "(" || $0 == ")" }
    let plain = address.filter { $0 != "<" && $0 != ">" && !$0.isNewline }
    return needsBrackets ? "<\(plain)>" : plain
  }

  /// Marks that would mean something.
  private func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { "\\`*_[]<".utf8.contains($0) }) else { return text }
    return text.reduce(into: "") { result, character in
      if "\\`*_[]<".contains(character) { result.append("\\") }
      result.append(character)
    }
  }

  /// A paragraph that begins like a heading, a list or a quotation.
  private func protected(_ text: String) -> String {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    if !digits.isEmpty, let mark = text.dropFirst(digits.count).first, mark == "." || mark == ")" {
      return digits + "\\" + text.dropFirst(digits.count)
    }
    guard let first = text.first, "#>+-=~|".contains(first) else { return text }
    return "\\" + text
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let found = rest.firstRange(of: separator) {
      parts.append(String(rest[..<found.lowerBound]))
      rest = rest[found.upperBound...]
    }
    return parts + [String(rest)]
  }
}

import Pipeline

/// Bylines: names that a word announces, that an element's class marks, or that lead to the page of a person.
extension ShownFacts {
  private static let mostNodesBehind = 400
  /// In bytes.
  private static let longestByline = 100
  /// The words before a name, and its first letter, in bytes.
  private static let longestAnnouncement = 48
  /// What it costs that a class or a link tells a name, and no word.
  private static let costOfClass = 20.0
  private static let costOfLink = 60.0
  /// What it costs that names are no full ones.
  private static let costOfSingle = 80.0
  private static let costOfAnnouncedSingle = 20.0
  private static let costOfGroup = 120.0
  /// A link to a person's page that is farther away is one to somebody else, in cost.
  private static let highestLinkCost = 180.0
  /// How many nodes of a byline, and texts among them, may hold names.
  private static let mostNodes = 40
  private static let mostTexts = 12

  /// "By Ada Bell", or "By" and the name in the next texts, or "홍길동 기자".
  mutating func readByline(_ node: Int, _ text: ArraySlice<UInt8>, _ line: inout FoldedLine) {
    guard node >= asideEnd, text.count <= Self.longestByline, node - anchor <= Self.mostNodesBehind else { return }
    // Most texts are no bylines, as their first words tell.
    var beginning = text.prefix(Self.longestAnnouncement)
    while beginning.count < text.count, let next = text.dropFirst(beginning.count).first, next & 0xC0 == 0x80 {
      beginning = text.prefix(beginning.count + 1)
    }
    beginning.withUnsafeBufferPointer { line.fold($0) }
    let behind = reader.behindByline(line)
    guard behind > 0 else {
      if isReporter(text, line) { offer(names(from: node, to: node + 1, &line), at: node, extra: 0, isAnnounced: true) }
      return
    }
    if behind >= line.starts.count {
      guard beginning.count == text.count else { return }
      // "By" alone: the name is in the next text.
      guard let next = (node + 1..<min(node + Self.mostTexts, page.nodes.count)).first(where: { isShown($0) }) else { return }
      offer(names(from: next, to: min(next + Self.mostNodes, page.nodes.count), &line), at: node, extra: 0, isAnnounced: true)
      return
    }
    let nameStart = Int(line.starts[behind].source)
    if beginning.withUnsafeBufferPointer({ mayBeginName(UTF8Text.scalar(at: nameStart, in: $0).0) }) {
      offer(names(from: node, to: min(node + Self.mostNodes, page.nodes.count), &line), at: node, extra: 0, isAnnounced: true)
    }
  }

  /// Whether a name can begin with a character: a capital, or a letter of a script without cases.
  private func mayBeginName(_ value: UInt32) -> Bool {
    let kind = CharacterTable.shared.class(value)
    return kind.contains(.upper) || value >= 0x590 && kind.contains(.word) || value == UInt32(UInt8(ascii: "@"))
  }

  /// "홍길동 기자": a short text in a script without spaces that ends in a reporter's word.
  private func isReporter(_ text: ArraySlice<UInt8>, _ line: borrowing FoldedLine) -> Bool {
    guard text.count <= 40, (text.first ?? 0) >= 0xE3, line.starts.count >= 2 else { return false }
    let bytes = UnsafeBufferPointer(line.bytes)
    return line.starts.dropFirst().contains {
      reader.words.longest(.role, at: Int($0.offset), in: bytes).map { $0.end >= bytes.count } ?? false
    }
  }

  mutating func read(element node: Int, _ line: inout FoldedLine) {
    let element = page.nodes[node]
    guard node >= asideEnd, node - anchor <= Self.mostNodesBehind, Int(element.end) - node < Self.mostNodesInside else { return }
    if element.tag == .a, let address = page.attributeBytes(.href, of: node), BylineHints.isAuthorPage(address) {
      let reading = reader.names(page.foldedBytes(of: node, limit: Self.longestByline), isShown: true, &line)
      if cost(of: node) < Self.highestLinkCost { offer(reading.names, at: node, extra: Self.costOfLink, isAnnounced: false) }
    }
    guard element.tag != .img, element.tag != .main, element.tag != .article, BylineHints.isByline(page, node) else { return }
    var tried = 0
    for inner in page.descendants(of: node) where isShown(inner) {
      let text = page.textBytes(inner)
      guard text.count <= Self.longestText else { return }
      text.withUnsafeBufferPointer { line.fold($0) }
      // The label, or the initial that stands for a portrait.
      if line.bytes.count < 3 || reader.behindByline(line) >= line.starts.count { continue }
      // "Reviewed by": what follows is somebody else.
      if reader.opensWithOther(line) { return }
      let found = names(from: inner, to: Int(element.end), &line)
      offer(found, at: node, extra: Self.costOfClass, isAnnounced: false)
      tried += 1
      if !found.isEmpty || tried > 2 { return }
    }
  }

  /// Whether a node is a text that is not blank.
  private func isShown(_ node: Int) -> Bool {
    page.nodes[node].isText && page.textBytes(node).contains { !UTF8Text.isSpace($0) }
  }

  /// The names from a text on, over the commas and "and" between elements.
  private func names(from start: Int, to end: Int, _ line: inout FoldedLine) -> [PersonName] {
    var result: [PersonName] = []
    var wantsName = true
    var node = start
    var texts = 0
    while node < end, texts < Self.mostTexts {
      defer { node += 1 }
      guard isShown(node) else { continue }
      texts += 1
      let text = FactText.folded(page.textBytes(node).prefix(Self.longestText + 1))
      guard text.count <= Self.longestText else { break }
      let joins = joins(text, &line)
      if joins == text.count {
        wantsName = true
        continue
      }
      guard wantsName || joins > 0 else { break }
      let reading = reader.names(
        Array(text[joins...]), isShown: true, isBehindComma: joins > 0 && text[0] == UInt8(ascii: ","), &line)
      if reading.names.isEmpty { break }
      result += reading.names
      wantsName = reading.wantsMore
      if reading.isCut { break }
    }
    return result
  }

  /// How much at the beginning of a text joins names: ",", "and".
  private func joins(_ text: [UInt8], _ line: inout FoldedLine) -> Int {
    text.withUnsafeBufferPointer { line.fold($0) }
    let bytes = UnsafeBufferPointer(line.bytes)
    var end = 0
    for start in line.starts {
      let offset = Int(start.offset)
      if offset < end { continue }
      if [UInt8(ascii: ","), UInt8(ascii: "&"), UInt8(ascii: "+"), UInt8(ascii: ";"), UInt8(ascii: "/")].contains(bytes[offset]) {
        end = offset + 1
      } else if let found = reader.words.longest(.and, at: offset, in: bytes) {
        end = found.end
      } else {
        return Int(start.source) > 0 && end > 0 ? Int(start.source) : 0
      }
    }
    return end > 0 ? text.count : 0
  }

  private mutating func offer(_ found: [PersonName], at node: Int, extra: Double, isAnnounced: Bool) {
    let found = found.filter { !$0.isDoubtful }
    guard let first = found.first, let best = found.map(\.rank).max() else { return }
    // Without a word before it, a text of several words that is no name is none.
    let spaces = first.words.count { $0 == 0x20 }
    if !isAnnounced, best < .person, found.count > 1 || spaces > (best == .single ? 0 : 3) { return }
    let costOfRank =
      switch best {
      case .person: 0.0
      case .single: isAnnounced ? Self.costOfAnnouncedSingle : Self.costOfSingle
      case .group: Self.costOfGroup
      }
    let cost = cost(of: node) + extra + costOfRank
    if cost < names?.cost ?? .infinity { names = ShownNames(names: found, cost: cost, isAnnounced: isAnnounced) }
  }
}

import Pipeline

/// What a block is given by its containers, its place, its neighbours and its page.
extension BlockFeatures {
  // MARK: Containers

  mutating func readContainers() {
    let list = containers.list
    guard let top = list.first else { return }
    let best = list[containers.best]
    let bestEnd = Int(page.nodes[Int(best.node)].end)
    let bestBlocks = Int(best.firstBlock)..<(Int(best.firstBlock) + Int(best.blocks))
    // Blocks of one container share all of this but their place.
    var known = -1
    var values: [(BlockFeature, Int)] = []
    for row in blocks.blocks.indices {
      let index = Int(containers.ofBlock[row])
      if index != known {
        known = index
        values = Self.values(of: index, list, top)
      }
      for (feature, value) in values { set(feature, row, value) }
      let node = blocks.blocks[row].container
      let isInside = node >= Int(best.node) && node < bestEnd
      set(.inBest, row, isInside ? 1 : 0)
      set(.fromBest, row, isInside ? 0 : row < bestBlocks.lowerBound ? row - bestBlocks.lowerBound : row - bestBlocks.upperBound + 1)
      set(.bestShare, row, Self.share(best.text, of: top.text))
      set(.bestNames, row, Int(best.pathNames))
    }
  }

  private static func values(of index: Int, _ list: [Container], _ top: Container) -> [(BlockFeature, Int)] {
    var result: [(BlockFeature, Int)] = []
    result.reserveCapacity(32)
    let c0 = list[index]
    let c1 = c0.parent < 0 ? c0 : list[Int(c0.parent)]
    let c2 = c1.parent < 0 ? c1 : list[Int(c1.parent)]
    let c3 = c2.parent < 0 ? c2 : list[Int(c2.parent)]
    for (container, text, linked, count, part) in [
      (c0, BlockFeature.text0, BlockFeature.linked0, BlockFeature.blocks0, BlockFeature.share0),
      (c1, .text1, .linked1, .blocks1, .share1), (c2, .text2, .linked2, .blocks2, .share2),
    ] {
      result.append((text, size(container.text)))
      result.append((linked, share(container.linked, of: container.text)))
      result.append((count, Int(container.blocks)))
      result.append((part, share(container.longText, of: top.longText)))
    }
    result.append((.share3, share(c3.longText, of: top.longText)))
    result.append((.twins0, Int(c0.twins)))
    result.append((.twins1, Int(c1.twins)))
    var distances = [99, 99, 99]
    var linked50 = -1
    var record: (distance: Int, container: Container)?
    var at = index
    var distance = 0
    while at >= 0 {
      let container = list[at]
      let held = share(container.longText, of: top.longText)
      if top.longText > 0 {
        if held >= 300, distances[0] == 99 { distances[0] = distance }
        if held >= 500, distances[1] == 99 {
          distances[1] = distance
          linked50 = share(container.linked, of: container.text)
        }
        if held >= 800, distances[2] == 99 { distances[2] = distance }
      }
      // A record is an element among at least three of its kind that holds more than a line.
      if record == nil, container.twins >= 3, container.blocks >= 2 { record = (distance, container) }
      at = Int(container.parent)
      distance += 1
    }
    result.append((.distance30, distances[0]))
    result.append((.distance50, distances[1]))
    result.append((.distance80, distances[2]))
    result.append((.linked50, linked50))
    result.append((.recordDistance, record?.distance ?? -1))
    result.append((.recordTwins, record.map { Int($0.container.twins) } ?? 0))
    result.append((.recordText, record.map { size($0.container.text) } ?? 0))
    result.append((.recordLinked, record.map { share($0.container.linked, of: $0.container.text) } ?? 0))
    result.append((.recordBlocks, record.map { Int($0.container.blocks) } ?? 0))
    return result
  }

  // MARK: Place

  mutating func readPlaces() {
    let count = blocks.blocks.count
    let headline = blocks.blocks.indices.first { tag(of: $0) == .h1 }
    let longest = blocks.blocks.indices.max { longLength($0) < longLength($1) }
    var lastHeading = -1
    for row in 0..<count {
      let block = blocks.blocks[row]
      set(.place, row, Self.share(row, of: count))
      set(.textPlace, row, Self.share(block.range.lowerBound, of: blocks.text.count))
      set(.fromHeadline, row, headline.map { row - $0 } ?? -9999)
      set(.fromLongest, row, longest.map { row - $0 } ?? 0)
      set(.fromHeading, row, lastHeading < 0 ? 999 : row - lastHeading)
      let heading = lastHeading < 0 ? nil : lastHeading
      set(.headingLevel, row, heading.map { table.value(BlockFeature.level.rawValue, $0) } ?? -1)
      set(.headingScore, row, heading.map { Int(textScores[$0]) } ?? 0)
      set(.headingNames, row, heading.map { Int(containers.list[Int(containers.ofBlock[$0])].pathNames) } ?? 0)
      let container = containers.list[Int(containers.ofBlock[row])]
      let parent = container.parent < 0 ? container : containers.list[Int(container.parent)]
      set(.placeInParent, row, Self.share(row - Int(parent.firstBlock), of: Int(parent.blocks)))
      if block.kind == .heading { lastHeading = row }
    }
  }

  var kinds: [BlockKind] { blocks.blocks.map(\.kind) }
  func isHeadline(_ row: Int) -> Bool { tag(of: row) == .h1 }
  func endsSentence(_ row: Int) -> Bool { shapes[row].endsSentence }
  private func longLength(_ row: Int) -> Int { blocks.blocks[row].isLong ? blocks.blocks[row].range.count : 0 }
  func tag(of row: Int) -> Tag { page.nodes[blocks.blocks[row].container].tag }

  // MARK: Repeats

  mutating func readRepeats() {
    let count = blocks.blocks.count
    var texts = HashCounter(capacity: count)
    var shapes = HashCounter(capacity: count)
    var lengths = HashCounter(capacity: count)
    var links = HashCounter(capacity: count)
    func key(_ row: Int) -> UInt64 {
      UInt64(containers.list[Int(containers.ofBlock[row])].pathSignature) << 3 | UInt64(Self.number(of: blocks.blocks[row].kind))
    }
    for row in 0..<count {
      texts.add(self.shapes[row].hash)
      shapes.add(key(row))
      lengths.add(key(row), blocks.blocks[row].range.count)
      links.add(key(row), blocks.blocks[row].linkBytes)
    }
    for row in 0..<count {
      let number = shapes.count(key(row))
      set(.duplicates, row, texts.count(self.shapes[row].hash))
      set(.repeats, row, number)
      set(.repeatedLength, row, Self.size(lengths.count(key(row)) / max(1, number)))
      set(.repeatedLinks, row, Self.share(links.count(key(row)), of: lengths.count(key(row))))
    }
  }

  // MARK: Neighbours

  mutating func readNeighbours() {
    let count = blocks.blocks.count
    func length(_ row: Int) -> Int { row < 0 || row >= count ? -1 : blocks.blocks[row].range.count }
    func linked(_ row: Int) -> Int {
      row < 0 || row >= count ? -1 : Self.share(blocks.blocks[row].linkBytes, of: blocks.blocks[row].range.count)
    }
    func kind(_ row: Int) -> Int { row < 0 || row >= count ? -1 : Self.number(of: blocks.blocks[row].kind) }
    func score(_ row: Int) -> Int { row < 0 || row >= count ? 0 : Int(textScores[row]) }
    func isJoined(_ a: Int, _ b: Int) -> Bool {
      guard a >= 0, b < count else { return false }
      let one = containers.list[Int(containers.ofBlock[a])]
      let two = containers.list[Int(containers.ofBlock[b])]
      return one.node == two.node || one.parent == two.parent
    }
    for row in 0..<count {
      set(.length1Before, row, length(row - 1))
      set(.length2Before, row, length(row - 2))
      set(.length1After, row, length(row + 1))
      set(.length2After, row, length(row + 2))
      set(.links1Before, row, linked(row - 1))
      set(.links2Before, row, linked(row - 2))
      set(.links1After, row, linked(row + 1))
      set(.links2After, row, linked(row + 2))
      set(.kindBefore, row, kind(row - 1))
      set(.kindAfter, row, kind(row + 1))
      set(.scoreBefore, row, score(row - 1))
      set(.scoreAfter, row, score(row + 1))
      set(.joinedBefore, row, isJoined(row - 1, row) ? 1 : 0)
      set(.joinedAfter, row, isJoined(row, row + 1) ? 1 : 0)
      set(.longAround, row, (max(0, row - 4)..<min(count, row + 5)).count { blocks.blocks[$0].isLong })
    }
  }

  // MARK: Page

  mutating func readPage(_ context: PageContext) {
    guard let top = containers.list.first else { return }
    let all = blocks.blocks
    var currencies = 0
    var years = 0
    var questions = 0
    for (shape, block) in zip(shapes, all) {
      currencies += shape.currencies > 0 ? 1 : 0
      years += shape.hasYear && block.range.count < Containers.longBlock ? 1 : 0
      questions += block.kind == .heading && blocks.text[block.range].last == UInt8(ascii: "?") ? 1 : 0
    }
    let repeated = all.indices.count { table.value(BlockFeature.repeats.rawValue, $0) >= 5 }
    let values: [(BlockFeature, Int)] = [
      (.pageBlocks, all.count), (.pageText, Self.size(top.text)), (.pageLong, Self.share(top.longText, of: top.text)),
      (.pageLongBlocks, Int(top.longBlocks)), (.pageLinked, Self.share(top.linked, of: top.text)), (.pageHeadings, Int(top.headings)),
      (.pageLists, Self.share(all.count { $0.kind == .listItem }, of: all.count)),
      (.pageTables, Self.share(all.count { $0.kind == .tableRow }, of: all.count)),
      (.pageCurrencies, currencies), (.pageYears, years),
      (.pageKinds, context.hasStructuredData ? Int(context.kinds.rawValue) : -1 - Int(context.kinds.rawValue)),
      (.pageHeadlines, all.indices.count { tag(of: $0) == .h1 }),
      (.pageArticles, containers.list.count { $0.tag == .article }), (.pageForms, containers.list.count { $0.tag == .form }),
      (.pageRepeats, Self.share(repeated, of: all.count)), (.pageConcealed, Self.share(all.count { $0.concealment != nil }, of: all.count)),
      (.pagePre, all.count { $0.kind == .preformatted }), (.pageQuestions, questions),
    ]
    for (feature, value) in values {
      for row in all.indices { set(feature, row, value) }
    }
  }

  mutating func readKinds(_ scores: SIMD8<Int32>) {
    for kind in 0..<KindWeights.kinds {
      for row in blocks.blocks.indices { table.set(BlockFeature.kind0.rawValue + kind, row, Int(scores[kind])) }
    }
  }
}

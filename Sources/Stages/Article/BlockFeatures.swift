import Pipeline

/// What the first look sees of a block. The order is part of the trained model.
enum BlockFeature: Int, CaseIterable {
  // The text.
  case length, words, linkDensity, links, wordLength, capitals, digits, terminators, commas, separators, currencies, colons
  case signs, first, ending, textScore, textSum, duplicates, images
  case titleShare, titleCover, descriptionShare, bodyShare
  // The markup.
  case kind, level, listDepth, tag, concealment, path, depth
  case names, parentNames, pathNames, nearNames, leastNames, greatestNames
  // The containers.
  case text0, text1, text2, linked0, linked1, linked2, blocks0, blocks1, blocks2, share0, share1, share2, share3
  case distance30, distance50, distance80, linked50, inBest, fromBest, bestShare, bestNames
  case twins0, twins1, recordDistance, recordTwins, recordText, recordLinked, recordBlocks
  // The place.
  case place, textPlace, fromHeadline, fromHeading, headingLevel, headingScore, headingNames, fromLongest, placeInParent
  // Repeated structure.
  case repeats, repeatedLength, repeatedLinks
  // The neighbours.
  case length1Before, length2Before, length1After, length2After, links1Before, links2Before, links1After, links2After
  case kindBefore, kindAfter, scoreBefore, scoreAfter, joinedBefore, joinedAfter, longAround
  // The page.
  case pageBlocks, pageText, pageLong, pageLongBlocks, pageLinked, pageHeadings, pageLists, pageTables, pageCurrencies, pageYears
  case pageKinds, pageHeadlines, pageArticles, pageForms, pageRepeats, pageConcealed, pagePre, pageQuestions
  case kind0, kind1, kind2, kind3, kind4, kind5, kind6, kind7
}

/// Words and pairs of words of texts as indices of weights.
enum TextWords {
  static func single(_ word: UInt32) -> UInt32 { word ^ (word >> 15) }

  static func pair(_ first: UInt32, _ second: UInt32) -> UInt32 {
    let hash = (first &* 0x9E37_79B1) ^ (second &* 0x85EB_CA6B)
    return hash ^ (hash >> 15)
  }
}

/// A table of numbers, one row a block, kept by columns so that many rows are judged at once.
struct FeatureTable {
  let rows: Int
  /// Larger values are cut: the difference of two is a 16-bit integer too.
  static let largest = 16_383
  /// The rows of a column in memory: as many as are judged at once, or a multiple.
  let stride: Int
  private(set) var values: [Int16]

  init(rows: Int, columns: Int) {
    self.rows = rows
    stride = (rows + TreeEnsemble.lanes - 1) / TreeEnsemble.lanes * TreeEnsemble.lanes
    values = [Int16](repeating: 0, count: stride * columns)
  }

  /// Sets a value; what does not fit is cut.
  @inline(__always)
  mutating func set(_ column: Int, _ row: Int, _ value: Int) {
    values[column * stride + row] = Int16(max(-Self.largest, min(Self.largest, value)))
  }

  func value(_ column: Int, _ row: Int) -> Int { Int(values[column * stride + row]) }
}

/// Computes the features of all blocks of a page. Linear in the page.
struct BlockFeatures {
  var table: FeatureTable
  let containers: Containers
  /// Words of each block, and whether it is shown as a heading.
  private(set) var words: [Int32]

  private let page: Page
  private let blocks: PageBlocks
  private var shapes: [TextShape] = []
  private var textScores: [Int32] = []

  /// Makes room for the columns of both looks.
  init(_ page: Page, _ blocks: PageBlocks, _ context: PageContext, model: ContentModel) {
    self.page = page
    self.blocks = blocks
    var elementKinds = PageKinds(model.elementKinds)
    containers = Containers(page, blocks.blocks, names: model.elementWeights, kinds: &elementKinds)
    table = FeatureTable(rows: blocks.blocks.count, columns: SecondLook.columns)
    words = []
    words.reserveCapacity(blocks.blocks.count)
    var textKinds = PageKinds(model.textKinds)
    readTexts(context, model.textWeights, &textKinds)
    readMarkup()
    readContainers()
    readPlaces()
    readRepeats()
    readNeighbours()
    readPage(context)
    readKinds(elementKinds.scores &+ textKinds.scores)
  }

  @inline(__always)
  private mutating func set(_ feature: BlockFeature, _ row: Int, _ value: Int) {
    table.set(feature.rawValue, row, value)
  }

  /// A share of something in thousandths.
  private static func share(_ part: Int, of whole: Int) -> Int { whole <= 0 ? 0 : part * 1000 / whole }
  private static func share(_ part: Int32, of whole: Int32) -> Int { share(Int(part), of: Int(whole)) }

  /// Large numbers by their size: 64 steps a doubling are finer than any threshold needs.
  private static func size(_ value: Int32) -> Int { size(Int(value)) }
  private static func size(_ value: Int) -> Int {
    guard value > 0 else { return 0 }
    let bits = Int.bitWidth - 1 - value.leadingZeroBitCount
    let below = bits >= 6 ? (value >> (bits - 6)) & 63 : (value << (6 - bits)) & 63
    return bits * 64 + below + 1
  }

  // MARK: Text

  private mutating func readTexts(_ context: PageContext, _ weights: HashedWeights, _ kinds: inout PageKinds) {
    let title = context.title
    let description = context.description
    let body = context.body
    let hasBody = !body.isEmpty
    for (row, block) in blocks.blocks.enumerated() {
      var score: Int32 = 0
      var tokens = 0
      var inTitle = 0
      var inDescription = 0
      var triple = Triple()
      var previous: UInt32 = 0
      var triples = 0
      var inBody = 0
      let shape = blocks.text.withUnsafeBufferPointer { text in
        TextShape(UnsafeBufferPointer(rebasing: text[block.range])) { word in
          score += weights[TextWords.single(word)]
          kinds.add(TextWords.single(word))
          if tokens > 0 { score += weights[TextWords.pair(previous, word)] }
          previous = word
          tokens += 1
          if title.contains(word) { inTitle += 1 }
          if description.contains(word) { inDescription += 1 }
          if hasBody, let hash = triple.next(word) {
            triples += 1
            if body.contains(hash) { inBody += 1 }
          }
        }
      }
      shapes.append(shape)
      words.append(Int32(shape.words))
      let averaged = tokens == 0 ? 0 : Int32(Double(score) * 16 / Double(2 * tokens - 1).squareRoot())
      textScores.append(averaged)
      set(.length, row, block.range.count)
      set(.words, row, shape.words)
      set(.linkDensity, row, Self.share(block.linkBytes, of: block.range.count))
      set(.links, row, block.links.count)
      set(.wordLength, row, shape.words == 0 ? 0 : (shape.letters + shape.digits) * 16 / shape.words)
      set(.capitals, row, Self.share(shape.capitalWords, of: shape.words))
      set(.digits, row, Self.share(shape.digits, of: shape.letters + shape.digits))
      set(.terminators, row, shape.terminators)
      set(.commas, row, shape.commas)
      set(.separators, row, shape.separators)
      set(.currencies, row, shape.currencies)
      set(.colons, row, shape.colons)
      set(.signs, row, (shape.hasCopyright ? 4 : 0) + (shape.hasAt ? 2 : 0) + (shape.hasYear ? 1 : 0))
      set(.first, row, Self.kind(of: shape.first))
      set(.ending, row, shape.endsSentence ? 2 : shape.endsColon ? 1 : 0)
      set(.textScore, row, Int(averaged))
      set(.textSum, row, Int(score))
      set(.images, row, block.images.count)
      set(.titleShare, row, tokens > 60 ? 0 : Self.share(inTitle, of: tokens))
      set(.titleCover, row, tokens > 60 ? 0 : Self.share(inTitle, of: title.count))
      set(.descriptionShare, row, Self.share(inDescription, of: tokens))
      set(.bodyShare, row, !hasBody ? -1 : triples == 0 ? -2 : Self.share(inBody, of: triples))
    }
  }

  /// What a text begins with: nothing, a small letter, a capital, a digit, another script, a sign.
  private static func kind(of byte: UInt8) -> Int {
    switch byte {
    case 0: 0
    case 0x61...0x7A: 1
    case 0x41...0x5A: 2
    case 0x30...0x39: 3
    case 0x80...: 4
    default: 5
    }
  }

  // MARK: Markup

  private mutating func readMarkup() {
    for (row, block) in blocks.blocks.enumerated() {
      let index = Int(containers.ofBlock[row])
      let container = containers.list[index]
      set(.kind, row, Self.number(of: block.kind))
      set(.level, row, container.tag.isHeading ? Int(container.tag.rawValue - Tag.h1.rawValue) + 1 : 0)
      set(.listDepth, row, block.listDepth)
      set(.tag, row, Self.rank(of: container.tag))
      set(.concealment, row, Self.rank(concealing: block.concealment))
      set(.path, row, Int(container.path.rawValue))
      set(.depth, row, Int(container.depth))
      set(.names, row, Int(container.names))
      set(.parentNames, row, container.parent < 0 ? 0 : Int(containers.list[Int(container.parent)].names))
      set(.pathNames, row, Int(containers.score(ofNamesAround: index)))
      set(.nearNames, row, Int(container.nearNames))
      set(.leastNames, row, Int(container.leastNames))
      set(.greatestNames, row, Int(container.greatestNames))
    }
  }

  private static func number(of kind: BlockKind) -> Int {
    switch kind {
    case .paragraph: 0
    case .quotation: 1
    case .preformatted: 2
    case .heading: 3
    case .listItem: 4
    case .tableRow: 5
    case .caption: 6
    }
  }

  /// Tags in an order that a threshold can cut: those of text first.
  private static func rank(of tag: Tag) -> Int {
    switch tag {
    case .p: 1
    case .blockquote, .pre, .q, .code: 2
    case .section, .article, .main: 3
    case .div, .center: 4
    case .body: 5
    case .td, .th, .table, .tr: 6
    case .dd: 7
    case .dt: 8
    case .li: 9
    case .h1, .h2, .h3, .h4, .h5, .h6: 10
    case .figcaption, .caption, .figure: 11
    case .summary, .details: 12
    case .header, .hgroup: 13
    case .aside: 14
    case .form, .fieldset, .legend, .label: 15
    case .footer, .address: 16
    case .nav, .menu, .ul, .ol: 17
    case .button: 18
    default: 0
    }
  }

  private static func rank(concealing tag: Tag?) -> Int {
    switch tag {
    case nil: 0
    case .noscript: 1
    case .template: 2
    case .label: 4
    case .button: 5
    case .dialog: 6
    case .object, .video: 7
    default: 3
    }
  }

  // MARK: Containers

  private mutating func readContainers() {
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

  private mutating func readPlaces() {
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
  private func tag(of row: Int) -> Tag { page.nodes[blocks.blocks[row].container].tag }

  // MARK: Repeats

  private mutating func readRepeats() {
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

  private mutating func readNeighbours() {
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

  private mutating func readPage(_ context: PageContext) {
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

  private mutating func readKinds(_ scores: SIMD8<Int32>) {
    for kind in 0..<KindWeights.kinds {
      for row in blocks.blocks.indices { table.set(BlockFeature.kind0.rawValue + kind, row, Int(scores[kind])) }
    }
  }
}

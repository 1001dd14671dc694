import Pipeline

/// Computes the features of all blocks of a page. Linear in the page.
struct BlockFeatures {
  var table: FeatureTable
  let containers: Containers
  /// Words of each block, and whether it is shown as a heading.
  private(set) var words: [Int32]

  let page: Page
  let blocks: PageBlocks
  var shapes: [TextShape] = []
  var textScores: [Int32] = []

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
  mutating func set(_ feature: BlockFeature, _ row: Int, _ value: Int) {
    table.set(feature.rawValue, row, value)
  }

  /// A share of something in thousandths.
  static func share(_ part: Int, of whole: Int) -> Int { whole <= 0 ? 0 : part * 1000 / whole }
  static func share(_ part: Int32, of whole: Int32) -> Int { share(Int(part), of: Int(whole)) }

  /// Large numbers by their size: 64 steps a doubling are finer than any threshold needs.
  static func size(_ value: Int32) -> Int { size(Int(value)) }
  static func size(_ value: Int) -> Int {
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

  static func number(of kind: BlockKind) -> Int {
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
}

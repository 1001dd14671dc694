import Pipeline

/// An element with blocks below it, and sums over them.
struct Container {
  let node: Int32
  /// In the list of containers; -1 at the top.
  let parent: Int32
  let depth: Int32
  let tag: Tag
  /// Bytes of text, and how many of them are of links.
  var text: Int32 = 0
  var linked: Int32 = 0
  var blocks: Int32 = 0
  /// Bytes in long blocks that are not links, and how many those are.
  var longText: Int32 = 0
  var longBlocks: Int32 = 0
  var headings: Int32 = 0
  var firstBlock: Int32 = .max
  /// The linear score of the words that the element adds to its path, their sum over the path, and the least and greatest on it.
  var names: Int32 = 0
  /// The linear score of the element's words as those of a near element.
  var nearNames: Int32 = 0
  var pathNames: Int32 = 0
  var leastNames: Int32 = 0
  var greatestNames: Int32 = 0
  /// The hash of tag and class, and of those together with the two elements above.
  var signature: UInt32 = 0
  var pathSignature: UInt32 = 0
  /// How many children of the parent have the same tag and class.
  var twins: Int32 = 1
  /// Which elements are on the path.
  var path: PathBits = []
}

/// Elements that a block may stand in.
struct PathBits: OptionSet {
  let rawValue: UInt32

  static let article = PathBits(rawValue: 1 << 0)
  static let main = PathBits(rawValue: 1 << 1)
  static let nav = PathBits(rawValue: 1 << 2)
  static let footer = PathBits(rawValue: 1 << 3)
  static let header = PathBits(rawValue: 1 << 4)
  static let aside = PathBits(rawValue: 1 << 5)
  static let form = PathBits(rawValue: 1 << 6)
  static let table = PathBits(rawValue: 1 << 7)
  static let list = PathBits(rawValue: 1 << 8)
  static let figure = PathBits(rawValue: 1 << 9)
  static let link = PathBits(rawValue: 1 << 10)
  static let quotation = PathBits(rawValue: 1 << 11)
  static let section = PathBits(rawValue: 1 << 12)
  static let details = PathBits(rawValue: 1 << 13)

  static func of(_ tag: Tag) -> PathBits {
    switch tag {
    case .article: .article
    case .main: .main
    case .nav, .menu: .nav
    case .footer: .footer
    case .header: .header
    case .aside: .aside
    case .form: .form
    case .table: .table
    case .ul, .ol, .dl: .list
    case .figure: .figure
    case .a: .link
    case .blockquote: .quotation
    case .section: .section
    case .details: .details
    default: []
    }
  }
}

/// The containers of a page's blocks, each before those inside it.
struct Containers {
  private(set) var list: [Container] = []
  /// The innermost container of each block.
  private(set) var ofBlock: [Int32] = []
  /// The container that holds most long text and least else.
  private(set) var best = 0

  /// Text of a block from here on is long, in bytes; about fifteen words.
  static let longBlock = 80
  /// How much a byte of other text weighs against a byte of long text when the best container is chosen.
  private static let strangerWeight = 0.7

  /// - Parameter kinds: counts the words of all elements.
  init(_ page: Page, _ blocks: [PageBlock], names: HashedWeights, kinds: inout PageKinds) {
    var known = [Int32](repeating: -1, count: page.nodes.count)
    var onPath = NamesOnPath(names)
    var path: [Int] = []
    ofBlock.reserveCapacity(blocks.count)
    list.reserveCapacity(blocks.count * 2)
    for block in blocks {
      path.removeAll(keepingCapacity: true)
      var at = block.container
      while at >= 0, known[at] < 0 {
        path.append(at)
        at = Int(page.nodes[at].parent)
      }
      var parent = at < 0 ? -1 : known[at]
      for node in path.reversed() {
        add(page, node, parent, &onPath, &kinds)
        parent = Int32(list.count - 1)
        known[node] = parent
      }
      ofBlock.append(parent)
    }
    var twins = HashCounter(capacity: list.count)
    for container in list { twins.add(container.twinKey) }
    for index in list.indices { list[index].twins = Int32(twins.count(list[index].twinKey)) }
    sum(blocks)
    chooseBest()
  }

  private mutating func add(_ page: Page, _ node: Int, _ parent: Int32, _ onPath: inout NamesOnPath, _ kinds: inout PageKinds) {
    let tag = page.nodes[node].tag
    let outer = parent < 0 ? nil : list[Int(parent)]
    var container = Container(node: Int32(node), parent: parent, depth: (outer?.depth ?? -1) + 1, tag: tag)
    var own: Int32 = 0
    var signature: UInt32 = 0
    ElementWords.read(page, node) { hash in
      kinds.add(hash)
      own += onPath.weight(ofNew: hash, end: page.nodes[node].end, at: node)
      container.nearNames += onPath.weight(ofNear: hash)
      signature = signature &* 31 &+ hash
    }
    container.names = own
    container.pathNames = own + (outer?.pathNames ?? 0)
    container.leastNames = min(own, outer?.leastNames ?? own)
    container.greatestNames = max(own, outer?.greatestNames ?? own)
    container.signature = signature
    let grand = outer.map { $0.parent < 0 ? 0 : list[Int($0.parent)].signature } ?? 0
    container.pathSignature = (signature &* 31 &+ (outer?.signature ?? 0)) &* 31 &+ grand
    container.path = (outer?.path ?? []).union(.of(tag))
    list.append(container)
  }

  private mutating func sum(_ blocks: [PageBlock]) {
    for (index, block) in blocks.enumerated() {
      let at = Int(ofBlock[index])
      let length = Int32(block.range.count)
      list[at].text += length
      list[at].linked += Int32(block.linkBytes)
      list[at].blocks += 1
      if block.kind == .heading { list[at].headings += 1 }
      if block.isLong {
        list[at].longText += length
        list[at].longBlocks += 1
      }
      list[at].firstBlock = min(list[at].firstBlock, Int32(index))
    }
    for index in list.indices.reversed() where list[index].parent >= 0 {
      let parent = Int(list[index].parent)
      list[parent].text += list[index].text
      list[parent].linked += list[index].linked
      list[parent].blocks += list[index].blocks
      list[parent].headings += list[index].headings
      list[parent].longText += list[index].longText
      list[parent].longBlocks += list[index].longBlocks
      list[parent].firstBlock = min(list[parent].firstBlock, list[index].firstBlock)
    }
  }

  private mutating func chooseBest() {
    var bestValue = 0.0
    for (index, container) in list.enumerated() {
      let value = Double(container.longText) - Self.strangerWeight * Double(container.text - container.longText)
      if value >= bestValue || index == 0 {
        bestValue = max(0, value)
        best = index
      }
    }
  }
}

extension Container {
  fileprivate var twinKey: UInt64 { UInt64(UInt32(bitPattern: parent)) << 32 | UInt64(signature) }
}

extension PageBlock {
  /// Whether the block is a paragraph's worth of text that is not links.
  var isLong: Bool { kind != .heading && range.count - linkBytes >= Containers.longBlock && linkBytes * 2 < range.count }
}

extension Containers {
  /// The score of the names around a block: each word on the path once, and the words of the three innermost elements as near ones.
  func score(ofNamesAround index: Int) -> Int32 {
    var result = list[index].pathNames
    var at = index
    for _ in 0..<Self.nearElements where at >= 0 {
      result += list[at].nearNames
      at = Int(list[at].parent)
    }
    return result
  }

  /// How many elements are near.
  static let nearElements = 3
}

/// Weights of the words of elements, each counted once on a path.
struct NamesOnPath {
  private let weights: HashedWeights
  /// For each word the node behind the element that has it on the present path.
  private var ends: [Int32]

  init(_ weights: HashedWeights) {
    self.weights = weights
    ends = [Int32](repeating: 0, count: weights.count)
  }

  /// The weight of a word of an element; 0 when an element around it has the word too. Elements come in the order of the page.
  mutating func weight(ofNew hash: UInt32, end: Int32, at node: Int) -> Int32 {
    let slot = weights.slot(hash)
    if ends[slot] > node { return 0 }
    ends[slot] = end
    return weights[hash]
  }

  func weight(ofNear hash: UInt32) -> Int32 { weights[Self.near(hash)] }

  /// A word of a near element is another word.
  static func near(_ hash: UInt32) -> UInt32 {
    let hash = hash &* 0x9E37_79B1
    return hash ^ (hash >> 15)
  }
}

/// Counts of hashes.
struct HashCounter {
  private var keys: [UInt64]
  private var counts: [Int32]
  private let mask: Int

  /// - Parameter capacity: how many different hashes will be added at most.
  init(capacity: Int) {
    var size = 64
    while size < capacity * 2 { size *= 2 }
    keys = [UInt64](repeating: 0, count: size)
    counts = [Int32](repeating: 0, count: size)
    mask = size - 1
  }

  private func slot(_ key: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    while counts[slot] != 0, keys[slot] != key { slot = (slot + 1) & mask }
    return slot
  }

  mutating func add(_ key: UInt64, _ amount: Int = 1) {
    let slot = slot(key)
    keys[slot] = key
    counts[slot] += Int32(truncatingIfNeeded: amount)
  }

  func count(_ key: UInt64) -> Int { Int(counts[slot(key)]) }
}

/// One weight for each value that a hash can have in its lower bits.
///
/// The weights of a model stay for the life of the process: reading one is a load, without counting references on every word of a page.
struct HashedWeights: @unchecked Sendable {
  // Never written after `init`, and never freed.
  private let base: UnsafePointer<Int8>
  private let mask: Int

  /// - Precondition: as many as a power of two.
  init(_ weights: [Int8]) {
    precondition(weights.count & (weights.count - 1) == 0)
    let memory = UnsafeMutableBufferPointer<Int8>.allocate(capacity: weights.count)
    _ = memory.initialize(from: weights)
    base = UnsafePointer(memory.baseAddress!)
    mask = weights.count - 1
  }

  var count: Int { mask + 1 }

  func slot(_ hash: UInt32) -> Int { Int(hash) & mask }

  @inline(__always)
  subscript(hash: UInt32) -> Int32 { Int32(base[slot(hash)]) }
}

/// The tokens of a document's blocks, with border tokens around each block; memory is kept from one part of a document to the next.
struct EntityTokens: ~Copyable {
  /// How many border tokens stand on either side of a block, so that neighbours can be looked at without asking.
  static let border = 3

  /// The tokens of a block.
  private(set) var blocks: [Range<Int>] = []
  /// All tokens, those of borders too.
  private(set) var base: UnsafeMutablePointer<EntityToken>
  private var capacity: Int
  private(set) var count = 0

  init() {
    capacity = 512
    base = .allocate(capacity: capacity)
    removeAll()
  }

  deinit { base.deallocate() }

  mutating func removeAll() {
    blocks.removeAll(keepingCapacity: true)
    count = 0
    addBorder()
  }

  @inline(__always)
  mutating func append(_ token: EntityToken) {
    if count == capacity { grow() }
    base[count] = token
    count += 1
  }

  /// Ends a block that begins behind the last border.
  mutating func endBlock() {
    let start = (blocks.last?.upperBound ?? 0) + Self.border
    blocks.append(start..<count)
    addBorder()
  }

  private mutating func addBorder() {
    for _ in 0..<Self.border { append(EntityToken()) }
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<EntityToken>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: base, count: count)
    base.deallocate()
    base = larger
    capacity *= 2
  }
}

/// What the first byte of a character asks of the scan.
struct SentenceBytes: @unchecked Sendable {
  enum Kind: UInt8 {
    case plain, space, mark, nesting
    /// The first of several bytes, among whose characters are some that count.
    case lead

    init(rawValue: UInt8) { self = unsafeBitCast(rawValue, to: Kind.self) }
  }

  static let shared = SentenceBytes()
  // Written once, before anyone can see it, and lives as long as the program.
  let classes: UnsafePointer<UInt8>

  private init() {
    let classes = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
    classes.initialize(repeating: Kind.plain.rawValue, count: 256)
    for byte in 0x09...0x0D { classes[byte] = Kind.space.rawValue }
    classes[0x20] = Kind.space.rawValue
    for byte in ".!?;:".utf8 { classes[Int(byte)] = Kind.mark.rawValue }
    for byte in "\"'`()[]".utf8 { classes[Int(byte)] = Kind.nesting.rawValue }
    // The bytes that begin terminators, quotation marks, brackets and spaces beyond ASCII.
    let characters = SentenceCharacters.shared
    let counting: SentenceCharacters.Traits = [.terminator, .space, .opener, .closer]
    let beyondTable: [UInt32] = [0x3000, 0xA9CE, 0xA8CE, 0xAAF0, 0xABEB, 0xFF01]
    for value in Array(0x80..<0x3000) + beyondTable
    where beyondTable.contains(value) || !characters.traits(value).isDisjoint(with: counting) {
      if let scalar = Unicode.Scalar(value) { classes[Int(UTF8.encode(scalar)!.first!)] = Kind.lead.rawValue }
    }
    self.classes = UnsafePointer(classes)
  }

  /// The first byte from a place on that is no ASCII letter: most bytes are, and none of them says anything. Eight at a time, without a branch for each.
  @inline(__always)
  static func skipLetters(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let high: UInt64 = 0x8080_8080_8080_8080
    var place = start
    while place + 8 <= bytes.count {
      let word = UnsafeRawPointer(bytes.baseAddress! + place).loadUnaligned(as: UInt64.self)
      // A byte's high bit is set where it is below 0x40, not ASCII, or between the letters: [ \ ] ^ _ `.
      let low = ~((word | high) &- 0x4040_4040_4040_4040)
      let folded = (word | 0x2020_2020_2020_2020) | high
      let between = folded &- 0x7B7B_7B7B_7B7B_7B7B | ~(folded &- 0x6161_6161_6161_6161)
      let special = (low | word | between) & high
      if special != 0 { return place + special.trailingZeroBitCount / 8 }
      place += 8
    }
    return place
  }
}

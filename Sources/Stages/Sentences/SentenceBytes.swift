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
    let leads: [UInt32] = [
      0x85, 0xA0, 0xAB, 0xBB, 0x37E, 0x589, 0x61F, 0x6D4, 0x700, 0x964, 0x0F0D, 0x104A, 0x1362, 0x1680, 0x17D4, 0x1803, 0x1B5A, 0x1C3B,
      0x2026, 0x2E2E,
      0x3002, 0xA9CE, 0xA8CE, 0xAAF0, 0xABEB, 0xFF01,
    ]
    for value in leads { classes[Int(String(Unicode.Scalar(value)!).utf8.first!)] = Kind.lead.rawValue }
    self.classes = UnsafePointer(classes)
  }
}

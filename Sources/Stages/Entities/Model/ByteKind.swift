/// What a byte is in a word.
enum ByteKind: UInt8 {
  case space, mark, high, lower, upper, digit

  nonisolated(unsafe) static let table: UnsafePointer<ByteKind> = {
    let table = UnsafeMutablePointer<ByteKind>.allocate(capacity: 256)
    for byte in 0..<256 {
      table[byte] =
        switch UInt8(byte) {
        case 0x09...0x0D, 0x20: .space
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"): .lower
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): .upper
        case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
        case 0x80...0xFF: .high
        default: .mark
        }
    }
    return UnsafePointer(table)
  }()
}

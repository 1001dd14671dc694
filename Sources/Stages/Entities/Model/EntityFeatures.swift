/// The features of a token, as hashes: what it is, what stands beside it, and what is known about either.
///
/// Training and tagging both take them from here.
enum EntityFeatures {
  /// No token has more.
  static let most = 192

  /// Writes the hashes of a token's features and gives how many they are.
  ///
  /// Those of the first `identity` tell which word it is; training leaves them out now and then, so that the rest learn to do without.
  @inline(__always)
  static func write(
    _ tokens: UnsafeMutablePointer<EntityToken>, _ index: Int, to out: UnsafeMutablePointer<UInt64>
  ) -> (count: Int, identity: Int) {
    let t = tokens[index]
    let p = tokens[index - 1]
    let n = tokens[index + 1]
    let pp = tokens[index - 2]
    let nn = tokens[index + 2]
    var count = 0
    @inline(__always)
    func add(_ template: UInt64, _ a: UInt64, _ b: UInt64 = 0) {
      out[count] = EntityHash.mix(EntityHash.mix(template &* 0x9E37_79B9_7F4A_7C15, a), b)
      count += 1
    }
    let w = UInt64(t.lower)
    let wp = UInt64(p.lower)
    let wn = UInt64(n.lower)
    let s = UInt64(t.shape.rawValue)
    let sp = UInt64(p.shape.rawValue)
    let sn = UInt64(n.shape.rawValue)
    // Which word.
    add(1, w)
    add(2, UInt64(t.exact))
    add(3, wp, w)
    add(4, w, wn)
    add(5, UInt64(t.head), 4)
    add(6, UInt64(t.tail), 4)
    let identity = count
    // Beside it.
    add(7, wp)
    add(8, wn)
    add(9, UInt64(pp.lower))
    add(10, UInt64(nn.lower))
    add(11, wp, s)
    add(12, wn, s)
    add(13, UInt64(pp.lower), wp)
    add(14, wn, UInt64(nn.lower))
    add(15, wp, wn)
    // How it is written.
    let flags = UInt64(t.flags.rawValue & EntityToken.Flags.told)
    let starts = flags & UInt64(EntityToken.Flags.startsSentence.rawValue)
    let place = flags & 0xE
    add(16, s, place)
    add(17, s | sp << 8, starts)
    add(18, s | sn << 8, starts)
    add(19, s | sp << 8 | sn << 16)
    add(20, s | sp << 8 | UInt64(pp.shape.rawValue) << 16)
    add(21, s | sn << 8 | UInt64(nn.shape.rawValue) << 16)
    add(22, UInt64(t.head & 0xFF), s)
    add(23, UInt64(t.head & 0xFFFF), s)
    add(24, UInt64(t.head & 0xFF_FFFF), s)
    add(25, UInt64(t.tail & 0xFF), s)
    add(26, UInt64(t.tail & 0xFFFF), s)
    add(27, UInt64(t.tail & 0xFF_FFFF), s)
    add(28, UInt64(p.tail & 0xFF_FFFF))
    add(29, UInt64(n.tail & 0xFF_FFFF))
    add(30, UInt64(t.end &- t.start), s)
    add(31, flags | sp << 8 | sn << 16)
    // What gazetteers know.
    var bits = t.classes
    while bits != 0 {
      let bit = UInt64(bits.trailingZeroBitCount)
      bits &= bits &- 1
      add(32, bit, s)
      add(33, bit, UInt64(t.habit) | starts << 8)
    }
    bits = p.classes
    while bits != 0 {
      add(34, UInt64(bits.trailingZeroBitCount), s | sp << 8)
      bits &= bits &- 1
    }
    bits = n.classes
    while bits != 0 {
      add(35, UInt64(bits.trailingZeroBitCount), s | sn << 8)
      bits &= bits &- 1
    }
    let k = UInt64(t.classes)
    add(36, k, s)
    add(37, k | UInt64(p.classes) << 32, s)
    add(38, k | UInt64(n.classes) << 32, s)
    add(39, k, starts | UInt64(t.habit) << 8 | UInt64(t.usage.rawValue) << 16)
    // Words used alike.
    let c = UInt64(t.cluster)
    let cp = UInt64(p.cluster)
    let cn = UInt64(n.cluster)
    add(40, c, s)
    add(41, cp, s)
    add(42, cn, s)
    add(43, UInt64(pp.cluster), s)
    add(44, UInt64(nn.cluster), s)
    add(45, c | cp << 16)
    add(46, c | cn << 16)
    add(47, cp | cn << 16, s)
    add(48, c >> 4, s)
    add(49, cp >> 4, s)
    add(50, cn >> 4, s)
    add(51, cp | UInt64(pp.cluster) << 16, s)
    add(52, cn | UInt64(nn.cluster) << 16, s)
    // Phrases.
    if t.phrase != 0 {
      add(53, UInt64(t.phrase), s)
      add(54, UInt64(t.phrase), k)
    }
    if p.phrase | n.phrase != 0 { add(55, UInt64(p.phrase) | UInt64(n.phrase) << 16, UInt64(t.phrase)) }
    // The document, and how the word is mostly written.
    add(56, UInt64(t.usage.rawValue), s | starts << 8)
    add(57, UInt64(t.habit), s | place << 8)
    add(58, UInt64(p.habit) | UInt64(t.habit) << 4 | UInt64(n.habit) << 8, s)
    // The run of capitals that it stands in.
    if t.runEnd > t.runStart {
      let first = tokens[Int(t.runStart)]
      let last = tokens[Int(t.runEnd) - 1]
      let before = tokens[Int(t.runStart) - 1]
      let after = tokens[Int(t.runEnd)]
      let length = UInt64(min(t.runEnd &- t.runStart, 6))
      let offset = UInt64(min(Int32(truncatingIfNeeded: index) &- t.runStart, 4))
      let rest = UInt64(min(t.runEnd &- Int32(truncatingIfNeeded: index), 4))
      add(60, length, offset | place << 8)
      add(61, UInt64(before.lower), offset)
      add(62, UInt64(after.lower), rest)
      add(63, UInt64(last.lower), offset | length << 8)
      add(64, UInt64(first.lower), offset)
      add(65, UInt64(last.classes), offset | length << 8)
      add(66, UInt64(first.classes), rest | length << 8)
      add(67, UInt64(before.cluster), offset | length << 8)
      add(68, UInt64(after.cluster), rest | length << 8)
      add(69, UInt64(before.classes), length | offset << 8)
      add(70, UInt64(after.classes), length | rest << 8)
      add(71, UInt64(tokens[Int(t.runStart) - 2].lower), UInt64(before.lower))
      add(72, UInt64(after.lower), UInt64(tokens[Int(t.runEnd) + 1].lower))
    }
    add(73, 0)
    return (count, identity)
  }
}

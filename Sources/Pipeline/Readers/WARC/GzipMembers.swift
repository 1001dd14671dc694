import CZlib
import Glibc

/// Decompresses a web archive of gzip members, and goes on behind a broken one.
///
/// Bytes of several members are handed on without a mark between them. Where a member is broken `read` gives what was decompressed of it
/// and then 0, with the reason in `damage`; after `resume` it goes on at the next member whose content begins with `WARC/`.
final class GzipMembers: ByteSource {
  struct Damage {
    let reason: String
    /// The broken member's first byte, counted in bytes that were handed on.
    let outputOffset: Int
    /// Whether the file merely ends too early.
    let isCut: Bool
  }

  let name: String
  let mayWait: Bool
  /// What is wrong behind the bytes that were handed on; nil while nothing is.
  private(set) var damage: Damage?

  private let source: any ByteSource
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 21, alignment: 16)
  /// What zlib has not taken yet is `input[position..<filled]`; what stands before it is kept to look for a member in again.
  private var position = 0
  private var filled = 0
  /// The place of `input[0]` in the file.
  private var inputOffset = 0
  private var isFinished = false

  private var stream = z_stream()
  private var isMemberOpen = false
  /// Where the open member begins, in the file.
  private var memberOffset = 0
  /// Where its content begins, in bytes that were handed on.
  private var memberOutputOffset = 0
  private var handedOn = 0
  /// Whether `position` is where to go on behind the damage.
  private var isNextKnown = false
  /// How many bytes may still be looked at a second time.
  private var patience = 1 << 20

  /// What is kept before `position` when more is read, in bytes: a broken member is noticed within a block or two of deflate, long before.
  private static let kept = 1 << 20
  /// A member says within this many bytes how it begins; header fields of archives take some ten.
  private static let longestBeginning = 1024
  private static let mark: [UInt8] = [0x1F, 0x8B, 0x08]

  init(_ source: any ByteSource) throws {
    name = source.name
    mayWait = source.mayWait
    self.source = source
    // 16 asks zlib for the gzip format alone.
    let code = inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else { throw IOError(name, "zlib does not start") }
  }

  deinit {
    inflateEnd(&stream)
    input.deallocate()
  }

  /// Fills the buffer, over the borders of members; less only at the end, before damage, or where more must be waited for.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var produced = 0
    while produced < buffer.count, damage == nil {
      if position == filled {
        if mayWait, produced > 0 { break }
        guard try refill() else {
          if isMemberOpen { try endInsideMember() }
          break
        }
      }
      if !isMemberOpen {
        // Zeros between members are padding, as on tapes.
        while position < filled, input[position] == 0 { position += 1 }
        if position == filled { continue }
        open(handedOn + produced)
      }
      let (code, count) = inflateOnce(into: UnsafeMutableRawBufferPointer(rebasing: buffer[produced...]), upTo: filled)
      produced += count
      if code == Z_STREAM_END {
        isMemberOpen = false
      } else if code != Z_OK && code != Z_BUF_ERROR {
        let reason = stream.msg.map { String(cString: $0) } ?? "error \(code)"
        let what = "the gzip member that begins at byte \(memberOffset) is broken: \(reason)"
        damage = Damage(reason: what, outputOffset: memberOutputOffset, isCut: false)
      }
    }
    handedOn += produced
    return produced
  }

  /// Goes on behind the damage; at the end where no other member follows.
  /// - Throws: `IOError`.
  func resume() throws {
    guard damage != nil else { return }
    damage = nil
    isMemberOpen = false
    if !isNextKnown { try seekMember() }
    isNextKnown = false
  }

  // MARK: Reading

  private func open(_ outputOffset: Int) {
    inflateReset(&stream)
    isMemberOpen = true
    memberOffset = inputOffset + position
    memberOutputOffset = outputOffset
  }

  private func inflateOnce(into buffer: UnsafeMutableRawBufferPointer, upTo end: Int) -> (code: Int32, produced: Int) {
    let room = min(buffer.count, Int(UInt32.max))
    stream.next_in = input.baseAddress?.advanced(by: position).assumingMemoryBound(to: UInt8.self)
    stream.avail_in = UInt32(end - position)
    stream.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.avail_out = UInt32(room)
    let code = inflate(&stream, Z_NO_FLUSH)
    position = end - Int(stream.avail_in)
    return (code, room - Int(stream.avail_out))
  }

  /// Reads more behind what is there; false at the end of the file.
  private func refill() throws -> Bool {
    if isFinished { return false }
    if filled == input.count {
      let dropped = max(0, position - Self.kept)
      memmove(input.baseAddress!, input.baseAddress! + dropped, filled - dropped)
      position -= dropped
      filled -= dropped
      inputOffset += dropped
    }
    let count = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: input[filled...]))
    filled += count
    patience += count
    isFinished = count == 0
    return count > 0
  }

  /// The file ends inside a member: it is cut, unless a member stands in what was taken for its content.
  private func endInsideMember() throws {
    let member = memberOffset
    try seekMember()
    isNextKnown = true
    let isCut = position == filled
    damage = Damage(
      reason: isCut
        ? "the gzip data ends too early, in the member that begins at byte \(member)"
        : "the gzip member that begins at byte \(member) is broken: it has no end", outputOffset: memberOutputOffset, isCut: isCut)
  }

  // MARK: Members behind a broken one

  /// Moves to the next member, from the second byte of the broken one on, whose content begins as an archive does; to the end without one.
  private func seekMember() throws {
    let reached = position
    position = max(memberOffset + 1 - inputOffset, 0)
    // Members inside members must not be gone through again and again.
    if reached - position > patience { position = reached }
    patience -= max(0, reached - position)
    while true {
      guard let found = nextMark() else {
        position = max(position, filled - Self.mark.count + 1)
        guard try refill() else {
          position = filled
          return
        }
        continue
      }
      position = found
      while filled - position < Self.longestBeginning, try refill() {}
      if beginsArchive() { return }
      position += 1
    }
  }

  private func nextMark() -> Int? {
    var index = position
    while index + Self.mark.count <= filled, let found = memchr(input.baseAddress! + index, Int32(Self.mark[0]), filled - index) {
      index = found - input.baseAddress!
      if index + Self.mark.count <= filled, memcmp(found, Self.mark, Self.mark.count) == 0 { return index }
      index += 1
    }
    return nil
  }

  /// Whether the content of the member at `position` begins with a version line.
  private func beginsArchive() -> Bool {
    let place = position
    defer { position = place }
    inflateReset(&stream)
    return withUnsafeTemporaryAllocation(byteCount: 5, alignment: 1) { beginning in
      let (_, count) = inflateOnce(into: beginning, upTo: min(filled, place + Self.longestBeginning))
      return count == 5 && memcmp(beginning.baseAddress!, "WARC/", 5) == 0
    }
  }
}

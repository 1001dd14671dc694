/// Takes the pages out of a web archive (ISO 28500) as it streams by: a plain one, of gzip members, or of zstd frames.
///
/// Memory is bounded by the limit for a document, whatever the size of the archive, and time is linear in it, whatever it holds. Records
/// that hold no page are passed over. What cannot be read costs itself alone: reading goes on at the next record.
struct WARCSplitter {
  enum Record {
    case page(WARCPage)
    /// Named where an id could be read.
    case unreadable(id: String?, reason: String)
  }

  private let window: ArchiveWindow
  private let limit: Int
  private let isCompressed: Bool
  /// What is reported next, before anything else is read.
  private var report: Record?
  /// Whether it was said already why no record stands here.
  private var isExplained = false
  /// Whether it was said already that the archive ends too early.
  private var isEndExplained = false

  /// The header of a page that is not kept is looked for in this many bytes.
  private static let headerReach = 1 << 16

  /// Opens the source itself.
  /// - Parameter source: the archive as it is, compressed or not.
  /// - Throws: `IOError`.
  init(_ source: any ByteSource, limit: Int) throws {
    let head = try HeadSource(source)
    let compression = Compression(head: head.head)
    if head.head.isEmpty, let expected = Compression(path: source.name) {
      throw IOError(source.name, "this is no \(expected) data: it is empty")
    }
    if head.head.starts(with: [0x5D, 0x2A, 0x4D, 0x18]) {
      throw IOError(source.name, "the archive is compressed with a zstd dictionary of its own, which is not read")
    }
    isCompressed = compression != nil
    window = ArchiveWindow(compression == .gzip ? try GzipMembers(head) : try compression?.source(head) ?? head)
    self.limit = limit
  }

  /// Whether a file is a web archive, by its first bytes.
  static func isArchive(_ head: [UInt8]) -> Bool {
    guard let compression = Compression(head: head), let source = try? compression.source(MemorySource(head)) else {
      return ContentSniffer.format(of: head) == .warc
    }
    var beginning = [UInt8](repeating: 0, count: 8)
    let count = try? beginning.withUnsafeMutableBytes { try source.read(into: $0) }
    return ContentSniffer.format(of: Array(beginning.prefix(count ?? 0))) == .warc
  }

  /// The next page, or what could not be read; nil at the end.
  /// - Throws: `IOError` where nothing can be read from here on.
  mutating func next() throws -> Record? {
    while true {
      if let report {
        self.report = nil
        return report
      }
      if let garbage = seek() { return garbage }
      if window.count == 0 { return try end(id: nil, isInside: false) }
      if let record = try readRecord() { return record }
    }
  }

  // MARK: Between records

  /// Moves to the next record, or to the end; says what was no record on the way.
  private mutating func seek() -> Record? {
    dropPadding()
    guard window.ensure(1) else { return nil }
    window.ensure(WARCVersionLine.reach)
    let start = window.offset
    var isAtEnd = WARCVersionLine.stands(at: 0, in: window.bytes)
    while !isAtEnd {
      if let place = WARCVersionLine.first(in: window.bytes) {
        window.drop(place)
        break
      }
      // A version line may stand across the border of what was read.
      window.drop(max(0, window.count - WARCVersionLine.reach))
      isAtEnd = !window.ensure(window.count + 1)
      if isAtEnd { window.drop(window.count) }
    }
    defer { isExplained = false }
    if window.offset == start || isExplained { return nil }
    // What comes before a broken part is reported with it.
    if case .broken = window.end, window.count == 0 { return nil }
    let reason = "\(window.offset - start) bytes from \(place(start)) on are no WARC record, and were skipped"
    return .unreadable(id: nil, reason: reason)
  }

  private func place(_ offset: Int) -> String { "byte \(offset)" + (isCompressed ? " of what was decompressed" : "") }

  /// Drops empty lines, and zeros of files that were given their size in advance.
  private func dropPadding() {
    while window.ensure(1) {
      let bytes = window.bytes
      let count = bytes.firstIndex { !Self.isPadding($0) } ?? bytes.count
      window.drop(count)
      if count < bytes.count { return }
    }
  }

  private static func isPadding(_ byte: UInt8) -> Bool { byte == 0x0D || byte == 0x0A || byte == 0 }

  /// Why the archive ends here, or is broken here, and reading goes on behind it; nil where it ends in order.
  /// - Parameter isInside: whether a record ends with it.
  /// - Throws: `IOError` where nothing can be read from here on.
  private mutating func end(id: String?, isInside: Bool) throws -> Record? {
    let reason: String
    switch window.end {
    case .broken(let what, _):
      window.pass()
      return .unreadable(id: id, reason: what)
    case .failed(let error): throw error
    case .cut(let what): reason = what
    case .file, nil: reason = "the file ends inside a record"
    }
    window.pass()
    if isEndExplained { return nil }
    if case .file = window.end, !isInside { return nil }
    isEndExplained = true
    return .unreadable(id: id, reason: reason)
  }

  // MARK: Records

  /// Reads the record whose version line is at the front; nil where it holds no page.
  private mutating func readRecord() throws -> Record? {
    let start = window.offset
    var scan = HeaderScan { WARCVersionLine.stands(at: 0, in: $0) }
    var state = scan.advance(window.bytes)
    while state == .needsMore, window.ensure(window.count + 1) { state = scan.advance(window.bytes) }
    let header = WARCHeader(UnsafeRawBufferPointer(rebasing: window.bytes[..<scan.length]))
    window.drop(scan.length)
    switch state {
    case .complete: break
    case .needsMore: return try end(id: header.id, isInside: true)
    case .interrupted:
      return .unreadable(id: header.id, reason: "the header of the record at \(place(start)) has no end")
    case .tooLong:
      isExplained = true
      return .unreadable(id: header.id, reason: "the header of the record at \(place(start)) has more than a megabyte or 1000 lines")
    }
    guard let length = header.length else {
      isExplained = true
      return .unreadable(id: header.id, reason: "the record at \(place(start)) does not say how long it is")
    }
    return length > limit ? try skipBlock(header, length) : try readBlock(header, length)
  }

  private mutating func readBlock(_ header: WARCHeader, _ length: Int) throws -> Record? {
    let isWhole = window.ensure(length)
    var content = min(length, window.count)
    var next = content
    if !isWhole || !isFollowedInOrder(length) {
      window.ensure(length + WARCVersionLine.reach)
      if let place = WARCVersionLine.embedded(in: window.bytes, before: content) {
        // The length is wrong: another record begins inside.
        next = place
        content = place
        while content > max(0, place - 4), window[content - 1] == 0x0D || window[content - 1] == 0x0A { content -= 1 }
      } else if !isWhole {
        return try readRest(header)
      }
    }
    // A checksum at the end of a broken member speaks of the record before it.
    if case .broken(_, let from) = window.end, from < window.offset + content, window.bytes[next...].allSatisfy(Self.isPadding) {
      return try end(id: header.id, isInside: true)
    }
    defer { window.drop(next) }
    return page(header, content, isCut: false)
  }

  /// What there is of a record whose end is missing.
  private mutating func readRest(_ header: WARCHeader) throws -> Record? {
    if window.endsInOrder, let found = page(header, window.count, isCut: true), case .page = found {
      report = try end(id: nil, isInside: true)
      return found
    }
    return try end(id: header.id, isInside: true)
  }

  /// Whether a record, or the end, follows at a place in the window, behind a few empty lines at most.
  private func isFollowedInOrder(_ place: Int) -> Bool {
    var index = place
    while window.ensure(index + 1) {
      if !Self.isPadding(window[index]) {
        window.ensure(index + WARCVersionLine.reach)
        return WARCVersionLine.stands(at: index, in: window.bytes)
      }
      index += 1
      if index - place > WARCVersionLine.reach { return true }
    }
    return true
  }

  private func page(_ header: WARCHeader, _ count: Int, isCut: Bool) -> Record? {
    if header.kind == .none { return nil }
    do {
      let block = UnsafeRawBufferPointer(rebasing: window.bytes[..<count])
      return try WARCPage(header, block: block, isCut: isCut, limit: limit).map(Record.page)
    } catch {
      return .unreadable(id: header.id, reason: error.reason)
    }
  }

  /// Passes over a block that is larger than a document may be, and says so where it holds a page.
  private mutating func skipBlock(_ header: WARCHeader, _ length: Int) throws -> Record? {
    var found: Record?
    if mayHoldPage(header, length) {
      found = .unreadable(id: header.id, reason: "the record is larger than the limit of \(Size.format(limit)) for a document")
    }
    let margin = 2 * WARCVersionLine.reach
    var left = length
    while left > 0 {
      let hasMore = window.ensure(min(left, Self.headerReach) + margin)
      let available = min(left, window.count)
      // A length that is wrong may be longer than the archive.
      if let place = WARCVersionLine.embedded(in: window.bytes, before: available) {
        window.drop(place)
        return found
      }
      let done = hasMore ? min(left, window.count - margin) : available
      if done == 0 {
        report = try end(id: header.id, isInside: true)
        return found
      }
      window.drop(done)
      left -= done
    }
    return found
  }

  private func mayHoldPage(_ header: WARCHeader, _ length: Int) -> Bool {
    if header.kind == .none { return false }
    window.ensure(min(length, Self.headerReach))
    let beginning = UnsafeRawBufferPointer(rebasing: window.bytes.prefix(min(length, Self.headerReach)))
    do {
      return try ArchivedContent(header, block: beginning) != nil
    } catch {
      return true
    }
  }
}

/// Bytes in memory.
final class MemorySource: ByteSource {
  let name = "memory"
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, rest.count)
    buffer.copyBytes(from: rest.prefix(count))
    rest = rest.dropFirst(count)
    return count
  }
}

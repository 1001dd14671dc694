import Glibc

/// Finds the end of a header: of lines up to an empty one, as WARC and HTTP have it. Can be fed as more bytes come.
struct HeaderScan {
  enum State {
    /// Ends with the empty line.
    case complete
    case needsMore
    /// Ends before a line that is the beginning of something else.
    case interrupted
    case tooLong
  }

  /// In bytes, and in lines; servers and crawlers allow less.
  static let longest = 1 << 20
  static let mostLines = 1000

  /// The bytes of the header that have been found so far, always whole lines.
  private(set) var length = 0
  private var lines = 0
  private var searched = 0
  private let isBoundary: (UnsafeRawBufferPointer) -> Bool

  /// - Parameter isBoundary: whether what begins at a line, given with all that follows, is no part of the header.
  init(isBoundary: @escaping (UnsafeRawBufferPointer) -> Bool) {
    self.isBoundary = isBoundary
  }

  /// - Parameter bytes: the header from its beginning on; at each call those of the one before and more.
  mutating func advance(_ bytes: UnsafeRawBufferPointer) -> State {
    while searched < bytes.count, let found = memchr(bytes.baseAddress! + searched, 0x0A, bytes.count - searched) {
      let end = UnsafeRawPointer(found) - bytes.baseAddress!
      if lines > 0, isBoundary(UnsafeRawBufferPointer(rebasing: bytes[length...])) { return .interrupted }
      let isEmpty = end == length || end == length + 1 && bytes[length] == 0x0D
      length = end + 1
      searched = length
      lines += 1
      if isEmpty { return .complete }
      if lines > Self.mostLines || length > Self.longest { return .tooLong }
    }
    searched = bytes.count
    return searched > Self.longest ? .tooLong : .needsMore
  }
}

/// The fields of a header that somebody asks for, as WARC and HTTP write them: `Name: value` a line, a line that begins with white space
/// going on with the one before.
struct HeaderFields {
  /// In the order of the header, names in lower case.
  private var fields: [(name: String, value: String)] = []

  /// - Parameter names: what is kept, in lower case.
  init(_ header: UnsafeRawBufferPointer, names: [StaticString]) {
    var start = 0
    while start < header.count {
      let end = Self.endOfField(header, start)
      if let colon = memchr(header.baseAddress! + start, Int32(UInt8(ascii: ":")), end - start) {
        let place = UnsafeRawPointer(colon) - header.baseAddress!
        var nameEnd = place
        while nameEnd > start, UTF8Text.isSpace(header[nameEnd - 1]) { nameEnd -= 1 }
        let name = UnsafeRawBufferPointer(rebasing: header[start..<nameEnd])
        if let kept = names.first(where: { Self.isEqual(name, $0) }) {
          fields.append(("\(kept)", Self.text(UnsafeRawBufferPointer(rebasing: header[place + 1..<end]))))
        }
      }
      start = end
    }
  }

  /// The first value of a field that is not empty.
  subscript(name: String) -> String? {
    fields.first { $0.name == name && !$0.value.isEmpty }?.value
  }

  /// All values of a field.
  func all(_ name: String) -> [String] {
    fields.filter { $0.name == name }.map(\.value)
  }

  /// Behind the last line of the field that begins at `start`.
  private static func endOfField(_ header: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var end = start
    while end < header.count {
      guard let found = memchr(header.baseAddress! + end, 0x0A, header.count - end) else { return header.count }
      end = UnsafeRawPointer(found) - header.baseAddress! + 1
      if end == header.count || header[end] != UInt8(ascii: " ") && header[end] != UInt8(ascii: "\t") { break }
    }
    return end
  }

  private static func isEqual(_ name: UnsafeRawBufferPointer, _ other: StaticString) -> Bool {
    guard name.count == other.utf8CodeUnitCount else { return false }
    for index in 0..<name.count where ASCII.lowered(name[index]) != other.utf8Start[index] { return false }
    return true
  }

  /// A value without white space around it, its lines joined by spaces.
  private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
    var (start, end) = (0, bytes.count)
    while start < end, UTF8Text.isSpace(bytes[start]) { start += 1 }
    while end > start, UTF8Text.isSpace(bytes[end - 1]) { end -= 1 }
    let value = String(decoding: bytes[start..<end], as: UTF8.self)
    guard bytes[start..<end].contains(0x0A) else { return value }
    return value.split(whereSeparator: \.isNewline).map { line in
      String(String.UnicodeScalarView(line.unicodeScalars.drop { $0 == " " || $0 == "\t" }))
    }.joined(separator: " ")
  }
}

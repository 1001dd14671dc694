import Glibc
import Testing

@testable import Pipeline

@Suite struct FrameCodecTests {
  private static let payloads: [FramedDocument.Payload] = [
    .file(path: "pages/ä.html", size: 278_000), .bytes([0, 0xFF, 0x80]), .line(Array(#"{"text":"x"}"#.utf8)),
    .element(XMLFragment(bytes: [1], charset: "latin1", prefixes: ["a": "urn:a"], predicate: "@x")),
    .row(RowFrame(bytes: [1, 2], header: ["id", ""], separator: 9, isQuoted: true)), .unreadable(reason: "gone", id: nil),
    .unreadable(reason: "gone", id: "a"),
    .page(WARCPage(id: "urn:x", url: nil, date: "2026-01-01", charset: nil, isText: true, bytes: [], truncated: "length")),
  ]

  private static func encoded(_ payload: FramedDocument.Payload) -> [UInt8] {
    var frame = FramedDocument(source: "s", position: 7, format: .html, payload: payload)
    frame.place = InputPlace(input: 3, ordinal: 4)
    var encoder = FrameEncoder()
    frame.encode(into: &encoder)
    return encoder.bytes
  }

  @Test(arguments: payloads.indices) func aDocumentComesBackAsItWas(_ index: Int) throws {
    let bytes = Self.encoded(Self.payloads[index])
    var decoder = FrameDecoder(bytes[...])
    let frame = try FramedDocument(&decoder)
    try decoder.end()
    #expect("\(frame.payload)" == "\(Self.payloads[index])")
    #expect(frame.source == "s" && frame.position == 7 && frame.place == InputPlace(input: 3, ordinal: 4))
  }

  private static let outcomes: [FramedResult.Outcome] = [
    .passed(line: Array("{}\n".utf8), clusterOffset: 1), .dropped(stage: 1, reason: "short"),
    .rejected(stage: nil, place: "input", reason: "no"), .rejected(stage: 0, place: "a", reason: ""), .seen,
  ]

  private static func encoded(_ outcome: FramedResult.Outcome) -> [UInt8] {
    var result = FramedResult(
      id: "i", source: "s", position: nil, place: InputPlace(input: 1, ordinal: 2), outcome: outcome,
      prepared: [(stage: 1, value: [9])], removals: [RemovalKey(stage: "a", reason: "b"): 3], content: [1], failure: nil)
    result.contentHash = ContentHash([1, 2, 3])
    var encoder = FrameEncoder()
    result.encode(into: &encoder)
    return encoder.bytes
  }

  @Test(arguments: outcomes.indices) func aResultComesBackAsItWas(_ index: Int) throws {
    var decoder = FrameDecoder(Self.encoded(Self.outcomes[index])[...])
    let result = try FramedResult(&decoder, stages: 2)
    try decoder.end()
    #expect("\(result.outcome)" == "\(Self.outcomes[index])")
    #expect(result.removals == [RemovalKey(stage: "a", reason: "b"): 3] && result.content == [1])
    #expect(result.prepared.map(\.stage) == [1] && result.contentHash == ContentHash([1, 2, 3]))
  }

  /// A worker that has gone wild may write anything.
  @Test(arguments: outcomes.indices) func whatIsCutOrChangedIsNonsenseOrAResult(_ index: Int) {
    let bytes = Self.encoded(Self.outcomes[index])
    for count in 0..<bytes.count {
      var decoder = FrameDecoder(bytes[..<count])
      #expect(throws: FrameDecoder.Nonsense.self) {
        _ = try FramedResult(&decoder, stages: 2)
        try decoder.end()
      }
    }
    for place in bytes.indices {
      for byte: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
        var changed = bytes
        changed[place] = byte
        var decoder = FrameDecoder(changed[...])
        if let result = try? FramedResult(&decoder, stages: 2), case .dropped(let stage, _) = result.outcome { #expect(stage < 2) }
      }
    }
  }

  @Test func messagesArriveInAnyPieces() throws {
    let contents = [[], [1], [UInt8](repeating: 7, count: 700_000), [2, 3]] as [[UInt8]]
    var stream: [UInt8] = []
    for content in contents { MessageBuffer.append(content, to: &stream) }
    for size in [1, 15, 16, 17, 4096, 300_000] where size > 1 || stream.count < 1_000_000 {
      var ends: [Int32] = [0, 0]
      try #require(pipe(&ends) == 0)
      defer { close(ends[0]) }
      var buffer = MessageBuffer(longest: 1 << 20)
      var found: [[UInt8]] = []
      var sent = 0
      while found.count < contents.count {
        let end = min(stream.count, sent + min(size, 60_000))
        _ = stream[sent..<end].withUnsafeBytes { write(ends[1], $0.baseAddress, $0.count) }
        sent = end
        #expect(buffer.fill(from: ends[0]) > 0)
        while let content = try buffer.next() { found.append(Array(content)) }
      }
      close(ends[1])
      #expect(found == contents)
      #expect(buffer.fill(from: ends[0]) == 0)
    }
  }

  @Test func whatIsNoMessageIsNoticed() throws {
    var stream: [UInt8] = []
    MessageBuffer.append([1], to: &stream)
    for place in 0..<8 {
      var changed = stream
      changed[place] ^= 1
      #expect(throws: FrameDecoder.Nonsense.self) { try Self.read(changed) }
    }
    #expect(throws: FrameDecoder.Nonsense.self) { try Self.read(Array(stream[..<8]) + [UInt8](repeating: 0xFF, count: 8)) }
  }

  private static func read(_ stream: [UInt8]) throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    _ = write(ends[1], stream, stream.count)
    var buffer = MessageBuffer(longest: 100)
    _ = buffer.fill(from: ends[0])
    _ = try buffer.next()
  }
}

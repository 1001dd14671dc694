import TestSupport
import Testing

@testable import Pipeline

@Suite struct WARCCodingTests {
  private func chunked(_ body: String, _ more: [String] = []) throws -> [String] {
    try archiveContents(WARCArchive.page("1", ["Transfer-Encoding: chunked"] + more, Array(body.utf8)))
  }

  @Test func chunksArePutTogether() throws {
    #expect(try chunked("3\r\n<p>\r\n5\r\nhello\r\n0\r\n\r\n") == ["1: <p>hello"])
    #expect(try chunked("003;name=\"v;\"\r\n<p>\r\nA ; x\r\n0123456789\r\n0\r\nTrailer: x\r\nOther: y\r\n\r\n") == ["1: <p>0123456789"])
    #expect(try chunked("3\n<p>\n1\na\n0\n\n") == ["1: <p>a"])
    #expect(try chunked("0\r\n\r\n") == ["1: "])
    #expect(try chunked("") == ["1: "])
  }

  @Test func chunksThatEndEarlyAreKept() throws {
    #expect(try chunked("3\r\n<p>\r\nff\r\nhello") == ["1: <p>hello (chunked)"])
    #expect(try chunked("ff\r\n<p>hello") == ["1: <p>hello (chunked)"])
    #expect(try chunked("3\r\n<p>\r\n5\r\nhello") == ["1: <p>hello"])
    #expect(try chunked("3\r\n<p>\r\n5\r\nhello\r\nno size\r\n") == ["1: <p>hello (chunked)"])
    #expect(try chunked("3\r\n<p>\r\n2\r\nhello\r\n0\r\n\r\n") == ["1: <p>he (chunked)"])
    #expect(try chunked("3\r\n<p>\r\nffffffffffffffffff\r\nhello") == ["1: <p> (chunked)"])
  }

  @Test(arguments: [
    "<p>hello", "abc\n<p>hello", "3\r\n<p>hello", "-1\r\nx", "ffffffffffffffff\r\nx", "12", "12;x", " 3\r\n<p>\r\n0\r\n\r\n",
  ])
  func aBodyThatWasPutTogetherStays(_ body: String) throws {
    #expect(try chunked(body) == ["1: \(body)"])
  }

  @Test func codingsAreTakenOff() throws {
    let text = "<p>" + WARCArchive.words(3000)
    let bytes = Array(text.utf8)
    for (coding, body) in [
      ("gzip", WARCArchive.gzip(bytes)), ("x-gzip", WARCArchive.gzip(bytes)), ("GZIP", WARCArchive.gzip(bytes)),
      ("gzip, gzip", WARCArchive.gzip(WARCArchive.gzip(bytes))),
      ("deflate", WARCArchive.deflate(bytes, windowBits: 15)), ("deflate", WARCArchive.deflate(bytes, windowBits: -15)),
      ("zstd", try WARCArchive.zstd(bytes)),
      ("identity", bytes), ("gzip", WARCArchive.gzip(Array(bytes[..<100])) + WARCArchive.gzip(Array(bytes[100...]))),
      ("gzip", WARCArchive.gzip(bytes) + [1, 2, 3]),
    ] {
      #expect(try archiveContents(WARCArchive.page("1", ["Content-Encoding: \(coding)"], body)) == ["1: \(text)"], "\(coding)")
      let chunks = Array("\(String(body.count, radix: 16))\r\n".utf8) + body + Array("\r\n0\r\n\r\n".utf8)
      #expect(
        try archiveContents(WARCArchive.page("1", ["Content-Encoding: \(coding)", "Transfer-Encoding: chunked"], chunks)) == ["1: \(text)"])
    }
    #expect(try archiveContents(WARCArchive.page("1", ["Transfer-Encoding: gzip, chunked"], WARCArchive.gzip(bytes))) == ["1: \(text)"])
  }

  @Test(arguments: ["gzip", "deflate", "zstd", "br", "compress", "utf-8", "gzip, br"]) func aBodyThatIsPlainAlreadyStays(_ coding: String)
    throws
  {
    for text in ["<p>plain — text", "x^ plain", ""] {
      #expect(try archiveContents(WARCArchive.page("1", ["Content-Encoding: \(coding)"], Array(text.utf8))) == ["1: \(text)"])
    }
    let latin = try archivePages(WARCArchive.page("1", ["Content-Encoding: \(coding)"], Array("<p>caf".utf8) + [0xE9]))
    #expect(latin.map(\.bytes) == [Array("<p>caf".utf8) + [0xE9]])
  }

  @Test func whatIsNotReadIsReported() throws {
    var random = SeededGenerator(3)
    let noise = (0..<500).map { _ in UInt8.random(in: 0...255, using: &random) }
    #expect(
      try archiveContents(WARCArchive.page("1", ["Content-Encoding: br"], noise)) == [
        "! 1: the content is compressed with br, which is not read"
      ])
    #expect(
      try archiveContents(WARCArchive.page("1", ["Content-Encoding: gzip"], [0x1F, 0x8B, 0x08] + noise)) == [
        "! 1: the content's gzip data is broken"
      ])
    #expect(
      try archiveContents(WARCArchive.page("1", ["Content-Encoding: gzip,gzip,gzip,gzip,gzip"], noise)) == [
        "! 1: the content was encoded 5 times"
      ])
  }

  @Test(arguments: ["gzip", "deflate", "bare", "zstd"]) func whatWasDecompressedBeforeABreakIsKept(_ coding: String) throws {
    let text = "<p>" + WARCArchive.words(40_000)
    let bytes = Array(text.utf8)
    let whole =
      switch coding {
      case "gzip": WARCArchive.gzip(bytes)
      case "zstd": try WARCArchive.zstd(bytes)
      case "bare": WARCArchive.deflate(bytes, windowBits: -15)
      default: WARCArchive.deflate(bytes, windowBits: 15)
      }
    let name = coding == "bare" ? "deflate" : coding
    var damaged = whole
    for index in whole.count * 3 / 4..<whole.count * 3 / 4 + 100 { damaged[index] ^= 0xA5 }
    // Without a checksum, damage can look like any other content.
    for body in [Array(whole[..<(whole.count * 3 / 4)])] + (coding == "bare" || coding == "zstd" ? [] : [damaged]) {
      let page = try #require(try archivePages(WARCArchive.page("1", ["Content-Encoding: \(name)"], body)).first)
      #expect(page.truncated == name && page.bytes.count > bytes.count / 4)
      #expect(page.bytes[..<(bytes.count / 4)] == bytes[..<(bytes.count / 4)])
    }
  }

  @Test func aBombEndsAtTheLimit() throws {
    let bomb = WARCArchive.gzip([UInt8](repeating: 0x61, count: 3_000_000))
    let body = ["! 1: the page is larger than the limit of 1 MB for a document", "2: <p>b"]
    #expect(try archiveContents(WARCArchive.page("1", ["Content-Encoding: gzip"], bomb) + WARCArchive.page("2", "b")) == body)
    let zstd = try WARCArchive.zstd([UInt8](repeating: 0x61, count: 3_000_000))
    #expect(try archiveContents(WARCArchive.page("1", ["Content-Encoding: zstd"], zstd) + WARCArchive.page("2", "b")) == body)
    let nested = WARCArchive.gzip(WARCArchive.gzip([UInt8](repeating: 0x61, count: 100_000_000)))
    #expect(try archiveContents(WARCArchive.page("1", ["Content-Encoding: gzip, gzip"], nested) + WARCArchive.page("2", "b")) == body)
  }

  @Test func aBombBelowTheLimitIsTold() throws {
    let bomb = WARCArchive.gzip([UInt8](repeating: 0x61, count: 30_000_000))
    #expect(
      try archiveContents(WARCArchive.page("1", ["Content-Encoding: gzip"], bomb), limit: 64_000_000) == [
        "! 1: the content grows more than 500 times when it is decompressed, as no page does"
      ])
    let large = Array(WARCArchive.words(1_000_000).utf8)
    #expect(
      try archivePages(WARCArchive.page("1", ["Content-Encoding: gzip"], WARCArchive.gzip(large)), limit: 64_000_000).first?.bytes.count
        == large.count)
  }
}

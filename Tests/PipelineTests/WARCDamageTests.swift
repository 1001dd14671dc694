import TestSupport
import Testing

@testable import Pipeline

@Suite struct WARCDamageTests {
  private let three = [WARCArchive.page("1", "a"), WARCArchive.page("2", "b"), WARCArchive.page("3", "c")]

  @Test func garbageIsSkippedAndReportedOnce() throws {
    #expect(
      try archiveContents(three[0] + Array("garbage\nWARC/x\nmore WARC/1.0\r\n".utf8) + three[1]) == [
        "1: <p>a", "! : 30 bytes from byte \(three[0].count) on are no WARC record, and were skipped", "2: <p>b",
      ])
    #expect(try archiveContents(Array("no archive".utf8)) == ["! : 10 bytes from byte 0 on are no WARC record, and were skipped"])
    let garbage = [UInt8](repeating: 0x57, count: 3_000_000)
    #expect(
      try archiveContents(garbage + [0x0A] + three[1]) == [
        "! : 3000001 bytes from byte 0 on are no WARC record, and were skipped", "2: <p>b",
      ])
    // Too few empty lines, or too many, and padding are no garbage.
    #expect(
      try archiveContents(
        Array("\r\n\r\n\n".utf8) + three[0].dropLast(4) + three[1] + Array("\r\n\r\n".utf8) + [UInt8](repeating: 0, count: 9999)) == [
          "1: <p>a", "2: <p>b",
        ])
    #expect(try archiveContents([]) == [])
  }

  @Test func aLengthThatIsTooShortCostsTheRest() throws {
    let short = WARCArchive.page(
      "1", "a long text", length: WARCArchive.http(["Content-Type: text/html; charset=utf-8"], Array("<p>a".utf8)).count)
    #expect(
      try archiveContents(short + three[1]) == [
        "1: <p>a", "! : 14 bytes from byte \(short.count - 14) on are no WARC record, and were skipped", "2: <p>b",
      ])
  }

  @Test(arguments: [1, 2, 3, 4, 5, 9, 30, 100, 500, 100_000, 999_999, 1_000_001, 5_000_000_000, 999_999_999_999_999_999])
  func aLengthThatIsTooLongCostsNothing(_ excess: Int) throws {
    let length = WARCArchive.http(["Content-Type: text/html; charset=utf-8"], Array("<p>a".utf8)).count
    let found = try archiveContents(WARCArchive.page("1", "a", length: length + excess) + three[1] + three[2])
    if length + excess > 1_000_000 {
      #expect(found == ["! 1: the record is larger than the limit of 1 MB for a document", "2: <p>b", "3: <p>c"])
    } else {
      #expect(found.count == 3 && found[0].hasPrefix("1: <p>a") && found[0].dropFirst(7).allSatisfy(\.isNewline), "\(found)")
      #expect(found.dropFirst() == ["2: <p>b", "3: <p>c"])
    }
  }

  @Test func anArchiveInsideAPageIsAPage() throws {
    let inner = "<pre>\r\n\r\nWARC/1.0\r\nWARC-Type: response\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n"
    #expect(try archiveContents(WARCArchive.page("1", inner) + three[1]) == ["1: <p>\(inner)", "2: <p>b"])
  }

  @Test func aHeaderThatIsNoneIsReported() throws {
    #expect(
      try archiveContents(Array("WARC/1.0\r\n".utf8) + three[1]) == ["! : the header of the record at byte 0 has no end", "2: <p>b"])
    #expect(
      try archiveContents(Array("WARC/1.0\r\nWARC-Record-ID: <urn:uuid:x>\r\n\r\nbody\r\n\r\n".utf8) + three[1]) == [
        "! x: the record at byte 0 does not say how long it is", "2: <p>b",
      ])
    for length in ["-1", "1e3", "0x10", "", "99999999999999999999999999"] {
      let text = "WARC/1.0\r\nWARC-Type: request\r\nContent-Length: \(length)\r\n\r\nbody\r\n\r\n"
      #expect(try archiveContents(Array(text.utf8) + three[1]).last == "2: <p>b")
    }
  }

  @Test func aHeaderWithoutEndIsReported() throws {
    let reason = "! x: the header of the record at byte 0 has more than a megabyte or 1000 lines"
    let lines = "WARC/1.0\r\nWARC-Record-ID: <urn:uuid:x>\r\n" + String(repeating: "a: b\r\n", count: 2000)
    #expect(try archiveContents(Array((lines + "\r\n").utf8) + three[1]) == [reason, "2: <p>b"])
    let long = "WARC/1.0\r\nWARC-Record-ID: <urn:uuid:x>\r\nA: " + String(repeating: "b", count: 3_000_000)
    #expect(try archiveContents(Array((long + "\r\n\r\n").utf8) + three[1]) == [reason, "2: <p>b"])
  }

  @Test func aRecordOverTheLimitIsSkipped() throws {
    let text = WARCArchive.words(200_000)
    let large = WARCArchive.page("1", text)
    #expect(large.count > 1_000_000)
    let reason = "! 1: the record is larger than the limit of 1 MB for a document"
    #expect(try archiveContents(large + three[1]) == [reason, "2: <p>b"])
    #expect(try archiveContents(WARCArchive.gzip(large) + WARCArchive.gzip(three[1]), piece: 1000) == [reason, "2: <p>b"])
    #expect(try archiveContents(large + three[1], limit: 10_000_000) == ["1: <p>\(text)", "2: <p>b"])
    // What holds no page is no loss.
    let image = WARCArchive.record("response", WARCArchive.http(["Content-Type: image/png"], Array(text.utf8)))
    let request = WARCArchive.record("request", contentType: "application/http; msgtype=request", Array(text.utf8))
    #expect(try archiveContents(image + request + three[1]) == ["2: <p>b"])
  }

  @Test func aFileThatEndsEarlySaysSo() throws {
    let whole = three[0] + three[1]
    let cut = "! : the file ends inside a record"
    #expect(try archiveContents(whole.dropLast(4)) == ["1: <p>a", "2: <p>b"])
    #expect(try archiveContents(whole.dropLast(5)) == ["1: <p>a", "2: <p> (file-end)", cut])
    #expect(try archiveContents(whole.dropLast(three[1].count - 30)) == ["1: <p>a", cut])
    #expect(
      try archiveContents(WARCArchive.record("request", id: "q", Array("GET / HTTP/1.1".utf8)).dropLast(9)) == [
        "! q: the file ends inside a record"
      ])
    let member = WARCArchive.gzip(three[1])
    let early = "the gzip data ends too early, in the member that begins at byte \(WARCArchive.gzip(three[0]).count)"
    let zipped = WARCArchive.gzip(three[0]) + member
    #expect(try archiveContents(zipped.dropLast(3)) == ["1: <p>a", "2: <p>b", "! : \(early)"])
    #expect(try archiveContents(zipped.dropLast(member.count - 15)) == ["1: <p>a", "! : \(early)"])
    #expect(try archiveContents(WARCArchive.zstd(Array(whole)).dropLast(5)).last == "!! the zstd data ends too early")
  }

  @Test(arguments: [1, 100, 100_000]) func aBrokenMemberCostsOnlyItself(_ piece: Int) throws {
    let pages = (1...5).map { WARCArchive.page("\($0)", WARCArchive.words(2000, seed: $0)) }
    let members = pages.map(WARCArchive.gzip)
    let whole = try archiveContents(Array(pages.joined()))
    for place in [3, 10, 20, 100, members[2].count / 2, members[2].count - 6, members[2].count - 2] {
      var broken = members
      // Zlib is told of a method, of lengths, or of a checksum that cannot be.
      for index in place..<min(place + 4, broken[2].count) { broken[2][index] ^= 0xFF }
      let found = try archiveContents(Array(broken.joined()), piece: piece)
      #expect(found.count == 5 && found[..<2] == whole[..<2] && found[3...] == whole[3...], "byte \(place): \(found.map { $0.prefix(80) })")
      let offset = members[0].count + members[1].count
      #expect(found.dropFirst(2).first?.contains("the gzip member that begins at byte \(offset) is broken") == true, "byte \(place)")
    }
    // One that is cut off, as by a crawler that was stopped, and bytes that are no member.
    let cut = members[0] + members[1].prefix(200) + members[2] + Array("garbage".utf8) + members[3]
    let found = try archiveContents(cut, piece: piece)
    #expect(found.filter { !$0.hasPrefix("!") } == [whole[0], whole[2], whole[3]] && found.count == 5)
    // Other members than those of archives are not stopped at.
    let other = Array("garbage".utf8) + WARCArchive.gzip(Array("no archive".utf8)) + members[1]
    #expect(try archiveContents(members[0] + other, piece: piece).filter { !$0.hasPrefix("!") } == [whole[0], whole[1]])
  }

  @Test func aBreakInOneMemberOverAllIsReported() throws {
    let pages = (1...50).map { WARCArchive.page("\($0)", WARCArchive.words(2000, seed: $0)) }
    var bytes = WARCArchive.gzip(Array(pages.joined()))
    for index in bytes.count / 2..<bytes.count / 2 + 50 { bytes[index] ^= 0xFF }
    let found = try archiveContents(bytes)
    #expect(found.last?.contains("the gzip member that begins at byte 0 is broken") == true)
    let whole = try archiveContents(Array(pages.joined()))
    #expect(found.count > 20 && found[..<20] == whole[..<20])
  }

  /// Bytes that make a reader look at the same ones again and again.
  @Test(arguments: ["version", "short", "long", "members", "nested", "names", "newlines", "chunks"]) func nothingIsQuadratic(_ kind: String)
    throws
  {
    func bytes(_ count: Int) -> [UInt8] {
      switch kind {
      case "version": return Array(String(repeating: "WARC/1.0\r\n", count: count / 10).utf8)
      case "short": return Array(String(repeating: "WARC/1.0\r\nContent-Length: 0\r\n\r\nx\n", count: count / 33).utf8)
      case "long": return Array(String(repeating: "WARC/1.0\r\nContent-Length: 900000\r\n\r\nx\r\n\r\n", count: count / 42).utf8)
      case "members": return Array(repeatElement([0x1F, 0x8B, 0x08, 0], count: count / 4).joined())
      case "names": return Array(repeatElement([0x1F, 0x8B, 0x08, 8, 1, 1, 1, 1], count: count / 8).joined())
      case "newlines": return Array(String(repeating: "\r\n", count: count / 2).utf8)
      case "chunks":
        let body = Array(String(repeating: "1\r\na\r\n", count: count / 6).utf8)
        return WARCArchive.record("response", WARCArchive.http(["Content-Type: text/html", "Transfer-Encoding: chunked"], body))
      default:
        // Each member holds the next one, uncompressed, and is broken at its end.
        let beginning: [UInt8] = [0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 3, 0, 0xFF, 0xFF, 0, 0] + Array("WARC/1.0\r\n".utf8)
        return Array(repeatElement(beginning, count: count / beginning.count).joined())
      }
    }
    func duration(_ count: Int) throws -> Duration {
      let input = bytes(count)
      return try ContinuousClock().measure {
        var splitter = try WARCSplitter(PieceSource(input, piece: 100_000), limit: 1_000_000)
        while try splitter.next() != nil {}
      }
    }
    let small = try duration(100_000)
    let large = try duration(400_000)
    #expect(large < .milliseconds(500) || large < small * 10, "\(small), \(large)")
    #expect(large < .seconds(10))
  }

  /// Damage at any place ends in pages and reports.
  @Test func anyDamageIsSurvived() throws {
    var random = SeededGenerator(7)
    let plain = Array(
      (1...8).map { WARCArchive.page("\($0)", ["Content-Encoding: gzip"], WARCArchive.gzip(Array(WARCArchive.words(50).utf8))) }.joined())
    let zipped = Array((1...8).map { WARCArchive.gzip(WARCArchive.page("\($0)", WARCArchive.words(50))) }.joined())
    for whole in [plain, zipped, WARCArchive.gzip(plain), try WARCArchive.zstd(plain)] {
      for _ in 0..<100 {
        var bytes = whole
        for _ in 0..<Int.random(in: 1...8, using: &random) {
          let place = Int.random(in: 0..<bytes.count, using: &random)
          switch Int.random(in: 0...2, using: &random) {
          case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
          case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...50, using: &random)))
          default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 50)], at: place)
          }
          if bytes.isEmpty { bytes = [0] }
        }
        _ = try archiveContents(bytes, piece: Int.random(in: 1...5000, using: &random), limit: 5000)
      }
    }
  }
}

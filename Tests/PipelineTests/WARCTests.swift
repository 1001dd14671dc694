import TestSupport
import Testing

@testable import Pipeline

@Suite struct WARCRecordTests {
  @Test func aPageHasWhatItsRecordSays() throws {
    let block = WARCArchive.http(["content-TYPE: text/html; charset=\"ISO-8859-2\""], Array("<p>a".utf8))
    for url in ["http://example.org/a?b=<c>", "<http://example.org/a?b=<c>>"] {
      let page = try #require(
        try archivePages(WARCArchive.record("response", id: "x", url: url, fields: ["WARC-Truncated: time"], block)).first)
      #expect(page.id == "urn:uuid:x" && page.url == "http://example.org/a?b=<c>" && page.date == "2026-01-02T03:04:05Z")
      #expect(page.charset == "ISO-8859-2" && !page.isText && page.bytes == Array("<p>a".utf8) && page.truncated == "time")
    }
  }

  @Test(arguments: [1, 2, 3, 7, 64, 1000, 1_000_000]) func recordsAreCutWhateverThePieces(_ piece: Int) throws {
    let records = (1...20).map { WARCArchive.page("\($0)", "page \($0)\r\n\r\n") }
    let expected = (1...20).map { "\($0): <p>page \($0)\r\n\r\n" }
    let plain = Array(records.joined())
    #expect(try archiveContents(plain, piece: piece) == expected)
    #expect(try archiveContents(Array(records.map(WARCArchive.gzip).joined()), piece: piece) == expected)
    #expect(try archiveContents(WARCArchive.gzip(plain), piece: piece) == expected)
    #expect(try archiveContents(WARCArchive.zstd(plain), piece: piece) == expected)
    #expect(try archiveContents(Array(try records.map(WARCArchive.zstd).joined()), piece: piece) == expected)
    // Members that end anywhere.
    let some = stride(from: 0, to: plain.count, by: 777).map { WARCArchive.gzip(Array(plain[$0..<min($0 + 777, plain.count)])) }
    #expect(try archiveContents(Array(some.joined()), piece: piece) == expected)
  }

  @Test(arguments: ["WARC/0.17", "WARC/0.18", "WARC/1.0", "WARC/1.1"]) func allVersionsAreRead(_ version: String) throws {
    let block = WARCArchive.http(["Content-Type: text/html"], Array("<p>a".utf8))
    #expect(
      try archiveContents(WARCArchive.record("response", block, version: version) + WARCArchive.page("2", "b")) == ["1: <p>a", "2: <p>b"])
    let bare = WARCArchive.http(["Content-Type: text/html"], Array("<p>a".utf8), newline: "\n")
    #expect(
      try archiveContents(WARCArchive.record("response", bare, version: version, newline: "\n") + WARCArchive.page("2", "b")) == [
        "1: <p>a", "2: <p>b",
      ])
  }

  @Test func onlyPagesAreYielded() throws {
    let html = Array("<p>a".utf8)
    let block = WARCArchive.http(["Content-Type: text/html"], html)
    let none: [[UInt8]] = [
      WARCArchive.record("warcinfo", url: nil, contentType: "application/warc-fields", Array("software: x\r\n".utf8)),
      WARCArchive.record("request", contentType: "application/http; msgtype=request", Array("GET / HTTP/1.1\r\n\r\n".utf8)),
      WARCArchive.record("metadata", contentType: "application/warc-fields", Array("fetchTimeMs: 1".utf8)),
      WARCArchive.record("revisit", block), WARCArchive.record("continuation", html),
      WARCArchive.record("response", url: "dns:example.org", contentType: "text/dns", Array("20260102 example.org. 300 IN A 1.2.3.4".utf8)),
      WARCArchive.record("response", url: "ftp://example.org/a.html", block),
      WARCArchive.record("response", contentType: "text/html", html),
      WARCArchive.record("resource", contentType: "image/png", [0x89, 0x50]), WARCArchive.record("unheard-of", html),
      WARCArchive.record("response", contentType: "application/http;msgtype=request", block),
    ]
    #expect(try archiveContents(Array(none.joined())) == [])
    #expect(try archiveContents(Array(none.map { $0 + WARCArchive.page("2", "b") }.joined())) == none.map { _ in "2: <p>b" })
  }

  @Test func contentWithoutHTTPIsReadToo() throws {
    let resource = WARCArchive.record("resource", id: "r", contentType: "text/html; charset=koi8-r", Array("<p>a".utf8))
    let conversion = WARCArchive.record("conversion", id: "c", contentType: "text/plain", Array("text of a page".utf8))
    let found = try archivePages(resource + conversion)
    #expect(found.map(\.isText) == [false, true] && found.map(\.charset) == ["koi8-r", nil])
    #expect(found.map { String(decoding: $0.bytes, as: UTF8.self) } == ["<p>a", "text of a page"])
  }

  @Test func fieldsMayBeFolded() throws {
    let block = Array("HTTP/1.1 200 OK\r\nContent-Type: text/html;\r\n\tcharset=utf-8\r\nX: y\r\n z\r\n\r\n<p>a".utf8)
    let header = "WARC/1.0\r\nwarc-type : response\r\nWARC-RECORD-ID:<urn:uuid:f>\r\nWARC-Target-URI:\r\n http://example.org/long\r\n"
    let text = header + "Content-Length: \(block.count)\r\n\r\n"
    let page = try #require(try archivePages(Array(text.utf8) + block).first)
    #expect(page.url == "http://example.org/long" && page.charset == "utf-8" && page.bytes == Array("<p>a".utf8))
  }

  @Test func aSegmentIsMarked() throws {
    #expect(try archiveContents(WARCArchive.page("1", "a", ["WARC-Segment-Number: 1"])) == ["1: <p>a (segmented)"])
  }
}

@Suite struct WARCResponseTests {
  private func bodies(_ response: String) throws -> [String] { try archiveContents(WARCArchive.record("response", Array(response.utf8))) }

  @Test func headersOfAnyKindAreRead() throws {
    #expect(try bodies("HTTP/1.1 200 OK\nContent-Type: text/html\n\n<p>a") == ["1: <p>a"])
    #expect(try bodies("HTTP/2 200\r\ncontent-type:text/html\r\n\r\n<p>a") == ["1: <p>a"])
    #expect(try bodies("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>a") == ["1: <p>a"])
    // Without a status line, without a header, without an empty line, without a body.
    #expect(try bodies("Content-Type: text/html\r\nServer: x\r\n\r\n<p>a") == ["1: <p>a"])
    #expect(try bodies("<!DOCTYPE html><p>a") == ["1: <!DOCTYPE html><p>a"])
    #expect(try bodies("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n<html>\r\n<p>a") == ["1: <html>\r\n<p>a"])
    #expect(try bodies("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n<html><p>a") == ["1: <html><p>a"])
    #expect(try bodies("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n") == ["1: "])
    #expect(try bodies("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Cut: o") == ["1: "])
  }

  @Test(arguments: [
    ("200 OK", true), ("203 X", true), ("206 Partial Content", true), ("301 Moved", false), ("304 Not Modified", false),
    ("404 Not Found", false), ("500 Oops", false), ("abc", true),
  ])
  func onlySuccessIsAPage(_ status: String, _ isPage: Bool) throws {
    #expect(try bodies("HTTP/1.1 \(status)\r\nContent-Type: text/html\r\n\r\n<p>a").count == (isPage ? 1 : 0))
  }

  @Test(
    arguments: [
      ("text/html", false), ("TEXT/HTML;charset=x", false), ("application/xhtml+xml", false), ("text/xml", false),
      ("application/rss+xml", false),
      ("text/plain", true), ("text/html,text/html", false), ("text/html, text/html; charset=utf-8", false), ("html", false), ("", false),
      ("text/x-unheard", false), ("image/png", nil), ("image/svg+xml", nil), ("application/pdf", nil), ("application/json", nil),
      ("text/css", nil), ("text/javascript", nil), ("application/octet-stream", nil), ("video/mp4", nil),
    ] as [(String, Bool?)])
  func typesDecide(_ type: String, _ isText: Bool?) throws {
    let found = try archivePages(WARCArchive.record("response", WARCArchive.http(["Content-Type: \(type)"], Array("<p>a".utf8))))
    #expect(found.map(\.isText) == (isText.map { [$0] } ?? []))
  }

  @Test(
    arguments: [
      (Array("<!DOCTYPE html><p>a".utf8), false), (Array("just text".utf8), true), (Array("<?xml version='1.0'?><a/>".utf8), false),
      ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A], nil), (Array("%PDF-1.4".utf8), nil), (Array("{\"a\": 1}".utf8), nil), ([UInt8](0...200), nil),
    ] as [([UInt8], Bool?)])
  func withoutATypeTheContentDecides(_ body: [UInt8], _ isText: Bool?) throws {
    let found = try archivePages(WARCArchive.record("response", WARCArchive.http(["Server: x"], body)))
    #expect(found.map(\.isText) == (isText.map { [$0] } ?? []))
  }

  @Test(
    arguments: [
      ("charset=utf-8", "utf-8"), ("Charset = 'windows-1251'", "windows-1251"), ("q=1;charset=\"gbk\"; x", "gbk"), ("charset=", nil),
      ("x", nil),
      ("charset=utf-8,text/html", "utf-8"),
    ] as [(String, String?)])
  func theCharsetIsThatOfTheType(_ parameter: String, _ expected: String?) throws {
    #expect(
      try archivePages(WARCArchive.record("response", WARCArchive.http(["Content-Type: text/html; \(parameter)"], [0x61]))).map(\.charset)
        == [expected])
  }

  @Test func aHeaderWithoutEndIsReported() throws {
    let long = String(repeating: "X: y\r\n", count: 1001)
    #expect(
      try bodies("HTTP/1.1 200 OK\r\n\(long)\r\n<p>a") == ["! 1: the header of the page has more than a megabyte or 1000 lines"])
  }
}

@Suite struct WARCDocumentTests {
  private let folder = TemporaryFolder()

  private func documents(_ path: String, format: InputFormat = .auto) async throws -> (documents: [Document], troubles: [String]) {
    let input = InputConfiguration(format: format, paths: [path], exclude: [], fields: [:], record: nil, namespaces: [:])
    let reader = DocumentReader(input: input, documentLimit: 1_000_000, stop: StopRequest())
    var frames: [FramedDocument] = []
    try await reader.run(FoundInputs(InputListing(exclude: [], own: []), [path])) {
      frames.append($0)
      return true
    }
    var result: (documents: [Document], troubles: [String]) = ([], [])
    let decoder = DocumentDecoder(input: input, documentLimit: 1_000_000)
    for frame in frames {
      var raw: [UInt8] = []
      do {
        result.documents.append(try decoder.decode(frame, raw: &raw))
      } catch {
        result.troubles.append("\(error.id ?? DocumentDecoder.fallbackID(frame)): \(error.reason)")
      }
    }
    return result
  }

  private let archive =
    WARCArchive.record("warcinfo", url: nil, contentType: "application/warc-fields", [])
    + WARCArchive.page("1", "a", ["WARC-Truncated: length"])
    + WARCArchive.record("conversion", id: "2", contentType: "text/plain", Array("one\ntwo".utf8))
    + WARCArchive.record("response", id: "3", WARCArchive.http(["Content-Type: text/html"], [0x89, 0x50, 0x4E, 0x47]))

  @Test(arguments: ["a.warc", "b.warc.gz", "c.warc.zst", "d.bin", "e.gz"]) func archivesBecomeDocuments(_ name: String) async throws {
    let bytes = name.hasSuffix("gz") ? WARCArchive.gzip(archive) : name.hasSuffix("zst") ? try WARCArchive.zstd(archive) : archive
    let path = folder.write(name, bytes)
    let (documents, troubles) = try await documents(path)
    #expect(documents.map(\.id) == ["urn:uuid:1", "urn:uuid:2"] && documents.map(\.position) == [1, 2])
    #expect(documents.allSatisfy { $0.source == path && $0.metadata.url == "http://example.org/" && $0.metadata.published == nil })
    #expect(documents.allSatisfy { $0.extra.map(\.name) == ["crawled"] && $0.extra.map(\.value) == ["2026-01-02T03:04:05Z"] })
    #expect(documents[0].content?.charset == "utf-8" && documents[0].text == nil && documents[1].rendered == "one\ntwo")
    #expect(documents[0].trail == [TrailEntry(stage: "input", reason: "truncated-record", rule: "length", text: "", kept: false)])
    #expect(documents[1].trail.isEmpty && troubles == ["urn:uuid:3: this is a PNG image, not a page"])
  }

  @Test func textIsDecodedByItsCharset() async throws {
    let text = WARCArchive.record("response", WARCArchive.http(["Content-Type: text/plain; charset=windows-1251"], [0xCF, 0xF0, 0xE8]))
    #expect(try await documents(folder.write("a.warc", text)).documents.first?.rendered == "При")
  }

  @Test func aRecordWithoutIDHasItsNumber() async throws {
    let text = "WARC/1.0\r\nWARC-Type: resource\r\nContent-Type: text/html\r\nContent-Length: 1\r\n\r\nx\r\n\r\n"
    let path = folder.write("a.warc", WARCArchive.page("1", "a") + Array(text.utf8) + Array("garbage".utf8))
    let (documents, troubles) = try await documents(path)
    #expect(documents.map(\.id) == ["urn:uuid:1", "\(path)#2"])
    let start = WARCArchive.page("1", "a").count + text.utf8.count
    #expect(troubles == ["\(path)#3: 7 bytes from byte \(start) on are no WARC record, and were skipped"])
  }

  @Test func whatIsNoArchiveSaysSo() async throws {
    #expect(try await documents(folder.write("a.warc.gz", [])).troubles.first?.hasSuffix("this is no gzip data: it is empty") == true)
    #expect(try await documents(folder.write("b.warc", [])).documents.isEmpty)
    let dictionary = folder.write("c.warc.zst", [0x5D, 0x2A, 0x4D, 0x18, 1, 0, 0, 0])
    #expect(
      try await documents(dictionary).troubles.first?.hasSuffix("compressed with a zstd dictionary of its own, which is not read") == true)
    #expect(try await documents(folder.write("d.txt", "WARC/1.0 is a format")).documents.first?.rendered == "WARC/1.0 is a format")
  }
}

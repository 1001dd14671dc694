import CZlib
import Foundation
import TestSupport
import Testing

@testable import Pipeline

@Suite struct LineSplitterTests {
  private func lines(_ text: String, limit: Int = 1000, piece: Int = 3) throws -> [String] {
    var splitter = LineSplitter(PieceSource(text, piece: piece), limit: limit)
    var result: [String] = []
    while let line = try splitter.next() {
      switch line {
      case .line(let bytes): result.append(String(decoding: bytes, as: UTF8.self))
      case .tooLong: result.append("<too long>")
      case .endless: return result + ["<endless>"]
      }
    }
    return result
  }

  @Test(arguments: [1, 2, 3, 7, 100]) func linesAreCutWhateverThePieces(_ piece: Int) throws {
    #expect(try lines("one\ntwo\n\nfour", piece: piece) == ["one", "two", "", "four"])
    #expect(try lines("one\n", piece: piece) == ["one"])
    #expect(try lines("", piece: piece) == [])
    #expect(try lines("\n", piece: piece) == [""])
  }

  @Test func aLongLineCostsOnlyItself() throws {
    #expect(try lines("a\n\(String(repeating: "x", count: 50))\nb\n", limit: 10) == ["a", "<too long>", "b"])
    #expect(try lines(String(repeating: "x", count: 11), limit: 10) == ["<too long>"])
    #expect(try lines(String(repeating: "x", count: 10), limit: 10) == ["xxxxxxxxxx"])
  }

  @Test func aLineWithoutEndEndsTheSource() throws {
    #expect(try lines(String(repeating: "x", count: 1000) + "\nb\n", limit: 10) == ["<endless>"])
  }
}

@Suite struct GzipTests {
  static func gzip(_ text: String) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var input = Array(text.utf8)
    var output = [UInt8](repeating: 0, count: input.count + 1000)
    let count = output.count
    input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(count)
        _ = deflate(&stream, Z_FINISH)
      }
    }
    return Array(output.prefix(count - Int(stream.avail_out)))
  }

  private func inflated(_ bytes: [UInt8], piece: Int = 7) throws -> String {
    String(decoding: try GzipSource(PieceSource(bytes, piece: piece)).readAll(limit: 1_000_000), as: UTF8.self)
  }

  @Test func membersFollowEachOther() throws {
    #expect(try inflated(Self.gzip("one ") + Self.gzip("two")) == "one two")
    #expect(try inflated(Self.gzip("one") + [0, 0, 0]) == "one")
  }

  @Test func brokenDataSaysSo() {
    let whole = Self.gzip(String(repeating: "text ", count: 100))
    #expect(throws: IOError("pieces", "the gzip data ends too early")) { try inflated(Array(whole.dropLast(9))) }
    #expect(throws: IOError("pieces", "this is no gzip data: it is empty")) { try inflated([]) }
    var damaged = whole
    damaged[14] ^= 0xFF
    #expect(throws: IOError.self) { try inflated(damaged) }
    #expect(throws: IOError.self) { try inflated(Array("no gzip".utf8)) }
  }

  /// A wrong checksum at the end takes nothing back.
  @Test func whatCameBeforeTheBreakIsHandedOn() throws {
    var damaged = Self.gzip("one\ntwo\n")
    damaged[damaged.count - 6] ^= 1
    let source = try GzipSource(PieceSource(damaged, piece: 1000))
    var buffer = [UInt8](repeating: 0, count: 100)
    #expect(try buffer.withUnsafeMutableBytes { try source.read(into: $0) } == 8)
    #expect(throws: IOError.self) { try buffer.withUnsafeMutableBytes { try source.read(into: $0) } }
  }

  @Test func aBombEndsAtTheLimit() {
    #expect(throws: IOError.self) { try inflated(Self.gzip(String(repeating: "a", count: 1_000_001))) }
  }
}

@Suite struct CharsetTests {
  private func decode(_ bytes: [UInt8], _ labels: String...) -> String {
    String(decoding: Charset.decode(bytes, labels: labels), as: UTF8.self)
  }

  @Test func utf8WinsOverAWrongLabel() {
    #expect(decode(Array("żółć".utf8), "iso-8859-1") == "żółć")
  }

  @Test func byteOrderMarksWin() {
    #expect(decode([0xEF, 0xBB, 0xBF] + Array("é".utf8), "windows-1252") == "é")
    #expect(decode([0xFF, 0xFE, 0x41, 0x00, 0x16, 0x04]) == "AЖ")
    #expect(decode([0xFE, 0xFF, 0x00, 0x41, 0x04, 0x16]) == "AЖ")
  }

  @Test func utf16WithoutMarkIsSeen() {
    #expect(decode("Hello, wide world.".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }) == "Hello, wide world.")
  }

  @Test(arguments: [
    ("windows-1251", [0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2] as [UInt8], "Привет"),
    ("shift_jis", [0x93, 0xFA, 0x96, 0x7B, 0x5C] as [UInt8], "日本\\"),
    ("gb2312", [0xD6, 0xD0, 0xCE, 0xC4] as [UInt8], "中文"),
    ("euc-kr", [0xC7, 0xD1, 0xB1, 0xDB] as [UInt8], "한글"),
    ("latin1", [0x80, 0x93, 0xE9] as [UInt8], "€“é"),
    ("iso-8859-9", [0xFD, 0xFE] as [UInt8], "ış"),
    ("KOI8-R", [0xF0, 0xD2] as [UInt8], "Пр"),
  ])
  func labelsMeanWhatBrowsersMean(_ label: String, _ bytes: [UInt8], _ text: String) {
    #expect(decode(bytes, label) == text)
  }

  @Test func bytesThatWindowsPagesLeaveOpenBecomeC1() {
    #expect(decode([0x41, 0x81, 0xE9], "windows-1252") == "A\u{81}é")
  }

  @Test func anUnknownLabelFallsThrough() {
    #expect(decode([0xCF, 0xF0, 0xE8], "x-nonsense", "windows-1251") == "При")
  }

  @Test func aFewBadBytesInUTF8AreRepaired() {
    let text = Array(String(repeating: "é", count: 200).utf8)
    #expect(decode(text + [0xFF], "utf-8").hasSuffix("é\u{FFFD}"))
  }

  @Test func textCutInsideACharacterIsStillUTF8() {
    let text = String(repeating: "Die Größe der Brücke. ", count: 20)
    #expect(decode(Array(text.utf8) + [0xC3]) == text + "\u{FFFD}")
    #expect(decode(Array("船在早上六点出发。".utf8.dropLast())).hasPrefix("船在早上六点出发"))
    #expect(decode([0x63, 0x61, 0x66, 0xE9, 0x20, 0x62]).hasPrefix("caf"))
  }

  @Test func aBadUnitOfUTF16CostsOnlyItself() {
    let bytes = "Hello. ".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    #expect(decode([0xFF, 0xFE] + bytes + [0x00, 0xDC] + bytes) == "Hello. \u{FFFD}Hello. ")
  }

  @Test(arguments: 0..<100) func anyBytesBecomeValidUTF8(_ seed: Int) {
    var random = SeededGenerator(seed)
    let labels = ["shift_jis", "gbk", "big5", "euc-jp", "iso-2022-jp", "utf-16le", "windows-1253", "utf-8", "euc-kr", "nothing"]
    let bytes = (0..<Int.random(in: 0...300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
    #expect(UTF8Text.isValid(Charset.decode(bytes, labels: [labels.randomElement(using: &random)!])))
  }
}

@Suite struct GlobTests {
  @Test(arguments: [
    ("*.html", "a.html", true), ("*.html", "a/b.html", false), ("**/*.html", "a/b/c.html", true), ("**/*.html", "c.html", true),
    ("a/**", "a/b/c", true), ("a/**/z", "a/z", true), ("a/**/z", "a/b/c/z", true), ("?.txt", "é.txt", false), ("?.txt", "e.txt", true),
    ("[a-c].txt", "b.txt", true), ("[!a-c].txt", "b.txt", false), ("[!a-c].txt", "d.txt", true), ("[", "[", true), ("a[b", "a[b", true),
    ("**/drafts/**", "x/drafts/y.html", true), ("**/drafts/**", "drafts/y.html", true), ("", "", true), ("", "a", false),
    ("[]].x", "].x", true),
  ])
  func matches(_ pattern: String, _ path: String, _ expected: Bool) {
    #expect(Glob(pattern).matches(path) == expected)
  }

  @Test func manyStarsAreLinear() {
    #expect(!Glob(String(repeating: "*a", count: 40)).matches(String(repeating: "a", count: 200) + "b"))
  }
}

@Suite struct InputListingTests {
  @Test func foldersAreWalkedInByteOrderOfTheRelativePath() throws {
    let folder = TemporaryFolder()
    for name in ["b.txt", "a/z.txt", "a.txt", "a/b/c.txt", ".hidden", ".git/x", "B.txt", "a-b.txt"] { folder.write(name, "x") }
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/link.txt", withDestinationPath: folder.path + "/b.txt")
    var walk = InputListing(exclude: [], own: []).walk(folder.path)
    var found: [String] = []
    while let (file, trouble) = walk.next() {
      #expect(trouble == nil)
      found.append(String(file.dropFirst(folder.path.count + 1)))
    }
    #expect(found == ["B.txt", "a-b.txt", "a.txt", "a/b/c.txt", "a/z.txt", "b.txt"])
    #expect(found == found.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
  }

  @Test func patternsAreReadAsPeopleWriteThem() {
    let folder = TemporaryFolder()
    for name in ["a.html", "b/c.html"] { folder.write(name, "x") }
    for (pattern, count) in [("/./*.html", 1), ("//*.html", 1), ("/*/*.html", 1), ("/**", 2)] {
      #expect(InputListing.problem(with: folder.path + pattern) == nil, "\(pattern)")
      var walk = InputListing(exclude: [], own: []).walk(folder.path + pattern)
      var found = 0
      while walk.next() != nil { found += 1 }
      #expect(found == count, "\(pattern)")
    }
    #expect(Glob("a/*.html").canMatch(below: "a") && !Glob("a/*.html").canMatch(below: "a/b") && Glob("a/**").canMatch(below: "a/b"))
  }

  /// A file whose name cannot be written down is named as well as can be, not passed over.
  @Test func aNameThatIsNotUTF8IsReported() {
    let folder = TemporaryFolder()
    let raw: [CChar] = (Array(folder.path.utf8) + Array("/b".utf8) + [0xFF, 0]).map(CChar.init(bitPattern:))
    close(open(raw, O_CREAT | O_WRONLY, 0o600))
    var walk = InputListing(exclude: [], own: []).walk(folder.path)
    #expect(walk.next()?.trouble?.reason == "the name is not UTF-8; rename the file")
    unlink(raw)
  }

  @Test func patternsAndExclusions() {
    let folder = TemporaryFolder()
    for name in ["a.html", "b.txt", "drafts/c.html", "d/e.html"] { folder.write(name, "x") }
    var walk = InputListing(exclude: [Glob("**/drafts/**")], own: []).walk(folder.path + "/**/*.html")
    var found: [String] = []
    while let (file, _) = walk.next() { found.append(String(file.dropFirst(folder.path.count + 1))) }
    #expect(found == ["a.html", "d/e.html"])
    #expect(InputListing.problem(with: folder.path + "/*.pdf")?.reason == "no file matches this pattern")
    #expect(InputListing.problem(with: folder.path + "/nowhere")?.reason == "No such file or directory")
    #expect(InputListing.problem(with: folder.path) == nil)
  }
}

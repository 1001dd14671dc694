import Foundation
import TestSupport
import Testing

/// A case is a folder below Tests/Cases with `pipeline.json`, `input` (a file or folder, any extension) and `expected.jsonl`; also
/// `expected.rejects.jsonl` where documents are dropped or rejected. `UPDATE_CASES=1 swift test` writes what comes out as expected.
@Suite struct CasesTests {
  static let cases = checkout + "/Tests/Cases"
  static let names = (try! FileManager.default.contentsOfDirectory(atPath: cases)).filter {
    FileManager.default.fileExists(atPath: "\(cases)/\($0)/pipeline.json")
  }.sorted()

  @Test(arguments: names) func comesOutAsExpected(_ name: String) throws {
    let scratch = TemporaryFolder()
    let folder = "\(Self.cases)/\(name)"
    let input = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasPrefix("input") })
    let result = try Pipe.run("run", "pipeline.json", "-i", input, "-o", scratch.path + "/expected.jsonl", in: folder)
    #expect(result.status == 0 || result.status == 1, "\(result.err)")
    for file in ["expected.jsonl", "expected.rejects.jsonl"] {
      let got = scratch.read(file)
      if ProcessInfo.processInfo.environment["UPDATE_CASES"] != nil {
        try? FileManager.default.removeItem(atPath: "\(folder)/\(file)")
        try got?.write(toFile: "\(folder)/\(file)", atomically: true, encoding: .utf8)
      }
      #expect(
        got == FileManager.default.contents(atPath: "\(folder)/\(file)").map { String(decoding: $0, as: UTF8.self) }, "\(name)/\(file)")
    }
  }
}

import Foundation
import TestSupport
import Testing

/// Whether this machine has the independent validator; tests that need it are skipped where it is missing.
let hasValidator: Bool = {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = ["python3", "-c", "import jsonschema"]
  process.standardError = FileHandle.nullDevice
  guard (try? process.run()) != nil else { return false }
  process.waitUntilExit()
  return process.terminationStatus == 0
}()

@Suite struct SchemaTests {
  /// `pipe schema` in the checkout brings them up to date.
  @Test(arguments: ["pipeline", "document"]) func theCommittedSchemasAreCurrent(_ kind: String) throws {
    let printed = try Pipe.run("schema", kind)
    #expect(printed.status == 0)
    #expect(printed.out == (try? String(contentsOfFile: "\(checkout)/schemas/\(kind).schema.json", encoding: .utf8)), "run: pipe schema")
  }

  @Test func schemasAreWritten() throws {
    let folder = TemporaryFolder()
    let result = try Pipe.run("schema", "--folder", "a/b", in: folder.path)
    #expect(result.out == "a/b/pipeline.schema.json\na/b/document.schema.json\n")
    #expect(folder.read("a/b/document.schema.json")?.hasPrefix("{\n") == true)
  }

  /// Checks lines of JSON against a schema with Python's jsonschema; gives what it says.
  private func complaints(_ schema: String, _ lines: [String]) throws -> String {
    let folder = TemporaryFolder()
    let input = folder.write("lines", lines.joined(separator: "\n"))
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      """
      import json, sys, jsonschema
      schema = json.load(open(sys.argv[1]))
      jsonschema.Draft202012Validator.check_schema(schema)
      validator = jsonschema.Draft202012Validator(schema)
      for number, line in enumerate(open(sys.argv[2], encoding="utf-8"), 1):
          for error in validator.iter_errors(json.loads(line)):
              print(number, error.json_path, error.message[:200])
      """, "\(checkout)/schemas/\(schema).schema.json", input,
    ]
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: folder.write("out", "")))
    process.standardError = process.standardOutput
    try process.run()
    process.waitUntilExit()
    return folder.read("out") ?? ""
  }

  private func oneLine(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8).replacing("\n", with: " ")
  }

  @Test(.enabled(if: hasValidator, "needs Python's jsonschema")) func shippedPipelinesAndCasesFitTheSchema() throws {
    var files = try FileManager.default.contentsOfDirectory(atPath: checkout + "/pipelines").map { "\(checkout)/pipelines/\($0)" }
    for name in CasesTests.names { files.append("\(CasesTests.cases)/\(name)/pipeline.json") }
    #expect(files.count > 15)
    #expect(try complaints("pipeline", files.map(oneLine)) == "")
  }

  @Test(.enabled(if: hasValidator, "needs Python's jsonschema")) func whatIsWrongDoesNotFitTheSchema() throws {
    let wrong = [
      #"{"stages": [{"use": "artcle"}]}"#, #"{"stages": [{"use": "article", "content": "some"}]}"#, #"{"stages": [], "nmae": "x"}"#, #"{}"#,
      #"{"stages": [], "run": {"workers": 0}}"#, #"{"stages": [], "run": {"limits": {"document": "64 zebras"}}}"#,
      #"{"stages": [{"use": "filter", "require": ["titel"]}]}"#, #"{"stages": [], "input": {"fields": {"html": []}}}"#,
    ]
    let found = try complaints("pipeline", wrong).split(separator: "\n").compactMap { Int($0.prefix { $0 != " " }) }
    #expect(Set(found) == Set(1...wrong.count))
  }

  @Test(.enabled(if: hasValidator, "needs Python's jsonschema")) func outputsFitTheSchema() throws {
    let news = try Pipe.run("run", "pipelines/news.json", "-o", "-", "-q")
    var lines = news.out.split(separator: "\n").map(String.init)
    for name in CasesTests.names {
      let text = try String(contentsOfFile: "\(CasesTests.cases)/\(name)/expected.jsonl", encoding: .utf8)
      lines += text.split(separator: "\n").map(String.init)
    }
    #expect(lines.count > 40)
    #expect(try complaints("document", lines) == "")
  }
}

import Foundation
import TestSupport
import Testing

/// Shared libraries as stages: what they can do, what they can do wrong, and what becomes of it.
@Suite(.enabled(if: !isSanitized, "sanitizers handle signals themselves")) struct LibraryTests {
  private let folder = TemporaryFolder()

  private func configure(_ fault: String, plugins: String = #"["libhostile.so"]"#) {
    try? FileManager.default.copyItem(
      atPath: (Pipe.executable as NSString).deletingLastPathComponent + "/libhostile-library.so", toPath: folder.path + "/libhostile.so")
    let lines = (1...12).map { number in
      #"{"id": "d\#(number)", "text": "\#(number == 8 ? "“BOOM” it went." : "The ferry is back at its pier.")"}"#
    }
    folder.write("in.jsonl", lines.joined(separator: "\n") + "\n")
    folder.write(
      "p.json",
      #"""
      {"plugins": \#(plugins), "input": {"paths": ["in.jsonl"]}, "output": {"path": "o.jsonl"},
       "run": {"limits": {"time": "300ms", "memory": "100MB"}},
       "stages": [{"use": "sentences"}, {"use": "hostile"\#(fault.isEmpty ? "" : #", "fault": "\#(fault)""#)}]}
      """#)
  }

  private func run(_ arguments: String...) throws -> (result: Pipe.Result, lines: [[String: Any]], rejects: [[String: Any]]) {
    let result = try Pipe.run(["run", "p.json"] + arguments, in: folder.path, input: [])
    return (result, jsonLines(folder.read("o.jsonl")), jsonLines(folder.read("o.rejects.jsonl")))
  }

  static let faults: [(fault: String, reason: String)] = [
    ("fail", "I do not like it"), ("whim", #"the library gave the reason "whim", which its descriptor does not list (known: bad)"#),
    ("block", "the library named block 1 of a text with 1"),
    ("trim", "the library trimmed block 0 to a range that is not in it, or breaks a code point"),
    ("empty-trim", "the library trimmed block 0 to a range that is not in it, or breaks a code point"),
    ("far", "the library added an entity outside the text, or within a code point"),
    ("huge", "the library added an entity outside the text, or within a code point"),
    ("within", "the library added an entity outside the text, or within a code point"),
    ("score", "the library added an entity outside the text, or within a code point"),
    ("overlap", "the library added a sentence that begins before the end of the one before it"),
    ("extra", #"the library set extra "a" to what is not"#),
    ("metadata", #"the library set unknown metadata "titel" (did you mean "title"?)"#),
    ("part", #"the library made "title", and its descriptor does not provide it"#),
    ("text", #"the library set a new text, and has not announced "rewrites" or that it provides "text""#),
    ("long-text", "the library set a text of no bytes, or of too many"), ("crash", "crashed with SIGABRT"),
    ("spin", "took more than 300 ms of processor time"), ("memory", "crashed with SIGSEGV in "),
    ("exit", "ended the worker with status 3"),
  ]

  @Test(arguments: faults) func aFaultCostsTheDocumentInHand(_ fault: String, _ reason: String) throws {
    configure(fault)
    let (result, lines, rejects) = try run()
    #expect(result.status == 1, "\(result.err)")
    #expect(lines.map { $0["id"] as? String } == (1...12).filter { $0 != 8 }.map { "d\($0)" })
    #expect(rejects.map { $0["id"] as? String } == ["d8"] && rejects.first?["stage"] as? String == "hostile")
    #expect((rejects.first?["reason"] as? String)?.hasPrefix(reason) == true, "\(rejects)")
  }

  @Test func aDropIsNoFault() throws {
    configure("drop")
    let (result, lines, rejects) = try run()
    #expect(result.status == 0 && lines.count == 11 && rejects.first?["kind"] as? String == "dropped")
  }

  @Test(arguments: ["process", "none"], ["1", "4"]) func theSameBytesWhateverTheWorkers(_ isolation: String, _ workers: String) throws {
    configure("fail")
    let (_, lines, _) = try run("--isolation", isolation, "--workers", workers)
    #expect(lines.count == 11 && lines.allSatisfy { ($0["extra"] as? [String: Any])?["length"] as? String == "long" })
  }

  @Test(arguments: [
    ("refuse", "p.json:3:63: /stages/1/fault: this fault is too bad"),
    ("mute", #"p.json:3:35: /stages/1: "hostile" could not be made, and does not say why"#),
    ("early", "p.json:3:35: /stages/1: the library worked on a document where there is none"),
  ]) func whatCannotBeMadeIsAnErrorOfTheConfiguration(_ fault: String, _ message: String) throws {
    configure(fault)
    let result = try Pipe.run("check", "p.json", in: folder.path)
    #expect(result.status == 2 && result.err.contains(message), "\(result.err)")
  }

  @Test func anUnknownOptionIsRefusedWhereItStands() throws {
    configure("fail")
    folder.write("p.json", try #require(folder.read("p.json")).replacingOccurrences(of: #""fault":"#, with: #""fualt":"#))
    let result = try Pipe.run("check", "p.json", in: folder.path)
    #expect(result.status == 2 && result.err.contains(#"/stages/1/fualt: unknown key (did you mean "fault"?)"#), "\(result.err)")
  }

  @Test(arguments: [
    ("none", "is no plugin: pipeline_plugin_v1 gives nothing"), ("version", "is a plugin of version 2; this program loads version 1"),
    ("create", #"is no whole plugin: it lacks a descriptor, "create" or "process""#),
    ("descriptor", #"has a descriptor that has no "name" of lower-case letters, digits and hyphens"#),
    ("name", #"there is a stage "sentences" already"#),
  ]) func aSpoiltTableIsRefused(_ spoilt: String, _ message: String) throws {
    configure("fail")
    try Pipe.shell("HOSTILE_TABLE=\(spoilt) pipe check p.json 2>err", in: folder)
    let err = try #require(folder.read("err"))
    #expect(err.contains("p.json:1:14: /plugins/0: ") && err.contains(message), "\(err)")
  }

  @Test func whatIsNoPluginIsRefused() throws {
    folder.write("libtext.so", "no library")
    configure("fail", plugins: #"["libtext.so", "/lib/x86_64-linux-gnu/libm.so.6", "gone.so"]"#)
    let result = try Pipe.run("check", "p.json", in: folder.path)
    #expect(result.status == 2 && result.err.contains("/plugins/2: there is no file gone.so"), "\(result.err)")
    configure("fail", plugins: #"["libtext.so", "/lib/x86_64-linux-gnu/libm.so.6"]"#)
    let other = try Pipe.run("check", "p.json", in: folder.path)
    #expect(other.err.contains("/plugins/0: libtext.so cannot be loaded: "), "\(other.err)")
    #expect(other.err.contains("/plugins/1: /lib/x86_64-linux-gnu/libm.so.6 is no plugin: it exports no pipeline_plugin_v1"))
    #expect(other.err.contains(#"/stages/1/use: there is no stage "hostile""#))
  }

  @Test func itsStagesAreListedAndDescribed() throws {
    configure("")
    let list = try Pipe.run("stages", "--config", "p.json", in: folder.path)
    #expect(list.out.contains("hostile") && list.out.contains("Misbehaves."))
    let one = try Pipe.run("stages", "hostile", "--config", "p.json", in: folder.path)
    #expect(one.out.contains(#""fault": a string"#))
    let schema = try Pipe.run("schema", "pipeline", "--config", "p.json", in: folder.path)
    #expect(schema.out.contains(#""const": "hostile""#))
    // A debug build takes its time over a megabyte.
    folder.write("p.json", try #require(folder.read("p.json")).replacingOccurrences(of: "300ms", with: "60s"))
    let conformance = try Pipe.run("conformance", "p.json", in: folder.path)
    #expect(conformance.status == 0, "\(conformance.out)")
  }
}

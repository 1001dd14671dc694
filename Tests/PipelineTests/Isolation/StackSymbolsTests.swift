import CWorkerGuard
import Foundation
import Testing

@testable import Pipeline

@Suite struct StackSymbolsTests {
  @Test(arguments: [
    ("Pipeline.Worker.run(Pipeline.FramedDocument) -> Pipeline.FramedResult", "Pipeline.Worker.run"),
    ("main.f() throws -> ()", "main.f"),
    (
      "closure #1 (Swift.Int) -> () in closure #2 () -> () in Pipeline.Worker.run(a: Swift.Int) -> ()",
      "Pipeline.Worker.run.closure#2.closure#1"
    ),
    ("(extension in Pipeline):Swift.Array<A>.sum<B where A: B>(by: (A) -> B) -> B", "Swift.Array.sum"),
    ("Pipeline.Page.(parse in _7B3F0011)(Swift.Int) -> Swift.Int", "Pipeline.Page.parse"),
    ("(parse in _7B3F0011)(Swift.Int) -> Swift.Int", "parse"),
    ("generic specialization <Swift.Int> of Swift.Array.append(__owned A) -> ()", "Swift.Array.append"),
    (
      "function signature specialization <Arg[0] = Dead, Arg[1] = [Closure Propagated : f of g]> of static Pipeline.A.b(Swift.Int) -> ()",
      "Pipeline.A.b"
    ),
    ("merged Pipeline.A.text.getter : Swift.String", "Pipeline.A.text.getter"),
    (
      "protocol witness for Pipeline.Stage.process(inout Pipeline.Document) -> () in conformance Pipeline.A : Pipeline.Stage in Pipeline",
      "Pipeline.Stage.process"
    ),
    ("static Swift.Int.+ infix(Swift.Int, Swift.Int) -> Swift.Int", "Swift.Int.+"),
    ("static Swift.Int.< infix(Swift.Int, Swift.Int) -> Swift.Bool", "Swift.Int.<"),
    ("static Swift.Int.<= infix(Swift.Int, Swift.Int) -> Swift.Bool", "Swift.Int.<="),
    ("local #1 (Swift.Int) -> () in Pipeline.A.b() -> ()", "Pipeline.A.b.local"),
    ("(2) suspend resume partial function for Pipeline.run() async -> ()", "Pipeline.run"),
    ("Pipeline.A.subscript.getter : (Swift.Int) -> Swift.Int", "Pipeline.A.subscript.getter"),
    ("", ""), ("(", ""), ("<", ""), ("a<", "a"), ("a.<", "a.<"), ("((((", ""), ("closure #1", "closure"), ("a (", "a"),
  ])
  func `a Swift function is named without its types`(_ text: String, _ name: String) {
    #expect(FunctionName.shortSwift(text) == name)
  }

  @Test(arguments: [
    ("re2::RE2::Match(re2::StringPiece const&, int) const", "re2::RE2::Match"),
    ("std::vector<int, std::allocator<int> >::push_back(int&&)", "std::vector::push_back"),
    ("char crashes::Page<char>::parse<int>(int) const", "crashes::Page::parse"),
    ("(anonymous namespace)::Page::parse((anonymous namespace)::A)", "(anonymous namespace)::Page::parse"),
    ("a::B::operator()(int)", "a::B::operator()"),
    ("a::B::operator<(int)", "a::B::operator<"),
    ("operator new(unsigned long)", "operator new"),
    ("foo(int) [clone .cold]", "foo"),
  ])
  func `a C++ function is named without its types`(_ text: String, _ name: String) {
    #expect(FunctionName.shortCxx(text) == name)
  }

  @Test(arguments: [
    ("parse.cold", "parse"), ("xmlParse.isra.0", "xmlParse"), ("$sSi1poiyS2i_SitFZ", "Swift.Int.+"), ("$s", "$s"), ("_Zx", "_Zx"),
    (".cold", ".cold"), ("_ZNSt6vectorIiSaIiEE9push_backEOi", "std::vector::push_back"),
  ])
  func `a symbol is made readable`(_ symbol: String, _ name: String) {
    #expect(FunctionName.readable(symbol) == name)
  }

  @Test func `recursion is named by those that take part, whoever was last`() {
    #expect(StackSymbols.recursion(in: ["leaf", "b", "a", "b", "a", "main"]) == ["a", "b"])
    #expect(StackSymbols.recursion(in: ["a", "b", "a", "b", "main"]) == ["a", "b"])
  }

  /// A library's file, damaged in many ways.
  @Test func `a broken file has no names, or some`() throws {
    let library = "/lib/x86_64-linux-gnu/libm.so.6"
    let whole = try Data(contentsOf: URL(fileURLWithPath: library))
    #expect(SymbolTable(path: "/nowhere").name(at: 1) == nil)
    #expect(SymbolTable(path: "/").name(at: 1) == nil)
    #expect(SymbolTable(path: "/dev/null").name(at: 1) == nil)
    let path = NSTemporaryDirectory() + "broken-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: path) }
    // In the project: SeededGenerator of TestSupport.
    var random = SystemRandomNumberGenerator()
    let sections = whole.count - 64 * 40
    for round in 0..<300 {
      var bytes = whole
      if round % 3 == 0 { bytes = bytes.prefix(Int.random(in: 0..<bytes.count, using: &random)) }
      for _ in 0..<(round % 7 * 5) where bytes.count > 64 {
        let places = [0..<64, max(0, min(sections, bytes.count - 1))..<bytes.count, 0..<min(bytes.count, 1 << 16)]
        bytes[Int.random(in: places[round % 3], using: &random)] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random)!
      }
      try bytes.write(to: URL(fileURLWithPath: path))
      let table = SymbolTable(path: path)
      for address in [0, 1, 0x10000, 0x20000, UInt64.max] { _ = table.name(at: address) }
    }
  }

  @Test func `any status can be read`() {
    let page = StatusPage()
    let status = page.status
    var symbols = StackSymbols()
    #expect(symbols.fingerprint(of: status) == [])
    for byte: UInt8 in [0x01, 0x41, 0x7F, 0x80, 0xFF] {
      memset(status, Int32(byte), MemoryLayout<worker_status>.size)
      #expect(symbols.fingerprint(of: status).count <= StackSymbols.nameLimit)
    }
    status.pointee.frame_count = 3
    status.pointee.stack_overflow = 0
    status.pointee.module_count = 1
    #expect(symbols.fingerprint(of: status) == ["?"])
  }
}

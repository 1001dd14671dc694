import Foundation
import TestSupport
import Testing

@testable import Pipeline

@Suite struct JSONTests {
  private func value(_ text: String) throws -> String? {
    let reader = JSONReader()
    try reader.parse(Array("{\"x\":\(text)}".utf8))
    return reader.string(2)
  }

  @Test func escapesAreDecoded() throws {
    #expect(try value(#""a\n\t\"\\\/\u00e9\ud83d\ude00""#) == "a\n\t\"\\/é😀")
  }

  @Test(arguments: [#""\ud800""#, #""\udc00""#, #""\ud800\ud800""#, #""\ud800x""#])
  func aLoneSurrogateBecomesAReplacementCharacter(_ text: String) throws {
    let decoded = try #require(try value(text))
    #expect(decoded.unicodeScalars.contains("\u{FFFD}"))
  }

  @Test(arguments: [#""\x""#, #""\u12""#, #""\u12G4""#]) func aBadEscapeIsNoString(_ text: String) throws {
    #expect(try value(text) == nil)
  }

  @Test(arguments: [
    "{", "{\"a\":1", "{\"a\" 1}", "{\"a\":01}", "{\"a\":1.}", "{\"a\":1e}", "{\"a\":tru}", "{\"a\":1}x", "{\"a\":1} {}", "[1,]",
    "{\"a\":\"x}", "{\"a\":nan}", "",
    "{\"a\":.5}", "{\"a\":+1}", "{\"a\":-}",
  ])
  func whatIsNotJSONIsRefusedToItsEnd(_ text: String) {
    #expect(throws: JSONReader.Failure.self) { try JSONReader().parse(Array(text.utf8)) }
  }

  @Test(arguments: ["{}", "[]", "{\"a\":[1,-2.5e+10,true,false,null,{}]} \n", "{\"a\":0}", "{\"\":\"\"}"]) func jsonIsRead(_ text: String)
    throws
  {
    try JSONReader().parse(Array(text.utf8))
  }

  @Test func nestingHasALimit() {
    let deep = String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000)
    #expect(throws: JSONReader.Failure.self) { try JSONReader().parse(Array(deep.utf8)) }
  }

  @Test func invalidUTF8IsToldApart() throws {
    do {
      try JSONReader().parse(Array("{\"a\":\"".utf8) + [0xFF] + Array("\"}".utf8))
      Issue.record("accepted")
    } catch {
      #expect(error.isInvalidUTF8)
    }
  }

  @Test(arguments: 0..<100) func whatIsWrittenIsReadBackTheSame(_ seed: Int) throws {
    var random = SeededGenerator(seed)
    let text = String(
      String.UnicodeScalarView(
        (0..<40).map { _ in
          let ceiling: UInt32 = [0x7F, 0x20, 0xFFFF, 0x10FFFF].randomElement(using: &random)!
          return Unicode.Scalar(UInt32.random(in: 0...ceiling, using: &random)) ?? "\u{FFFD}"
        }))
    var json = JSONOutput()
    json.beginObject()
    json.key("x")
    json.string(text)
    json.endObject()
    let reader = JSONReader()
    try reader.parse(json.bytes)
    #expect(reader.unescaped(2).map { $0.elementsEqual(text.utf8) } == true)
    let foundation = try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: String]
    #expect(foundation?["x"]?.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
  }

  @Test(arguments: [(0.0, "0"), (1.0, "1"), (0.5, "0.5"), (0.1234, "0.123"), (12.9999, "13")]) func numbersHaveThreeDigits(
    _ value: Double, _ text: String
  ) {
    var json = JSONOutput()
    json.number(value)
    #expect(String(decoding: json.bytes, as: UTF8.self) == text)
  }
}

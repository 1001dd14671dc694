@testable import Pipeline
@testable import Stages

extension SkipPass {
  /// What the pass left of a page, as markup.
  var output: [UInt8] {
    var result: [UInt8] = []
    var at = 0
    var element = 0
    var run = 0
    var textStart = 0
    func escaped(_ bytes: ArraySlice<UInt8>) {
      for byte in bytes {
        switch byte {
        case UInt8(ascii: "&"): result += "&amp;".utf8
        case UInt8(ascii: "<"): result += "&lt;".utf8
        case UInt8(ascii: ">"): result += "&gt;".utf8
        case UInt8(ascii: "\""): result += "&quot;".utf8
        default: result.append(byte)
        }
      }
    }
    while at <= tokens.tags.count {
      while run < tokens.runs.count, Int(tokens.runs[run].place) == at {
        escaped(tokens.text[textStart..<Int(tokens.runs[run].end)])
        textStart = Int(tokens.runs[run].end)
        run += 1
      }
      // The last byte only ends the page.
      guard at < tokens.tags.count - 1, let end = tokens.tags[at...].firstIndex(of: UInt8(ascii: ">")) else { break }
      result += tokens.tags[at..<end]
      if tokens.tags[at + 1] != UInt8(ascii: "/") {
        let next = element + 1 < tokens.elements.count ? Int(tokens.elements[element + 1].firstAttribute) : tokens.attributes.count
        for (name, value) in tokens.attributes[Int(tokens.elements[element].firstAttribute)..<next] {
          result += " \(name.spelling)=\"".utf8
          escaped(tokens.attributeText[Int(value.lowerBound)..<Int(value.upperBound)])
          result.append(UInt8(ascii: "\""))
        }
        element += 1
      }
      result.append(UInt8(ascii: ">"))
      at = end + 1
    }
    return result
  }
}

import CRE2
import Glibc
import Pipeline

/// Regular expressions of RE2, compiled once and looked for together in time linear in the text.
///
/// RE2 has no look-around and no back-references; that is what makes it linear (Cox, "Regular Expression Matching in the Wild", 2010).
final class PatternSet: @unchecked Sendable {
  // The set is never changed after it was made, and RE2 allows matching from several threads.
  private let set: OpaquePointer?
  let patterns: [String]

  /// - Throws: `OptionProblem` about `option` for the first pattern that is wrong.
  init(_ patterns: [String], option: String) throws {
    self.patterns = patterns
    if patterns.isEmpty {
      set = nil
      return
    }
    var bad = 0
    var message = [CChar](repeating: 0, count: 200)
    let copies = patterns.map { strdup($0) }
    defer {
      for copy in copies { free(copy) }
    }
    set = cre2_set_new(copies.map { UnsafePointer($0) }, copies.count, &bad, &message, message.count)
    if set == nil {
      let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      throw OptionProblem(option, "\"\(patterns[bad])\" is no pattern of RE2: \(text)")
    }
  }

  deinit {
    if let set { cre2_set_free(set) }
  }

  /// The first of the patterns, in the order given, that occurs in a text; nil for none.
  func firstMatch(in text: UnsafeBufferPointer<UInt8>) -> String? {
    guard let set, let start = text.baseAddress else { return nil }
    let index = start.withMemoryRebound(to: CChar.self, capacity: text.count) { cre2_set_first_match(set, $0, text.count) }
    return index < 0 ? nil : patterns[index]
  }
}

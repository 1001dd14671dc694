import CRE2
import Glibc
import Pipeline

/// Regular expressions with labels, each looked for in a text.
///
/// RE2's, in time linear in the text (Cox, "Regular Expression Matching in the Wild", 2010). Where a pattern has groups the first is the span.
struct EntityPatterns: Sendable {
  /// A place where a pattern occurs.
  struct Match {
    /// In bytes.
    var range: Range<Int>
    /// For `label(of:)`.
    var pattern: Int
  }

  private let patterns: [(label: String, expression: Expression, isOwn: Bool)]

  /// - Parameters:
  ///   - own: a user's, label and pattern.
  ///   - builtIn: labels of those that come with the program.
  /// - Throws: `OptionProblem` about "patterns" for the first that is wrong.
  init(own: [(label: String, pattern: String)], builtIn: Set<String>) throws {
    var patterns: [(label: String, expression: Expression, isOwn: Bool)] = []
    for (label, pattern) in own {
      if label.isEmpty || pattern.isEmpty || pattern.contains("\0") {
        throw OptionProblem("patterns", at: [label], "a label and a pattern are needed, without characters of the number 0")
      }
      do {
        patterns.append((label, try Expression(pattern), true))
      } catch {
        throw OptionProblem("patterns", at: [label], "\"\(pattern)\" is no pattern of RE2: \(error.message)")
      }
    }
    for (label, sources) in BuiltInPatterns.all where builtIn.contains(label) {
      for source in sources { patterns.append((label, try Expression(source), false)) }
    }
    self.patterns = patterns
  }

  var isEmpty: Bool { patterns.isEmpty }

  func label(of pattern: Int) -> String { patterns[pattern].label }

  /// All occurrences in a text without overlap, in order: of those that overlap the one that begins first counts, then the longest, then the pattern
  /// that was given first. Empty ones, and those that would break a character apart, do not count.
  func matches(in text: UnsafeBufferPointer<UInt8>) -> [Match] {
    var all: [Match] = []
    for (number, pattern) in patterns.enumerated() {
      var from = 0
      while from < text.count, let found = pattern.expression.find(in: text, from: from) {
        if !found.span.isEmpty, Graphemes.isBoundary(found.span.lowerBound, in: text), Graphemes.isBoundary(found.span.upperBound, in: text)
        {
          all.append(Match(range: found.span, pattern: number))
        }
        // What ends one find of the program's patterns may begin the next; a user's may look so far ahead that this would take forever.
        var next = pattern.isOwn ? found.whole.upperBound : max(found.span.upperBound, found.whole.lowerBound)
        if next <= from { next = from + 1 }
        while next < text.count, text[next] & 0xC0 == 0x80 { next += 1 }
        from = next
      }
    }
    all.sort {
      ($0.range.lowerBound, -$0.range.count, $0.pattern) < ($1.range.lowerBound, -$1.range.count, $1.pattern)
    }
    var end = 0
    return all.filter { match in
      guard match.range.lowerBound >= end else { return false }
      end = match.range.upperBound
      return true
    }
  }

  /// One compiled pattern.
  private final class Expression: @unchecked Sendable {
    // RE2 allows matching from several threads; nothing else changes.
    private let pattern: OpaquePointer

    struct Wrong: Error {
      let message: String
    }

    init(_ source: String) throws(Wrong) {
      var message = [CChar](repeating: 0, count: 200)
      guard let pattern = source.withCString({ cre2_pattern_new($0, &message, message.count) }) else {
        throw Wrong(message: String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
      }
      self.pattern = pattern
    }

    deinit { cre2_pattern_free(pattern) }

    func find(in text: UnsafeBufferPointer<UInt8>, from: Int) -> (whole: Range<Int>, span: Range<Int>)? {
      guard let start = text.baseAddress else { return nil }
      return withUnsafeTemporaryAllocation(of: Int.self, capacity: 4) { match in
        let isThere = start.withMemoryRebound(to: CChar.self, capacity: text.count) {
          cre2_pattern_find(pattern, $0, text.count, from, match.baseAddress!)
        }
        guard isThere != 0 else { return nil }
        let whole = match[0]..<match[1]
        return (whole, match[2] >= 0 ? match[2]..<match[3] : whole)
      }
    }
  }
}

/// Finds any of many phrases anywhere in bytes, in one pass.
///
/// Aho and Corasick, "Efficient string matching: an aid to bibliographic search" (CACM 1975). O(text + matches) to search, O(sum of lengths)
/// to build. Where phrases begin only at words, a `PhraseTrie` is asked at each of them, which is faster.
struct PhraseAutomaton: Sendable {
  private let trie: PhraseTrie
  private var failure: [Int32]
  /// The nearest node on the failure path, this one included, in which a phrase ends; 0 for none.
  private var outputLink: [Int32]
  private let lengths: [Int32]

  /// - Parameter phrases: not empty each; of equal ones the first counts.
  init(_ phrases: [[UInt8]]) {
    lengths = phrases.map { Int32($0.count) }
    trie = PhraseTrie(phrases)
    failure = [Int32](repeating: 0, count: trie.count)
    outputLink = failure
    for node in 1..<trie.count {
      outputLink[node] = trie.phraseAt[node] >= 0 ? Int32(node) : outputLink[Int(failure[node])]
      for edge in Int(trie.firstEdge[node])..<Int(trie.firstEdge[node + 1]) {
        failure[edge + 1] = Int32(step(Int(failure[node]), trie.labels[edge]))
      }
    }
  }

  @inline(__always)
  private func step(_ from: Int, _ byte: UInt8) -> Int {
    var node = from
    while true {
      if let next = trie.child(of: node, byte) { return next }
      if node == 0 { return 0 }
      node = Int(failure[node])
    }
  }

  /// Calls `body` with every occurrence, by its end and then longest first, until it returns false.
  func search(_ bytes: UnsafeBufferPointer<UInt8>, _ body: (_ phrase: Int, _ range: Range<Int>) -> Bool) {
    var node = 0
    for index in bytes.indices {
      node = step(node, bytes[index])
      var output = outputLink[node]
      while output != 0 {
        let phrase = Int(trie.phraseAt[Int(output)])
        if !body(phrase, (index + 1 - Int(lengths[phrase]))..<(index + 1)) { return }
        output = outputLink[Int(failure[Int(output)])]
      }
    }
  }
}

import Pipeline

/// The tables of a lexicon, made from files of lines of a word or phrase, a tab, and what is known about it.
package final class EntityLexiconTables {
  private(set) var words: UnsafeMutableBufferPointer<UInt64>
  private(set) var phrases: UnsafeMutableBufferPointer<UInt64>

  /// Paths of files; nil for none.
  /// - Parameters:
  ///   - words: with the names of `EntityLexicon.Class`, commas between them.
  ///   - phrases: with labels, commas between them.
  ///   - clusters: with numbers up to 1023.
  ///   - habits: with numbers up to 7.
  /// - Throws: `IOError` for a file that cannot be read, and for a line that is something else.
  package init(words: String?, phrases: String?, clusters: String?, habits: String?) throws {
    var entries: [UInt32: UInt64] = [:]
    func add(_ word: Substring, _ bits: UInt64) {
      entries[EntityTokenizer.hash(ofWord: String(word)), default: 0] |= bits
    }
    let names = EntityLexicon.Class.allCases.map { "\($0)" }
    for (word, classes) in try Self.lines(words) {
      add(word, classes.split(separator: ",").compactMap { names.firstIndex(of: String($0)) }.reduce(UInt64(0)) { $0 | 1 << UInt64($1) })
    }
    for (word, cluster) in try Self.lines(clusters) { add(word, ((UInt64(cluster) ?? 0) & 0x3FF) << 18) }
    for (word, habit) in try Self.lines(habits) { add(word, ((UInt64(habit) ?? 0) & 7) << 28) }
    self.words = Self.table(entries)
    var sequences: [UInt32: UInt64] = [:]
    var tokens = EntityTokens()
    for (phrase, labels) in try Self.lines(phrases) {
      let kinds = labels.split(separator: ",").compactMap { EntityTag.labels.firstIndex(of: String($0)) }.reduce(UInt64(0)) {
        $0 | 1 << UInt64($1)
      }
      tokens.removeAll()
      var text = String(phrase)
      text.withUTF8 { _ = EntityTokenizer.tokenize(0..<$0.count, of: $0, into: &tokens) }
      guard let block = tokens.blocks.first, block.count > 1, block.count <= EntityLexicon.longestPhrase else { continue }
      var hash: UInt32 = 0
      for index in block {
        hash = EntityHash.phrase(hash, tokens.base[index].lower)
        sequences[hash, default: 0] |= index == block.upperBound - 1 ? kinds : 8
      }
    }
    self.phrases = Self.table(sequences)
  }

  deinit {
    words.deallocate()
    phrases.deallocate()
  }

  /// Good as long as the tables are.
  var lexicon: EntityLexicon { EntityLexicon(words: UnsafeBufferPointer(words), phrases: UnsafeBufferPointer(phrases)) }

  private static func lines(_ path: String?) throws -> [(Substring, Substring)] {
    guard let path else { return [] }
    return try String(decoding: TextFile.read(path), as: UTF8.self).split(whereSeparator: \.isNewline).map { line in
      let fields = line.split(separator: "\t")
      guard fields.count == 2 else { throw IOError(path, "no word, tab and what is known about it: \(line)") }
      return (fields[0], fields[1])
    }
  }

  private static func table(_ entries: [UInt32: UInt64]) -> UnsafeMutableBufferPointer<UInt64> {
    // A multiple of eight, so that what follows in the file begins a line of the cache.
    let count = (entries.count * 5 / 4 + 8) & ~7
    let table = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: count)
    table.initialize(repeating: 0)
    for (key, value) in entries.sorted(by: { $0.key < $1.key }) where key != 0 {
      var place = Int(EntityLexicon.place(key, UInt64(count)))
      while table[place] != 0 { place = place + 1 == count ? 0 : place + 1 }
      table[place] = UInt64(key) | value << 32
    }
    return table
  }
}

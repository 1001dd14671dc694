/// A trained tagger as `EntityModel` reads it.
package struct EntityModelFile {
  package let bytes: [UInt8]
  /// Features whose weights are not all nearly nothing.
  package let rowCount: Int
  /// Those among them that found no room, the least weighty of their line.
  package let lostCount: Int

  /// - Parameters:
  ///   - transitions: for each tag what its followers weigh.
  ///   - rows: for each feature its hash, how often it was seen, and its weights.
  ///   - scale: weights are kept as multiples of one over this, in a signed byte.
  ///   - size: how large the file may be, in bytes.
  package init(
    transitions: [Float], rows: [(hash: UInt64, count: Int, weights: [Float])], lexicon: EntityLexiconTables, scale: Float,
    language: String,
    size: Int
  ) {
    var order: [(weight: Float, row: Int)] = []
    for (index, row) in rows.enumerated() {
      let most = row.weights.reduce(0) { max($0, abs($1)) }
      if most * scale >= 1 { order.append((most * Float(row.count).squareRoot(), index)) }
    }
    order.sort { $0.weight == $1.weight ? $0.row < $1.row : $0.weight > $1.weight }
    let tables = EntityModel.headerSize + EntityModel.transitionSize + 8 * (lexicon.words.count + lexicon.phrases.count)
    // Half of the places are taken, where there is room for that: lines that overflow lose features.
    let lineCount = max(1, min(order.count / 2 + 1, (size - tables) / 64))
    var bytes: [UInt8] = []
    func put<Value: FixedWidthInteger>(_ value: Value) { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
    for value in [EntityModel.magic, UInt32(lineCount), UInt32(lexicon.words.count), UInt32(lexicon.phrases.count), UInt32(scale)] {
      put(value)
    }
    bytes += Array(language.utf8.prefix(8))
    bytes += [UInt8](repeating: 0, count: EntityModel.headerSize - bytes.count)
    for value in transitions { put(Int16(max(-8000, min(8000, value * scale)).rounded())) }
    bytes += [UInt8](repeating: 0, count: EntityModel.headerSize + EntityModel.transitionSize - bytes.count)
    for value in lexicon.words { put(value) }
    for value in lexicon.phrases { put(value) }
    var lines = [UInt8](repeating: 0, count: 64 * lineCount)
    var used = [UInt8](repeating: 0, count: lineCount)
    var lost = 0
    for (_, index) in order {
      let row = rows[index]
      let line = EntityModel.line(of: row.hash, UInt64(lineCount))
      if used[line] == 4 {
        lost += 1
        continue
      }
      let start = 64 * line + 16 * Int(used[line])
      used[line] += 1
      for (tag, weight) in row.weights.enumerated() {
        lines[start + tag] = UInt8(bitPattern: Int8(max(-127, min(127, (weight * scale).rounded()))))
      }
      for byte in 0..<3 { lines[start + EntityTag.count + byte] = UInt8(truncatingIfNeeded: row.hash >> UInt64(8 * byte)) }
    }
    self.bytes = bytes + lines
    rowCount = order.count
    lostCount = lost
  }
}

import Pipeline

/// Writes what the model of the article stage sees of pages, for its training.
package struct ArticleTraining {
  /// The names of the columns, in the order of the file.
  package static var columns: [String] { BlockFeature.allCases.map { "\($0)" } + SecondFeature.allCases.map { "second.\($0)" } }
  package static var firstColumns: Int { BlockFeature.allCases.count }

  private let model: ContentModel
  private let hidesStructuredData: Bool
  private let writesTexts: Bool

  /// - Parameters:
  ///   - model: the bytes of a model; what it lacks counts as zero.
  ///   - hidesStructuredData: whether pages are seen as if they had no JSON-LD.
  ///   - writesTexts: whether records have texts and hashes.
  /// - Throws: when the model is none.
  package init(model: [UInt8], hidesStructuredData: Bool, writesTexts: Bool) throws {
    self.model = try ContentModel(model)
    self.hidesStructuredData = hidesStructuredData
    self.writesTexts = writesTexts
  }

  /// One page: the number of blocks, their features by columns as 16-bit integers, both scores as 32-bit floats; then for each block its
  /// text, the hashes of the words of the elements around it, of those near it, and those of its own words. Numbers are 32-bit little-endian before each list.
  package func record(of html: [UInt8]) throws -> [UInt8] {
    let page = try PageParser.parse(RawContent(bytes: html))
    let blocks = PageBlocks(page, root: page.first(.body) ?? 0)
    var features = BlockFeatures(page, blocks, PageContext(page, usesStructuredData: !hidesStructuredData), model: model)
    let first = features.look(model)
    let last = features.judge(model)
    var result: [UInt8] = []
    func append(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { result.append(contentsOf: $0) } }
    append(UInt32(blocks.blocks.count))
    for column in 0..<SecondLook.columns {
      for row in blocks.blocks.indices { append(Int16(features.table.value(column, row))) }
    }
    for value in first { append(value.bitPattern) }
    for value in last { append(value.bitPattern) }
    guard writesTexts else { return result }
    for (row, block) in blocks.blocks.enumerated() {
      append(UInt32(block.range.count))
      result.append(contentsOf: blocks.text[block.range])
      var hashes: [UInt32] = []
      var near: [UInt32] = []
      var at = features.containers.ofBlock[row]
      var distance = 0
      while at >= 0 {
        ElementWords.read(page, Int(features.containers.list[Int(at)].node)) {
          hashes.append($0)
          if distance < Containers.nearElements { near.append(NamesOnPath.near($0)) }
        }
        at = features.containers.list[Int(at)].parent
        distance += 1
      }
      append(UInt32(hashes.count))
      for hash in hashes { append(hash) }
      append(UInt32(near.count))
      for hash in near { append(hash) }
      hashes = []
      var previous: UInt32?
      blocks.text.withUnsafeBufferPointer { text in
        _ = TextShape(UnsafeBufferPointer(rebasing: text[block.range])) {
          hashes.append(TextWords.single($0))
          if let previous { hashes.append(TextWords.pair(previous, $0)) }
          previous = $0
        }
      }
      append(UInt32(hashes.count))
      for hash in hashes { append(hash) }
    }
    return result
  }
}

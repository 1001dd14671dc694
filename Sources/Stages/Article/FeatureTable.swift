import Pipeline

/// What the first look sees of a block. The order is part of the trained model.
enum BlockFeature: Int, CaseIterable {
  // The text.
  case length, words, linkDensity, links, wordLength, capitals, digits, terminators, commas, separators, currencies, colons
  case signs, first, ending, textScore, textSum, duplicates, images
  case titleShare, titleCover, descriptionShare, bodyShare
  // The markup.
  case kind, level, listDepth, tag, concealment, path, depth
  case names, parentNames, pathNames, nearNames, leastNames, greatestNames
  // The containers.
  case text0, text1, text2, linked0, linked1, linked2, blocks0, blocks1, blocks2, share0, share1, share2, share3
  case distance30, distance50, distance80, linked50, inBest, fromBest, bestShare, bestNames
  case twins0, twins1, recordDistance, recordTwins, recordText, recordLinked, recordBlocks
  // The place.
  case place, textPlace, fromHeadline, fromHeading, headingLevel, headingScore, headingNames, fromLongest, placeInParent
  // Repeated structure.
  case repeats, repeatedLength, repeatedLinks
  // The neighbours.
  case length1Before, length2Before, length1After, length2After, links1Before, links2Before, links1After, links2After
  case kindBefore, kindAfter, scoreBefore, scoreAfter, joinedBefore, joinedAfter, longAround
  // The page.
  case pageBlocks, pageText, pageLong, pageLongBlocks, pageLinked, pageHeadings, pageLists, pageTables, pageCurrencies, pageYears
  case pageKinds, pageHeadlines, pageArticles, pageForms, pageRepeats, pageConcealed, pagePre, pageQuestions
  case kind0, kind1, kind2, kind3, kind4, kind5, kind6, kind7
}

/// Words and pairs of words of texts as indices of weights.
enum TextWords {
  static func single(_ word: UInt32) -> UInt32 { word ^ (word >> 15) }

  static func pair(_ first: UInt32, _ second: UInt32) -> UInt32 {
    let hash = (first &* 0x9E37_79B1) ^ (second &* 0x85EB_CA6B)
    return hash ^ (hash >> 15)
  }
}

/// A table of numbers, one row a block, kept by columns so that many rows are judged at once.
struct FeatureTable {
  let rows: Int
  /// Larger values are cut: the difference of two is a 16-bit integer too.
  static let largest = 16_383
  /// The rows of a column in memory: as many as are judged at once, or a multiple.
  let stride: Int
  private(set) var values: [Int16]

  init(rows: Int, columns: Int) {
    self.rows = rows
    stride = (rows + TreeEnsemble.lanes - 1) / TreeEnsemble.lanes * TreeEnsemble.lanes
    values = [Int16](repeating: 0, count: stride * columns)
  }

  /// Sets a value; what does not fit is cut.
  @inline(__always)
  mutating func set(_ column: Int, _ row: Int, _ value: Int) {
    values[column * stride + row] = Int16(max(-Self.largest, min(Self.largest, value)))
  }

  func value(_ column: Int, _ row: Int) -> Int { Int(values[column * stride + row]) }
}

/// How a document uses a word elsewhere.
struct EntityUsage: OptionSet {
  let rawValue: UInt8
  static let small = EntityUsage(rawValue: 1)
  /// With a capital where it need not have one.
  static let capital = EntityUsage(rawValue: 2)
  /// Behind a title or a given name.
  static let person = EntityUsage(rawValue: 4)
  /// Before a word that ends names of organisations.
  static let organization = EntityUsage(rawValue: 8)
}

/// What a document says about its words, over all of its blocks.
struct EntityUsages: ~Copyable {
  private var table: UnsafeMutablePointer<UInt64>
  private var mask: Int
  private var count = 0
  /// So that nobody can choose words that all fall into one place.
  private let seed = UInt64.random(in: .min ... .max) | 1

  init() {
    mask = 1023
    table = .allocate(capacity: 1024)
    table.initialize(repeating: 0, count: 1024)
  }

  deinit { table.deallocate() }

  @inline(__always)
  private func place(_ word: UInt32) -> Int {
    var place = Int(truncatingIfNeeded: (UInt64(word) &* seed) >> 32) & mask
    while table[place] != 0, UInt32(truncatingIfNeeded: table[place]) != word { place = (place + 1) & mask }
    return place
  }

  @inline(__always)
  func usage(of word: UInt32) -> EntityUsage {
    EntityUsage(rawValue: UInt8(truncatingIfNeeded: table[place(word)] >> 32))
  }

  /// Learns from the tokens of a block.
  mutating func learn(_ tokens: UnsafeMutablePointer<EntityToken>, _ block: Range<Int>) {
    for index in block {
      let token = tokens[index]
      guard token.isWord else { continue }
      var usage: EntityUsage = []
      if token.shape == .lower {
        usage = .small
      } else if token.isCapital, !token.flags.contains(.startsSentence), token.flags.isDisjoint(with: [.inCapitals, .inTitle]) {
        usage = .capital
        let before = tokens[index - 1]
        if before.isCapital, before.classes & (EntityLexicon.Class.title.bit | EntityLexicon.Class.given1.bit) != 0 {
          usage.insert(.person)
        }
        let next = tokens[index + 1]
        if next.isCapital, next.classes & EntityLexicon.Class.orgword.bit != 0 { usage.insert(.organization) }
      } else {
        continue
      }
      add(token.lower, usage)
    }
  }

  @inline(__always)
  private mutating func add(_ word: UInt32, _ usage: EntityUsage) {
    if word == 0 { return }
    let place = place(word)
    if table[place] == 0 {
      table[place] = UInt64(word) | UInt64(usage.rawValue) << 32
      count += 1
      if count * 2 > mask { grow() }
    } else {
      table[place] |= UInt64(usage.rawValue) << 32
    }
  }

  private mutating func grow() {
    let old = table
    let size = mask + 1
    mask = size * 2 - 1
    table = .allocate(capacity: size * 2)
    table.initialize(repeating: 0, count: size * 2)
    for index in 0..<size where old[index] != 0 { table[place(UInt32(truncatingIfNeeded: old[index]))] = old[index] }
    old.deallocate()
  }
}

/// What a block tells about its tokens by where they stand.
enum EntityContext {
  /// Marks beginnings of sentences, and lines in capitals or written as titles.
  static func markSentences(_ tokens: UnsafeMutablePointer<EntityToken>, _ block: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) {
    var start = block.lowerBound
    let count = block.upperBound
    while start < count {
      var end = start
      var small = 0
      var capitals = 0
      var uppers = 0
      while end < count {
        let token = tokens[end]
        switch token.shape {
        case .lower where token.end - token.start > 3: small += 1
        case .upper, .oneCapital: uppers += 1
        case .capitalised, .innerCapital: capitals += 1
        default: break
        }
        end += 1
        if token.shape == .question || token.shape == .stop || token.shape == .initials || token.shape == .abbreviation {
          if endsSentence(tokens, end, count) { break }
        }
        if end < count, breaksLine(Int(token.end), Int(tokens[end].start), bytes) { break }
      }
      while end < count, tokens[end].shape == .quote || tokens[end].shape == .close, !tokens[end].flags.contains(.spaceBefore) { end += 1 }
      var flags: EntityToken.Flags = []
      if uppers >= 2, small == 0, capitals * 3 <= uppers { flags.insert(.inCapitals) }
      if capitals >= 3, small * 4 <= capitals { flags.insert(.inTitle) }
      var isFirst = true
      for index in start..<end {
        tokens[index].flags.formUnion(flags)
        if isFirst {
          tokens[index].flags.insert(.startsSentence)
          if tokens[index].shape.rawValue <= EntityToken.Shape.caseless.rawValue { isFirst = false }
        }
      }
      start = end
    }
  }

  /// Whether the mark before `index` ends a sentence: a capital or a mark that opens follows behind a space.
  private static func endsSentence(_ tokens: UnsafeMutablePointer<EntityToken>, _ index: Int, _ count: Int) -> Bool {
    let mark = tokens[index - 1]
    guard index < count else { return true }
    let next = tokens[index]
    if mark.shape == .initials || mark.shape == .abbreviation {
      return next.flags.contains(.spaceBefore) && next.shape == .capitalised && startingWords.contains(next.lower)
    }
    if next.shape == .quote || next.shape == .close { return true }
    return next.flags.contains(.spaceBefore) && next.shape != .lower
  }

  private static func breaksLine(_ from: Int, _ to: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = from
    while index < to {
      if bytes[index] == 0x0A { return true }
      index += 1
    }
    return false
  }

  /// Finds runs of words with capitals; small joining words and marks belong to a run between two of its words.
  static func markRuns(_ tokens: UnsafeMutablePointer<EntityToken>, _ block: Range<Int>) {
    var index = block.lowerBound
    let count = block.upperBound
    while index < count {
      guard tokens[index].isCapital else {
        index += 1
        continue
      }
      var end = index + 1
      while end < count {
        if tokens[end].isCapital {
          end += 1
          continue
        }
        var next = end
        while next < count, next - end < 3, joins(tokens[next]) { next += 1 }
        guard next > end, next < count, tokens[next].isCapital else { break }
        end = next + 1
      }
      for member in index..<end {
        tokens[member].runStart = Int32(index)
        tokens[member].runEnd = Int32(end)
      }
      index = end
    }
  }

  @inline(__always)
  private static func joins(_ token: EntityToken) -> Bool {
    switch token.shape {
    case .lower: token.end - token.start <= 3 && joiningWords.contains(token.lower)
    case .ampersand, .apostropheS: true
    case .dash: !token.flags.contains(.spaceBefore)
    default: false
    }
  }

  /// Words that begin sentences, and hardly ever names.
  static let startingWords: Set<UInt32> = Set(
    """
    the he she it they we i you in on at a an and but or so if as after before when while since there this that these those his her its their our my who what
    how why where then now for from with to by no not one some many most both all each however although though because until once still
    """.split { $0 == " " || $0 == "\n" }.map { EntityTokenizer.hash(ofWord: String($0)) })

  static let joiningWords: Set<UInt32> = Set(
    [
      "of", "the", "for", "and", "de", "la", "le", "du", "des", "del", "di", "da", "van", "von", "der", "den", "bin", "al", "el", "y", "e",
      "dos", "on", "in",
    ]
    .map { EntityTokenizer.hash(ofWord: $0) })
}

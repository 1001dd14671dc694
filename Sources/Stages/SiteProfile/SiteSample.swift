/// The pages of a site that are kept: all of a small one, of a larger one those whose addresses have the smallest hashes.
///
/// A bottom-k sample (Cohen and Kaplan, PODC 2007): which pages are in it depends on the set of pages alone, so that it is the same in
/// whatever order pages were learned and samples merged, and learning a page twice changes nothing.
struct SiteSample {
  /// A line that stands on one page in a hundred stands on five of these.
  static let mostPages = 500
  /// For what stands on several sites.
  static let mostPagesAcross = 20_000

  /// By key, ascending.
  private(set) var pages: [SitePage]

  init(pages: [SitePage] = []) {
    self.pages = pages
  }

  /// - Throws: `DamagedRecord`.
  init(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    pages = []
    while !rest.isEmpty { pages.append(try SitePage(&rest)) }
  }

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for page in pages { page.append(to: &bytes) }
    return bytes
  }

  /// Takes pages in.
  mutating func add(_ more: [SitePage], most: Int) {
    var all = pages + more
    all.sort { $0.key != $1.key ? $0.key < $1.key : $0.isPreferred(to: $1) }
    pages.removeAll(keepingCapacity: true)
    for page in all where pages.last?.key != page.key {
      if pages.count == most { break }
      pages.append(page)
    }
  }

  /// Forgets pages that were last read before a day.
  mutating func forget(before day: UInt16) {
    pages.removeAll { $0.day < day }
  }

  /// A line that stands on more than one document.
  struct Repeat: Equatable {
    let hash: LineHash
    /// On how many documents: copies of one story are one, and so, where sites are counted, are the pages of one site.
    let documents: Int
    /// The page that it belongs to: the one where it stands foremost.
    let owner: UInt64
  }

  /// Where a line stands.
  private struct Entry {
    let hash: UInt64
    let page: Int32
    let place: Int32
  }

  /// What repeats, the most frequent first, at most `most`. O(n log n) in the number of lines, and O(n) for each that repeats on a page.
  func repeats(acrossSites: Bool, most: Int) -> [Repeat] {
    var entries: [Entry] = []
    for (number, page) in pages.enumerated() {
      for (place, line) in page.lines.enumerated() {
        entries.append(Entry(hash: line.hash.value, page: Int32(number), place: Int32(place)))
      }
    }
    // Equal lines together, the foremost first.
    entries.sort { ($0.hash, $0.place, $0.page) < ($1.hash, $1.place, $1.page) }
    let groups = Self.groups(entries)
    /// On how many pages each line of each page stands.
    var counts = pages.map { [Int32](repeating: 1, count: $0.lines.count) }
    for group in groups {
      for entry in entries[group] { counts[Int(entry.page)][Int(entry.place)] = Int32(group.count) }
    }
    var repeats: [Repeat] = []
    for group in groups {
      let documents = documents(entries[group], counts, acrossSites: acrossSites)
      guard documents > 1 else { continue }
      let first = entries[group.lowerBound]
      repeats.append(Repeat(hash: LineHash(value: first.hash), documents: documents, owner: pages[Int(first.page)].key))
    }
    repeats.sort { $0.documents != $1.documents ? $0.documents > $1.documents : $0.hash < $1.hash }
    return Array(repeats.prefix(most))
  }

  /// The runs of more than one entry with the same hash.
  private static func groups(_ entries: [Entry]) -> [Range<Int>] {
    var groups: [Range<Int>] = []
    var start = 0
    while start < entries.count {
      var end = start + 1
      while end < entries.count, entries[end].hash == entries[start].hash { end += 1 }
      if end > start + 1 { groups.append(start..<end) }
      start = end
    }
    return groups
  }

  /// A page with this share of words of its own is a document of its own.
  private static let ownShare = 0.2

  /// Print and mobile versions of a story repeat all of it. So pages only count by themselves that have something of their own: lines that
  /// stand on at most half as many pages as the line in question. Of the others, those with the same longest line are one.
  private func documents(_ entries: ArraySlice<Entry>, _ counts: [[Int32]], acrossSites: Bool) -> Int {
    var documents = 0
    var stories: Set<LineHash> = []
    var sites: Set<UInt32> = []
    for entry in entries {
      let page = pages[Int(entry.page)]
      var (own, all) = (0, 0)
      for (line, count) in zip(page.lines, counts[Int(entry.page)]) {
        all += Int(line.size)
        if Int(count) * 2 <= entries.count { own += Int(line.size) }
      }
      if Double(own) >= Self.ownShare * Double(all) { documents += 1 } else { stories.insert(page.story) }
      sites.insert(page.site)
    }
    documents += stories.count
    return acrossSites ? min(documents, sites.count) : documents
  }
}

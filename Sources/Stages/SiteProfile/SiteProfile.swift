import Foundation
import GRDB
import Pipeline

/// What repeats on each site, in a file: what `pipe learn` writes and the `boilerplate` stage reads. The one place that knows its SQL.
public struct SiteProfile {
  /// The name under which all sites are counted together.
  static let allSites = "*"
  /// Lines of a site that are listed, the most frequent of them.
  static let mostRepeats = 2_000

  private let path: String
  /// Tells profiles from other SQLite files.
  private static let application = 0x5069_7065
  private let database: DatabaseQueue

  /// Opens a profile, or makes an empty one.
  /// - Throws: `IOError`.
  public init(path: String, readOnly: Bool = false) throws {
    self.path = path
    var configuration = GRDB.Configuration()
    configuration.readonly = readOnly
    configuration.busyMode = .timeout(60)
    database = try IOError.from(path) { try DatabaseQueue(path: path, configuration: configuration) }
    let isOurs = try IOError.from(path) { [database] in
      try database.read { try Int.fetchOne($0, sql: "PRAGMA application_id") == Self.application }
    }
    if !isOurs {
      // Somebody else's file stays as it is.
      let isEmpty = try IOError.from(path) { [database] in
        try database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master") == 0 }
      }
      guard isEmpty, !readOnly else { throw IOError(path, "this is no profile that `pipe learn` has written") }
    }
    if !readOnly { try IOError.from(path) { [database] in try Self.schema.migrate(database) } }
  }

  private static var schema: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      // A run reads name, pages and repeats; what it does not need comes last in a row, and stays on the disk.
      try database.execute(
        sql: """
          PRAGMA application_id = \(application);
          CREATE TABLE site (name TEXT PRIMARY KEY, pages INTEGER NOT NULL, repeats BLOB NOT NULL, texts BLOB NOT NULL, sample BLOB NOT NULL);
          """)
    }
    return migrator
  }

  // MARK: Learning

  /// A page that is to be learned, with the words of its lines.
  struct Learned {
    let page: SitePage
    let texts: [(line: LineHash, text: [UInt8])]
  }

  /// Takes pages in, by site. All of them are learned afterwards, or none.
  /// - Throws: `IOError`, `DamagedRecord`.
  func learn(_ learned: [String: [Learned]]) throws {
    try write { database in
      for (name, pages) in learned.sorted(by: { $0.key < $1.key }) {
        try update(name, in: database) { sample, texts in
          sample.add(pages.map(\.page), most: Self.mostPages(name))
          for page in pages {
            for (line, text) in page.texts { texts[line] = text }
          }
        }
      }
    }
  }

  /// Takes all of another profile in.
  /// - Throws: `IOError`, `DamagedRecord`.
  public func merge(_ other: SiteProfile) throws {
    let names = try other.siteNames()
    try write { database in
      for name in names {
        let more = try other.site(name)
        try update(name, in: database) { sample, texts in
          sample.add(more.sample.pages, most: Self.mostPages(name))
          texts.merge(more.texts) { a, _ in a }
        }
      }
    }
  }

  /// Forgets pages that were not read since a day.
  /// - Parameter day: in days since 1970.
  /// - Throws: `IOError`, `DamagedRecord`.
  public func forget(before day: Int) throws {
    let names = try siteNames()
    try write { database in
      for name in names {
        try update(name, in: database) { sample, _ in sample.forget(before: UInt16(clamping: day)) }
      }
      try database.execute(sql: "DELETE FROM site WHERE pages = 0")
    }
  }

  private static func mostPages(_ site: String) -> Int { site == allSites ? SiteSample.mostPagesAcross : SiteSample.mostPages }

  private func update(
    _ name: String, in database: Database, _ change: (inout SiteSample, inout [LineHash: [UInt8]]) -> Void
  ) throws {
    var (sample, texts) = try Self.site(name, in: database)
    change(&sample, &texts)
    let repeats = sample.repeats(acrossSites: name == Self.allSites, most: Self.mostRepeats)
    var encoded: [UInt8] = []
    var words: [UInt8] = []
    for line in repeats.sorted(by: { $0.hash < $1.hash }) {
      line.append(to: &encoded)
      guard let text = texts[line.hash] else { continue }
      line.hash.append(to: &words)
      words.append(UInt8(text.count))
      words += text
    }
    try database.cachedStatement(sql: "INSERT OR REPLACE INTO site VALUES (?, ?, ?, ?, ?)")
      .execute(arguments: [name, sample.pages.count, Data(encoded), Data(words), Data(sample.bytes)])
  }

  // MARK: Reading

  /// The names of all sites, sorted; `*` stands for what was counted across them.
  /// - Throws: `IOError`.
  public func siteNames() throws -> [String] {
    try read { try String.fetchAll($0, sql: "SELECT name FROM site ORDER BY name") }
  }

  /// Everything about a site.
  /// - Throws: `IOError`, `DamagedRecord`.
  func site(_ name: String) throws -> (sample: SiteSample, texts: [LineHash: [UInt8]]) {
    try read { try Self.site(name, in: $0) }
  }

  private static func site(_ name: String, in database: Database) throws -> (sample: SiteSample, texts: [LineHash: [UInt8]]) {
    guard let row = try Row.fetchOne(database, sql: "SELECT texts, sample FROM site WHERE name = ?", arguments: [name]) else {
      return (SiteSample(), [:])
    }
    var texts: [LineHash: [UInt8]] = [:]
    var rest = Array(row[0] as Data)[...]
    while !rest.isEmpty {
      let line = try LineHash(rest, at: 0)
      let length = Int(try Bytes.value(at: LineHash.size, in: rest) as UInt8)
      rest = rest.dropFirst(LineHash.size + 1)
      guard rest.count >= length else { throw DamagedRecord() }
      texts[line] = Array(rest.prefix(length))
      rest = rest.dropFirst(length)
    }
    return (try SiteSample(Array(row[1] as Data)), texts)
  }

  /// What repeats on all sites, for a run.
  /// - Throws: `IOError`, `DamagedRecord`.
  func repeats() throws -> [String: (pages: Int, lines: [SiteSample.Repeat])] {
    var sites: [String: (pages: Int, lines: [SiteSample.Repeat])] = [:]
    for row in try read({ try Row.fetchAll($0, sql: "SELECT name, pages, repeats FROM site WHERE length(repeats) > 0") }) {
      var lines: [SiteSample.Repeat] = []
      var rest = Array(row[2] as Data)[...]
      while !rest.isEmpty { lines.append(try SiteSample.Repeat(&rest)) }
      sites[row[0]] = (row[1], lines)
    }
    return sites
  }

  private func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try IOError.from(path) { try database.read(body) }
  }

  private func write(_ body: (Database) throws -> Void) throws {
    try IOError.from(path) { try database.write(body) }
  }
}

extension SiteSample.Repeat {
  func append(to bytes: inout [UInt8]) {
    hash.append(to: &bytes)
    Bytes.append(UInt16(clamping: documents), to: &bytes)
    Bytes.append(owner, to: &bytes)
  }

  /// Reads one off the front.
  /// - Throws: `DamagedRecord`.
  init(_ bytes: inout ArraySlice<UInt8>) throws {
    hash = try LineHash(bytes, at: 0)
    documents = Int(try Bytes.value(at: LineHash.size, in: bytes) as UInt16)
    owner = try Bytes.value(at: LineHash.size + 2, in: bytes)
    bytes = bytes.dropFirst(LineHash.size + 10)
  }
}

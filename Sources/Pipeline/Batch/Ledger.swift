import GRDB

/// What a batch reads and how far it has come, in `.pipe/ledger.sqlite`. The one place that knows its SQL.
///
/// A part stands here when its files are durable under their final names, and not before. May be used from several threads.
final class Ledger: Sendable {
  /// A part that is finished for good.
  struct Part: Sendable {
    let number: Int
    /// The last document in it.
    let end: InputPlace
    let outputBytes: Int
    /// 0 for a part without rejects, which has no file for them.
    let rejectsBytes: Int
    /// The sum of this and all parts before.
    let summary: RunSummary
  }

  /// An input as it was when the batch was begun.
  struct Input: Sendable, Equatable {
    let path: String
    /// Why it could not be listed; nil where it could.
    let trouble: String?
    let stamp: FileStamp?
  }

  static let fileName = "ledger.sqlite"
  private let path: String
  private let database: DatabaseQueue

  /// Opens a ledger, or makes an empty one.
  /// - Throws: `IOError`.
  init(path: String, readOnly: Bool = false) throws {
    self.path = path
    var configuration = GRDB.Configuration()
    configuration.readonly = readOnly
    configuration.busyMode = .timeout(10)
    if !readOnly {
      // A part is only called finished when that is on the disk.
      configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    }
    database = try IOError.from(path) { try DatabaseQueue(path: path, configuration: configuration) }
    if !readOnly { try IOError.from(path) { [database] in try Self.schema.migrate(database) } }
  }

  private static var schema: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(
        sql: """
          CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
          CREATE TABLE identity (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
          CREATE TABLE input (number INTEGER PRIMARY KEY, path TEXT NOT NULL, trouble TEXT, size INTEGER, modified INTEGER);
          CREATE TABLE part (
            number INTEGER PRIMARY KEY, input INTEGER NOT NULL, ordinal INTEGER NOT NULL,
            outputBytes INTEGER NOT NULL, rejectsBytes INTEGER NOT NULL, summary TEXT NOT NULL);
          """)
    }
    return migrator
  }

  /// The facts about a batch that have a name.
  enum Fact: String {
    /// The name of the pipeline.
    case name
    /// When the batch was begun, for people.
    case begun
    /// The token of the batch in the state across batches.
    case token
    /// The last record of other batches in the state that stages of this batch take notice of.
    case stateMark
    /// Present when the batch is complete.
    case complete
  }

  func fact(_ fact: Fact) throws -> String? {
    try read { try String.fetchOne($0, sql: "SELECT value FROM fact WHERE name = ?", arguments: [fact.rawValue]) }
  }

  /// Whether a batch was begun here: its listing is whole.
  func isBegun() throws -> Bool { try fact(.begun) != nil }

  func set(_ fact: Fact, _ value: String) throws {
    try write { try $0.execute(sql: "INSERT OR REPLACE INTO fact VALUES (?, ?)", arguments: [fact.rawValue, value]) }
  }

  func identity() throws -> BatchIdentity {
    let rows = try read { try Row.fetchAll($0, sql: "SELECT name, value FROM identity") }
    return BatchIdentity(values: Dictionary(uniqueKeysWithValues: rows.map { ($0["name"], $0["value"]) }))
  }

  /// Begins a batch: all of this is there afterwards, or nothing.
  func begin(facts: [Fact: String], identity: BatchIdentity, inputs: () -> Input?) throws {
    try write { database in
      for (name, value) in identity.values {
        try database.execute(sql: "INSERT INTO identity VALUES (?, ?)", arguments: [name, value])
      }
      let statement = try database.makeStatement(sql: "INSERT INTO input VALUES (?, ?, ?, ?, ?)")
      var number = 0
      while let input = inputs() {
        try statement.execute(arguments: [number, input.path, input.trouble, input.stamp?.size, input.stamp?.modified])
        number += 1
      }
      for (fact, value) in facts {
        try database.execute(sql: "INSERT INTO fact VALUES (?, ?)", arguments: [fact.rawValue, value])
      }
    }
  }

  /// Some inputs in their order.
  func inputs(from first: Int, count: Int) throws -> [Input] {
    let rows = try read {
      try Row.fetchAll(
        $0, sql: "SELECT path, trouble, size, modified FROM input WHERE number >= ? ORDER BY number LIMIT ?", arguments: [first, count])
    }
    return rows.map { row in
      let size: Int? = row["size"]
      return Input(path: row["path"], trouble: row["trouble"], stamp: size.map { FileStamp(size: $0, modified: row["modified"] ?? 0) })
    }
  }

  func inputCount() throws -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM input") } ?? 0
  }

  /// The bytes of all inputs, and of those before one.
  func inputBytes(before number: Int) throws -> (all: Int, before: Int) {
    let row = try read {
      try Row.fetchOne(
        $0, sql: "SELECT coalesce(sum(size), 0), coalesce(sum(size) FILTER (WHERE number < ?), 0) FROM input", arguments: [number])
    }
    return row.map { ($0[0], $0[1]) } ?? (0, 0)
  }

  func lastPart() throws -> Part? {
    try parts(sql: "SELECT * FROM part ORDER BY number DESC LIMIT 1").first
  }

  /// All parts in order.
  func parts() throws -> [Part] {
    try parts(sql: "SELECT * FROM part ORDER BY number")
  }

  func commit(_ part: Part) throws {
    let summary = try part.summary.stored
    try write {
      try $0.execute(
        sql: "INSERT INTO part VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [part.number, part.end.input, part.end.ordinal, part.outputBytes, part.rejectsBytes, summary])
    }
  }

  private func parts(sql: String) throws -> [Part] {
    let rows = try read { try Row.fetchAll($0, sql: sql) }
    return try rows.map { row in
      Part(
        number: row["number"], end: InputPlace(input: row["input"], ordinal: row["ordinal"]), outputBytes: row["outputBytes"],
        rejectsBytes: row["rejectsBytes"], summary: try RunSummary(stored: row["summary"]))
    }
  }

  private func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try IOError.from(path) { try database.read(body) }
  }

  private func write(_ body: (Database) throws -> Void) throws {
    try IOError.from(path) { try database.write(body) }
  }
}

extension IOError {
  /// Calls a function that works on a database; its errors become trouble with the file.
  package static func from<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw IOError(path, error.message ?? "SQLite error \(error.resultCode.rawValue)")
    }
  }
}

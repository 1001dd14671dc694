import GRDB

/// A file that remembers across the parts of a batch and across batches. The one place that knows its tables.
///
/// What a batch remembers carries the batch's number: one that is continued does not take its own documents for old ones, so that it
/// comes to the same end as one that was never interrupted. May be used from several threads.
final class StateFile: Sendable {
  let path: String
  /// The number of the batch, in the order in which batches were begun.
  let batch: Int
  /// What hashes of contents are seeded with.
  let seed: UInt64
  private let database: DatabaseQueue

  /// Opens the file, or makes it, for a batch.
  /// - Parameter isNew: whether the file need not know the batch yet.
  /// - Throws: `IOError`; `Batch.Refusal` for another file than the one the batch was begun with.
  convenience init(path: String, token: String, isNew: Bool = true) throws {
    try FileSystem.makeFolder(for: path)
    var configuration = GRDB.Configuration()
    configuration.busyMode = .timeout(60)
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    let database = try IOError.from(path) { try DatabaseQueue(path: path, configuration: configuration) }
    try IOError.from(path) {
      try Self.schema.migrate(database)
      if !isNew, try database.read({ try Int.fetchOne($0, sql: "SELECT 1 FROM batch WHERE token = ?", arguments: [token]) }) == nil {
        throw Batch.Refusal(
          description:
            "\(path): knows nothing of this batch, parts of which are finished; name the state that it was begun with, or use --restart")
      }
      try database.write { try $0.execute(sql: "INSERT OR IGNORE INTO batch (token) VALUES (?)", arguments: [token]) }
    }
    try self.init(path, database, token)
  }

  /// Opens a file that the batch has made already, only to look something up.
  /// - Throws: `IOError`.
  convenience init(lookUpIn path: String, token: String) throws {
    var configuration = GRDB.Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(60)
    try self.init(path, try IOError.from(path) { try DatabaseQueue(path: path, configuration: configuration) }, token)
  }

  private init(_ path: String, _ database: DatabaseQueue, _ token: String) throws {
    self.path = path
    self.database = database
    (batch, seed) = try IOError.from(path) {
      try database.read { database in
        (
          try Int.fetchOne(database, sql: "SELECT number FROM batch WHERE token = ?", arguments: [token]) ?? 0,
          UInt64(bitPattern: try Int64.fetchOne(database, sql: "SELECT seed FROM secret") ?? 0)
        )
      }
    }
  }

  private static var schema: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(
        sql: """
          CREATE TABLE batch (number INTEGER PRIMARY KEY AUTOINCREMENT, token TEXT NOT NULL UNIQUE);
          CREATE TABLE content (hash BLOB PRIMARY KEY, batch INTEGER NOT NULL) WITHOUT ROWID;
          CREATE TABLE secret (seed INTEGER NOT NULL);
          INSERT INTO secret VALUES (random());
          """)
    }
    migrator.registerMigration("2") { database in
      // Bodies lie apart: a run that begins reads all heads, and of the bodies next to none.
      try database.execute(
        sql: """
          ALTER TABLE batch ADD COLUMN complete INTEGER NOT NULL DEFAULT 0;
          CREATE TABLE recordHead (
            number INTEGER PRIMARY KEY AUTOINCREMENT, memory TEXT NOT NULL, batch INTEGER NOT NULL, part INTEGER NOT NULL, data BLOB NOT NULL);
          CREATE INDEX recordBatch ON recordHead (batch, part);
          CREATE TABLE recordBody (number INTEGER PRIMARY KEY, data BLOB NOT NULL);
          """)
    }
    return migrator
  }

  /// Notes that this batch will not be continued.
  /// - Throws: `IOError`.
  func markComplete() throws {
    try write { try $0.execute(sql: "UPDATE batch SET complete = 1 WHERE number = ?", arguments: [batch]) }
  }

  /// Forgets what this batch has remembered.
  /// - Throws: `IOError`.
  func forget() throws {
    try write {
      try $0.execute(sql: "DELETE FROM content WHERE batch = ?", arguments: [batch])
      try StateMemory.forget(batch: batch, partsAfter: 0, in: $0)
    }
  }

  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try IOError.from(path) { try database.read(body) }
  }

  /// All of what `body` changes is kept, durably, or nothing.
  func write(_ body: (Database) throws -> Void) throws {
    try IOError.from(path) { try database.write(body) }
  }
}

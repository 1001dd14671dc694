import Foundation
import GRDB

/// The contents that batches have read, across nights, in a file of their own. The one place that knows its SQL.
///
/// What a batch remembers carries the batch's token: a batch that is continued does not take its own documents for old ones, so that it
/// comes to the same end as one that was never interrupted.
final class SeenContents: Sendable {
  private let path: String
  private let database: DatabaseQueue
  private let batch: Int
  private let seed: UInt64

  /// Opens the file, or makes it, for a batch.
  /// - Throws: `IOError`.
  convenience init(path: String, token: String) throws {
    try FileSystem.makeFolder(for: path)
    var configuration = GRDB.Configuration()
    configuration.busyMode = .timeout(60)
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    let database = try IOError.from(path) { try DatabaseQueue(path: path, configuration: configuration) }
    try IOError.from(path) {
      try Self.schema.migrate(database)
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

  /// Forgets what a batch has read that is thrown away.
  /// - Throws: `IOError`.
  func forget(token: String) throws {
    try IOError.from(path) {
      try database.write {
        try $0.execute(
          sql: "DELETE FROM content WHERE batch = (SELECT number FROM batch WHERE token = ?)", arguments: [token])
      }
    }
  }

  /// What stands for a document's content here.
  func hash(_ content: [UInt8]) -> ContentHash { ContentHash(content, seed: seed) }

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
    return migrator
  }

  /// Whether another batch has read this content.
  /// - Throws: `IOError`.
  func contains(_ hash: ContentHash) throws -> Bool {
    try IOError.from(path) {
      try database.read {
        try Bool.fetchOne(
          $0, sql: "SELECT 1 FROM content WHERE hash = ? AND batch <> ?", arguments: [Data(hash.bytes), batch]) ?? false
      }
    }
  }

  /// Keeps contents, durably.
  /// - Throws: `IOError`.
  func remember(_ hashes: [ContentHash]) throws {
    guard !hashes.isEmpty else { return }
    try IOError.from(path) {
      try database.write { database in
        let statement = try database.makeStatement(sql: "INSERT OR IGNORE INTO content VALUES (?, ?)")
        // In their order, so that the pages of the tree are visited one after the other.
        for hash in hashes.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) }) {
          try statement.execute(arguments: [Data(hash.bytes), batch])
        }
      }
    }
  }
}

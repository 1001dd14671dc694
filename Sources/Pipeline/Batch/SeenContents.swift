import Foundation
import GRDB

/// The contents that batches have read, across nights.
struct SeenContents: Sendable {
  private let file: StateFile

  init(_ file: StateFile) {
    self.file = file
  }

  /// What stands for a document's content here.
  func hash(_ content: [UInt8]) -> ContentHash { ContentHash(content, seed: file.seed) }

  /// Whether another batch has read this content.
  /// - Throws: `IOError`.
  func contains(_ hash: ContentHash) throws -> Bool {
    try file.read {
      try Bool.fetchOne(
        $0, sql: "SELECT 1 FROM content WHERE hash = ? AND batch <> ?", arguments: [Data(hash.bytes), file.batch]) ?? false
    }
  }

  /// Keeps contents, as part of a change of the file.
  func remember(_ hashes: [ContentHash], in database: Database) throws {
    let statement = try database.makeStatement(sql: "INSERT OR IGNORE INTO content VALUES (?, ?)")
    // In their order, so that the pages of the tree are visited one after the other.
    for hash in hashes.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) }) {
      try statement.execute(arguments: [Data(hash.bytes), file.batch])
    }
  }
}

import Foundation
import GRDB

/// The memory of an ordered stage in a file. What is added becomes part of the file with the part of the batch. Serves one thread.
final class StateMemory: StageMemory {
  private let file: StateFile
  private let key: String
  /// The numbers of the records in the file.
  private var stored: [Int64] = []
  private var heads: [[UInt8]] = []
  private let bodies = RecordFile()

  /// The memory of this batch, and of those before that are recent enough.
  /// - Parameters:
  ///   - key: what only memories of the same kind share.
  ///   - mark: the last record of other batches that counts: the one that was there when the batch was begun.
  ///   - batches: how many other batches count.
  /// - Throws: `IOError`.
  init(_ file: StateFile, key: String, mark: Int, batches: Int) throws {
    self.file = file
    self.key = key
    stored = try file.read { database in
      try Int64.fetchAll(
        database,
        sql: """
          SELECT number FROM recordHead WHERE memory = :key AND (batch = :batch OR number <= :mark AND batch IN (
            SELECT DISTINCT batch FROM recordHead WHERE memory = :key AND number <= :mark AND batch <> :batch ORDER BY batch DESC LIMIT :batches
          )) ORDER BY number
          """, arguments: ["key": key, "batch": file.batch, "mark": mark, "batches": batches])
    }
  }

  /// The last record that a file has; 0 for none.
  static func lastRecord(in file: StateFile) throws -> Int {
    try file.read { try Int.fetchOne($0, sql: "SELECT max(number) FROM recordHead") } ?? 0
  }

  /// Forgets the records of parts that were never finished.
  static func forget(batch: Int, partsAfter part: Int, in database: Database) throws {
    let chosen = "SELECT number FROM recordHead WHERE batch = ? AND part > ?"
    try database.execute(sql: "DELETE FROM recordBody WHERE number IN (\(chosen))", arguments: [batch, part])
    try database.execute(sql: "DELETE FROM recordHead WHERE batch = ? AND part > ?", arguments: [batch, part])
  }

  /// Forgets the records of complete batches that are too long ago for a batch that begins.
  static func prune(key: String, batches: Int, in database: Database) throws {
    let oldest = try Int.fetchOne(
      database, sql: "SELECT DISTINCT batch FROM recordHead WHERE memory = ? ORDER BY batch DESC LIMIT 1 OFFSET ?",
      arguments: [key, max(batches - 1, 0)])
    guard let oldest else { return }
    let limit = batches == 0 ? oldest + 1 : oldest
    let chosen = "SELECT number FROM recordHead WHERE memory = ? AND batch < ? AND batch IN (SELECT number FROM batch WHERE complete = 1)"
    try database.execute(sql: "DELETE FROM recordBody WHERE number IN (\(chosen))", arguments: [key, limit])
    try database.execute(sql: "DELETE FROM recordHead WHERE number IN (\(chosen))", arguments: [key, limit])
  }

  func append(head: [UInt8], body: [UInt8]) throws -> Int {
    let number = try bodies.append(body)
    heads.append(head)
    return stored.count + number
  }

  func body(_ number: Int) throws -> [UInt8] {
    guard number < stored.count else { return try bodies.record(number - stored.count) }
    let data = try file.read {
      try Data.fetchOne(
        try $0.cachedStatement(sql: "SELECT data FROM recordBody WHERE number = ?"), arguments: [stored[number]])
    }
    guard let data else { throw IOError(file.path, "lacks a record that it had when the run began") }
    return Array(data)
  }

  func forEachHead(_ visit: (Int, [UInt8]) throws -> Void) throws {
    // A piece at a time: a memory may be large.
    var first = 0
    while first < stored.count {
      let last = min(first + 10_000, stored.count)
      let rows = try file.read {
        try Row.fetchAll(
          $0, sql: "SELECT number, data FROM recordHead WHERE memory = ? AND number BETWEEN ? AND ? ORDER BY number",
          arguments: [key, stored[first], stored[last - 1]])
      }
      var number = first
      for row in rows where number < last && row[0] == stored[number] {
        try visit(number, Array(row[1] as Data))
        number += 1
      }
      guard number == last else { throw IOError(file.path, "lacks a record that it had when the run began") }
      first = last
    }
  }

  /// Makes what was added part of the file, as part of a change of it.
  func commit(part: Int, in database: Database) throws {
    let head = try database.makeStatement(sql: "INSERT INTO recordHead (memory, batch, part, data) VALUES (?, ?, ?, ?)")
    let body = try database.makeStatement(sql: "INSERT INTO recordBody VALUES (?, ?)")
    for index in heads.indices {
      try head.execute(arguments: [key, file.batch, part, Data(heads[index])])
      let number = database.lastInsertedRowID
      try body.execute(arguments: [number, Data(try bodies.record(index))])
      stored.append(number)
    }
    heads.removeAll(keepingCapacity: true)
    bodies.removeAll()
  }
}

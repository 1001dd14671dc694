import GRDB

/// What a batch remembers beyond a part: contents that were read, and what ordered stages know. Serves one thread.
final class BatchState {
  private let file: StateFile
  /// Nil where contents are not remembered.
  private let contents: SeenContents?
  let memories: [Int: StateMemory]

  /// Nil for a batch that has nothing to remember.
  /// - Throws: `IOError`.
  init?(_ batch: Batch, _ configuration: Configuration, _ remembering: Remembering?) throws {
    let ordered = configuration.orderedStages
    guard let token = try batch.ledger.fact(.token), remembering != nil || !ordered.isEmpty else { return nil }
    let file = try StateFile(path: remembering?.path ?? batch.folder.memoryPath, token: token, isNew: batch.finishedParts == 0)
    try file.write { try StateMemory.forget(batch: file.batch, partsAfter: batch.finishedParts, in: $0) }
    var mark = try batch.ledger.fact(.stateMark).flatMap { Int($0) }
    if mark == nil {
      try file.write {
        for (index, stage) in ordered {
          try StateMemory.prune(key: Self.key(stage, index, among: ordered), batches: stage.rememberedBatches, in: $0)
        }
      }
      mark = try StateMemory.lastRecord(in: file)
      try batch.ledger.set(.stateMark, String(mark ?? 0))
    }
    var memories: [Int: StateMemory] = [:]
    for (index, stage) in ordered {
      memories[index] = try StateMemory(
        file, key: Self.key(stage, index, among: ordered), mark: mark ?? 0, batches: stage.rememberedBatches)
    }
    self.file = file
    self.memories = memories
    contents = remembering == nil ? nil : SeenContents(file)
  }

  /// Two stages of a kind have a memory each.
  private static func key(_ stage: any OrderedStage, _ index: Int, among all: [(index: Int, stage: any OrderedStage)]) -> String {
    let before = all.count { $0.index < index && $0.stage.memoryKey == stage.memoryKey }
    return before == 0 ? stage.memoryKey : "\(stage.memoryKey), \(before + 1)"
  }

  /// Notes that the batch is complete.
  /// - Throws: `IOError`.
  func finish() throws { try file.markComplete() }

  /// Keeps what a part has brought, durably.
  /// - Throws: `IOError`.
  func commit(part: Int, _ hashes: [ContentHash]) throws {
    try file.write { database in
      try contents?.remember(hashes, in: database)
      for memory in memories.values { try memory.commit(part: part, in: database) }
    }
  }
}

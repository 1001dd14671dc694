/// Writes the results of a batch in parts, each of which is finished for good before the next is begun. Serves one thread.
final class BatchSink: ResultSink {
  let isLive = false
  private let batch: Batch
  private let partSize: Int
  private let state: BatchState?
  private var number: Int
  private var documents = 0
  private var output: OutputFile?
  private var rejects: OutputFile?
  private var hashes: [ContentHash] = []
  private var last: InputPlace?
  private(set) var kept: RunSummary?

  /// - Parameters:
  ///   - partSize: documents a part, counted as they come in.
  ///   - nothing: the sum of no documents.
  ///   - state: what is remembered beyond a part; nil for nothing.
  init(_ batch: Batch, partSize: Int, nothing: RunSummary, state: BatchState?) {
    kept = batch.earlier ?? nothing
    self.batch = batch
    self.partSize = partSize
    self.state = state
    number = batch.finishedParts + 1
  }

  func write(_ bytes: [UInt8], id: String) throws {
    try openOutput().write(bytes)
  }

  func reject(_ line: [UInt8]) throws {
    if rejects == nil { rejects = try open(batch.folder.rejectsPath(number)) }
    try rejects?.write(line)
  }

  func endDocument(_ result: FramedResult, _ summary: RunSummary) throws {
    documents += 1
    if let hash = result.contentHash, !result.outcome.isRejected { hashes.append(hash) }
    last = result.place
    if documents == partSize { try commit(end: result.place, summary) }
  }

  func flush() throws {}

  func finish(_ summary: RunSummary) throws {
    if documents > 0, let last { try commit(end: last, summary) }
    try state?.finish()
    try batch.ledger.set(.complete, "1")
  }

  /// What has no end yet is done again by the next run.
  func leavePartial() throws -> String? {
    output?.discard()
    rejects?.discard()
    return nil
  }

  private func openOutput() throws -> OutputFile {
    if let output { return output }
    let file = try open(batch.folder.outputPath(number))
    output = file
    return file
  }

  private func open(_ path: String) throws -> OutputFile {
    try OutputFile(path: path, growing: batch.folder.growing(path))
  }

  /// Files first, then what is remembered of their contents, then the ledger: whatever is missing in the end is made again.
  private func commit(end: InputPlace, _ summary: RunSummary) throws {
    let output = try openOutput()
    try rejects?.finish()
    try output.finish()
    try state?.commit(part: number, hashes)
    try batch.ledger.commit(
      Ledger.Part(
        number: number, end: end, outputBytes: output.size, rejectsBytes: rejects?.size ?? 0, summary: summary))
    kept = summary
    number += 1
    documents = 0
    self.output = nil
    rejects = nil
    hashes.removeAll(keepingCapacity: true)
  }
}

/// The processes of one program, and the documents that wait for them.
///
/// Apart from the queue, which the threads of the processes hold: they end when nobody has the pool any more. Each process has a thread of its own. They are started when there is something to do, and may be asked from any thread.
final class PluginPool: Sendable {
  /// What becomes of a question.
  enum Reply: Sendable {
    /// The program's line about the document.
    case answer([UInt8])
    /// The program failed over the document, in words for the rejects.
    case failure(String)
  }

  let queue: PluginQueue

  /// - Parameters:
  ///   - program: what is started.
  ///   - name: what the plugin is called in messages.
  ///   - options: a JSON object that each process is told.
  ///   - first: a process that is ready.
  ///   - workers: how many processes there are at most.
  ///   - batch: how many documents are sent together at most.
  init(_ program: PluginProgram, name: String, options: [UInt8], first: PluginProcess, workers: Int, batch: Int, log: PluginLog) {
    queue = PluginQueue(program, name: name, options: options, first: first, workers: workers, batch: batch, log: log)
  }

  deinit { queue.rest() }

  /// Asks about documents; those that are asked about together are sent together, as far as they go into a batch.
  /// - Parameter questions: what `DocumentQuestion` makes. Each reply is called once, on another thread; not at all when the pool is put to
  ///   rest before.
  func ask(_ questions: [PluginQueue.Job]) { queue.add(questions) }

  /// Lets all processes end, and waits for that. Later questions start new ones.
  func rest() { queue.rest() }
}

/// Where messages of plugins go.
final class PluginLog: Sendable {
  private let write: Locked<@Sendable (String) -> Void>

  init(_ write: @escaping @Sendable (String) -> Void) { self.write = Locked(write) }

  func redirect(to other: @escaping @Sendable (String) -> Void) { write.withLock { $0 = other } }

  func say(_ message: String) {
    let write = write.withLock { $0 }
    write(message)
  }
}

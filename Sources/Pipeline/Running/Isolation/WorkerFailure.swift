/// Why a worker process ended over a document, in words that are the same whenever it happens again.
struct WorkerFailure: Sendable, Equatable {
  enum Cause: Sendable, Equatable {
    /// More processor time than allowed, in milliseconds.
    case time(limit: Int)
    /// No end within so many milliseconds, whatever it was waiting for.
    case clock(limit: Int)
    /// More memory than allowed, in bytes.
    case memory(limit: Int)
    /// A signal, such as SIGSEGV; the functions at work, innermost first.
    case crash(signal: String, symbols: [String])
    /// Somebody killed the process, such as the system when memory runs out.
    case killed
    /// The program was left.
    case exit(status: Int)
    /// What came from the worker was no result.
    case nonsense
  }

  let cause: Cause
  /// The stage at work; nil before the first and after the last.
  let stageIndex: Int?
  let stage: String?

  /// One word for programs.
  var name: String {
    switch cause {
    case .time: "time"
    case .clock: "clock"
    case .memory: "memory"
    case .crash: "crash"
    case .killed: "killed"
    case .exit: "exit"
    case .nonsense: "nonsense"
    }
  }

  /// The limit that was passed, as people write it; nil for none.
  var limit: String? {
    switch cause {
    case .time(let limit), .clock(let limit): Milliseconds.format(limit)
    case .memory(let limit): Size.format(limit)
    case .crash, .killed, .exit, .nonsense: nil
    }
  }

  var reason: String {
    switch cause {
    case .time(let limit): "took more than \(Milliseconds.format(limit)) of processor time"
    case .clock(let limit): "came to no end in \(Milliseconds.format(limit))"
    case .memory(let limit): "needed more than \(Size.format(limit)) of memory"
    case .crash(let signal, let symbols): "crashed with \(signal)" + (symbols.first.map { " in \($0)" } ?? "")
    case .killed: "was killed from outside each time, perhaps by the system for want of memory"
    case .exit(let status): "ended the worker with status \(status)"
    case .nonsense: "made the worker write what is no result"
    }
  }

  func encode(into json: inout JSONOutput) {
    json.key("cause")
    json.string(name)
    if let limit {
      json.key("limit")
      json.string(limit)
    }
    guard case .crash(let signal, let symbols) = cause else { return }
    json.key("fingerprint")
    json.beginObject()
    json.key("signal")
    json.string(signal)
    if let stage {
      json.key("stage")
      json.string(stage)
    }
    json.key("symbols")
    json.beginArray()
    for symbol in symbols { json.string(symbol) }
    json.endArray()
    json.endObject()
  }
}

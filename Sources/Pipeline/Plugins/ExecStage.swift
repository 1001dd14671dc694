import Glibc

/// A stage whose work a program does. The protocol is in `docs/plugins.md`.
///
/// Documents that wait for the program do not hold a worker: the engine asks with `question(about:)` and goes on with `apply(_:to:)`.
/// `process` does both for one document.
public struct ExecStage: ProcessingStage {
  /// What a configuration says to get one, as a stage of its own name.
  public static let kind = StageKind(
    StageDescriptor(
      name: "exec",
      summary: "Lets a program of yours do the work, in any language: JSON Lines on its standard input and output.",
      options: [
        OptionDescriptor(
          "command", .texts,
          "The program and its arguments; no shell is involved. It is looked up in the configuration's folder, then in PATH, and runs in that folder."
        ),
        OptionDescriptor("options", .json, "The program's own options, an object; what it knows, it says itself."),
        OptionDescriptor("workers", .integer(1...256), "How many processes of the program there are; one a core when absent."),
        OptionDescriptor("batch", .integer(1...1024), default: .integer(16), "How many documents are sent together at most."),
        OptionDescriptor(
          "timeout", .duration, default: .integer(10_000),
          "How long the next answer may take. A program that answers a batch at once needs the time of a batch."),
        OptionDescriptor(
          "startTimeout", .duration, default: .integer(60_000), "How long the program may take to be ready, such as to load a model."),
      ])
  ) { _ in throw OptionProblem(nil, "a program is started by the engine") }

  let announcement: PluginAnnouncement
  /// The program and its arguments.
  package let command: [String]
  /// What the program has said about itself.
  let greeting: [UInt8]
  /// The program's processes; nil in a worker, whose parent has them.
  let pool: PluginPool?
  /// How many documents should be under way, so that no process of the program has to wait.
  let documentsAhead: Int
  private let questions: DocumentQuestion

  /// What a program was asked about a document that is to be gone on with.
  func question(about document: borrowing Document) -> [UInt8] { questions.bytes(document) }

  /// Goes on with a document about which the program was asked.
  /// - Throws: `DocumentAnswer.Refusal`.
  func apply(_ reply: PluginPool.Reply, to document: inout Document) throws -> Verdict {
    switch reply {
    case .answer(let line):
      if PluginServer.isUnchanged(line) { return .pass }
      return try DocumentAnswer(line, by: announcement.descriptor, rewrites: announcement.rewrites).apply(to: &document)
    case .failure(let reason): throw DocumentAnswer.Refusal(reason)
    }
  }

  public func process(_ document: inout Document) throws -> Verdict {
    guard let pool else { preconditionFailure("the programs of a worker are its parent's") }
    let mailbox = Mailbox<PluginPool.Reply>()
    pool.ask([PluginQueue.Job(question: question(about: document)) { mailbox.put($0) }])
    return try apply(mailbox.wait()[0], to: &document)
  }
}

extension ExecStage {
  /// A program that has told about itself, and not yet its options.
  struct Draft {
    let announcement: PluginAnnouncement
    let program: PluginProgram
    private let greeting: [UInt8]
    private let process: PluginProcess?
    private let workers: Int
    private let batch: Int
    private let log: PluginLog

    /// - Parameter greeting: what the program is known to say; nil to start it.
    /// - Throws: `PluginProgram.StartProblem`.
    init(_ options: Options, folder: String, greeting known: [UInt8]?) throws(PluginProgram.StartProblem) {
      program = PluginProgram(
        command: PluginCommand(arguments: options.texts("command"), folder: folder), timeout: options.int("timeout") ?? 0,
        startTimeout: options.int("startTimeout") ?? 0)
      workers = options.int("workers") ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
      batch = options.int("batch") ?? 1
      let log = PluginLog { message in
        let bytes = Array((message + "\n").utf8)
        _ = write(2, bytes, bytes.count)
      }
      self.log = log
      // By its command, until it has told its name.
      let label = Locked(program.command.shown)
      if let known {
        (process, greeting) = (nil, known)
      } else {
        (process, greeting) = try program.greeted { message in log.say("\(label.withLock { $0 }): \(message)") }
      }
      do {
        announcement = try PluginAnnouncement(json: greeting)
      } catch {
        throw PluginProgram.StartProblem("greets with a line that \(error)")
      }
      let name = announcement.descriptor.name
      label.withLock { $0 = name }
    }

    /// The stage with its options, ready for documents.
    /// - Throws: `PluginProgram.StartProblem`.
    func finished(_ options: Options) throws(PluginProgram.StartProblem) -> ExecStage {
      let json = options.json(announcement.descriptor.options)
      var pool: PluginPool?
      if let process {
        try program.begin(process, options: json)
        pool = PluginPool(
          program, name: announcement.descriptor.name, options: json, first: process, workers: workers, batch: batch, log: log)
      }
      // A batch at work, one that waits behind it, and one that is made ready.
      return ExecStage(
        announcement: announcement, command: program.command.arguments, greeting: greeting, pool: pool, documentsAhead: workers * batch * 3,
        questions: DocumentQuestion(announcement.descriptor))
    }
  }
}

/// The programs that this process has started.
package enum Plugins {
  /// Ends them at once, with what they have started, for a process that ends itself.
  package static func killAll() { PluginProcess.killAll() }
}

/// What came of a plugin's work on a document, when it was no verdict.
package protocol PluginFault: Error {
  /// Whether the plugin did something wrong, and did not just say that the document is none for it.
  var isFault: Bool { get }
}

extension Configuration {
  /// Whether a program does the work of a stage.
  package func isProgram(_ index: Int) -> Bool { stages[index].stage is ExecStage }

  /// The stages that programs work for, by their indices.
  package var programs: [Int: ExecStage] {
    Dictionary(
      uniqueKeysWithValues: stages.enumerated().compactMap { index, configured in (configured.stage as? ExecStage).map { (index, $0) } })
  }

  /// How many documents should be under way, so that no program has to wait.
  var documentsAhead: Int { programs.values.reduce(0) { $0 + $1.documentsAhead } }
}

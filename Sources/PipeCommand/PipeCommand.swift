import ArgumentParser
import Glibc
import Pipeline
import Stages

/// The command line. An executable of one's own calls `PipeCommand.main(stages:)` and has all of it.
public struct PipeCommand: AsyncParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "pipe",
    abstract: "Turns scraped news pages into clean, split, tagged text.",
    discussion: """
      A JSON file chains stages; documents stream through them, and every line that is removed carries its reason.

        pipe run pipelines/news.json --input pages/ --output news.jsonl
        pipe explain pipelines/news.json page.html
        pipe check pipelines/news.json
        pipe stages boilerplate

      Exit status: 0 done; 1 done, with more rejects than allowed; 2 wrong usage, configuration or input; 3 trouble with files;
      4 the output is in use, or a batch cannot be continued; 130 and 143 stopped by a signal.
      """,
    version: "0.1.0",
    subcommands: [
      RunCommand.self, StatusCommand.self, LearnCommand.self, DedupeCommand.self, CheckCommand.self, ExplainCommand.self,
      ConformanceCommand.self,
      StagesCommand.self, InitCommand.self, SchemaCommand.self,
    ])

  public init() {}

  /// Runs the command line of this process with the built-in stages and those given, and ends the process.
  public static func main(stages: [any StageType.Type]) async -> Never {
    AvailableStages.registry = StageRegistry(BuiltInStages.registry.stages + stages.map(StageKind.init))
    Memory.keepFlat()
    Signals.ignoreBrokenPipes()
    if CommandLine.arguments == [CommandLine.arguments[0], WorkerService.subcommand] {
      WorkerService.run(registry: AvailableStages.withInner)
    }
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand { try await asynchronous.run() } else { try command.run() }
      Glibc.exit(ExitStatus.done.rawValue)
    } catch {
      Glibc.exit(ExitStatus.report(error).rawValue)
    }
  }
}

/// The stages of this process.
enum AvailableStages {
  /// Set once, before any command runs.
  nonisolated(unsafe) static var registry = BuiltInStages.registry

  /// With those that commands put into pipelines, and configurations cannot name.
  static var withInner: StageRegistry { StageRegistry(registry.stages + [StageKind(LearnStage.self)]) }
}

/// What the exit status of `pipe` says. In one place, because argument-parser has numbers of its own.
enum ExitStatus: Int32, Error {
  case done = 0
  case tooManyRejects = 1
  case usage = 2
  case inputOutput = 3
  case inUse = 4
  case interrupted = 130
  case terminated = 143

  /// The status of a run that a signal stopped.
  static func stopped(by signal: Int32) -> ExitStatus { signal == SIGTERM ? .terminated : .interrupted }

  /// Says on stderr what went wrong, and gives the status for it.
  static func report(_ error: any Error) -> ExitStatus {
    switch error {
    case let status as ExitStatus: return status
    case is ConfigurationErrors: complain("\(error)")
    case is OutputInUse, is Batch.Refusal, is IOError: complain("error: \(error)")
    default:
      let message = PipeCommand.fullMessage(for: error)
      if PipeCommand.exitCode(for: error) == .success {
        print(message)
        return .done
      }
      if !message.isEmpty { complain(message) }
    }
    return of(error)
  }

  /// The status for an error.
  static func of(_ error: any Error) -> ExitStatus {
    switch error {
    case let status as ExitStatus: status
    case is ConfigurationErrors: .usage
    case is OutputInUse, is Batch.Refusal: .inUse
    case is IOError: .inputOutput
    default: PipeCommand.exitCode(for: error) == .validationFailure ? .usage : .inputOutput
    }
  }
}

/// Writes a message to stderr.
func complain(_ message: String) {
  let bytes = Array((Terminal.safe(message) + "\n").utf8)
  _ = write(2, bytes, bytes.count)
}

import ArgumentParser
import Glibc
import Pipeline

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Say what a batch has done and what is left.",
    discussion: """
      Reads the ledger of a batch, the output folder of a run with "parts", also while it is being written.

        pipe status out/news
      """)

  @Argument(help: "The output folder of a batch.", completion: .directory)
  var folder: String

  @Flag(help: "Write one JSON object.")
  var json = false

  func run() throws {
    guard BatchStatus.isBatch(folder) else {
      complain("error: \(folder): holds no batch")
      throw ExitStatus.usage
    }
    let status = try BatchStatus(folder: folder)
    print(json ? String(decoding: status.json.dropLast(), as: UTF8.self) : Terminal.safe(status.text))
  }
}

import Foundation
import TestSupport

/// The built `pipe`, run as a person runs it.
struct Pipe {
  struct Result {
    let status: Int32
    let out: String
    let err: String
  }

  /// Beside the test bundle, where the package manager leaves every product.
  static let executable =
    (try! FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") as NSString).deletingLastPathComponent + "/pipe"

  /// Runs to the end.
  /// - Parameters:
  ///   - folder: the working directory; the checkout when nil.
  ///   - input: what stands on standard input.
  static func run(_ arguments: String..., in folder: String? = nil, input: String = "") throws -> Result {
    try run(arguments, in: folder, input: Array(input.utf8))
  }

  /// - Parameter program: another product than `pipe`.
  static func run(_ arguments: [String], in folder: String? = nil, input: [UInt8], program: String = "pipe") throws -> Result {
    let (process, scratch) = try prepared(arguments, in: folder, input: input, program: program)
    try process.run()
    process.waitUntilExit()
    return result(of: process, scratch)
  }

  /// Runs to the end without holding a thread, for runs that mostly wait.
  static func waiting(_ arguments: [String], in folder: String? = nil) async throws -> Result {
    let (process, scratch) = try prepared(arguments, in: folder, input: [], program: "pipe")
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in continuation.resume() }
      do {
        try process.run()
      } catch {
        process.terminationHandler = nil
        continuation.resume(throwing: error)
      }
    }
    return result(of: process, scratch)
  }

  private static func prepared(_ arguments: [String], in folder: String?, input: [UInt8], program: String) throws -> (
    Process, TemporaryFolder
  ) {
    let scratch = TemporaryFolder()
    let process = Process()
    process.executableURL = URL(filePath: (executable as NSString).deletingLastPathComponent + "/" + program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder ?? checkout)
    // Files instead of pipes: nothing can fill up and block.
    process.standardInput = try FileHandle(forReadingFrom: URL(filePath: scratch.write("in", input)))
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: scratch.write("out", "")))
    process.standardError = try FileHandle(forWritingTo: URL(filePath: scratch.write("err", "")))
    return (process, scratch)
  }

  private static func result(of process: Process, _ scratch: TemporaryFolder) -> Result {
    Result(
      status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus, out: scratch.read("out") ?? "",
      err: scratch.read("err") ?? "")
  }

  /// Runs a script of bash in a folder, with `pipe` on its PATH and the Python package installed, and waits for its end.
  static func shell(_ script: String, in folder: TemporaryFolder) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", script]
    process.environment = ProcessInfo.processInfo.environment.merging(
      [
        "PATH": (executable as NSString).deletingLastPathComponent + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"),
        "PYTHONPATH": checkout + "/Integrations/python/src", "PYTHONDONTWRITEBYTECODE": "1",
      ]
    ) { $1 }
    process.currentDirectoryURL = URL(filePath: folder.path)
    try process.run()
    process.waitUntilExit()
  }

  /// `pipe run` of a pipeline of the checkout, with its output.
  static func output(_ pipeline: String, _ input: String, _ more: String...) throws -> (
    result: Result, lines: [[String: Any]], rejects: [[String: Any]]
  ) {
    let scratch = TemporaryFolder()
    let arguments = ["run", "\(checkout)/pipelines/\(pipeline).json", "--input", input, "--output", scratch.path + "/o.jsonl"] + more
    let result = try run(arguments, in: nil, input: [])
    return (result, jsonLines(scratch.read("o.jsonl")), jsonLines(scratch.read("o.rejects.jsonl")))
  }
}

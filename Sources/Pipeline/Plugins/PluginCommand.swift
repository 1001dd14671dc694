import Glibc

/// A program that is to be started, with its arguments and the folder it works in. No shell is involved.
struct PluginCommand: Sendable, Equatable {
  let arguments: [String]
  /// Empty for the working directory.
  let folder: String

  /// What the program is called in messages.
  var shown: String { arguments.joined(separator: " ") }

  /// Where the program lies: in the folder, else for a plain name in one of the folders of PATH. Nil for nowhere.
  var path: String? {
    let name = arguments[0]
    let near = resolved(name)
    // The links in it stay: a virtual environment knows itself by them.
    if isProgram(near) { return near.hasPrefix("/") ? near : "\(workingDirectory)/\(near)" }
    guard !name.contains("/") else { return nil }
    let search = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
    return search.split(separator: ":").map { "\($0)/\(name)" }.first(where: isProgram)
  }

  /// The program, when it is not the system's, and its script, the first argument that is a file; further ones may be anything, also what
  /// it writes.
  var files: [String] {
    let program = arguments[0].contains("/") ? [resolved(arguments[0])] : []
    let script = arguments.dropFirst().map(resolved).first { FileSystem.kind(of: $0) == .regular }
    return program + (script.map { [$0] } ?? [])
  }

  private func resolved(_ path: String) -> String {
    path.hasPrefix("/") || folder.isEmpty ? path : FileSystem.joined(folder, path)
  }

  private var workingDirectory: String {
    guard let path = realpath(".", nil) else { return "." }
    defer { free(path) }
    return String(cString: path)
  }

  private func isProgram(_ path: String) -> Bool {
    FileSystem.kind(of: path) == .regular && access(path, X_OK) == 0
  }
}

import Glibc

/// Walks the inputs of a run in a fixed order: paths as given, folders in byte order of the relative path, no dot files, no links.
struct InputListing {
  let exclude: [Glob]
  /// The run's own output, which is never its input.
  let excluded: Set<FileSystem.Identity>

  /// Whether an input exists; otherwise why not.
  static func problem(with path: String) -> IOError? {
    if path == "-" || FileSystem.kind(of: path) != nil { return nil }
    if Glob.hasMagic(path) {
      var found = false
      let listing = InputListing(exclude: [], excluded: [])
      try? listing.walk(path) { _, _ in
        found = true
        return false
      }
      return found ? nil : IOError(path, "no file matches this pattern")
    }
    return IOError.system(path, ENOENT)
  }

  /// Calls `body` with each file, or with a folder that could not be read, until it returns false.
  func walk(_ path: String, _ body: (_ file: String, _ trouble: IOError?) throws -> Bool) throws {
    if path == "-" {
      _ = try body(path, nil)
      return
    }
    switch FileSystem.kind(of: path) {
    case .folder: _ = try walkFolder(path, pattern: nil, body)
    case .regular, .other:
      if let identity = FileSystem.identity(of: path), excluded.contains(identity) { return }
      _ = try body(path, nil)
    case nil:
      guard Glob.hasMagic(path) else {
        _ = try body(path, IOError.system(path, ENOENT))
        return
      }
      let fixed = path.split(separator: "/", omittingEmptySubsequences: false).prefix { !Glob.hasMagic(String($0)) }
      let folder = fixed.joined(separator: "/")
      let isRoot = path.hasPrefix("/") && folder.isEmpty
      _ = try walkFolder(isRoot ? "/" : folder.isEmpty ? "." : folder, pattern: Glob(path), body)
    }
  }

  private func walkFolder(
    _ folder: String, pattern: Glob?, _ body: (String, IOError?) throws -> Bool
  ) throws -> Bool {
    guard let handle = opendir(folder) else { return try body(folder, IOError.system(folder)) }
    var entries: [(key: [UInt8], name: String, isFolder: Bool)] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasPrefix(".") { continue }
      var status = stat()
      guard lstat(join(folder, name), &status) == 0 else { continue }
      switch FileSystem.kind(status.st_mode) {
      // The slash makes a folder sort where its files would in the list of all relative paths.
      case .folder: entries.append((Array(name.utf8) + [UInt8(ascii: "/")], name, true))
      case .regular: entries.append((Array(name.utf8), name, false))
      case .other: continue
      }
    }
    closedir(handle)
    entries.sort { $0.key.lexicographicallyPrecedes($1.key) }
    for entry in entries {
      let path = join(folder, entry.name)
      if entry.isFolder {
        if try !walkFolder(path, pattern: pattern, body) { return false }
        continue
      }
      if let pattern, !pattern.matches(path) { continue }
      if exclude.contains(where: { $0.matches(path) }) { continue }
      if !excluded.isEmpty, let identity = FileSystem.identity(of: path), excluded.contains(identity) { continue }
      if try !body(path, nil) { return false }
    }
    return true
  }

  private func join(_ folder: String, _ name: String) -> String {
    folder == "." ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }
}

import Glibc

/// The inputs of a run in a fixed order: paths as given, folders in byte order of the relative path, no dot files, no links.
struct InputListing: Sendable {
  let exclude: [Glob]
  /// The run's own files, by their canonical names, which are not read where a folder or pattern happens to hold them.
  let own: Set<String>
  private let ownNames: Set<Substring>

  init(exclude: [Glob], own: Set<String>) {
    self.exclude = exclude
    self.own = own
    ownNames = Set(own.compactMap { $0.split(separator: "/").last })
  }

  /// Whether an input exists; otherwise why not.
  static func problem(with path: String) -> IOError? {
    if path == "-" || FileSystem.kind(of: path) != nil { return nil }
    guard Glob.hasMagic(path) else { return IOError.system(path, ENOENT) }
    var walk = InputListing(exclude: [], own: []).walk(path)
    var trouble: IOError?
    while let found = walk.next() {
      if found.trouble == nil { return nil }
      trouble = trouble ?? found.trouble
    }
    return IOError(path, "no file matches this pattern" + (trouble.map { ": \($0)" } ?? ""))
  }

  /// The files of one input, found as they are asked for.
  func walk(_ path: String) -> FileWalk {
    if path == "-" { return FileWalk(single: (path, nil)) }
    switch FileSystem.kind(of: path) {
    case .folder: return FileWalk(self, folder: path, pattern: nil)
    case .regular, .other: return FileWalk(single: isExcluded(path) ? nil : (path, nil))
    case nil:
      guard Glob.hasMagic(path) else { return FileWalk(single: (path, IOError.system(path, ENOENT))) }
      let path = Self.plain(path)
      let fixed = path.split(separator: "/", omittingEmptySubsequences: false).prefix { !Glob.hasMagic(String($0)) }
      let folder = fixed.joined(separator: "/")
      let isRoot = path.hasPrefix("/") && folder.isEmpty
      return FileWalk(self, folder: isRoot ? "/" : folder.isEmpty ? "." : folder, pattern: Glob(path))
    }
  }

  /// A pattern as the paths are that it is compared with: without `./` and empty names.
  private static func plain(_ pattern: String) -> String {
    let names = pattern.split(separator: "/").drop { $0 == "." }
    return (pattern.hasPrefix("/") ? "/" : "") + names.joined(separator: "/")
  }

  private func isExcluded(_ path: String) -> Bool {
    exclude.contains { $0.matches(path) }
  }

  fileprivate func takes(_ path: String) -> Bool {
    if isExcluded(path) { return false }
    guard let name = path.split(separator: "/").last, ownNames.contains(name), let canonical = FileSystem.canonical(path) else {
      return true
    }
    return !own.contains(canonical)
  }
}

/// An input of a run.
struct ListedInput {
  /// From 0.
  let number: Int
  let path: String
  /// Why it could not be listed; nil where it could.
  let trouble: IOError?
}

/// The inputs of a run, one after the other.
protocol InputSequence: Sendable {
  /// - Throws: `IOError`.
  mutating func nextInput() throws -> ListedInput?
}

/// The inputs of a run as they lie on the disk.
struct FoundInputs: InputSequence {
  private let listing: InputListing
  private var paths: ArraySlice<String>
  private var walk: FileWalk?
  private var next = 0

  init(_ listing: InputListing, _ paths: [String]) {
    self.listing = listing
    self.paths = paths[...]
  }

  mutating func nextInput() -> ListedInput? {
    while true {
      if let (file, trouble) = walk?.next() {
        next += 1
        return ListedInput(number: next - 1, path: file, trouble: trouble)
      }
      guard let path = paths.popFirst() else { return nil }
      walk = listing.walk(path)
    }
  }
}

/// Walks a folder in byte order of the relative path. Holds the names of one folder a level, never a whole tree.
struct FileWalk: IteratorProtocol, Sendable {
  /// A file, or a folder that cannot be read and why.
  typealias Found = (file: String, trouble: IOError?)

  private struct Level: Sendable {
    let folder: String
    /// In reverse: the next one is the last.
    var entries: [Entry]
  }

  private struct Entry: Sendable {
    let key: [UInt8]
    let name: String
    let isFolder: Bool
    var trouble: IOError?
  }

  private let listing: InputListing?
  private let pattern: Glob?
  private var levels: [Level] = []
  private var pending: Found?

  fileprivate init(single: Found?) {
    listing = nil
    pattern = nil
    pending = single
  }

  fileprivate init(_ listing: InputListing, folder: String, pattern: Glob?) {
    self.listing = listing
    self.pattern = pattern
    enter(folder)
  }

  mutating func next() -> Found? {
    while true {
      if let found = pending {
        pending = nil
        return found
      }
      guard let folder = levels.last?.folder else { return nil }
      guard let entry = levels[levels.count - 1].entries.popLast() else {
        levels.removeLast()
        continue
      }
      let path = join(folder, entry.name)
      if let trouble = entry.trouble {
        if listing?.takes(path) ?? true { return (path, trouble) }
      } else if entry.isFolder {
        if pattern?.canMatch(below: path) ?? true { enter(path) }
      } else if pattern?.matches(path) ?? true, listing?.takes(path) ?? true {
        return (path, nil)
      }
    }
  }

  private mutating func enter(_ folder: String) {
    guard let handle = opendir(folder) else {
      pending = (folder, IOError.system(folder))
      return
    }
    defer { closedir(handle) }
    var entries: [Entry] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasPrefix(".") { continue }
      var status = stat()
      guard lstat(join(folder, name), &status) == 0 else {
        let reason = name.unicodeScalars.contains("\u{FFFD}") ? "the name is not UTF-8; rename the file" : String(cString: strerror(errno))
        entries.append(Entry(key: Array(name.utf8), name: name, isFolder: false, trouble: IOError(join(folder, name), reason)))
        continue
      }
      switch FileSystem.kind(status.st_mode) {
      // The slash makes a folder sort where its files would in the list of all relative paths.
      case .folder: entries.append(Entry(key: Array(name.utf8) + [UInt8(ascii: "/")], name: name, isFolder: true))
      case .regular: entries.append(Entry(key: Array(name.utf8), name: name, isFolder: false))
      case .other: continue
      }
    }
    entries.sort { $1.key.lexicographicallyPrecedes($0.key) }
    levels.append(Level(folder: folder, entries: entries))
  }

  private func join(_ folder: String, _ name: String) -> String {
    // A file named `-` is not standard input.
    folder == "." ? name == "-" ? "./-" : name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }
}

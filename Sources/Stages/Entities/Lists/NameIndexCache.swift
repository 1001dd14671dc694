import CXXHash
import Glibc
import Pipeline

/// Indexes of large lists, kept in files: the first process that needs one makes it, all others map it and share its memory.
///
/// They lie in `$XDG_CACHE_HOME/pipe/names`, or `~/.cache/pipe/names`, named by a hash of the lists' content. A file counts only when it belongs to
/// this user and is whole, by a checksum at its end. Where nothing can be written each process makes its own.
struct NameIndexCache {
  /// Where the files lie; nil where nothing can be kept.
  let folder: String?

  /// The cache of the user.
  static var ofUser: NameIndexCache {
    if let base = getenv("XDG_CACHE_HOME"), base[0] == 0x2F { return NameIndexCache(folder: String(cString: base) + "/pipe/names") }
    if let home = getenv("HOME"), home[0] == 0x2F { return NameIndexCache(folder: String(cString: home) + "/.cache/pipe/names") }
    return NameIndexCache(folder: nil)
  }

  /// Kept files that nobody has asked for as long as this go when another is written, in seconds.
  private static let lifetime = 30 * 86_400

  /// 128 bits, in hexadecimal digits, of everything that the index depends on.
  static func key(of files: [(path: String, bytes: [UInt8])], casing: EntityTagger.Case) -> String {
    var all = Array("\(NameIndex.magic) \(casing.rawValue)".utf8)
    for (path, bytes) in files { all += (NameLists.isJSON(path) ? "j" : "t").utf8 + ContentHash(bytes).bytes }
    return ContentHash(all).hex
  }

  /// The kept index with a key; nil where there is none, or where it is damaged.
  func index(_ key: String) -> NameIndex? {
    guard let folder else { return nil }
    let path = "\(folder)/\(key)"
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(), status.st_mode & 0o022 == 0,
      let file = try? MappedFile(descriptor: descriptor, path), file.bytes.count > 8
    else { return nil }
    let content = UnsafeRawBufferPointer(rebasing: file.bytes[..<(file.bytes.count - 8)])
    guard Self.checksum(content) == file.bytes.loadUnaligned(fromByteOffset: content.count, as: UInt64.self) else { return nil }
    futimens(descriptor, nil)
    return NameIndex(content, memory: file)
  }

  /// Keeps an index and gives it as it was kept; nil where that is not possible.
  func keep(_ bytes: [UInt8], _ key: String) -> NameIndex? {
    guard let folder, (try? FileSystem.makeFolder(for: "\(folder)/\(key)", mode: 0o700)) != nil else { return nil }
    Self.removeOld(folder)
    var name = Array("\(folder)/.new-XXXXXX".utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { return nil }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    let sum = bytes.withUnsafeBytes { Self.checksum($0) }
    let isWritten =
      bytes.withUnsafeBytes { Self.write($0, descriptor) } && withUnsafeBytes(of: sum) { Self.write($0, descriptor) }
      && rename(name, "\(folder)/\(key)") == 0
    close(descriptor)
    if !isWritten {
      unlink(name)
      return nil
    }
    return index(key)
  }

  private static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 { XXH3_64bits(bytes.baseAddress, bytes.count) }

  private static func write(_ bytes: UnsafeRawBufferPointer, _ descriptor: Int32) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }

  private static func removeOld(_ folder: String) {
    guard let directory = opendir(folder) else { return }
    defer { closedir(directory) }
    let now = time(nil)
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name == "." || name == ".." { continue }
      var status = stat()
      let path = "\(folder)/\(name)"
      if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, now - status.st_mtim.tv_sec > lifetime { unlink(path) }
    }
  }
}

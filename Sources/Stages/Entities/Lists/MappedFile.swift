import Glibc
import Pipeline

/// A file in memory as it lies on the disk: pages are read when they are touched, and shared between processes.
final class MappedFile: @unchecked Sendable {
  // Nothing is written.
  let bytes: UnsafeRawBufferPointer

  /// - Throws: `IOError`.
  convenience init(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw IOError.system(path) }
    defer { close(descriptor) }
    try self.init(descriptor: descriptor, path)
  }

  /// - Throws: `IOError`.
  init(descriptor: Int32, _ path: String) throws {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw IOError.system(path) }
    let size = Int(status.st_size)
    // Nothing can be mapped of an empty file.
    guard size > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else { throw IOError.system(path) }
    bytes = UnsafeRawBufferPointer(start: address, count: size)
  }

  deinit {
    if let address = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: address), bytes.count) }
  }
}

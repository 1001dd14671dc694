import CWorkerGuard
import Glibc

/// Memory that a worker process shares with its parent: what it is doing, and what its signal handlers leave behind when it ends.
///
/// Belongs to one thread of the parent and one worker process at a time.
package final class StatusPage {
  private static let page = 4096
  /// Where the document's name lies: its length, then its bytes.
  private static let idOffset = (MemoryLayout<worker_status>.size + page - 1) / page * page
  private static let idCapacity = 12 * page - 8
  private static let size = idOffset + idCapacity + 8

  package let descriptor: Int32
  private let memory: UnsafeMutableRawPointer
  package let status: UnsafeMutablePointer<worker_status>

  /// Makes a page, in the parent.
  package init() {
    descriptor = worker_shared_memory(Self.size)
    precondition(descriptor >= 0, "no memory to be had for a worker")
    memory = Self.map(descriptor)
    status = memory.bindMemory(to: worker_status.self, capacity: 1)
  }

  /// Maps the page of the parent, in the worker.
  package init(inherited descriptor: Int32) {
    self.descriptor = descriptor
    memory = Self.map(descriptor)
    status = memory.bindMemory(to: worker_status.self, capacity: 1)
  }

  deinit {
    munmap(memory, Self.size)
    close(descriptor)
  }

  private static func map(_ descriptor: Int32) -> UnsafeMutableRawPointer {
    guard let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), memory != MAP_FAILED else {
      preconditionFailure("no memory to be had for a worker")
    }
    return memory
  }

  /// Forgets an earlier worker.
  func clear() {
    memset(memory, 0, Self.size)
    status.pointee.stage = -1
  }

  /// The name of the document at work, as soon as it is known. Names that are too long for the page are not.
  var id: String? {
    get {
      let count = min(memory.load(fromByteOffset: Self.idOffset, as: Int.self), Self.idCapacity)
      guard count > 0 else { return nil }
      return String(decoding: UnsafeRawBufferPointer(start: memory + Self.idOffset + 8, count: count), as: UTF8.self)
    }
    set {
      memory.storeBytes(of: 0, toByteOffset: Self.idOffset, as: Int.self)
      guard var id = newValue else { return }
      id.withUTF8 { id in
        guard let start = id.baseAddress, id.count <= Self.idCapacity else { return }
        memcpy(memory + Self.idOffset + 8, start, id.count)
        memory.storeBytes(of: id.count, toByteOffset: Self.idOffset, as: Int.self)
      }
    }
  }
}

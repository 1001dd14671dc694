import Glibc

/// The part of a web archive, decompressed, that is being looked at. Ends at what cannot be read, and goes on behind it when it is told to.
final class ArchiveWindow {
  /// Why there are no more bytes.
  enum End {
    case file
    /// The compressed file ends too early.
    case cut(String)
    /// A part is broken that begins at an offset; `pass` goes on behind it.
    case broken(String, from: Int)
    /// Nothing can be read from here on.
    case failed(IOError)
  }

  /// Nil while more may come.
  private(set) var end: End?
  /// The offset of the front in all that was decompressed.
  private(set) var offset = 0

  private let source: any ByteSource
  private var storage = UnsafeMutableRawBufferPointer.allocate(byteCount: 4 * chunk, alignment: 16)
  private var front = 0
  private var filled = 0
  private static let chunk = 1 << 18

  init(_ source: any ByteSource) {
    self.source = source
  }

  deinit {
    storage.deallocate()
  }

  /// Whether what is there is all there is, and may be taken for what it is.
  var endsInOrder: Bool {
    switch end {
    case .file, .cut: true
    case .broken, .failed, nil: false
    }
  }

  var count: Int { filled - front }

  /// What is there. Not to be used after `ensure` or `pass`.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage[front..<filled]) }

  subscript(index: Int) -> UInt8 { storage[front + index] }

  /// Reads until `wanted` bytes are there; false when it ends before. O(bytes read), however often it is called.
  @discardableResult
  func ensure(_ wanted: Int) -> Bool {
    while count < wanted {
      guard end == nil else { return false }
      makeRoom(wanted)
      do {
        let read = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: storage[filled...]))
        filled += read
        if read == 0 { end = reason() }
      } catch {
        end = .failed(error as? IOError ?? IOError(source.name, "\(error)"))
      }
    }
    return true
  }

  func drop(_ count: Int) {
    front += count
    offset += count
  }

  /// Forgets what is left before the end, and goes on behind a broken part.
  func pass() {
    drop(count)
    guard case .broken = end, let members = source as? GzipMembers else { return }
    do {
      try members.resume()
      end = nil
    } catch {
      end = .failed(error as? IOError ?? IOError(source.name, "\(error)"))
    }
  }

  private func reason() -> End {
    guard let damage = (source as? GzipMembers)?.damage else { return .file }
    return damage.isCut ? .cut(damage.reason) : .broken(damage.reason, from: damage.outputOffset)
  }

  /// Makes room for a chunk, or for the bytes that are still wanted. Bytes are moved only into a place that as many were dropped from.
  private func makeRoom(_ wanted: Int) {
    if storage.count - filled >= Self.chunk { return }
    let isMuchTooLarge = storage.count > 16 * Self.chunk && wanted < Self.chunk
    if front >= count, storage.count - count >= Self.chunk, !isMuchTooLarge {
      memmove(storage.baseAddress!, storage.baseAddress! + front, count)
    } else {
      // Grown by what has come, not by what is promised: a header can promise anything.
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: max(2 * count, 4 * Self.chunk), alignment: 16)
      larger.copyMemory(from: bytes)
      storage.deallocate()
      storage = larger
    }
    filled -= front
    front = 0
  }
}

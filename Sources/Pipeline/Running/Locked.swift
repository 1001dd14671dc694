import Glibc

/// A value that one thread at a time may touch.
///
/// On a pthread mutex: ThreadSanitizer cannot see the standard library's `Mutex`, which is a futex on Linux, and takes what it guards for
/// races. Uncontended, both cost the same two atomic operations.
///
/// `@unchecked`: the value is only touched with the mutex held, and the pointers never change.
package final class Locked<Value>: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private var value: Value

  package init(_ value: sending Value) {
    self.value = value
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Not to be called again from within `body`.
  package func withLock<Result, Failure: Error>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}

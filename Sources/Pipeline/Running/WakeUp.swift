import CWorkerGuard
import Glibc

/// Wakes a thread that waits in `poll`. May be used from any thread.
final class WakeUp: Sendable {
  /// Readable from `set` to `clear`.
  let descriptor: Int32

  init() {
    descriptor = worker_event()
    precondition(descriptor >= 0, "no descriptor to be had: \(String(cString: strerror(errno)))")
  }

  deinit { close(descriptor) }

  func set() {
    var value: UInt64 = 1
    _ = write(descriptor, &value, 8)
  }

  func clear() {
    var value: UInt64 = 0
    _ = read(descriptor, &value, 8)
  }

  /// Waits until it is set.
  func wait() {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while poll(&waiting, 1, -1) < 0, errno == EINTR {}
    clear()
  }
}

/// Values from other threads for one thread that may be waiting for them in `poll`.
final class Mailbox<Value: Sendable>: Sendable {
  let wakeUp = WakeUp()
  private let values = Locked<[Value]>([])

  func put(_ value: Value) {
    values.withLock { values in
      // Whoever has been woken takes all that is there. With the lock held: the signal is set whenever there are values, and only then.
      if values.isEmpty { wakeUp.set() }
      values.append(value)
    }
  }

  /// What is there, in the order it came.
  func take() -> [Value] {
    values.withLock { values in
      if values.isEmpty { return [] }
      wakeUp.clear()
      defer { values = [] }
      return values
    }
  }

  /// Waits until something is there.
  func wait() -> [Value] {
    while true {
      let values = take()
      if !values.isEmpty { return values }
      wakeUp.wait()
    }
  }
}

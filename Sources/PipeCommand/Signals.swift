import Glibc
import Pipeline

/// SIGINT and SIGTERM as calls instead of interruptions.
///
/// A handler, not a mask: threads of the concurrency runtime exist before any code of ours runs, and a signal may go to any of them.
enum Signals {
  /// The writing end of a pipe that the handler reports to. Set before the handler is installed, and never again.
  nonisolated(unsafe) private static var reportEnd: Int32 = -1

  /// A reader that goes away is an error of the write, not the end of the process.
  static func ignoreBrokenPipes() {
    signal(SIGPIPE, SIG_IGN)
  }

  /// Calls `stop` with the first signal, on a thread of its own; the second ends the process at once. To be called once.
  static func handle(_ stop: @escaping @Sendable (Int32) -> Void) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    reportEnd = ends[1]
    let box = Unmanaged.passRetained(Watcher(readEnd: ends[0], stop: stop))
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { context in
        Unmanaged<Watcher>.fromOpaque(context!).takeRetainedValue().watch()
        return nil
      }, box.toOpaque())
    pthread_detach(thread)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { number in
      // Only calls that are safe in a handler.
      let saved = errno
      var byte = UInt8(truncatingIfNeeded: number)
      _ = write(Signals.reportEnd, &byte, 1)
      errno = saved
    }
    action.sa_flags = SA_RESTART
    for number in [SIGINT, SIGTERM] { sigaction(number, &action, nil) }
  }

  private final class Watcher: Sendable {
    private let readEnd: Int32
    private let stop: @Sendable (Int32) -> Void

    init(readEnd: Int32, stop: @escaping @Sendable (Int32) -> Void) {
      self.readEnd = readEnd
      self.stop = stop
    }

    func watch() {
      stop(next())
      let status = 128 + next()
      Plugins.killAll()
      _exit(status)
    }

    private func next() -> Int32 {
      var byte: UInt8 = 0
      while read(readEnd, &byte, 1) != 1 {}
      return Int32(byte)
    }
  }
}

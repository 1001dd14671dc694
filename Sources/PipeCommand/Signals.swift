import Glibc

/// SIGINT and SIGTERM as calls instead of interruptions.
enum Signals {
  /// Blocks the signals in this thread and all that it starts later; call before any other thread is started.
  static func prepare() {
    var set = watched
    pthread_sigmask(SIG_BLOCK, &set, nil)
    // A reader that goes away is an error of the write, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
  }

  /// Calls `stop` with the first signal; the second ends the process at once.
  static func handle(_ stop: @escaping @Sendable (Int32) -> Void) {
    let box = Unmanaged.passRetained(Handler(stop))
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { context in
        let handler = Unmanaged<Handler>.fromOpaque(context!).takeRetainedValue()
        var set = Signals.watched
        var number: Int32 = 0
        sigwait(&set, &number)
        handler.stop(number)
        sigwait(&set, &number)
        _exit(128 + number)
      }, box.toOpaque())
    pthread_detach(thread)
  }

  private static var watched: sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGINT)
    sigaddset(&set, SIGTERM)
    return set
  }

  private final class Handler: Sendable {
    let stop: @Sendable (Int32) -> Void

    init(_ stop: @escaping @Sendable (Int32) -> Void) {
      self.stop = stop
    }
  }
}

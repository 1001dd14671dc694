import Glibc

/// The times that work is measured by.
package enum Clock {
  /// Since some moment of the past, also while nothing is done.
  static func nanoseconds() -> Int { read(CLOCK_MONOTONIC) }

  static func milliseconds() -> Int { nanoseconds() / 1_000_000 }

  /// The processor time that this thread has had, in nanoseconds.
  package static func processorTime() -> Int { read(CLOCK_THREAD_CPUTIME_ID) }

  private static func read(_ clock: clockid_t) -> Int {
    var time = timespec()
    clock_gettime(clock, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}

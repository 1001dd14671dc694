import Glibc

/// Runs tasks on threads of its own, so that work that blocks or takes long never holds a thread of the cooperative pool.
///
/// `@unchecked`: the queue is only touched with the mutex held, and the pointers never change.
final class ThreadExecutor: TaskExecutor, @unchecked Sendable {
  /// Parsers keep large frames; the memory is only taken when it is used.
  private static let stackSize = 16 << 20

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var jobs: [UnownedJob] = []
  private var isShutDown = false
  private var threads: [pthread_t] = []

  /// - Precondition: `threads` is at least 1.
  init(threads count: Int) {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, Self.stackSize)
    defer { pthread_attr_destroy(&attributes) }
    for _ in 0..<count {
      var thread = pthread_t()
      let context = Unmanaged.passRetained(self).toOpaque()
      let code = pthread_create(
        &thread, &attributes,
        { context in
          Unmanaged<ThreadExecutor>.fromOpaque(context!).takeRetainedValue().runJobs()
          return nil
        }, context)
      precondition(code == 0, "no thread to be had: \(String(cString: strerror(code)))")
      threads.append(thread)
    }
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    pthread_mutex_lock(mutex)
    jobs.append(job)
    pthread_cond_signal(condition)
    pthread_mutex_unlock(mutex)
  }

  /// Lets the threads end. No task may be running on them any more. Does not wait.
  func shutDown() {
    pthread_mutex_lock(mutex)
    isShutDown = true
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
    for thread in threads { pthread_detach(thread) }
  }

  private func runJobs() {
    while true {
      pthread_mutex_lock(mutex)
      while jobs.isEmpty, !isShutDown { pthread_cond_wait(condition, mutex) }
      guard !jobs.isEmpty else {
        pthread_mutex_unlock(mutex)
        return
      }
      let job = jobs.removeFirst()
      pthread_mutex_unlock(mutex)
      job.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}

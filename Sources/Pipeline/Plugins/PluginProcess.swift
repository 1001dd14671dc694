import CWorkerGuard
import Glibc

/// A plugin's program at work: lines go in and come out.
///
/// `@unchecked`: serves one thread at a time; it is handed from the thread that loads a configuration to the one that serves it.
final class PluginProcess: @unchecked Sendable {
  /// What comes from a program.
  enum Event: Equatable {
    /// Without the newline.
    case line([UInt8])
    /// The thread was woken by somebody else.
    case woken
    /// Nothing came within the time.
    case silence
    /// A line was longer than `longestLine`.
    case flood
    /// The program closed its output, or is gone: how, in words.
    case ended(String)
  }

  /// Longer lines are none, in bytes. They are noticed before they are held.
  var longestLine = 1 << 20
  /// A message for people is cut after so many bytes.
  private static let longestMessage = 2_000
  /// More messages than this come from a program that has gone wild.
  private static let mostMessages = 10_000
  private static let readSize = 1 << 16

  private let process: pid_t
  private let watch: Int32
  private let input: Int32
  private let output: Int32
  private let errors: Int32
  private let say: @Sendable (String) -> Void
  private var outgoing: [UInt8] = []
  private var sent = 0
  private var buffer = [UInt8](repeating: 0, count: readSize)
  private var incoming: [UInt8] = []
  private var start = 0
  /// Up to where there is no newline.
  private var searched = 0
  private var message: [UInt8] = []
  private var messages = 0
  private var isOutputOpen = true
  private var areErrorsOpen = true
  private var isOver = false

  /// Starts the program.
  /// - Parameter say: gets what the program writes for people, line by line.
  /// - Throws: `IOError`.
  init(_ command: PluginCommand, say: @escaping @Sendable (String) -> Void) throws {
    guard let path = command.path else { throw IOError(command.arguments[0], "there is no such program") }
    self.say = say
    var ends: [(read: Int32, write: Int32)] = []
    for _ in 0..<3 {
      var pair: [Int32] = [-1, -1]
      guard worker_pipe(&pair) == 0 else {
        let error = IOError.system(path)
        for end in ends.flatMap({ [$0.read, $0.write] }) { close(end) }
        throw error
      }
      ends.append((pair[0], pair[1]))
    }
    (input, output, errors) = (ends[0].write, ends[1].read, ends[2].read)
    for end in [input, output, errors] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    do {
      process = try PluginSpawner.shared.spawn(command, path, [ends[0].read, ends[1].write, ends[2].write])
    } catch {
      for end in ends.flatMap({ [$0.read, $0.write] }) { close(end) }
      throw error
    }
    Self.running.withLock { [process] in _ = $0.insert(process) }
    watch = plugin_watch(process)
    for end in [ends[0].read, ends[1].write, ends[2].write] { close(end) }
  }

  deinit { kill() }

  /// Puts lines, each with its newline, behind what is still to be sent.
  func send(_ lines: [UInt8]) {
    if outgoing.isEmpty { outgoing = lines } else { outgoing += lines }
  }

  /// Whether a line is there already.
  var hasLine: Bool { newline != nil }

  /// Sends what waits to be sent, and waits for a line or the end.
  /// - Parameters:
  ///   - deadline: when to give up, on `Clock`; nil for never.
  ///   - wakeUp: what else ends the waiting.
  func next(deadline: Int?, wakeUp: WakeUp? = nil) -> Event {
    while true {
      if let event = bufferedEvent() { return event }
      if isOver { return .ended("has ended") }
      // A program that ends closes its output first.
      guard isOutputOpen else { return .ended(hasEnded(within: Self.endTime) ? reap() : "closed its output") }
      // Also when something else goes on all the time, such as messages.
      if let deadline, Clock.milliseconds() >= deadline { return .silence }
      var waiting = [
        pollfd(fd: output, events: Int16(POLLIN), revents: 0), pollfd(fd: areErrorsOpen ? errors : -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: sent < outgoing.count ? input : -1, events: Int16(POLLOUT), revents: 0),
        pollfd(fd: watch, events: Int16(POLLIN), revents: 0), pollfd(fd: wakeUp?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
      ]
      let time = deadline.map { Int32(clamping: max(0, $0 - Clock.milliseconds())) } ?? -1
      let count = poll(&waiting, nfds_t(waiting.count), time)
      if count <= 0 { continue }
      if waiting[1].revents != 0 { readMessages() }
      if waiting[2].revents != 0 { flush() }
      if waiting[0].revents != 0 { readOutput() }
      if waiting[3].revents != 0, waiting[0].revents == 0 {
        // All that it has written was read before.
        if let event = bufferedEvent() { return event }
        return .ended(reap())
      }
      if waiting[4].revents != 0 {
        wakeUp?.clear()
        return .woken
      }
    }
  }

  private static let endTime: Int32 = 200

  /// Closes the program's input and waits for its end; one that does not come to it is killed.
  /// - Returns: whether the program ended by itself, with status 0.
  func end(within time: Int) -> Bool {
    guard !isOver else { return false }
    close(input)
    isInputClosed = true
    let deadline = Clock.milliseconds() + time
    outgoing = []
    sent = 0
    while !hasEnded(within: 0) {
      guard Clock.milliseconds() < deadline else {
        kill()
        return false
      }
      // What it still writes must not keep it from ending.
      var waiting = [
        pollfd(fd: isOutputOpen ? output : -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: areErrorsOpen ? errors : -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: watch, events: Int16(POLLIN), revents: 0),
      ]
      _ = poll(&waiting, nfds_t(waiting.count), 20)
      if waiting[1].revents != 0 { readMessages() }
      if waiting[0].revents != 0 { readOutput() }
      (incoming, start, searched) = ([], 0, 0)
    }
    return reap() == Self.wellEnded
  }

  /// Ends the program and all that it has started.
  func kill() {
    guard !isOver else { return }
    Glibc.kill(-process, SIGKILL)
    Glibc.kill(process, SIGKILL)
    _ = reap()
  }

  private static let running = Locked<Set<pid_t>>([])

  /// Ends all programs of this process with what they have started, for a process that is about to end itself.
  static func killAll() {
    for process in running.withLock({ $0 }) { Glibc.kill(-process, SIGKILL) }
  }

  private var isInputClosed = false
  private static let wellEnded = "exited with status 0"

  private func hasEnded(within time: Int32) -> Bool {
    var waiting = pollfd(fd: watch, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, time) > 0
  }

  private func reap() -> String {
    isOver = true
    isOutputOpen = false
    Self.running.withLock { _ = $0.remove(process) }
    // What it has started goes with it; until it is waited for, its number is nobody else's.
    Glibc.kill(-process, SIGKILL)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    readMessages()
    if !message.isEmpty { endMessage() }
    if !isInputClosed { close(input) }
    for descriptor in [output, errors, watch] { close(descriptor) }
    let signal = status & 0x7F
    guard signal != 0 else { return "exited with status \(status >> 8 & 0xFF)" }
    return "was ended by " + (worker_signal_name(signal).map { "SIG" + String(cString: $0) } ?? "signal \(signal)")
  }

  // MARK: Bytes

  /// Where the next line that is there ends.
  private var newline: Int? {
    let from = max(start, searched)
    return incoming.withUnsafeBytes { bytes in
      guard from < bytes.count else { return nil }
      return memchr(bytes.baseAddress! + from, 0x0A, bytes.count - from).map { UnsafeRawPointer($0) - bytes.baseAddress! }
    }
  }

  /// The next line that is there, if it is not too long.
  private func bufferedEvent() -> Event? {
    if incoming.isEmpty { return nil }
    let newline = newline
    guard (newline ?? incoming.count) - start <= longestLine else { return .flood }
    guard let end = newline else {
      incoming.removeSubrange(..<start)
      (start, searched) = (0, incoming.count)
      return nil
    }
    let line = Array(incoming[start..<end])
    (start, searched) = (end + 1, end + 1)
    return .line(line)
  }

  private func readOutput() {
    let count = read(output, &buffer, buffer.count)
    if count > 0 { incoming += buffer[..<count] }
    if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { isOutputOpen = false }
  }

  private func flush() {
    while sent < outgoing.count {
      let count = outgoing.withUnsafeBytes { write(input, $0.baseAddress! + sent, $0.count - sent) }
      if count > 0 {
        sent += count
      } else if errno == EAGAIN {
        return
      } else if errno != EINTR {
        // It does not read any more; that it ends, or answers nothing, is noticed elsewhere.
        break
      }
    }
    sent = 0
    outgoing = []
  }

  private func readMessages() {
    let count = read(errors, &buffer, buffer.count)
    if count == 0 { areErrorsOpen = false }
    guard count > 0 else { return }
    for byte in buffer.prefix(count) {
      if byte == 0x0A { endMessage() } else if message.count < Self.longestMessage { message.append(byte) }
    }
  }

  private func endMessage() {
    messages += 1
    if messages <= Self.mostMessages { say(String(decoding: message, as: UTF8.self)) }
    if messages == Self.mostMessages + 1 { say("(more than \(Self.mostMessages) messages; the rest is left out)") }
    message.removeAll(keepingCapacity: true)
  }
}

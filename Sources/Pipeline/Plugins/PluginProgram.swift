/// A program that serves as a stage: how it is started and greeted, and how it is spoken with.
struct PluginProgram: Sendable {
  let command: PluginCommand
  /// How long the next answer may take, in milliseconds.
  let timeout: Int
  /// How long it may take to greet and to be ready, in milliseconds.
  let startTimeout: Int

  /// Why a program did not come to work.
  struct StartProblem: Error, CustomStringConvertible {
    let description: String
    /// The plugin's own objection to an option; nil for any other trouble.
    var option: OptionProblem?

    init(_ description: String, option: OptionProblem? = nil) {
      self.description = description
      self.option = option
    }
  }

  /// Starts the program and reads its greeting.
  /// - Throws: `StartProblem`.
  func greeted(
    waiter: Waiter? = nil, say: @escaping @Sendable (String) -> Void
  ) throws(StartProblem) -> (process: PluginProcess, greeting: [UInt8]) {
    let last = Locked("")
    let process: PluginProcess
    do {
      process = try PluginProcess(command) { message in
        last.withLock { $0 = message }
        say(message)
      }
    } catch {
      throw StartProblem("cannot be started: \(error)")
    }
    process.longestLine = PluginAnnouncement.longest
    switch next(process, waiter) {
    case .line(let line): return (process, line)
    case .silence: throw StartProblem("has not greeted within \(Milliseconds.format(startTimeout))")
    case .flood: throw StartProblem("greets with a line without an end")
    case .ended(let how):
      let message = last.withLock { $0 }
      throw StartProblem("\(how) before it greeted" + (message.isEmpty ? "" : ": \(message)"))
    case .woken: throw StartProblem("was not waited for")
    }
  }

  /// Who waits for a program, and may be told that it is not worth it any more.
  struct Waiter {
    let wakeUp: WakeUp
    let isOver: () -> Bool
  }

  /// - Returns: `.woken` only when the waiter is over.
  private func next(_ process: PluginProcess, _ waiter: Waiter?) -> PluginProcess.Event {
    let deadline = Clock.milliseconds() + startTimeout
    while true {
      let event = process.next(deadline: deadline, wakeUp: waiter?.wakeUp)
      if event == .woken, waiter?.isOver() != true { continue }
      return event
    }
  }

  /// Tells a program that has greeted its options, and waits until it is ready.
  /// - Parameter options: a JSON object.
  /// - Throws: `StartProblem`.
  func begin(_ process: PluginProcess, options: [UInt8], waiter: Waiter? = nil) throws(StartProblem) {
    var start = JSONOutput()
    start.beginObject()
    start.key("start")
    start.int(PluginAnnouncement.version)
    start.key("options")
    start.raw(options)
    start.endObject()
    process.send(start.bytes + [0x0A])
    switch next(process, waiter) {
    case .line(let line): try checkReady(line)
    case .silence: throw StartProblem("was not ready within \(Milliseconds.format(startTimeout))")
    case .flood: throw StartProblem("answers its start with a line without an end")
    case .ended(let how): throw StartProblem("\(how) when it was told its options")
    case .woken: throw StartProblem("was not waited for")
    }
  }

  private func checkReady(_ line: [UInt8]) throws(StartProblem) {
    let reader = JSONReader()
    var problems: [ConfigurationProblem] = []
    do { try reader.parse(line) } catch { throw StartProblem("answers its start with what is not JSON: \(error.message)") }
    let root = ConfigurationNode(reader, pointer: "", problems: &problems)
    if let error = root["error"]?.text {
      var path: [String] = []
      if let node = root["path"], case .array(let elements) = node.value { path = elements.compactMap { $0.text ?? $0.number } }
      throw StartProblem("cannot start: \(error)", option: root["option"]?.text.map { OptionProblem($0, at: path, error) })
    }
    guard case .boolean(true)? = root["ready"]?.value else {
      throw StartProblem("answers its start with neither {\"ready\": true} nor an \"error\"")
    }
  }
}

import CCrashes
import CWorkerGuard
import Glibc
import Pipeline

// A worker that crashes as it is told: its status has the descriptor 3, the first argument names the crash, the second the limit of
// processor time in milliseconds. With a third one it works on a thread of its own.

@inline(never)
func indexOutOfRange(_ array: [Int], _ index: Int) -> Int { array[index] }

@inline(never)
func integerOverflow(_ number: Int) -> Int { number + Int.max }

@inline(never)
func unwrapNothing(_ text: String) -> Int { Int(text)! }

@inline(never)
func giveUp() { fatalError("given up") }

@inline(never)
func descend(_ array: [Int]) -> Int {
  // Never true, but the compiler cannot know.
  if array.count == CommandLine.arguments.count << 40 { return 0 }
  var copy = Array(array.suffix(10))
  copy.append(array.count)
  return descend(copy) + copy[copy.count / 2]
}

struct Parser<Element> {
  let element: Element

  @inline(never)
  func parse(_ count: Int) -> Int { [1, 2, 3].map { [self] in fault($0 + count) }.reduce(0, +) }

  @inline(never)
  private func fault(_ number: Int) -> Int {
    crash_null_dereference()
    return number
  }
}

@inline(never)
func takeMemory() -> Int {
  var blocks: [[UInt8]] = []
  while true { blocks.append([UInt8](repeating: 1, count: 1 << 20)) }
}

let page = StatusPage(inherited: 3)
nonisolated(unsafe) let status = page.status
let name = CommandLine.arguments[1]
let limit = Int64(CommandLine.arguments[2])! * 1_000_000

func crash() {
  switch name {
  case "null": crash_null_dereference()
  case "call": crash_null_call()
  case "wild": crash_wild_call()
  case "abort": crash_abort()
  case "division": crash_division()
  case "bus": crash_raise_bus()
  case "recursion": _ = crash_recursion(0)
  case "mutual": _ = crash_recursion_even(0)
  case "loop": crash_loop()
  case "calls": crash_loop_of_calls()
  case "page": crash_in_page()
  case "exception": crash_exception()
  case "smashed": crash_smashed_stack()
  case "free": crash_double_free()
  case "status": crash_status(status, UInt(MemoryLayout<worker_status>.size))
  case "index": _ = indexOutOfRange([1, 2], CommandLine.arguments.count + 7)
  case "overflow": _ = integerOverflow(CommandLine.arguments.count)
  case "unwrap": _ = unwrapNothing("x")
  case "fatal": giveUp()
  case "descend": _ = descend([])
  case "generic": _ = Parser(element: "x").parse(CommandLine.arguments.count)
  case "memory":
    guard worker_guard_limit_data(UInt64(worker_guard_data_bytes()) + 100 << 20) == 0 else { exit(3) }
    _ = takeMemory()
  case "between": break
  default: exit(2)
  }
}

func nanoseconds(_ count: Int, _ work: () -> Void) -> Double {
  var begin = timespec()
  var end = timespec()
  clock_gettime(CLOCK_MONOTONIC, &begin)
  for _ in 0..<count { work() }
  clock_gettime(CLOCK_MONOTONIC, &end)
  return (Double(end.tv_sec - begin.tv_sec) * 1e9 + Double(end.tv_nsec - begin.tv_nsec)) / Double(count)
}

/// A deep stack, as a parser has it.
@inline(never)
func work(depth: Int) -> Int {
  guard depth > 0 else {
    crash()
    return 0
  }
  return work(depth: depth - 1) + 1
}

func run() {
  guard worker_guard_install(status) == 0, worker_guard_no_core() == 0 else { exit(3) }
  switch name {
  case "cost":
    let pair = nanoseconds(2_000_000) {
      worker_guard_begin(status, 1, limit)
      worker_guard_end(status)
    }
    let stage = nanoseconds(10_000_000) { worker_guard_stage(status, 3) }
    var other = limit
    let rearmed = nanoseconds(200_000) {
      other ^= 1 << 20
      worker_guard_begin(status, 1, other)
      worker_guard_end(status)
    }
    let data = nanoseconds(20_000) { _ = worker_guard_data_bytes() }
    print("begin and end: \(pair) ns, stage: \(stage) ns, begin and end with another limit: \(rearmed) ns, data bytes: \(data) ns")
  case "many":
    // Each takes less than the limit, all together more.
    for sequence in 1...20 {
      worker_guard_begin(status, UInt64(sequence), limit)
      use_time(Int(limit) * 3 / 10)
      worker_guard_end(status)
      use_time(Int(limit) * 1 / 10)
    }
  case "idle":
    worker_guard_begin(status, 1, limit)
    worker_guard_end(status)
    use_time(Int(limit) * 3)
  case "unlimited":
    worker_guard_begin(status, 1, limit)
    worker_guard_end(status)
    worker_guard_begin(status, 2, 0)
    use_time(Int(limit) * 3)
    worker_guard_end(status)
  case "between":
    worker_guard_begin(status, 1, limit)
    worker_guard_end(status)
    crash_null_dereference()
  default:
    worker_guard_begin(status, 41, limit)
    worker_guard_stage(status, 2)
    worker_guard_end(status)
    worker_guard_begin(status, 42, limit)
    worker_guard_stage(status, 5)
    _ = work(depth: 3)
    worker_guard_end(status)
  }
}

/// Not of the main actor, as the code of this file's top level is.
nonisolated func runOnThread() {
  var thread = pthread_t()
  pthread_create(
    &thread, nil,
    { _ in
      run()
      return nil
    }, nil)
  pthread_join(thread, nil)
}

if name == "read" {
  // The names of the crash before, in this program.
  var symbols = StackSymbols()
  print(status.pointee.signal, symbols.fingerprint(of: status))
} else if CommandLine.arguments.count > 3 {
  runOnThread()
} else {
  run()
}

import CWorkerGuard
import Glibc

/// Names the functions that were at work when a worker ended.
///
/// The names hold no addresses: the same crash gives the same names on every run of the same build. Keeps the tables of the files it
/// has looked into; one owner uses it.
package struct StackSymbols {
  /// The innermost names tell crashes apart; those further out are the same in every one.
  package static let nameLimit = 8
  private var tables: [String: SymbolTable] = [:]

  package init() {}

  /// At most `nameLimit` names, innermost first; `?` where a function has none, behind its file's name: `libxml2.so.2:?`.
  ///
  /// Leaves out the functions by which the runtime ends a process. A function that calls itself is named once: how deep it was is a
  /// matter of the document. Where the stack is used up, gives the functions that call each other
  /// over and over, by name: it is chance which of them takes the last of the stack.
  ///
  /// - Precondition: the worker has ended. The status may hold anything.
  package mutating func fingerprint(of status: UnsafePointer<worker_status>) -> [String] {
    let frames = frames(of: status)
    if status.pointee.stack_overflow != 0 {
      let recursion = Self.recursion(in: frames.map(\.name))
      if !recursion.isEmpty { return Array(recursion.prefix(Self.nameLimit)) }
    }
    return Array(Self.withoutRepeats(frames.dropFirst(Self.crashPath(of: frames)).map(\.name)).prefix(Self.nameLimit))
  }

  // MARK: Frames

  struct Frame {
    let name: String
    /// Whether the function has a name of its own.
    let isNamed: Bool
    /// The file's name; empty where the address lies in no file.
    let module: String
  }

  private mutating func frames(of status: UnsafePointer<worker_status>) -> [Frame] {
    let modules = Self.modules(of: status)
    let addresses = UnsafeBufferPointer(
      start: worker_status_frames(status), count: Self.bounded(status.pointee.frame_count, by: WORKER_FRAMES))
    return addresses.map { address in
      guard let module = modules.first(where: { $0.range.contains(address) }) else { return Frame(name: "?", isNamed: false, module: "") }
      let name = module.path.split(separator: "/").last.map(String.init) ?? ""
      guard let symbol = table(module.path).name(at: address &- module.base) else {
        return Frame(name: "\(name):?", isNamed: false, module: name)
      }
      return Frame(name: FunctionName.readable(symbol), isNamed: true, module: name)
    }
  }

  private mutating func table(_ path: String) -> SymbolTable {
    if let table = tables[path] { return table }
    // A worker runs the same program as this process; its file may have been replaced since.
    let isOwnProgram = path == Self.ownProgram
    let table = SymbolTable(path: isOwnProgram ? "/proc/self/exe" : path)
    tables[path] = table
    return table
  }

  private static let ownProgram: String? = {
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
      count = max(0, buffer.withMemoryRebound(to: CChar.self) { readlink("/proc/self/exe", $0.baseAddress!, $0.count) })
    }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }()

  private static func modules(of status: UnsafePointer<worker_status>) -> [(base: UInt64, range: Range<UInt64>, path: String)] {
    let modules = UnsafeBufferPointer(
      start: worker_status_modules(status), count: bounded(status.pointee.module_count, by: WORKER_MODULES))
    return modules.indices.compactMap { index in
      let module = modules.baseAddress! + index
      let (start, end) = (module.pointee.start, module.pointee.end)
      guard start < end else { return nil }
      let path = UnsafeRawBufferPointer(start: worker_module_path(module), count: WORKER_PATH).prefix { $0 != 0 }
      return (module.pointee.base, start..<end, String(decoding: path, as: UTF8.self))
    }
  }

  private static func bounded(_ count: Int32, by limit: Int) -> Int {
    min(max(Int(count), 0), limit)
  }

  // MARK: What a fingerprint leaves out

  /// How many of the innermost frames only serve to end the process.
  static func crashPath(of frames: [Frame]) -> Int {
    var count = 0
    for (index, frame) in frames.enumerated() {
      if frame.isNamed {
        guard isCrashPath(frame.name) else { break }
        count = index + 1
      } else if !runtimeFiles.contains(where: frame.module.hasPrefix) {
        // Functions of the runtime that are not exported may lie between those that are.
        break
      }
    }
    // Something is better than nothing.
    return count < frames.count ? count : 0
  }

  private static let runtimeFiles = ["libc.", "libc-", "libswiftCore.", "libstdc++.", "libgcc_s."]

  private static let crashFunctions: Set = [
    "abort", "raise", "gsignal", "pthread_kill", "tgkill", "__pthread_kill", "__pthread_kill_implementation", "__pthread_kill_internal",
    "__assert_fail", "__assert_fail_base", "__assert", "__libc_message", "__libc_fatal", "__fortify_fail", "__chk_fail",
    "__stack_chk_fail", "malloc_printerr", "_swift_stdlib_reportFatalError", "_swift_stdlib_reportFatalErrorInFile",
    "swift_unexpectedError", "swift_deletedMethodError",
    "swift_dynamicCastFailure", "swift_dynamicCastFailureUnknown", "__cxa_throw", "__cxa_rethrow", "__cxa_pure_virtual",
    "__cxa_bad_cast", "__cxa_throw_bad_array_new_length", "_Unwind_RaiseException", "_Unwind_Resume", "__clang_call_terminate",
  ]

  /// What readable names begin with.
  private static let crashPrefixes = [
    "Swift._assertionFailure", "Swift._fatalErrorMessage", "Swift.fatalError", "Swift.assertionFailure", "Swift.preconditionFailure",
    "Swift.precondition", "Swift._precondition", "Swift._debugPrecondition", "Swift.assert", "Swift._diagnoseUnexpected",
    "swift::fatalError", "swift::crash", "swift::swift_abort", "swift_abort", "std::terminate", "std::__throw_",
    "std::__glibcxx_assert_fail", "__cxxabiv1::", "__gnu_cxx::__verbose_terminate_handler",
  ]

  private static func isCrashPath(_ name: String) -> Bool {
    crashFunctions.contains(name) || crashPrefixes.contains(where: name.hasPrefix)
  }

  static func withoutRepeats(_ names: [String]) -> [String] {
    var kept: [String] = []
    for name in names where name != kept.last { kept.append(name) }
    return kept
  }

  /// The names that occur more than once, sorted: those that take part in a recursion.
  static func recursion(in names: [String]) -> [String] {
    var counts: [String: Int] = [:]
    for name in names { counts[name, default: 0] += 1 }
    return counts.filter { $0.value > 1 }.keys.sorted()
  }
}

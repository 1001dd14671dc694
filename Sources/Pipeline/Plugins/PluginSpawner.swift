import CWorkerGuard
import Dispatch
import Foundation
import Glibc

/// Starts programs from a thread that lives as long as this process: the system ends a program with the thread that has started it.
final class PluginSpawner: Sendable {
  static let shared = PluginSpawner()

  private let orders = Locked<[@Sendable () -> Void]>([])
  private let isOrdered = DispatchSemaphore(value: 0)

  private init() {
    Thread.detachNewThread { [self] in
      while true {
        isOrdered.wait()
        orders.withLock { $0.removeFirst() }()
      }
    }
  }

  /// - Parameter descriptors: the standard input, output and errors of the program.
  /// - Throws: `IOError`.
  func spawn(_ command: PluginCommand, _ path: String, _ descriptors: [Int32]) throws -> pid_t {
    let done = DispatchSemaphore(value: 0)
    let result = Locked<(code: Int32, process: pid_t)>((0, 0))
    let order: @Sendable () -> Void = {
      let arguments = command.arguments.map { UnsafePointer(strdup($0)) } + [nil]
      defer { for text in arguments { free(UnsafeMutableRawPointer(mutating: text)) } }
      var process: pid_t = 0
      let code = plugin_spawn(&process, path, arguments, command.folder.isEmpty ? "." : command.folder, descriptors)
      result.withLock { $0 = (code, process) }
      done.signal()
    }
    orders.withLock { $0.append(order) }
    isOrdered.signal()
    done.wait()
    let (code, process) = result.withLock { $0 }
    guard code == 0 else { throw IOError.system(path, code) }
    return process
  }
}

import CCrashes
import Glibc
import Pipeline

/// Does to its process what the words of a text say.
struct Fault: Stage {
  static let descriptor = StageDescriptor(name: "fault", summary: "Crashes, hangs or takes memory where a text says so.", needs: [.text])

  init(options: Options) throws {}

  func warmUp() {
    guard getenv("FAULT_AT_START") != nil else { return }
    let message = Array("there are no words\n".utf8)
    _ = write(2, message, message.count)
    exit(1)
  }

  func process(_ document: inout Document) throws -> Verdict {
    guard let text = document.text, let word = Self.word(in: text.bytes) else { return .pass }
    switch word {
    case "SEGV": crash_null_dereference()
    case "ABORT": crash_abort()
    case "STACK": _ = crash_recursion(1)
    case "SPIN": crash_loop()
    case "ALLOC": Self.takeMemory()
    case "WAIT": while true { pause() }
    case "EXIT": exit(3)
    case "NONSENSE": Self.writeNonsense()
    default: break
    }
    return .pass
  }

  /// The word behind `FAULT-`.
  private static func word(in bytes: [UInt8]) -> String? {
    guard let found = bytes.firstRange(of: Array("FAULT-".utf8)) else { return nil }
    return String(decoding: bytes[found.upperBound...].prefix { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") }, as: UTF8.self)
  }

  @inline(never)
  private static func takeMemory() {
    var blocks: [[UInt8]] = []
    while true { blocks.append([UInt8](repeating: 1, count: 1 << 20)) }
  }

  /// To the parent, as a library might that takes the descriptor for its own.
  private static func writeNonsense() {
    let bytes = Array("what is this?".utf8) + [UInt8](repeating: 0xFF, count: 64)
    _ = write(3, bytes, bytes.count)
  }
}

/// A path pattern: `*` and `?` within a name, `**` across folders, `[a-z]` and `[!a-z]`.
struct Glob: Sendable {
  private let pattern: [UInt8]

  init(_ pattern: String) {
    self.pattern = Array(pattern.utf8)
  }

  static func hasMagic(_ text: String) -> Bool {
    text.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[") }
  }

  /// Whether the whole of a path matches. O(pattern * path).
  func matches(_ path: String) -> Bool {
    states(after: path).contains(pattern.count)
  }

  /// Whether a path below a folder can match.
  func canMatch(below folder: String) -> Bool {
    states(after: folder + "/").contains { $0 < pattern.count }
  }

  /// Positions of the pattern at which the rest of a path can go on, as in Thompson's simulation.
  private func states(after path: String) -> Set<Int> {
    let path = Array(path.utf8)
    var states: Set<Int> = []
    func add(_ state: Int, to states: inout Set<Int>) {
      guard states.insert(state).inserted, state < pattern.count, pattern[state] == UInt8(ascii: "*") else { return }
      if isDeep(state) {
        add(state + 2, to: &states)
        // `**/` also stands for no folder at all.
        if state + 2 < pattern.count, pattern[state + 2] == UInt8(ascii: "/") { add(state + 3, to: &states) }
      } else {
        add(state + 1, to: &states)
      }
    }
    add(0, to: &states)
    for byte in path {
      var next: Set<Int> = []
      for state in states where state < pattern.count {
        switch pattern[state] {
        case UInt8(ascii: "*"):
          if isDeep(state) || byte != UInt8(ascii: "/") { add(state, to: &next) }
        case UInt8(ascii: "?"):
          if byte != UInt8(ascii: "/") { add(state + 1, to: &next) }
        case UInt8(ascii: "["):
          if let (hit, end) = set(state, byte) {
            if hit { add(end, to: &next) }
          } else if byte == UInt8(ascii: "[") {
            add(state + 1, to: &next)
          }
        default:
          if pattern[state] == byte { add(state + 1, to: &next) }
        }
      }
      states = next
    }
    return states
  }

  private func isDeep(_ state: Int) -> Bool {
    state + 1 < pattern.count && pattern[state + 1] == UInt8(ascii: "*")
  }

  /// Whether a bracket expression takes a byte, and where it ends; nil when it is not closed.
  private func set(_ start: Int, _ byte: UInt8) -> (Bool, Int)? {
    var index = start + 1
    let isNegated = index < pattern.count && pattern[index] == UInt8(ascii: "!")
    if isNegated { index += 1 }
    let first = index
    var hit = false
    while index < pattern.count, pattern[index] != UInt8(ascii: "]") || index == first {
      if index + 2 < pattern.count, pattern[index + 1] == UInt8(ascii: "-"), pattern[index + 2] != UInt8(ascii: "]") {
        hit = hit || (pattern[index] <= byte && byte <= pattern[index + 2])
        index += 3
      } else {
        hit = hit || pattern[index] == byte
        index += 1
      }
    }
    guard index < pattern.count else { return nil }
    return (hit != isNegated && byte != UInt8(ascii: "/"), index + 1)
  }
}

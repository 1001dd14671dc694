import Pipeline

/// What a script holds, by its type.
enum ScriptKind {
  case code
  /// JSON-LD.
  case linkedData
  /// Other JSON: data for scripts, such as the state of a framework.
  case json

  /// Longer types are none, in bytes.
  private static let longest = 200

  /// By the value of `type`, in any case, whatever stands around the name.
  init(type: UnsafeBufferPointer<UInt8>) {
    self = Self.holds(type, "ld+json") ? .linkedData : Self.holds(type, "json") ? .json : .code
  }

  private static func holds(_ type: UnsafeBufferPointer<UInt8>, _ name: StaticString) -> Bool {
    let count = name.utf8CodeUnitCount
    guard type.count >= count, type.count <= longest else { return false }
    return (0...(type.count - count)).contains { start in
      (0..<count).allSatisfy { ASCII.lowered(type[start + $0]) == name.utf8Start[$0] }
    }
  }
}

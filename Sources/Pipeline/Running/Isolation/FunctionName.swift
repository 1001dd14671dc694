import CWorkerGuard
import Glibc

/// Makes of a linker's symbol what a person calls the function: `Pipeline.Worker.run`, without arguments and types.
enum FunctionName {
  /// Names of a fingerprint are to be read in a line of a log.
  private static let lengthLimit = 160

  static func readable(_ symbol: String) -> String {
    let name: String
    if let text = demangleSwift(symbol) {
      name = shortSwift(text)
    } else if let text = demangleCxx(symbol) {
      name = shortCxx(text)
    } else {
      // `.cold`, `.isra.0`: what the compiler made of one function.
      name = String(symbol.prefix { $0 != "." })
    }
    return String((name.isEmpty ? symbol : name).prefix(lengthLimit))
  }

  // MARK: Swift

  private static func demangleSwift(_ symbol: String) -> String? {
    guard symbol.hasPrefix("$s") || symbol.hasPrefix("$S") || symbol.hasPrefix("_$s"),
      let text = swift_demangle(symbol, symbol.utf8.count, nil, nil, 0)
    else { return nil }
    defer { free(text) }
    return String(cString: text)
  }

  /// Say what the compiler made; what it was made of follows.
  private static let swiftWrappers = [
    "merged ", "static ", "@objc ", "@nonobjc ", "dispatch thunk of ", "async function pointer to ", "partial apply forwarder for ",
    "partial apply for ", "protocol witness for ", "outlined read-only object #", "back deployment thunk for ",
    "back deployment fallback for ", "distributed thunk ", "vtable thunk for ", "curry thunk of ",
  ]

  /// A function's name from what the Swift runtime writes of it.
  static func shortSwift(_ text: String) -> String {
    var text = Substring(text)
    var closures = ""
    while true {
      if let wrapper = swiftWrappers.first(where: text.hasPrefix) {
        text = text.dropFirst(wrapper.count)
      } else if text.contains("specialization <"), let rest = rest(of: text, after: " of ") {
        text = rest
      } else if text.hasPrefix("("), let rest = rest(of: text, after: " partial function for ") {
        // `(2) suspend resume partial function for`: a piece of an async function.
        text = rest
      } else if text.hasPrefix("closure #") || text.hasPrefix("implicit closure #") || text.hasPrefix("defer #"),
        let rest = rest(of: text, after: " in ")
      {
        let number = text.drop { $0 != "#" }.dropFirst().prefix { $0.isNumber }
        closures = ".\(text.hasPrefix("defer") ? "defer" : "closure")#\(number)" + closures
        text = rest
      } else if let local = text.firstIndex(of: " "), text[local...].hasPrefix(" #"), let rest = rest(of: text, after: " in ") {
        closures = ".\(text[..<local])" + closures
        text = rest
      } else {
        return path(of: text) + closures
      }
    }
  }

  /// What follows the first such words that stand in no brackets.
  private static func rest(of text: Substring, after words: String) -> Substring? {
    var depth = 0
    var index = text.startIndex
    while index < text.endIndex {
      if depth == 0, text[index...].hasPrefix(words) { return text[index...].dropFirst(words.count) }
      depth += change(of: depth, in: text, at: index)
      index = text.index(after: index)
    }
    return nil
  }

  private static func change(of depth: Int, in text: Substring, at index: Substring.Index) -> Int {
    switch text[index] {
    case "(", "<", "[": 1
    case ")", "]": depth > 0 ? -1 : 0
    // An arrow is no bracket.
    case ">": depth > 0 && (index == text.startIndex || text[text.index(before: index)] != "-") ? -1 : 0
    default: 0
    }
  }

  private static func afterBrackets(_ text: Substring) -> Substring {
    var depth = 0
    var index = text.startIndex
    repeat {
      depth += change(of: depth, in: text, at: index)
      index = text.index(after: index)
    } while depth > 0 && index < text.endIndex
    return text[index...]
  }

  /// `Module.Type.function` of `(extension in Other):Module.Type<A>.(function in _0123)<A>(label: B) -> C`.
  private static func path(of text: Substring) -> String {
    var name = ""
    var text = text
    while let character = text.first {
      switch character {
      case " ": return name
      case "(":
        let rest = afterBrackets(text)
        if text.hasPrefix("(extension in ") {
          text = rest.hasPrefix(":") ? rest.dropFirst() : rest
        } else if name.isEmpty || name.hasSuffix("."), let end = text.range(of: " in ", before: rest.startIndex) {
          name += text[text.index(after: text.startIndex)..<end]
          text = rest
        } else {
          return name
        }
      // Behind a dot it is an operator.
      case "<" where !name.hasSuffix(".") && !name.hasSuffix("<"):
        text = afterBrackets(text)
      default:
        name.append(character)
        text = text.dropFirst()
      }
    }
    return name
  }

  // MARK: C++

  private typealias CxxDemangle =
    @convention(c) (
      UnsafePointer<CChar>, UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<Int>?, UnsafeMutablePointer<Int32>?
    ) -> UnsafeMutablePointer<CChar>?

  /// A program without C++ may have none.
  private static let cxxDemangle: CxxDemangle? = dlsym(nil, "__cxa_demangle").map { unsafeBitCast($0, to: CxxDemangle.self) }

  private static func demangleCxx(_ symbol: String) -> String? {
    guard symbol.hasPrefix("_Z"), let text = cxxDemangle?(symbol, nil, nil, nil) else { return nil }
    defer { free(text) }
    return String(cString: text)
  }

  /// `ns::Type::function` of `R ns::Type<A>::function<B>(C) const`.
  static func shortCxx(_ text: String) -> String {
    var name = ""
    var text = text[...]
    while let character = text.first {
      switch character {
      case _ where text.hasPrefix("operator") && (name.isEmpty || name.hasSuffix("::")):
        let sign = text.dropFirst("operator".count)
        let rest = sign.hasPrefix("()") ? sign.dropFirst(2) : sign
        let end = rest.firstIndex(of: "(") ?? rest.endIndex
        return name + text[..<end]
      case "(":
        guard text.hasPrefix("(anonymous namespace)") else { return name }
        name += "(anonymous namespace)"
        text = text.dropFirst("(anonymous namespace)".count)
      case "<", "[": text = afterBrackets(text)
      case " ":
        // The result's type stood before.
        name = ""
        text = text.dropFirst()
      default:
        name.append(character)
        text = text.dropFirst()
      }
    }
    return name
  }
}

extension Substring {
  /// Where words begin, if they do so before an index.
  fileprivate func range(of words: String, before end: Index) -> Index? {
    indices.first { $0 < end && self[$0...].hasPrefix(words) }
  }
}

/// The type of an option, with its range.
public enum OptionKind: Sendable, Equatable {
  case boolean
  case integer(ClosedRange<Int>)
  case number(ClosedRange<Double>)
  case text
  case choice([String])
  case texts
  /// An array of the given names.
  case choices([String])
  /// A path, relative to the configuration's folder.
  case path
  case paths
  /// Patterns of paths; each stands for itself and for what it means in the configuration's folder.
  case patterns
  /// A path to a file that must exist.
  case file
  case files
  /// Bytes, written as a number or as "64MB".
  case size
  /// A time, written as "10s" or "500ms"; held in milliseconds.
  case duration
  /// An object whose keys are those given, and whose values are strings or arrays of strings.
  case mapping([String])
  /// An object of strings with any keys.
  case names
  /// An object that a further list of options describes.
  case section([OptionDescriptor])
  /// An object with any keys, each of whose values a further list of options describes.
  case sections([OptionDescriptor])
  /// Any value: who asked for it checks it.
  case json

  /// What a person should write.
  public var expectation: String {
    switch self {
    case .boolean: "true or false"
    case .integer(let range):
      "a whole number"
        + Self.bounds(range.lowerBound == .min ? nil : "\(range.lowerBound)", range.upperBound == .max ? nil : "\(range.upperBound)")
    case .number(let range):
      "a number"
        + Self.bounds(
          range.lowerBound == -.greatestFiniteMagnitude ? nil : "\(range.lowerBound)",
          range.upperBound == .greatestFiniteMagnitude ? nil : "\(range.upperBound)")
    case .text: "a string"
    case .choice(let names): "one of " + names.map { "\"\($0)\"" }.joined(separator: ", ")
    case .texts: "an array of strings"
    case .choices(let names): "an array of " + names.map { "\"\($0)\"" }.joined(separator: ", ")
    case .path: "a path"
    case .paths: "an array of paths"
    case .patterns: "an array of patterns"
    case .file: "the path of a file"
    case .files: "an array of file paths"
    case .size: "a size such as \"64MB\""
    case .duration: "a time such as \"10s\" or \"500ms\""
    case .mapping(let names): "an object with any of the keys " + names.joined(separator: ", ")
    case .names: "an object of strings"
    case .section: "an object"
    case .sections: "an object of objects"
    case .json: "any value"
    }
  }

  private static func bounds(_ low: String?, _ high: String?) -> String {
    switch (low, high) {
    case (let low?, let high?): " from \(low) to \(high)"
    case (let low?, nil): " of at least \(low)"
    case (nil, let high?): " of at most \(high)"
    case (nil, nil): ""
    }
  }
}

/// One option of a stage, or one key of a section of the configuration.
public struct OptionDescriptor: Sendable, Equatable {
  public let name: String
  public let kind: OptionKind
  /// What holds when the option is absent.
  public let defaultValue: OptionValue
  /// One sentence or two.
  public let documentation: String

  public init(_ name: String, _ kind: OptionKind, default defaultValue: OptionValue = .none, _ documentation: String) {
    self.name = name
    self.kind = kind
    self.defaultValue = defaultValue
    self.documentation = documentation
  }
}

/// A decoded value.
public enum OptionValue: Sendable, Equatable, CustomStringConvertible {
  case none
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case texts([String])
  case mapping([String: [String]])
  case section(Options)
  case sections([String: Options])
  /// Any value, as compact JSON.
  case json(String)

  /// As JSON, for documentation and messages.
  public var description: String {
    switch self {
    case .none: "none"
    case .boolean(let value): String(value)
    case .integer(let value): String(value)
    case .number(let value): "\(value)"
    case .text(let value): "\"\(value)\""
    case .texts(let values): "[" + values.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    case .mapping(let values):
      "{" + values.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \(OptionValue.texts($0.value))" }.joined(separator: ", ") + "}"
    case .section, .sections: "{…}"
    case .json(let json): json
    }
  }
}

/// Decoded options: every option of the descriptor has a value, given or default.
///
/// Asking for a name that the descriptor lacks, or for another type, is a mistake in the stage and stops the program.
public struct Options: Sendable, Equatable {
  private var values: [String: OptionValue]

  public init(_ values: [String: OptionValue]) {
    self.values = values
  }

  /// The defaults of a list of options.
  public init(defaultsOf descriptors: [OptionDescriptor]) {
    values = [:]
    for descriptor in descriptors {
      if case .section(let inner) = descriptor.kind {
        values[descriptor.name] = .section(Options(defaultsOf: inner))
      } else {
        values[descriptor.name] = descriptor.defaultValue
      }
    }
  }

  public subscript(name: String) -> OptionValue {
    get {
      guard let value = values[name] else { preconditionFailure("no option \"\(name)\" in the descriptor") }
      return value
    }
    set { values[name] = newValue }
  }

  public func bool(_ name: String) -> Bool {
    guard case .boolean(let value) = self[name] else { preconditionFailure("\(name) is no boolean") }
    return value
  }

  /// Nil when absent without a default.
  public func int(_ name: String) -> Int? {
    switch self[name] {
    case .integer(let value): value
    case .none: nil
    default: preconditionFailure("\(name) is no integer")
    }
  }

  /// Nil when absent without a default.
  public func number(_ name: String) -> Double? {
    switch self[name] {
    case .number(let value): value
    case .none: nil
    default: preconditionFailure("\(name) is no number")
    }
  }

  /// Nil when absent without a default.
  public func text(_ name: String) -> String? {
    switch self[name] {
    case .text(let value): value
    case .none: nil
    default: preconditionFailure("\(name) is no text")
    }
  }

  /// Empty when absent.
  public func texts(_ name: String) -> [String] {
    switch self[name] {
    case .texts(let values): values
    case .none: []
    default: preconditionFailure("\(name) is no list of texts")
    }
  }

  /// Empty when absent.
  public func mapping(_ name: String) -> [String: [String]] {
    switch self[name] {
    case .mapping(let values): values
    case .none: [:]
    default: preconditionFailure("\(name) is no mapping")
    }
  }

  /// Compact JSON; nil when absent without a default.
  public func json(_ name: String) -> String? {
    switch self[name] {
    case .json(let value): value
    case .none: nil
    default: preconditionFailure("\(name) is not any value")
    }
  }

  public func section(_ name: String) -> Options {
    guard case .section(let value) = self[name] else { preconditionFailure("\(name) is no section") }
    return value
  }

  /// By their keys; empty when absent.
  public func sections(_ name: String) -> [String: Options] {
    switch self[name] {
    case .sections(let values): values
    case .none: [:]
    default: preconditionFailure("\(name) is no object of sections")
    }
  }
}

/// A stage's own objection to an option, placed by the engine at the line and column of the value it is about.
public struct OptionProblem: Error, Equatable {
  /// The option it is about; nil for the stage as a whole.
  public let option: String?
  /// The keys and indices, from 0, that lead from the option's value to the value it is about; empty for the option as a whole.
  public let path: [String]
  public let message: String

  public init(_ option: String?, at path: [String] = [], _ message: String) {
    self.option = option
    self.path = path
    self.message = message
  }
}

/// Several objections of a stage, all of which are reported.
public struct OptionProblems: Error, Equatable {
  public let problems: [OptionProblem]

  public init(_ problems: [OptionProblem]) {
    self.problems = problems
  }
}

/// A stage's descriptor for people.
public struct StageDescription {
  private let descriptor: StageDescriptor

  public init(_ descriptor: StageDescriptor) {
    self.descriptor = descriptor
  }

  /// Several lines without a newline at the end.
  public var text: String {
    var lines = ["\(descriptor.name): \(descriptor.summary)", ""]
    func list(_ title: String, _ parts: Set<DocumentPart>) {
      if !parts.isEmpty { lines.append("\(title): \(parts.map(\.rawValue).sorted().joined(separator: ", "))") }
    }
    list("needs", descriptor.needs)
    list("provides", descriptor.provides)
    lines.append(descriptor.options.isEmpty ? "no options" : "options:")
    for option in descriptor.options {
      let defaultText = option.defaultValue == .none ? "" : ", default \(option.defaultValue)"
      lines.append("  \"\(option.name)\": \(option.kind.expectation)\(defaultText)")
      lines.append("      \(option.documentation)")
    }
    if !descriptor.reasons.isEmpty {
      lines.append("reasons in the trail:")
      for reason in descriptor.reasons { lines.append("  \(reason.name): \(reason.meaning)") }
    }
    return lines.joined(separator: "\n")
  }
}

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
    func list(_ options: [OptionDescriptor], _ indent: String) {
      for option in options {
        let defaultText = option.defaultValue == .none ? "" : ", default \(option.defaultValue)"
        lines.append("\(indent)\"\(option.name)\": \(option.kind.expectation)\(defaultText)")
        lines.append("\(indent)    \(option.documentation)")
        if case .sections(let inner) = option.kind { list(inner, indent + "    ") }
      }
    }
    list(descriptor.options, "  ")
    if !descriptor.reasons.isEmpty {
      lines.append("reasons in the trail:")
      for reason in descriptor.reasons { lines.append("  \(reason.name): \(reason.meaning)") }
    }
    return lines.joined(separator: "\n")
  }

  /// A page of documentation without a newline at its end.
  public var markdown: String {
    var lines = ["# \(descriptor.name)", "", descriptor.summary, ""]
    func list(_ title: String, _ parts: Set<DocumentPart>) {
      if !parts.isEmpty { lines.append("- \(title): \(parts.map { "`\($0.rawValue)`" }.sorted().joined(separator: ", "))") }
    }
    list("needs", descriptor.needs)
    list("provides", descriptor.provides)
    list("must come before what makes", descriptor.invalidates)
    lines += ["", "## Options", ""]
    lines += descriptor.options.isEmpty ? ["None."] : ConfigurationReference.table(descriptor.options, prefix: "")
    if !descriptor.reasons.isEmpty {
      lines += ["", "## Reasons", "", "| reason | meaning |", "| --- | --- |"]
      for reason in descriptor.reasons { lines.append("| `\(reason.name)` | \(reason.meaning) |") }
    }
    return lines.joined(separator: "\n")
  }
}

/// The keys of a pipeline for people.
public enum ConfigurationReference {
  /// Markdown without a newline at its end.
  public static var markdown: String {
    var lines = ["# Keys of a pipeline", "", "Only `stages` is needed; each stage has a page under [stages](stages).", ""]
    lines += table(
      Configuration.keys + [OptionDescriptor("stages", .texts, "The stages that every document goes through, in this order.")], prefix: "")
    return lines.joined(separator: "\n")
  }

  static func table(_ options: [OptionDescriptor], prefix: String) -> [String] {
    ["| key | value | default | meaning |", "| --- | --- | --- | --- |"] + rows(options, prefix)
  }

  private static func rows(_ options: [OptionDescriptor], _ prefix: String) -> [String] {
    options.flatMap { option in
      let name = prefix + option.name
      if case .section(let inner) = option.kind { return rows(inner, name + ".") }
      let value = name == "stages" ? "an array of objects with `\"use\"`" : option.kind.expectation.replacing("|", with: "\\|")
      let usual = option.defaultValue == .none ? "" : "`\(option.defaultValue)`"
      let row = "| `\(name)` | \(value) | \(usual) | \(option.documentation.replacing("|", with: "\\|")) |"
      if case .sections(let inner) = option.kind { return [row] + rows(inner, name + ".KEY.") }
      return [row]
    }
  }
}

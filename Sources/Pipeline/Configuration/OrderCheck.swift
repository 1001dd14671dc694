/// Checks that each stage finds what it needs, by what the stages before it provide.
struct OrderCheck {
  /// What the input can bring by itself.
  private var available: [DocumentPart: String] = [:]

  /// What is wrong with a stage at this place; `later` are the stages after it.
  mutating func problems(with stage: StageDescriptor, before later: [StageDescriptor]) -> [String] {
    var messages: [String] = []
    for part in DocumentPart.allCases where stage.needs.contains(part) && available[part] == nil {
      if let provider = later.first(where: { $0.provides.contains(part) }) {
        messages.append(
          "\"\(stage.name)\" needs the \(part.rawValue) that \"\(provider.name)\" makes: put \"\(provider.name)\" before it")
      } else if ![.content, .text, .title, .language, .metadata].contains(part) {
        messages.append("\"\(stage.name)\" needs \(part.rawValue), which no stage before it makes")
      }
    }
    for part in DocumentPart.allCases where stage.invalidates.contains(part) {
      guard let maker = available[part] else { continue }
      messages.append(
        "\"\(stage.name)\" rewrites the text that \"\(maker)\" has marked up: put \"\(stage.name)\" before \"\(maker)\"")
    }
    if stage.provides.contains(.text), let maker = available[.text] {
      messages.append("\"\(stage.name)\" would make the text anew that \"\(maker)\" has made: remove one of them")
    }
    for part in stage.provides { available[part] = stage.name }
    return messages
  }
}

/// What a Content-Type says: `text/html; charset=utf-8`.
struct MediaType {
  /// What a body of a type is to a pipeline for pages.
  enum Use {
    case html, text
    /// The type says nothing: the content decides.
    case unknown
    /// No text for people: pictures, data, programs.
    case none
  }

  /// Type and subtype in lower case.
  let essence: String
  let charset: String?

  init(_ value: String) {
    let parts = value.split(separator: ";", omittingEmptySubsequences: false)
    essence = parts.first.map { Self.trimmed($0.prefix { $0 != "," }) }?.lowercased() ?? ""
    charset = parts.dropFirst().lazy.compactMap(Self.charset).first
  }

  var use: Use {
    switch essence {
    case "text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml", "text/xml", "application/xml": return .html
    case "text/plain", "text/markdown", "text/x-markdown": return .text
    case "", "*/*", "unknown/unknown", "application/unknown": return .unknown
    case "text/css", "text/javascript", "text/ecmascript", "text/x-javascript", "text/csv", "text/calendar", "text/vcard", "text/x-vcard",
      "text/json", "text/x-json", "text/vtt", "text/x-component", "text/event-stream", "text/dns", "text/tab-separated-values":
      return .none
    default: break
    }
    if essence.hasPrefix("image/") { return .none }
    if essence.hasSuffix("+xml") { return .html }
    // Such as "html" or "text/htm": somebody meant something.
    return essence.hasPrefix("text/") || !essence.contains("/") ? .unknown : .none
  }

  private static func charset(_ parameter: Substring) -> String? {
    guard let equals = parameter.firstIndex(of: "="), trimmed(parameter[..<equals]).lowercased() == "charset" else { return nil }
    let value = trimmed(parameter[parameter.index(after: equals)...]).filter { $0 != "\"" && $0 != "'" }
    let label = value.prefix { $0 != "," && !$0.isWhitespace }
    return label.isEmpty ? nil : String(label)
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

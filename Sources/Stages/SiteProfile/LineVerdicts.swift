import Pipeline

/// What a person has decided about lines, in a file:
///
///     drop example.com  Subscribe to our newsletter
///     keep *            Ingredients
///
/// The site is a host without `www.`, or `*` for all; what follows is the line, in which case and spaces do not count. Lines
/// that begin with `#` and a space are remarks.
struct LineVerdicts: Sendable {
  enum Verdict: String, Sendable, CaseIterable {
    case keep, drop
  }

  private var verdicts: [String: [LineHash: Verdict]] = [:]

  init() {}

  /// - Parameter name: of the file, for messages.
  /// - Throws: `OptionProblem` for a line that cannot be read.
  init(_ text: String, name: String) throws {
    for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let words = line.split(maxSplits: 2) { $0 == " " || $0 == "\t" || $0 == "\r" }
      guard let first = words.first, first != "#" else { continue }
      guard let verdict = Verdict(rawValue: String(first)), words.count == 3 else {
        throw OptionProblem(
          "siteLines", "\(name):\(number + 1): expected `keep` or `drop`, a site or `*`, and the line, such as: drop example.com Follow us")
      }
      verdicts[Site.name(host: String(words[1])) ?? String(words[1]), default: [:]][SiteLines.hash(of: String(words[2]))] = verdict
    }
  }

  /// What was decided about a line; nil for nothing. What is said of a site counts more than what is said of all.
  func verdict(_ line: LineHash, site: String?) -> Verdict? {
    site.flatMap { verdicts[$0]?[line] } ?? verdicts[SiteProfile.allSites]?[line]
  }

  var isEmpty: Bool { verdicts.isEmpty }
}

/// The site of a document.
enum Site {
  /// By the document's address; nil for one without.
  static func name(_ metadata: Metadata) -> String? {
    for address in [metadata.url, metadata.canonical] {
      guard let address, let scheme = address.range(of: "://") else { continue }
      let authority = address[scheme.upperBound...].prefix { !"/?#\\".contains($0) }
      var host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
      let end = host.hasPrefix("[") ? host.firstIndex(of: "]").map { host.index(after: $0) } : host.lastIndex(of: ":")
      if let end { host = host[..<end] }
      if let name = name(host: String(host)) { return name }
    }
    return nil
  }

  /// A host in lower case and without `www.`; nil for none, or one that cannot be.
  static func name(host: String) -> String? {
    var name = host.lowercased()[...]
    while name.hasSuffix(".") { name.removeLast() }
    if name.hasPrefix("www.") { name = name.dropFirst(4) }
    guard !name.isEmpty, name.utf8.count <= 253, !name.contains(where: { $0.isWhitespace || $0 == "*" }) else { return nil }
    return String(name)
  }

  /// What stands for a document among those of its site.
  static func key(_ document: borrowing Document) -> String { document.metadata.url ?? document.metadata.canonical ?? document.id }
}

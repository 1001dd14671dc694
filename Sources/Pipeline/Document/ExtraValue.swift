/// A value under `extra` of the output: any JSON.
public struct ExtraValue: Sendable, Equatable, ExpressibleByStringLiteral {
  /// Compact, and valid.
  package let json: [UInt8]

  public init(_ text: String) {
    var output = JSONOutput()
    output.string(text)
    json = output.bytes
  }

  public init(stringLiteral text: String) { self.init(text) }

  public init(_ flag: Bool) { json = Array(String(flag).utf8) }
  public init(_ number: Int) { json = Array(String(number).utf8) }

  /// With the fewest digits that give the same number again; null for what is no number.
  public init(_ number: Double) { json = Array((number.isFinite ? "\(number)" : "null").utf8) }

  /// - Precondition: `json` is one valid value on one line.
  package init(json: [UInt8]) { self.json = json }
}

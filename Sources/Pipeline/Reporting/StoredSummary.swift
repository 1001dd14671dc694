import Foundation

/// The part of a sum that a batch keeps between its runs.
extension RunSummary {
  /// As JSON.
  var stored: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  init(stored: String) throws {
    self = try JSONDecoder().decode(RunSummary.self, from: Data(stored.utf8))
  }
}

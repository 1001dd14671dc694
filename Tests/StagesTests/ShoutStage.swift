import Pipeline

/// Puts every block in capitals.
public struct ShoutStage: Stage {
  public static let descriptor = StageDescriptor(
    name: "shout",
    summary: "Puts the text in capitals.",
    options: [
      OptionDescriptor("headings", .boolean, default: .boolean(false), "Whether only headings are put in capitals.")
    ],
    needs: [.text], invalidates: [.sentences, .entities])

  private let headingsOnly: Bool

  public init(options: Options) {
    headingsOnly = options.bool("headings")
  }

  public func process(_ document: inout Document) throws -> Verdict {
    guard let text = document.text else { return .pass }
    document.setText(
      text.mapBlocks { block, bytes in
        if headingsOnly, block.kind != .heading { return Array(bytes) }
        return Array(String(decoding: bytes, as: UTF8.self).uppercased().utf8)
      })
    return .pass
  }
}

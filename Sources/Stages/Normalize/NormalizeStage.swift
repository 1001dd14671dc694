import CUtf8proc
import Glibc
import Pipeline

/// Makes characters uniform: composed, without invisible ones, with plain spaces.
public struct NormalizeStage: Stage {
  public static let descriptor = StageDescriptor(
    name: "normalize",
    summary: "Composes characters (NFC) and removes control characters, zero-width characters, soft hyphens and odd spaces.",
    options: [
      OptionDescriptor("nfc", .boolean, default: .boolean(true), "Whether characters are composed as Unicode's form NFC."),
      OptionDescriptor(
        "zeroWidth", .boolean, default: .boolean(true),
        "Whether zero-width spaces and byte order marks go; joiners stay, for emoji and Persian need them."),
      OptionDescriptor("controls", .boolean, default: .boolean(true), "Whether control characters go; tab and newline stay."),
      OptionDescriptor("softHyphens", .boolean, default: .boolean(true), "Whether soft hyphens go."),
      OptionDescriptor(
        "whiteSpace", .boolean, default: .boolean(true), "Whether runs of spaces of any kind become one space; newlines stay."),
    ],
    needs: [.text], invalidates: [.sentences, .entities])

  private let composes: Bool
  private let removesZeroWidth: Bool
  private let removesControls: Bool
  private let removesSoftHyphens: Bool
  private let foldsSpace: Bool

  public init(options: Options) {
    composes = options.bool("nfc")
    removesZeroWidth = options.bool("zeroWidth")
    removesControls = options.bool("controls")
    removesSoftHyphens = options.bool("softHyphens")
    foldsSpace = options.bool("whiteSpace")
  }

  public func process(_ document: inout Document) throws -> Verdict {
    guard let text = document.text else { return .pass }
    document.setText(text.mapBlocks { normalized($1, keepsSpaces: $0.kind == .preformatted) })
    return .pass
  }

  private func normalized(_ bytes: ArraySlice<UInt8>, keepsSpaces: Bool) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var needsComposing = false
    bytes.withUnsafeBufferPointer { buffer in
      var index = 0
      while index < buffer.count {
        let (value, length) = UTF8Text.scalar(at: index, in: buffer)
        defer { index += length }
        if value >= 0x300 { needsComposing = true }
        if isRemoved(value) { continue }
        if foldsSpace, !keepsSpaces, value != 0x0A, UTF8Text.isWhiteSpace(value) {
          if let last = result.last, last != 0x20, last != 0x0A { result.append(0x20) }
          continue
        }
        if foldsSpace, !keepsSpaces, value == 0x0A, result.last == 0x20 { result.removeLast() }
        result.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[index..<(index + length)]))
      }
    }
    if foldsSpace, !keepsSpaces, result.last == 0x20 { result.removeLast() }
    return composes && needsComposing ? composed(result) : result
  }

  private func isRemoved(_ value: UInt32) -> Bool {
    switch value {
    case 0x09, 0x0A: false
    case 0x00...0x1F, 0x7F...0x84, 0x86...0x9F: removesControls
    case 0xAD: removesSoftHyphens
    case 0x200B, 0x2060, 0xFEFF: removesZeroWidth
    default: false
    }
  }

  /// More combining marks than this on one character are no writing; Unicode's stream-safe text format has the same limit (UAX #15).
  private static let mostMarks = 30

  /// The bytes in form NFC. A longer run of marks is composed in parts: sorting it as a whole takes the square of its length.
  private func composed(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var start = 0
    var marks = 0
    bytes.withUnsafeBufferPointer { buffer in
      var index = 0
      while index < buffer.count {
        let (value, length) = UTF8Text.scalar(at: index, in: buffer)
        let isMark = value >= 0x300 && Unicode.Scalar(value)?.properties.canonicalCombiningClass != .notReordered
        marks = isMark ? marks + 1 : 0
        if marks > Self.mostMarks {
          composePart(buffer[start..<index], &result)
          start = index
          marks = 1
        }
        index += length
      }
      composePart(buffer[start...], &result)
    }
    return result
  }

  private func composePart(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ result: inout [UInt8]) {
    let bytes = UnsafeBufferPointer(rebasing: bytes)
    var output: UnsafeMutablePointer<UInt8>?
    let options = utf8proc_option_t(rawValue: UTF8PROC_STABLE.rawValue | UTF8PROC_COMPOSE.rawValue)
    let count = utf8proc_map(bytes.baseAddress, bytes.count, &output, options)
    guard count >= 0, let output else {
      result.append(contentsOf: bytes)
      return
    }
    defer { free(output) }
    result.append(contentsOf: UnsafeBufferPointer(start: output, count: count))
  }
}

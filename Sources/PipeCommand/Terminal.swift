import Glibc

/// What is shown to people.
enum Terminal {
  /// A text without what a terminal obeys: pages and names of files may hold escape sequences, and marks that turn the direction of writing.
  /// - Parameter isOneLine: whether line ends are no part of the message: the name of a file may hold them.
  static func safe(_ text: String, isOneLine: Bool = false) -> String {
    func isUnwanted(_ scalar: Unicode.Scalar) -> Bool { isObeyed(scalar) || isOneLine && scalar == "\n" }
    guard text.unicodeScalars.contains(where: isUnwanted) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { result.append(isUnwanted(scalar) ? "\u{FFFD}" : scalar) }
    return String(result)
  }

  private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0A: false
    case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// Whether messages go to somebody who looks at them.
  static var isWatched: Bool { isatty(2) != 0 }

  /// How wide the terminal is, in columns.
  static var width: Int {
    var size = winsize()
    return ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }
}

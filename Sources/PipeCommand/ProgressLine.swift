import Glibc
import Pipeline

/// One line at the bottom of a terminal that says how far a run has come. May be used from several threads.
final class ProgressLine: Sendable {
  /// The line as it stands there; nil for none.
  private let shown = Locked<String?>(nil)

  func show(_ progress: RunProgress) {
    let text = String(Self.text(progress).prefix(max(20, Terminal.width - 1)))
    shown.withLock {
      Self.write("\r\u{1B}[K" + text)
      $0 = text
    }
  }

  /// Writes a message above the line.
  func write(above message: String) {
    shown.withLock { line in
      Self.write((line == nil ? "" : "\r\u{1B}[K") + message + "\n" + (line ?? ""))
    }
  }

  func clear() {
    shown.withLock { line in
      if line != nil { Self.write("\r\u{1B}[K") }
      line = nil
    }
  }

  static func text(_ progress: RunProgress) -> String {
    let sum = progress.summary
    var text = "\(sum.name): \(sum.input) documents"
    if sum.rejected > 0 { text += ", \(sum.rejected) rejected" }
    let done = sum.input - sum.earlier
    if progress.seconds > 0 { text += ", \(Int(Double(done) / progress.seconds))/s" }
    if let all = progress.bytesInAll, all > 0 { text += ", \(min(100, progress.bytesRead * 100 / all)) %" }
    if let left = progress.secondsLeft { text += ", \(duration(left)) left" }
    return Terminal.safe(text)
  }

  /// As 1:05 or 2:01:05.
  static func duration(_ seconds: Double) -> String {
    let seconds = Int(seconds.rounded())
    func two(_ number: Int) -> String { String(number + 100).suffix(2).description }
    let minutes = seconds / 60 % 60
    return seconds >= 3600 ? "\(seconds / 3600):\(two(minutes)):\(two(seconds % 60))" : "\(minutes):\(two(seconds % 60))"
  }

  private static func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = Glibc.write(2, bytes, bytes.count)
  }
}

import Glibc

extension Configuration {
  /// Fills `{date}` and `{name}` in all paths.
  /// - Parameter date: a day, as 2026-01-31.
  public mutating func fillPaths(date: String) {
    let name = name
    func filled(_ path: String) -> String {
      path.replacing("{date}", with: date).replacing("{name}", with: name)
    }
    input.paths = input.paths.map(filled)
    output.path = output.path.map(filled)
    rejects.path = rejects.path.map(filled)
    statePath = statePath.map(filled)
    run.summaryPath = run.summaryPath.map(filled)
    run.metricsPath = run.metricsPath.map(filled)
  }

  /// The day in this place of the world, as 2026-01-31.
  public static func today() -> String {
    var seconds = time(nil)
    var parts = tm()
    localtime_r(&seconds, &parts)
    let (month, day) = (String(parts.tm_mon + 101).dropFirst(), String(parts.tm_mday + 100).dropFirst())
    return "\(parts.tm_year + 1900)-\(month)-\(day)"
  }
}

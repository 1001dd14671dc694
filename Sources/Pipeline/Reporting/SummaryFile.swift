/// Writes the summary of a run for programs.
public enum SummaryFile {
  /// - Throws: `IOError`; `OutputInUse`.
  public static func write(_ summary: RunSummary, to path: String) throws {
    let file = try OutputFile(path: path)
    try file.write(summary.json)
    try file.finish()
  }
}

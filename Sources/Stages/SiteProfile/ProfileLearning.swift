import Glibc
import Pipeline

/// Makes the pipelines that learn a profile, and that use one, of a pipeline of the user's.
public enum ProfileLearning {
  /// A pipeline that counts lines as the `boilerplate` stage sees them once its own rules have done their work; without such a stage,
  /// as they are at the end.
  /// - Parameters:
  ///   - profile: the path of the profile, which grows.
  ///   - date: today, as 2026-01-31.
  ///   - acrossSites: whether paragraphs are counted across sites too.
  ///   - registry: all stages, with `LearnStage`.
  /// - Throws: `ConfigurationErrors`.
  public static func learning(
    _ configuration: Configuration, profile: String, date: String, acrossSites: Bool, registry: StageRegistry
  ) throws -> Configuration {
    var learning = try configuration.replacingStages(registry) { stages in
      let place = stages.firstIndex { $0["use"] as? String == BoilerplateStage.descriptor.name }
      if let place {
        stages.removeSubrange((place + 1)...)
        // What an earlier profile drops must be seen to be counted again.
        for option in BoilerplateStage.siteOptions { stages[place][option.name] = nil }
      }
      stages.append(
        [
          "use": LearnStage.descriptor.name, "profile": profile, "day": day(date), "acrossSites": acrossSites,
        ])
    }
    learning.output.isDiscarded = true
    learning.output.format = .jsonl
    learning.statePath = nil
    learning.run.onlyNew = false
    learning.run.maxRejects = Int.max
    learning.run.metricsPath = nil
    learning.run.summaryPath = nil
    return learning
  }

  /// The same pipeline with this profile in its `boilerplate` stages.
  /// - Throws: `ConfigurationErrors`.
  public static func using(_ profile: String, in configuration: Configuration, registry: StageRegistry) throws -> Configuration {
    try configuration.replacingStages(registry) { stages in
      for index in stages.indices where stages[index]["use"] as? String == BoilerplateStage.descriptor.name {
        stages[index]["profile"] = absolute(profile)
      }
    }
  }

  /// Paths in a configuration are relative to its folder, and those of flags are not.
  private static func absolute(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// The profile that the first `boilerplate` stage names; nil for none.
  public static func profile(of configuration: Configuration) -> String? {
    configuration.stages.lazy.compactMap { $0.stage as? BoilerplateStage }.first?.profile
  }

  /// Whether a `boilerplate` stage asks for what repeats across sites.
  public static func countsAcrossSites(_ configuration: Configuration) -> Bool {
    configuration.stages.contains { ($0.stage as? BoilerplateStage)?.looksAcrossSites ?? false }
  }

  public static func hasBoilerplate(_ configuration: Configuration) -> Bool {
    configuration.stages.contains { $0.stage is BoilerplateStage }
  }

  /// Days since 1970.
  /// - Parameter date: as 2026-01-31.
  public static func day(_ date: String) -> Int {
    let parts = date.split(separator: "-").compactMap { Int32($0) }
    guard parts.count == 3 else { return 0 }
    var time = tm()
    (time.tm_year, time.tm_mon, time.tm_mday) = (parts[0] - 1900, parts[1] - 1, parts[2])
    return min(max(0, timegm(&time) / 86_400), Int(UInt16.max))
  }
}

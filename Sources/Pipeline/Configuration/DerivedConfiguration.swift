import Foundation

extension Configuration {
  /// The same with one stage that is made already. Only this process has it: work is not isolated.
  package func withOnly(_ stage: any StageType) -> Configuration {
    var derived = self
    derived.stages = [ConfiguredStage(descriptor: type(of: stage).descriptor, stage: stage)]
    derived.run.isolation = .none
    return derived
  }

  /// The same with other stages, which workers in other processes then have too. What flags have changed stays.
  /// - Parameter change: gets the stages as they stand in the file, each an object with `use`.
  /// - Throws: `ConfigurationErrors` when the new stages are wrong.
  package func replacingStages(_ registry: StageRegistry, _ change: (inout [[String: Any]]) -> Void) throws -> Configuration {
    guard var root = try JSONSerialization.jsonObject(with: Data(source.bytes)) as? [String: Any],
      var stages = root["stages"] as? [[String: Any]]
    else { preconditionFailure("a checked configuration is an object with stages") }
    change(&stages)
    root["stages"] = stages
    let bytes = Array(try JSONSerialization.data(withJSONObject: root, options: .sortedKeys))
    var derived = try Configuration.load(bytes: bytes, path: source.path, folder: source.folder, registry: registry)
    derived.input = input
    derived.output = output
    derived.rejects = rejects
    derived.run = run
    derived.statePath = statePath
    return derived
  }
}

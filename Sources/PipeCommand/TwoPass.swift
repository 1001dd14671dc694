import Glibc
import Pipeline
import Stages

/// A run that learns the sites of its inputs before it cleans them. The profile lies with the batch, which is continued with the same, or
/// is thrown away.
struct TwoPass {
  private let configuration: Configuration
  private let profile: String
  /// Whether it goes with the run.
  private let isTemporary: Bool
  /// Whether an interrupted batch has learned already.
  private let isLearned: Bool

  /// - Throws: `ExitStatus` for a pipeline that cannot be run so.
  init(_ configuration: Configuration, restarts: Bool) throws {
    self.configuration = configuration
    guard ProfileLearning.hasBoilerplate(configuration) else {
      complain("error: --two-pass cleans by the \"boilerplate\" stage, and \(configuration.path) has none")
      throw ExitStatus.usage
    }
    if let path = configuration.input.paths.first(where: { !Self.canBeReadTwice($0) }) {
      complain("error: --two-pass reads its inputs twice, which cannot be done with \(path == "-" ? "standard input" : path)")
      throw ExitStatus.usage
    }
    if configuration.output.partSize != nil, let folder = configuration.output.path {
      profile = BatchStatus.innerPath(of: folder, "site.sqlite")
      isTemporary = false
      isLearned = !restarts && BatchStatus.isBatch(folder) && access(profile, F_OK) == 0
    } else {
      profile = (getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp") + "/pipe-profile-\(getpid()).sqlite"
      isTemporary = true
      isLearned = false
    }
  }

  /// Learns, and gives the pipeline that cleans with what was learned.
  func learn(date: String, begins: (PipelineRun) -> Void) async throws -> Configuration {
    if isTemporary {
      try await learnAnew(date, begins)
    } else if let folder = configuration.output.path {
      // Nobody else's run on the folder may lose its profile.
      try await BatchStatus.preparing(folder) {
        if !isLearned { try await learnAnew(date, begins) }
      }
    }
    return try ProfileLearning.using(profile, in: configuration, registry: AvailableStages.registry)
  }

  private func learnAnew(_ date: String, _ begins: (PipelineRun) -> Void) async throws {
    removeProfile()
    let growing = profile + ".partial"
    let known = try SiteProfile(path: growing)
    if let earlier = ProfileLearning.profile(of: configuration) { try known.merge(try SiteProfile(path: earlier, readOnly: true)) }
    let sum = try await PipeCommand.learn(
      configuration, profile: growing, date: date, acrossSites: ProfileLearning.countsAcrossSites(configuration), begins: begins)
    if let signal = sum.stoppedBySignal { throw ExitStatus.stopped(by: signal) }
    guard rename(growing, profile) == 0 else { throw IOError(profile, "cannot be named so") }
  }

  func end() {
    if isTemporary { removeProfile() }
  }

  private func removeProfile() {
    for suffix in ["", ".partial", ".partial-journal"] { unlink(profile + suffix) }
  }

  /// Whether it is a file or folder; what is not there is found out later.
  static func canBeReadTwice(_ path: String) -> Bool {
    if path == "-" { return false }
    var status = stat()
    return stat(path, &status) != 0 || [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
  }
}

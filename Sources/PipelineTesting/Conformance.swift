import Dispatch
import Glibc
import Pipeline

/// What every stage promises, whatever it does, tried on documents that break what was written with ordinary ones in mind.
///
///     let findings = try Conformance(#"{"stages": [{"use": "mood"}]}"#, registry: StageRegistry([Mood.self])).findings()
///     #expect(findings.isEmpty)
public struct Conformance {
  /// Something that a stage does not keep.
  public struct Finding: Sendable, Equatable, CustomStringConvertible {
    /// One of `Conformance.checks`.
    public let check: String
    /// The name of the document; nil where it is about none.
    public let document: String?
    public let message: String

    public var description: String { "\(check): \(document.map { "\"\($0)\": " } ?? "")\(message)" }
  }

  /// The names of all checks, with what each means.
  public static let checks: [(name: String, meaning: String)] = [
    ("repeatable", "the same document gives the same bytes: again, in another order, from another instance"),
    ("parallel", "documents that are worked on at once do not disturb each other"),
    ("spans", "blocks, sentences and entities lie in the text, in order, and break no code point"),
    ("accounted", "what is gone of the text is in the trail, byte for byte"),
    ("reasons", "every removal has a rule, and a reason that the descriptor lists"),
    ("time", "no document takes longer than the pipeline allows"),
    ("answers", "every document gets a verdict: a plugin neither fails over one nor answers what makes no sense"),
    ("options", "what is no option, and a value of the wrong type, is refused with its place"),
  ]

  private let registry: StageRegistry
  private let configuration: Configuration
  private let index: Int

  /// - Parameters:
  ///   - pipeline: a configuration; the stages before the one in question prepare the documents.
  ///   - stage: its number, from 1; the last when nil.
  /// - Throws: `ConfigurationErrors`, `NoSuchStage`.
  public init(_ pipeline: String, stage: Int? = nil, registry: StageRegistry) throws {
    let configuration = try Configuration.load(bytes: Array(pipeline.utf8), path: "pipeline", folder: "", registry: registry)
    try self.init(configuration, stage: stage, registry: registry)
  }

  /// - Throws: `NoSuchStage`.
  public init(_ configuration: Configuration, stage: Int? = nil, registry: StageRegistry) throws {
    self.registry = registry
    self.configuration = configuration
    index = (stage ?? configuration.stages.count) - 1
    guard configuration.stages.indices.contains(index) else { throw NoSuchStage(count: configuration.stages.count) }
  }

  public struct NoSuchStage: Error, CustomStringConvertible {
    let count: Int
    public var description: String { "the pipeline has \(count) stages; they are numbered from 1" }
  }

  /// The name of the stage in question.
  public var name: String { configuration.stages[index].descriptor.name }

  /// Tries everything.
  /// - Parameter largest: documents with more bytes are left out, for builds that are not optimised; the largest has a megabyte.
  /// - Throws: what making the stage anew throws.
  public func findings(largest: Int = .max) throws -> [Finding] {
    let documents = prepared(largest)
    let trial = Trial(configuration.stages[index], limit: configuration.run.timeLimit)
    let fresh = try configuration.replacingStages(registry) { _ in }.stages[index]
    var findings: [Finding] = []
    let first = documents.map { trial.outcome($0, &findings) }
    findings += repeated(trial, documents, first, Trial(fresh, limit: configuration.run.timeLimit))
    findings += inParallel(trial, documents, first)
    findings += refusals()
    return findings
  }

  /// The documents as the stages before leave them.
  private func prepared(_ largest: Int) -> [Document] {
    let before = configuration.stages[..<index]
    let asPages = configuration.stages[...index].contains { $0.descriptor.needs.contains(.content) }
    return ConformanceDocuments.all(asPages: asPages).compactMap { document in
      var document = document
      guard (document.text?.bytes ?? document.content?.bytes ?? []).count <= largest else { return nil }
      for configured in before {
        guard let stage = configured.stage as? any ProcessingStage else { continue }
        document.beginStage(configured.descriptor.name)
        guard (try? stage.process(&document)) == .pass else { return nil }
      }
      return document
    }
  }

  private func repeated(_ trial: Trial, _ documents: [Document], _ first: [[UInt8]], _ fresh: Trial) -> [Finding] {
    var findings: [Finding] = []
    func compare(_ trial: Trial, _ order: [Int], _ how: String) {
      var ignored: [Finding] = []
      for number in order where trial.outcome(documents[number], &ignored) != first[number] {
        findings.append(Finding(check: "repeatable", document: documents[number].id, message: "comes out differently \(how)"))
      }
    }
    let small = documents.indices.filter { !Self.isLarge(documents[$0]) }
    compare(trial, small, "the second time")
    compare(trial, small.reversed(), "in another order")
    compare(fresh, Array(documents.indices), "from another instance with the same options")
    return findings + trial.decisions(documents, fresh)
  }

  private func inParallel(_ trial: Trial, _ documents: [Document], _ first: [[UInt8]]) -> [Finding] {
    let rounds = 4
    let differences = Locked<Set<Int>>([])
    // A document is a value: each thread has a copy of its own.
    nonisolated(unsafe) let documents = documents
    let small = documents.indices.filter { !Self.isLarge(documents[$0]) }
    DispatchQueue.concurrentPerform(iterations: small.count * rounds) { turn in
      let number = small[(turn / rounds + turn % rounds * 7) % small.count]
      var ignored: [Finding] = []
      if trial.outcome(documents[number], &ignored) != first[number] { differences.withLock { _ = $0.insert(number) } }
    }
    return differences.withLock { $0 }.sorted().map {
      Finding(check: "parallel", document: documents[$0].id, message: "comes out differently beside other documents")
    }
  }

  /// Large ones are there for their time, and are not tried again and again.
  private static func isLarge(_ document: Document) -> Bool {
    (document.text?.bytes.count ?? document.content?.bytes.count ?? 0) > 50_000
  }

  // MARK: Options

  /// Options that are not in the descriptor, or of the wrong type, must be refused where they stand.
  private func refusals() -> [Finding] {
    let descriptor = configuration.stages[index].descriptor
    var attempts: [(name: String, value: any Sendable)] = [("noSuchOption", 1)]
    for option in descriptor.options where option.kind != .json {
      attempts.append((option.name, option.kind == .boolean ? "yes" : true))
    }
    return attempts.compactMap { name, value in
      do {
        let pointer = configuration.isProgram(index) ? "/stages/0/options/\(name)" : "/stages/0/\(name)"
        do {
          _ = try configuration.replacingStages(registry) { stages in
            var stage = stages[index]
            if configuration.isProgram(index) {
              var options = stage["options"] as? [String: Any] ?? [:]
              options[name] = value
              stage["options"] = options
            } else {
              stage[name] = value
            }
            stages = [stage]
          }
          return Finding(check: "options", document: nil, message: "\"\(name)\": \(value) is taken")
        } catch let errors as ConfigurationErrors {
          if errors.errors.contains(where: { $0.pointer.hasPrefix(pointer) && !$0.message.isEmpty }) { return nil }
          return Finding(
            check: "options", document: nil, message: "\"\(name)\": \(value) is refused, but the message names \(errors.errors[0].pointer)")
        }
      } catch {
        return Finding(check: "options", document: nil, message: "\"\(name)\": \(value) gives \(error)")
      }
    }
  }
}

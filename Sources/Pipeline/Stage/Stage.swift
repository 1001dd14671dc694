/// What a stage decided about a document.
public enum Verdict: Sendable, Equatable {
  /// The document goes on.
  case pass
  /// The document leaves the run with a reason; it is counted, and named in the rejects file.
  case drop(reason: String)
}

/// A stage that was made, and works.
public protocol WorkingStage: Sendable {
  /// Makes what is made once in a process, such as tables of words, so that it is not the first document's time and memory.
  ///
  /// Called before the first document in each process that works on documents; a process that only checks a configuration does without.
  func warmUp()
}

extension WorkingStage {
  public func warmUp() {}
}

/// What every stage in Swift tells about itself, and how it is made.
public protocol StageType: WorkingStage {
  /// Everything the engine, the command line and the documentation know about the stage.
  static var descriptor: StageDescriptor { get }

  /// Makes the stage from options that were checked against the descriptor.
  /// - Throws: `OptionProblem` for what the descriptor cannot express, such as a list file with a bad line.
  init(options: Options) throws
}

/// A stage at work whose verdict depends on the document alone: the same document gives the same verdict, on any worker, in any order.
///
/// A stage is a value shared by all workers; `process` may be called from several threads at once, each with a document of its own.
public protocol ProcessingStage: WorkingStage {
  /// Changes the document in place and decides about it.
  /// - Throws: any error; the document is then rejected with the stage's name and the error's description.
  func process(_ document: inout Document) throws -> Verdict
}

/// A processing stage in Swift: what most stages are.
public protocol Stage: StageType, ProcessingStage {}

/// A stage that needs to see documents in input order, such as one that finds repeats.
///
/// `prepare` is pure and runs in the workers. Its small values are decided on one by one, in input order, where the output is written.
public protocol OrderedStage: StageType {
  /// A small value that the decision needs, such as hashes of the text. It travels between processes: keep it under some kilobytes.
  func prepare(_ document: borrowing Document) throws -> [UInt8]
  /// What decides in one run.
  /// - Parameter memory: where it keeps what it must know of the documents before, which outlives the run.
  func makeDecider(memory: any StageMemory) throws -> any Decider

  /// Memories with the same key are of the same kind; the options that its records depend on belong to it. The stage's name by default.
  var memoryKey: String { get }
  /// How many earlier batches the memory goes back to, where the configuration has a state; 0 by default.
  var rememberedBatches: Int { get }
}

extension OrderedStage {
  public var memoryKey: String { Self.descriptor.name }
  public var rememberedBatches: Int { 0 }
}

/// An ordered stage at work. What must be known after this run goes to the stage's memory.
public protocol Decider {
  /// Called exactly once for each document that reached the stage, in input order, on one thread.
  /// - Parameter isLeaving: whether a later stage has dropped or rejected the document, so that it will not be in the output.
  mutating func decide(id: String, value: [UInt8], isLeaving: Bool) throws -> Decision

  /// Called when a run has come to its end, and not when it was stopped. Does nothing by default.
  mutating func finish() throws
}

extension Decider {
  public mutating func finish() throws {}
}

/// What an ordered stage decided: a verdict, and the cluster the document belongs to if there is one.
public struct Decision: Sendable, Equatable {
  public var verdict: Verdict
  public var cluster: String?

  public init(_ verdict: Verdict, cluster: String? = nil) {
    self.verdict = verdict
    self.cluster = cluster
  }
}

/// The one source for validation, `pipe stages`, schemas, the documentation and the order check.
public struct StageDescriptor: Sendable {
  /// What follows `"use":`, in lower case with hyphens.
  public let name: String
  /// One line.
  public let summary: String
  public let options: [OptionDescriptor]
  /// What the stage cannot work without.
  public let needs: Set<DocumentPart>
  /// What it makes.
  public let provides: Set<DocumentPart>
  /// What loses its meaning when the stage runs after it was made, because offsets move.
  public let invalidates: Set<DocumentPart>
  /// The reasons under which the stage removes text or drops documents, with what each means.
  public let reasons: [(name: String, meaning: String)]

  public init(
    name: String, summary: String, options: [OptionDescriptor] = [], needs: Set<DocumentPart> = [],
    provides: Set<DocumentPart> = [], invalidates: Set<DocumentPart> = [],
    reasons: [(name: String, meaning: String)] = []
  ) {
    self.name = name
    self.summary = summary
    self.options = options
    self.needs = needs
    self.provides = provides
    self.invalidates = invalidates
    self.reasons = reasons
  }
}

/// A stage that a configuration can name.
public struct StageKind: Sendable {
  public let descriptor: StageDescriptor
  let make: @Sendable (Options) throws -> any WorkingStage

  public init(_ type: any StageType.Type) {
    descriptor = type.descriptor
    make = { try type.init(options: $0) }
  }

  init(_ descriptor: StageDescriptor, make: @escaping @Sendable (Options) throws -> any WorkingStage) {
    self.descriptor = descriptor
    self.make = make
  }
}

/// The stages that a configuration can name.
public struct StageRegistry: Sendable {
  public let stages: [StageKind]

  public init(_ stages: [any StageType.Type]) {
    self.init(stages.map(StageKind.init))
  }

  public init(_ stages: [StageKind]) {
    self.stages = stages
  }

  public func stage(named name: String) -> StageKind? {
    stages.first { $0.descriptor.name == name }
  }

  public var names: [String] { stages.map { $0.descriptor.name } }
}

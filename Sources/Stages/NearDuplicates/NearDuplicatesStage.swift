import Pipeline

/// Finds documents whose text is that of an earlier one, or nearly.
public struct NearDuplicatesStage: OrderedStage {
  public static let descriptor = StageDescriptor(
    name: "near-duplicates",
    summary: "Drops or marks documents whose text is a copy of an earlier one's, or nearly.",
    options: [
      OptionDescriptor(
        "action", .choice(Action.allCases.map(\.rawValue)), default: .text("drop"),
        "What happens to later copies: `drop`, or `mark`, which keeps them. Either way `cluster` is the id of the earliest."),
      OptionDescriptor(
        "threshold", .number(0.2...1), default: .number(0.6),
        "How alike two texts are at least: the share of shingles that both have, of those that either has."),
      OptionDescriptor(
        "words", .integer(1...20), default: .integer(3), "How many words make a shingle; characters for Chinese and Japanese."),
      OptionDescriptor(
        "bands", .integer(1...Banding.mostBands),
        "How many bands a signature has: more make fewer needless comparisons and a larger index. Chosen by the threshold when absent."),
      OptionDescriptor(
        "nights", .integer(0...10_000), default: .integer(30),
        "With `state`: how many earlier batches documents are compared with."),
    ],
    needs: [.text], provides: [.cluster],
    reasons: [
      ("duplicate", "the same words as an earlier document"),
      ("near-duplicate", "nearly the words of an earlier document"),
    ])

  enum Action: String, CaseIterable, Sendable {
    case drop, mark
  }

  private let action: Action
  let threshold: Double
  private let width: Int
  private let banding: Banding
  public let rememberedBatches: Int

  public init(options: Options) throws {
    action = Action(rawValue: options.text("action") ?? "") ?? .drop
    threshold = options.number("threshold") ?? 0.6
    width = options.int("words") ?? 3
    if let bands = options.int("bands") {
      let needed = Banding.bandsNeeded(threshold, 1)
      guard bands >= needed else {
        throw OptionProblem("bands", "with \(bands), copies at the threshold \(threshold) are missed; at least \(needed) are needed")
      }
    }
    banding = Banding(threshold: threshold, bands: options.int("bands"))
    rememberedBatches = options.int("nights") ?? 30
  }

  /// Signatures can only be compared with others that were made the same way; and no other pipeline's `nights` end this one's memory.
  public var memoryKey: String {
    "\(Self.descriptor.name) 1, words \(width), bands \(banding.bands), rows \(banding.rows), nights \(rememberedBatches)"
  }

  public func prepare(_ document: borrowing Document) throws -> [UInt8] {
    guard let text = document.text else { return [] }
    var words = WordShingles()
    words.read(text, width: width)
    // A text without words is like no other.
    return words.wordCount == 0 ? [] : Signature(words, banding).bytes
  }

  public func makeDecider(memory: any StageMemory) throws -> any Decider {
    Finder(index: try index(memory), stage: self)
  }

  /// - Throws: `IOError`, `DamagedRecord`.
  func index(_ memory: any StageMemory) throws -> DuplicateIndex { try DuplicateIndex(threshold: threshold, memory: memory) }

  /// What `prepare` has made of a text with words.
  /// - Throws: `DamagedRecord`.
  func signature(_ value: [UInt8]) throws -> Signature { try Signature(value, bands: banding.bands) }

  private struct Finder: Decider {
    var index: DuplicateIndex
    let stage: NearDuplicatesStage

    mutating func decide(id: String, value: [UInt8], isLeaving: Bool) throws -> Decision {
      // What is not in the output cannot stand for what would be dropped.
      guard !value.isEmpty, !isLeaving else { return Decision(.pass) }
      let signature = try stage.signature(value)
      guard let match = try index.match(signature) else {
        try index.insert(signature, id: id)
        return Decision(.pass)
      }
      let cluster = try index.id(of: match.document)
      switch stage.action {
      case .mark: return Decision(.pass, cluster: cluster)
      case .drop: return Decision(.drop(reason: match.isExact ? "duplicate" : "near-duplicate"), cluster: cluster)
      }
    }
  }
}

import CWorkerGuard

/// What a worker made of a frame, in plain values that can cross to another process.
package struct FramedResult: Sendable {
  enum Outcome: Sendable {
    /// A line of the output, and the place in it for the cluster; a file's content where each document has one.
    case passed(line: [UInt8], clusterOffset: Int)
    /// By the stage with this index.
    case dropped(stage: Int, reason: String)
    /// By the stage with this index; nil before the first stage or after the last.
    case rejected(stage: Int?, place: String, reason: String)
    /// An earlier batch has read the same content, and only new documents are wanted.
    case seen

    var isRejected: Bool {
      if case .rejected = self { true } else { false }
    }
  }

  let id: String
  let source: String
  let position: Int?
  /// Where the document stands in the run.
  let place: InputPlace
  var outcome: Outcome
  /// What ordered stages prepared, by their index.
  let prepared: [(stage: Int, value: [UInt8])]
  /// How many removals and notes each stage made, by stage name and reason.
  let removals: [RemovalKey: Int]
  /// The bytes that went in, where rejects keep them.
  let content: [UInt8]?
  /// Why a worker process ended over the document; nil where none did.
  let failure: WorkerFailure?
  /// What stands for the content, where contents are remembered.
  var contentHash: ContentHash?
}

extension FramedResult {
  /// For a frame that no worker was there for.
  init(rejecting frame: FramedDocument, reason: String) {
    self.init(
      id: DocumentDecoder.fallbackID(frame), source: frame.source, position: frame.position, place: frame.place,
      outcome: .rejected(stage: nil, place: "input", reason: reason), prepared: [], removals: [:], content: nil, failure: nil)
  }
}

/// A kind of removal, or a note.
struct RemovalKey: Hashable, Sendable {
  let stage: String
  let reason: String
  var isNote = false
}

/// Carries one document through all stages: a function from a frame to a result, without any other effect.
///
/// One worker serves one thread; it shares nothing but the stages, which are values.
struct Worker {
  private let stages: [ConfiguredStage]
  private let decoder: DocumentDecoder
  private let encoder: DocumentEncoder
  private let output: OutputConfiguration
  private let keepsContent: Bool
  /// Attachments are freed behind the last stage that reads the page.
  private let lastPageStage: Int
  /// Where the parent of a worker process sees what is being done; nil in a process of one's own.
  private let page: StatusPage?

  /// Where the contents of documents are looked up; nil where none are kept.
  private let seen: SeenContents?
  private let onlyNew: Bool

  /// - Throws: `IOError` when what is remembered of earlier batches cannot be read.
  init(configuration: Configuration, remembering: Remembering? = nil, page: StatusPage? = nil) throws {
    self.page = page
    seen = try remembering.map { SeenContents(try StateFile(lookUpIn: $0.path, token: $0.token)) }
    onlyNew = remembering?.onlyNew ?? false
    stages = configuration.stages
    decoder = DocumentDecoder(input: configuration.input, documentLimit: configuration.run.documentLimit)
    encoder = DocumentEncoder(output: configuration.output)
    output = configuration.output
    keepsContent = configuration.rejects.keepContent
    lastPageStage = stages.lastIndex { $0.descriptor.needs.contains(.content) } ?? -1
  }

  /// A document between two stages.
  final class Passage {
    fileprivate let frame: FramedDocument
    fileprivate var document: Document
    fileprivate let raw: [UInt8]
    fileprivate let hash: ContentHash?
    fileprivate var prepared: [(stage: Int, value: [UInt8])] = []
    /// The stage that comes next.
    fileprivate var next = 0

    fileprivate init(_ frame: FramedDocument, _ document: consuming Document, _ raw: [UInt8], _ hash: ContentHash?) {
      self.frame = frame
      self.document = document
      self.raw = raw
      self.hash = hash
    }
  }

  /// How far a document has come.
  enum Step {
    case done(FramedResult)
    /// The program of a stage is asked before the document can go on.
    case asks(stage: Int, question: [UInt8], Passage)
  }

  /// Carries a document up to its end, or to a stage whose program is to be asked.
  func begin(_ frame: FramedDocument) -> Step {
    var raw: [UInt8] = []
    let document: Document
    do {
      document = try decoder.decode(frame, raw: &raw)
    } catch {
      return .done(
        result(
          frame, error.id ?? DocumentDecoder.fallbackID(frame), .rejected(stage: nil, place: "input", reason: error.reason), [], [:], raw))
    }
    page?.id = document.id
    let hash = seen?.hash(document.content?.bytes ?? document.text?.bytes ?? [])
    let passage = Passage(frame, document, raw, hash)
    return isKnown(hash) ? .done(finished(passage, .seen)) : advance(passage)
  }

  /// Goes on with a document about which a program was asked.
  func resume(_ passage: Passage, _ reply: PluginPool.Reply) -> Step {
    guard let stage = stages[passage.next].stage as? ExecStage else { preconditionFailure("the stage asks nobody") }
    page?.id = passage.document.id
    let index = passage.next
    if let page { worker_guard_stage(page.status, Int32(index)) }
    let verdict = judge(index) { try stage.apply(reply, to: &passage.document) }
    if let outcome = pass(verdict, index, passage) { return .done(finished(passage, outcome)) }
    return advance(passage)
  }

  private func finished(_ passage: Passage, _ outcome: FramedResult.Outcome) -> FramedResult {
    var removals: [RemovalKey: Int] = [:]
    for entry in passage.document.trail {
      if entry.isNote {
        removals[RemovalKey(stage: entry.stage, reason: "\(entry.reason) (\(entry.rule))", isNote: true)] = 1
      } else if !entry.kept || entry.block != nil {
        // A remark removes nothing.
        removals[RemovalKey(stage: entry.stage, reason: entry.reason), default: 0] += 1
      }
    }
    var result = result(passage.frame, passage.document.id, outcome, passage.prepared, removals, passage.raw)
    result.contentHash = passage.hash
    return result
  }

  /// Whether another batch has read the content, and that matters. Where it cannot be looked up, the document is worked on.
  private func isKnown(_ hash: ContentHash?) -> Bool {
    guard onlyNew, let seen, let hash else { return false }
    return (try? seen.contains(hash)) ?? false
  }

  private func result(
    _ frame: FramedDocument, _ id: String, _ outcome: FramedResult.Outcome,
    _ prepared: [(stage: Int, value: [UInt8])], _ removals: [RemovalKey: Int], _ raw: [UInt8]
  ) -> FramedResult {
    var content: [UInt8]?
    if keepsContent {
      if case .passed = outcome {} else { content = raw }
    }
    return FramedResult(
      id: id, source: frame.source, position: frame.position, place: frame.place, outcome: outcome, prepared: prepared,
      removals: removals, content: content, failure: nil)
  }

  private func advance(_ passage: Passage) -> Step {
    while passage.next < stages.count {
      let index = passage.next
      let name = stages[index].descriptor.name
      passage.document.beginStage(name)
      if let page { worker_guard_stage(page.status, Int32(index)) }
      if stages[index].descriptor.needs.contains(.text), passage.document.text == nil {
        let reason =
          "the document is a page and has no text yet: put a stage that makes text, such as \"article\", before \"\(name)\""
        return .done(finished(passage, .rejected(stage: index, place: name, reason: reason)))
      }
      if let stage = stages[index].stage as? ExecStage {
        let question = stage.question(about: passage.document)
        return .asks(stage: index, question: question, passage)
      }
      let verdict = judge(index) {
        switch stages[index].stage {
        case let stage as any ProcessingStage: return try stage.process(&passage.document)
        case let stage as any OrderedStage:
          passage.prepared.append((index, try stage.prepare(passage.document)))
          return .pass
        default: preconditionFailure("\(name) is neither a ProcessingStage nor an OrderedStage")
        }
      }
      if let outcome = pass(verdict, index, passage) { return .done(finished(passage, outcome)) }
    }
    return .done(finished(passage, encoded(passage.document, passage.raw)))
  }

  /// What a stage decided; a document over which it fails is rejected.
  private func judge(_ index: Int, _ work: () throws -> Verdict) -> FramedResult.Outcome? {
    do {
      if case .drop(let reason) = try work() { return .dropped(stage: index, reason: reason) }
      return nil
    } catch {
      return .rejected(stage: index, place: stages[index].descriptor.name, reason: "\(error)")
    }
  }

  /// Leaves a stage behind, unless the document ends there.
  private func pass(_ outcome: FramedResult.Outcome?, _ index: Int, _ passage: Passage) -> FramedResult.Outcome? {
    if let outcome { return outcome }
    if index == lastPageStage { passage.document.freeAttachments() }
    passage.next += 1
    return nil
  }

  private func encoded(_ document: Document, _ raw: [UInt8]) -> FramedResult.Outcome {
    if let page { worker_guard_stage(page.status, -1) }
    if document.text == nil {
      return .rejected(
        stage: nil, place: "output",
        reason: "the page was never turned into text: add a stage that does, such as \"article\"")
    }
    if output.isVerbatim { return .passed(line: raw.last == 0x0A ? raw : raw + [0x0A], clusterOffset: 0) }
    switch output.format {
    case .jsonl:
      let (line, clusterOffset) = encoder.encode(document)
      return .passed(line: line, clusterOffset: clusterOffset)
    case .markdown:
      return .passed(line: MarkdownEncoder(links: output.links, images: output.images).encode(document), clusterOffset: 0)
    case .text:
      let text = document.text.map { RenderedText($0).bytes } ?? []
      return .passed(line: text.isEmpty || text.last == 0x0A ? text : text + [0x0A], clusterOffset: 0)
    }
  }
}

/// What a worker made of a frame, in plain values that can cross to another process.
package struct FramedResult: Sendable {
  enum Outcome: Sendable {
    /// A line of the output, and the place in it for the cluster; a file's content where each document has one.
    case passed(line: [UInt8], clusterOffset: Int)
    /// By the stage with this index.
    case dropped(stage: Int, reason: String)
    /// By the stage with this index; nil before the first stage or after the last.
    case rejected(stage: Int?, place: String, reason: String)
  }

  let id: String
  let source: String
  let position: Int?
  let outcome: Outcome
  /// What ordered stages prepared, by their index.
  let prepared: [(stage: Int, value: [UInt8])]
  /// How many removals each stage made, by stage name and reason.
  let removals: [RemovalKey: Int]
  /// The bytes that went in, where rejects keep them.
  let content: [UInt8]?
}

/// A kind of removal.
struct RemovalKey: Hashable, Sendable {
  let stage: String
  let reason: String
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

  init(configuration: Configuration) {
    stages = configuration.stages
    decoder = DocumentDecoder(input: configuration.input, documentLimit: configuration.run.documentLimit)
    encoder = DocumentEncoder(output: configuration.output)
    output = configuration.output
    keepsContent = configuration.rejects.keepContent
    lastPageStage = stages.lastIndex { $0.descriptor.needs.contains(.content) } ?? -1
  }

  func run(_ frame: FramedDocument) -> FramedResult {
    var raw: [UInt8] = []
    do {
      var document = try decoder.decode(frame, raw: &raw)
      var prepared: [(stage: Int, value: [UInt8])] = []
      let outcome = run(&document, &prepared)
      var removals: [RemovalKey: Int] = [:]
      for entry in document.trail {
        // A remark removes nothing.
        if entry.kept, entry.block == nil { continue }
        removals[RemovalKey(stage: entry.stage, reason: entry.reason), default: 0] += 1
      }
      return result(frame, document.id, outcome, prepared, removals, raw)
    } catch {
      return result(
        frame, error.id ?? DocumentDecoder.fallbackID(frame), .rejected(stage: nil, place: "input", reason: error.reason), [], [:],
        raw)
    }
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
      id: id, source: frame.source, position: frame.position, outcome: outcome, prepared: prepared,
      removals: removals, content: content)
  }

  private func run(_ document: inout Document, _ prepared: inout [(stage: Int, value: [UInt8])])
    -> FramedResult.Outcome
  {
    for (index, configured) in stages.enumerated() {
      let name = configured.descriptor.name
      document.stageName = name
      if configured.descriptor.needs.contains(.text), document.text == nil {
        return .rejected(
          stage: index, place: name,
          reason: "the document is a page and has no text yet: put a stage that makes text, such as \"article\", before \"\(name)\""
        )
      }
      do {
        switch configured.stage {
        case let stage as any Stage:
          if case .drop(let reason) = try stage.process(&document) { return .dropped(stage: index, reason: reason) }
        case let stage as any OrderedStage:
          prepared.append((index, try stage.prepare(document)))
        default: preconditionFailure("\(name) is neither a Stage nor an OrderedStage")
        }
      } catch {
        return .rejected(stage: index, place: name, reason: "\(error)")
      }
      if index == lastPageStage { document.freeAttachments() }
    }
    if document.text == nil {
      return .rejected(
        stage: nil, place: "output",
        reason: "the page was never turned into text: add a stage that does, such as \"article\"")
    }
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

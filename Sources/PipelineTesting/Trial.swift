import Glibc
import Pipeline

/// One stage, tried on documents.
struct Trial: Sendable {
  private typealias Finding = Conformance.Finding

  private let configured: ConfiguredStage
  /// In milliseconds.
  private let limit: Int
  private let reasons: Set<String>
  private let encoder = DocumentEncoder(output: .everything)

  init(_ configured: ConfiguredStage, limit: Int) {
    self.configured = configured
    self.limit = limit
    reasons = Set(configured.descriptor.reasons.map(\.name))
  }

  /// All that comes of a document, as bytes to be compared.
  func outcome(_ input: Document, _ findings: inout [Conformance.Finding]) -> [UInt8] {
    var document = input
    document.beginStage(configured.descriptor.name)
    if configured.descriptor.needs.contains(.text), document.text == nil { return [] }
    let start = Clock.processorTime()
    defer {
      let took = (Clock.processorTime() - start) / 1_000_000
      if took > limit { findings.append(Finding(check: "time", document: input.id, message: "took \(took) ms; the limit is \(limit) ms")) }
    }
    do {
      switch configured.stage {
      case let stage as any ProcessingStage:
        let verdict = try stage.process(&document)
        check(input, document, verdict, &findings)
        return Array("\(verdict)\n".utf8) + encoder.encode(document).line
      case let stage as any OrderedStage: return try stage.prepare(document)
      default: return []
      }
    } catch {
      if let fault = error as? any PluginFault, fault.isFault {
        findings.append(Finding(check: "answers", document: input.id, message: "\(error)"))
      }
      return Array("fails: \(error)".utf8)
    }
  }

  /// An ordered stage decides the same about the same documents.
  func decisions(_ documents: [Document], _ other: Trial) -> [Conformance.Finding] {
    guard let one = configured.stage as? any OrderedStage, let two = other.configured.stage as? any OrderedStage else { return [] }
    var findings: [Finding] = []
    func all(_ stage: any OrderedStage) throws -> [Decision] {
      var decider = try stage.makeDecider(memory: TemporaryMemory())
      return try (documents + documents).map { document in
        try decider.decide(id: document.id, value: try stage.prepare(document), isLeaving: false)
      }
    }
    do {
      let decided = try all(one)
      if decided != (try all(two)) {
        findings.append(
          Finding(check: "repeatable", document: nil, message: "decides differently from another instance with the same options"))
      }
      for case .drop(let reason) in decided.map(\.verdict) where !reasons.contains(reason) {
        findings.append(Finding(check: "reasons", document: nil, message: "\"\(reason)\" is not among those of the descriptor"))
      }
    } catch {
      findings.append(Finding(check: "repeatable", document: nil, message: "cannot decide: \(error)"))
    }
    return findings
  }

  private func check(_ before: Document, _ after: Document, _ verdict: Verdict, _ findings: inout [Finding]) {
    func find(_ check: String, _ message: String) { findings.append(Finding(check: check, document: before.id, message: message)) }
    if case .drop(let reason) = verdict, !reasons.contains(reason) {
      find("reasons", "drops for \"\(reason)\", which is not among those of the descriptor")
    }
    let entries = after.trail.dropFirst(before.trail.count)
    for entry in entries {
      if !reasons.contains(entry.reason) { find("reasons", "removes for \"\(entry.reason)\", which is not among those of the descriptor") }
      if entry.rule.isEmpty { find("reasons", "removes for \"\(entry.reason)\" by no rule") }
    }
    guard let text = after.text else { return }
    checkSpans(text, after, find)
    guard let old = before.text, after.textVersion == before.textVersion else { return }
    if old.bytes != text.bytes || old.blocks.count != text.blocks.count {
      return find("accounted", "changes the text without setting a new one")
    }
    for (index, (was, now)) in zip(old.blocks, text.blocks).enumerated() where was.isKept {
      let gone = now.isKept ? was.range.count - now.range.count : was.range.count
      let told = entries.filter { $0.block == index && !$0.kept }.reduce(0) { $0 + $1.text.utf8.count }
      if gone != told { find("accounted", "block \(index) has lost \(gone) bytes, and the trail tells of \(told)") }
    }
  }

  private func checkSpans(_ text: BlockText, _ document: Document, _ find: (String, String) -> Void) {
    func isBoundary(_ offset: Int) -> Bool {
      offset >= 0 && offset <= text.bytes.count && (offset == text.bytes.count || text.bytes[offset] & 0xC0 != 0x80)
    }
    for (kind, ranges) in [
      ("block", text.blocks.map(\.range)), ("sentence", document.sentences ?? []), ("entity", (document.entities ?? []).map(\.range)),
    ] {
      for range in ranges where !isBoundary(range.lowerBound) || !isBoundary(range.upperBound) {
        find("spans", "a \(kind) at \(range) lies outside the text or breaks a code point")
      }
      for (one, next) in zip(ranges, ranges.dropFirst())
      where kind == "entity" ? one.lowerBound > next.lowerBound : one.upperBound > next.lowerBound {
        find("spans", "a \(kind) at \(next) stands before the end of the one at \(one)")
      }
    }
  }
}

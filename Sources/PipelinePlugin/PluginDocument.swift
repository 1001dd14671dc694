import CPipelinePlugin

/// A document in the hands of a stage, valid until `process` returns. Offsets count bytes of the text.
///
/// What makes no sense, such as a range outside the text, rejects the document with what was wrong.
public struct PluginDocument {
  private let view: UnsafePointer<pipeline_document>
  private let calls: UnsafePointer<pipeline_calls>
  private let context: UnsafeMutableRawPointer?

  init(_ view: UnsafePointer<pipeline_document>, _ calls: UnsafePointer<pipeline_calls>, _ context: UnsafeMutableRawPointer?) {
    self.view = view
    self.calls = calls
    self.context = context
  }

  public var id: String { Self.string(view.pointee.id) ?? "" }
  public var url: String? { Self.string(view.pointee.url) }
  public var title: String? { Self.string(view.pointee.title) }
  /// A BCP 47 tag in lower case.
  public var language: String? { Self.string(view.pointee.language) }

  /// The text with everything that earlier stages have dropped, as it lies in memory.
  public var text: UnsafeBufferPointer<UInt8> { Self.bytes(view.pointee.text) }
  /// The page; empty unless the descriptor needs "content".
  public var content: UnsafeBufferPointer<UInt8> { Self.bytes(view.pointee.content) }
  public var blocks: UnsafeBufferPointer<pipeline_block> { .init(start: view.pointee.blocks, count: view.pointee.block_count) }
  /// Empty unless the descriptor needs "sentences".
  public var sentences: UnsafeBufferPointer<pipeline_range> { .init(start: view.pointee.sentences, count: view.pointee.sentence_count) }
  /// Empty unless the descriptor needs "entities".
  public var entities: UnsafeBufferPointer<pipeline_entity> { .init(start: view.pointee.entities, count: view.pointee.entity_count) }

  /// The bytes of a block that is kept; empty for another.
  public func bytes(of block: pipeline_block) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: text[block.is_kept == 0 ? block.start..<block.start : block.start..<block.end])
  }

  // MARK: Calls

  public func drop(reason: String) { calls.pointee.drop_document(context, reason) }

  public func drop(block: Int, reason: String, rule: String) { calls.pointee.drop_block(context, block, reason, rule) }

  public func trim(block: Int, to range: Range<Int>, reason: String, rule: String) {
    calls.pointee.trim_block(context, block, range.lowerBound, range.upperBound, reason, rule)
  }

  public func mark(block: Int, reason: String, rule: String) { calls.pointee.mark_block(context, block, reason, rule) }

  public func addSentence(_ range: Range<Int>) { calls.pointee.add_sentence(context, range.lowerBound, range.upperBound) }

  public func addEntity(_ range: Range<Int>, label: String, id: String? = nil, score: Double? = nil) {
    calls.pointee.add_entity(context, range.lowerBound, range.upperBound, label, id, score ?? -1)
  }

  /// Sets a fact by the name it has in the output; nil takes it away.
  public func setMetadata(_ name: String, _ value: String?) { calls.pointee.set_metadata(context, name, value) }

  /// Sets a value of `extra`, as JSON; nil takes it away.
  public func setExtra(_ name: String, json: String?) { calls.pointee.set_extra(context, name, json) }

  public func setExtra(_ name: String, _ value: Int) { setExtra(name, json: String(value)) }

  public func setExtra(_ name: String, _ value: Double) { setExtra(name, json: value.isFinite ? "\(value)" : "null") }

  public func setText(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { calls.pointee.set_text(context, $0.baseAddress, $0.count) }
    }
  }

  private static func bytes(_ text: pipeline_string) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
      start: UnsafeRawPointer(text.bytes)?.assumingMemoryBound(to: UInt8.self), count: text.bytes == nil ? 0 : text.length)
  }

  private static func string(_ text: pipeline_string) -> String? {
    text.bytes == nil ? nil : String(decoding: bytes(text), as: UTF8.self)
  }
}

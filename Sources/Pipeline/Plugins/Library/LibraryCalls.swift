import CPipelinePlugin

/// What a plugin's library says while one of its functions is at work. Each kind of function takes some calls, and notes the others as wrong.
class LibraryCall {
  /// The first thing that was wrong.
  private(set) var problem: (any Error)?

  /// A call that makes no sense, or that the plugin made to fail.
  struct Fault: PluginFault, CustomStringConvertible {
    let description: String
    let isFault: Bool
  }

  final func note(_ error: any Error) { problem = problem ?? error }

  final func fault(_ message: String) { note(Fault(description: message, isFault: true)) }

  func refuse(_ option: String, _ message: String) { fault("the library refused an option in the middle of its work") }
  func drop(_ reason: String) { misplaced() }
  func drop(_ block: Int, _ reason: String, _ rule: String) { misplaced() }
  func trim(_ block: Int, _ range: Range<Int>?, _ reason: String, _ rule: String) { misplaced() }
  func mark(_ block: Int, _ reason: String, _ rule: String) { misplaced() }
  func addSentence(_ range: Range<Int>?) { misplaced() }
  func addEntity(_ range: Range<Int>?, _ label: String, _ id: String?, _ score: Double) { misplaced() }
  func setMetadata(_ name: String, _ value: String?) { misplaced() }
  func setExtra(_ name: String, _ json: String?) { misplaced() }
  func setText(_ bytes: [UInt8]) { misplaced() }

  private func misplaced() { fault("the library worked on a document where there is none") }
}

/// While an instance is made.
final class LibraryCreation: LibraryCall {
  override func refuse(_ option: String, _ message: String) { note(OptionProblem(option, message)) }
}

/// The functions that plugins call.
enum LibraryCalls {
  static let table = pipeline_calls(
    fail: { call($0).note(LibraryCall.Fault(description: text($1) ?? "the library failed, and does not say why", isFault: false)) },
    refuse_option: { call($0).refuse(text($1) ?? "", text($2) ?? "") },
    drop_document: { call($0).drop(text($1) ?? "") },
    drop_block: { call($0).drop(Int(clamping: $1), text($2) ?? "", text($3) ?? "") },
    trim_block: { call($0).trim(Int(clamping: $1), range($2, $3), text($4) ?? "", text($5) ?? "") },
    mark_block: { call($0).mark(Int(clamping: $1), text($2) ?? "", text($3) ?? "") },
    add_sentence: { call($0).addSentence(range($1, $2)) },
    add_entity: { call($0).addEntity(range($1, $2), text($3) ?? "", text($4), $5) },
    set_metadata: { call($0).setMetadata(text($1) ?? "", text($2)) },
    set_extra: { call($0).setExtra(text($1) ?? "", text($2)) },
    set_text: { context, bytes, length in
      guard length >= 0, bytes != nil || length == 0 else {
        return call(context).fault("the library set a text of no bytes, or of too many")
      }
      call(context).setText(Array(UnsafeRawBufferPointer(start: bytes, count: length)))
    })

  private static func call(_ context: UnsafeMutableRawPointer?) -> LibraryCall {
    Unmanaged<LibraryCall>.fromOpaque(context!).takeUnretainedValue()
  }

  /// Invalid UTF-8 is repaired.
  private static func text(_ bytes: UnsafePointer<CChar>?) -> String? { bytes.map { String(cString: $0) } }

  private static func range(_ start: Int, _ end: Int) -> Range<Int>? { start >= 0 && start < end ? start..<end : nil }
}

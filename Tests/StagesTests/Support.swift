import Glibc
import Testing

@testable import Pipeline
@testable import Stages

/// A built-in stage with options from JSON text.
func stage(_ use: String, _ options: String = "") throws -> any Stage {
  let text = #"{"stages": [{"use": "\#(use)"\#(options.isEmpty ? "" : ", " + options)}]}"#
  let configuration = try Configuration.load(bytes: Array(text.utf8), path: "test.json", folder: "", registry: BuiltInStages.registry)
  return try #require(configuration.stages.first?.stage as? any Stage)
}

extension Document {
  static func plain(_ text: String) -> Document {
    var document = Document(id: "d", source: "test")
    document.setText(BlockText(plain: Array(text.utf8)))
    return document
  }

  static func page(_ html: String) -> Document {
    var document = Document(id: "d", source: "test")
    document.content = RawContent(bytes: Array(html.utf8), charset: "utf-8")
    return document
  }

  /// The same after stages, each given as a name and its options.
  func after(_ stages: any Stage...) throws -> Document {
    var result = self
    for stage in stages { _ = try stage.process(&result) }
    return result
  }

  var rendered: String { text.map { String(decoding: RenderedText($0).bytes, as: UTF8.self) } ?? "" }

  /// Kept blocks with their kinds.
  var shape: [String] {
    guard let text else { return [] }
    return text.blocks.filter(\.isKept).map { "\($0.kind.rawValue): \(text.string($0.range))" }
  }
}

/// Of this thread, in seconds: what else the machine does is not counted.
func processorTime(_ work: () throws -> Void) rethrows -> Double {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
  let start = now()
  try work()
  return now() - start
}

import Pipeline
import Stages

/// The stages that a page goes through, made once.
private let stages: [any Stage] = {
  let names = ["article", "metadata", "language", "normalize", "boilerplate", "translation-notes", "sentences", "entities"]
  return names.map { name in
    let type = BuiltInStages.registry.stage(named: name)!
    var options = Options(defaultsOf: type.descriptor.options)
    if name == "article" {
      options["sites"] = .sections(["*": Options(["content": .none, "remove": .texts([".promo > a, div[class^=ad] p", "#newsletter"])])])
    }
    return try! type.init(options: options) as! any Stage
  }
}()

/// One input of libFuzzer: a page, or a text where the first byte is a `#`. Any crash, trap or broken promise ends the process.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  var document = Document(id: "fuzz", source: "fuzz")
  if bytes.first == UInt8(ascii: "#") {
    document.setText(BlockText(plain: UTF8Text.repaired(Array(bytes.dropFirst()))))
  } else {
    document.content = RawContent(bytes: bytes)
  }
  for stage in stages { _ = try? stage.process(&document) }
  guard let text = document.text else { return 0 }
  let rendered = RenderedText(text)
  precondition(UTF8Text.isValid(rendered.bytes), "the text is not UTF-8")
  var end = 0
  for range in document.sentences ?? [] {
    precondition(range.lowerBound >= end && !range.isEmpty && range.upperBound <= text.bytes.count, "sentences overlap")
    end = range.upperBound
  }
  for entity in document.entities ?? [] { precondition(entity.range.upperBound <= text.bytes.count, "an entity beyond the text") }
  return 0
}

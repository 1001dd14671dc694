@testable import Pipeline

extension Document {
  static func plain(_ text: String, id: String = "d") -> Document {
    var document = Document(id: id, source: "test")
    document.setText(BlockText(plain: Array(text.utf8)))
    return document
  }

  var rendered: String { text.map { String(decoding: RenderedText($0).bytes, as: UTF8.self) } ?? "" }
}

@testable import Pipeline

extension Document {
  static func plain(_ text: String, id: String = "d") -> Document {
    var document = Document(id: id, source: "test")
    document.setText(BlockText(plain: Array(text.utf8)))
    return document
  }

  var rendered: String { text.map { String(decoding: RenderedText($0).bytes, as: UTF8.self) } ?? "" }
}

/// Bytes in pieces of a given size.
final class PieceSource: ByteSource {
  let name = "pieces"
  private var rest: ArraySlice<UInt8>
  private let piece: Int

  init(_ bytes: [UInt8], piece: Int) {
    rest = bytes[...]
    self.piece = piece
  }

  convenience init(_ text: String, piece: Int) {
    self.init(Array(text.utf8), piece: piece)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = min(piece, buffer.count, rest.count)
    buffer.copyBytes(from: rest.prefix(count))
    rest = rest.dropFirst(count)
    return count
  }
}

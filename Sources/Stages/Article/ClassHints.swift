import Pipeline

/// What the class of an element says about its content.
enum ClassHints {
  private static let caption = Array("caption".utf8)
  private static let captionEndings = ["caption", "caption-text", "caption__text"].map { Array($0.utf8) }

  /// Whether a class of an element calls it a caption: `photo-caption`, but not `caption-list`. Linear in the length of its classes.
  static func isCaption(_ page: Page, _ node: Int) -> Bool {
    guard let name = page.attributeBytes(.cls, of: node), name.count >= caption.count else { return false }
    return name.withUnsafeBufferPointer { bytes in
      var index = 0
      while index + caption.count <= bytes.count {
        guard bytes[index] == UInt8(ascii: "c"), caption.indices.allSatisfy({ bytes[index + $0] == caption[$0] }) else {
          index += 1
          continue
        }
        var end = index
        while end < bytes.count, !UTF8Text.isSpace(bytes[end]) { end += 1 }
        if captionEndings.contains(where: { $0.elementsEqual(bytes[index..<end]) }) { return true }
        index += 1
      }
      return false
    }
  }
}

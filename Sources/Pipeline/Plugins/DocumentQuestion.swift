import Foundation

/// What a program is told about a document: the fields of its line, without the brace at the front.
struct DocumentQuestion {
  private let needsContent: Bool
  private let annotations: Set<DocumentPart>
  private let encoder: DocumentEncoder

  init(_ stage: StageDescriptor) {
    needsContent = stage.needs.contains(.content)
    // What it makes anew it may want to add to.
    annotations = stage.needs.union(stage.provides).intersection([.sentences, .entities])
    encoder = DocumentEncoder(output: .forPlugins, writesEmpty: true)
  }

  /// Ends with the closing brace and a newline. O(length).
  func bytes(_ document: borrowing Document) -> [UInt8] {
    var json = JSONOutput(capacity: DocumentEncoder.size(document) + (needsContent ? (document.content?.bytes.count ?? 0) * 9 / 8 : 0))
    _ = encoder.encode(document, into: &json, annotations)
    if needsContent, let content = document.content {
      if UTF8Text.isValid(content.bytes) {
        json.key("content")
        json.string(utf8: content.bytes)
      } else {
        json.key("contentBase64")
        json.string(Data(content.bytes).base64EncodedString())
      }
      if let charset = content.charset {
        json.key("charset")
        json.string(charset)
      }
    }
    json.endObject()
    json.newline()
    return json.bytes
  }
}

extension OutputConfiguration {
  /// What plugins are told.
  static var forPlugins: OutputConfiguration {
    var options = Options(defaultsOf: Configuration.outputKeys)
    options["blocks"] = .boolean(true)
    return OutputConfiguration(options)
  }
}

/// A page of a web archive.
struct WARCPage: Sendable {
  /// Why a record is no page.
  struct Failure: Error {
    let reason: String
  }

  /// The WARC-Record-ID without its angle brackets; empty where the record has none.
  var id: String
  var url: String?
  /// When it was fetched, as ISO 8601, as it stands in the record.
  var date: String?
  /// The label of the encoding that the server named.
  var charset: String?
  /// Whether it is plain text, and no markup.
  var isText: Bool
  /// The content without any coding of its transport.
  var bytes: [UInt8]
  /// Why the end is missing, nil where none is: the crawler's own word of WARC-Truncated, such as `length`, `time` or `disconnect`;
  /// `segmented` for the first of several records; `file-end` where the archive ends inside the record; else the coding that ends too
  /// early or is broken, such as `gzip` or `chunked`.
  var truncated: String?
}

extension WARCPage {
  /// The page in the block of a record; nil for a record that holds none.
  /// - Parameter isCut: whether the archive ends inside the block.
  /// - Throws: `Failure` for a page that cannot be read.
  init?(_ header: WARCHeader, block: UnsafeRawBufferPointer, isCut: Bool, limit: Int) throws(Failure) {
    guard let content = try ArchivedContent(header, block: block) else { return nil }
    let body = UnsafeRawBufferPointer(rebasing: block[content.start...])
    var coding = ContentCoding(limit: limit)
    bytes = try coding.decode(body, content.codings)
    switch content.type.use {
    case .html: isText = false
    case .text: isText = true
    case .none: return nil
    case .unknown:
      guard ContentSniffer.binaryKind(of: bytes) == nil else { return nil }
      switch ContentSniffer.format(of: Array(bytes.prefix(4096))) {
      case .html, .xml: isText = false
      case .text: isText = true
      default: return nil
      }
    }
    id = header.id ?? ""
    url = header.url
    date = header.date
    charset = content.type.charset
    truncated = header.truncated ?? (isCut ? "file-end" : coding.truncated)
  }
}

/// Where the content of a record stands in its block, and what it is.
struct ArchivedContent {
  let start: Int
  let type: MediaType
  let codings: [String]

  /// Nil for a record that holds no page: of another type, not of the web, an error of the server, a picture.
  init?(_ header: WARCHeader, block: UnsafeRawBufferPointer) throws(WARCPage.Failure) {
    switch header.kind {
    case .none: return nil
    case .resource, .conversion:
      start = 0
      type = header.type
      codings = []
    case .response:
      let response = try HTTPResponse(block)
      guard response.isSuccess else { return nil }
      start = response.bodyStart
      type = response.type
      codings = response.codings
    }
    if type.use == .none { return nil }
  }
}

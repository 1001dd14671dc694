extension FramedDocument {
  func encode(into encoder: inout FrameEncoder) {
    encoder.put(source)
    encoder.put(position)
    encoder.put(place.input)
    encoder.put(place.ordinal)
    encoder.put(format.rawValue)
    switch payload {
    case .file(let path, let size):
      encoder.put(tag: 0)
      encoder.put(path)
      encoder.put(size)
    case .bytes(let bytes):
      encoder.put(tag: 1)
      encoder.put(bytes)
    case .line(let bytes):
      encoder.put(tag: 2)
      encoder.put(bytes)
    case .element(let fragment):
      encoder.put(tag: 3)
      encoder.put(fragment.bytes)
      encoder.put(fragment.charset)
      encoder.put(fragment.predicate)
      encoder.put(fragment.prefixes.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] })
    case .row(let row):
      encoder.put(tag: 4)
      encoder.put(row.bytes)
      encoder.put(row.header)
      encoder.put(tag: row.separator)
      encoder.put(flag: row.isQuoted)
    case .unreadable(let reason, let id):
      encoder.put(tag: 5)
      encoder.put(reason)
      encoder.put(id)
    case .page(let page):
      encoder.put(tag: 6)
      encoder.put(page.id)
      for text in [page.url, page.date, page.charset, page.truncated] { encoder.put(text) }
      encoder.put(flag: page.isText)
      encoder.put(page.bytes)
    }
  }

  init(_ decoder: inout FrameDecoder) throws(FrameDecoder.Nonsense) {
    source = try decoder.text()
    position = try decoder.optionalInt()
    place = InputPlace(input: try decoder.int(), ordinal: try decoder.int())
    guard let format = InputFormat(rawValue: try decoder.text()) else { throw FrameDecoder.Nonsense() }
    self.format = format
    switch try decoder.tag() {
    case 0: payload = .file(path: try decoder.text(), size: try decoder.int())
    case 1: payload = .bytes(try decoder.data())
    case 2: payload = .line(try decoder.data())
    case 3:
      let bytes = try decoder.data()
      let charset = try decoder.optionalText()
      let predicate = try decoder.optionalText()
      let names = try decoder.texts()
      var prefixes: [String: String] = [:]
      for index in stride(from: 0, to: names.count - 1, by: 2) { prefixes[names[index]] = names[index + 1] }
      payload = .element(XMLFragment(bytes: bytes, charset: charset, prefixes: prefixes, predicate: predicate))
    case 4:
      payload = .row(
        RowFrame(
          bytes: try decoder.data(), header: try decoder.texts(), separator: try decoder.tag(), isQuoted: try decoder.flag()))
    case 5: payload = .unreadable(reason: try decoder.text(), id: try decoder.optionalText())
    case 6:
      let id = try decoder.text()
      let (url, date) = (try decoder.optionalText(), try decoder.optionalText())
      let (charset, truncated) = (try decoder.optionalText(), try decoder.optionalText())
      payload = .page(
        WARCPage(
          id: id, url: url, date: date, charset: charset, isText: try decoder.flag(), bytes: try decoder.data(), truncated: truncated))
    default: throw FrameDecoder.Nonsense()
    }
  }
}

extension FramedResult {
  func encode(into encoder: inout FrameEncoder) {
    encoder.put(id)
    encoder.put(source)
    encoder.put(position)
    encoder.put(place.input)
    encoder.put(place.ordinal)
    switch outcome {
    case .passed(let line, let clusterOffset):
      encoder.put(tag: 0)
      encoder.put(line)
      encoder.put(clusterOffset)
    case .dropped(let stage, let reason):
      encoder.put(tag: 1)
      encoder.put(stage)
      encoder.put(reason)
    case .rejected(let stage, let place, let reason):
      encoder.put(tag: 2)
      encoder.put(stage)
      encoder.put(place)
      encoder.put(reason)
    case .seen: encoder.put(tag: 3)
    }
    encoder.put(prepared.count)
    for (stage, value) in prepared {
      encoder.put(stage)
      encoder.put(value)
    }
    encoder.put(removals.count)
    for (key, count) in removals {
      encoder.put(key.stage)
      encoder.put(key.reason)
      encoder.put(key.isNote ? 1 : 0)
      encoder.put(count)
    }
    encoder.put(content)
    encoder.put(contentHash?.bytes)
  }

  /// - Parameter stages: how many stages the pipeline has.
  init(_ decoder: inout FrameDecoder, stages: Int) throws(FrameDecoder.Nonsense) {
    func stage(_ index: Int) throws(FrameDecoder.Nonsense) -> Int {
      guard (0..<stages).contains(index) else { throw FrameDecoder.Nonsense() }
      return index
    }
    id = try decoder.text()
    source = try decoder.text()
    position = try decoder.optionalInt()
    place = InputPlace(input: try decoder.int(), ordinal: try decoder.int())
    switch try decoder.tag() {
    case 0:
      let line = try decoder.data()
      let offset = try decoder.int()
      guard (0...line.count).contains(offset) else { throw FrameDecoder.Nonsense() }
      outcome = .passed(line: line, clusterOffset: offset)
    case 1: outcome = .dropped(stage: try stage(try decoder.int()), reason: try decoder.text())
    case 2:
      let index = try decoder.optional { (decoder) throws(FrameDecoder.Nonsense) in try stage(try decoder.int()) }
      outcome = .rejected(stage: index, place: try decoder.text(), reason: try decoder.text())
    case 3: outcome = .seen
    default: throw FrameDecoder.Nonsense()
    }
    prepared = try decoder.list { (decoder) throws(FrameDecoder.Nonsense) in
      (stage: try stage(try decoder.int()), value: try decoder.data())
    }
    let counts = try decoder.list { (decoder) throws(FrameDecoder.Nonsense) in
      (RemovalKey(stage: try decoder.text(), reason: try decoder.text(), isNote: try decoder.int() != 0), try decoder.int())
    }
    removals = Dictionary(counts) { $1 }
    content = try decoder.optional { (decoder) throws(FrameDecoder.Nonsense) in try decoder.data() }
    failure = nil
    contentHash = try decoder.optional { (decoder) throws(FrameDecoder.Nonsense) in ContentHash(bytes: try decoder.data()) }
  }
}

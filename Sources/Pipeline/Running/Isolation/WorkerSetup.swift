/// What a worker process is told first: the pipeline, as its parent has read it, and what flags have changed of it.
struct WorkerSetup {
  let source: ConfigurationSource
  let inputFormat: InputFormat
  let outputFormat: OutputFormat
  let documentLimit: Int
  /// In milliseconds.
  let timeLimit: Int
  let memoryLimit: Int
  let remembering: Remembering?
  /// The files that stages read, as they were when the run began.
  let files: [(path: String, stamp: FileStamp)]
  /// What the programs of stages have said about themselves, by the stages' indices.
  let greetings: [Int: [UInt8]]

  init(_ configuration: Configuration, _ remembering: Remembering?) {
    self.remembering = remembering
    source = configuration.source
    files = configuration.files.compactMap { path in FileStamp(of: path).map { (path, $0) } }
    greetings = configuration.programs.mapValues(\.greeting)
    inputFormat = configuration.input.format
    outputFormat = configuration.output.format
    documentLimit = configuration.run.documentLimit
    timeLimit = configuration.run.timeLimit
    memoryLimit = configuration.run.memoryLimit
  }

  /// The configuration as the parent has it.
  /// - Throws: `ConfigurationErrors` and `IOError`, for files that have changed since.
  func configuration(_ registry: StageRegistry) throws -> Configuration {
    var configuration = try Configuration.load(
      bytes: source.bytes, path: source.path, folder: source.folder, registry: registry, greetings: greetings)
    for (path, stamp) in files where FileStamp(of: path) != stamp {
      throw IOError(path, "has changed since the run began; run it again")
    }
    configuration.input.format = inputFormat
    configuration.output.format = outputFormat
    configuration.run.documentLimit = documentLimit
    configuration.run.timeLimit = timeLimit
    configuration.run.memoryLimit = memoryLimit
    return configuration
  }

  var bytes: [UInt8] {
    var encoder = FrameEncoder()
    encoder.put(source.bytes)
    encoder.put(source.path)
    encoder.put(source.folder)
    encoder.put(inputFormat.rawValue)
    encoder.put(outputFormat.rawValue)
    for value in [documentLimit, timeLimit, memoryLimit] { encoder.put(value) }
    encoder.put(flag: remembering != nil)
    if let remembering {
      encoder.put(remembering.path)
      encoder.put(remembering.token)
      encoder.put(flag: remembering.onlyNew)
    }
    encoder.put(files.count)
    for (path, stamp) in files {
      encoder.put(path)
      encoder.put(stamp.size)
      encoder.put(stamp.modified)
    }
    encoder.put(greetings.count)
    for (index, greeting) in greetings.sorted(by: { $0.key < $1.key }) {
      encoder.put(index)
      encoder.put(greeting)
    }
    return encoder.bytes
  }

  init(_ decoder: inout FrameDecoder) throws(FrameDecoder.Nonsense) {
    source = ConfigurationSource(bytes: try decoder.data(), path: try decoder.text(), folder: try decoder.text())
    guard let input = InputFormat(rawValue: try decoder.text()), let output = OutputFormat(rawValue: try decoder.text()) else {
      throw FrameDecoder.Nonsense()
    }
    inputFormat = input
    outputFormat = output
    documentLimit = try decoder.int()
    timeLimit = try decoder.int()
    memoryLimit = try decoder.int()
    remembering = try decoder.optional { (decoder) throws(FrameDecoder.Nonsense) in
      Remembering(path: try decoder.text(), token: try decoder.text(), onlyNew: try decoder.flag())
    }
    var files: [(String, FileStamp)] = []
    for _ in 0..<(try decoder.int()) {
      files.append((try decoder.text(), FileStamp(size: try decoder.int(), modified: try decoder.int())))
    }
    self.files = files
    let greetings = try decoder.list { (decoder) throws(FrameDecoder.Nonsense) in (try decoder.int(), try decoder.data()) }
    self.greetings = Dictionary(greetings) { $1 }
  }
}

import CModels
import Pipeline

/// Lists of names as they lie in files, made into an index.
///
/// A file is lines of NAME, tab, LABEL and optionally tab, IDENTIFIER; or, with the extension .jsonl or .ndjson, of objects with `name`, `label`
/// and optionally `id`.
enum NameLists {
  /// Indexes of lists larger than this together are kept in a file for the next process, in bytes.
  private static let smallestKept = 1 << 18

  /// An index of a user's lists; of equal names the first counts.
  /// - Throws: `OptionProblem` for what cannot be read, and the first bad line.
  static func index(paths: [String], casing: EntityTagger.Case, cache: NameIndexCache = .ofUser) throws -> NameIndex? {
    if paths.isEmpty { return nil }
    var files: [(path: String, bytes: [UInt8])] = []
    for (number, path) in paths.enumerated() {
      do {
        files.append((path, try TextFile.read(path)))
      } catch {
        throw OptionProblem("lists", at: ["\(number)"], "\(error)")
      }
    }
    let size = files.reduce(0) { $0 + $1.bytes.count }
    func build() throws -> [UInt8] {
      var builder = NameIndexBuilder(casing: casing, expecting: size)
      for (path, bytes) in files { try bytes.withUnsafeBufferPointer { try read($0, path, into: &builder) } }
      return builder.finish()
    }
    guard size > smallestKept else { return NameIndex(try build()) }
    let key = NameIndexCache.key(of: files, casing: casing)
    if let index = cache.index(key) { return index }
    let bytes = try build()
    return cache.keep(bytes, key) ?? NameIndex(bytes)
  }

  /// The list that comes with the program.
  static let builtIn: NameIndex = {
    let resource = cmodels_names()
    var builder = NameIndexBuilder(casing: .smart, expecting: resource.size)
    do {
      try read(UnsafeBufferPointer(start: resource.bytes, count: resource.size), "names.tsv", into: &builder)
    } catch {
      preconditionFailure("the built-in list: \(error)")
    }
    return NameIndex(builder.finish())!
  }()

  /// Whether a list's lines are objects.
  static func isJSON(_ path: String) -> Bool { path.hasSuffix(".jsonl") || path.hasSuffix(".ndjson") }

  static func read(_ bytes: UnsafeBufferPointer<UInt8>, _ path: String, into builder: inout NameIndexBuilder) throws {
    let reader = isJSON(path) ? JSONReader() : nil
    var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var line = 0
    while start < bytes.count {
      line += 1
      var end = start
      while end < bytes.count, bytes[end] != 0x0A { end += 1 }
      var last = end
      if last > start, bytes[last - 1] == 0x0D { last -= 1 }
      let content = UnsafeBufferPointer(rebasing: bytes[start..<last])
      start = end + 1
      if content.isEmpty { continue }
      guard UTF8Text.isValid(content) else { throw problem(path, line, "is not valid UTF-8") }
      do {
        if let reader {
          try addObject(content, reader, &builder)
        } else if content[0] != UInt8(ascii: "#") || content.contains(0x09) {
          try addFields(content, &builder)
        }
      } catch let refusal as NameIndexBuilder.Refusal {
        throw problem(path, line, message(refusal))
      } catch let problem as BadLine {
        throw self.problem(path, line, problem.message)
      }
    }
  }

  private struct BadLine: Error {
    let message: String
  }

  private static func problem(_ path: String, _ line: Int, _ message: String) -> OptionProblem {
    OptionProblem("lists", "\(path):\(line): \(message)")
  }

  private static func message(_ refusal: NameIndexBuilder.Refusal) -> String {
    switch refusal {
    case .empty: "a name without letters, digits or marks"
    case .tooLong: "a name has at most \(NameIndex.longest) words and marks, and 4095 bytes; a label 255 bytes, an identifier 65535"
    case .tooManyLabels: "more than 10000 labels"
    case .tooMuch: "the lists are larger than 2 GB"
    }
  }

  private static func addFields(_ line: UnsafeBufferPointer<UInt8>, _ builder: inout NameIndexBuilder) throws {
    let expected = BadLine(message: "expected NAME, tab, LABEL and optionally tab, IDENTIFIER")
    guard let first = line.firstIndex(of: 0x09), first > 0 else { throw expected }
    let second = line[(first + 1)...].firstIndex(of: 0x09) ?? line.count
    guard second > first + 1 else { throw expected }
    let id = second < line.count ? line[(second + 1)...] : line[line.count...]
    guard !id.contains(0x09) else { throw expected }
    let (name, label) = (trimmed(line[..<first]), trimmed(line[(first + 1)..<second]))
    guard !name.isEmpty, !label.isEmpty else { throw expected }
    try builder.add(name: name, label: label, id: trimmed(id))
  }

  /// Without spaces at the ends.
  private static func trimmed(_ field: Slice<UnsafeBufferPointer<UInt8>>) -> UnsafeBufferPointer<UInt8> {
    var field = field
    while field.first == 0x20 { field.removeFirst() }
    while field.last == 0x20 { field.removeLast() }
    return UnsafeBufferPointer(rebasing: field)
  }

  private static func addObject(_ line: UnsafeBufferPointer<UInt8>, _ reader: JSONReader, _ builder: inout NameIndexBuilder) throws {
    do {
      try reader.parse(Array(line))
    } catch {
      throw BadLine(message: "is no JSON: \(error.message)")
    }
    guard reader.kind(0) == .objectStart else {
      throw BadLine(message: "expected an object with \"name\", \"label\" and optionally \"id\"")
    }
    var fields: [String: [UInt8]] = [:]
    var token = 1
    while reader.kind(token) == .key {
      let key = reader.unescaped(token).map { String(decoding: $0, as: UTF8.self) } ?? ""
      if ["name", "label", "id"].contains(key) {
        guard reader.kind(token + 1) == .string, let value = reader.unescaped(token + 1) else {
          throw BadLine(message: "\"\(key)\" must be a string")
        }
        fields[key] = value
      }
      token = reader.end(of: token + 1)
    }
    guard let name = fields["name"], let label = fields["label"], !name.isEmpty, !label.isEmpty else {
      throw BadLine(message: "\"name\" and \"label\" must be there and not be empty")
    }
    guard !label.contains(0) else { throw BadLine(message: "\"label\" has a character with the number 0") }
    let id = fields["id"] ?? []
    try name.withUnsafeBufferPointer { name in
      try label.withUnsafeBufferPointer { label in
        try id.withUnsafeBufferPointer { try builder.add(name: name, label: label, id: $0) }
      }
    }
  }
}

extension NameIndex {
  /// An index in this process's own memory.
  init?(_ bytes: [UInt8]) {
    let memory = OwnMemory(bytes)
    self.init(UnsafeRawBufferPointer(memory.bytes), memory: memory)
  }
}

/// Bytes that live as long as somebody holds them, aligned to a line of the cache.
final class OwnMemory {
  let bytes: UnsafeMutableRawBufferPointer

  init(_ content: [UInt8]) {
    bytes = .allocate(byteCount: max(1, content.count), alignment: 64)
    bytes.copyBytes(from: content)
  }

  deinit { bytes.deallocate() }
}

import Glibc

/// The functions of an ELF file by their place in it: those of the full table where it was not stripped, and those it exports.
///
/// A file that is missing, broken or of another machine has no functions. Reads names when they are asked for.
final class SymbolTable {
  private struct Function {
    let start: UInt64
    let size: UInt64
    /// Where in the file the name begins, and where the table of names ends.
    let name: UInt64
    let namesEnd: UInt64
  }

  /// Sorted by start.
  private let functions: [Function]
  private let file: Int32

  private static let headerSize = 64
  private static let sectionSize = 64
  private static let symbolSize = 24
  /// Above what any program has: a count beyond it is damage.
  private static let sectionLimit = 1 << 16
  private static let symbolLimit = 1 << 24
  /// Mangled names of generic code may be long; what lies behind is not needed to tell functions apart.
  private static let nameLimit = 1 << 12
  /// How many functions that begin before an address are looked at; they hardly ever overlap.
  private static let overlapLimit = 16

  init(path: String) {
    file = open(path, O_RDONLY | O_CLOEXEC)
    functions = file < 0 ? [] : Self.functions(file)
  }

  deinit {
    if file >= 0 { close(file) }
  }

  /// The name of the function that holds an address of the file, as it is written there; nil if there is none.
  func name(at address: UInt64) -> String? {
    var low = 0
    var high = functions.count
    while low < high {
      let middle = (low + high) / 2
      if functions[middle].start <= address { low = middle + 1 } else { high = middle }
    }
    var index = low - 1
    while index >= 0, low - index <= Self.overlapLimit {
      let start = functions[index].start
      var names: [String] = []
      while index >= 0, functions[index].start == start {
        if address - start < functions[index].size, names.count < Self.overlapLimit, let name = name(of: functions[index]) {
          names.append(name)
        }
        index -= 1
      }
      // A function may have several names.
      if let name = names.min(by: Self.isPlainer) { return name }
    }
    return nil
  }

  private static func isPlainer(_ a: String, _ b: String) -> Bool {
    let (marks, others) = (a.prefix { $0 == "_" }.count, b.prefix { $0 == "_" }.count)
    return (marks, a.utf8.count, a) < (others, b.utf8.count, b)
  }

  private func name(of function: Function) -> String? {
    let count = Int(min(function.namesEnd - function.name, UInt64(Self.nameLimit)))
    guard let bytes = Self.read(file, count, at: function.name)?.prefix(while: { $0 != 0 }), !bytes.isEmpty else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: ELF

  private static func functions(_ file: Int32) -> [Function] {
    guard let header = read(file, headerSize, at: 0),
      // ELF, 64 bits, little-endian.
      header.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1])
    else { return [] }
    let sectionsStart = header.integer(at: 40, as: UInt64.self)
    let count = Int(header.integer(at: 60, as: UInt16.self))
    guard header.integer(at: 58, as: UInt16.self) == sectionSize, count > 0, count <= sectionLimit,
      let sections = read(file, count * sectionSize, at: sectionsStart)
    else { return [] }
    var functions: [Function] = []
    for index in 0..<count {
      let section = index * sectionSize
      let (symbolTable, exports): (UInt32, UInt32) = (2, 11)
      guard [symbolTable, exports].contains(sections.integer(at: section + 4, as: UInt32.self)) else { continue }
      let link = Int(sections.integer(at: section + 40, as: UInt32.self))
      guard link < count else { continue }
      let namesStart = sections.integer(at: link * sectionSize + 24, as: UInt64.self)
      let (namesEnd, overflow) = namesStart.addingReportingOverflow(sections.integer(at: link * sectionSize + 32, as: UInt64.self))
      guard !overflow else { continue }
      append(
        to: &functions, file, start: sections.integer(at: section + 24, as: UInt64.self),
        size: sections.integer(at: section + 32, as: UInt64.self), names: namesStart..<max(namesStart, namesEnd))
    }
    functions.sort { $0.start < $1.start }
    return functions
  }

  private static func append(to functions: inout [Function], _ file: Int32, start: UInt64, size: UInt64, names: Range<UInt64>) {
    let count = min(size / UInt64(symbolSize), UInt64(symbolLimit))
    /// Symbols read at a time.
    let batch = 1 << 14
    for first in stride(from: 0, to: Int(count), by: batch) {
      let (place, overflow) = start.addingReportingOverflow(UInt64(first * symbolSize))
      guard !overflow, let symbols = read(file, min(batch, Int(count) - first) * symbolSize, at: place) else { return }
      for symbol in stride(from: 0, to: symbols.count, by: symbolSize) {
        // A function, or one that is chosen at load; not one that another file defines.
        let kind = symbols[symbol + 4] & 0xF
        guard kind == 2 || kind == 10, symbols.integer(at: symbol + 6, as: UInt16.self) != 0 else { continue }
        let name = names.lowerBound.addingReportingOverflow(UInt64(symbols.integer(at: symbol, as: UInt32.self)))
        guard !name.overflow, names.contains(name.partialValue) else { continue }
        functions.append(
          Function(
            start: symbols.integer(at: symbol + 8, as: UInt64.self), size: symbols.integer(at: symbol + 16, as: UInt64.self),
            name: name.partialValue, namesEnd: names.upperBound))
      }
    }
  }

  /// As many bytes as are asked for, or those up to the end of the file; nil if none are there.
  ///
  /// Read, not mapped: a file that is cut short while it is mapped would end this process.
  private static func read(_ file: Int32, _ count: Int, at place: UInt64) -> [UInt8]? {
    guard count > 0, let place = Int(exactly: place) else { return nil }
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let read = pread(file, buffer.baseAddress! + filled, count - filled, place + filled)
        if read < 0, errno == EINTR { continue }
        if read <= 0 { break }
        filled += read
      }
    }
    return bytes.isEmpty ? nil : bytes
  }
}

extension [UInt8] {
  /// A little-endian number; 0 where it does not lie within the bytes.
  fileprivate func integer<Number: FixedWidthInteger>(at place: Int, as type: Number.Type) -> Number {
    guard place >= 0, place <= count - MemoryLayout<Number>.size else { return 0 }
    return withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: Number.self)) }
  }
}

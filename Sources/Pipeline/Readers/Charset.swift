import CIconv
import CModels
import CUchardet
import Glibc

/// Turns bytes of any encoding into valid UTF-8, in the way browsers decide.
public enum Charset {
  /// Decodes a text.
  ///
  /// A byte order mark wins; then bytes that are valid UTF-8 beyond ASCII are UTF-8 whatever they claim; then the first label that is
  /// known; then detection by uchardet; then windows-1252. What does not decode becomes U+FFFD. O(length).
  /// - Parameter labels: what the transport or the page says, the more trusted first; by the names of the WHATWG Encoding Standard.
  public static func decode(_ bytes: [UInt8], labels: [String]) -> [UInt8] {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return UTF8Text.repaired(Array(bytes.dropFirst(3))) }
    if bytes.starts(with: [0xFF, 0xFE]) { return convert(Array(bytes.dropFirst(2)), from: "UTF-16LE") }
    if bytes.starts(with: [0xFE, 0xFF]) { return convert(Array(bytes.dropFirst(2)), from: "UTF-16BE") }
    let declared = labels.lazy.compactMap(iconvName).first
    if UTF8Text.isValid(bytes) {
      if let wide = wideWithoutMark(bytes) { return convert(bytes, from: wide) }
      return declared == "ISO-2022-JP" && !bytes.contains { $0 >= 0x80 } ? convert(bytes, from: "ISO-2022-JP") : bytes
    }
    if let wide = wideWithoutMark(bytes) { return convert(bytes, from: wide) }
    switch declared {
    case nil:
      // A text that was cut inside a character, or has some bad bytes, is still UTF-8.
      if isMostlyUTF8(bytes) { return UTF8Text.repaired(bytes) }
      return convert(bytes, from: detect(bytes) ?? "CP1252")
    case "UTF-8", "UTF-16LE", "UTF-16BE":
      // It claims UTF-8 and is not, or says so in a meta element that UTF-16 could not carry: a few bad bytes are repaired.
      if isNearlyUTF8(bytes) { return UTF8Text.repaired(bytes) }
      return convert(bytes, from: detect(bytes) ?? "CP1252")
    case let name?: return convert(bytes, from: name)
    }
  }

  /// The iconv name for a label of the WHATWG Encoding Standard; nil for one it does not list.
  static func iconvName(_ label: String) -> String? {
    labels[label.lowercased().filter { !$0.isWhitespace }]
  }

  private static let labels: [String: String] = {
    let resource = cmodels_charsets()
    let text = String(decoding: UnsafeBufferPointer(start: resource.bytes, count: resource.size), as: UTF8.self)
    var result: [String: String] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let fields = line.split(separator: "\t")
      if fields.count == 2 { result[String(fields[0])] = String(fields[1]) }
    }
    return result
  }()

  private static func detect(_ bytes: [UInt8]) -> String? {
    guard let detector = uchardet_new() else { return nil }
    defer { uchardet_delete(detector) }
    // Half a megabyte says as much as a whole page of any size.
    let sample = bytes.prefix(1 << 19)
    let code = sample.withUnsafeBytes {
      uchardet_handle_data(detector, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
    }
    guard code == 0 else { return nil }
    uchardet_data_end(detector)
    let name = String(cString: uchardet_get_charset(detector))
    if name.isEmpty || name == "ASCII" || name.hasPrefix("UTF-8") { return nil }
    return iconvName(name) ?? name
  }

  /// Whether bytes that claim to be UTF-8 nearly are: at most one in fifty of the multi-byte sequences is broken, or few are there.
  private static func isNearlyUTF8(_ bytes: [UInt8]) -> Bool {
    let (good, bad) = sequences(bytes)
    return bad * 50 <= good || good + bad <= 3
  }

  /// Whether bytes that claim nothing are UTF-8: at most one in twenty of the multi-byte sequences is broken, or only the one at the end.
  private static func isMostlyUTF8(_ bytes: [UInt8]) -> Bool {
    let (good, bad) = sequences(bytes)
    if bad * 20 <= good { return good > 0 }
    var end = bytes.count
    while end > 0, bytes.count - end < 4, bytes[end - 1] & 0xC0 == 0x80 { end -= 1 }
    return good > 0 && end > 0 && bytes[end - 1] >= 0xC2 && UTF8Text.isValid(Array(bytes[..<(end - 1)]))
  }

  /// How many multi-byte sequences are whole, and how many are broken.
  private static func sequences(_ bytes: [UInt8]) -> (good: Int, bad: Int) {
    var good = 0
    var bad = 0
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte < 0x80 {
        index += 1
        continue
      }
      let length = byte >= 0xC2 && byte < 0xE0 ? 2 : byte >= 0xE0 && byte < 0xF0 ? 3 : byte >= 0xF0 && byte < 0xF5 ? 4 : 0
      if length > 0, index + length <= bytes.count,
        bytes[(index + 1)..<(index + length)].allSatisfy({ $0 & 0xC0 == 0x80 })
      {
        good += 1
        index += length
      } else {
        bad += 1
        index += 1
      }
    }
    return (good, bad)
  }

  /// Whether bytes are UTF-16 and of which order; nil for any other encoding.
  static func isBigEndianWide(_ head: [UInt8]) -> Bool? {
    if head.starts(with: [0xFF, 0xFE]) { return false }
    if head.starts(with: [0xFE, 0xFF]) { return true }
    return wideWithoutMark(head).map { $0 == "UTF-16BE" }
  }

  /// The encoding that an XML declaration names.
  static func declaration(inXML head: ArraySlice<UInt8>) -> String? {
    guard let end = head.firstRange(of: Array("?>".utf8))?.lowerBound,
      let name = head[..<end].firstRange(of: Array("encoding".utf8))
    else { return nil }
    let value = head[name.upperBound..<end].drop { UTF8Text.isSpace($0) || "='\"".utf8.contains($0) }
    let label = value.prefix { !UTF8Text.isSpace($0) && !"'\"".utf8.contains($0) }
    return label.isEmpty ? nil : String(decoding: label, as: UTF8.self)
  }

  /// UTF-16 without a mark: zeros in nearly every second byte.
  private static func wideWithoutMark(_ bytes: [UInt8]) -> String? {
    let sample = bytes.prefix(1024)
    guard sample.count >= 8 else { return nil }
    var zeros = [0, 0]
    for (index, byte) in sample.enumerated() where byte == 0 { zeros[index & 1] += 1 }
    let most = sample.count / 2 * 7 / 10
    if zeros[1] > most, zeros[0] == 0 { return "UTF-16LE" }
    return zeros[0] > most && zeros[1] == 0 ? "UTF-16BE" : nil
  }

  private static func convert(_ bytes: [UInt8], from name: String) -> [UInt8] {
    let handle = iconv_open("UTF-8", name)
    guard handle != iconv_t(bitPattern: -1) else { return UTF8Text.repaired(bytes) }
    defer { iconv_close(handle) }
    let isWindows = name.hasPrefix("CP125") || name == "CP874"
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + bytes.count / 2)
    var output = [UInt8](repeating: 0, count: 1 << 16)
    bytes.withUnsafeBytes { input in
      var next = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: CChar.self))
      var left = input.count
      while left > 0 {
        let (code, reason, produced) = output.withUnsafeMutableBytes { room in
          var target = room.baseAddress?.assumingMemoryBound(to: CChar.self)
          var space = room.count
          let code = iconv(handle, &next, &left, &target, &space)
          return (code, errno, room.count - space)
        }
        result.append(contentsOf: output[..<produced])
        if code != Int.max, code != -1 || reason == E2BIG { continue }
        guard left > 0 else { break }
        let byte = input[input.count - left]
        result.append(scalar: isWindows ? UInt32(byte) : 0xFFFD)
        if reason == EINVAL { break }
        // A bad unit of UTF-16 is two bytes; one would put all behind it out of step.
        let width = min(name.hasPrefix("UTF-16") ? 2 : 1, left)
        next = next.map { $0 + width }
        left -= width
      }
    }
    return UTF8Text.repaired(result)
  }
}

import Glibc
import Pipeline

/// A message as one JSON object.
enum JSONLine {
  /// - Parameter summary: a JSON object; nil for none.
  static func make(level: String, message: String, facts: [(String, String)] = [], summary: [UInt8]? = nil) -> String {
    var json = JSONOutput()
    json.beginObject()
    let fields = [("time", now()), ("level", level), ("message", message)] + facts
    for (name, value) in fields {
      json.key(name)
      json.string(value)
    }
    if let summary {
      json.key("summary")
      json.raw(summary)
    }
    json.endObject()
    return String(decoding: json.bytes, as: UTF8.self)
  }

  /// ISO 8601, in UTC.
  private static func now() -> String {
    var seconds = time(nil)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    return String(decoding: text.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

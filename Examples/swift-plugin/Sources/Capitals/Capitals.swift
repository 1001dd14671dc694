import CPipelinePlugin
import PipelinePlugin

/// Removes blocks that shout: nearly all of their letters are capitals.
struct Capitals: PluginStage {
  static let descriptor = #"""
    {"pipeline": 1, "name": "capitals", "summary": "Removes blocks in capitals.",
     "options": {"type": "object", "properties": {
       "share": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.8, "description": "The share of capitals from which a block shouts."},
       "least": {"type": "integer", "minimum": 1, "default": 12, "description": "Blocks with fewer letters are kept."}}},
     "reasons": {"capitals": "nearly all letters of the block are capitals"}}
    """#

  struct Options: Decodable {
    let share: Double
    let least: Int
  }

  private let options: Options

  init(options: Options) { self.options = options }

  func process(_ document: PluginDocument) {
    for (index, block) in document.blocks.enumerated() where block.is_kept != 0 {
      var letters = 0
      var capitals = 0
      for byte in document.bytes(of: block) where (0x41...0x5A).contains(byte & 0xDF) {
        letters += 1
        if byte & 0x20 == 0 { capitals += 1 }
      }
      if letters >= options.least, Double(capitals) >= Double(letters) * options.share {
        document.drop(block: index, reason: "capitals", rule: "\(capitals) of \(letters)")
      }
    }
  }
}

@c(pipeline_plugin_v1)
public func plugin() -> UnsafePointer<pipeline_plugin>? { pluginTable(of: Capitals.self) }

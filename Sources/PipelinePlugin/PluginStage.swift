import CPipelinePlugin
import FoundationEssentials

/// A stage that is built as a shared library, in Swift.
///
///     struct Shout: PluginStage {
///       static let descriptor = #"{"pipeline": 1, "name": "shout", "summary": "Counts capitals."}"#
///       init(options: NoOptions) {}
///       func process(_ document: PluginDocument) { document.setExtra("capitals", count(document.text)) }
///     }
///
///     @c(pipeline_plugin_v1)
///     public func plugin() -> UnsafePointer<pipeline_plugin>? { pluginTable(of: Shout.self) }
///
/// Swift promises no stable ABI on Linux, so nothing of Swift crosses between the library and `pipe`: both speak C, and may be built
/// by different compilers.
public protocol PluginStage {
  /// What the options are decoded into. They were checked against the descriptor before.
  associatedtype Options: Decodable = NoOptions

  /// What the stage is, as JSON: the same object as the greeting of a program.
  static var descriptor: String { get }

  /// Makes an instance, which serves one thread at a time.
  /// - Throws: `OptionRefusal` for an option that cannot be; any other error stops the configuration from being loaded too.
  init(options: Options) throws

  /// Works on a document.
  /// - Throws: any error; the document is then rejected with its description.
  mutating func process(_ document: PluginDocument) throws
}

/// For stages without options.
public struct NoOptions: Decodable {}

/// Says what is wrong with an option; it is reported where the option stands.
public struct OptionRefusal: Error {
  public let option: String
  public let message: String

  public init(_ option: String, _ message: String) {
    self.option = option
    self.message = message
  }
}

/// What a library gives from `pipeline_plugin_v1`, which is called once in a process; the table lives as long as that.
public func pluginTable<Stage: PluginStage>(of stage: Stage.Type) -> UnsafePointer<pipeline_plugin> {
  let table = UnsafeMutablePointer<pipeline_plugin>.allocate(capacity: 1)
  let descriptor = Array(Stage.descriptor.utf8CString)
  let text = UnsafeMutablePointer<CChar>.allocate(capacity: descriptor.count)
  text.initialize(from: descriptor, count: descriptor.count)
  table.initialize(
    to: pipeline_plugin(
      version: UInt32(PIPELINE_PLUGIN_VERSION), descriptor: text,
      own: Unmanaged<Factory>.passRetained(StageFactory<Stage>()).toOpaque(),
      create: { plugin, options, calls, context in
        guard let plugin, let own = plugin.pointee.own, let calls else { return nil }
        do {
          let instance = try Unmanaged<Factory>.fromOpaque(own).takeUnretainedValue().make(options)
          return Unmanaged<Instance>.passRetained(instance).toOpaque()
        } catch let refusal as OptionRefusal {
          calls.pointee.refuse_option(context, refusal.option, refusal.message)
        } catch {
          calls.pointee.fail(context, "\(error)")
        }
        return nil
      },
      process: { instance, document, calls, context in
        guard let instance, let document, let calls else { return }
        do {
          try Unmanaged<Instance>.fromOpaque(instance).takeUnretainedValue().process(PluginDocument(document, calls, context))
        } catch {
          calls.pointee.fail(context, "\(error)")
        }
      },
      destroy: { instance in
        if let instance { Unmanaged<Instance>.fromOpaque(instance).release() }
      }))
  return UnsafePointer(table)
}

// C functions know no generic types: what depends on the stage is behind a class.

private class Factory {
  func make(_ options: pipeline_string) throws -> Instance { fatalError("a factory makes a stage of its own") }
}

private final class StageFactory<Stage: PluginStage>: Factory {
  override func make(_ options: pipeline_string) throws -> Instance {
    let json = Data(UnsafeRawBufferPointer(start: options.bytes, count: options.length))
    return StageInstance(try Stage(options: try JSONDecoder().decode(Stage.Options.self, from: json)))
  }
}

private class Instance {
  func process(_ document: PluginDocument) throws { fatalError("an instance works with a stage of its own") }
}

private final class StageInstance<Stage: PluginStage>: Instance {
  private var stage: Stage

  init(_ stage: Stage) { self.stage = stage }

  override func process(_ document: PluginDocument) throws { try stage.process(document) }
}

import CPipelinePlugin
import Glibc

/// A shared library that was loaded as a stage. It stays loaded: its code may be anywhere.
///
/// `@unchecked`: the table is written by nobody.
final class PluginLibrary: @unchecked Sendable {
  /// Why a library is no plugin.
  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  static let entry = "pipeline_plugin_v1"

  let path: String
  let table: UnsafePointer<pipeline_plugin>
  let announcement: PluginAnnouncement

  /// Loads the library, and asks it what it is.
  /// - Parameter path: the file; it is looked for nowhere else.
  /// - Throws: `Problem`.
  init(path: String) throws(Problem) {
    self.path = path
    // A name without a slash would be looked up elsewhere.
    guard let library = dlopen(path.contains("/") ? path : "./" + path, RTLD_NOW | RTLD_LOCAL) else {
      throw Problem(description: "cannot be loaded: \(dlerror().map { String(cString: $0) } ?? "nobody knows why")")
    }
    guard let symbol = dlsym(library, Self.entry) else {
      throw Problem(description: "is no plugin: it exports no \(Self.entry)")
    }
    let main = unsafeBitCast(symbol, to: (@convention(c) () -> UnsafePointer<pipeline_plugin>?).self)
    guard let table = Self.table(of: symbol, main) else { throw Problem(description: "is no plugin: \(Self.entry) gives nothing") }
    guard table.pointee.version == UInt32(PIPELINE_PLUGIN_VERSION) else {
      throw Problem(description: "is a plugin of version \(table.pointee.version); this program loads version \(PIPELINE_PLUGIN_VERSION)")
    }
    guard let descriptor = table.pointee.descriptor, table.pointee.create != nil, table.pointee.process != nil else {
      throw Problem(description: "is no whole plugin: it lacks a descriptor, \"create\" or \"process\"")
    }
    self.table = table
    do {
      announcement = try PluginAnnouncement(json: Array(String(cString: descriptor).utf8))
    } catch {
      throw Problem(description: "has a descriptor that \(error)")
    }
  }

  /// The tables that libraries have given, by the addresses of their functions.
  private static let tables = Locked<[UInt: UInt]>([:])

  /// What the function gives when it is called for the first time.
  private static func table(
    of symbol: UnsafeMutableRawPointer, _ main: @convention(c) () -> UnsafePointer<pipeline_plugin>?
  ) -> UnsafePointer<pipeline_plugin>? {
    tables.withLock { tables in
      let key = UInt(bitPattern: symbol)
      let known = tables[key] ?? UInt(bitPattern: main())
      tables[key] = known
      return UnsafePointer(bitPattern: known)
    }
  }

  /// The stage that the library is.
  var kind: StageKind {
    StageKind(announcement.descriptor) { [self] options in try LibraryStage(self, options) }
  }

  /// Makes an instance.
  /// - Parameter options: a JSON object.
  /// - Throws: `OptionProblem`, or what the plugin says.
  func makeInstance(_ options: [UInt8]) throws -> UnsafeMutableRawPointer {
    let call = LibraryCreation()
    let instance = withExtendedLifetime(call) {
      options.withUnsafeBufferPointer { bytes in
        bytes.withMemoryRebound(to: CChar.self) { bytes in
          withUnsafePointer(to: LibraryCalls.table) { calls in
            table.pointee.create(
              table, pipeline_string(bytes: bytes.baseAddress, length: bytes.count), calls,
              Unmanaged<LibraryCall>.passUnretained(call).toOpaque())
          }
        }
      }
    }
    if let problem = call.problem {
      if let instance { table.pointee.destroy?(instance) }
      throw problem
    }
    guard let instance else { throw OptionProblem(nil, "\"\(announcement.descriptor.name)\" could not be made, and does not say why") }
    return instance
  }
}

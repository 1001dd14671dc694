import CPipelinePlugin

/// A stage in a shared library, on the ABI of `include/pipeline_plugin.h`.
struct LibraryStage: ProcessingStage {
  private let library: PluginLibrary
  private let instances: Instances

  /// - Throws: `OptionProblem`; what the plugin says when it makes its first instance.
  init(_ library: PluginLibrary, _ options: Options) throws {
    self.library = library
    let descriptor = library.announcement.descriptor
    for option in descriptor.options where library.announcement.required.contains(option.name) && options[option.name] == .none {
      throw OptionProblem(nil, "\"\(descriptor.name)\" needs the option \"\(option.name)\"")
    }
    instances = Instances(library, options.json(descriptor.options))
    instances.put(try instances.take())
  }

  func process(_ document: inout Document) throws -> Verdict {
    let instance = try instances.take()
    defer { instances.put(instance) }
    let call = LibraryDocument(document, library.announcement)
    call.run { view, calls, context in library.table.pointee.process(instance, view, calls, context) }
    document = call.document
    if let problem = call.problem { throw problem }
    return call.verdict
  }

  /// Instances that nobody uses at the moment.
  private final class Instances: Sendable {
    private struct Pointer: @unchecked Sendable { let value: UnsafeMutableRawPointer }

    private let library: PluginLibrary
    private let options: [UInt8]
    private let free = Locked<[Pointer]>([])

    init(_ library: PluginLibrary, _ options: [UInt8]) {
      self.library = library
      self.options = options
    }

    deinit {
      for instance in free.withLock({ $0 }) { library.table.pointee.destroy?(instance.value) }
    }

    func take() throws -> UnsafeMutableRawPointer {
      if let instance = free.withLock({ $0.popLast() }) { return instance.value }
      return try library.makeInstance(options)
    }

    func put(_ instance: UnsafeMutableRawPointer) { free.withLock { $0.append(Pointer(value: instance)) } }
  }
}

import CLibXML2
import Glibc

/// The library that parses pages and XML records.
package enum LibXML2 {
  /// Makes the library ready, once for the process; to be called before anything else of it.
  package static func start() {
    _ = started
  }

  /// The allocator ends the process when memory runs out: under a limit libxml2 would otherwise lose text without a word.
  private static let started: Void = {
    xmlMemSetup(
      { free($0) },
      { size in
        guard let memory = malloc(size) else { abort() }
        return memory
      },
      { old, size in
        guard let memory = realloc(old, size) else { abort() }
        return memory
      },
      { text in
        guard let text, let memory = strdup(text) else { abort() }
        return memory
      })
    xmlInitParser()
  }()
}

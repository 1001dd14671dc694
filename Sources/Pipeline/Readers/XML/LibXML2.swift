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
        guard let memory = malloc(size) else { outOfMemory() }
        return memory
      },
      { old, size in
        guard let memory = realloc(old, size) else { outOfMemory() }
        return memory
      },
      { text in
        guard let text, let memory = strdup(text) else { outOfMemory() }
        return memory
      })
    xmlInitParser()
  }()

  /// The word is what tells whoever started the process why it ended.
  private static func outOfMemory() -> Never {
    let message: StaticString = "out of memory\n"
    _ = write(2, message.utf8Start, message.utf8CodeUnitCount)
    abort()
  }
}

/// What an ordered stage remembers of the documents that it has seen: of this run, of the parts of a batch that were finished before, and,
/// where the configuration has a state, of earlier batches. Records have the numbers 0, 1, 2 and so on. Serves one thread.
///
/// The records of a part are kept together with the part, so that a batch that is continued knows neither more nor less than one that
/// was never interrupted.
public protocol StageMemory: AnyObject {
  /// Adds a record, and gives its number.
  /// - Parameters:
  ///   - head: what the stage wants to have at hand when a later run begins.
  ///   - body: what is only read now and then.
  /// - Throws: `IOError`.
  func append(head: [UInt8], body: [UInt8]) throws -> Int

  /// What was added.
  /// - Precondition: a record has this number.
  /// - Throws: `IOError`.
  func body(_ number: Int) throws -> [UInt8]

  /// Goes over the records that were there when the run began, in the order of their numbers.
  /// - Throws: `IOError`, and what `visit` throws.
  func forEachHead(_ visit: (_ number: Int, _ head: [UInt8]) throws -> Void) throws
}

/// The memory of a run that leaves none behind.
package final class TemporaryMemory: StageMemory {
  private let bodies = RecordFile()

  package init() {}

  package func append(head: [UInt8], body: [UInt8]) throws -> Int { try bodies.append(body) }
  package func body(_ number: Int) throws -> [UInt8] { try bodies.record(number) }
  package func forEachHead(_ visit: (Int, [UInt8]) throws -> Void) throws {}
}

import CXXHash
import Pipeline

/// Which copies of each text are kept of files that were written already: the longest, or one of a host that is preferred, whatever the
/// order. Reads the files twice.
public struct CopyChoice: Sendable {
  /// Which of a cluster is kept where no host is preferred.
  public enum Winner: String, CaseIterable, Sendable {
    case longest, earliest
  }

  private let options: Options
  private let winner: Winner
  private let preferredSites: [String]

  /// - Parameters:
  ///   - threshold: how alike copies are, as the option of `near-duplicates`; likewise `words`.
  ///   - preferredHosts: the most preferred first.
  public init(threshold: Double, words: Int, winner: Winner, preferredHosts: [String]) {
    var options = Options(defaultsOf: NearDuplicatesStage.descriptor.options)
    options["threshold"] = .number(threshold)
    options["words"] = .integer(words)
    self.options = options
    self.winner = winner
    preferredSites = preferredHosts.map { Site.name(host: $0) ?? $0 }
  }

  /// The first reading: finds the copies. `verdicts` is filled when the run has ended.
  public func finding(_ configuration: Configuration, _ verdicts: CopyVerdicts) throws -> Configuration {
    var finding = configuration.withOnly(
      FindCopies(try NearDuplicatesStage(options: options), winner, preferredSites, verdicts))
    finding.output.isDiscarded = true
    finding.run.maxRejects = Int.max
    return finding
  }

  /// The second reading: keeps what was chosen, as it stands in the files.
  public func keeping(_ configuration: Configuration, _ verdicts: CopyVerdicts) -> Configuration {
    var keeping = configuration.withOnly(KeepChosen(verdicts))
    keeping.output.isVerbatim = true
    return keeping
  }
}

/// What was found about each document, in the order of the input. Written by one run, then read by another.
///
/// `@unchecked`: the runs follow each other, and each uses it on one thread.
public final class CopyVerdicts: @unchecked Sendable {
  struct Cluster {
    /// Rank by preference, then length: the greater wins.
    var score: (preference: Int, length: Int)
    var winner: Int
    var id: String
  }

  /// The cluster of each document.
  var clusters: [Int32] = []
  /// Whether a document has exactly the words of the first in its cluster, as the first itself has.
  var isExact: [Bool] = []
  var found: [Cluster] = []
  /// Documents that are like the first of their cluster and not like the winner: they stay.
  var kept: Set<Int> = []
  /// What stands for the id and text of each document, so that the second reading is seen to be of the same.
  var prints: [UInt64] = []

  /// What stands for a document.
  static func print(_ document: borrowing Document) -> UInt64 {
    var bytes = Array(document.id.utf8)
    bytes += document.text?.bytes ?? []
    return XXH3_64bits(bytes, bytes.count)
  }

  public init() {}
}

private struct FindCopies: OrderedStage {
  static let descriptor = NearDuplicatesStage.descriptor
  let stage: NearDuplicatesStage
  let winner: CopyChoice.Winner
  let preferredSites: [String]
  let verdicts: CopyVerdicts

  init(_ stage: NearDuplicatesStage, _ winner: CopyChoice.Winner, _ preferredSites: [String], _ verdicts: CopyVerdicts) {
    self.stage = stage
    self.winner = winner
    self.preferredSites = preferredSites
    self.verdicts = verdicts
  }

  init(options: Options) throws { preconditionFailure("made by its other initialiser") }

  func prepare(_ document: borrowing Document) throws -> [UInt8] {
    let site = Site.name(document.metadata)
    let preference = site.flatMap { preferredSites.firstIndex(of: $0) }.map { preferredSites.count - $0 } ?? 0
    var bytes: [UInt8] = []
    Bytes.append(UInt32(preference), to: &bytes)
    Bytes.append(winner == .longest ? UInt64(document.text?.bytes.count ?? 0) : 0, to: &bytes)
    Bytes.append(CopyVerdicts.print(document), to: &bytes)
    return bytes + (try stage.prepare(document))
  }

  func makeDecider(memory: any StageMemory) throws -> any Decider {
    Finder(index: try stage.index(memory), stage: stage, verdicts: verdicts, members: TemporaryMemory())
  }

  private struct Finder: Decider {
    var index: DuplicateIndex
    let stage: NearDuplicatesStage
    let verdicts: CopyVerdicts
    /// The clusters of the documents in the index.
    var leaders: [Int32] = []
    /// The signatures of all documents with words, by number.
    let members: TemporaryMemory
    var records: [Int: Int] = [:]

    mutating func decide(id: String, value: [UInt8], isLeaving: Bool) throws -> Decision {
      let number = verdicts.clusters.count
      let score = (
        preference: Int(try Bytes.value(at: 0, in: value[...]) as UInt32), length: Int(try Bytes.value(at: 4, in: value[...]) as UInt64)
      )
      let signature = value.count > 20 ? try stage.signature(Array(value[20...])) : nil
      let match = try signature.map { try index.match($0) } ?? nil
      if let match {
        let cluster = leaders[match.document]
        if score > verdicts.found[Int(cluster)].score {
          verdicts.found[Int(cluster)] = CopyVerdicts.Cluster(score: score, winner: number, id: id)
        }
        verdicts.clusters.append(cluster)
      } else {
        let cluster = Int32(verdicts.found.count)
        verdicts.found.append(CopyVerdicts.Cluster(score: score, winner: number, id: id))
        verdicts.clusters.append(cluster)
        if let signature {
          try index.insert(signature, id: "")
          leaders.append(cluster)
        }
      }
      verdicts.isExact.append(match?.isExact ?? true)
      verdicts.prints.append(try Bytes.value(at: 12, in: value[...]))
      if signature != nil { records[number] = try members.append(head: [], body: Array(value[20...])) }
      return Decision(.pass)
    }

    /// What is like the first of a cluster need not be like its winner.
    mutating func finish() throws {
      for (number, cluster) in verdicts.clusters.enumerated() {
        let winner = verdicts.found[Int(cluster)].winner
        guard winner != number, let own = records[number], let other = records[winner] else { continue }
        let (a, b) = (try stage.signature(try members.body(own)), try stage.signature(try members.body(other)))
        if a.text != b.text, a.shingles.similarity(to: b.shingles) < stage.threshold { verdicts.kept.insert(number) }
      }
    }
  }
}

private struct KeepChosen: OrderedStage {
  static let descriptor = NearDuplicatesStage.descriptor
  let verdicts: CopyVerdicts

  init(_ verdicts: CopyVerdicts) {
    self.verdicts = verdicts
  }

  init(options: Options) throws { preconditionFailure("made by its other initialiser") }

  func prepare(_ document: borrowing Document) throws -> [UInt8] {
    var bytes: [UInt8] = []
    Bytes.append(CopyVerdicts.print(document), to: &bytes)
    return bytes
  }
  func makeDecider(memory: any StageMemory) throws -> any Decider { Chooser(verdicts: verdicts) }

  private struct Chooser: Decider {
    let verdicts: CopyVerdicts
    var number = 0

    mutating func decide(id: String, value: [UInt8], isLeaving: Bool) throws -> Decision {
      guard number < verdicts.clusters.count, try Bytes.value(at: 0, in: value[...]) == verdicts.prints[number] else {
        throw Self.changed(id)
      }
      defer { number += 1 }
      let cluster = verdicts.found[Int(verdicts.clusters[number])]
      if cluster.winner == number || verdicts.kept.contains(number) { return Decision(.pass) }
      let isExact = verdicts.isExact[number] && verdicts.isExact[cluster.winner]
      return Decision(.drop(reason: isExact ? "duplicate" : "near-duplicate"), cluster: cluster.id)
    }

    func finish() throws {
      if number != verdicts.clusters.count { throw Self.changed("the end") }
    }

    private static func changed(_ place: String) -> IOError {
      IOError(place, "the files have changed between the two readings; nothing was written")
    }
  }
}

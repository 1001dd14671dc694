import Pipeline

/// Counts the lines of documents by site: what `pipe learn` puts behind the stages of a pipeline. No pipeline names it.
public struct LearnStage: OrderedStage {
  public static let descriptor = StageDescriptor(
    name: "learn", summary: "Counts lines by site.",
    options: [
      OptionDescriptor("profile", .text, "The path of the profile."),
      OptionDescriptor("day", .integer(0...Int(UInt16.max)), default: .integer(0), "Today, in days since 1970."),
      OptionDescriptor("acrossSites", .boolean, default: .boolean(false), "Whether paragraphs are counted across sites too."),
    ], needs: [.text])

  /// The reason for pages that cannot be counted.
  public static let noSite = "no-site"
  private let profile: String
  private let day: UInt16
  private let acrossSites: Bool
  /// Lines are shown to people in so many bytes.
  private static let longestText = 120
  /// Pages wait to be written together up to so many bytes.
  private static let mostWaiting = 200_000_000

  public init(options: Options) throws {
    profile = options.text("profile") ?? ""
    day = UInt16(options.int("day") ?? 0)
    acrossSites = options.bool("acrossSites")
  }

  /// Empty for a page that cannot be counted: without an address there is no site, and without text nothing to count.
  public func prepare(_ document: borrowing Document) throws -> [UInt8] {
    guard let text = document.text, let name = Site.name(document.metadata) else { return [] }
    var lines: [(line: SitePage.Line, isLong: Bool, text: [UInt8])] = []
    var known: Set<LineHash> = []
    let all = SiteLines(text) { line, bytes in
      guard known.insert(line.hash).inserted else { return }
      var end = min(bytes.count, Self.longestText)
      while end < bytes.count, end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
      lines.append((SitePage.Line(line.hash, bytes: bytes.count), line.isLong, Array(bytes[..<end])))
    }
    guard let story = all.story else { return [] }
    if lines.count > SitePage.mostLines {
      // The same on every page: a line that repeats is in all samples or in none.
      let limit = lines.map(\.line.hash).sorted()[SitePage.mostLines]
      lines.removeAll { $0.line.hash >= limit }
    }
    let address = Site.key(document)
    let page = SitePage(
      key: SitePage.key(of: address), site: SitePage.site(name), story: story, day: day, lines: lines.map(\.line), address: address)
    var bytes = [UInt8(name.utf8.count)] + Array(name.utf8)
    page.append(to: &bytes)
    for line in lines {
      bytes.append(line.isLong ? 1 : 0)
      bytes.append(UInt8(line.text.count))
      bytes += line.text
    }
    return bytes
  }

  public func makeDecider(memory: any StageMemory) throws -> any Decider {
    Learner(profile: try SiteProfile(path: profile), acrossSites: acrossSites)
  }

  private struct Learner: Decider {
    let profile: SiteProfile
    let acrossSites: Bool
    var waiting: [String: [SiteProfile.Learned]] = [:]
    var size = 0

    mutating func decide(id: String, value: [UInt8], isLeaving: Bool) throws -> Decision {
      guard !value.isEmpty else { return Decision(.drop(reason: LearnStage.noSite)) }
      var rest = value[...]
      let length = Int(rest.removeFirst())
      guard rest.count > length else { throw DamagedRecord() }
      let name = String(decoding: rest.prefix(length), as: UTF8.self)
      rest = rest.dropFirst(length)
      let page = try SitePage(&rest)
      var texts: [(line: LineHash, text: [UInt8])] = []
      var paragraphs: [SitePage.Line] = []
      for line in page.lines {
        let (isLong, count): (UInt8, UInt8) = (try Bytes.value(at: 0, in: rest), try Bytes.value(at: 1, in: rest))
        guard rest.count >= 2 + Int(count) else { throw DamagedRecord() }
        texts.append((line.hash, Array(rest.dropFirst(2).prefix(Int(count)))))
        rest = rest.dropFirst(2 + Int(count))
        if isLong == 1 { paragraphs.append(line) }
      }
      waiting[name, default: []].append(SiteProfile.Learned(page: page, texts: texts))
      if acrossSites, !paragraphs.isEmpty {
        let part = SitePage(
          key: page.key, site: page.site, story: page.story, day: page.day, lines: paragraphs, address: page.address)
        let hashes = Set(paragraphs.map(\.hash))
        waiting[SiteProfile.allSites, default: []].append(
          SiteProfile.Learned(page: part, texts: texts.filter { hashes.contains($0.line) }))
      }
      size += value.count * 2
      if size > LearnStage.mostWaiting { try learn() }
      return Decision(.pass)
    }

    mutating func finish() throws { try learn() }

    private mutating func learn() throws {
      try profile.learn(waiting)
      waiting.removeAll()
      size = 0
    }
  }
}

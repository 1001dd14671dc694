import Pipeline

/// What the JSON-LD of a page says: the things it describes, in the order of their beginnings, and who is said to have written them.
///
/// One pass over each script. What is nested deeper, or comes behind the most things that are kept, is passed over. Linear in the text.
struct StructuredData {
  /// A string in a script, as it stands there.
  struct Text {
    let script: Int
    let range: Range<Int>
  }

  /// What a thing is, by its `@type`.
  enum Kind {
    case unknown, article, work, page, person, organisation, other
  }

  /// What a property means; those that nobody reads are `other`.
  enum Key {
    case other, type, id, graph, mainEntity, mainEntityOfPage, name, headline, author, creator, publisher, datePublished, dateCreated
    case dateModified, section, keywords, description, image, url, givenName, familyName
  }

  struct Thing {
    var kind = Kind.unknown
    /// Whether it is what the page is about, not part of something else.
    let isMain: Bool
    var texts: [(key: Key, text: Text)] = []

    func text(_ key: Key) -> Text? { texts.first { $0.key == key }?.text }
  }

  /// That a thing was made by another thing, or by who bears a name.
  struct Credit {
    let of: Int
    let key: Key
    let name: Text?
    let thing: Int?
  }

  private(set) var things: [Thing] = []
  private(set) var credits: [Credit] = []
  /// Limits that were met, for the trail.
  private(set) var limits: Set<String> = []

  static let deepest = 64
  static let mostThings = 2000
  static let mostCredits = 400
  /// Of one thing; pages repeat `keywords` for each of them.
  private static let mostTexts = 64
  /// Longer strings are the text of the page itself, in bytes.
  private static let longestText = 4096

  private struct Frame {
    let isObject: Bool
    /// What the frame is the value of.
    let key: Key
    /// The thing of an object, or the thing that an array belongs to; -1 where it is not kept.
    let thing: Int
  }

  private let scripts: [[UInt8]]
  private var stack: [Frame] = []
  /// Containers open below the deepest level.
  private var below = 0
  private var key = Key.other

  init(_ scripts: [[UInt8]]) {
    self.scripts = scripts
    for (number, script) in scripts.enumerated() {
      script.withUnsafeBufferPointer { read($0, number) }
    }
  }

  private mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, _ script: Int) {
    stack.removeAll(keepingCapacity: true)
    below = 0
    key = .graph
    var json = LooseJSON(bytes)
    while let token = json.next() {
      switch token {
      case .objectStart: open(isObject: true)
      case .arrayStart: open(isObject: false)
      case .objectEnd: close(isObject: true)
      case .arrayEnd: close(isObject: false)
      case .string(let range, let isKey):
        if isKey {
          // A key in an array: its end is missing.
          while below == 0, let last = stack.last, !last.isObject, stack.count > 1 { stack.removeLast() }
          key = Self.key(UnsafeBufferPointer(rebasing: bytes[range]))
        } else {
          value(range, bytes, script)
        }
      case .bare(let range): value(range, bytes, script)
      }
    }
  }

  private mutating func open(isObject: Bool) {
    guard below == 0, stack.count < Self.deepest else {
      below += 1
      limits.insert("structured data nested deeper than \(Self.deepest)")
      return
    }
    // The elements of an array are values of the array's own key.
    let role = stack.last.map { $0.isObject ? key : $0.key } ?? .graph
    let owner = stack.last?.thing ?? -1
    guard isObject else {
      stack.append(Frame(isObject: false, key: role, thing: owner))
      return
    }
    var thing = -1
    if things.count < Self.mostThings {
      let isTop = owner < 0 ? stack.allSatisfy { $0.key == .graph } : things[owner].isMain
      things.append(Thing(isMain: isTop && (role == .graph || role == .mainEntity || role == .mainEntityOfPage)))
      thing = things.count - 1
      if role == .author || role == .creator || role == .publisher { credit(owner, role, name: nil, thing: thing) }
    } else {
      limits.insert("more than \(Self.mostThings) things in structured data")
    }
    stack.append(Frame(isObject: true, key: role, thing: thing))
    key = .other
  }

  /// Closes the innermost container of a kind, and those inside it that were not closed.
  private mutating func close(isObject: Bool) {
    if below > 0 {
      below -= 1
      return
    }
    guard let place = stack.lastIndex(where: { $0.isObject == isObject }) else { return }
    stack.removeSubrange(place...)
    key = .other
  }

  private mutating func value(_ range: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>, _ script: Int) {
    guard below == 0, let frame = stack.last, frame.thing >= 0 else { return }
    let key = frame.isObject ? key : frame.key
    if frame.isObject { self.key = .other }
    switch key {
    case .other, .graph, .mainEntity: return
    case .type:
      let kind = Self.kind(UnsafeBufferPointer(rebasing: bytes[range]))
      if things[frame.thing].kind == .unknown || things[frame.thing].kind == .other { things[frame.thing].kind = kind }
    case .author, .creator: credit(frame.thing, key, name: Text(script: script, range: range), thing: nil)
    default:
      guard range.count <= Self.longestText, things[frame.thing].texts.count < Self.mostTexts else { return }
      things[frame.thing].texts.append((key, Text(script: script, range: range)))
    }
  }

  private mutating func credit(_ owner: Int, _ key: Key, name: Text?, thing: Int?) {
    guard owner >= 0, (name?.range.count ?? 0) <= Self.longestText else { return }
    guard credits.count < Self.mostCredits else {
      limits.insert("more than \(Self.mostCredits) authors in structured data")
      return
    }
    credits.append(Credit(of: owner, key: key, name: name, thing: thing))
  }

  // MARK: Text

  /// A string with its escapes and character references decoded and white space folded.
  func bytes(_ text: Text) -> [UInt8] {
    scripts[text.script].withUnsafeBufferPointer { script in
      JSONLDText.decoded(UnsafeBufferPointer(rebasing: script[text.range]))
    }
  }

  func hasEqualText(_ a: Text, _ b: Text) -> Bool {
    scripts[a.script][a.range] == scripts[b.script][b.range]
  }
}

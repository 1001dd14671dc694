/// What a document holds or a stage makes: the currency of the order check.
public enum DocumentPart: String, Sendable, CaseIterable, Codable {
  /// Raw bytes of a page.
  case content
  /// Text in blocks.
  case text
  case title, metadata, language, sentences, entities, cluster
}

/// The bytes of a page as they came in.
public struct RawContent: Sendable {
  public var bytes: [UInt8]
  /// The name of the encoding when the input knows it (a field of a record, a transport header); "utf-8" for text that came out of JSON.
  public var charset: String?

  public init(bytes: [UInt8], charset: String? = nil) {
    self.bytes = bytes
    self.charset = charset
  }
}

/// A name found in the text.
public struct Entity: Sendable, Equatable {
  /// In bytes of the text's buffer.
  public var range: Range<Int>
  public var label: String
  public var id: String?
  /// What found it, such as `list`.
  public var source: String?
  /// From 0 to 1; nil where the finder gives none.
  public var score: Double?
  /// The name that the output groups it under in `mentions`, such as the full name of a person; nil where it is not to be listed there.
  public var mention: String?

  public init(
    range: Range<Int>, label: String, id: String? = nil, source: String? = nil, score: Double? = nil, mention: String? = nil
  ) {
    self.range = range
    self.label = label
    self.id = id
    self.source = source
    self.score = score
    self.mention = mention
  }
}

/// Facts about a document, by the names they have in the output.
public struct Metadata: Sendable, Equatable {
  public var url: String?
  public var canonical: String?
  public var title: String?
  public var authors: [String] = []
  /// ISO 8601.
  public var published: String?
  /// ISO 8601.
  public var modified: String?
  public var section: String?
  public var keywords: [String] = []
  /// A BCP 47 tag in lower case, such as `pt-br`.
  public var language: String?
  public var siteName: String?
  public var description: String?
  public var image: String?
  public var translation: TranslationNote?

  public init() {}

  /// The language without region or script: `pt` for `pt-br`.
  public var primaryLanguage: String? {
    language.map { String($0.prefix { $0 != "-" && $0 != "_" }).lowercased() }
  }
}

/// What notices in the text said about its translation.
public struct TranslationNote: Sendable, Equatable {
  /// Whether a machine is named.
  public var machine: Bool
  /// The language of the original, as a BCP 47 tag.
  public var from: String?
  /// The translator, or the name of the machine or service.
  public var by: String?
  /// The notices' own words.
  public var note: String

  public init(machine: Bool, from: String? = nil, by: String? = nil, note: String) {
    self.machine = machine
    self.from = from
    self.by = by
    self.note = note
  }
}

/// One input on its way through the stages.
///
/// A document belongs to one worker at a time. Stages change it in place; text is never deleted but marked, with the reason, in `trail`.
public struct Document {
  public let id: String
  /// The file the document came from, as given; `stdin` for standard input.
  public let source: String
  /// The line or record number in `source`, from 1; nil when the file is the document.
  public let position: Int?
  /// The raw page, until a stage has made text of it.
  public var content: RawContent?
  /// The text, once there is one.
  public private(set) var text: BlockText?
  public var metadata = Metadata()
  /// Sentences in bytes of the text's buffer, in order, without overlap.
  public var sentences: [Range<Int>]?
  /// Entities in order of their start.
  public var entities: [Entity]?
  /// What was removed and why, in the order of removal.
  public private(set) var trail: [TrailEntry] = []
  /// What the output carries under `extra`, in this order.
  public private(set) var extra: [(name: String, value: ExtraValue)] = []
  private var attachments: [ObjectIdentifier: Any] = [:]
  /// Counts the texts that the document has had: the blocks of each have numbers of their own.
  package private(set) var textVersion = 0
  /// The stage at work; set by the engine, named in every trail entry.
  var stageName = ""

  /// Names the stage whose removals follow.
  package mutating func beginStage(_ name: String) { stageName = name }

  public init(id: String, source: String, position: Int? = nil) {
    self.id = id
    self.source = source
    self.position = position
  }

  // MARK: Text

  /// Sets or replaces the text. Sentences and entities of an earlier text are forgotten: their offsets mean nothing in the new one.
  public mutating func setText(_ newText: BlockText) {
    text = newText
    textVersion += 1
    sentences = nil
    entities = nil
  }

  /// Marks a block as removed. Does nothing for a block that is already dropped.
  /// - Parameters:
  ///   - index: which block.
  ///   - reason: the kind of thing that was removed, from the stage's documented list.
  ///   - rule: the rule that decided, precise enough to find it in the stage's data.
  public mutating func drop(_ index: Int, reason: String, rule: String) {
    guard let block = text?.blocks[index], block.isKept else { return }
    text?.blocks[index].isKept = false
    trail.append(
      TrailEntry(stage: stageName, reason: reason, rule: rule, text: text?.string(block.range) ?? "", kept: false, block: index))
  }

  /// Takes the bytes of a block outside `range` away.
  /// - Precondition: `range` lies in the block's present range and on code point boundaries.
  public mutating func trim(_ index: Int, to range: Range<Int>, reason: String, rule: String) {
    guard let block = text?.blocks[index], block.isKept, range != block.range else { return }
    precondition(range.lowerBound >= block.range.lowerBound && range.upperBound <= block.range.upperBound)
    for removed in [block.range.lowerBound..<range.lowerBound, range.upperBound..<block.range.upperBound]
    where !removed.isEmpty {
      trail.append(
        TrailEntry(stage: stageName, reason: reason, rule: rule, text: text?.string(removed) ?? "", kept: false, block: index))
    }
    text?.blocks[index].range = range
  }

  /// Notes what a stage would have removed, and keeps it.
  /// - Parameter range: the part of the block it is about; nil for all of it.
  public mutating func mark(_ index: Int, _ range: Range<Int>? = nil, reason: String, rule: String) {
    guard let block = text?.blocks[index], block.isKept else { return }
    trail.append(
      TrailEntry(stage: stageName, reason: reason, rule: rule, text: text?.string(range ?? block.range) ?? "", kept: true, block: index))
  }

  /// Notes a removal that never became a block, such as a limit that cut the page, or why there is no text at all.
  public mutating func note(reason: String, rule: String, text: String = "") {
    trail.append(TrailEntry(stage: stageName, reason: reason, rule: rule, text: text, kept: false))
  }

  /// Notes what was missing already when the document came in; the trail gives `input` for the stage.
  mutating func noteInput(reason: String, rule: String) {
    trail.append(TrailEntry(stage: "input", reason: reason, rule: rule, text: "", kept: false))
  }

  /// Notes something that removes nothing, such as where a fact came from. It stands in the trail as kept, and is not counted.
  public mutating func remark(reason: String, rule: String, text: String = "") {
    trail.append(TrailEntry(stage: stageName, reason: reason, rule: rule, text: text, kept: true))
  }

  /// Notes something that a person should hear of for the run as a whole, such as a model that does not fit the language. It removes nothing; it stands
  /// in the trail as kept, and the summary says how many documents it was noted of, by reason and rule.
  public mutating func note(reason: String, rule: String) {
    trail.append(TrailEntry(stage: stageName, reason: reason, rule: rule, text: "", kept: true, isNote: true))
  }

  /// Adds a value to `extra`, or replaces the one of that name; nil takes it away.
  public mutating func setExtra(_ name: String, _ value: ExtraValue?) {
    let index = extra.firstIndex { $0.name == name }
    switch (index, value) {
    case (let index?, let value?): extra[index].value = value
    case (let index?, nil): extra.remove(at: index)
    case (nil, let value?): extra.append((name, value))
    case (nil, nil): break
    }
  }

  // MARK: Attachments

  /// The attachment of a type, made by `make` when there is none yet. Attachments are freed after the last stage that uses them.
  public mutating func attachment<Value>(_ type: Value.Type, make: (borrowing Document) throws -> Value) rethrows
    -> Value
  {
    if let value = attachments[ObjectIdentifier(type)] as? Value { return value }
    let value = try make(self)
    attachments[ObjectIdentifier(type)] = value
    return value
  }

  /// The attachment of a type, when a stage has made one.
  public func existingAttachment<Value>(_ type: Value.Type) -> Value? {
    attachments[ObjectIdentifier(type)] as? Value
  }

  mutating func freeAttachments() {
    attachments.removeAll()
  }
}

/// One removal.
public struct TrailEntry: Sendable, Equatable {
  public let stage: String
  public let reason: String
  public let rule: String
  public let text: String
  /// True where the text stayed and was only marked.
  public let kept: Bool
  /// Whether the summary of a run tells it.
  package var isNote = false
  /// The block's number in the text of that moment; nil for what was no block.
  package var block: Int?
}

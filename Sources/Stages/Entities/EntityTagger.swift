import Pipeline

/// Tags names in texts: from lists, by patterns, and with a trained model of persons, organisations and places.
///
/// ```swift
/// let tagger = try EntityTagger()
/// let text = "Kenya joined the African Union."
/// for entity in tagger.entities(in: text) {
///   let utf8 = Array(text.utf8)[entity.range]
///   print(entity.label, String(decoding: utf8, as: UTF8.self))
/// }
/// ```
///
/// Where finds overlap, those of lists win over those of patterns, and both over the model's. The list that comes with the program does not: it
/// gives identifiers to what the model finds, and is a list like any other only where the model does not know the language.
/// A tagger is a value that many threads may use at once.
public struct EntityTagger: Sendable {
  /// How capitals count in lists.
  public enum Case: String, CaseIterable, Sendable {
    /// A name is found as it is written in the list.
    case exact
    /// Also in capitals throughout.
    case smart
    /// In any way.
    case ignore
  }

  /// Patterns that come with the program.
  public enum Pattern: String, CaseIterable, Sendable {
    case date = "DATE"
    case money = "MONEY"
    case percent = "PERCENT"
    case quantity = "QUANTITY"
    case email = "EMAIL"
    case url = "URL"
    case phone = "PHONE"
  }

  /// Which trained model tags names.
  public enum Model: Sendable {
    /// None.
    case none
    /// The one that comes with the program, for English.
    case builtIn
    /// One of your own, as `Training/entities.py` writes it.
    case file(String)
  }

  private let model: EntityModel?
  private let lists: NameIndex?
  private let known: NameIndex?
  private let patterns: EntityPatterns
  private let leastScore: Double
  private let grouping: Bool

  /// - Parameters:
  ///   - model: what tags persons (PER), organisations (ORG) and places (LOC).
  ///   - lists: paths of lists of names, first those that win.
  ///   - casing: how capitals count in lists.
  ///   - usesBuiltInList: whether the list of countries, capitals and large organisations is used.
  ///   - patterns: regular expressions of RE2 by label; where one has groups, the first is the entity.
  ///   - recognize: patterns that come with the program.
  ///   - leastScore: finds of the model that it holds less likely are left out, from 0 to 1.
  ///   - grouping: whether entities are told the name that they mention.
  /// - Throws: `OptionProblem` for a list, pattern or model that cannot be used.
  public init(
    model: Model = .builtIn, lists: [String] = [], casing: Case = .smart, usesBuiltInList: Bool = true, patterns: [String: String] = [:],
    recognize: Set<Pattern> = [], leastScore: Double = 0, grouping: Bool = false
  ) throws {
    switch model {
    case .none: self.model = nil
    case .builtIn: self.model = .shared
    case .file(let path):
      do {
        self.model = try EntityModel(MappedFile(path))
      } catch {
        throw OptionProblem("model", "\(path) \(error)")
      }
    }
    self.lists = try NameLists.index(paths: lists, casing: casing)
    known = usesBuiltInList ? NameLists.builtIn : nil
    self.patterns = try EntityPatterns(
      own: patterns.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, builtIn: Set(recognize.map(\.rawValue)))
    self.leastScore = leastScore
    self.grouping = grouping
  }

  /// The language that the model is for, without region or script, such as `en`; nil without a model.
  public var language: String? { Self.primary(model?.language) }

  /// A language without region or script in lower case: `en` of `en-US`; nil for none, and for tags that name none.
  static func primary(_ language: String?) -> String? {
    let primary = language?.prefix { $0 != "-" && $0 != "_" }.lowercased() ?? ""
    return ["", "und", "mul", "zxx"].contains(primary) ? nil : primary
  }

  /// The entities of a plain text, in order, without overlap; none crosses a paragraph. Ranges are in bytes of its UTF-8. O(length).
  ///
  /// The text has less than 2 GiB.
  /// - Parameter language: the text's, such as `en`; the model is not used for another than its own. Nil for the model's.
  public func entities(in text: String, language: String? = nil) -> [Entity] {
    var text = text
    return text.withUTF8 { utf8 in
      let blocks = BlockText(plain: Array(utf8)).blocks.map(\.range)
      return entities(in: utf8, blocks: blocks, usesModel: Self.primary(language).map { $0 == self.language } ?? true)
    }
  }

  /// The entities of a text in blocks, none of which crosses a block.
  /// - Parameters:
  ///   - utf8: valid UTF-8.
  ///   - blocks: in order, without overlap.
  ///   - usesModel: whether the text is in the model's language.
  func entities(in utf8: UnsafeBufferPointer<UInt8>, blocks: some Collection<Range<Int>>, usesModel: Bool) -> [Entity] {
    var finds = EntityFinds()
    for block in blocks where !block.isEmpty {
      let bytes = UnsafeBufferPointer(rebasing: utf8[block])
      lists?.forEachMatch(in: bytes) { finds.add($0.range, in: block, .list($0.name, builtIn: false)) }
      if !patterns.isEmpty {
        finds.endLayer()
        for match in patterns.matches(in: bytes) { finds.add(match.range, in: block, .pattern(match.pattern)) }
      }
      finds.endBlock()
    }
    let named = usesModel ? model : nil
    if let named {
      var finder = NameFinder(named)
      let names = finder.find(in: utf8, blocks: blocks).filter { Double($0.score) >= leastScore }
      finds.merge(names.lazy.map { ($0.range, .model(kind: $0.kind, score: $0.score)) }, utf8)
    } else if let known {
      var names: [(range: Range<Int>, what: EntityFinds.What)] = []
      for block in blocks where !block.isEmpty {
        known.forEachMatch(in: UnsafeBufferPointer(rebasing: utf8[block])) {
          names.append(((block.lowerBound + $0.range.lowerBound)..<(block.lowerBound + $0.range.upperBound), .list($0.name, builtIn: true)))
        }
      }
      finds.merge(names, utf8)
    }
    var entities = finds.finds.map { entity($0.range, $0.what, utf8) }
    if grouping { EntityMentions.group(&entities, utf8) }
    return entities
  }

  private func entity(_ range: Range<Int>, _ what: EntityFinds.What, _ utf8: UnsafeBufferPointer<UInt8>) -> Entity {
    switch what {
    case .list(let name, let builtIn):
      guard let index = builtIn ? known : lists else { preconditionFailure("a find of a list that is not there") }
      return Entity(range: range, label: index.label(of: name), id: index.id(of: name), source: "list")
    case .pattern(let pattern):
      return Entity(range: range, label: patterns.label(of: pattern), source: "pattern")
    case .model(let kind, let score):
      let label = EntityTag.labels[kind]
      let text = UnsafeBufferPointer(rebasing: utf8[range])
      let name = known?.name(equalTo: text, label: label)
      return Entity(
        range: range, label: label, id: name.flatMap { known?.id(of: $0) }, source: "model", score: (Double(score) * 1000).rounded() / 1000)
    }
  }
}

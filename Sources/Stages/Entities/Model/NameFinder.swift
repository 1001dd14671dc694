import Pipeline

/// Finds names in the tokens of a document, a part of the document at a time.
struct NameFinder: ~Copyable {
  private let model: EntityModel
  private var tokens = EntityTokens()
  private var decoder = EntityDecoder()
  private var usages = EntityUsages()
  private var consistency = EntityConsistency()

  init(_ model: EntityModel) {
    self.model = model
  }

  /// A name in a text.
  struct Name {
    /// In bytes of the text.
    var range: Range<Int>
    /// The number of the label.
    var kind: Int
    /// The model's probability, from 0 to 1.
    var score: Float
  }

  /// Adds the names of a document, in the order of the text. O(length).
  /// - Parameter blocks: parts of the text that no name crosses.
  mutating func find(in text: UnsafeBufferPointer<UInt8>, blocks: some Sequence<Range<Int>>) -> [Name] {
    var names: [Name] = []
    for block in blocks {
      var start = block.lowerBound
      while start < block.upperBound {
        start = EntityTokenizer.tokenize(start..<block.upperBound, of: text, into: &tokens)
        if tokens.count > EntityTokenizer.most { finishPart(text, &names) }
      }
    }
    finishPart(text, &names)
    return names
  }

  private mutating func finishPart(_ text: UnsafeBufferPointer<UInt8>, _ names: inout [Name]) {
    Self.prepare(&tokens, &usages, model.lexicon, text)
    var spans: [EntityDecoder.Span] = []
    for block in tokens.blocks { decoder.decode(tokens.base, block, model, into: &spans) }
    consistency.refine(&spans, tokens, text)
    for span in spans {
      names.append(
        Name(
          range: Int(tokens.base[span.first].start)..<Int(tokens.base[span.last].end), kind: span.kind, score: span.score))
    }
    tokens.removeAll()
  }

  /// Tells tokens all that is known about them.
  static func prepare(
    _ tokens: inout EntityTokens, _ usages: inout EntityUsages, _ lexicon: EntityLexicon, _ text: UnsafeBufferPointer<UInt8>
  ) {
    let base = tokens.base
    for block in tokens.blocks {
      for index in block where base[index].isWord { lexicon.look(&base[index]) }
      lexicon.markPhrases(base, block)
      EntityContext.markSentences(base, block, text)
      EntityContext.markRuns(base, block)
      usages.learn(base, block)
    }
    for block in tokens.blocks {
      for index in block where base[index].isWord { base[index].usage = usages.usage(of: base[index].lower) }
    }
  }
}

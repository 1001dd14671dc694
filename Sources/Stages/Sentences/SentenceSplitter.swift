import Pipeline

/// Splits UTF-8 text into sentences: rules for what is certain, a small learned model for what is not.
///
/// Usable without the pipeline. A value can serve several threads.
///
///     let splitter = SentenceSplitter(language: "en")
///     splitter.split("Dr. Bell left at 5 p.m. Nobody saw her.")   // two ranges
///
/// Places where a sentence may end are found in one pass over the bytes: marks of all scripts, and white space before what may begin a sentence. Rules and word
/// lists decide what is certain: titles, initials, ordinals, list markers, references, quotations. The rest is decided by logistic regression over
/// hashed features of the words around (feature hashing: Weinberger et al. 2009), trained on treebanks of nine languages; for other
/// languages by the part of it that knows no words.
public struct SentenceSplitter: Sendable {
  /// What becomes of a quotation of several sentences.
  public enum Quotations: String, Sendable, CaseIterable {
    /// Each is a sentence; the opening mark belongs to the first, the closing one to the last.
    case split
    /// No sentence ends inside a quotation.
    case keep
  }

  private let language: SentenceLanguage?
  private let quotations: Quotations
  private let minimumLength: Int
  private let model: SentenceModel

  /// - Parameters:
  ///   - language: a language tag such as `de` or `pt-BR`; nil to take the language that a text's script is most used for. A language without
  ///     data of its own is split by what holds for all.
  ///   - quotations: what becomes of quotations of several sentences.
  ///   - minimumLength: a sentence of fewer code points is joined to the next one, the last to the one before.
  public init(language: String? = nil, quotations: Quotations = .split, minimumLength: Int = 0) {
    self.init(language: language, quotations: quotations, minimumLength: minimumLength, model: .shared)
  }

  /// A splitter with a model of your own.
  /// - Parameter model: a model as `Training/sentences.py` writes it; the other parameters are those of the splitter with the built-in one.
  /// - Throws: an error that says what is wrong with the model.
  public init(language: String? = nil, quotations: Quotations = .split, minimumLength: Int = 0, model: [UInt8]) throws {
    try self.init(language: language, quotations: quotations, minimumLength: minimumLength, model: SentenceModel(model))
  }

  init(language: String?, quotations: Quotations, minimumLength: Int, model: SentenceModel) {
    self.language = language.map(SentenceLanguage.init)
    self.quotations = quotations
    self.minimumLength = minimumLength
    self.model = model
  }

  /// The sentences of a text, in bytes, in order, without the white space between them; together they cover everything that is no white space. None crosses
  /// a blank line (a newline, and nothing but spaces, tabs and carriage returns up to the next), and none breaks a grapheme apart. The end of a line is white space, unless the next word would have had room on the line. O(length).
  /// - Parameter utf8: valid UTF-8.
  public func split(_ utf8: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: SentenceFeatures.most) { features in
      let language = language ?? SentenceLanguage(TextScript.usualLanguage(of: utf8) ?? "en")
      var judge = ModelJudge(model: model, language: language.number, features: features.baseAddress!)
      let sentences = SentenceScan.sentences(of: utf8, language, keepsQuotations: quotations == .keep, &judge)
      return minimumLength > 1 ? joined(sentences, utf8) : sentences
    }
  }

  /// The sentences of a string, without the white space between them. O(length).
  public func split(_ text: String) -> [Range<String.Index>] {
    var text = text
    return text.withUTF8(split).map { range in
      text.utf8.index(text.startIndex, offsetBy: range.lowerBound)..<text.utf8.index(text.startIndex, offsetBy: range.upperBound)
    }
  }

  /// Joins sentences that are too short.
  private func joined(_ sentences: [Range<Int>], _ utf8: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var isShort = false
    var length = 0
    for sentence in sentences {
      let own = utf8[sentence].reduce(into: 0) { $0 += $1 & 0xC0 != 0x80 ? 1 : 0 }
      if isShort, let last = result.last {
        result[result.count - 1] = last.lowerBound..<sentence.upperBound
        length += own + 1
      } else {
        result.append(sentence)
        length = own
      }
      isShort = length < minimumLength
    }
    if isShort, result.count > 1 {
      let last = result.removeLast()
      result[result.count - 1] = result[result.count - 1].lowerBound..<last.upperBound
    }
    return result
  }
}

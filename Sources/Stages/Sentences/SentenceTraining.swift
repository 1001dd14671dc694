import Pipeline

/// Gives `Training/sentences.py` the features of places in labelled texts; the code of the stage is the only one that knows them.
package enum SentenceTraining {
  /// The languages of records, in the order of their numbers from 1 on.
  package static var languages: [String] { SentenceLanguage.trained }

  /// For each place where a sentence may end and rules do not say: 1 where it does else 0, the language's number, how many features are for
  /// all languages, how many there are (a byte each), the features' hashes (four bytes each, little-endian).
  /// - Parameter ends: where sentences end, in bytes.
  package static func records(of utf8: UnsafeBufferPointer<UInt8>, language: String, ends: Set<Int>) -> [UInt8] {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: SentenceFeatures.most) { features in
      let language = SentenceLanguage(language)
      var judge = RecordingJudge(ends: ends, language: language.number, features: features.baseAddress!)
      _ = SentenceScan.sentences(of: utf8, language, keepsQuotations: false, &judge)
      return judge.records
    }
  }

  private final class RecordingJudge: SentenceJudge {
    let ends: Set<Int>
    let language: UInt32
    let features: UnsafeMutablePointer<UInt32>
    var records: [UInt8] = []

    init(ends: Set<Int>, language: UInt32, features: UnsafeMutablePointer<UInt32>) {
      self.ends = ends
      self.language = language
      self.features = features
    }

    func endsSentence(_ place: inout SentenceCandidate, offset: Int) -> Bool {
      let isEnd = ends.contains(offset + place.end)
      let (shared, all) = SentenceFeatures.write(&place, language: language, to: features)
      records += [isEnd ? 1 : 0, UInt8(language), UInt8(shared), UInt8(all)]
      for index in 0..<all { withUnsafeBytes(of: features[index].littleEndian) { records.append(contentsOf: $0) } }
      return isEnd
    }
  }
}

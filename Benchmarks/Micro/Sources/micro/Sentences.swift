import CICUSentences
import Foundation
import Stages

func compareSentences(_ text: [UInt8], language: String) {
  let splitter = SentenceSplitter(language: language)
  func icu(_ locale: String) -> Int {
    text.withUnsafeBytes { Int(icu_sentences($0.baseAddress?.assumingMemoryBound(to: CChar.self), Int64($0.count), locale)) }
  }
  compare(
    [
      Contender(name: "SentenceSplitter") { text.withUnsafeBufferPointer { splitter.split($0).count } },
      Contender(name: "ICU") { icu(language) },
      Contender(name: "ICU with suppressions") { icu("\(language)@ss=standard") },
    ], amount: Double(text.count) / 1e6, unit: "MB")
}

// Times parts of the pipeline alone, on one core, next to others that do the same: every round each once, in turn, so that what the machine
// does besides meets all alike. Prints medians.
//
//   micro sentences FILE [LANGUAGE]   the sentence splitter next to ICU's break iterator, on UTF-8 text
import CICUSentences
import Foundation
import Stages

struct Contender {
  let name: String
  let run: () -> Int
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// - Parameter amount: how much each run works on, in `unit`.
func compare(_ contenders: [Contender], amount: Double, unit: String, rounds: Int = 11) {
  var times: [[Double]] = contenders.map { _ in [] }
  var results: [Int] = contenders.map { $0.run() }
  for _ in 0..<rounds {
    for (index, contender) in contenders.enumerated() {
      let duration = ContinuousClock().measure { results[index] = contender.run() }.components
      times[index].append(Double(duration.seconds) + Double(duration.attoseconds) / 1e18)
    }
  }
  let own = median(times[0])
  for (index, contender) in contenders.enumerated() {
    let time = median(times[index])
    print(
      "\(contender.name): \(String(format: "%.1f", amount / time)) \(unit)/s, \(results[index]) found, "
        + "\(String(format: "%.2f", time / own)) times as long as the first")
  }
}

let arguments = CommandLine.arguments
guard arguments.count >= 3, arguments[1] == "sentences", let data = FileManager.default.contents(atPath: arguments[2]) else {
  FileHandle.standardError.write(Data("usage: micro sentences FILE [LANGUAGE]\n".utf8))
  exit(2)
}
let language = arguments.count > 3 ? arguments[3] : "en"
let text = [UInt8](data)
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

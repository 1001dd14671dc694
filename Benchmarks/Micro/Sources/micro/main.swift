// Times parts of the pipeline alone, on one core, next to others that do the same: every round each once, in turn, so that what the machine
// does besides meets all alike. Prints medians.
//
//   micro sentences FILE [LANGUAGE]   the sentence splitter next to ICU's break iterator, on UTF-8 text
//   micro entities FILE [LIST]        the entity tagger on the texts of a JSON Lines file ("text"), and with a list of names beside it
import Foundation

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
guard arguments.count >= 3, let data = FileManager.default.contents(atPath: arguments[2]) else {
  FileHandle.standardError.write(Data("usage: micro sentences FILE [LANGUAGE]\n       micro entities FILE [LIST]\n".utf8))
  exit(2)
}
switch arguments[1] {
case "sentences": compareSentences([UInt8](data), language: arguments.count > 3 ? arguments[3] : "en")
case "entities": try compareEntities(data, list: arguments.count > 3 ? arguments[3] : nil)
default:
  FileHandle.standardError.write(Data("micro: no \(arguments[1])\n".utf8))
  exit(2)
}

// Writes the features of places in labelled texts for `Training/sentences.py`: for each line of JSON from standard input, with "lang", "text" and
// "spans" in code points, how many bytes follow (four, little-endian), and the records of `SentenceTraining`.
import Foundation
import Stages

struct Labelled: Decodable {
  let lang: String?
  let text: String
  let spans: [[Int]]
}

if CommandLine.arguments.dropFirst() == ["--languages"] {
  print(SentenceTraining.languages.joined(separator: " "))
  exit(0)
}
guard CommandLine.arguments.count == 1 else {
  FileHandle.standardError.write(Data("usage: sentence-features [--languages] < LABELLED.jsonl\n".utf8))
  exit(2)
}
let decoder = JSONDecoder()
while let line = readLine() {
  let labelled = try decoder.decode(Labelled.self, from: Data(line.utf8))
  let text = Array(labelled.text.utf8)
  let starts = text.indices.filter { text[$0] & 0xC0 != 0x80 } + [text.count]
  let ends = Set(labelled.spans.map { starts[$0[1]] })
  let records = text.withUnsafeBufferPointer { SentenceTraining.records(of: $0, language: labelled.lang ?? "en", ends: ends) }
  var length = UInt32(records.count).littleEndian
  FileHandle.standardOutput.write(withUnsafeBytes(of: &length) { Data($0) } + Data(records))
}

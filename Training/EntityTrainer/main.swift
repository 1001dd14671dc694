// Trains the tagger of the entities stage; `Training/entities.py` calls it.
//
//   entity-trainer FILE.jsonl[=WEIGHT] … --model=OUT [--words=TSV] [--phrases=TSV] [--clusters=TSV] [--habits=TSV] [--language=en]
//                  [--epochs=8] [--rate=0.03] [--penalty=1e-3] [--dropout=0.15] [--cut=2] [--scale=16] [--size=14900000]
//   entity-trainer tag MODEL < DOCUMENTS.jsonl
import Foundation
import Pipeline
import Stages

let arguments = Array(CommandLine.arguments.dropFirst())

func fail(_ message: String) -> Never {
  FileHandle.standardError.write(Data("entity-trainer: \(message)\n".utf8))
  exit(2)
}

/// Tags lines of JSON with "id" and "text" from standard input.
func tag(_ model: String) throws {
  struct Document: Decodable {
    let id: String
    let text: String
  }
  let tagger = try EntityTagger(model: .file(model), usesBuiltInList: false)
  let decoder = JSONDecoder()
  while let line = readLine() {
    let document = try decoder.decode(Document.self, from: Data(line.utf8))
    var places: [Int] = []
    var count = 0
    for byte in document.text.utf8 {
      if byte & 0xC0 != 0x80 { count += 1 }
      places.append(count - 1)
    }
    places.append(count)
    let entities = tagger.entities(in: document.text, byLines: true).map {
      ["start": places[$0.range.lowerBound], "end": places[$0.range.upperBound], "label": $0.label, "score": $0.score ?? 1] as [String: Any]
    }
    let json = try JSONSerialization.data(withJSONObject: ["id": document.id, "text": document.text, "entities": entities])
    FileHandle.standardOutput.write(json + Data([10]))
  }
}

if arguments.first == "tag" {
  guard arguments.count == 2 else { fail("usage: entity-trainer tag MODEL < DOCUMENTS.jsonl") }
  do { try tag(arguments[1]) } catch { fail("\(error)") }
  exit(0)
}
var options: [String: String] = [:]
var files: [(path: String, weight: Float)] = []
for argument in arguments {
  let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
  if argument.hasPrefix("--"), parts.count == 2 {
    options[String(parts[0].dropFirst(2))] = parts[1]
  } else {
    guard let weight = parts.count > 1 ? Float(parts[1]) : 1 else { fail("no weight: \(argument)") }
    files.append((parts[0], weight))
  }
}
let given = options
func number(_ name: String, _ value: Double) -> Double {
  guard let text = given[name] else { return value }
  guard let number = Double(text) else { fail("no number: --\(name)=\(text)") }
  return number
}
guard number("epochs", 8) >= 1 else { fail("--epochs must be 1 or more") }
guard let output = given["model"], !files.isEmpty else { fail("no --model=OUT, or no file") }
func tables() -> EntityLexiconTables {
  do {
    return try EntityLexiconTables(words: given["words"], phrases: given["phrases"], clusters: given["clusters"], habits: given["habits"])
  } catch {
    fail("\(error)")
  }
}
let lexicon = tables()
var examples = Examples()
for (path, weight) in files {
  do { try examples.read(path, weight: weight, lexicon) } catch { fail("\(path): \(error)") }
}
print("\(examples.tags.count) tokens, \(examples.features.count) features")
let field = ConditionalRandomField(
  examples, cut: Int(number("cut", 2)), rate: Float(number("rate", 0.03)), penalty: Float(number("penalty", 1e-3)),
  dropout: Float(number("dropout", 0.15)))
let epochs = Int(number("epochs", 8))
for epoch in 0..<epochs { print("pass \(epoch + 1) of \(epochs): loss \(field.epoch(epoch, of: epochs)) a token") }
let (transitions, rows) = field.answer
let file = EntityModelFile(
  transitions: transitions, rows: rows, lexicon: lexicon, scale: Float(number("scale", 16)), language: given["language"] ?? "en",
  size: Int(number("size", 14_900_000)))
do { try Data(file.bytes).write(to: URL(fileURLWithPath: output), options: .atomic) } catch { fail("\(output): \(error)") }
print("\(file.rowCount) features kept, \(file.lostCount) of them without room, \(file.bytes.count) bytes")

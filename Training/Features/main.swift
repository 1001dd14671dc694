// Writes the features of pages for `Training/article.py`.
import Foundation
import Stages

func read(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

let arguments = CommandLine.arguments
if arguments.count == 2, arguments[1] == "--columns" {
  print(ArticleTraining.firstColumns, ArticleTraining.columns.joined(separator: " "))
  exit(0)
}
guard arguments.count >= 3 else {
  FileHandle.standardError.write(
    Data("usage: article-features MODEL OUTPUT [--texts] < LIST, each line a file, after \"-\" one to read without JSON-LD\n".utf8))
  exit(2)
}
let model = try read(arguments[1])
let writesTexts = arguments.contains("--texts")
let whole = try ArticleTraining(model: model, hidesStructuredData: false, writesTexts: writesTexts)
let bare = try ArticleTraining(model: model, hidesStructuredData: true, writesTexts: writesTexts)
_ = FileManager.default.createFile(atPath: arguments[2], contents: nil)
let output = try FileHandle(forWritingTo: URL(fileURLWithPath: arguments[2]))
while let line = readLine() {
  let hides = line.hasPrefix("-")
  try output.write(contentsOf: Data((hides ? bare : whole).record(of: read(hides ? String(line.dropFirst()) : line))))
}

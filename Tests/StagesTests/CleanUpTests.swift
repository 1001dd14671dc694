import Foundation
import TestSupport
import Testing

@testable import Pipeline
@testable import Stages

/// Plain text of news articles whose lines are labelled, in `Tests/CleanUp`: written for this project without sight of lists and rules.
///
/// `### ID LANGUAGE` starts a document; `= LINE` is content, and `- KIND | LINE` is boilerplate. Blank lines are part of the document.
@Suite struct CleanUpTests {
  private struct Labelled {
    let language: String
    var lines: [(kind: String?, text: String)] = []
  }

  private static func documents(_ name: String) throws -> [Labelled] {
    var documents: [Labelled] = []
    for line in try String(contentsOfFile: "\(checkout)/Tests/CleanUp/\(name)", encoding: .utf8).components(separatedBy: "\n") {
      if line.hasPrefix("### ") {
        documents.append(Labelled(language: String(line.split(separator: " ").last!)))
      } else if !documents.isEmpty {
        let parts = line.dropFirst(2).components(separatedBy: " | ")
        let isContent = !line.hasPrefix("- ")
        documents[documents.count - 1].lines.append(
          (isContent ? nil : parts[0], isContent ? String(line.dropFirst(2)) : parts.dropFirst().joined(separator: " | ")))
      }
    }
    return documents
  }

  private static let files = (try! FileManager.default.contentsOfDirectory(atPath: checkout + "/Tests/CleanUp")).sorted()

  /// Content that is lost, and boilerplate that is found, over all languages.
  @Test func littleContentIsLostAndMostBoilerplateIsFound() throws {
    let stages = [try stage("boilerplate"), try stage("translation-notes")]
    var content = 0
    var boilerplate = 0
    var found = 0
    var lost: [String] = []
    for file in Self.files {
      for labelled in try Self.documents(file) {
        var document = Document.plain(labelled.lines.map(\.text).joined(separator: "\n") + "\n")
        document.metadata.language = labelled.language
        for stage in stages { _ = try stage.process(&document) }
        var left = document.rendered.components(separatedBy: "\n")[...]
        for (kind, text) in labelled.lines where !text.isEmpty {
          let isKept = left.contains(text)
          if isKept, kind == nil, let place = left.firstIndex(of: text) { left = left[(place + 1)...] }
          if kind == nil {
            content += 1
            if !isKept { lost.append("\(file): \(text)") }
          } else {
            boilerplate += 1
            if !isKept { found += 1 }
          }
        }
      }
    }
    #expect(content > 900 && boilerplate > 700)
    #expect(lost.count * 200 <= content, "\(lost)")
    #expect(Double(found) / Double(boilerplate) >= 0.8, "\(found) of \(boilerplate)")
  }
}

import Foundation
import TestSupport
import Testing

@Suite struct ExplainTests {
  private let page = "samples/read-more.html"

  @Test func everyBlockIsShownInOrderWithItsReason() throws {
    let result = try Pipe.run("explain", "pipelines/news.json", page)
    #expect(result.status == 0 && result.err.isEmpty && !result.out.contains("\u{1B}"))
    let lines = result.out.split(separator: "\n").map(String.init)
    #expect(lines[0] == page)
    let ad = try #require(lines.firstIndex { $0.contains("Story continues below advertisement") })
    #expect(lines[ad].hasPrefix("- paragraph"))
    #expect(lines[ad + 1].trimmingCharacters(in: .whitespaces) == "boilerplate: ad, en ad.line: story continues below advertisement")
    let kept = try #require(lines.firstIndex { $0.hasPrefix("+") && $0.contains("COTTERS WELL") })
    #expect(kept < ad)
  }

  /// The blocks that are kept are the text that a run writes.
  @Test(arguments: ["html5-article.html", "translated.html", "rtl-arabic.html", "text/storm.txt"]) func keptBlocksAreTheText(_ name: String)
    throws
  {
    let explained = try Pipe.run("explain", "--json", "--kept", "pipelines/news.json", "samples/\(name)")
    let blocks = try #require(jsonLines(explained.out).first?["blocks"] as? [[String: Any]])
    let run = try Pipe.run("run", "pipelines/news.json", "-i", "samples/\(name)", "-o", "-", "-q")
    let text = try #require(jsonLines(run.out).first?["text"] as? String)
    let squeezed = { (text: String) in text.filter { !$0.isWhitespace } }
    #expect(squeezed(blocks.compactMap { $0["text"] as? String }.joined()) == squeezed(text))
  }

  @Test func whatIsDroppedIsWhatTheTrailSays() throws {
    let explained = try Pipe.run("explain", "--json", "--dropped", "pipelines/news.json", page)
    let object = try #require(jsonLines(explained.out).first)
    let blocks = try #require(object["blocks"] as? [[String: Any]])
    let run = try Pipe.run("run", "pipelines/news.json", "-i", page, "-o", "-", "-q")
    let removed = try #require(jsonLines(run.out).first?["removed"] as? [[String: Any]])
    let notes = (object["notes"] as? [[String: Any]]) ?? []
    #expect((blocks + notes).compactMap { $0["text"] as? String }.sorted() == removed.compactMap { $0["text"] as? String }.sorted())
    #expect(blocks.allSatisfy { $0["outcome"] as? String == "dropped" && $0["score"] is Double && $0["rule"] is String })
  }

  @Test func twoPipelinesAreCompared() throws {
    let result = try Pipe.run("explain", "--diff", "pipelines/article.json", "pipelines/news.json", page)
    #expect(result.status == 0)
    #expect(
      result.out.hasPrefix(
        "Story continues below advertisement\n  + pipelines/article.json: kept\n  - pipelines/news.json: dropped, boilerplate: ad, "))
    #expect(
      try Pipe.run("explain", "--diff", "pipelines/news.json", "pipelines/news.json", page).out.contains("do the same with every block"))
    let json = try Pipe.run("explain", "--diff", "--json", "pipelines/article.json", "pipelines/news.json", page)
    let differences = try #require(JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [[String: [String: Any]]])
    #expect(
      differences.first?["first"]?["outcome"] as? String == "kept" && differences.first?["second"]?["outcome"] as? String == "dropped")
  }

  @Test func colourIsThereWhenAskedFor() throws {
    #expect(try Pipe.run("explain", "--color", "always", "pipelines/news.json", page).out.contains("\u{1B}[31m- "))
  }

  @Test func recordsCanBeChosen() throws {
    let second = try Pipe.run("explain", "--record", "2", "pipelines/feed.json", "samples/feeds/canal-gazette.rss")
    #expect(second.out.hasPrefix("https://gazette.example/ducks\n"))
    let tenth = try Pipe.run("explain", "--record", "10", "pipelines/feed.json", "samples/feeds/canal-gazette.rss")
    #expect(tenth.status == 2 && tenth.err == "error: samples/feeds/canal-gazette.rss: it holds 3 documents, and number 10 was asked for\n")
  }

  @Test(arguments: [
    ["pipelines/news.json"], ["--diff", "pipelines/news.json", "samples/amp.html"],
    ["--kept", "--dropped", "pipelines/news.json", "samples/amp.html"],
  ])
  func wrongUsageIsExplained(_ arguments: [String]) throws {
    #expect(try Pipe.run(["explain"] + arguments, input: []).status == 2)
  }
}

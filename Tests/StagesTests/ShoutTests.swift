import Testing

@testable import Pipeline

/// The stage that the guide for contributors shows.
@Suite struct ShoutTests {
  @Test func itRunsAsTheGuideSays() throws {
    let registry = StageRegistry([ShoutStage.self])
    let text = #"{"stages": [{"use": "shout", "headings": false}]}"#
    let configuration = try Configuration.load(bytes: Array(text.utf8), path: "p.json", folder: "", registry: registry)
    let shout = try #require(configuration.stages.first?.stage as? ShoutStage)
    #expect(try Document.plain("Élan\n\nvital").after(shout).rendered == "ÉLAN\n\nVITAL")
  }
}

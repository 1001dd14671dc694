import Foundation
import Mustache
import Pipeline

/// What repeats on sites, for people to read before it is dropped.
public struct ProfileReport {
  struct Line {
    let documents: Int
    let text: String
    /// The address of the page that keeps the line.
    let example: String
  }

  struct Site {
    let name: String
    let pages: Int
    let lines: [Line]
    /// How many more lines repeat.
    let more: Int
  }

  let sites: [Site]

  /// - Parameters:
  ///   - site: the only site to report on; nil for all.
  ///   - top: how many lines of each site are listed, the most frequent.
  /// - Throws: `IOError`, `DamagedRecord`.
  public init(_ profile: SiteProfile, site: String?, top: Int) throws {
    sites = try profile.siteNames().filter { site == nil || $0 == site }.map { name in
      let (sample, texts) = try profile.site(name)
      let repeats = sample.repeats(acrossSites: name == SiteProfile.allSites, most: SiteProfile.mostRepeats)
      let addresses = Dictionary(uniqueKeysWithValues: sample.pages.map { ($0.key, $0.address) })
      return Site(
        name: name, pages: sample.pages.count,
        lines: repeats.prefix(top).map { line in
          Line(
            documents: line.documents, text: texts[line.hash].map { String(decoding: $0, as: UTF8.self) } ?? "(words not known yet)",
            example: addresses[line.owner] ?? "")
        }, more: max(0, repeats.count - top))
    }
  }

  public var isEmpty: Bool { sites.isEmpty }

  /// A table for a terminal: documents, line, and an example of a page.
  public var text: String {
    var text = ""
    for site in sites {
      text += "\(site.name): \(site.pages) pages\n"
      for line in site.lines {
        text += "  \(String(repeating: " ", count: max(0, 5 - "\(line.documents)".count)))\(line.documents)  \(line.text)\n"
        text += "         \(line.example)\n"
      }
      if site.more > 0 { text += "         and \(site.more) more\n" }
    }
    return text
  }

  /// A page with a table for each site.
  public var html: String {
    let sites = sites.map { site in
      [
        "name": site.name, "pages": site.pages, "more": site.more > 0 ? ["count": site.more] : nil,
        "lines": site.lines.map { line -> [String: Any?] in
          // An address is only a link where it is one: what pages say of themselves may be anything.
          let isLink = line.example.hasPrefix("https://") || line.example.hasPrefix("http://")
          return [
            "documents": line.documents, "share": site.pages == 0 ? 0 : line.documents * 100 / site.pages, "text": line.text,
            "example": line.example, "link": isLink ? ["address": line.example] : nil,
          ]
        },
      ] as [String: Any?]
    }
    return Self.template.render(["sites": sites])
  }

  private static let template = try! MustacheTemplate(
    string: """
      <!DOCTYPE html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>What repeats</title>
      <style>
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em }
      table { border-collapse: collapse; width: 100% }
      th, td { text-align: left; vertical-align: top; padding: .3em .6em; border-bottom: 1px solid #ddd; overflow-wrap: anywhere }
      td:first-child { text-align: right; white-space: nowrap }
      </style>
      <h1>What repeats</h1>
      <p>Lines are shown in lower case. One that is to stay or to go goes into the file that
      <code>siteLines</code> names, as <code>keep SITE LINE</code> or <code>drop SITE LINE</code>.</p>
      {{#sites}}
      <h2>{{name}}</h2>
      <p>{{pages}} pages</p>
      <table>
      <tr><th>pages<th>line<th>example</tr>
      {{#lines}}
      <tr><td>{{documents}} ({{share}} %)<td>{{text}}<td>{{#link}}<a href="{{address}}">{{address}}</a>{{/link}}{{^link}}{{example}}{{/link}}</tr>
      {{/lines}}
      </table>
      {{#more}}<p>and {{count}} more</p>{{/more}}
      {{/sites}}
      </html>

      """)
}

import Pipeline

/// A table that holds data, as opposed to one that lays out a page.
struct DataTable {
  private(set) var rows: [(text: [UInt8], linkBytes: Int)] = []
  private(set) var caption: [UInt8]?

  /// Longer cells are layout, in bytes.
  private static let longestCell = 600

  /// Nil for a layout table: one that holds tables, headings or long cells, or has but one column.
  init?(_ page: Page, _ table: Int) {
    var cells: [[UInt8]] = []
    var widest = 0
    var linkBytes = 0
    var sawHeaderCell = false
    var paragraphs = 0
    var node = table + 1
    func rowText() -> [UInt8] { Array(cells.joined(separator: " | ".utf8)) }
    func finishRow(_ rows: inout [(text: [UInt8], linkBytes: Int)]) {
      if cells.contains(where: { !$0.isEmpty }) { rows.append((rowText(), linkBytes)) }
      widest = max(widest, cells.count)
      cells = []
      linkBytes = 0
    }
    var rows: [(text: [UInt8], linkBytes: Int)] = []
    while node < Int(page.nodes[table].end) {
      let current = page.nodes[node]
      switch current.tag {
      case _ where current.isText:
        // Text beside the cells is shown too, before the table: then it is not one of data.
        if page.textBytes(node).contains(where: { !UTF8Text.isSpace($0) }) { return nil }
      case .table, .form, .h1, .h2, .article, .section: return nil
      case .tr: finishRow(&rows)
      case .caption:
        caption = page.foldedBytes(of: node)
        node = Int(current.end)
        continue
      case .td, .th:
        sawHeaderCell = sawHeaderCell || current.tag == .th
        let text = page.foldedBytes(of: node, limit: Self.longestCell + 1)
        guard text.count <= Self.longestCell else { return nil }
        for inner in page.descendants(of: node) {
          switch page.nodes[inner].tag {
          case .table, .form, .h1, .h2: return nil
          case .p, .div: paragraphs += page.nodes[inner].isText ? 0 : 1
          case .a: linkBytes += page.nodes[inner].isText ? 0 : page.foldedBytes(of: inner, limit: Self.longestCell).count
          default: break
          }
        }
        cells.append(text)
        node = Int(current.end)
        continue
      default: break
      }
      node += 1
    }
    finishRow(&rows)
    guard rows.count >= 2, widest >= 2, sawHeaderCell || paragraphs <= rows.count * widest else { return nil }
    self.rows = rows
  }
}

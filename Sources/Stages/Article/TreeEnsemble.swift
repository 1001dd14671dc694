import Pipeline

/// Gradient-boosted regression trees over the columns of a feature table.
///
/// Every condition of a tree is evaluated, sixteen rows at a time and without a branch: a condition that is false clears the leaves on its
/// left from the row's bit vector, and the lowest bit that is left is the exit leaf (QuickScorer: Lucchese et al., SIGIR 2015; on vectors,
/// SIGIR 2016). O(rows × conditions).
struct TreeEnsemble: Sendable {
  /// A tree has at most this many leaves, one bit each.
  static let mostLeaves = 16

  private struct Condition {
    var column: UInt16
    /// The condition is `value <= threshold`.
    var threshold: Int16
    /// The leaves that remain when it is false.
    var remaining: UInt16
  }

  private var conditions: [Condition] = []
  /// How many conditions each tree has.
  private var counts: [Int] = []
  /// `mostLeaves` a tree.
  private var leaves: [Float] = []
  /// One more than the highest column that is read.
  private(set) var columns = 0

  /// Reads trees from a model.
  /// - Throws: `ContentModel.Malformed`.
  init(_ reader: inout ModelReader) throws {
    let trees = try reader.count(limit: 4096)
    for _ in 0..<trees {
      let count = try reader.count(limit: Self.mostLeaves - 1)
      for _ in 0..<count {
        let condition = Condition(
          column: try reader.integer(), threshold: try reader.integer(), remaining: try reader.integer())
        guard condition.column < 1024, condition.remaining != 0 else { throw ContentModel.Malformed("a condition of a tree") }
        columns = max(columns, Int(condition.column) + 1)
        conditions.append(condition)
      }
      counts.append(count)
      for leaf in 0..<Self.mostLeaves { leaves.append(leaf <= count ? Float(bitPattern: try reader.integer()) : 0) }
    }
  }

  /// How many rows are judged at once.
  static let lanes = 16

  /// The sum over the trees for each row.
  /// - Precondition: the table has `columns` columns.
  func scores(_ table: FeatureTable) -> [Float] {
    var result = [Float](repeating: 0, count: table.stride)
    guard table.rows > 0, !conditions.isEmpty else { return [Float](repeating: 0, count: table.rows) }
    precondition(columns * table.stride <= table.values.count)
    result.withUnsafeMutableBufferPointer { result in
      table.values.withUnsafeBytes { values in
        for row in stride(from: 0, to: table.rows, by: Self.lanes) {
          add(values.baseAddress! + row * 2, table.stride * 2, result.baseAddress! + row)
        }
      }
    }
    result.removeSubrange(table.rows...)
    return result
  }

  /// - Parameters:
  ///   - values: the first column at the first of the rows.
  ///   - stride: from column to column, in bytes.
  private func add(_ values: UnsafeRawPointer, _ stride: Int, _ result: UnsafeMutablePointer<Float>) {
    conditions.withUnsafeBufferPointer { conditions in
      leaves.withUnsafeBufferPointer { leaves in
        var next = conditions.baseAddress!
        var leaf = leaves.baseAddress!
        for count in counts {
          var bits = SIMD16<UInt16>(repeating: 0xFFFF)
          for _ in 0..<count {
            let condition = next.pointee
            let column = (values + Int(condition.column) &* stride).loadUnaligned(as: SIMD16<Int16>.self)
            // The sign of the difference, which does not overflow: comparing lanes would be compiled to a loop over them.
            let isFalse = SIMD16<UInt16>(truncatingIfNeeded: (SIMD16(repeating: condition.threshold) &- column) &>> 15)
            bits &= SIMD16(repeating: condition.remaining) | ~isFalse
            next += 1
          }
          for lane in 0..<Self.lanes { result[lane] += leaf[bits[lane].trailingZeroBitCount & 15] }
          leaf += Self.mostLeaves
        }
      }
    }
  }
}

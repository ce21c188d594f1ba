import Foundation
import MNNBackendCPU
import MNNGraph
import MNNRuntime

/// The time of every node and operator, over some runs.
struct ProfileTable: CustomStringConvertible {
  private struct Row {
    var name: String
    var detail: String
    var milliseconds = 0.0
    var operations = 0
    var count = 0
  }

  private let nodes: [Row]
  private let operators: [Row]
  private let total: Double
  /// GFLOP/s of all threads together.
  private let peak: Double

  /// - Parameter runs: how many runs the records are of; times are averages over them.
  init(_ records: [Profiler.Record], runs: Int, threads: Int) {
    var byNode: [String: Row] = [:]
    var byOperator: [String: Row] = [:]
    var order: [String] = []
    for record in records {
      let time = record.duration.milliseconds / Double(runs)
      let key = "\(record.node)|\(record.operatorName)"
      if byNode[key] == nil {
        order.append(key)
        let shapes = record.resultTypes.map { "\($0.shape)" }.joined(separator: " ")
        byNode[key] = Row(name: "\(record.operatorName) \(record.node)", detail: "\(record.algorithm) \(shapes)")
      }
      byNode[key]?.milliseconds += time
      byNode[key]?.operations = record.floatingPointOperations
      byOperator[record.operatorName, default: Row(name: record.operatorName, detail: "")].milliseconds += time
      byOperator[record.operatorName]?.operations += record.floatingPointOperations / runs
      byOperator[record.operatorName]?.count += 1
    }
    nodes = order.compactMap { byNode[$0] }
    operators = byOperator.values.map { row in
      var row = row
      row.count /= runs
      return row
    }.sorted { $0.milliseconds > $1.milliseconds }
    total = nodes.reduce(0) { $0 + $1.milliseconds }
    peak = ((try? CPUBackend())?.measuredPeak() ?? 0) * Double(threads)
  }

  private func rate(_ row: Row) -> String {
    guard row.operations > 0, row.milliseconds > 0 else { return String(repeating: " ", count: 15) }
    let gigaflops = Double(row.operations) / row.milliseconds / 1e6
    return String(format: "%8.1f %5.1f%%", gigaflops, peak > 0 ? 100 * gigaflops / peak : 0)
  }

  var description: String {
    var lines = [String(format: "peak %.1f GFLOP/s on all threads, measured now", peak), ""]
    lines.append("      ms      %  GFLOP/s  peak%  node")
    for row in nodes {
      lines.append(
        String(format: "%8.3f %5.1f%% ", row.milliseconds, 100 * row.milliseconds / total) + rate(row)
          + "  \(row.name)  \(row.detail)")
    }
    lines += ["", "      ms      %  GFLOP/s  peak%  count  operator"]
    for row in operators {
      lines.append(
        String(format: "%8.3f %5.1f%% ", row.milliseconds, 100 * row.milliseconds / total) + rate(row)
          + String(format: "  %5d  ", row.count) + row.name)
    }
    lines.append(String(format: "%8.3f  all nodes", total))
    return lines.joined(separator: "\n")
  }
}

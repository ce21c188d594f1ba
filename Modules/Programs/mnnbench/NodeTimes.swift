import MNNGraph
import MNNRuntime

/// The time of every node and operator, averaged over some runs.
struct NodeTimes {
  struct Row {
    var operatorName: String
    var node: String
    var algorithm: String
    var results: String
    var milliseconds = 0.0
    /// Of one run.
    var operations = 0
    /// Operands and results, in bytes.
    var bytes = 0
    var count = 0

    /// 0 where the operator does not say what it computes.
    var gigaflops: Double { milliseconds > 0 ? Double(operations) / milliseconds / 1e6 : 0 }
  }

  /// In the order in which they run.
  private(set) var nodes: [Row] = []
  /// The slowest first.
  private(set) var operators: [Row] = []

  var total: Double { nodes.reduce(0) { $0 + $1.milliseconds } }

  /// - Parameter runs: how many runs the records are of.
  init(_ records: [Profiler.Record], runs: Int) {
    let runs = max(1, runs)
    var indices: [String: Int] = [:]
    var byOperator: [String: Row] = [:]
    for record in records {
      let time = record.duration.milliseconds / Double(runs)
      let key = "\(record.node)\u{0}\(record.operatorName)"
      let index = indices[key] ?? nodes.count
      if index == nodes.count {
        indices[key] = index
        let bytes = (record.inputTypes + record.resultTypes).reduce(0) { sum, type in
          sum + (type.shape.sizes?.reduce(1, *) ?? 0) * type.dtype.byteCount
        }
        nodes.append(
          Row(
            operatorName: record.operatorName, node: record.node, algorithm: record.algorithm,
            results: record.resultTypes.map { "\($0.shape)" }.joined(separator: " "), bytes: bytes))
      }
      nodes[index].milliseconds += time
      nodes[index].operations += record.floatingPointOperations
      nodes[index].count += 1
      byOperator[
        record.operatorName, default: Row(operatorName: record.operatorName, node: "", algorithm: "", results: "")
      ].milliseconds += time
    }
    // A node inside a loop is launched several times in one run.
    for i in nodes.indices {
      let perRun = max(1, nodes[i].count / runs)
      nodes[i].operations /= runs
      nodes[i].bytes *= perRun
      nodes[i].count = perRun
      byOperator[nodes[i].operatorName]?.operations += nodes[i].operations
      byOperator[nodes[i].operatorName]?.count += perRun
    }
    operators = byOperator.values.sorted { $0.milliseconds > $1.milliseconds }
  }
}

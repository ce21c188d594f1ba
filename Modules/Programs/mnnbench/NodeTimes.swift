import MNNGraph
import MNNRuntime

/// What a node does and how, without the name of the C kernel: `BlockedConvolution, depthwise`.
struct NodeKind: Hashable, CustomStringConvertible {
  let description: String

  init(_ operatorName: String, _ algorithm: String) {
    let words = algorithm.split(separator: " ").filter { !$0.hasPrefix("ck_") }.joined(separator: " ")
    let repeats = words.isEmpty || words.lowercased() == operatorName.lowercased()
    description = repeats ? operatorName : "\(operatorName), \(words)"
  }
}

/// The time of every node and operator, averaged over some runs.
struct NodeTimes {
  struct Row {
    var operatorName: String
    var node: String
    var algorithm: String
    var results: String
    /// No kernel computes it.
    var isReference = false
    var milliseconds = 0.0
    /// Of one run.
    var operations = 0
    /// Operands and results, in bytes.
    var bytes = 0
    var count = 0

    var kind: NodeKind { NodeKind(operatorName, algorithm) }

    /// 0 where the operator does not say what it computes.
    var gigaflops: Double { milliseconds > 0 ? Double(operations) / milliseconds / 1e6 : 0 }

    mutating func add(_ other: Row) {
      milliseconds += other.milliseconds
      operations += other.operations
      count += other.count
    }
  }

  /// In the order in which they run.
  private(set) var nodes: [Row] = []
  /// The slowest first.
  private(set) var operators: [Row] = []
  /// As operators, with the algorithm; the slowest first.
  private(set) var kinds: [(kind: NodeKind, row: Row)] = []

  var total: Double { nodes.reduce(0) { $0 + $1.milliseconds } }

  /// What runs by its reference meaning, the slowest first.
  var byReference: [Row] { nodes.filter(\.isReference).sorted { $0.milliseconds > $1.milliseconds } }

  /// - Parameter runs: how many runs the records are of.
  init(_ records: [Profiler.Record], runs: Int) {
    let runs = max(1, runs)
    var indices: [String: Int] = [:]
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
            results: record.resultTypes.map { "\($0.shape)" }.joined(separator: " "),
            isReference: record.backend == "reference", bytes: bytes))
      }
      nodes[index].milliseconds += time
      nodes[index].operations += record.floatingPointOperations
      nodes[index].count += 1
    }
    // A node inside a loop is launched several times in one run.
    for i in nodes.indices {
      let perRun = max(1, nodes[i].count / runs)
      nodes[i].operations /= runs
      nodes[i].bytes *= perRun
      nodes[i].count = perRun
    }
    operators = sums(by: \.operatorName).map(\.row)
    kinds = sums(by: \.kind).map { ($0.key, $0.row) }
  }

  private func sums<Key: Hashable>(by key: (Row) -> Key) -> [(key: Key, row: Row)] {
    var sums: [Key: Row] = [:]
    for node in nodes {
      sums[key(node), default: Row(operatorName: node.operatorName, node: "", algorithm: "", results: "")].add(node)
    }
    return sums.sorted { $0.value.milliseconds > $1.value.milliseconds }.map { ($0.key, $0.value) }
  }
}

import Foundation
import MNNBackendCPU
import MNNGraph
import MNNRuntime
import ProgramSupport

/// What a model is and takes, for `--info`.
struct ModelReport: Encodable {
  struct Port: Encodable {
    var name: String
    var type: String
    var shape: [String]
  }

  var format: String
  var inputs: [Port]
  var outputs: [Port]
  var metadata: [String: String]
  /// Of the model as it is in the file, subgraphs included.
  var operators: [String: Int]
  /// Numbers that the model holds.
  var parameters: Int
  var parameterBytes: Int
  /// Multiplications and the like of a run, with open sizes as 1; nil if sizes follow from data.
  var operations: Int?
  /// Working memory, packed weights and outputs of a run on this processor, in bytes.
  var memoryBytes: Int?

  init(_ graph: Graph, format: String) {
    self.format = format
    func port(_ id: Value.ID) -> Port {
      let type = graph[id].type
      return Port(
        name: graph[id].name, type: type.map { "\($0.dtype)" } ?? "unknown",
        shape: type?.shape.dimensions.map { $0.value.map(String.init) ?? "?" } ?? ["?"])
    }
    inputs = graph.inputs.map(port)
    outputs = graph.outputs.map(port)
    metadata = graph.metadata
    operators = [:]
    (parameters, parameterBytes) = (0, graph.constantByteCount)
    count(graph)
    (operations, memoryBytes) = ModelReport.predicted(graph)
  }

  private mutating func count(_ graph: Graph) {
    for node in graph.nodes {
      operators[node.op.name, default: 0] += 1
      for body in (node.op as? any ControlFlowOperator)?.subgraphs ?? [] { count(body) }
    }
    parameters = graph.constantTensors.reduce(parameters) { $0.saturatingAdd($1.count) }
  }

  private static func predicted(_ graph: Graph) -> (operations: Int?, memory: Int?) {
    let types = graph.inputs.compactMap { id in
      graph[id].type.map { TensorType($0.dtype, Shape($0.shape.dimensions.map { $0.value ?? 1 })) }
    }
    guard types.count == graph.inputs.count, let runtime = try? RuntimeManager.cpu(),
      let module = try? Module(graph: graph, runtime: runtime), let plan = try? module.plan(forInputs: types)
    else { return (nil, nil) }
    return (try? graph.operations(forInputs: types), plan.peakBytes)
  }

  var text: String {
    var lines = ["Format: \(format)", "Inputs:"]
    lines += inputs.map { "  \($0.name): \($0.type)[\($0.shape.joined(separator: ", "))]" }
    lines.append("Outputs:")
    lines += outputs.map { "  \($0.name): \($0.type)[\($0.shape.joined(separator: ", "))]" }
    let names = operators.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    lines.append("Operators: \(operators.values.reduce(0, +))")
    lines += names.map { "  \($0.key) \($0.value)" }
    lines.append("Parameters: \(ModelReport.number(parameters)) in \(ModelReport.number(parameterBytes))B")
    lines.append("Operations: " + (operations.map { ModelReport.number($0) } ?? "not known before a run"))
    lines.append("Memory of a run: " + (memoryBytes.map { ModelReport.number($0) + "B" } ?? "not known before a run"))
    if !metadata.isEmpty { lines.append("Metadata:") }
    lines += metadata.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
    return lines.map(\.asOneLine).joined(separator: "\n")
  }

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  private static func number(_ count: Int) -> String {
    for (unit, size) in [("G", 1e9), ("M", 1e6), ("k", 1e3)] where Double(count) >= size {
      return String(format: "%.2f ", Double(count) / size) + unit
    }
    return "\(count) "
  }
}

extension Graph {
  /// The constants that nodes use, each once.
  fileprivate var constantTensors: [Tensor] {
    Set(nodes.flatMap { $0.inputs.compactMap { $0 } } + outputs).compactMap { constant($0) }
  }

  /// What the nodes' computations take in all, as their operators say.
  fileprivate func operations(forInputs types: [TensorType]) throws -> Int {
    var copy = self
    for (id, type) in zip(inputs, types) { copy.setType(type, of: id) }
    try copy.inferTypes()
    return copy.nodes.reduce(0) { sum, node in
      let operands = Operands(node.inputs.map { $0.flatMap { copy.operand($0) } })
      return sum.saturatingAdd(node.op.work(for: operands, results: node.results.compactMap { copy[$0].type }).operations)
    }
  }
}

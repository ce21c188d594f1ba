package import MNNGraph

/// A graph with its inputs, made in one expression.
package struct Sample: Sendable {
  package var graph = Graph(name: "sample")
  package var inputs: [Tensor] = []

  package init() {}

  package mutating func input(_ tensor: Tensor) -> Value.ID {
    inputs.append(tensor)
    return graph.addInput("x\(inputs.count)", type: tensor.type)
  }

  package mutating func constant(_ tensor: Tensor) -> Value.ID { graph.addConstant(tensor) }

  package mutating func add(_ op: any Operator, _ inputs: Value.ID?...) throws -> Value.ID {
    try graph.append(op, inputs, name: "n\(graph.nodeCount)")[0]
  }
}

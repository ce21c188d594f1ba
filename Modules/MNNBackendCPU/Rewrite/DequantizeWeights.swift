import MNNGraph

extension Rule {
  /// Weights stored as integers become floats, which the kernels pack: `Dequantize(constant) -> constant`.
  static let dequantizeWeights = Rule("cpu-dequantize-weights", on: DequantizeLinear.self) { op, node, graph throws(GraphError) in
    var tensors: [Tensor?] = []
    for input in node.inputs {
      guard let input else { tensors.append(nil); continue }
      guard let tensor = graph.constant(input) else { return nil }
      tensors.append(tensor)
    }
    let arguments = Arguments(tensors)
    return GraphPatch(replacing: node) { builder throws(GraphError) in [builder.constant(try op.evaluate(arguments)[0])] }
  }
}

import MNNGraph

extension Legalization {
  /// The format's transposed convolutions have one group, or one per channel; others become one operator per group, side by
  /// side.
  static let groupsApart = Rule("write-groups-apart", on: ConvolutionTranspose.self) { op, node, graph throws(GraphError) in
    guard op.groups > 1, op.groups <= 1 << 12, op.outputShape == nil, node.inputs.count < 4 || node.inputs[3] == nil,
      let x = node.inputs[0], let weight = graph.constant(node.inputs[1]), weight.rank >= 3, weight.shape[1] > 1,
      weight.shape[0] % op.groups == 0
    else { return nil }
    let bias = node.inputs.count > 2 ? node.inputs[2] : nil
    var single = op
    single.groups = 1
    let part = single
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let images = try builder.add(results: Split(axis: 1, count: op.groups), [x])
      let weights = try builder.add(results: Split(axis: 0, count: op.groups), [node.inputs[1]])
      let biases = try bias.map { id throws(GraphError) in try builder.add(results: Split(axis: 0, count: op.groups), [id]) }
      var results: [Value.ID?] = []
      for i in 0..<op.groups {
        results += try builder.add(results: part, [images[i], weights[i], biases?[i]], name: "\(node.name)/group\(i)")
      }
      return [try builder.add(results: Concat(axis: 1), results, name: node.name)[0]]
    }
  }
}

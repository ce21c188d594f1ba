import MNNGraph

extension ImportScope {
  /// The value with its axes in another order. Constants are turned now, also below the conversion that makes numbers of them, which
  /// then stay as few bytes as the file has.
  final func permuted(_ value: Value.ID, by permutation: [Int]) throws(ImportError) -> Value.ID {
    if let tensor = graph.constant(value) {
      return constant(
        try converting { () throws(GraphError) in try tensor.permuted(by: permutation) }, name: graph[value].name)
    }
    if let node = graph.producer(of: value), let source = node.inputs.first, let tensor = graph.constant(source) {
      if node.op is Cast {
        let turned = try converting { () throws(GraphError) in try tensor.permuted(by: permutation) }
        return try addUnfolded(node.op, [constant(turned, name: graph[value].name)])
      }
      if var op = node.op as? DequantizeLinear, op.granularity.blockSize == 0 {
        let turned = try converting { () throws(GraphError) in try tensor.permuted(by: permutation) }
        let axis = op.granularity.axis
        op.granularity.axis = permutation.firstIndex(of: axis < 0 ? axis + tensor.rank : axis) ?? axis
        return try addUnfolded(op, [constant(turned, name: graph[value].name)] + node.inputs.dropFirst())
      }
    }
    return try add(Transpose(permutation: permutation), value)
  }
}

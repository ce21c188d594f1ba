extension Rule {
  /// Two permutations in a row are one: `Transpose(Transpose(x, p), q) -> Transpose(x, p∘q)`.
  public static let mergeTransposes = Rule("merge-transposes", on: Transpose.self) {
    op, node, graph throws(GraphError) in
    guard let (inner, producer) = graph.producer(of: node.inputs[0], as: Transpose.self), let x = producer.inputs[0],
      inner.permutation.count == op.permutation.count
    else { return nil }
    let permutation = op.permutation.map { inner.permutation[$0] }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      [try builder.add(Transpose(permutation: permutation), x, name: node.name)]
    }
  }

  /// Only the last of several reshapes counts: `Reshape(Reshape(x, s), t) -> Reshape(x, t)` where `t` names all sizes, or all
  /// but one.
  public static let mergeReshapes = Rule("merge-reshapes", on: Reshape.self) { op, node, graph throws(GraphError) in
    guard let producer = graph.producer(of: node.inputs[0]), let x = producer.inputs.first, let x,
      producer.op is Reshape || producer.op is Flatten || producer.op is Squeeze || producer.op is Unsqueeze,
      let target = graph.constant(node.inputs[1]), graph[x].type != nil,
      let sizes = try? target.scalars(as: Int64.self), op.allowsZero || !sizes.contains(0)
    else { return nil }
    let shape = node.inputs[1]
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      [try builder.add(op, x, shape, name: node.name)]
    }
  }
}

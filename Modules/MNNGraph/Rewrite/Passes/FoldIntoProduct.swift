extension Rule {
  /// A fixed factor per column becomes part of the weights before it:
  ///
  ///     (x W + b) * s -> x (W·s) + b·s
  public static let foldProductScale = Rule("fold-product-scale", on: Binary.self) { op, node, graph throws(GraphError) in
    guard op.function == .multiply, op.activation == .identity, node.inputs.count == 2 else { return nil }
    for i in 0...1 {
      guard let scaled = node.inputs[i], let factor = graph.constant(node.inputs[1 - i]), graph.hasSoleUse(scaled),
        let type = graph[scaled].type, type.dtype.isFloatingPoint, type == graph[node.results[0]].type,
        let columns = type.shape.dimensions.last?.value, factor.isRow(of: columns),
        let product = ConstantProduct(scaled, columns: columns, in: graph)
      else { continue }
      let weight = try product.weight.scaledColumns(by: factor, areRows: product.op.transposesB)
      let bias = try product.bias.map { tensor throws(GraphError) in try tensor.scaledColumns(by: factor, areRows: false) }
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        let name = product.node.name
        let w = builder.constant(weight, name: "\(name)/weight")
        guard let bias else { return [try builder.add(product.op, product.node.inputs[0], w, name: name)] }
        let b = builder.constant(bias, name: "\(name)/bias")
        if product.isBiasInput { return [try builder.add(product.op, product.node.inputs[0], w, b, name: name)] }
        let y = try builder.add(product.op, product.node.inputs[0], w, name: name)
        return [try builder.add(Binary(.add), y, b, name: node.name)]
      }
    }
    return nil
  }

  /// A factor that is the same all along the rows of an image comes before the transposition that ends in it, where the rule above
  /// finds it: `Transpose(x, p) * s -> Transpose(x * s', p)`.
  public static let sinkScaleBelowTranspose = Rule("sink-scale-below-transpose", on: Binary.self) {
    op, node, graph throws(GraphError) in
    guard op.function == .multiply, op.activation == .identity, node.inputs.count == 2 else { return nil }
    for i in 0...1 {
      guard let moved = node.inputs[i], let factor = graph.constant(node.inputs[1 - i]), factor.count > 1,
        let (transpose, producer) = graph.soleProducer(of: moved, as: Transpose.self), let source = producer.inputs[0],
        graph[moved].type != nil, graph[moved].type == graph[node.results[0]].type,
        let last = transpose.permutation.firstIndex(of: transpose.permutation.count - 1),
        let columns = graph[source].type?.shape.dimensions.last?.value,
        factor.isVector(of: columns, along: last, of: transpose.permutation.count),
        ConstantProduct(source, columns: columns, in: graph) != nil
      else { continue }
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        let row = builder.constant(try factor.reshaped([columns]))
        let y = try builder.add(Binary(.multiply), source, row, name: node.name)
        return [try builder.add(transpose, y, name: producer.name)]
      }
    }
    return nil
  }
}

/// A product with constant weights and, perhaps, a constant bias per column, that nothing else uses.
private struct ConstantProduct {
  let op: MatMul
  let node: Node
  let weight: Tensor
  let bias: Tensor?
  /// The bias is an input of the product, not an addition of its own.
  let isBiasInput: Bool

  init?(_ id: Value.ID, columns: Int, in graph: Graph) {
    var source: Value.ID? = id
    var bias: Tensor?
    if let (addition, node) = graph.soleProducer(of: id, as: Binary.self) {
      guard addition.function == .add, addition.activation == .identity,
        let i = node.inputs.firstIndex(where: { graph.constant($0) != nil }), node.inputs.count == 2,
        graph[node.inputs[1 - i]]?.type == graph[id].type
      else { return nil }
      bias = graph.constant(node.inputs[i])
      source = node.inputs[1 - i]
    }
    guard let (op, node) = graph.soleProducer(of: source, as: MatMul.self), op.activation == .identity,
      let weight = graph.constant(node.inputs[1]), weight.rank == 2, weight.dtype.isFloatingPoint
    else { return nil }
    isBiasInput = bias == nil && node.inputs.count > 2 && node.inputs[2] != nil
    guard bias == nil || node.inputs.count == 2 else { return nil }
    if isBiasInput {
      guard let tensor = graph.constant(node.inputs[2]) else { return nil }
      bias = tensor
    }
    if let bias, !bias.isRow(of: columns) { return nil }
    self.op = op
    self.node = node
    self.weight = weight
    self.bias = bias
  }
}

extension Tensor {
  /// True if it holds one number per column, or one for all.
  fileprivate func isRow(of columns: Int) -> Bool {
    rank <= 1 ? count == 1 || count == columns : isVector(of: columns, along: rank - 1, of: rank)
  }

  /// True if it broadcasts along all axes but one of an array of rank `rank`.
  fileprivate func isVector(of size: Int, along axis: Int, of rank: Int) -> Bool {
    count == size && self.rank <= rank && axis >= rank - self.rank && shape[axis - (rank - self.rank)] == size
  }

  /// Every element times the factor of its column; of its row if `areRows`.
  fileprivate func scaledColumns(by factor: Tensor, areRows: Bool) throws(GraphError) -> Tensor {
    let factors = try factor.scalars(as: Double.self)
    let values = try scalars(as: Double.self)
    let columns = areRows ? shape[1] : factors.count == 1 ? 1 : factors.count
    if factors.count > 1, values.count == 1 {
      return try Tensor(shape: [factors.count], scalars: factors.map { $0 * values[0] }).converted(to: dtype)
    }
    return try Tensor.computed(dtype, shape) { y in
      for i in y.indices { y[i] = values[i] * factors[factors.count == 1 ? 0 : areRows ? i / columns : i % columns] }
    }
  }
}

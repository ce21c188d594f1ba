import MNNGraph
import MNNKernels

/// A product as the rules see it: `MatMul` and what has become of it already.
private struct ProductNode {
  var op: FusedMatMul
  var inputs: [Value.ID?]
  let node: Node

  /// The product that gives a value and is used for nothing else.
  init?(soleProducerOf id: Value.ID?, in graph: Graph) {
    guard let id, graph.hasSoleUse(id), let node = graph.producer(of: id) else { return nil }
    self.init(node)
  }

  init?(_ node: Node) {
    if let op = node.op as? MatMul {
      self.op = FusedMatMul(op)
    } else if let op = node.op as? FusedMatMul {
      self.op = op
    } else {
      return nil
    }
    inputs = node.inputs + [Value.ID?](repeating: nil, count: max(4 - node.inputs.count, 0))
    self.node = node
  }

  func isFloat(_ graph: Graph) -> Bool { graph[inputs[0]]?.type?.dtype == .float32 }
  var hasResidual: Bool { inputs[3] != nil }
  var hasBias: Bool { inputs[2] != nil }

  /// This product in place of a node.
  func patch(replacing replaced: Node) -> GraphPatch {
    let (op, inputs, name) = (op, inputs, node.name)
    return GraphPatch(replacing: replaced) { builder throws(GraphError) in
      try builder.add(results: op, inputs, name: name)
    }
  }
}

extension Rule {
  /// A product that is blocked next writes blocks: `ToBlocked(product(a, w)) -> product(a, w)`, channels last.
  static let blockProduct = Rule("cpu-block-product", on: ToBlocked.self) { op, node, graph throws(GraphError) in
    guard op.channelsLast, var product = ProductNode(soleProducerOf: node.inputs[0], in: graph), product.isFloat(graph),
      let sizes = graph[node.inputs[0]]?.type?.shape.sizes, sizes.count > 2, !product.hasResidual, product.op.resultBlock == nil,
      product.op.resultAxes == nil, product.op.aAxes == nil, !product.op.product.transposesA,
      graph.constant(product.inputs[1])?.rank == 2,
      !product.hasBias || graph[product.inputs[2]]?.type?.shape == Shape([sizes[sizes.count - 1]])
    else { return nil }
    product.op.resultBlock = op.block
    return product.patch(replacing: node)
  }

  /// `a b + vector -> product(a, b, bias: vector)`.
  static let fuseBiasIntoProduct = Rule("cpu-fuse-bias-product", on: Binary.self) { op, node, graph throws(GraphError) in
    guard op.function == .add else { return nil }
    for (i, other) in [(0, 1), (1, 0)] {
      guard var product = ProductNode(soleProducerOf: node.inputs[i], in: graph), product.isFloat(graph), !product.hasBias,
        !product.hasResidual, product.op.activation == .identity, product.op.resultAxes == nil, product.op.resultBlock == nil,
        let bias = graph.constant(node.inputs[other]), let sizes = graph[node.inputs[i]]?.type?.shape.sizes,
        graph[node.results[0]].type?.shape.sizes == sizes, let columns = sizes.last, bias.count == columns, bias.rank > 0,
        bias.shape.last == columns, (graph[product.inputs[1]]?.type?.shape.rank ?? 0) > 1
      else { continue }
      product.inputs[2] = node.inputs[other]
      return product.patch(replacing: node)
    }
    return nil
  }

  /// A factor is read through its transposition: `product(Transpose(a), b) -> product(a', b)`.
  static let fuseTransposeIntoProduct = Rule("cpu-fuse-transpose-product") { node, graph throws(GraphError) in
    guard var product = ProductNode(node), product.isFloat(graph) else { return nil }
    for i in 0...1 {
      guard (i == 0 ? product.op.aAxes : product.op.bAxes) == nil,
        let (transpose, producer) = graph.producer(of: product.inputs[i], as: Transpose.self), transpose.permutation.count > 1
      else { continue }
      // The left factor of packed weights must be in rows, which a product with another right factor need not.
      if i == 0, graph.constant(product.inputs[1]) != nil { continue }
      if i == 0 { product.op.aAxes = transpose.permutation } else { product.op.bAxes = transpose.permutation }
      product.inputs[i] = producer.inputs[0]
      return product.patch(replacing: node)
    }
    return nil
  }

  /// A product is written through the transposition that follows: `Transpose(product(a, b)) -> product(a, b)'`.
  static let fuseTransposeOfProduct = Rule("cpu-fuse-transpose-of-product", on: Transpose.self) {
    op, node, graph throws(GraphError) in
    guard var product = ProductNode(soleProducerOf: node.inputs[0], in: graph), product.isFloat(graph),
      product.op.resultAxes == nil, product.op.resultBlock == nil, !product.hasResidual, let last = op.permutation.last,
      last == op.permutation.count - 1,
      graph.constant(product.inputs[1]) == nil,
      (graph[product.inputs[0]]?.type?.shape.rank ?? 0) > 1, (graph[product.inputs[1]]?.type?.shape.rank ?? 0) > 1
    else { return nil }
    product.op.resultAxes = op.permutation
    return product.patch(replacing: node)
  }

  /// `product(a, b) * s -> product(a, b, scale: s)`, and the same for a division.
  static let fuseScaleIntoProduct = Rule("cpu-fuse-scale-product", on: Binary.self) { op, node, graph throws(GraphError) in
    guard op.function == .multiply || op.function == .divide else { return nil }
    for (i, other) in [(0, 1), (1, 0)] where i == 0 || op.function == .multiply {
      guard var product = ProductNode(soleProducerOf: node.inputs[i], in: graph), product.isFloat(graph), !product.hasBias,
        !product.hasResidual, product.op.activation == .identity, let factor = graph.constant(node.inputs[other]),
        factor.count == 1, factor.rank <= (graph[node.inputs[i]]?.type?.shape.rank ?? 0),
        let value = try factor.scalars(as: Float.self).first, value.isFinite, value != 0
      else { continue }
      let scale = op.function == .multiply ? product.op.scale * value : product.op.scale / value
      guard scale.isFinite, scale != 0 else { continue }
      product.op.scale = scale
      return product.patch(replacing: node)
    }
    return nil
  }

  /// `f(product(a, b)) -> product(a, b, activation: f)`.
  static let fuseActivationIntoProduct = Rule("cpu-fuse-activation-product") { node, graph throws(GraphError) in
    guard let function = (node.op as? Unary)?.function, function.isFusable,
      var product = ProductNode(soleProducerOf: node.inputs[0], in: graph), product.isFloat(graph),
      product.op.activation == .identity, !product.op.addsResidualLast
    else { return nil }
    product.op.activation = function
    return product.patch(replacing: node)
  }

  /// `product(a, b) + y -> product(a, b, residual: y)`.
  static let fuseResidualIntoProduct = Rule("cpu-fuse-residual-product", on: Binary.self) { op, node, graph throws(GraphError) in
    guard op.function == .add else { return nil }
    for (i, other) in [(0, 1), (1, 0)] {
      guard var product = ProductNode(soleProducerOf: node.inputs[i], in: graph), product.isFloat(graph), !product.hasResidual,
        product.op.resultAxes == nil, let residual = node.inputs[other],
        graph[residual].type == graph[node.results[0]].type, graph[node.inputs[i]]?.type == graph[node.results[0]].type
      else { continue }
      product.inputs[3] = residual
      product.op.addsResidualLast = product.op.activation != .identity
      return product.patch(replacing: node)
    }
    return nil
  }
}

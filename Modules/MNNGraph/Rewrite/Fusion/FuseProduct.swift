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
    guard let op = FusedMatMul(node.op) else { return nil }
    self.op = op
    inputs = node.inputs + [Value.ID?](repeating: nil, count: max(FusedMatMul.parameters - node.inputs.count, 0))
    self.node = node
  }

  var hasResidual: Bool { inputs[FusedMatMul.residual] != nil }
  var hasBias: Bool { inputs[FusedMatMul.bias] != nil }

  /// This product in place of a node.
  func patch(replacing replaced: Node, in graph: Graph, ifClaimed claims: Claim) -> GraphPatch? {
    GraphPatch(replacing: replaced, with: op, inputs, name: node.name, in: graph, ifClaimed: claims)
  }
}

extension Rule {
  /// `a b + vector -> product(a, b, bias: vector)`.
  public static func fuseBiasIntoProduct(_ claims: @escaping Claim) -> Rule {
    Rule("fuse-bias-product", on: Binary.self) { op, node, graph throws(GraphError) in
      guard op.function == .add, op.activation == .identity else { return nil }
      for (i, other) in [(0, 1), (1, 0)] {
        guard var product = ProductNode(soleProducerOf: node.inputs[i], in: graph), !product.hasBias,
          !product.hasResidual, product.op.activation == .identity, product.op.resultAxes == nil,
          let bias = graph.constant(node.inputs[other]), let sizes = graph[node.inputs[i]]?.type?.shape.sizes,
          graph[node.results[0]].type?.shape.sizes == sizes, let columns = sizes.last, bias.count == columns, bias.rank > 0,
          bias.shape.last == columns, (graph[product.inputs[1]]?.type?.shape.rank ?? 0) > 1
        else { continue }
        product.inputs[FusedMatMul.bias] = node.inputs[other]
        if let patch = product.patch(replacing: node, in: graph, ifClaimed: claims) { return patch }
      }
      return nil
    }
  }

  /// A factor is read through its transposition: `product(Transpose(a), b) -> product(a', b)`.
  public static func fuseTransposeIntoProduct(_ claims: @escaping Claim) -> Rule {
    Rule("fuse-transpose-product") { node, graph throws(GraphError) in
      guard let product = ProductNode(node) else { return nil }
      for i in 0...1 {
        guard (i == 0 ? product.op.aAxes : product.op.bAxes) == nil,
          let (transpose, producer) = graph.producer(of: product.inputs[i], as: Transpose.self), transpose.permutation.count > 1
        else { continue }
        // The left factor of constant weights is best in rows, which that of another product need not be.
        if i == 0, graph.constant(product.inputs[1]) != nil { continue }
        var fused = product
        if i == 0 { fused.op.aAxes = transpose.permutation } else { fused.op.bAxes = transpose.permutation }
        fused.inputs[i] = producer.inputs[0]
        if let patch = fused.patch(replacing: node, in: graph, ifClaimed: claims) { return patch }
      }
      return nil
    }
  }

  /// A product is written through the transposition that follows: `Transpose(product(a, b)) -> product(a, b)'`.
  public static func fuseTransposeOfProduct(_ claims: @escaping Claim) -> Rule {
    Rule("fuse-transpose-of-product", on: Transpose.self) { op, node, graph throws(GraphError) in
      guard var product = ProductNode(soleProducerOf: node.inputs[0], in: graph), product.op.resultAxes == nil,
        !product.hasResidual, let last = op.permutation.last, last == op.permutation.count - 1,
        graph.constant(product.inputs[1]) == nil,
        (graph[product.inputs[0]]?.type?.shape.rank ?? 0) > 1, (graph[product.inputs[1]]?.type?.shape.rank ?? 0) > 1
      else { return nil }
      product.op.resultAxes = op.permutation
      return product.patch(replacing: node, in: graph, ifClaimed: claims)
    }
  }

  /// `product(a, b) * s -> product(a, b, scale: s)`, and the same for a division.
  public static func fuseScaleIntoProduct(_ claims: @escaping Claim) -> Rule {
    Rule("fuse-scale-product", on: Binary.self) { op, node, graph throws(GraphError) in
      guard op.function == .multiply || op.function == .divide, op.activation == .identity else { return nil }
      for (i, other) in [(0, 1), (1, 0)] where i == 0 || op.function == .multiply {
        guard var product = ProductNode(soleProducerOf: node.inputs[i], in: graph), !product.hasBias,
          !product.hasResidual, product.op.activation == .identity, let factor = graph.constant(node.inputs[other]),
          factor.count == 1, factor.rank <= (graph[node.inputs[i]]?.type?.shape.rank ?? 0),
          let value = try factor.scalars(as: Float.self).first, value.isFinite, value != 0
        else { continue }
        let scale = op.function == .multiply ? product.op.scale * value : product.op.scale / value
        guard scale.isFinite, scale != 0 else { continue }
        product.op.scale = scale
        if let patch = product.patch(replacing: node, in: graph, ifClaimed: claims) { return patch }
      }
      return nil
    }
  }

  /// `f(product(a, b)) -> product(a, b, activation: f)`.
  public static func fuseActivationIntoProduct(_ claims: @escaping Claim) -> Rule {
    Rule("fuse-activation-product", on: Unary.self) { op, node, graph throws(GraphError) in
      guard var product = ProductNode(soleProducerOf: node.inputs[0], in: graph), product.op.activation == .identity,
        !product.op.addsResidualLast, graph[node.results[0]].type == graph[node.inputs[0]]?.type
      else { return nil }
      product.op.activation = op.function
      return product.patch(replacing: node, in: graph, ifClaimed: claims)
    }
  }

  /// `product(a, b) + y -> product(a, b, residual: y)`.
  public static func fuseResidualIntoProduct(_ claims: @escaping Claim) -> Rule {
    Rule("fuse-residual-product", on: Binary.self) { op, node, graph throws(GraphError) in
      guard op.function == .add, op.activation == .identity else { return nil }
      for (i, other) in [(0, 1), (1, 0)] {
        guard var product = ProductNode(soleProducerOf: node.inputs[i], in: graph), !product.hasResidual,
          product.op.resultAxes == nil, let residual = node.inputs[other],
          graph[residual].type == graph[node.results[0]].type, graph[node.inputs[i]]?.type == graph[node.results[0]].type
        else { continue }
        product.inputs[FusedMatMul.residual] = residual
        product.op.addsResidualLast = product.op.activation != .identity
        if let patch = product.patch(replacing: node, in: graph, ifClaimed: claims) { return patch }
      }
      return nil
    }
  }
}

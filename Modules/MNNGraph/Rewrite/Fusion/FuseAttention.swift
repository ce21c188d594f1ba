extension Rule {
  /// Attention is one operator, which reads queries, keys and values where they lie:
  ///
  ///     MatMul(Softmax(scale * MatMul(q, kᵀ) + mask), v) -> FusedAttention(q, k, v, mask)
  public static func fuseAttention(_ claims: @escaping Claim) -> Rule {
    Rule("fuse-attention", on: MatMul.self) { op, node, graph throws(GraphError) in
      guard node.inputs.count == 2, !op.transposesA, op.activation == .identity,
        let (softmax, weights) = graph.soleProducer(of: node.inputs[0], as: Softmax.self),
        let scores = graph[weights.inputs[0]]?.type?.shape.sizes, scores.count >= 2, !scores.contains(0),
        softmax.axis == -1 || softmax.axis == scores.count - 1, let terms = AttentionScores(weights.inputs[0], scores, in: graph),
        let value = StridedSource(node.inputs[1], in: graph), value.sizes.count >= 2,
        let result = graph[node.results[0]].type?.shape.sizes, result.dropLast() == scores.dropLast(),
        let q = terms.query.matrices(in: scores, transposed: terms.product.transposesA),
        let k = terms.key.matrices(in: scores, transposed: !terms.product.transposesB),
        let v = value.matrices(in: scores, transposed: op.transposesB)
      else { return nil }
      let scale = terms.scale * terms.query.scale * terms.key.scale
      guard scale.isFinite, scale != 0, q.columns == k.columns, q.columns > 0 else { return nil }
      let fused = FusedAttention(
        batch: Array(scores.dropLast(2)), queryCount: scores[scores.count - 2], keyCount: scores[scores.count - 1],
        keySize: q.columns, valueSize: v.columns, query: q.matrices, key: k.matrices, value: v.matrices, scale: scale)
      let inputs = [terms.query.id, terms.key.id, value.id, terms.mask]
      return GraphPatch(replacing: node, with: fused, inputs, in: graph, ifClaimed: claims)
    }
  }

  /// Attention is written through the transposition that follows: `Transpose(attention(…)) -> attention(…)'`.
  public static func fuseTransposeOfAttention(_ claims: @escaping Claim) -> Rule {
    Rule("fuse-transpose-of-attention", on: Transpose.self) { op, node, graph throws(GraphError) in
      guard let (attention, producer) = graph.soleProducer(of: node.inputs[0], as: FusedAttention.self),
        attention.resultAxes == nil, op.permutation.last == op.permutation.count - 1
      else { return nil }
      var fused = attention
      fused.resultAxes = op.permutation
      return GraphPatch(
        replacing: node, with: fused, producer.inputs, name: producer.name, in: graph, ifClaimed: claims)
    }
  }
}

/// `scale * (q kᵀ) + mask`, with the operations in any spelling that comes to this.
private struct AttentionScores {
  var product: MatMul
  var query: StridedSource
  var key: StridedSource
  var scale: Float = 1
  var mask: Value.ID?

  init?(_ id: Value.ID?, _ sizes: [Int], in graph: Graph) {
    var id = id
    var mask: Value.ID?
    var scale: Float = 1
    if let (sum, node) = graph.soleProducer(of: id, as: Binary.self), sum.function == .add, sum.activation == .identity,
      let own = node.inputs.firstIndex(where: { AttentionScores.isScaledProduct($0, sizes, in: graph) })
    {
      let other = node.inputs[1 - own]
      guard let type = graph[other]?.type, type.dtype == .float32, let mine = type.shape.sizes, mine.last == sizes.last else {
        return nil
      }
      (id, mask) = (node.inputs[own], other)
    }
    while let (op, node) = graph.soleProducer(of: id, as: Binary.self) {
      guard let step = AttentionScores.scaling(op, node, in: graph) else { return nil }
      scale *= step.factor
      id = step.source
    }
    guard let (product, node) = graph.soleProducer(of: id, as: MatMul.self), node.inputs.count == 2,
      product.activation == .identity, graph[id]?.type?.shape.sizes == sizes,
      let query = StridedSource(node.inputs[0], passingScales: true, in: graph), query.sizes.count >= 2,
      let key = StridedSource(node.inputs[1], passingScales: true, in: graph), key.sizes.count >= 2
    else { return nil }
    (self.product, self.query, self.key, self.scale, self.mask) = (product, query, key, scale, mask)
  }

  private static func isScaledProduct(_ id: Value.ID?, _ sizes: [Int], in graph: Graph) -> Bool {
    var id = id
    while let (op, node) = graph.soleProducer(of: id, as: Binary.self) {
      guard let step = scaling(op, node, in: graph) else { return false }
      id = step.source
    }
    return graph.soleProducer(of: id, as: MatMul.self) != nil && graph[id]?.type?.shape.sizes == sizes
  }

  /// A multiplication or division by one number.
  private static func scaling(_ op: Binary, _ node: Node, in graph: Graph) -> (source: Value.ID?, factor: Float)? {
    guard op.activation == .identity, op.function == .multiply || op.function == .divide, node.inputs.count == 2 else {
      return nil
    }
    for (i, other) in [(0, 1), (1, 0)] where i == 0 || op.function == .multiply {
      guard let tensor = graph.constant(node.inputs[other]), tensor.count == 1,
        let value = try? tensor.scalars(as: Float.self).first
      else { continue }
      return (node.inputs[i], op.function == .multiply ? value : 1 / value)
    }
    return nil
  }
}

extension StridedSource {
  /// The view as one matrix per score matrix; nil if it does not fit them. `transposed`: given as columns of what is wanted in rows.
  fileprivate func matrices(in scores: [Int], transposed: Bool) -> (matrices: FusedAttention.Matrices, columns: Int)? {
    let (r, c) = transposed ? (sizes.count - 1, sizes.count - 2) : (sizes.count - 2, sizes.count - 1)
    let lead = scores.count - 2
    let own = sizes.count - 2
    guard own <= lead, strides.allSatisfy({ $0 >= 0 }) else { return nil }
    var batch = [Int](repeating: 0, count: lead)
    for axis in 0..<own where sizes[axis] != 1 {
      guard sizes[axis] == scores[lead - own + axis] else { return nil }
      batch[lead - own + axis] = strides[axis]
    }
    return (FusedAttention.Matrices(offset: offset, row: strides[r], column: strides[c], batch: batch), sizes[c])
  }
}

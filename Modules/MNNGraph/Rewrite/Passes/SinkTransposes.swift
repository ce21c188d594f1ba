extension Rule {
  /// What brings channels last comes after the operators that do not care, until it meets what brings them first again:
  ///
  ///     f(Transpose(x, [0, 2, 3, 1]), Transpose(y, [0, 2, 3, 1])) -> Transpose(f(x, y), [0, 2, 3, 1])
  ///
  /// Networks of formats that have channels last are imported with such a pair around every operator on images.
  public static let sinkTransposes = Rule("sink-transposes") { node, graph throws(GraphError) in
    guard let sink = TransposeSink(node, in: graph) else { return nil }
    return try sink.patch()
  }

  /// A transposition that leaves the order of elements as it is is nothing before a reshape: `Reshape(Transpose(x, p), s) ->
  /// Reshape(x, s)`, where only axes of size 1 change places.
  public static let skipTransposeOfOnes = Rule("skip-transpose-of-ones", on: Reshape.self) { op, node, graph throws(GraphError) in
    guard let (transpose, producer) = graph.producer(of: node.inputs[0], as: Transpose.self), let x = producer.inputs[0],
      let shape = graph[x].type?.shape,
      transpose.permutation.filter({ shape[$0] != 1 }) == (0..<shape.rank).filter({ shape[$0] != 1 }),
      let target = graph.constant(node.inputs[1]), let sizes = try? target.scalars(as: Int64.self),
      op.allowsZero || !sizes.dropFirst().contains(0), transpose.permutation.first == 0
    else { return nil }
    let wanted = node.inputs[1]
    return GraphPatch(replacing: node) { builder throws(GraphError) in [try builder.add(op, x, wanted, name: node.name)] }
  }

  /// Nor is one after it: `Transpose(Reshape(x, s), p) -> Reshape(x, s in the order p)`, also where it is dequantized in between.
  public static let reshapeInsteadOfTranspose = Rule("reshape-instead-of-transpose", on: Transpose.self) {
    op, node, graph throws(GraphError) in
    let between = graph.producer(of: node.inputs[0], as: DequantizeLinear.self)
    if let between { guard graph.constant(between.node.inputs[1])?.count == 1 else { return nil } }
    guard let (reshape, producer) = graph.producer(of: between?.node.inputs[0] ?? node.inputs[0], as: Reshape.self),
      let x = producer.inputs[0], let target = graph.constant(producer.inputs[1]), target.count == op.permutation.count,
      graph[x].type != nil
    else { return nil }
    let sizes = try target.scalars(as: Int64.self)
    guard op.permutation.filter({ sizes[$0] != 1 }) == sizes.indices.filter({ sizes[$0] != 1 }), !sizes.contains(0) else {
      return nil
    }
    let turned = op.permutation.map { sizes[$0] }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let y = try builder.add(reshape, x, builder.constant(turned), name: producer.name)
      guard let between else { return [y] }
      return try builder.add(results: between.op, [y] + between.node.inputs.dropFirst(), name: node.name)
    }
  }
}

/// A node below transpositions that bring the channels last, and what becomes of it above them.
private struct TransposeSink {
  let node: Node
  let graph: Graph
  let permutation: [Int]

  init?(_ node: Node, in graph: Graph) {
    guard !(node.op is Transpose) else { return nil }
    for input in node.inputs {
      guard let (op, _) = graph.producer(of: input, as: Transpose.self), op.bringsChannelsLast else { continue }
      (self.node, self.graph, permutation) = (node, graph, op.permutation)
      return
    }
    return nil
  }

  private var rank: Int { permutation.count }

  /// What an input is before its transposition.
  private func source(_ id: Value.ID?) -> Value.ID? {
    guard let (op, producer) = graph.producer(of: id, as: Transpose.self), op.permutation == permutation else { return nil }
    return producer.inputs[0]
  }

  func patch() throws(GraphError) -> GraphPatch? {
    switch node.op {
    case is Unary, is Cast: return replaced(node.op, [source(node.inputs[0])])
    case let op as QuantizeLinear:
      guard let granularity = mapped(op.granularity) else { return nil }
      var moved = op
      moved.granularity = granularity
      return replaced(moved, [source(node.inputs[0])] + node.inputs.dropFirst())
    case let op as DequantizeLinear:
      guard let granularity = mapped(op.granularity) else { return nil }
      var moved = op
      moved.granularity = granularity
      return replaced(moved, [source(node.inputs[0])] + node.inputs.dropFirst())
    case is Binary, is Comparison, is Select, is ParametricRelu: return try elementwise()
    case let op as Concat: return try concat(op)
    case let op as Split:
      guard let axis = axis(op.axis) else { return nil }
      return replaced(Split(axis: axis, count: op.count), [source(node.inputs[0])] + node.inputs.dropFirst())
    case let op as Reduce: return try reduce(op)
    case is Squeeze: return try squeeze()
    case is Pad: return try pad()
    case is Slice: return try slice()
    default: return nil
    }
  }

  /// The operator on what was before, its results transposed.
  ///
  /// - Parameter inputs: the first one is nil if it is no transposition.
  private func replaced(_ op: any Operator, _ inputs: [Value.ID?], order: [Int]? = nil) -> GraphPatch? {
    guard let first = inputs.first, first != nil, node.results.allSatisfy({ graph[$0].type != nil }) else { return nil }
    let (node, order) = (node, order ?? permutation)
    let isInOrder = order == Array(order.indices)
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      var results: [Value.ID] = []
      for result in try builder.add(results: op, inputs, name: node.name) {
        results.append(isInOrder ? result : try builder.add(Transpose(permutation: order), result))
      }
      return results
    }
  }

  /// Where an axis was.
  private func axis(_ axis: Int) -> Int? {
    let own = axis < 0 ? axis + rank : axis
    return own >= 0 && own < rank ? permutation[own] : nil
  }

  private func mapped(_ granularity: QuantizationGranularity) -> QuantizationGranularity? {
    guard node.inputs.count > 1, let scale = graph.constant(node.inputs[1]), granularity.blockSize == 0 else { return nil }
    if scale.count == 1 { return granularity }
    return axis(granularity.axis).map { QuantizationGranularity(axis: $0) }
  }

  /// A constant that broadcasts to the result, as it must be before the transposition.
  private func turned(_ tensor: Tensor) throws(GraphError) -> Tensor? {
    if tensor.count == 1 { return tensor.rank <= rank ? tensor : nil }
    guard tensor.rank <= rank, !tensor.dtype.isPacked else { return nil }
    let full = try tensor.reshaped([Int](repeating: 1, count: rank - tensor.rank) + tensor.shape)
    var inverse = permutation
    for (i, axis) in permutation.enumerated() { inverse[axis] = i }
    return try full.permuted(by: inverse)
  }

  private func elementwise() throws(GraphError) -> GraphPatch? {
    var inputs: [Value.ID?] = []
    var constants: [Int: Tensor] = [:]
    for (i, input) in node.inputs.enumerated() {
      if let x = source(input) {
        inputs.append(x)
      } else if let tensor = graph.constant(input), let own = try turned(tensor) {
        constants[i] = own
        inputs.append(nil)
      } else {
        return nil
      }
    }
    guard graph[node.results[0]].type?.shape.rank == rank else { return nil }
    let (node, order, known, operands) = (node, permutation, constants, inputs)
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      var inputs = operands
      for (i, tensor) in known.sorted(by: { $0.key < $1.key }) { inputs[i] = builder.constant(tensor) }
      let y = try builder.add(results: node.op, inputs, name: node.name)
      return [try builder.add(Transpose(permutation: order), y[0])]
    }
  }

  private func concat(_ op: Concat) throws(GraphError) -> GraphPatch? {
    guard let axis = axis(op.axis) else { return nil }
    var inputs: [Value.ID?] = []
    for input in node.inputs {
      guard let x = source(input) else { return nil }
      inputs.append(x)
    }
    return replaced(Concat(axis: axis), inputs)
  }

  /// What is left of the transposition where these axes are gone.
  private func order(without gone: [Int]) -> [Int] {
    let kept = permutation.filter { !gone.contains($0) }
    let sorted = kept.sorted()
    return kept.map { axis in sorted.firstIndex(of: axis) ?? 0 }
  }

  private func axes(_ id: Value.ID?) throws(GraphError) -> [Int]? {
    guard let tensor = graph.constant(id), tensor.count > 0 else { return nil }
    var result: [Int] = []
    for value in try tensor.scalars(as: Int64.self) {
      guard let axis = axis(Int(value)) else { return nil }
      result.append(axis)
    }
    return result
  }

  private func replaced(_ op: any Operator, axes: [Int], order: [Int]) throws(GraphError) -> GraphPatch? {
    guard let x = source(node.inputs[0]), graph[node.results[0]].type != nil else { return nil }
    let (node, isInOrder) = (node, order == Array(order.indices))
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let y = try builder.add(op, x, builder.constant(axes.sorted().map { Int64($0) }), name: node.name)
      return [isInOrder ? y : try builder.add(Transpose(permutation: order), y)]
    }
  }

  private func reduce(_ op: Reduce) throws(GraphError) -> GraphPatch? {
    guard node.inputs.count > 1, let axes = try axes(node.inputs[1]) else { return nil }
    return try replaced(op, axes: axes, order: op.keepsDimensions ? permutation : order(without: axes))
  }

  private func squeeze() throws(GraphError) -> GraphPatch? {
    guard node.inputs.count > 1, let axes = try axes(node.inputs[1]) else { return nil }
    return try replaced(node.op, axes: axes, order: order(without: axes))
  }

  private func pad() throws(GraphError) -> GraphPatch? {
    guard let x = source(node.inputs[0]), node.inputs.count < 4 || node.inputs[3] == nil,
      let tensor = graph.constant(node.inputs[1]),
      tensor.count == 2 * rank, graph[node.results[0]].type != nil
    else { return nil }
    let own = try tensor.scalars(as: Int64.self)
    var pads = own
    for (i, axis) in permutation.enumerated() { (pads[axis], pads[rank + axis]) = (own[i], own[rank + i]) }
    let (node, order, amounts, rest) = (node, permutation, pads, node.inputs.dropFirst(2))
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let y = try builder.add(results: node.op, [x, builder.constant(amounts)] + rest, name: node.name)
      return [try builder.add(Transpose(permutation: order), y[0])]
    }
  }

  private func slice() throws(GraphError) -> GraphPatch? {
    guard let x = source(node.inputs[0]), graph[node.results[0]].type != nil else { return nil }
    let listed: [Int]
    if node.inputs.count > 3, let input = node.inputs[3] {
      guard let axes = try axes(input) else { return nil }
      listed = axes
    } else {
      guard let starts = node.inputs[1], let count = graph[starts].type?.shape.sizes?.first, count <= rank else { return nil }
      listed = Array(permutation[..<count])
    }
    var inputs = node.inputs
    while inputs.count < 4 { inputs.append(nil) }
    let (node, order, operands) = (node, permutation, inputs)
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      var inputs = operands
      (inputs[0], inputs[3]) = (x, try builder.constant(listed.map { Int64($0) }))
      let y = try builder.add(results: node.op, inputs, name: node.name)
      return [try builder.add(Transpose(permutation: order), y[0])]
    }
  }
}

extension Transpose {
  /// `[0, 2, 3, 1]`, of images; for sequences, of rank 3, it may as well be something else.
  fileprivate var bringsChannelsLast: Bool {
    let rank = permutation.count
    return rank > 3 && permutation == [0] + Array(2..<rank) + [1]
  }
}

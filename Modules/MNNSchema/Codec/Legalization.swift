import MNNGraph

/// Brings a graph into operators that the format has: what is fused is spelled out, composites are expanded.
enum Legalization {
  ///
  /// - Parameter isSubgraph: whether outputs that are inputs need tensors of their own; those of a model keep their names.
  static func writable(_ graph: Graph, isSubgraph: Bool = false) throws(FormatError) -> Graph {
    var graph = graph
    do throws(GraphError) {
      try PassPipeline(rules.map { Pass($0) } + [.foldConstantsAlone, .removeDeadNodes]).run(on: &graph)
      // Arithmetic on constants, which is not to be computed here.
      try PassPipeline([Pass(rowsOfTables), Pass(spelledWeights)]).run(on: &graph)
      if isSubgraph { try keepOutputsApart(&graph) }
    } catch { throw FormatError(error) }
    return graph
  }

  private static let rules: [Rule] =
    [
      spellOutActivations, functionsOfNumbers, typesOfCasts, mixedPowers, matricesFromVectors, biasOfProduct, pixelsOfProducts,
      imagesFromLines,
      groupsApart, keptArgument, negation, truthOfCast,
      explicitSamePadding, boundsOfIntegers, noAxes, otherReductions, parameterOfRelu, expandComposites, floatsFromHalves,
    ] + compositions

  /// An output that is an input or another output gets a tensor of its own.
  private static func keepOutputsApart(_ graph: inout Graph) throws(GraphError) {
    var outputs: [Value.ID] = []
    var seen: Set<Value.ID> = []
    for id in graph.outputs {
      if graph.isInput(id) || !seen.insert(id).inserted {
        outputs.append(try graph.append(Identity(), [id], name: "\(graph[id].name)/copy")[0])
      } else {
        outputs.append(id)
      }
    }
    graph.setOutputs(outputs)
  }

  /// `f` inside an operator that the format cannot hold there: `Convolution(x, activation: f) -> f(Convolution(x))`.
  private static let spellOutActivations = Rule("write-spell-out-activations") { node, graph throws(GraphError) in
    func apart(_ op: any Operator, _ activation: ScalarFunction) -> GraphPatch {
      GraphPatch(replacing: node) { builder throws(GraphError) in
        let y = try builder.add(results: op, node.inputs, name: "\(node.name)/linear")[0]
        return [try builder.add(Unary(activation), y, name: node.name)]
      }
    }
    let kept: [ScalarFunction] = [.identity, .relu, .clip(minimum: 0, maximum: 6)]
    switch node.op {
    case var op as Convolution where !kept.contains(op.activation):
      let activation = op.activation
      op.activation = .identity
      return apart(op, activation)
    case var op as ConvolutionTranspose where !kept.contains(op.activation):
      let activation = op.activation
      op.activation = .identity
      return apart(op, activation)
    case var op as MatMul where op.activation != .identity:
      let activation = op.activation
      op.activation = .identity
      return apart(op, activation)
    case var op as Binary where op.activation != .identity && op.activation != .relu:
      let activation = op.activation
      op.activation = .identity
      return apart(op, activation)
    default: return nil
    }
  }

  /// A product with a vector becomes one with a matrix of one row or column.
  private static let matricesFromVectors = Rule("write-matrices-from-vectors", on: MatMul.self) {
    op, node, graph throws(GraphError) in
    guard !ContractionCodec.hasMatrices(node, graph), node.inputs.count == 2,
      let a = node.inputs[0], let b = node.inputs[1], let left = graph[a].type?.shape.rank,
      let right = graph[b].type?.shape.rank
    else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let x = left == 1 ? try builder.add(Unsqueeze(), a, builder.constant([Int64(op.transposesA ? 1 : 0)])) : a
      let y = right == 1 ? try builder.add(Unsqueeze(), b, builder.constant([Int64(op.transposesB ? 0 : 1)])) : b
      let product = try builder.add(op, x, y)
      var gone: [Int64] = []
      if left == 1 { gone.append(right == 1 ? -2 : -2) }
      if right == 1 { gone.append(-1) }
      return [try builder.add(Squeeze(), product, builder.constant(gone))]
    }
  }

  /// No axes at all stand for every axis of size 1 in the format, and for none here.
  private static let noAxes = Rule("write-no-axes") { node, graph throws(GraphError) in
    guard node.op is Squeeze || node.op is Unsqueeze, node.inputs.count > 1, let axes = graph.constant(node.inputs[1]),
      axes.count == 0
    else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in [try builder.add(Identity(), node.inputs[0])] }
  }

  /// A bias of several axes is an addition.
  private static let biasOfProduct = Rule("write-bias-of-product", on: MatMul.self) { op, node, graph throws(GraphError) in
    guard op.activation == .identity, node.inputs.count > 2, let bias = node.inputs[2],
      !ContractionCodec.hasPlainBias(node, graph) || !ContractionCodec.hasMatrices(node, graph)
    else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let product = try builder.add(op, node.inputs[0], node.inputs[1])
      return [try builder.add(Binary(.add), product, bias)]
    }
  }

  /// Convolutions and poolings over one axis become ones over two: `[N, C, L] -> [N, C, L, 1]`.
  private static let imagesFromLines = Rule("write-images-from-lines") { node, graph throws(GraphError) in
    guard let x = node.inputs.first, let x, graph[x].type?.shape.rank == 3 else { return nil }
    func wide(_ values: [Int], _ value: Int) -> [Int] { values.isEmpty ? [] : values + [value] }
    func wide(_ padding: SpatialPadding) -> SpatialPadding {
      guard case .explicit(let before, let after) = padding, !before.isEmpty else { return padding }
      return .explicit(before: before + [0], after: after + [0])
    }
    var op: any Operator
    switch node.op {
    case var pool as Pool where pool.indices == nil:
      pool.kernel = wide(pool.kernel, 1)
      pool.strides = wide(pool.strides, 1)
      pool.dilations = wide(pool.dilations, 1)
      pool.padding = wide(pool.padding)
      op = pool
    case var convolution as Convolution where hasConstantWeights(node, graph):
      convolution.strides = wide(convolution.strides, 1)
      convolution.dilations = wide(convolution.dilations, 1)
      convolution.padding = wide(convolution.padding)
      op = convolution
    case var convolution as ConvolutionTranspose where hasConstantWeights(node, graph) && convolution.outputShape == nil:
      convolution.strides = wide(convolution.strides, 1)
      convolution.dilations = wide(convolution.dilations, 1)
      convolution.padding = wide(convolution.padding)
      convolution.outputPadding = wide(convolution.outputPadding, 0)
      op = convolution
    default: return nil
    }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      var inputs = node.inputs
      inputs[0] = try builder.add(Unsqueeze(), x, builder.constant([Int64(3)]))
      if inputs.count > 1 { inputs[1] = try withAnotherAxis(inputs[1], &builder, name: "\(node.name)/weight") }
      let y = try builder.add(results: op, inputs)[0]
      return [try builder.add(Squeeze(), y, builder.constant([Int64(3)]))]
    }
  }

  private static func hasConstantWeights(_ node: Node, _ graph: Graph) -> Bool {
    if graph.constant(node.inputs[1]) != nil { return true }
    if let (op, cast) = graph.producer(of: node.inputs[1], as: Cast.self) {
      return op.dtype == .float32 && graph.constant(cast.inputs[0])?.dtype == .float16
    }
    return (try? QuantizedConstant(node.inputs[1], in: graph)?.withRank(4)) != nil
  }

  /// The same constant weights with an axis of size 1 at the end.
  private static func withAnotherAxis(
    _ id: Value.ID?, _ builder: inout GraphBuilder, name: String
  ) throws(GraphError) -> Value.ID? {
    if let weight = builder.graph.constant(id) { return builder.constant(try weight.reshaped(weight.shape + [1])) }
    if let (op, cast) = builder.graph.producer(of: id, as: Cast.self), let halves = builder.graph.constant(cast.inputs[0]) {
      return try builder.add(op, builder.constant(try halves.reshaped(halves.shape + [1])))
    }
    guard let weight = try QuantizedConstant(id, in: builder.graph)?.withRank(4) else { return id }
    return try weight.append(to: &builder, name: name)
  }

  /// The format's argument reductions drop their axis.
  private static let keptArgument = Rule("write-kept-argument", on: ArgReduce.self) { op, node, _ throws(GraphError) in
    guard op.keepsDimensions, !op.selectsLast else { return nil }
    var dropping = op
    dropping.keepsDimensions = false
    let axis = Int64(op.axis)
    let inner = dropping
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      [try builder.add(Unsqueeze(), builder.add(inner, node.inputs[0]), builder.constant([axis]))]
    }
  }

  /// `not x` of 0 and 1 is `x == 0`.
  private static let negation = Rule("write-negation", on: Unary.self) { op, node, graph throws(GraphError) in
    guard op.function == .not, let x = node.inputs[0], let dtype = graph[x].type?.dtype else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      [try builder.add(Comparison(.equal), x, builder.constant(0, as: dtype))]
    }
  }

  /// `Cast(x, bool)` is `x != 0`.
  private static let truthOfCast = Rule("write-truth-of-cast", on: Cast.self) { op, node, graph throws(GraphError) in
    guard op.dtype == .bool, let x = node.inputs[0], let dtype = graph[x].type?.dtype else { return nil }
    if dtype == .bool { return GraphPatch(replacing: node, with: x) }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      [try builder.add(Comparison(.notEqual), x, builder.constant(0, as: dtype))]
    }
  }

  /// The format's "same" puts the odd element after; before must be said in numbers.
  private static let explicitSamePadding = Rule("write-explicit-same-padding") { node, graph throws(GraphError) in
    guard let x = node.inputs.first.flatMap({ $0 }).flatMap({ graph[$0].type }), x.shape.rank > 2 else { return nil }
    func explicit(_ window: SlidingWindow) -> SpatialPadding? {
      var before: [Int] = []
      var after: [Int] = []
      for (i, size) in x.shape.dimensions.dropFirst(2).enumerated() {
        guard let size = size.value, i < window.kernel.count else { return nil }
        let result = (size + window.strides[i] - 1) / window.strides[i]
        let total = max(0, (result - 1) * window.strides[i] + window.extent(i) - size)
        before.append(total - total / 2)
        after.append(total / 2)
      }
      return .explicit(before: before, after: after)
    }
    switch node.op {
    case var op as Convolution where op.padding == .sameLower:
      guard let weight = node.inputs[1].flatMap({ graph[$0].type }), let padding = explicit(try op.window(weight: weight.shape))
      else { return nil }
      op.padding = padding
      let fixed = op
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        try builder.add(results: fixed, node.inputs, name: node.name)
      }
    case var op as Pool where op.padding == .sameLower:
      guard let padding = explicit(try op.window()) else { return nil }
      op.padding = padding
      let fixed = op
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        try builder.add(results: fixed, node.inputs, name: node.name)
      }
    default: return nil
    }
  }

  /// `Clip` of integers is a minimum of a maximum.
  private static let boundsOfIntegers = Rule("write-bounds-of-integers", on: Unary.self) { op, node, graph throws(GraphError) in
    guard op.function.kind == .clip, let x = node.inputs[0], let dtype = graph[x].type?.dtype, !dtype.isFloatingPoint else {
      return nil
    }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      var y = x
      if op.function.a.isFinite { y = try builder.add(Binary(.maximum), y, builder.constant(Double(op.function.a), as: dtype)) }
      if op.function.b.isFinite { y = try builder.add(Binary(.minimum), y, builder.constant(Double(op.function.b), as: dtype)) }
      return [y]
    }
  }

  /// A sum, mean or other reduction that the format lacks, in terms of those it has.
  private static let otherReductions = Rule("write-reductions", on: Reduce.self) { op, node, graph throws(GraphError) in
    let inputs = node.inputs
    func inner(_ function: Reduce.Function) -> Reduce {
      Reduce(function, keepsDimensions: op.keepsDimensions, keepsAllWithoutAxes: op.keepsAllWithoutAxes)
    }
    switch op.function {
    case .l1, .sumSquare:
      guard let x = inputs.first, let x else { return nil }
      let isSquare = op.function == .sumSquare
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        let term = isSquare ? try builder.add(Binary(.multiply), x, x) : try builder.add(Unary(.absolute), x)
        return try builder.add(results: inner(.sum), [term] + inputs.dropFirst())
      }
    case .l2:
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        [try builder.add(Unary(.sqrt), builder.add(results: inner(.sumSquare), inputs)[0])]
      }
    case .logSum:
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        [try builder.add(Unary(.log), builder.add(results: inner(.sum), inputs)[0])]
      }
    case .logSumExp:
      guard let x = inputs.first.flatMap({ $0 }), graph.elementType(of: x) != .float64 else { return nil }
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        let axes = Array(inputs.dropFirst())
        let kept = Reduce(.maximum, keepsDimensions: true, keepsAllWithoutAxes: op.keepsAllWithoutAxes)
        // Infinity is not taken off infinity.
        let bounds = ScalarFunction.clip(minimum: -.greatestFiniteMagnitude, maximum: .greatestFiniteMagnitude)
        let largest = try builder.add(Unary(bounds), builder.add(results: kept, inputs)[0])
        let shifted = try builder.add(Unary(.exp), builder.add(Binary(.subtract), inputs[0], largest))
        let sum = try builder.add(Unary(.log), builder.add(results: inner(.sum), [shifted] + axes)[0])
        let back = try builder.add(results: inner(.maximum), [largest] + axes)[0]
        return [try builder.add(Binary(.add), sum, back)]
      }
    default: return nil
    }
  }

  /// `max(x, 0) + slope * min(x, 0)`.
  private static let parameterOfRelu = Rule("write-parametric-relu", on: ParametricRelu.self) {
    op, node, graph throws(GraphError) in
    guard let x = node.inputs[0], let slope = node.inputs[1], let dtype = graph[x].type?.dtype else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let zero = try builder.constant(0, as: dtype)
      let below = try builder.add(Binary(.multiply), builder.add(Binary(.minimum), x, zero), slope)
      return [try builder.add(Binary(.add), builder.add(Binary(.maximum), x, zero), below)]
    }
  }

  /// A composite that the format has no operator for.
  private static let expandComposites = Rule("write-expand-composites") { node, graph throws(GraphError) in
    guard let op = node.op as? any CompositeOperator, OperatorWriters.ownWriter(for: node, in: graph) == nil else { return nil }
    // Where types depend on data, the operator is written as it is.
    guard node.inputs.allSatisfy({ $0.map { graph[$0].type != nil } ?? true }),
      node.results.allSatisfy({ graph[$0].type != nil })
    else { return nil }
    guard try canExpand(op, node, graph) else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in try op.expand(node.inputs, in: &builder) }
  }

  /// Whether an operator can be expanded before all sizes are numbers; what cannot is written as it is.
  private static func canExpand(_ op: any CompositeOperator, _ node: Node, _ graph: Graph) throws(GraphError) -> Bool {
    let operands = node.inputs.map { $0.flatMap { graph.operand($0) } }
    if operands.allSatisfy({ $0.map { $0.type.shape.sizes != nil } ?? true }) { return true }
    var trial = Graph(name: node.name)
    let inputs = operands.map { operand in
      operand.map { $0.constant.map { trial.addConstant($0) } ?? trial.addInput("", type: $0.type) }
    }
    var builder = GraphBuilder(trial)
    do throws(GraphError) { _ = try op.expand(inputs, in: &builder) } catch {
      if error.code == .dependsOnData { return false }
      throw error
    }
    return true
  }
}

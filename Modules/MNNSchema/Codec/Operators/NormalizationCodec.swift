import MNNGraph

/// Normalizations. See `Docs/format.md`, 10.
enum NormalizationCodec {
  static let readers: [OperatorReader] = [
    .one(.BatchNorm) { scope throws(FormatError) in
      let p = scope.main(Wire.BatchNorm.self)
      let vectors = [p.slopeData, p.biasData, p.meanData, p.varData]
      var inputs: [Value.ID?] = [try scope.input(0)]
      for vector in vectors {
        guard let vector, !vector.isEmpty else { throw FormatError(.missing, "the normalization lacks parameters") }
        inputs.append(scope.constant(try scope.model.weights.floats(vector, [vector.count])))
      }
      return try scope.append(BatchNormalization(epsilon: p.epsilon), inputs)[0]
    },
    .one(.LRN) { scope throws(FormatError) in
      let p = scope.main(Wire.LRN.self)
      guard p.regionType == 0 else { throw FormatError(.operatorUnsupported, "LRN within channels") }
      return try scope.append(
        LRN(size: Int(p.localSize), alpha: p.alpha, beta: p.beta, bias: p.bias == 0 ? 1 : p.bias), scope.input(0))
    },
    .one(.LayerNorm, layerNorm),
    .one(.Scale) { scope throws(FormatError) in
      let p = scope.main(Wire.Scale.self)
      let x = try scope.input(0)
      let shape = [-1] + [Int](repeating: 1, count: max(0, try scope.rank(of: x) - 2))
      func parameter(_ vector: WireVector<Float>?, _ slot: Int) throws(FormatError) -> Value.ID? {
        var tensor: Tensor?
        if let external = p.external, external.count > slot, external[slot] > 0 {
          let offset = slot == 1 ? external[0] : external[0].addingReportingOverflow(external[1]).partialValue
          tensor = try scope.model.weights.external(
            offset: offset, byteCount: external[slot], .float32, [Int(clamping: external[slot] / 4)])
        } else if let vector, !vector.isEmpty {
          tensor = try scope.model.weights.floats(vector, [vector.count])
        }
        guard let tensor else { return nil }
        return try scope.append(Reshape(), scope.constant(tensor), scope.constant(shape))
      }
      var y = x
      if let scale = try parameter(p.scaleData, 1) { y = try scope.append(Binary(.multiply), y, scale) }
      if let shift = try parameter(p.biasData, 2) { y = try scope.append(Binary(.add), y, shift) }
      return y == x ? try scope.append(Identity(), x) : y
    },
    .one(.Softmax) { scope throws(FormatError) in
      try scope.append(Softmax(axis: Int(scope.main(Wire.Axis.self).axis)), scope.input(0))
    },
  ]

  static let writers: [OperatorWriter] = [
    .write(LRN.self) { op, _, _ in
      var p = Wire.LRN()
      p.localSize = Int32(clamping: op.size)
      p.alpha = op.alpha
      p.beta = op.beta
      p.bias = op.bias
      return .make(.LRN, p)
    },
    .write(
      LayerNorm.self, if: { op, node, graph in !op.givesStatistics && hasPlainAffine(op.axis, node, graph, needsBoth: true) }
    ) {
      op, node, scope throws(FormatError) in
      try encoded(axis: op.axis, epsilon: op.epsilon, isRMS: false, node, scope)
    },
    .write(RMSNorm.self, if: { op, node, graph in hasPlainAffine(op.axis, node, graph, needsBoth: false) }) {
      op, node, scope throws(FormatError) in
      try encoded(axis: op.axis, epsilon: op.epsilon, isRMS: true, node, scope)
    },
    .write(Softmax.self) { op, _, _ in .make(.Softmax, ShapeCodec.axis(op.axis)) },
  ]

  private static func layerNorm(_ scope: ReadingScope) throws(FormatError) -> Value.ID {
    let p = scope.main(Wire.LayerNorm.self)
    var x = try scope.input(0)
    let original = x
    let count = p.axis?.count ?? 0
    var axes = count
    let isGrouped = p.group > 1 && count == 0
    if isGrouped {
      // [N, group, rest].
      x = try scope.append(Reshape(), x, scope.constant([0, Int(p.group), -1]))
      axes = 1
    }
    guard axes > 0 else { throw FormatError(.attributeInvalid, "the normalization has no axes") }
    func affine(_ vector: WireVector<Float>?, _ slot: Int) throws(FormatError) -> Value.ID? {
      var tensor: Tensor?
      if let external = p.external, external.count > slot, external[slot] > 0 {
        let offset = slot == 1 ? external[0] : external[0].addingReportingOverflow(external[1]).partialValue
        tensor = try scope.model.weights.external(
          offset: offset, byteCount: external[slot], .float32, [Int(clamping: external[slot] / 4)])
      } else if let vector, !vector.isEmpty {
        tensor = try scope.model.weights.floats(vector, [vector.count])
      }
      guard let tensor else { return nil }
      guard axes > 1, let shape = scope.type(of: x)?.shape, shape.rank >= axes else { return scope.constant(tensor) }
      // The parameters lie flat over the normalized axes.
      let sizes = try scope.append(ShapeOf(start: shape.rank - axes, dtype: .int32), x)
      return try scope.append(Reshape(), scope.constant(tensor), sizes)
    }
    let gamma = isGrouped ? nil : try affine(p.gamma, 1)
    let beta = isGrouped ? nil : try affine(p.beta, 2)
    var inputs: [Value.ID?] = [x]
    if p.useRMSNorm {
      if let gamma { inputs.append(gamma) }
    } else if gamma != nil || beta != nil {
      inputs += [gamma, beta]
    }
    let op: any Operator =
      p.useRMSNorm
      ? RMSNorm(axis: -axes, epsilon: p.epsilon) : LayerNorm(axis: -axes, epsilon: p.epsilon)
    var y = try scope.append(op, inputs)[0]
    guard isGrouped else { return y }
    y = try scope.append(Reshape(), y, scope.append(ShapeOf(dtype: .int32), original))
    let shape = [-1] + [Int](repeating: 1, count: max(0, try scope.rank(of: original) - 2))
    for (vector, function) in [(p.gamma, Binary.Function.multiply), (p.beta, .add)] {
      guard let vector, !vector.isEmpty else { continue }
      let parameter = try scope.append(
        Reshape(), scope.constant(scope.model.weights.floats(vector, [vector.count])), scope.constant(shape))
      y = try scope.append(Binary(function), y, parameter)
    }
    return y
  }

  /// Parameters that are constant, both or neither, and have the sizes of the normalized axes.
  private static func hasPlainAffine(_ axis: Int, _ node: Node, _ graph: Graph, needsBoth: Bool) -> Bool {
    let x = node.inputs[0].flatMap { graph[$0].type }
    // Counted from the end, the axes need no rank.
    let count = axis < 0 ? -axis : x.map { $0.shape.rank - axis } ?? 0
    guard count > 0 else { return false }
    let given = node.inputs.dropFirst().compactMap { $0 }
    if needsBoth, given.count == 1 { return false }
    return given.allSatisfy { id in
      guard let tensor = graph.constant(id), tensor.rank == count else { return false }
      guard let x, x.shape.rank >= count else { return true }
      return zip(tensor.shape, x.shape.dimensions.suffix(count)).allSatisfy { $1.value == nil || $1.value == $0 }
    }
  }

  private static func encoded(
    axis: Int, epsilon: Float, isRMS: Bool, _ node: Node, _ scope: WritingScope
  ) throws(FormatError) -> Wire.Op {
    var p = Wire.LayerNorm()
    guard let x = node.inputs[0] else { throw FormatError(.graphInvalid, "an input is missing") }
    let first = axis < 0 ? axis : axis - (scope.graph[x].type?.shape.rank ?? axis + 1)
    p.axis = WireVector((first..<0).map { Int32(clamping: $0) })
    p.epsilon = epsilon
    p.group = 1
    p.useRMSNorm = isRMS
    let gamma = node.inputs.count > 1 ? scope.graph.constant(node.inputs[1]) : nil
    let beta = node.inputs.count > 2 ? scope.graph.constant(node.inputs[2]) : nil
    if let gamma { p.gamma = try scope.model.floats(gamma) }
    if let beta { p.beta = try scope.model.floats(beta) }
    if isRMS, let gamma, beta == nil {
      // MNN reads both or neither.
      p.beta = WireVector([Float](repeating: 0, count: gamma.count))
    }
    return .make(.LayerNorm, p).with(inputs: [try scope.tensor(x)])
  }
}

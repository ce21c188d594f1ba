import MNNGraph

/// Layers that go along sequences. See `Docs/format.md`, 12.
enum RecurrentCodec {
  static let readers: [OperatorReader] = [
    .read(.LSTM, lstm),
    .read(.RNN, rnn),
    .read(.RNNSequenceGRU, gru),
  ]

  static let writers: [OperatorWriter] = [
    .write(
      GRU.self,
      if: { op, node, graph in
        op == GRU(direction: op.direction, resetsAfterProduct: op.resetsAfterProduct) && op.direction != .reverse
          && hasConstantWeights(node, graph)
      }, writeGRU),
    .write(LSTM.self, if: { op, node, graph in op == LSTM(direction: op.direction) && isWritten(op.direction, node, graph) }) {
      op, node, scope throws(FormatError) in
      try layer(.LSTM, gates: 4, node, scope)
    },
    .write(RNN.self, if: { op, node, graph in op == RNN(direction: op.direction) && isWritten(op.direction, node, graph) }) {
      op, node, scope throws(FormatError) in
      try layer(.RNN, gates: 1, node, scope)
    },
  ]

  // MARK: Writing

  private static func hasConstantWeights(_ node: Node, _ graph: Graph) -> Bool {
    graph.constant(node.inputs[1]) != nil && graph.constant(node.inputs[2]) != nil && hasConstantBias(node, graph)
  }

  /// Neither lengths nor peepholes, and both directions or the forward one.
  private static func isWritten(_ direction: RecurrentDirection, _ node: Node, _ graph: Graph) -> Bool {
    direction != .reverse && hasKnownWeights(node, graph) && (node.inputs.count < 8 || node.inputs[7] == nil)
  }

  /// As above, for operators whose weights are inputs: they may be computed from codes.
  private static func hasKnownWeights(_ node: Node, _ graph: Graph) -> Bool {
    let isSized = [1, 2].allSatisfy { i in
      node.inputs[i].flatMap { graph[$0].type }.map { $0.dtype == .float32 && $0.shape.sizes?.count == 3 } ?? false
    }
    return isSized && hasConstantBias(node, graph)
  }

  private static func hasConstantBias(_ node: Node, _ graph: Graph) -> Bool {
    let bias = node.inputs.count > 3 ? node.inputs[3] : nil
    return (bias == nil || graph.constant(bias) != nil) && (node.inputs.count < 5 || node.inputs[4] == nil)
  }

  /// X, W, R, the sum of the biases, and the initial states where they are given.
  private static func layer(
    _ type: Wire.OpType, gates: Int, _ node: Node, _ scope: WritingScope
  ) throws(FormatError) -> Wire.Op {
    guard let directions = node.inputs[1].flatMap({ scope.graph[$0].type?.shape.sizes?.first }),
      let h = node.inputs[2].flatMap({ scope.graph[$0].type?.shape.sizes?.last })
    else { throw FormatError(.graphInvalid, "the sizes of the weights are not known") }
    var p = Wire.LSTM()
    p.outputCount = Int32(clamping: h)
    let bias: Tensor
    do throws(GraphError) {
      let both = node.inputs.count > 3 ? try scope.graph.constant(node.inputs[3])?.scalars(as: Float.self) : nil
      let width = gates * h
      bias = try Tensor(
        shape: [directions, width],
        scalars: (0..<directions * width).map { i in
          guard let both else { return Float(0) }
          let (d, k) = (i / width, i % width)
          return both[2 * d * width + k] + both[(2 * d + 1) * width + k]
        })
    } catch { throw FormatError(error) }
    var inputs = Array(try scope.inputs(Array(node.inputs.prefix(3))))
    inputs.append(try scope.constant(bias, "\(node.name)/bias"))
    for id in node.inputs.dropFirst(5).prefix(2) { if let id { inputs.append(try scope.tensor(id)) } }
    return .make(type, p).with(inputs: inputs)
  }

  private static func writeGRU(_ op: GRU, _ node: Node, _ scope: WritingScope) throws(FormatError) -> Wire.Op {
    guard let x = node.inputs[0], let w = scope.graph.constant(node.inputs[1]),
      let r = scope.graph.constant(node.inputs[2]), r.rank == 3, w.rank == 3
    else { throw FormatError(.graphInvalid, "the weights are not constant") }
    let (h, width) = (r.shape[2], w.shape[2])
    var p = Wire.RNNParam()
    p.numUnits = Int32(clamping: h)
    p.isBidirectionalRNN = op.direction == .bidirectional
    p.linearBeforeReset = op.resetsAfterProduct
    p.keepAllOutputs = true
    var inputs = [try scope.tensor(x)]
    do {
      let ws = try w.scalars(as: Float.self)
      let rs = try r.scalars(as: Float.self)
      let bs = node.inputs.count > 3 ? try scope.graph.constant(node.inputs[3])?.scalars(as: Float.self) : nil
      for d in 0..<w.shape[0] {
        /// Columns of the gates, transposed: inputs first, then the states.
        func matrix(_ gates: [Int]) throws(GraphError) -> Tensor {
          var values: [Float] = []
          for row in 0..<width + h {
            for gate in gates {
              for unit in 0..<h {
                let k = gate * h + unit
                values.append(row < width ? ws[(d * 3 * h + k) * width + row] : rs[(d * 3 * h + k) * h + row - width])
              }
            }
          }
          return try Tensor(shape: [width + h, gates.count * h], scalars: values)
        }
        func bias(_ range: Range<Int>) throws(GraphError) -> Tensor {
          try Tensor(shape: [1, range.count], scalars: range.map { bs?[d * 6 * h + $0] ?? 0 })
        }
        let name = "\(node.name)/\(d)"
        inputs.append(try scope.constant(matrix([0, 1]), "\(name)/gates"))
        inputs.append(try scope.constant(bias(0..<2 * h), "\(name)/gateBias"))
        inputs.append(try scope.constant(matrix([2]), "\(name)/candidate"))
        inputs.append(try scope.constant(bias(2 * h..<3 * h), "\(name)/candidateBias"))
        inputs.append(try scope.constant(bias(3 * h..<6 * h), "\(name)/recurrentBias"))
      }
      if node.inputs.count > 5, let h0 = node.inputs[5] { inputs.append(try scope.tensor(h0)) }
    } catch let error as GraphError { throw FormatError(error) } catch let error as FormatError { throw error } catch {
      throw FormatError(.graphInvalid, "\(error)")
    }
    return .make(.RNNSequenceGRU, p).with(inputs: inputs)
  }

  // MARK: Reading

  /// Inputs X, W, R, B (both biases added up), h0, c0, as ONNX has them otherwise.
  private static func lstm(_ scope: ReadingScope) throws(FormatError) -> [Value.ID] {
    let w = try scope.input(1)
    let direction = direction(w, scope)
    var inputs: [Value.ID?] = [
      try scope.input(0), w, try scope.input(2),
      try scope.optional(3).map { bias throws(FormatError) in
        try padded(bias, scope)
      }, nil,
    ]
    inputs += [scope.optional(4), scope.optional(5)]
    while inputs.last == .some(nil) { inputs.removeLast() }
    return try scope.append(LSTM(direction: direction), inputs)
  }

  private static func rnn(_ scope: ReadingScope) throws(FormatError) -> [Value.ID] {
    let w = try scope.input(1)
    var inputs: [Value.ID?] = [
      try scope.input(0), w, try scope.input(2),
      try scope.optional(3).map { bias throws(FormatError) in
        try padded(bias, scope)
      }, nil, scope.optional(4),
    ]
    while inputs.last == .some(nil) { inputs.removeLast() }
    return try scope.append(RNN(direction: direction(w, scope)), inputs)
  }

  private static func direction(_ w: Value.ID, _ scope: ReadingScope) -> RecurrentDirection {
    scope.type(of: w)?.shape.dimensions.first?.value == 2 ? .bidirectional : .forward
  }

  /// A bias for the input's product alone: that of the recurrent product is zero.
  private static func padded(_ bias: Value.ID, _ scope: ReadingScope) throws(FormatError) -> Value.ID {
    guard let type = scope.type(of: bias), type.shape.rank == 2 else {
      throw FormatError(.operatorUnsupported, "the shape of the bias must be known before running")
    }
    let zero: Tensor
    do throws(GraphError) { zero = try Tensor(Float(0)).converted(to: type.dtype) } catch { throw FormatError(error) }
    let zeros = try scope.append(Fill(), scope.constant(zero), scope.append(ShapeOf(dtype: .int32), bias))
    return try scope.append(Concat(axis: 1), [bias, zeros])[0]
  }

  /// Per direction: gate weights `[I+H, 2H]` (reset, update), their bias `[1, 2H]`, candidate weights `[I+H, H]`, their bias
  /// `[1, H]`, and the recurrent bias `[1, 3H]`; then, perhaps, h0.
  private static func gru(_ scope: ReadingScope) throws(FormatError) -> [Value.ID] {
    let p = scope.main(Wire.RNNParam.self)
    let h = Int(p.numUnits)
    let directions = p.isBidirectionalRNN ? 2 : 1
    guard h > 0, scope.inputCount >= 1 + 5 * directions else {
      throw FormatError(
        .graphInvalid, "the layer lacks weights", expected: "\(1 + 5 * directions) inputs", found: "\(scope.inputCount)")
    }
    func rows(_ id: Value.ID, from start: Int, to end: Int) throws(FormatError) -> Value.ID {
      try scope.append(Slice(), [id, scope.constant([start]), scope.constant([end]), scope.constant([0])])[0]
    }
    func columns(_ id: Value.ID, _ part: Int) throws(FormatError) -> Value.ID {
      try scope.append(Slice(), [id, scope.constant([part * h]), scope.constant([(part + 1) * h]), scope.constant([1])])[0]
    }
    let end = Int(Int32.max)
    var w: [Value.ID?] = []
    var r: [Value.ID?] = []
    var b: [Value.ID?] = []
    for d in 0..<directions {
      let gates = try scope.input(1 + 5 * d)
      let gateBias = try scope.input(2 + 5 * d)
      let candidate = try scope.input(3 + 5 * d)
      let candidateBias = try scope.input(4 + 5 * d)
      let recurrentBias = try scope.input(5 + 5 * d)
      func stacked(_ from: Int, _ to: Int) throws(FormatError) -> Value.ID {
        // The order here is update, reset, hidden.
        let both = try rows(gates, from: from, to: to)
        let joined = try scope.append(
          Concat(axis: 1), [columns(both, 0), columns(both, 1), rows(candidate, from: from, to: to)])[0]
        return try scope.append(Unsqueeze(), scope.append(Transpose(permutation: [1, 0]), joined), scope.constant([0]))
      }
      w.append(try stacked(0, -h))
      r.append(try stacked(-h, end))
      b.append(try scope.append(Concat(axis: 1), [gateBias, candidateBias, recurrentBias])[0])
    }
    let op = GRU(direction: directions == 2 ? .bidirectional : .forward, resetsAfterProduct: p.linearBeforeReset)
    var inputs: [Value.ID?] = [try scope.input(0)]
    inputs.append(try scope.append(Concat(axis: 0), w)[0])
    inputs.append(try scope.append(Concat(axis: 0), r)[0])
    inputs.append(try scope.append(Concat(axis: 0), b)[0])
    if let h0 = scope.optional(1 + 5 * directions) { inputs += [nil, h0] }
    return try scope.append(op, inputs)
  }
}

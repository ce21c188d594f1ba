import MNNGraph

extension OperatorCase {
  /// Operators that fusion makes: their expansion is the reference.
  static let fused: [OperatorCase] = [
    OperatorCase("FakeQuantize") { r in
      let dtype: DType = r.one(of: [.int8, .uint8])
      let zero = dtype == .int8 ? r.number(-3...3) : r.number(0...9)
      return (
        FakeQuantize(scale: r.one(of: [0.5, 0.0625, 0.03]), zeroPoint: zero, dtype: dtype, range: r.one(of: [nil, 0...15])),
        [x(r.sizes(r.number(1...4), 0...9))]
      )
    },
    OperatorCase("FusedAttention") { r in
      let (batch, heads, queries, keys) = (r.number(1...2), r.number(1...3), r.width(1...6), r.width(1...6))
      let (size, valueSize) = (r.width(1...5), r.width(1...5))
      // Queries as a plain tensor; keys transposed; values read from rows that all heads share.
      let query = FusedAttention.Matrices(row: size, column: 1, batch: [heads * queries * size, queries * size])
      let key = FusedAttention.Matrices(row: 1, column: keys, batch: [heads * size * keys, size * keys])
      let row = heads * valueSize + 1
      let value = FusedAttention.Matrices(offset: 1, row: row, column: 1, batch: [keys * row, valueSize])
      let op = FusedAttention(
        batch: [batch, heads], queryCount: queries, keyCount: keys, keySize: size, valueSize: valueSize, query: query, key: key,
        value: value, scale: r.one(of: [1, 0.5]), resultAxes: r.one(of: [nil, [0, 2, 1, 3]]))
      let mask: [Int]? = r.one(of: [nil, [batch, 1, 1, keys], [queries, keys], [batch, heads, queries, keys], [queries, 1]])
      return (
        op,
        [
          x([batch, heads, queries, size]), x([batch, heads, size, keys]), x([batch, keys, row]), mask.map { x($0) },
        ]
      )
    },
    OperatorCase("FusedElementwise") { r in
      let (a, b) = r.broadcasting(1...6)
      let steps: [FusedElementwise.Step] = r.one(
        of: [
          [
            .init(function: .binary(Binary(.add)), sources: [.input(0), .input(1)]),
            .init(function: .unary(Unary(.tanh)), sources: [.step(0)]),
            .init(function: .binary(Binary(.multiply)), sources: [.step(1), .step(0)]),
          ],
          [
            .init(function: .comparison(Comparison(.less)), sources: [.input(0), .input(1)]),
            .init(function: .select(Select()), sources: [.step(0), .input(1), .input(0)]),
          ],
          [
            .init(function: .parametricRelu(ParametricRelu()), sources: [.input(0), .input(1)]),
            .init(function: .cast(Cast(to: .int32)), sources: [.step(0)]),
          ],
        ])
      return (FusedElementwise(steps: steps), [x(a), x(b)])
    },
    OperatorCase("FusedMatMul") { r in
      let (lead, m, k, n) = (r.number(1...3), r.width(1...6), r.width(1...6), r.width(1...6))
      var op = FusedMatMul(MatMul(transposesB: r.flag()))
      op.scale = r.one(of: [1, 0.5])
      op.activation = r.one(of: [.identity, .relu, .gelu, .sin])
      let bias = r.flag() ? x([n]) : nil
      let hasResidual = r.flag()
      op.addsResidualLast = hasResidual && r.flag()
      if r.flag() { op.aAxes = [1, 0, 2] }
      if r.flag() { op.bAxes = [0, 2, 1] }
      if !hasResidual, r.flag() { op.resultAxes = [1, 0, 2] }
      let a = op.aAxes == nil ? [lead, m, k] : [m, lead, k]
      let isTurned = op.product.transposesB != (op.bAxes != nil)
      return (op, [x(a), x([lead] + (isTurned ? [n, k] : [k, n])), bias, hasResidual ? x([lead, m, n]) : nil])
    },
    OperatorCase("FusedMatMul of codes") { r in
      let (m, k, n) = (r.width(1...6), r.width(1...6), r.width(1...6))
      var op = FusedMatMul(MatMul(transposesB: r.flag()))
      op.activation = r.one(of: [.identity, .relu])
      op.quantization = QuantizationGranularity(axis: op.product.transposesB ? 0 : 1)
      let codes = Operand(try r.integers(op.product.transposesB ? [n, k] : [k, n]))
      let (scale, zero) = (try r.weights([n]), Operand(try r.integers([n])))
      return (op, [x([m, k]), codes, r.flag() ? x([n]) : nil, r.flag() ? x([m, n]) : nil, scale, zero])
    },
    OperatorCase("InvertedResidual") { r in
      let (channels, middle, out) = (r.width(1...4), r.width(2...4), r.width(1...4))
      let expands = r.flag()
      let wide = expands ? middle : max(channels, 2)
      let (stride, size) = (r.number(1...2), r.sizes(2, 3...9))
      let hasResidual = r.flag()
      let functions: [ScalarFunction] = [.identity, .relu, .hardSwish]
      let op = InvertedResidual(
        expansion: expands ? Convolution(activation: r.one(of: functions)) : nil,
        depthwise: Convolution(
          strides: [stride, stride], groups: wide, padding: .explicit(before: [1, 1], after: [1, 1]),
          activation: r.one(of: functions)),
        projection: Convolution(activation: r.one(of: functions)))
      let n = r.number(1...2)
      let weights: [Operand?] = [
        expands ? try r.weights([wide, channels, 1, 1]) : nil, expands && r.flag() ? try r.weights([wide]) : nil,
        try r.weights([wide, 1, 3, 3]), r.flag() ? try r.weights([wide]) : nil,
        try r.weights([out, wide, 1, 1]), r.flag() ? try r.weights([out]) : nil,
      ]
      let result = [n, out] + size.map { ($0 - 1) / stride + 1 }
      return (op, [x([n, expands ? channels : wide] + size)] + weights + [hasResidual ? x(result) : nil])
    },
    OperatorCase("ResidualLayerNorm") { r in
      let sizes = r.sizes(3)
      let own = [sizes[2]]
      return (
        ResidualLayerNorm(axis: -1, epsilon: 1e-5, givesSum: r.flag()),
        [x(sizes), x(sizes), r.flag() ? x(own) : nil, r.flag() ? x(own) : nil]
      )
    },
    OperatorCase("StoredGather") { r in
      let (rows, columns) = (r.number(5...9), r.width(1...9))
      let (codes, scale) = (Operand(try r.integers([rows, columns])), try r.weights([rows]))
      let op = StoredGather(granularity: QuantizationGranularity(axis: 0))
      return (op, [codes, x(r.sizes(r.number(1...2)), .int64), scale, r.flag() ? Operand(try r.integers([rows])) : nil])
    },
  ]
}

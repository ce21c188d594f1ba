import MNNGraph

extension CaseRandom {
  mutating func padding(_ rank: Int, _ largest: Int = 3) -> SpatialPadding {
    one(of: [
      .none, .sameUpper, .sameLower, .valid, .explicit(before: numbers(rank, 0...largest), after: numbers(rank, 0...largest)),
      .explicit(before: numbers(rank, 0...largest), after: numbers(rank, 0...largest)),
    ])
  }
}

extension OperatorCase {
  static let networks: [OperatorCase] = [
    OperatorCase("Pool") { r in
      let rank = r.number(1...3)
      let op = Pool(
        r.one(of: [.maximum, .average]), kernel: r.numbers(rank, 1...4), strides: r.numbers(rank, 1...4),
        dilations: r.numbers(rank, 1...2), padding: r.padding(rank), rounding: r.one(of: [.floor, .ceil, .ceilUnbounded]))
      return (op, [x(r.sizes(2) + r.sizes(rank, 0...12))])
    },
    OperatorCase("Convolution") { r in
      let (rank, groups) = (r.number(1...3), r.number(1...3))
      let (inner, outer) = (r.width(1...3), r.width(1...3))
      let weight = try r.weights([outer * groups, inner] + r.numbers(rank, 1...4))
      let op = Convolution(
        strides: r.numbers(rank, 1...3), dilations: r.numbers(rank, 1...2), groups: groups, padding: r.padding(rank))
      return (op, [x([r.number(1...3), inner * groups] + r.sizes(rank, 1...12)), weight])
    },
    OperatorCase("ConvolutionTranspose") { r in
      let (rank, groups) = (r.number(1...2), r.number(1...3))
      let (inner, outer) = (r.width(1...3), r.width(1...3))
      let strides = r.numbers(rank, 1...3)
      let weight = try r.weights([inner * groups, outer] + r.numbers(rank, 1...4))
      let op = ConvolutionTranspose(
        strides: strides, dilations: r.numbers(rank, 1...2), groups: groups, padding: r.padding(rank, 1))
      return (op, [x([r.number(1...3), inner * groups] + r.sizes(rank, 1...9)), weight])
    },
    OperatorCase("ConvInteger") { r in
      let weight = Operand(try r.integers([2, 3] + r.numbers(2, 1...3)))
      let op = ConvInteger(Convolution(strides: r.numbers(2, 1...2), padding: r.padding(2)))
      return (op, [x([r.number(1...3), 3] + r.sizes(2, 3...9), .uint8), weight])
    },
    OperatorCase("QLinearConv") { r in
      let weight = Operand(try r.integers([2, 3] + r.numbers(2, 1...3)))
      let (scale, zero) = (Operand(try Tensor(Float(1))), Operand(try Tensor(UInt8(0))))
      let op = QLinearConv(Convolution(strides: r.numbers(2, 1...2), padding: r.padding(2)))
      return (op, [x([r.number(1...3), 3] + r.sizes(2, 3...9), .uint8), scale, zero, weight, scale, zero, scale, zero])
    },
    OperatorCase("CausalConvolution") { r in
      let (n, channels, k) = (r.number(1...3), r.number(1...4), r.number(1...4))
      let weight = try r.weights([channels, 1, k])
      return (
        CausalConvolution(),
        [x([n, channels, r.number(1...9)]), weight, nil, r.flag() ? x([n, channels, k - 1]) : nil]
      )
    },
    OperatorCase("DeformableConvolution") { r in
      let (n, size) = (r.number(1...2), r.sizes(2, 3...8))
      let weight = try r.weights([2, 3, 2, 2])
      let op = DeformableConvolution()
      return (op, [x([n, 3] + size), weight, x([n, 8] + size.map { $0 - 1 })])
    },
    OperatorCase("Col2Im") { r in
      let block = r.numbers(2, 1...2)
      let image = r.sizes(2, 3...6)
      let positions = zip(image, block).reduce(1) { $0 * ($1.0 - $1.1 + 1) }
      return (
        Col2Im(), [x([r.number(1...3), r.number(1...3) * block.reduce(1, *), positions]), try c(image), try c(block)]
      )
    },
    OperatorCase("MaxUnpool") { r in
      let sizes = r.sizes(4)
      return (MaxUnpool(kernel: r.numbers(2, 1...3), strides: r.numbers(2, 1...3)), [x(sizes), x(sizes, .int64)])
    },
    OperatorCase("BatchNormalization") { r in
      let sizes = r.sizes(4)
      return (BatchNormalization(), [x(sizes)] + (0..<4).map { _ in x([sizes[1]]) })
    },
    OperatorCase("GroupNorm") { r in
      let sizes = [r.number(1...3), 6] + r.sizes(2)
      return (GroupNorm(groups: r.one(of: [1, 2, 3, nil])), [x(sizes), x([6]), x([6])])
    },
    OperatorCase("LayerNorm") { r in
      let sizes = r.sizes(3)
      let axis = r.number(1...2)
      let own = Array(sizes[axis...])
      return (LayerNorm(axis: axis, givesStatistics: r.flag()), [x(sizes), x(own), r.flag() ? x(own) : nil])
    },
    OperatorCase("RMSNorm") { r in
      let sizes = r.sizes(3)
      return (RMSNorm(), [x(sizes), x([sizes[2]])])
    },
    OperatorCase("Attention") { r in
      let (n, length, keys, k, v) = (r.number(1...3), r.number(1...6), r.number(1...6), r.number(1...4), r.number(1...4))
      let (heads, share) = (r.number(1...2), r.number(1...2))
      var past: [Operand?] = [nil, nil]
      let p = r.number(1...4)
      if r.flag() { past = [x([n, heads, p, k]), x([n, heads, p, v])] }
      return (
        Attention(givesPresent: past[0] != nil),
        [x([n, heads * share, length, k]), x([n, heads, keys, k]), x([n, heads, keys, v]), nil] + past
      )
    },
    OperatorCase("LinearAttention") { r in
      let (n, length, k, v) = (r.number(1...3), r.number(1...6), r.number(1...4), r.number(1...4))
      return (
        LinearAttention(.linear, heads: 2, keyHeads: 2), [x([n, length, 2 * k]), x([n, length, 2 * k]), x([n, length, 2 * v])]
      )
    },
    OperatorCase("RotaryEmbedding") { r in
      let (n, heads, length, half) = (r.number(1...3), r.number(1...3), r.number(1...6), r.number(1...4))
      let table = x([n, length, half])
      return (RotaryEmbedding(), [x([n, heads, length, 2 * half]), table, table])
    },
    OperatorCase("GRU") { r in
      let (steps, batch, width, h) = (r.number(1...5), r.number(1...3), r.width(1...4), r.width(1...4))
      return (GRU(), [x([steps, batch, width]), x([1, 3 * h, width]), x([1, 3 * h, h])])
    },
    OperatorCase("LSTM") { r in
      let (steps, batch, width, h) = (r.number(1...5), r.number(1...3), r.width(1...4), r.width(1...4))
      return (LSTM(), [x([steps, batch, width]), x([1, 4 * h, width]), x([1, 4 * h, h])])
    },
    OperatorCase("RNN") { r in
      let (steps, batch, width, h) = (r.number(1...5), r.number(1...3), r.width(1...4), r.width(1...4))
      return (RNN(), [x([steps, batch, width]), x([1, h, width]), x([1, h, h])])
    },
    OperatorCase("NegativeLogLikelihood") { r in
      let sizes = r.sizes(3)
      return (NegativeLogLikelihood(reduction: r.one(of: LossReduction.allCases)), [x(sizes), x([sizes[0], sizes[2]], .int64)])
    },
    OperatorCase("SoftmaxCrossEntropy") { r in
      let sizes = r.sizes(3)
      let loss = NegativeLogLikelihood(reduction: r.one(of: LossReduction.allCases))
      return (SoftmaxCrossEntropy(loss, givesLogarithms: r.flag()), [x(sizes), x([sizes[0], sizes[2]], .int64)])
    },
  ]
}

import MNNGraph

extension CaseRandom {
  /// Two shapes that broadcast.
  mutating func broadcasting(_ range: ClosedRange<Int> = 0...6) -> ([Int], [Int]) {
    let result = sizes(number(1...4), range)
    func part() -> [Int] {
      let sizes = result.map { flag() ? $0 : 1 }
      return Array(sizes.dropFirst(number(0...1)))
    }
    return flag() ? (result, part()) : (part(), result)
  }
}

extension OperatorCase {
  /// An operator that keeps the shape of its only input.
  private static func same(_ op: any Operator, _ dtype: DType = .float32, rank: ClosedRange<Int> = 1...4) -> OperatorCase {
    OperatorCase(op.name) { r in (op, [x(r.sizes(r.number(rank), 0...9), dtype)]) }
  }

  static let arithmetic: [OperatorCase] = [
    same(Unary(.exp)), same(Cast(to: .int32)),
    same(BitCast(to: .int32)), same(LRN(size: 3), rank: 3...4), same(Softmax()), same(LogSoftmax()), same(Hardmax()),
    same(MeanVarianceNormalization(), rank: 4...4), same(LpNormalization()), same(DynamicQuantizeLinear()), same(Identity()),
    same(SoftmaxFlattening(.softmax, axis: 1), rank: 2...4), same(ReverseAxes()),
    OperatorCase("CastLike") { r in (CastLike(), [x(r.sizes(2)), x(r.sizes(3), .int32)]) },
    OperatorCase("EyeLike") { r in (EyeLike(), [x(r.sizes(2))]) },
    OperatorCase("CumSum") { r in
      let rank = r.number(1...3)
      return (CumSum(), [x(r.sizes(rank)), try c(r.axis(rank))])
    },
    OperatorCase("CumProd") { r in
      let rank = r.number(1...3)
      return (CumProd(), [x(r.sizes(rank)), try c(r.axis(rank))])
    },
    OperatorCase("Trilu") { r in (Trilu(), [x(r.sizes(r.number(2...4)))]) },
    OperatorCase("Binary") { r in
      let (a, b) = r.broadcasting()
      return (Binary(.add), [x(a), x(b)])
    },
    OperatorCase("Comparison") { r in
      let (a, b) = r.broadcasting()
      return (Comparison(.less), [x(a), x(b)])
    },
    OperatorCase("Select") { r in
      let (a, b) = r.broadcasting()
      return (Select(), r.flag() ? [x(a, .bool), x(b), x(b)] : [x(b, .bool), x(a), x(b)])
    },
    OperatorCase("ParametricRelu") { r in
      let sizes = r.sizes(3)
      return (ParametricRelu(), [x(sizes), x(r.one(of: [[sizes[2]], [sizes[1], 1], [1]]))])
    },
    OperatorCase("SwiGLU") { r in
      let sizes = r.sizes(3)
      return (SwiGLU(), [x(sizes), x(sizes)])
    },
    OperatorCase("Reduce") { r in
      let rank = r.number(1...4)
      let op = Reduce(.sum, keepsDimensions: r.flag(), keepsAllWithoutAxes: r.flag())
      return (op, [x(r.sizes(rank)), r.flag() ? try c(r.axes(rank)) : nil])
    },
    OperatorCase("ArgReduce") { r in
      let rank = r.number(1...4)
      return (ArgReduce(.maximum, axis: r.axis(rank), keepsDimensions: r.flag()), [x(r.sizes(rank))])
    },
    OperatorCase("MatMul") { r in
      let (a, b) = r.broadcasting(1...5)
      let (m, k, n) = (r.width(1...6), r.width(1...6), r.width(1...6))
      let (t, u) = (r.flag(), r.flag())
      let op = MatMul(transposesA: t, transposesB: u)
      return (op, [x(a + (t ? [k, m] : [m, k])), x(b + (u ? [n, k] : [k, n]))])
    },
    OperatorCase("Gemm") { r in
      let (m, k, n) = (r.width(1...6), r.width(1...6), r.width(1...6))
      let (t, u) = (r.flag(), r.flag())
      return (
        Gemm(transposesA: t, transposesB: u),
        [x(t ? [k, m] : [m, k]), x(u ? [n, k] : [k, n]), r.flag() ? x(r.one(of: [[n], [m, 1], [1]])) : nil]
      )
    },
    OperatorCase("Einsum") { r in
      let (i, j, k) = (r.number(1...5), r.number(1...5), r.number(1...5))
      let (equation, shapes) = r.one(
        of: [
          ("ij,jk->ik", [[i, j], [j, k]]), ("ij,jk", [[i, j], [j, k]]), ("ii->i", [[i, i]]), ("ij->ji", [[i, j]]),
          ("i,j->ij", [[i], [j]]), ("...ij->...ji", [[k, i, j]]), ("bij,bjk->bik", [[2, i, j], [2, j, k]]), ("ij->", [[i, j]]),
        ] as [(String, [[Int]])])
      return (Einsum(equation), shapes.map { x($0) })
    },
    OperatorCase("Determinant") { r in
      let n = r.number(1...4)
      return (Determinant(), [x(r.sizes(r.number(0...2)) + [n, n])])
    },
    OperatorCase("MatMulInteger") { r in
      let (m, k, n) = (r.width(1...6), r.width(1...6), r.width(1...6))
      return (MatMulInteger(), [x([m, k], .uint8), x([k, n], .uint8)])
    },
    OperatorCase("QLinearMatMul") { r in
      let (m, k, n) = (r.width(1...6), r.width(1...6), r.width(1...6))
      let (scale, zero) = (Operand(try Tensor(Float(1))), Operand(try Tensor(UInt8(0))))
      return (QLinearMatMul(), [x([m, k], .uint8), scale, zero, x([k, n], .uint8), scale, zero, scale, zero])
    },
    OperatorCase("QuantizeLinear") { r in (QuantizeLinear(), [x(r.sizes(3)), Operand(try Tensor(Float(1)))]) },
    OperatorCase("DequantizeLinear") { r in (DequantizeLinear(), [x(r.sizes(3), .uint8), Operand(try Tensor(Float(1)))]) },
  ]
}

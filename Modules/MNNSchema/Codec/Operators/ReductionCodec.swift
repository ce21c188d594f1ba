import MNNGraph

/// One number from many.
enum ReductionCodec {
  static let readers: [OperatorReader] = [
    .one(.ArgMax) { scope throws(FormatError) in try arg(.maximum, scope) },
    .one(.ArgMin) { scope throws(FormatError) in try arg(.minimum, scope) },
    .one(.Reduction, reduce),
  ]

  static let writers: [OperatorWriter] = [
    .write(ArgReduce.self, if: { op, _, _ in !op.keepsDimensions && !op.selectsLast }) { op, _, _ in
      var p = Wire.ArgMax()
      p.axis = Int32(clamping: op.axis)
      p.topK = 1
      return .make(op.function == .maximum ? .ArgMax : .ArgMin, p)
    },
    .write(
      Reduce.self,
      if: { op, node, graph in
        // The extreme of no truth values is one; of no numbers it is a number.
        types.contains { $0.function == op.function } && (!op.keepsAllWithoutAxes || hasAxes(node, graph))
          && node.inputs[0].flatMap { graph[$0].type?.dtype } != .bool
      }
    ) { op, node, scope throws(FormatError) in
      var p = Wire.ReductionParam()
      p.operation = types.first { $0.function == op.function }?.wire ?? .SUM
      p.keepDims = op.keepsDimensions
      p.dType = .DT_FLOAT
      guard let x = node.inputs[0] else { throw FormatError(.graphInvalid, "an input is missing") }
      guard node.inputs.count > 1, let axes = node.inputs[1] else { return .make(.Reduction, p) }
      guard let tensor = scope.graph.constant(axes) else { return .make(.Reduction, p) }
      do throws(GraphError) {
        let values = try tensor.scalars(as: Int32.self)
        if !values.isEmpty { p.dim = WireVector(values) }
      } catch { throw FormatError(error) }
      return .make(.Reduction, p).with(inputs: [try scope.tensor(x)])
    },
  ]

  private static let types: [(wire: Wire.ReductionType, function: Reduce.Function)] = [
    (.ASUM, .l1), (.MAXIMUM, .maximum), (.MEAN, .mean), (.MINIMUM, .minimum), (.PROD, .product), (.SUM, .sum),
    (.SUMSQ, .sumSquare),
  ]

  private static func hasAxes(_ node: Node, _ graph: Graph) -> Bool {
    guard node.inputs.count > 1, let tensor = graph.constant(node.inputs[1]) else { return false }
    return tensor.count > 0
  }

  private static func reduce(_ scope: ReadingScope) throws(FormatError) -> Value.ID {
    let p = scope.main(Wire.ReductionParam.self)
    let x = try scope.input(0)
    let axes: Value.ID?
    if scope.inputCount > 1 {
      axes = try scope.input(1)
    } else {
      axes = try p.dim.flatMap { $0.isEmpty ? nil : $0 }.map { dim throws(FormatError) in try scope.constant(dim.map { Int($0) })
      }
    }
    let function: Reduce.Function
    switch p.operation {
    // Truth is kept as 0 and 1.
    case .ANY: function = .maximum
    case .ALL: function = .minimum
    default:
      guard let known = types.first(where: { $0.wire == p.operation })?.function else {
        throw FormatError(.operatorUnsupported, "the reduction is not known", found: "\(p.operation)")
      }
      function = known
    }
    return try scope.append(Reduce(function, keepsDimensions: p.keepDims), [x] + (axes.map { [$0] } ?? []))[0]
  }

  private static func arg(_ function: ArgReduce.Function, _ scope: ReadingScope) throws(FormatError) -> Value.ID {
    let p = scope.main(Wire.ArgMax.self)
    guard p.topK <= 1, p.outMaxVal == 0 else {
      throw FormatError(
        .operatorUnsupported, "more than the place of one extreme", found: "topK \(p.topK), outMaxVal \(p.outMaxVal)")
    }
    return try scope.append(
      ArgReduce(function, axis: Int(p.axis), keepsDimensions: false, dtype: scope.indexType()), scope.input(0))
  }
}

import MNNGraph

/// Operators that the format has no word for, but a sequence of its own operators says the same: files stay readable by MNN.
extension Legalization {
  static let compositions: [Rule] = [
    swappedComparisons, narrowArithmetic, triangles, affineApart, lastExtremes, powerMeans, slicesByIndex, marksByComparison,
    typedDiagonals,
  ]

  /// `a < b` is `b > a`: MNN 3.6.1's vector code of LESS is wrong at some levels of the processor.
  private static let swappedComparisons = Rule("write-swapped-comparisons", on: Comparison.self) {
    op, node, graph throws(GraphError) in
    let swapped: Comparison.Function
    switch op.function {
    case .less: swapped = .greater
    case .lessOrEqual: swapped = .greaterOrEqual
    default: return nil
    }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      [try builder.add(Comparison(swapped), node.inputs[1], node.inputs[0])]
    }
  }

  /// Arithmetic on int8 and uint8 is done in int32, and wraps as theirs does: MNN has kernels for no other integers.
  private static let narrowArithmetic = Rule("write-narrow-arithmetic") { node, graph throws(GraphError) in
    guard node.inputs.count == 2, let a = node.inputs[0], let b = node.inputs[1], let dtype = graph[a].type?.dtype,
      dtype == .int8 || dtype == .uint8, graph[b].type?.dtype == dtype
    else { return nil }
    let isComparison = node.op is Comparison
    if let op = node.op as? Binary {
      guard op.activation == .identity, ![.and, .atan2, .or, .power, .xor].contains(op.function) else { return nil }
    } else if !isComparison {
      return nil
    }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let wide = try builder.add(node.op, builder.add(Cast(to: .int32), a), builder.add(Cast(to: .int32), b))
      return [isComparison ? wide : try builder.add(Cast(to: dtype), wide)]
    }
  }

  /// A triangle of a matrix is chosen by comparing the numbers of rows and columns.
  private static let triangles = Rule("write-triangles", on: Trilu.self) { op, node, graph throws(GraphError) in
    guard let x = node.inputs[0], let type = graph[x].type, type.shape.rank >= 2,
      let rows = type.shape[type.shape.rank - 2].value, let columns = type.shape[type.shape.rank - 1].value
    else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      func numbers(_ count: Int, axis: Int64) throws(GraphError) -> Value.ID {
        let range = try builder.add(
          Arange(), builder.constant(Int32(0)), builder.constant(Int32(clamping: count)), builder.constant(Int32(1)))
        return try builder.add(Unsqueeze(), range, builder.constant([axis]))
      }
      var row = try numbers(rows, axis: 1)
      if node.inputs.count > 1, let k = node.inputs[1] {
        let offset = try builder.add(Reshape(), builder.add(Cast(to: .int32), k), builder.constant([Int64(1)]))
        row = try builder.add(Binary(.add), row, offset)
      }
      let column = try numbers(columns, axis: 0)
      let kept =
        op.isUpper
        ? try builder.add(Comparison(.greaterOrEqual), column, row) : try builder.add(Comparison(.greaterOrEqual), row, column)
      return [try builder.add(Select(), kept, x, builder.constant(0, as: type.dtype))]
    }
  }

  /// A norm whose scale or shift does not go into the operator's parameters, or whose statistics are results.
  private static let affineApart = Rule("write-affine-apart") { node, graph throws(GraphError) in
    guard let x = node.inputs.first, let x, let type = graph[x].type, type.dtype != .float64,
      OperatorWriters.ownWriter(for: node, in: graph) == nil
    else { return nil }
    let given = node.inputs.dropFirst().contains { $0 != nil }
    func affine(_ y: Value.ID, in builder: inout GraphBuilder) throws(GraphError) -> Value.ID {
      var y = y
      if node.inputs.count > 1, let scale = node.inputs[1] { y = try builder.add(Binary(.multiply), y, scale) }
      if node.inputs.count > 2, let shift = node.inputs[2] { y = try builder.add(Binary(.add), y, shift) }
      return y
    }
    switch node.op {
    case let op as LayerNorm where op.givesStatistics:
      let axes = (try type.shape.axis(op.axis)..<type.shape.rank).map { Int64($0) }
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        let list = try builder.constant(axes)
        let mean = try builder.add(Reduce(.mean), x, list)
        let distance = try builder.add(Binary(.subtract), x, mean)
        let variance = try builder.add(Reduce(.mean), builder.add(Binary(.multiply), distance, distance), list)
        let sum = try builder.add(Binary(.add), variance, builder.constant(Double(op.epsilon), as: type.dtype))
        let inverse = try builder.add(Unary(.rsqrt), sum)
        return [try affine(builder.add(Binary(.multiply), distance, inverse), in: &builder), mean, inverse]
      }
    case let op as LayerNorm where given:
      return GraphPatch(replacing: node) { builder throws(GraphError) in [try affine(builder.add(op, x), in: &builder)] }
    case let op as RMSNorm where given:
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        let axes = (try type.shape.axis(op.axis)..<type.shape.rank).map { Int64($0) }
        let mean = try builder.add(Reduce(.mean), builder.add(Binary(.multiply), x, x), builder.constant(axes))
        let sum = try builder.add(Binary(.add), mean, builder.constant(Double(op.epsilon), as: type.dtype))
        return [try affine(builder.add(Binary(.multiply), x, builder.add(Unary(.rsqrt), sum)), in: &builder)]
      }
    default: return nil
    }
  }

  /// The last of equal extremes is the first from the end.
  private static let lastExtremes = Rule("write-last-extremes", on: ArgReduce.self) { op, node, graph throws(GraphError) in
    guard op.selectsLast, let x = node.inputs[0], let shape = graph[x].type?.shape else { return nil }
    let axis = try shape.axis(op.axis)
    guard let size = shape[axis].value, size > 0, size <= 1 << 20 else { return nil }
    var first = op
    first.selectsLast = false
    let forward = first
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let backwards = try builder.constant((0..<size).map { Int32(clamping: size - 1 - $0) })
      let place = try builder.add(forward, builder.add(Gather(axis: axis), x, backwards))
      return [try builder.add(Binary(.subtract), builder.constant(Double(size - 1), as: op.dtype), place)]
    }
  }

  /// A p-norm over windows is the root of a sum of powers, which is a mean times the number of elements.
  private static let powerMeans = Rule("write-power-means", on: Pool.self) { op, node, graph throws(GraphError) in
    // At padded edges MNN counts otherwise.
    guard case .norm(let power) = op.function, power > 0, op.rounding == .floor, op.padding == .none || op.padding == .valid,
      let x = node.inputs[0], let dtype = graph[x].type?.dtype
    else { return nil }
    var mean = op
    mean.function = .average
    mean.countsPadding = true
    let average = mean
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let size = try builder.add(Unary(.absolute), x)
      let term =
        switch power {
        case 1: size
        case 2: try builder.add(Binary(.multiply), x, x)
        default: try builder.add(Binary(.power), size, builder.constant(Double(power), as: dtype))
        }
      let count = op.kernel.reduce(1.0) { $0 * Double($1) }
      let sum = try builder.add(Binary(.multiply), builder.add(average, term), builder.constant(count, as: dtype))
      switch power {
      case 1: return [sum]
      case 2: return [try builder.add(Unary(.sqrt), sum)]
      default: return [try builder.add(Binary(.power), sum, builder.constant(1 / Double(power), as: dtype))]
      }
    }
  }

  /// What a condition keeps is gathered by the positions where it holds.
  private static let slicesByIndex = Rule("write-slices-by-index", on: Compress.self) { op, node, graph throws(GraphError) in
    guard node.inputs.count > 1, let x = node.inputs[0], let condition = node.inputs[1], let shape = graph[x].type?.shape else {
      return nil
    }
    let axis = try op.axis.map { axis throws(GraphError) in try shape.axis(axis) }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let end = try builder.constant([Int64(-1)])
      let places = try builder.add(Reshape(), builder.add(NonZero(dtype: .int32, givesRows: true), condition), end)
      let source = axis == nil ? try builder.add(Reshape(), x, end) : x
      return [try builder.add(Gather(axis: axis ?? 0), source, places)]
    }
  }

  /// A mark is where the number along the new axis is the index.
  private static let marksByComparison = Rule("write-marks-by-comparison", on: OneHot.self) {
    op, node, graph throws(GraphError) in
    guard node.inputs.count > 2, let indices = node.inputs[0], let values = node.inputs[2], let type = graph[indices].type,
      type.dtype.isInteger || type.dtype == .float32
    else { return nil }
    let axis = op.axis < 0 ? op.axis + type.shape.rank + 1 : op.axis
    guard axis >= 0, axis <= type.shape.rank, let result = graph[node.results[0]].type, result.shape.rank == type.shape.rank + 1,
      let depth = result.shape[axis].value.map({ Int64($0) }), depth > 0, depth <= 1 << 20
    else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let place = try builder.add(Cast(to: .int32), indices)
      let count = try builder.constant(Int32(clamping: depth))
      let isNegative = try builder.add(Comparison(.greater), builder.constant(Int32(0)), place)
      let fromFront = try builder.add(Select(), isNegative, builder.add(Binary(.add), place, count), place)
      let column = try builder.add(Unsqueeze(), fromFront, builder.constant([Int64(axis)]))
      let sizes = (0...type.shape.rank).map { $0 == axis ? depth : 1 }
      let numbers = try builder.constant((0..<depth).map { Int32(clamping: $0) })
      let row = try builder.add(Reshape(), numbers, builder.constant(sizes))
      let isMarked = try builder.add(Comparison(.equal), column, row)
      let off = try builder.add(Gather(axis: 0), values, builder.constant(Int32(0)))
      let on = try builder.add(Gather(axis: 0), values, builder.constant(Int32(1)))
      return [try builder.add(Select(), isMarked, on, off)]
    }
  }

  /// A diagonal has the type of its operand in the format.
  private static let typedDiagonals = Rule("write-typed-diagonals", on: EyeLike.self) { op, node, graph throws(GraphError) in
    guard let x = node.inputs[0], let type = graph[x].type, let dtype = op.dtype, dtype != type.dtype else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      [try builder.add(Cast(to: dtype), builder.add(EyeLike(diagonal: op.diagonal), x))]
    }
  }
}

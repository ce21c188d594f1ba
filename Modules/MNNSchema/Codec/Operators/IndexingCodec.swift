import MNNGraph

/// Picking, placing and ordering elements.
enum IndexingCodec {
  static let readers: [OperatorReader] = [
    .one(.CumProd) { scope throws(FormatError) in
      let p = scope.main(Wire.CumSum.self)
      return try scope.append(CumProd(isExclusive: p.exclusive, isReversed: p.reverse), scope.input(0), scope.input(1))
    },
    .one(.EyeLike) { scope throws(FormatError) in
      let diagonal = scope.inputCount > 1 ? try scope.integers(1).first ?? 0 : 0
      return try scope.append(EyeLike(diagonal: diagonal), scope.input(0))
    },
    .one(.ScatterElements) { scope throws(FormatError) in
      let axis = scope.inputCount > 3 ? try scope.integers(3).first ?? 0 : 0
      let op = ScatterElements(axis: axis, reduction: try reduction(scope))
      return try scope.append(op, scope.input(0), scope.input(1), scope.input(2))
    },
    .one(.ScatterNd) { scope throws(FormatError) in
      let (indices, updates, shape) = (try scope.input(0), try scope.input(1), try scope.input(2))
      if scope.inputCount > 3 {
        return try scope.append(ScatterND(reduction: reduction(scope)), scope.input(3), indices, updates)
      }
      // Without a tensor to write into, what meets in one place is added up.
      let zero = try scope.append(CastLike(), scope.constant(scalar: 0), updates)
      return try scope.append(ScatterND(reduction: .add), scope.append(Expand(), zero, shape), indices, updates)
    },
    .one(.CumSum) { scope throws(FormatError) in
      let p = scope.main(Wire.CumSum.self)
      return try scope.append(CumSum(isExclusive: p.exclusive, isReversed: p.reverse), scope.input(0), scope.input(1))
    },
    .one(.Gather) { scope throws(FormatError) in
      if scope.inputCount > 2 { return try alongAxis(scope) }
      let axis = scope.op.main(as: Wire.Gather.self)?.axis ?? scope.main(Wire.Axis.self).axis
      return try scope.append(Gather(axis: Int(axis)), scope.input(0), scope.input(1))
    },
    .one(.GatherElements) { scope throws(FormatError) in
      let axis = scope.inputCount > 2 ? try scope.integers(2).first ?? 0 : Int(scope.main(Wire.Axis.self).axis)
      return try scope.append(GatherElements(axis: axis), scope.input(0), scope.input(1))
    },
    .one(.GatherND) { scope throws(FormatError) in
      let batch = scope.op.main(as: Wire.Axis.self)?.axis ?? 0
      return try scope.append(GatherND(batchAxes: Int(batch)), scope.input(0), scope.input(1))
    },
    .one(.GatherV2) { scope throws(FormatError) in
      if scope.inputCount > 2 { return try alongAxis(scope) }
      let axis = scope.op.main(as: Wire.Axis.self)?.axis ?? 0
      return try scope.append(Gather(axis: Int(axis)), scope.input(0), scope.input(1))
    },
    .one(.OneHot) { scope throws(FormatError) in
      let values = try scope.append(
        Concat(axis: 0), [one(try scope.input(3), scope), one(try scope.input(2), scope)])[0]
      return try scope.append(
        OneHot(axis: Int(scope.main(Wire.OneHotParam.self).axis)), scope.input(0), scope.input(1), values)
    },
    .one(.Reverse) { scope throws(FormatError) in
      let axes = try scope.integers(1)
      return try scope.append(
        Slice(),
        [
          scope.input(0), scope.constant(axes.map { _ in Int(Int32.max) }),
          scope.constant(axes.map { _ in -Int(Int32.max) }), scope.constant(axes), scope.constant(axes.map { _ in -1 }),
        ])[0]
    },
    .one(.ReverseSequence) { scope throws(FormatError) in
      let p = scope.main(Wire.ReverseSequenceParam.self)
      return try scope.append(
        ReverseSequence(batchAxis: Int(p.batchDim), timeAxis: Int(p.seqDim)), scope.input(0), scope.input(1))
    },
    .read(.TopKV2) { scope throws(FormatError) in
      let p = scope.main(Wire.TopKV2.self)
      let axis = scope.inputCount > 2 ? try scope.integers(2).first ?? -1 : -1
      let isStated = scope.op.hasMain
      return try scope.append(
        TopK(axis: axis, takesLargest: !isStated || p.largest, indexDType: scope.indexType(1)), [scope.input(0), scope.input(1)])
    },
    .one(.Where) { scope throws(FormatError) in
      try scope.append(NonZero(dtype: scope.indexType(), givesRows: true), scope.input(0))
    },
  ]

  private static let reductions: [(wire: Wire.BinaryOpOperation, reduction: ScatterReduction)] = [
    (.ADD, .add), (.MAXIMUM, .maximum), (.MINIMUM, .minimum), (.MUL, .multiply),
  ]

  /// The reduction that the parameters name; none if they do not, or say -1.
  private static func reduction(_ scope: ReadingScope) throws(FormatError) -> ScatterReduction {
    guard let p = scope.op.main(as: Wire.BinaryOp.self), p.opType.rawValue >= 0 else { return .replace }
    guard let reduction = reductions.first(where: { $0.wire.rawValue == p.opType.rawValue })?.reduction else {
      throw FormatError(.operatorUnsupported, "the reduction of a scatter is not known", found: "\(p.opType.rawValue)")
    }
    return reduction
  }

  static let writers: [OperatorWriter] = [
    .write(
      EyeLike.self, if: { op, node, graph in op.dtype == nil || op.dtype == node.inputs[0].flatMap { graph[$0].type?.dtype } }
    ) {
      op, node, scope throws(FormatError) in
      var inputs = Array(try scope.inputs(node.inputs))
      inputs.append(try scope.constant([op.diagonal], "\(node.name)/k"))
      return .make(.EyeLike).with(inputs: inputs)
    },
    .write(ScatterElements.self, if: { op, _, _ in op.reduction != .maximum && op.reduction != .minimum }) {
      op, node, scope throws(FormatError) in
      var p = Wire.BinaryOp()
      p.opType = reductions.first { $0.reduction == op.reduction }?.wire ?? Wire.BinaryOpOperation(rawValue: -1)
      p.T = .DT_FLOAT
      var inputs = Array(try scope.inputs(node.inputs))
      inputs[1] = try nonNegative(node.inputs[1], size: node.inputs[0], axis: op.axis, inputs[1], node, scope)
      inputs.append(try scope.constant(scalar: op.axis, "\(node.name)/axis"))
      return .make(.ScatterElements, p).with(inputs: inputs)
    },
    .write(ScatterND.self, if: { op, node, graph in op.reduction == .replace && sizes(node, graph) != nil }) {
      op, node, scope throws(FormatError) in
      guard let sizes = sizes(node, scope.graph), let x = node.inputs[0], let indices = node.inputs[1],
        let updates = node.inputs[2],
        let k = scope.graph[indices].type?.shape.dimensions.last?.value
      else { throw FormatError(.graphInvalid, "an input is missing") }
      // Negative indices count from the end here, and not in MNN.
      let period = try scope.constant(Array(sizes.prefix(k)), "\(node.name)/sizes")
      func binary(_ function: Wire.BinaryOpOperation, _ left: Int32, _ name: String) -> Int32 {
        var p = Wire.BinaryOp()
        p.opType = function
        p.T = .DT_FLOAT
        return scope.emit(Wire.Op.make(.BinaryOp, p).with(inputs: [left, period]), named: "\(node.name)/\(name)")
      }
      let places = binary(.MOD, binary(.ADD, try scope.tensor(indices), "shifted"), "indices")
      let shape = try scope.constant(sizes, "\(node.name)/shape")
      return .make(.ScatterNd).with(inputs: [places, try scope.tensor(updates), shape, try scope.tensor(x)])
    },
    .write(CumSum.self) { op, _, _ in
      var p = Wire.CumSum()
      p.exclusive = op.isExclusive
      p.reverse = op.isReversed
      return .make(.CumSum, p)
    },
    .write(Gather.self) { op, node, scope throws(FormatError) in
      var inputs = Array(try scope.inputs(node.inputs))
      inputs[1] = try nonNegative(node.inputs[1], size: node.inputs[0], axis: op.axis, inputs[1], node, scope)
      inputs.append(try scope.constant(scalar: op.axis, "\(node.name)/axis"))
      return .make(.GatherV2, Wire.GatherV2()).with(inputs: inputs)
    },
    .write(GatherAlongAxis.self) { _, _, _ in .make(.GatherV2, Wire.GatherV2()) },
    .write(GatherElements.self) { op, node, scope throws(FormatError) in
      var inputs = Array(try scope.inputs(node.inputs))
      inputs.append(try scope.constant(scalar: op.axis, "\(node.name)/axis"))
      return .make(.GatherElements).with(inputs: inputs)
    },
    .write(GatherND.self, if: { op, _, _ in op.batchAxes == 0 }) { _, _, _ in .make(.GatherND) },
    .write(NonZero.self) { op, node, scope throws(FormatError) in
      guard let x = node.inputs[0] else { throw FormatError(.graphInvalid, "an input is missing") }
      // Without the table MNN gives a row for every element.
      let table = Wire.Extra(WireTable(Wire.Extra.kind))
      let rows = Wire.Op.make(.Where, table).with(inputs: [try scope.tensor(x)])
      if op.givesRows { return rows }
      let index = scope.emit(rows, named: "\(node.name)/rows")
      var swap = Wire.Permute()
      swap.dims = [1, 0]
      return .make(.Permute, swap).with(inputs: [index])
    },
    .write(ReverseSequence.self) { op, _, _ in
      var p = Wire.ReverseSequenceParam()
      p.batchDim = Int32(clamping: op.batchAxis)
      p.seqDim = Int32(clamping: op.timeAxis)
      return .make(.ReverseSequence, p)
    },
    .write(TopK.self) { op, node, scope throws(FormatError) in
      var p = Wire.TopKV2()
      p.sorted = true
      p.largest = op.takesLargest
      var inputs = Array(try scope.inputs(node.inputs))
      inputs.append(try scope.constant(scalar: op.axis, "\(node.name)/axis"))
      return .make(.TopKV2, p).with(inputs: inputs)
    },
  ]

  /// The sizes of what is scattered into, if they and the width of an index are numbers.
  private static func sizes(_ node: Node, _ graph: Graph) -> [Int]? {
    guard node.inputs.count > 2, let x = node.inputs[0], let indices = node.inputs[1],
      graph[indices].type?.shape.dimensions.last?.value != nil, let sizes = graph[x].type?.shape.sizes, !sizes.contains(0)
    else { return nil }
    return sizes
  }

  /// The axis is an operand, in most files a constant.
  private static func alongAxis(_ scope: ReadingScope) throws(FormatError) -> Value.ID {
    guard let tensor = scope.constant(scope.optional(2)), tensor.count == 1,
      let axis = try asFormatError({ () throws(GraphError) in try tensor.scalars(as: Int64.self) }).first
    else { return try scope.append(GatherAlongAxis(), scope.inputs)[0] }
    return try scope.append(Gather(axis: Int(axis)), scope.input(0), scope.input(1))
  }

  /// A scalar or vector of one as a vector of one.
  private static func one(_ id: Value.ID, _ scope: ReadingScope) throws(FormatError) -> Value.ID {
    try scope.append(Reshape(), id, scope.constant([1]))
  }

  /// MNN's gather does not know negative indices. Constant ones are made positive where the size is known.
  private static func nonNegative(
    _ indices: Value.ID?, size x: Value.ID?, axis: Int, _ index: Int32, _ node: Node, _ scope: WritingScope
  ) throws(FormatError) -> Int32 {
    guard let tensor = scope.graph.constant(indices), let shape = x.flatMap({ scope.graph[$0].type?.shape }) else { return index }
    let position = axis < 0 ? axis + shape.rank : axis
    guard shape.rank > position, position >= 0, let size = shape[position].value else { return index }
    let fixed = try asFormatError { () throws(GraphError) -> Tensor? in
      let values = try tensor.scalars(as: Int64.self)
      guard values.contains(where: { $0 < 0 }) else { return nil }
      return try Tensor(shape: tensor.shape, scalars: values.map { Int32(clamping: $0 < 0 ? $0 + Int64(size) : $0) })
    }
    return try fixed.map { tensor throws(FormatError) in try scope.constant(tensor, "\(node.name)/indices") } ?? index
  }
}

import MNNGraph

/// Picking, placing and ordering elements.
enum IndexingCodec {
  static let readers: [OperatorReader] = [
    .one(.CumSum) { scope throws(FormatError) in
      let p = scope.main(Wire.CumSum.self)
      return try scope.append(CumSum(isExclusive: p.exclusive, isReversed: p.reverse), scope.input(0), scope.input(1))
    },
    .one(.Gather) { scope throws(FormatError) in
      if scope.inputCount > 2 { return try scope.append(GatherAlongAxis(), scope.inputs)[0] }
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
      if scope.inputCount > 2 { return try scope.append(GatherAlongAxis(), scope.inputs)[0] }
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

  static let writers: [OperatorWriter] = [
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
      let rows = Wire.Op.make(.Where).with(inputs: [try scope.tensor(x)])
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

import MNNGraph

/// Shapes, and movement of elements that follows from them. See `Docs/format.md`, 8.
enum ShapeCodec {
  static let readers: [OperatorReader] = [
    .one(.BroadcastTo) { scope throws(FormatError) in try scope.append(Expand(), scope.input(0), scope.input(1)) },
    .one(.Concat) { scope throws(FormatError) in
      try scope.append(Concat(axis: Int(scope.main(Wire.Axis.self).axis)), scope.inputs)[0]
    },
    .one(.DepthToSpace) { scope throws(FormatError) in
      let p = scope.main(Wire.DepthSpaceParam.self)
      return try scope.append(
        DepthToSpace(blockSize: Int(p.blockSize), order: p.mode == .CRD ? .channelFirst : .blockFirst), scope.input(0))
    },
    .one(.ExpandDims) { scope throws(FormatError) in
      let axis = scope.inputCount > 1 ? try scope.input(1) : try scope.constant([Int(scope.main(Wire.ExpandDims.self).axis)])
      return try scope.append(Unsqueeze(), scope.input(0), vector(axis, scope))
    },
    .one(.Fill) { scope throws(FormatError) in try scope.append(Fill(), scope.input(1), scope.input(0)) },
    .one(.Flatten) { scope throws(FormatError) in
      let p = scope.main(Wire.Flatten.self)
      let x = try scope.input(0)
      guard p.endAxis != 0 else { return try scope.append(Flatten(axis: Int(p.axis)), x) }
      let rank = try scope.rank(of: x)
      let first = p.axis < 0 ? Int(p.axis) + rank : Int(p.axis)
      let last = p.endAxis < 0 ? Int(p.endAxis) + rank : Int(p.endAxis)
      guard first >= 0, first <= last, last < rank else {
        throw FormatError(.attributeInvalid, "the axes to flatten are not valid", found: "\(p.axis) to \(p.endAxis)")
      }
      // The sizes before stay; what comes after the merged axes is taken from the input's shape.
      let tail = try scope.append(ShapeOf(start: last + 1, dtype: .int32), x)
      let head = try scope.append(ShapeOf(start: 0, end: first, dtype: .int32), x)
      return try scope.append(
        Reshape(), x, scope.append(Concat(axis: 0), [head, scope.constant([-1]), tail])[0])
    },
    .read(.Pack) { scope throws(FormatError) in
      let axis = Int(scope.op.main(as: Wire.PackParam.self)?.axis ?? scope.main(Wire.Axis.self).axis)
      var parts: [Value.ID?] = []
      for i in 0..<scope.inputCount {
        parts.append(try scope.append(Unsqueeze(), scope.input(i), scope.constant([axis])))
      }
      return try scope.append(Concat(axis: axis), parts)
    },
    .one(.Padding, pad),
    .one(.Permute) { scope throws(FormatError) in
      try scope.append(
        Transpose(permutation: (scope.main(Wire.Permute.self).dims ?? []).map { Int($0) }), scope.input(0))
    },
    .same(.Range, Arange()),
    .one(.Rank) { scope throws(FormatError) in
      try scope.append(RankOf(dtype: scope.indexType()), scope.input(0))
    },
    .one(.Reshape) { scope throws(FormatError) in
      let dims = scope.main(Wire.Reshape.self).dims
      let target = scope.inputCount > 1 ? try scope.input(1) : try scope.constant((dims ?? []).map { Int($0) })
      return try scope.append(Reshape(), scope.input(0), target)
    },
    .one(.Shape) { scope throws(FormatError) in
      let p = scope.main(Wire.ShapeParam.self)
      return try scope.append(
        ShapeOf(start: p.hasStart ? Int(p.start) : 0, end: p.hasEnd ? Int(p.end) : nil, dtype: scope.indexType()),
        scope.input(0))
    },
    .one(.Size) { scope throws(FormatError) in
      try scope.append(SizeOf(dtype: scope.indexType()), scope.input(0))
    },
    .read(.Slice, split),
    .one(.SliceTf) { scope throws(FormatError) in
      try scope.append(SliceOfLength(), scope.input(0), scope.input(1), scope.input(2))
    },
    .one(.SpaceToDepth) { scope throws(FormatError) in
      let p = scope.main(Wire.DepthSpaceParam.self)
      return try scope.append(
        SpaceToDepth(blockSize: Int(p.blockSize), order: p.mode == .CRD ? .channelFirst : .blockFirst), scope.input(0))
    },
    .one(.Squeeze) { scope throws(FormatError) in try axes(Squeeze(), scope) },
    .one(.StridedSlice, stridedSlice),
    .one(.Tile) { scope throws(FormatError) in try scope.append(Tile(), scope.input(0), scope.input(1)) },
    .one(.Transpose) { scope throws(FormatError) in
      try scope.append(Transpose(permutation: scope.integers(1)), scope.input(0))
    },
    .read(.Unpack) { scope throws(FormatError) in
      let axis = Int(scope.op.main(as: Wire.PackParam.self)?.axis ?? scope.main(Wire.Axis.self).axis)
      let parts = try scope.append(Split(axis: axis, count: scope.resultCount), [scope.input(0)])
      var results: [Value.ID] = []
      for part in parts { results.append(try scope.append(Squeeze(), part, scope.constant([axis]))) }
      return results
    },
    .one(.Unsqueeze) { scope throws(FormatError) in try axes(Unsqueeze(), scope) },
    .one(.ZerosLike) { scope throws(FormatError) in
      let x = try scope.input(0)
      let dtype = scope.type(of: x)?.dtype ?? .float32
      let zero = try asFormatError { () throws(GraphError) in try Tensor(Float(0)).converted(to: dtype) }
      return try scope.append(Fill(), scope.constant(zero), scope.append(ShapeOf(dtype: .int32), x))
    },
  ]

  static let writers: [OperatorWriter] = [
    .write(Arange.self) { _, _, _ in .make(.Range) },
    .write(Concat.self) { op, _, _ in .make(.Concat, axis(op.axis)) },
    .write(DepthToSpace.self) { op, _, _ in
      var p = Wire.DepthSpaceParam()
      p.blockSize = Int32(clamping: op.blockSize)
      p.mode = op.order == .channelFirst ? .CRD : .DCR
      return .make(.DepthToSpace, p)
    },
    .write(Expand.self) { _, _, _ in .make(.BroadcastTo) },
    .write(Fill.self) { _, node, scope throws(FormatError) in
      .make(.Fill).with(inputs: Array(try scope.inputs([node.inputs[1], node.inputs[0]])))
    },
    .write(Flatten.self) { op, _, _ in
      var p = Wire.Flatten()
      p.axis = Int32(clamping: op.axis)
      return .make(.Flatten, p)
    },
    .write(Pad.self, if: isWritten, writePad),
    .write(RankOf.self) { _, _, _ in .make(.Rank) },
    .write(Reshape.self, if: { op, node, graph in !op.allowsZero || !hasZero(graph.constant(node.inputs[1])) }) { _, _, _ in
      var p = Wire.Reshape()
      p.dimType = .NCHW
      return .make(.Reshape, p)
    },
    .write(ShapeOf.self) { op, _, _ in
      var wire = Wire.Op.make(.Shape)
      if op.start != 0 || op.end != nil {
        var p = Wire.ShapeParam()
        p.hasStart = op.start != 0
        p.start = Int32(clamping: op.start)
        p.hasEnd = op.end != nil
        p.end = Int32(clamping: op.end ?? 0)
        wire = .make(.Shape, p)
      }
      wire.defaultDimentionFormat = .NCHW
      return wire
    },
    .write(SizeOf.self) { _, _, _ in .make(.Size) },
    .write(Slice.self) { _, _, _ in
      var p = Wire.StridedSliceParam()
      p.fromType = 1
      return .make(.StridedSlice, p)
    },
    .write(SliceOfLength.self) { _, _, _ in .make(.SliceTf) },
    .write(SpaceToDepth.self) { op, _, _ in
      var p = Wire.DepthSpaceParam()
      p.blockSize = Int32(clamping: op.blockSize)
      p.mode = op.order == .channelFirst ? .CRD : .DCR
      return .make(.SpaceToDepth, p)
    },
    // MNN does not read sizes that are computed.
    .write(
      Split.self,
      if: { _, node, graph in node.inputs.count < 2 || node.inputs[1] == nil || graph.constant(node.inputs[1]) != nil },
      writeSplit),
    .write(Squeeze.self) { _, node, scope throws(FormatError) in try writeAxes(.Squeeze, node, scope) },
    .write(Tile.self) { _, _, _ in .make(.Tile) },
    .write(Transpose.self) { op, _, _ in
      var p = Wire.Permute()
      p.dims = WireVector(op.permutation.map { Int32(clamping: $0) })
      return .make(.Permute, p)
    },
    .write(Unsqueeze.self) { _, node, scope throws(FormatError) in try writeAxes(.Unsqueeze, node, scope) },
  ]

  static func axis(_ value: Int) -> Wire.Axis {
    var axis = Wire.Axis()
    axis.axis = Int32(clamping: value)
    return axis
  }

  // MARK: Axes

  /// Axes in the parameters, or as an input; neither means all of size 1.
  private static func axes(_ op: any Operator, _ scope: ReadingScope) throws(FormatError) -> Value.ID {
    let x = try scope.input(0)
    if scope.inputCount > 1 { return try scope.append(op, x, vector(scope.input(1), scope)) }
    guard let dims = scope.main(Wire.SqueezeParam.self).squeezeDims, !dims.isEmpty else { return try scope.append(op, x) }
    return try scope.append(op, x, scope.constant(dims.map { Int($0) }))
  }

  /// A scalar as a vector of one.
  private static func vector(_ id: Value.ID, _ scope: ReadingScope) throws(FormatError) -> Value.ID {
    guard scope.type(of: id)?.shape.rank == 0 else { return id }
    return try scope.append(Reshape(), id, scope.constant([1]))
  }

  /// Constant axes go into the parameters, which every version of the engine reads.
  private static func writeAxes(_ type: Wire.OpType, _ node: Node, _ scope: WritingScope) throws(FormatError) -> Wire.Op {
    var p = Wire.SqueezeParam()
    guard node.inputs.count > 1, let axes = node.inputs[1], let tensor = scope.graph.constant(axes), let x = node.inputs[0] else {
      return .make(type, p)
    }
    do throws(GraphError) { p.squeezeDims = WireVector(try tensor.scalars(as: Int32.self)) } catch { throw FormatError(error) }
    return .make(type, p).with(inputs: [try scope.tensor(x)])
  }

  // MARK: Pads

  private static let padModes: [(wire: Wire.PadValueMode, mode: Pad.Mode)] = [
    (.CONSTANT, .constant), (.EDGE, .edge), (.REFLECT, .reflect), (.SYMMETRIC, .symmetric),
  ]

  /// The format has the amounts before and after an axis side by side; here come all before, then all after.
  private static func pad(_ scope: ReadingScope) throws(FormatError) -> Value.ID {
    guard let mode = padModes.first(where: { $0.wire == scope.main(Wire.PadParam.self).mode })?.mode else {
      throw FormatError(.operatorUnsupported, "the mode of padding is not known")
    }
    let pairs = try scope.append(Reshape(), scope.input(1), scope.constant([-1, 2]))
    let pads = try scope.append(Reshape(), scope.append(Transpose(permutation: [1, 0]), pairs), scope.constant([-1]))
    return try scope.append(Pad(mode: mode), [scope.input(0), pads] + (scope.optional(2).map { [$0] } ?? []))[0]
  }

  private static func isWritten(_ op: Pad, _ node: Node, _ graph: Graph) -> Bool {
    padModes.contains { $0.mode == op.mode } && (node.inputs.count < 4 || node.inputs[3] == nil)
  }

  private static func writePad(_ op: Pad, _ node: Node, _ scope: WritingScope) throws(FormatError) -> Wire.Op {
    var p = Wire.PadParam()
    p.mode = padModes.first { $0.mode == op.mode }?.wire ?? .CONSTANT
    let name = node.name
    let pads: Int32
    if let tensor = scope.graph.constant(node.inputs[1]) {
      let values: [Int]
      do throws(GraphError) { values = try tensor.scalars(as: Int64.self).map { Int($0) } } catch { throw FormatError(error) }
      let half = values.count / 2
      pads = try scope.constant((0..<half).flatMap { [values[$0], values[half + $0]] }, "\(name)/pads")
    } else {
      guard let source = node.inputs[1] else { throw FormatError(.graphInvalid, "the amounts of padding are missing") }
      var halves = Wire.Reshape()
      halves.dimType = .NCHW
      halves.dims = [2, -1]
      var flat = halves
      flat.dims = [-1]
      var swap = Wire.Permute()
      swap.dims = [1, 0]
      let rows = scope.emit(.make(.Reshape, halves).with(inputs: [try scope.tensor(source)]), named: "\(name)/halves")
      let columns = scope.emit(.make(.Permute, swap).with(inputs: [rows]), named: "\(name)/pairs")
      pads = scope.emit(.make(.Reshape, flat).with(inputs: [columns]), named: "\(name)/pads")
    }
    guard let x = node.inputs[0] else { throw FormatError(.graphInvalid, "an input is missing") }
    var inputs = [try scope.tensor(x), pads]
    if node.inputs.count > 2, let value = node.inputs[2] { inputs.append(try scope.tensor(value)) }
    return .make(.Padding, p).with(inputs: inputs)
  }

  // MARK: Cutting

  private static func split(_ scope: ReadingScope) throws(FormatError) -> [Value.ID] {
    let p = scope.main(Wire.Slice.self)
    let x = try scope.input(0)
    let op = Split(axis: Int(p.axis), count: scope.resultCount)
    if scope.inputCount > 1 { return try scope.append(op, [x, scope.input(1)]) }
    let points = (p.slicePoints ?? []).map { Int($0) }
    if points.isEmpty { return try scope.append(op, [x]) }
    if p.sourceType == .CAFFE {
      // Positions of the cuts; the last piece goes to the end.
      var results: [Value.ID] = []
      for (start, end) in zip([0] + points, points + [Int(Int32.max)]) {
        results.append(
          try scope.append(Slice(), [x, scope.constant([start]), scope.constant([end]), scope.constant([Int(p.axis)])])[0])
      }
      return results
    }
    if points.count == 1 {
      guard p.sourceType == .TORCH else {
        guard points[0] == scope.resultCount else {
          throw FormatError(.attributeInvalid, "wrong number of parts", expected: "\(scope.resultCount)", found: "\(points[0])")
        }
        return try scope.append(op, [x])
      }
      var results: [Value.ID] = []
      for i in 0..<scope.resultCount {
        let (start, overflow) = i.multipliedReportingOverflow(by: points[0])
        guard !overflow, points[0] > 0 else { throw FormatError(.attributeInvalid, "bad length of parts", found: "\(points[0])") }
        results.append(
          try scope.append(
            Slice(), [x, scope.constant([start]), scope.constant([start + points[0]]), scope.constant([Int(p.axis)])])[0])
      }
      return results
    }
    return try scope.append(op, [x, scope.constant(points)])
  }

  /// The sizes of the parts that a node gives, if they are numbers: the last may be smaller.
  private static func partSizes(_ node: Node, _ graph: Graph) -> [Int]? {
    guard let op = node.op as? Split else { return nil }
    var sizes: [Int] = []
    for id in node.results {
      guard let shape = graph[id].type?.shape, let axis = try? shape.axis(op.axis), let size = shape[axis].value else {
        return nil
      }
      sizes.append(size)
    }
    return sizes
  }

  private static func writeSplit(_ op: Split, _ node: Node, _ scope: WritingScope) throws(FormatError) -> Wire.Op {
    var p = Wire.Slice()
    p.axis = Int32(clamping: op.axis)
    p.sourceType = .TENSORFLOW
    if node.inputs.count > 1, let tensor = scope.graph.constant(node.inputs[1]), op.count > 1 {
      do throws(GraphError) { p.slicePoints = WireVector(try tensor.scalars(as: Int32.self)) } catch { throw FormatError(error) }
    } else if op.count > 1, let sizes = partSizes(node, scope.graph), Set(sizes).count > 1 {
      p.slicePoints = WireVector(sizes.map { Int32(clamping: $0) })
    } else {
      p.slicePoints = [Int32(clamping: op.count)]
    }
    guard let x = node.inputs[0] else { throw FormatError(.graphInvalid, "an input is missing") }
    return .make(.Slice, p).with(inputs: [try scope.tensor(x)])
  }

  private static func stridedSlice(_ scope: ReadingScope) throws(FormatError) -> Value.ID {
    let p = scope.main(Wire.StridedSliceParam.self)
    let x = try scope.input(0)
    if p.fromType == 1 {
      return try scope.append(Slice(), [x] + (1..<max(1, scope.inputCount)).map { scope.optional($0) })[0]
    }
    guard p.ellipsisMask == 0, p.newAxisMask == 0 else {
      throw FormatError(.operatorUnsupported, "a slice with an ellipsis or new axes")
    }
    if p.beginMask == 0, p.endMask == 0, p.shrinkAxisMask == 0 {
      let steps = scope.inputCount > 3 ? [nil, scope.optional(3)] : []
      return try scope.append(Slice(), [x, scope.input(1), scope.input(2)] + steps)[0]
    }
    var begin = try scope.integers(1)
    var end = try scope.integers(2)
    let steps = scope.inputCount > 3 ? try scope.integers(3) : begin.map { _ in 1 }
    guard begin.count == end.count, begin.count == steps.count, begin.count < 32 else {
      throw FormatError(.attributeInvalid, "the parts of a slice do not belong together")
    }
    var shrunk: [Int] = []
    for i in begin.indices {
      let isBackwards = steps[i] < 0
      if p.shrinkAxisMask & (1 << i) != 0 {
        end[i] = begin[i] == -1 ? Int(Int32.max) : begin[i] + 1
        shrunk.append(i)
        continue
      }
      if p.beginMask & (1 << i) != 0 { begin[i] = isBackwards ? Int(Int32.max) : 0 }
      if p.endMask & (1 << i) != 0 { end[i] = isBackwards ? -Int(Int32.max) : Int(Int32.max) }
    }
    let axes = Array(begin.indices)
    let y = try scope.append(
      Slice(), [x, scope.constant(begin), scope.constant(end), scope.constant(axes), scope.constant(steps)])[0]
    return shrunk.isEmpty ? y : try scope.append(Squeeze(), y, scope.constant(shrunk))
  }

  private static func hasZero(_ tensor: Tensor?) -> Bool {
    guard let tensor, let values = try? tensor.scalars(as: Int64.self) else { return true }
    return values.contains(0)
  }
}

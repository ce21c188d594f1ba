import MNNGraph

/// Resizing. See `Docs/format.md`, 7.
enum SamplingCodec {
  static let readers: [OperatorReader] = [
    .one(.GridSample) { scope throws(FormatError) in
      let p = scope.main(Wire.GridSample.self)
      guard !p.backward, let padding = paddings.first(where: { $0.wire == p.paddingMode })?.padding else {
        throw FormatError(.operatorUnsupported, "a grid sample that goes backward or wraps")
      }
      let op = GridSample(p.mode == .NEAREST ? .nearest : .linear, padding: padding, alignsCorners: p.alignCorners)
      return try scope.append(op, scope.input(0), scope.input(1))
    },
    .one(.Interp, resize),
    .one(.Resize) { scope throws(FormatError) in
      let p = scope.main(Wire.Resize.self)
      return try scope.append(
        Resize(.linear, transformation: .asymmetric, axes: [2, 3]),
        [scope.input(0), nil, floats([p.yScale, p.xScale], scope)])[0]
    },
  ]

  private static let paddings: [(wire: Wire.BorderMode, padding: GridSample.Padding)] = [
    (.ZEROS, .zeros), (.CLAMP, .border), (.REFLECTION, .reflection),
  ]

  static let writers: [OperatorWriter] = [
    .write(GridSample.self, if: { op, _, _ in op.mode != .cubic }) { op, node, scope throws(FormatError) in
      var p = Wire.GridSample()
      p.mode = op.mode == .nearest ? .NEAREST : .BILINEAR
      p.paddingMode = paddings.first { $0.padding == op.padding }?.wire ?? .ZEROS
      p.alignCorners = op.alignsCorners
      return try LayoutCodec.inBlocks(.make(.GridSample, p), node, scope)
    },
    .write(Resize.self, if: isWritten) { op, node, scope throws(FormatError) in
      var p = Wire.Interp()
      p.ctm = transformations.first { $0.transformation == op.transformation }?.wire ?? .Asymmetric
      switch op.mode {
      case .nearest(.floor): p.resizeType = 1
      case .nearest: p.resizeType = 4
      case .linear: p.resizeType = 2
      case .cubic(let coefficient):
        p.resizeType = 3
        p.cubicCoeffA = coefficient
      }
      p.alignCorners = op.transformation == .alignCorners
      p.halfPixelCenters = op.transformation == .halfPixel
      guard let x = node.inputs[0] else { throw FormatError(.graphInvalid, "an input is missing") }
      if op.axes != nil, try state(node, scope.graph, &p) { return .make(.Interp, p).with(inputs: [try scope.tensor(x)]) }
      let sizes = node.inputs.count > 3 ? node.inputs[3] : nil
      guard let target = sizes ?? node.inputs[2] else { throw FormatError(.graphInvalid, "neither scales nor sizes") }
      return .make(.Interp, p).with(inputs: [try scope.tensor(x), try scope.tensor(target)])
    },
  ]

  private static let transformations:
    [(wire: Wire.CoordinateTransformationMode, transformation: Resize.CoordinateTransformation)] = [
      (.AlignCorners, .alignCorners), (.Asymmetric, .asymmetric), (.HalfPixels, .halfPixel),
      (.PytorchHalfPixels, .halfPixelOrZero),
    ]

  private static func isWritten(_ op: Resize, _ node: Node, _ graph: Graph) -> Bool {
    guard op.axes == nil || op.axes == [2, 3], op.aspectRatio == .stretch, !op.antialiases, !op.excludesOutside,
      transformations.contains(where: { $0.transformation == op.transformation }),
      node.inputs[0].flatMap({ graph[$0].type?.shape.rank }) == 4
    else { return false }
    switch op.mode {
    case .nearest(let rounding): return rounding == .floor || rounding == .preferFloor
    default: return true
    }
  }

  /// Height and width as parameters, if they are constant.
  private static func state(_ node: Node, _ graph: Graph, _ p: inout Wire.Interp) throws(FormatError) -> Bool {
    do throws(GraphError) {
      if let sizes = graph.constant(node.inputs.count > 3 ? node.inputs[3] : nil) {
        let sizes = try sizes.scalars(as: Int64.self).compactMap { Int32(exactly: $0) }
        guard sizes.count == 2, sizes[0] > 0, sizes[1] > 0 else { return false }
        (p.outputHeight, p.outputWidth) = (sizes[0], sizes[1])
        return true
      }
      guard let scales = graph.constant(node.inputs.count > 2 ? node.inputs[2] : nil) else { return false }
      let factors = try scales.scalars(as: Float.self)
      guard factors.count == 2 else { return false }
      (p.heightScale, p.widthScale) = (factors[0], factors[1])
      return true
    } catch { throw FormatError(error) }
  }

  private static func floats(_ values: [Float], _ scope: ReadingScope) throws(FormatError) -> Value.ID {
    do throws(GraphError) { return scope.constant(try Tensor(values)) } catch { throw FormatError(error) }
  }

  /// Whether `target` holds integers. What follows from a shape that is not known yet has no type yet either.
  private static func isSizes(_ target: Value.ID, _ scope: ReadingScope) -> Bool {
    var next = [target], seen: Set<Value.ID> = []
    while let value = next.popLast() {
      if let dtype = scope.type(of: value)?.dtype { return !dtype.isFloatingPoint }
      guard seen.insert(value).inserted, let node = scope.graph.producer(of: value) else { continue }
      if node.op is ShapeOf { return true }
      if let cast = node.op as? Cast { return !cast.dtype.isFloatingPoint }
      next += node.inputs.compactMap { $0 }.reversed()
    }
    return false
  }

  private static func resize(_ scope: ReadingScope) throws(FormatError) -> Value.ID {
    let p = scope.main(Wire.Interp.self)
    let x = try scope.input(0)
    let mode: Resize.Mode
    switch p.resizeType {
    case 1: mode = .nearest(.floor)
    case 2: mode = .linear
    case 3: mode = .cubic(coefficient: p.cubicCoeffA)
    case 4: mode = .nearest(.preferFloor)
    default: throw FormatError(.operatorUnsupported, "the kind of resizing is not known", found: "\(p.resizeType)")
    }
    var transformation: Resize.CoordinateTransformation = .asymmetric
    if p.ctm == .NotSet {
      if p.alignCorners {
        transformation = .alignCorners
      } else if p.halfPixelCenters, p.resizeType != 1 {
        transformation = .halfPixel
      }
    } else if let known = transformations.first(where: { $0.wire == p.ctm }) {
      transformation = known.transformation
    } else {
      throw FormatError(.operatorUnsupported, "the coordinate transformation is not known", found: "\(p.ctm)")
    }
    if scope.inputCount > 1 {
      let target = try scope.input(1)
      let type = scope.type(of: target)
      // Two numbers are the height and width of the result, as many as axes are all sizes or scales.
      let axes: [Int]? = type?.shape.rank == 1 && type?.shape[0].value == 2 ? [2, 3] : nil
      let op = Resize(mode, transformation: transformation, axes: axes)
      if isSizes(target, scope) { return try scope.append(op, [x, nil, nil, target])[0] }
      return try scope.append(op, [x, nil, target])[0]
    }
    let op = Resize(mode, transformation: transformation, axes: [2, 3])
    if p.outputWidth > 0, p.outputHeight > 0 {
      return try scope.append(op, [x, nil, nil, scope.constant([Int(p.outputHeight), Int(p.outputWidth)])])[0]
    }
    return try scope.append(op, [x, nil, floats([p.heightScale, p.widthScale], scope)])[0]
  }
}

import MNNGraph

/// Windows that slide over images.
enum PoolingCodec {
  static let readers: [OperatorReader] = [
    .read(.Pooling, pool),
    .one(.Pooling3D, pool3D),
  ]

  static let writers: [OperatorWriter] = [
    .write(Pool.self, if: isWritten) { op, node, _ in encoded(op) }
  ]

  private static func pool(_ scope: ReadingScope) throws(FormatError) -> [Value.ID] {
    let p = scope.main(Wire.Pool.self)
    let x = try scope.input(0)
    if p.isGlobal { return [try global(x, isMaximum: p.type == .MAXPOOL, scope)] }
    let padding: SpatialPadding
    var hasPads = true
    switch p.padType {
    case .VALID: padding = .valid
    case .SAME: padding = .sameUpper
    default:
      let pads = p.pads.map { $0.map { Int($0) } } ?? []
      switch pads.count {
      case 4...: padding = .explicit(before: [pads[0], pads[1]], after: [pads[2], pads[3]])
      case 2, 3: padding = .explicit(before: [pads[0], 0], after: [pads[1], 0])
      default:
        padding = .explicit(before: [Int(p.padY), Int(p.padX)], after: [Int(p.padY), Int(p.padX)])
        hasPads = false
      }
    }
    let countsPadding: Bool
    switch p.countType {
    case .INCLUDE_PADDING: countsPadding = true
    case .EXCLUDE_PADDING: countsPadding = false
    default: countsPadding = !hasPads  // `Docs/format.md`, 6
    }
    let isMaximum = p.type == .MAXPOOL
    let op = Pool(
      isMaximum ? .maximum : .average, kernel: [Int(p.kernelY), Int(p.kernelX)],
      strides: [max(1, Int(p.strideY)), max(1, Int(p.strideX))], padding: padding,
      rounding: p.ceilModel ? .ceilUnbounded : .floor, countsPadding: countsPadding,
      indices: isMaximum && scope.resultCount > 1 ? scope.indexType(1) : nil)
    return try scope.append(op, [x])
  }

  private static func pool3D(_ scope: ReadingScope) throws(FormatError) -> Value.ID {
    let p = scope.main(Wire.Pool3D.self)
    let x = try scope.input(0)
    let isMaximum = p.type == .MAXPOOL
    if p.isGlobal { return try global(x, isMaximum: isMaximum, scope) }
    let padding: SpatialPadding
    switch p.padType {
    case .VALID: padding = .valid
    case .SAME: padding = .sameUpper
    default:
      let pads = p.pads.map { $0.map { Int($0) } } ?? []
      padding =
        pads.count == 3
        ? .explicit(before: pads, after: pads)
        : pads.count >= 6 ? .explicit(before: Array(pads[..<3]), after: Array(pads[3..<6])) : .none
    }
    return try scope.append(
      Pool(
        isMaximum ? .maximum : .average, kernel: (p.kernels ?? []).map { Int($0) },
        strides: (p.strides ?? []).map { Int($0) }, padding: padding), x)
  }

  /// Over all spatial axes.
  private static func global(_ x: Value.ID, isMaximum: Bool, _ scope: ReadingScope) throws(FormatError) -> Value.ID {
    let axes = Array(2..<max(3, try scope.rank(of: x)))
    return try scope.append(Reduce(isMaximum ? .maximum : .mean), x, scope.constant(axes))
  }

  private static func isWritten(_ op: Pool, _ node: Node, _ graph: Graph) -> Bool {
    guard op.function == .maximum || op.function == .average, op.kernel.count == 2, op.indices == nil,
      op.dilations.allSatisfy({ $0 == 1 }), op.padding != .sameLower
    else { return false }
    return op.rounding != .ceil || hasSameSizes(op, node, graph)
  }

  /// Whether rounding up without the bound that ONNX sets gives the same number of windows.
  private static func hasSameSizes(_ op: Pool, _ node: Node, _ graph: Graph) -> Bool {
    guard let x = node.inputs[0].flatMap({ graph[$0].type }), let result = graph[node.results[0]].type else { return false }
    var other = op
    other.rounding = .ceilUnbounded
    return (try? other.resultTypes(for: Operands(x)))?.first?.shape == result.shape
  }

  private static func encoded(_ op: Pool) -> Wire.Op {
    var p = Wire.Pool()
    p.type = op.function == .maximum ? .MAXPOOL : .AVEPOOL
    (p.kernelY, p.kernelX) = (Int32(clamping: op.kernel[0]), Int32(clamping: op.kernel[1]))
    let strides = op.strides.isEmpty ? [1, 1] : op.strides
    (p.strideY, p.strideX) = (Int32(clamping: strides[0]), Int32(clamping: strides[1]))
    p.ceilModel = op.rounding != .floor
    p.dataType = .DT_FLOAT
    p.countType = op.countsPadding ? .INCLUDE_PADDING : .EXCLUDE_PADDING
    switch op.padding {
    case .sameUpper, .sameLower: p.padType = .SAME
    case .valid: p.padType = .VALID
    case .explicit(let before, let after):
      p.padType = .CAFFE
      let pads = before.isEmpty ? [0, 0, 0, 0] : before + after
      p.pads = WireVector(pads.map { Int32(clamping: $0) })
      (p.padY, p.padX) = (Int32(clamping: pads[0]), Int32(clamping: pads[1]))
    }
    return .make(.Pooling, p)
  }
}

import MNNGraph

/// Convolutions and their weights. See `Docs/format.md`, 5 and 13.
enum ConvolutionCodec {
  static let readers: [OperatorReader] = [
    .one(.Convolution) { scope throws(FormatError) in try convolution(scope, isDepthwise: false) },
    .one(.ConvolutionDepthwise) { scope throws(FormatError) in try convolution(scope, isDepthwise: true) },
    .one(.Deconvolution) { scope throws(FormatError) in try transposed(scope, isDepthwise: false) },
    .one(.DeconvolutionDepthwise) { scope throws(FormatError) in try transposed(scope, isDepthwise: true) },
  ]

  static let writers: [OperatorWriter] = [
    .write(Convolution.self, if: { op, node, graph in isPlain(op.activation, node, graph) && op.padding != .sameLower }) {
      op, node, scope throws(FormatError) in
      let shape = try weightShape(node, scope)
      var common = try common(
        kernel: Array(shape[2...]), strides: op.strides, dilations: op.dilations, padding: op.padding, op.activation)
      common.group = Int32(clamping: op.groups)
      common.outputCount = Int32(clamping: shape[0])
      common.inputCount = Int32(clamping: shape[1] * op.groups)
      let isDepthwise = op.groups > 1 && shape[1] == 1 && shape[0] == op.groups
      return try encoded(
        isDepthwise ? .ConvolutionDepthwise : .Convolution, common, resultCount: shape[0], node, scope)
    },
    .write(
      ConvolutionTranspose.self,
      if: { op, node, graph in
        isPlain(op.activation, node, graph) && op.padding != .sameLower && op.outputShape == nil
          && (node.inputs.count < 4 || node.inputs[3] == nil) && (op.groups == 1 || isDepthwise(op, node, graph))
      }
    ) { op, node, scope throws(FormatError) in
      let shape = try weightShape(node, scope)
      var common = try common(
        kernel: Array(shape[2...]), strides: op.strides, dilations: op.dilations, padding: op.padding, op.activation)
      common.group = Int32(clamping: op.groups)
      common.outputCount = Int32(clamping: shape[1] * op.groups)
      common.inputCount = Int32(clamping: shape[0])
      if op.outputPadding.contains(where: { $0 != 0 }) {
        common.outPads = WireVector(op.outputPadding.map { Int32(clamping: $0) })
      }
      return try encoded(
        op.groups > 1 ? .DeconvolutionDepthwise : .Deconvolution, common, resultCount: shape[1] * op.groups, node, scope)
    },
  ]

  // MARK: Reading

  private static func convolution(_ scope: ReadingScope, isDepthwise: Bool) throws(FormatError) -> Value.ID {
    let parameters = scope.main(Wire.Convolution2D.self)
    let common = try sizes(parameters)
    let outputs = Int(common.outputCount)
    let groups = isDepthwise ? outputs : max(1, Int(common.group))
    let op = Convolution(
      strides: [Int(common.strideY), Int(common.strideX)], dilations: [Int(common.dilateY), Int(common.dilateX)],
      groups: groups, padding: padding(common), activation: activation(common))
    if scope.inputCount > 1 {
      return try scope.append(op, [scope.input(0), scope.input(1)] + (scope.optional(2).map { [$0] } ?? []))[0]
    }
    let (weight, bias) = try weights(
      parameters, common, scope, outputs: outputs, perRow: isDepthwise ? 1 : nil, rows: outputs)
    return try scope.append(op, scope.input(0), weight, bias.map(scope.constant))
  }

  private static func transposed(_ scope: ReadingScope, isDepthwise: Bool) throws(FormatError) -> Value.ID {
    let parameters = scope.main(Wire.Convolution2D.self)
    let common = try sizes(parameters)
    let outputs = Int(common.outputCount)
    let groups = isDepthwise ? outputs : max(1, Int(common.group))
    let extra = (common.outPads ?? []).map { Int($0) }
    let op = ConvolutionTranspose(
      strides: [Int(common.strideY), Int(common.strideX)], dilations: [Int(common.dilateY), Int(common.dilateX)],
      groups: groups, padding: padding(common), outputPadding: extra.count == 2 ? extra : [],
      activation: activation(common))
    guard !common.hasOutputShape else {
      throw FormatError(.operatorUnsupported, "a transposed convolution whose result's shape is an input")
    }
    if scope.inputCount > 1 {
      return try scope.append(op, [scope.input(0), scope.input(1)] + (scope.optional(2).map { [$0] } ?? []))[0]
    }
    let (weight, bias) = try weights(
      parameters, common, scope, outputs: outputs, perRow: outputs / groups, rows: nil)
    return try scope.append(op, scope.input(0), weight, bias.map(scope.constant))
  }

  private static func sizes(_ parameters: Wire.Convolution2D) throws(FormatError) -> Wire.Convolution2DCommon {
    let common = try kernel(parameters)
    guard common.outputCount > 0 else { throw FormatError(.missing, "the convolution has no number of results") }
    return common
  }

  static func kernel(_ parameters: Wire.Convolution2D) throws(FormatError) -> Wire.Convolution2DCommon {
    guard let common = parameters.common, common.kernelX > 0, common.kernelY > 0 else {
      throw FormatError(.missing, "the convolution has no sizes", expected: "a table Convolution2DCommon")
    }
    return common
  }

  static func padding(_ common: Wire.Convolution2DCommon) -> SpatialPadding {
    switch common.padMode {
    case .VALID: return .valid
    case .SAME: return .sameUpper
    default:
      let pads = (common.pads ?? []).map { Int($0) }
      if pads.count == 4 { return .explicit(before: [pads[0], pads[1]], after: [pads[2], pads[3]]) }
      let pad = [Int(common.padY), Int(common.padX)]
      return .explicit(before: pad, after: pad)
    }
  }

  private static func activation(_ common: Wire.Convolution2DCommon) -> ScalarFunction {
    common.relu6 ? .clip(minimum: 0, maximum: 6) : common.relu ? .relu : .identity
  }

  /// - Parameters:
  ///   - perRow: the second size of the weight, or nil if it follows from the number of weights.
  ///   - rows: the first size, or nil likewise.
  private static func weights(
    _ parameters: Wire.Convolution2D, _ common: Wire.Convolution2DCommon, _ scope: ReadingScope, outputs: Int,
    perRow: Int?, rows: Int?
  ) throws(FormatError) -> (weight: Value.ID, bias: Tensor?) {
    let kernel = [Int(common.kernelY), Int(common.kernelX)]
    let area = kernel[0] * kernel[1]
    let source = scope.model.weights
    let external = parameters.external.flatMap { $0.isEmpty ? nil : $0 }
    func shape(_ count: Int) throws(FormatError) -> [Int] {
      let known = (perRow ?? rows ?? 1) * area
      let other = known > 0 ? count / known : 0
      let shape = (rows.map { [$0, perRow ?? other] } ?? [other, perRow ?? 1]) + kernel
      guard known > 0, count > 0, count == shape.reduce(1, *) else {
        throw FormatError(.lengthMismatch, "wrong number of weights", expected: "a multiple of \(known)", found: "\(count)")
      }
      return shape
    }
    func bias(at slot: Int) throws(FormatError) -> Tensor? {
      guard let external else {
        return try parameters.bias.flatMap { $0.isEmpty ? nil : $0 }.map { bias throws(FormatError) in
          try source.floats(bias, [outputs])
        }
      }
      guard external.count > slot, external[slot] > 0 else { return nil }
      var offset = external[0]
      for i in 1..<slot { offset = offset.addingReportingOverflow(external[i]).partialValue }
      return try source.external(offset: offset, byteCount: external[slot], .float32, [outputs])
    }
    if let packed = parameters.quanParameter {
      let count = try packedCount(packed, common, external, source, perRow: perRow, rows: rows)
      let decoder = QuantizedWeights(parameters: packed, source: source, external: external)
      return (try decoder.value(shape(count), in: scope), try bias(at: 3))
    }
    if let external {
      guard external.count >= 3 else {
        throw FormatError(.externalDataInvalid, "wrong number of offsets", expected: "3", found: "\(external.count)")
      }
      let weight = try source.external(
        offset: external[0], byteCount: external[1], .float32, shape(Int(clamping: external[1] / 4)))
      return (scope.constant(weight), try bias(at: 2))
    }
    guard let weight = parameters.weight, !weight.isEmpty else {
      throw FormatError(
        .missing, "the convolution has no weights", advice: "models that were stripped for benchmarks cannot be run")
    }
    return (scope.constant(try source.floats(weight, shape(weight.count))), try bias(at: 2))
  }

  /// The number of weights that are not plain floats.
  private static func packedCount(
    _ packed: Wire.IDSTQuan, _ common: Wire.Convolution2DCommon, _ external: WireVector<Int64>?, _ source: WeightSource,
    perRow: Int?, rows: Int?
  ) throws(FormatError) -> Int {
    if packed.type == 0 { return Int(packed.weightSize) }
    if packed.type == 3, let external, external.count > 1 { return Int(clamping: external[1] / 2) }
    if packed.type == 3 { return (packed.buffer?.count ?? 0) / 2 }
    if packed.type == 4 { return external.map { Int(clamping: $0[1]) } ?? packed.buffer?.count ?? 0 }
    func parse(_ bytes: UnsafeRawBufferPointer) throws(FormatError) -> Int {
      try PackedWeights(parsing: bytes, wideDimensions: packed.shapeInt32, isSparse: packed.type == 2).count
    }
    if let external, external.count > 1 {
      let (bytes, file) = try source.externalBytes(offset: external[0], byteCount: external[1])
      defer { withExtendedLifetime(file) {} }
      return try parse(bytes)
    }
    guard let buffer = packed.buffer else { throw FormatError(.missing, "the convolution has no weights") }
    return try buffer.withUnsafeBytes(parse)
  }

  // MARK: Writing

  /// Images of two axes, with weights whose sizes are numbers.
  private static func isPlain(_ activation: ScalarFunction, _ node: Node, _ graph: Graph) -> Bool {
    guard activation == .identity || activation == .relu || activation == .clip(minimum: 0, maximum: 6) else { return false }
    return node.inputs[1].flatMap { graph[$0].type?.shape.sizes }?.count == 4
  }

  /// Whether weights and bias go into the operator; else they are inputs.
  static func isStored(_ node: Node, _ graph: Graph) -> Bool {
    StoredWeights(of: node, in: graph) != nil
      && (node.inputs.count < 3 || node.inputs[2] == nil || graph.constant(node.inputs[2]) != nil)
  }

  private static func isDepthwise(_ op: ConvolutionTranspose, _ node: Node, _ graph: Graph) -> Bool {
    node.inputs[1].flatMap { graph[$0].type?.shape.sizes }.map { $0.count > 1 && $0[0] == op.groups && $0[1] == 1 } ?? false
  }

  private static func weightShape(_ node: Node, _ scope: WritingScope) throws(FormatError) -> [Int] {
    guard let shape = node.inputs[1].flatMap({ scope.graph[$0].type?.shape.sizes }), shape.count == 4 else {
      throw FormatError(.graphInvalid, "the weight has not four axes")
    }
    return shape
  }

  private static func common(
    kernel: [Int], strides: [Int], dilations: [Int], padding: SpatialPadding, _ activation: ScalarFunction
  ) throws(FormatError) -> Wire.Convolution2DCommon {
    var common = Wire.Convolution2DCommon()
    func pair(_ values: [Int]) -> (Int32, Int32) {
      values.count == 2 ? (Int32(clamping: values[0]), Int32(clamping: values[1])) : (1, 1)
    }
    (common.kernelY, common.kernelX) = pair(kernel)
    (common.strideY, common.strideX) = pair(strides)
    (common.dilateY, common.dilateX) = pair(dilations)
    switch padding {
    case .sameUpper, .sameLower: common.padMode = .SAME
    case .valid: common.padMode = .VALID
    case .explicit(let before, let after):
      common.padMode = .CAFFE
      let pads = before.isEmpty ? [0, 0, 0, 0] : before + after
      common.pads = WireVector(pads.map { Int32(clamping: $0) })
      (common.padY, common.padX) = (Int32(clamping: pads[0]), Int32(clamping: pads[1]))
    }
    common.relu = activation == .relu
    common.relu6 = activation == .clip(minimum: 0, maximum: 6)
    return common
  }

  private static func encoded(
    _ type: Wire.OpType, _ common: Wire.Convolution2DCommon, resultCount: Int, _ node: Node, _ scope: WritingScope
  ) throws(FormatError) -> Wire.Op {
    var parameters = Wire.Convolution2D(WireTable(Wire.Convolution2D.kind))
    parameters.common = common
    guard isStored(node, scope.graph) else { return .make(type, parameters).with(inputs: Array(try scope.inputs(node.inputs))) }
    guard let weight = StoredWeights(of: node, in: scope.graph), let x = node.inputs[0] else {
      throw FormatError(.graphInvalid, "the weight is not constant")
    }
    // MNN's engine refuses a convolution without a bias.
    let given = node.inputs.count > 2 ? scope.graph.constant(node.inputs[2]) : nil
    let zeros = try asFormatError { () throws(GraphError) in try Tensor.zeros(.float32, [resultCount]) }
    let bias = given ?? zeros
    try scope.model.store(weight, bias, in: &parameters)
    return .make(type, parameters).with(inputs: [try scope.tensor(x)])
  }
}

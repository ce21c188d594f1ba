import CKernels
import MNNGraph

extension Rule {
  /// A convolution between dequantized and quantized tensors computes with bytes:
  ///
  ///     Quantize(Convolution(Dequantize(x), Dequantize(weight), bias))
  ///       -> FromByteImage(ByteConvolution(ToByteImage(x), weight, bias, scale))
  static let quantizeConvolution = Rule("cpu-quantize-convolution", on: QuantizeLinear.self) {
    op, node, graph throws(GraphError) in
    guard var result = QuantizedResult(op, node, in: graph),
      let (convolution, producer) = graph.soleProducer(
        of: graph.skippingClamps(node.inputs[0], into: &result), as: Convolution.self),
      result.clamp(convolution.activation), let x = DequantizedValue(producer.inputs[0], in: graph), x.sizes.count > 2, x.isImage,
      let weights = QuantizedWeights(producer.inputs[1], axis: 0, in: graph), weights.tensor.rank == x.sizes.count,
      let factors = ByteFactors(
        x, weights, bias: producer.inputs.count > 2 ? producer.inputs[2] : nil, result: result.quantization, in: graph),
      ByteConvolution.canCompute(convolution, x: x, weights: weights, in: graph, node)
    else { return nil }
    var plain = convolution
    plain.activation = .identity
    let channels = weights.tensor.shape[0]
    let bytes = ByteConvolution(
      convolution: plain, channels: x.sizes[1], rank: x.sizes.count, zeroPoint: x.quantization.zeroPoint,
      result: .bytes(zeroPoint: result.quantization.zeroPoint, range: result.range))
    let quantized = result
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let image = try builder.add(ToByteImage(), x.bytes)
      let y = try builder.add(
        results: bytes, [image] + factors.operands(weights.tensor, in: &builder), name: producer.name)
      return [try builder.add(FromByteImage(channels: channels, rank: x.sizes.count, isSigned: quantized.isSigned), y[0])]
    }
  }

  /// A product with constant weights likewise, its rows single pixels:
  ///
  ///     Quantize(MatMul(Dequantize(x), Dequantize(weight), bias)) -> FromByteImage(ByteConvolution(ToByteImage(x), …))
  static let quantizeProduct = Rule("cpu-quantize-product", on: QuantizeLinear.self) { op, node, graph throws(GraphError) in
    guard var result = QuantizedResult(op, node, in: graph),
      let (product, producer) = graph.soleProducer(of: graph.skippingClamps(node.inputs[0], into: &result), as: MatMul.self),
      !product.transposesA, result.clamp(product.activation), let x = DequantizedValue(producer.inputs[0], in: graph),
      x.sizes.count == 2,
      let weights = QuantizedWeights(producer.inputs[1], axis: product.transposesB ? 0 : 1, in: graph), weights.tensor.rank == 2,
      let factors = ByteFactors(
        x, weights, bias: producer.inputs.count > 2 ? producer.inputs[2] : nil, result: result.quantization, in: graph),
      let matrix = product.transposesB ? weights.tensor : weights.tensor.transposedBytes()
    else { return nil }
    let (columns, depth) = (matrix.shape[0], matrix.shape[1])
    let bytes = ByteConvolution(
      convolution: Convolution(), channels: depth, rank: 2, zeroPoint: x.quantization.zeroPoint,
      result: .bytes(zeroPoint: result.quantization.zeroPoint, range: result.range))
    let isSigned = result.isSigned
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let image = try builder.add(ToByteImage(), x.bytes)
      let y = try builder.add(
        results: bytes, [image] + factors.operands(matrix.reshaped([columns, depth, 1]), in: &builder), name: producer.name)
      return [try builder.add(FromByteImage(channels: columns, rank: 2, isSigned: isSigned), y[0])]
    }
  }

  /// A convolution of dequantized tensors whose result stays in floats:
  ///
  ///     Convolution(Dequantize(x), Dequantize(weight), bias) -> Transpose(ByteConvolution(ToByteImage(x), …))
  static let convolveBytes = Rule("cpu-convolve-bytes", on: Convolution.self) { op, node, graph throws(GraphError) in
    guard op.groups == 1, let bounds = op.activation.bounds, let x = DequantizedValue(node.inputs[0], in: graph),
      x.sizes.count == 4, let weights = QuantizedWeights(node.inputs[1], axis: 0, in: graph), weights.tensor.rank == 4,
      let factors = ByteFactors(
        x, weights, bias: node.inputs.count > 2 ? node.inputs[2] : nil, result: .floats, in: graph),
      ByteConvolution.canCompute(op, x: x, weights: weights, in: graph, node)
    else { return nil }
    var plain = op
    plain.activation = .identity
    let bytes = ByteConvolution(
      convolution: plain, channels: x.sizes[1], rank: 4, zeroPoint: x.quantization.zeroPoint,
      result: .floats(least: bounds.lowerBound, most: bounds.upperBound))
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let image = try builder.add(ToByteImage(), x.bytes)
      let y = try builder.add(results: bytes, [image] + factors.operands(weights.tensor, in: &builder), name: node.name)
      return [try builder.add(Transpose(permutation: [0, 3, 1, 2]), y[0])]
    }
  }

  /// `MatMul(Dequantize(x), Dequantize(weight), bias) -> Flatten(ByteConvolution(ToByteImage(x), …))` likewise.
  static let multiplyBytes = Rule("cpu-multiply-bytes", on: MatMul.self) { op, node, graph throws(GraphError) in
    guard !op.transposesA, let bounds = op.activation.bounds, let x = DequantizedValue(node.inputs[0], in: graph),
      x.sizes.count == 2, let weights = QuantizedWeights(node.inputs[1], axis: op.transposesB ? 0 : 1, in: graph),
      weights.tensor.rank == 2,
      let factors = ByteFactors(
        x, weights, bias: node.inputs.count > 2 ? node.inputs[2] : nil, result: .floats, in: graph),
      let matrix = op.transposesB ? weights.tensor : weights.tensor.transposedBytes()
    else { return nil }
    let bytes = ByteConvolution(
      convolution: Convolution(), channels: matrix.shape[1], rank: 2, zeroPoint: x.quantization.zeroPoint,
      result: .floats(least: bounds.lowerBound, most: bounds.upperBound))
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let image = try builder.add(ToByteImage(), x.bytes)
      let operands = try factors.operands(matrix.reshaped(matrix.shape + [1]), in: &builder)
      return [try builder.add(Flatten(), builder.add(results: bytes, [image] + operands, name: node.name)[0])]
    }
  }
}

extension ByteScale {
  /// Of floats: sums are scaled to what they stand for.
  fileprivate static let floats = ByteScale(scale: 1, zeroPoint: 0)
}

extension ScalarFunction {
  /// What the function keeps numbers within, if it does nothing else.
  fileprivate var bounds: ClosedRange<Float>? {
    switch kind {
    case .identity: -.infinity...(.infinity)
    case .relu: 0...(.infinity)
    case .clip: a <= b ? a...b : nil
    default: nil
    }
  }
}

/// What stands beside the weights of a convolution of bytes.
private struct ByteFactors {
  /// Where it is a whole number of the sums' units, as quantizers have it; else it is part of the shift.
  var bias: [Int32] = []
  var scale: [Float] = []
  var shift: [Float] = []

  /// nil if the bias is not constant or does not fit, or if sums may leave what 32 bits hold.
  init?(_ x: DequantizedValue, _ weights: QuantizedWeights, bias id: Value.ID?, result: ByteScale, in graph: Graph) {
    let channels = weights.scales.count
    var floats = [Float](repeating: 0, count: channels)
    if let id {
      guard let constant = graph.evaluatedConstant(id), constant.shape == [channels], constant.dtype == .float32,
        let values = try? constant.scalars(as: Float.self)
      else { return nil }
      floats = values
    }
    // No sum is larger: a weight is at most 128, a byte 255.
    let largest = Double(weights.tensor.count / channels) * 255 * 128
    guard largest < 0x1p30 else { return nil }
    for (value, weightScale) in zip(floats, weights.scales) {
      let unit = x.quantization.scale * weightScale
      let (factor, units) = (unit / result.scale, Double(value) / Double(unit))
      guard factor > 0, units.isFinite, (largest + abs(units)) * Double(factor) < 0x1p30 else { return nil }
      let whole = units.rounded(.toNearestOrEven)
      // It was multiplied by the unit and rounded to float32.
      let isWhole = abs(units - whole) <= 1e-3 + 1e-6 * abs(whole) && abs(whole) < 0x1p30
      bias.append(isWhole ? Int32(converting: whole) : 0)
      scale.append(factor)
      shift.append(isWhole ? 0 : value / result.scale)
    }
  }

  /// Weight, bias, scale and shift as constants.
  func operands(_ weights: Tensor, in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID?] {
    [builder.constant(weights), try builder.constant(bias), try builder.constant(scale), try builder.constant(shift)]
  }
}

extension ByteConvolution {
  /// Whether the kernels have such a window and such groups.
  fileprivate static func canCompute(
    _ op: Convolution, x: DequantizedValue, weights: QuantizedWeights, in graph: Graph, _ node: Node
  ) -> Bool {
    guard let result = graph[node.results[0]].type?.shape.sizes, !result.contains(0),
      let shape = try? ck_conv2d_shape(op, x: x.sizes, weight: weights.tensor.shape, result: result)
    else { return false }
    return shape.groups == 1 || (shape.groups == shape.ic && shape.oc == shape.ic)
  }
}

extension Graph {
  /// The value before clamps that only it has a use for, which become part of the result's range.
  fileprivate func skippingClamps(_ id: Value.ID?, into result: inout QuantizedResult) -> Value.ID? {
    var id = id
    while let last = id, hasSoleUse(last), let node = producer(of: last), let activation = (node.op as? Unary)?.function,
      activation != .identity, result.clamp(activation)
    {
      id = node.inputs[0]
    }
    return id
  }

  /// A constant, or a dequantized one.
  fileprivate func evaluatedConstant(_ id: Value.ID) -> Tensor? {
    if let tensor = constant(id) { return tensor }
    guard let (op, node) = producer(of: id, as: DequantizeLinear.self) else { return nil }
    var tensors: [Tensor?] = []
    for input in node.inputs {
      guard let input else { tensors.append(nil); continue }
      guard let tensor = constant(input) else { return nil }
      tensors.append(tensor)
    }
    return try? op.evaluate(Arguments(tensors))[0]
  }
}

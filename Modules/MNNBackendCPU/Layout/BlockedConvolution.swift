import CKernels
import MNNGraph
import MNNKernels

/// A convolution with a blocked result: `activation(conv(x) + bias + residual)`.
///
/// - Inputs: `x`, blocked, or plain if ``readsPlain``; `weight` as for `Convolution`; `bias`, optional; `residual`, optional, of the
///   result's blocked shape; `factors`, optional, `[N, C/c, 1, 1, c]`, by which the channels of `x` are multiplied first: only where
///   every result comes from the pixel at its place. With a ``quantization``, `weight` are codes, and scale, zero point and offset
///   follow.
struct BlockedConvolution: PrimitiveOperator {
  /// Window, groups and padding; its own activation is not used.
  var convolution: Convolution
  /// Channels and rank of the plain input.
  var channels: Int
  var rank: Int
  var block: Int
  var readsPlain = false
  /// Groups are channels: the input's and the result's.
  var isDepthwise = false
  var activation = ScalarFunction.identity
  /// The residual is added after the activation.
  var addsResidualLast = false
  /// How the weights were quantized, if they stay in few bits.
  var quantization: QuantizationGranularity?

  var readsPackedElements: Bool { quantization != nil }

  private func plainInput(_ operands: Operands) throws(GraphError) -> TensorType {
    let x = try operands.type(0)
    return readsPlain ? x : TensorType(x.dtype, try BlockedShape.plain(x.shape, channels: channels, rank: rank))
  }

  private func plainResult(_ operands: Operands) throws(GraphError) -> TensorType {
    let x = try plainInput(operands)
    let weight = quantization == nil ? try operands.required(1) : Operand(TensorType(x.dtype, try operands.shape(1)))
    return try convolution.resultTypes(for: Operands([Operand(x), weight, operands[optional: 2]]))[0]
  }

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let result = try plainResult(operands)
    let type = TensorType(result.dtype, try BlockedShape.blocked(result.shape, block: block))
    if let residual = operands[optional: 3], residual.type != type {
      throw GraphError(.shapeMismatch, "the residual does not fit", expected: "\(type)", found: "\(residual.type)")
    }
    if let factors = operands[optional: BlockedConvolution.factors] {
      var expected = try operands.type(0)
      for axis in [2, 3] where expected.shape.rank == 5 { expected.shape[axis] = 1 }
      guard factors.type == expected else {
        throw GraphError(.shapeMismatch, "the factors do not fit", expected: "\(expected)", found: "\(factors.type)")
      }
    }
    return [type]
  }

  /// The index of the input `factors`.
  static let factors = 4

  /// The sizes that the C drivers take.
  func geometry(_ operands: Operands) throws(GraphError) -> ck_conv2d_shape {
    try ck_conv2d_shape(
      convolution, x: plainInput(operands).shape.concreteSizes(), weight: operands.shape(1).concreteSizes(),
      result: plainResult(operands).shape.concreteSizes())
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    var x = try arguments.tensor(0)
    if let factors = arguments[optional: BlockedConvolution.factors] {
      x = try Binary(.multiply).evaluate(Arguments([x, factors]))[0]
    }
    if !readsPlain { x = try FromBlocked(channels: channels, rank: rank).evaluate(Arguments([x]))[0] }
    let weight = try arguments.factor(quantization, parameters: BlockedConvolution.factors + 1)
    let plain = try convolution.evaluate(Arguments([x, weight, arguments[optional: 2]]))[0]
    var y = try ToBlocked(block: block).evaluate(Arguments([plain]))[0]
    let residual = arguments[optional: 3]
    if let residual, !addsResidualLast { y = try Binary(.add).evaluate(Arguments([y, residual]))[0] }
    y = try activation.applied(to: y)
    if let residual, addsResidualLast { y = try Binary(.add).evaluate(Arguments([y, residual]))[0] }
    return [y]
  }
}

extension ck_conv2d_shape {
  /// - Parameters: sizes of the plain tensors `[N, C, (H,) W]`. An image of rank 3 has height 1.
  /// - Throws: ``GraphError/Code/attributeInvalid`` for padding that cuts the image.
  init(_ op: Convolution, x: [Int], weight: [Int], result: [Int]) throws(GraphError) {
    let window = try op.window(weight: Shape(weight))
    let pads = window.pads(for: Array(x.dropFirst(2)))
    guard x.count == 3 || x.count == 4, (pads.before + pads.after).allSatisfy({ $0 >= 0 }) else {
      throw GraphError(
        .attributeInvalid, "no kernel for such a convolution", expected: "rank 3 or 4, no negative padding",
        found: "\(x), \(pads)")
    }
    func pair(_ values: ArraySlice<Int>, filler: Int) -> (Int, Int) {
      values.count == 2 ? (values[values.startIndex], values[values.startIndex + 1]) : (filler, values.first ?? filler)
    }
    self.init()
    (batch, ic, oc, groups) = (x[0], x[1], weight[0], op.groups)
    (h, w) = pair(x.dropFirst(2), filler: 1)
    (oh, ow) = pair(result.dropFirst(2), filler: 1)
    (kh, kw) = pair(window.kernel[...], filler: 1)
    (stride_h, stride_w) = pair(window.strides[...], filler: 1)
    (dilation_h, dilation_w) = pair(window.dilations[...], filler: 1)
    (pad_top, pad_left) = pair(pads.before[...], filler: 0)
  }

  /// Multiplications and additions.
  var operations: Int { 2 &* batch &* oc &* oh &* ow &* kh &* kw &* (ic / max(groups, 1)) }
}

import CKernels
import MNNGraph
import MNNKernels

/// A transposed convolution from blocked to blocked: `activation(convolution(x) + bias)`.
///
/// - Inputs: `x`, blocked; `weight` as for `ConvolutionTranspose`; `bias`, optional.
struct BlockedConvolutionTranspose: PrimitiveOperator {
  /// Window, groups, padding and the result's sizes; its own activation is not used.
  var convolution: ConvolutionTranspose
  /// Channels and rank of the plain input.
  var channels: Int
  var rank: Int
  var block: Int
  var activation = ScalarFunction.identity

  private func plainOperands(_ operands: Operands) throws(GraphError) -> Operands {
    let x = try operands.type(0)
    let plain = TensorType(x.dtype, try BlockedShape.plain(x.shape, channels: channels, rank: rank))
    return Operands([Operand(plain), try operands.required(1), operands[optional: 2]])
  }

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let result = try convolution.resultTypes(for: plainOperands(operands))[0]
    return [TensorType(result.dtype, try BlockedShape.blocked(result.shape, block: block))]
  }

  /// The sizes that the C drivers take.
  func geometry(_ operands: Operands) throws(GraphError) -> ck_conv2d_shape {
    let plain = try plainOperands(operands)
    return try ck_conv2d_shape(
      convolution, x: plain.shape(0).concreteSizes(), weight: plain.shape(1).concreteSizes(),
      result: convolution.resultTypes(for: plain)[0].shape.concreteSizes())
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let x = try FromBlocked(channels: channels, rank: rank).evaluate(Arguments([try arguments.tensor(0)]))[0]
    let plain = try convolution.evaluate(Arguments([x, try arguments.tensor(1), arguments[optional: 2]]))[0]
    return [try activation.applied(to: ToBlocked(block: block).evaluate(Arguments([plain]))[0])]
  }
}

extension ck_conv2d_shape {
  /// - Parameters: sizes of the plain tensors `[N, C, (H,) W]`. An image of rank 3 has height 1.
  /// - Throws: ``GraphError/Code/attributeInvalid`` for padding that adds to the result.
  init(_ op: ConvolutionTranspose, x: [Int], weight: [Int], result: [Int]) throws(GraphError) {
    let window = try op.window(weight: Shape(weight))
    let sizes = Array(x.dropFirst(2))
    let before = try op.layout(
      sizes: sizes.map { Dimension($0) }, window: window,
      outputShape: op.outputShape == nil ? nil : Array(result.dropFirst(2))
    ).before
    guard x.count == 3 || x.count == 4, before.allSatisfy({ $0 >= 0 }) else {
      throw GraphError(
        .attributeInvalid, "no kernel for such a transposed convolution", expected: "rank 3 or 4, no negative padding",
        found: "\(x), \(before)")
    }
    func pair(_ values: [Int], filler: Int) -> (Int, Int) {
      values.count == 2 ? (values[0], values[1]) : (filler, values.first ?? filler)
    }
    self.init()
    (batch, ic, groups) = (x[0], x[1], op.groups)
    oc = result[1]
    (h, w) = pair(sizes, filler: 1)
    (oh, ow) = pair(Array(result.dropFirst(2)), filler: 1)
    (kh, kw) = pair(window.kernel, filler: 1)
    (stride_h, stride_w) = pair(window.strides, filler: 1)
    (dilation_h, dilation_w) = pair(window.dilations, filler: 1)
    (pad_top, pad_left) = pair(before, filler: 0)
  }

  /// Multiplications and additions of a transposed convolution, those that fall outside the result included.
  var transposedOperations: Int { 2 &* batch &* ic &* h &* w &* kh &* kw &* (oc / max(groups, 1)) }
}

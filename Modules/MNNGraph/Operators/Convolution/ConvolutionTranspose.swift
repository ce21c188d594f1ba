/// The transpose of a convolution: every input element adds the kernel, times itself, to the result.
///
/// - Inputs: `x` `[N, C, d…]`; `weight` `[C, OC/groups, k…]`; `bias` `[OC]`, optional; `outputShape`, the spatial sizes as a
///   constant vector of integers, optional, in place of the attribute.
/// - Result: `[N, OC, …]`; a spatial size is `(d-1)*stride + dilation*(k-1) + 1 - pads + outputPadding`, or `d*stride` with
///   "same" padding, or what the output shape says, the padding then being what is left over.
/// - SeeAlso: ONNX ConvTranspose; `.mnn` operators Deconvolution and DeconvolutionDepthwise.
public struct ConvolutionTranspose: PrimitiveOperator, Codable {
  public var strides: [Int]
  public var dilations: [Int]
  public var groups: Int
  public var padding: SpatialPadding
  /// Elements added at the end of each spatial axis; empty for none.
  public var outputPadding: [Int]
  /// The spatial sizes of the result, from which the padding then follows.
  public var outputShape: [Int]?
  public var activation: ScalarFunction

  public init(
    strides: [Int] = [], dilations: [Int] = [], groups: Int = 1, padding: SpatialPadding = .none,
    outputPadding: [Int] = [], outputShape: [Int]? = nil, activation: ScalarFunction = .identity
  ) {
    self.strides = strides
    self.dilations = dilations
    self.groups = groups
    self.padding = padding
    self.outputPadding = outputPadding
    self.outputShape = outputShape
    self.activation = activation
  }

  /// The window, given the shape of the weight.
  package func window(weight: Shape) throws(GraphError) -> SlidingWindow {
    try Convolution(strides: strides, dilations: dilations, padding: padding).window(weight: weight)
  }

  /// Spatial sizes of the result and the padding before each axis, for an image of `sizes`.
  package func layout(
    sizes: [Dimension], window: SlidingWindow, outputShape: [Int]?
  ) throws(GraphError) -> (sizes: [Dimension], before: [Int]) {
    let extra = outputPadding.isEmpty ? [Int](repeating: 0, count: sizes.count) : outputPadding
    let wanted = outputShape ?? self.outputShape
    guard sizes.count == window.kernel.count, extra.count == sizes.count, (wanted ?? extra).count == sizes.count else {
      throw GraphError(
        .rankMismatch, "the kernel or the output's shape does not fit the image", expected: "\(sizes.count) spatial axes",
        found: "kernel \(window.kernel), output padding \(extra), output shape \(wanted ?? [])")
    }
    try requireAttribute(
      extra.allSatisfy { $0 >= 0 && $0 < 1 << 31 }, "bad output padding", expected: "at least 0", found: "\(extra)")
    var result: [Dimension] = []
    var before: [Int] = []
    for i in sizes.indices {
      let stride = Dimension(window.strides[i])
      let full = (sizes[i] - 1) * stride + Dimension(window.extent(i) + extra[i])
      let isSame = padding == .sameUpper || padding == .sameLower
      if isSame || wanted != nil {
        let size = wanted.map { Dimension($0[i]) } ?? sizes[i] * stride
        let total = max((full - size).value ?? 0, 0)
        result.append(size)
        before.append(padding == .sameLower ? total - total / 2 : total / 2)
        continue
      }
      var pad = (before: 0, after: 0)
      if case .explicit(let before, let after) = window.padding { pad = (before[i], after[i]) }
      result.append(full - Dimension(pad.before + pad.after))
      before.append(pad.before)
    }
    if let size = result.compactMap(\.value).first(where: { $0 < 0 }) {
      throw GraphError(.shapeMismatch, "the padding leaves nothing of the result", expected: "at least 0", found: "\(size)")
    }
    return (result, before)
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0, rankAtLeast: 2)
    let weight = try operands.type(1, rank: x.shape.rank)
    try requireSame(x.dtype, weight.dtype, "the weight's type")
    try requireAttribute(groups > 0, "bad number of groups", expected: "above 0", found: "\(groups)")
    try requireEqual(weight.shape[0], x.shape[1], "the number of input channels")
    if let channels = x.shape[1].value, channels % groups != 0 {
      throw GraphError(
        .shapeMismatch, "the input's channels do not divide into groups", expected: "a multiple of \(groups)",
        found: "\(channels)")
    }
    let channels = weight.shape[1] * Dimension(groups)
    if operands[optional: 2] != nil {
      let bias = try operands.type(2, rank: 1)
      try requireSame(x.dtype, bias.dtype, "the bias's type")
      try requireEqual(channels, bias.shape[0], "the number of biases")
    }
    let spatial = try layout(
      sizes: Array(x.shape.dimensions.dropFirst(2)), window: window(weight: weight.shape),
      outputShape: operands.integers(optional: 3)
    ).sizes
    return [TensorType(x.dtype, Shape([x.shape[0], channels] + spatial))]
  }

  public func work(for operands: Operands, results: [TensorType]) -> Work {
    .elements(operands, results)
      + Work(operations: operands.elementCount(0).saturatingMultiply(operands.elementCount(1, from: 1)))
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let operands = arguments.operands
    let type = try resultTypes(for: operands)[0]
    let shape = try type.shape.concreteSizes()
    let xShape = try arguments.tensor(0).shape
    let weightShape = try arguments.tensor(1).shape
    var window = try window(weight: Shape(weightShape))
    let sizes = Array(xShape.dropFirst(2))
    let before = try layout(
      sizes: sizes.map { Dimension($0) }, window: window, outputShape: operands.integers(optional: 3)
    ).before
    window.padding = .explicit(before: before, after: before)
    let (batches, channels, perGroup) = (xShape[0], xShape[1], weightShape[1])
    let results = shape[1]
    let resultSizes = Array(shape.dropFirst(2))
    let resultArea = resultSizes.reduce(1, *)
    let area = sizes.reduce(1, *)
    let kernelArea = window.kernel.reduce(1, *)
    let x = try arguments.scalars(0, as: Double.self)
    let weight = try arguments.scalars(1, as: Double.self)
    let bias = arguments[optional: 2] == nil ? nil : try arguments.scalars(2, as: Double.self)
    let y = try Tensor.computed(type.dtype, shape) { y throws(GraphError) in
      var tapNumber = 0
      for tap in IndexSequence(window.kernel) {
        // Roles are swapped: the result is the image over which the window slides, `x` its positions.
        let target = try window.taps(tap, positions: sizes, sizes: resultSizes)
        for n in 0..<batches {
          for c in 0..<channels {
            let group = c / (channels / groups)
            let image = (n * channels + c) * area
            for r in 0..<perGroup {
              let w = weight[(c * perGroup + r) * kernelArea + tapNumber]
              let plane = (n * results + group * perGroup + r) * resultArea
              for p in 0..<area where target[p] >= 0 { y[plane + target[p]] += w * x[image + p] }
            }
          }
        }
        tapNumber += 1
      }
      for i in y.indices { y[i] = activation(y[i] + (bias?[i / resultArea % results] ?? 0)) }
    }
    return [y]
  }
}

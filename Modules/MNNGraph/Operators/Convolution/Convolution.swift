/// Convolution over any number of spatial axes (cross-correlation, as everywhere in this field), in groups.
///
/// - Inputs: `x` `[N, C, d…]`; `weight` `[OC, C/groups, k…]`; `bias` `[OC]`, optional.
/// - Result: `[N, OC, …]`, of the type of `x`, with ``activation`` applied.
/// - SeeAlso: ONNX Conv; `.mnn` operators Convolution, ConvolutionDepthwise and Convolution3D.
public struct Convolution: PrimitiveOperator, Codable {
  /// One per spatial axis; empty for 1s.
  public var strides: [Int]
  /// One per spatial axis; empty for 1s.
  public var dilations: [Int]
  public var groups: Int
  public var padding: SpatialPadding
  public var activation: ScalarFunction

  public init(
    strides: [Int] = [], dilations: [Int] = [], groups: Int = 1, padding: SpatialPadding = .none,
    activation: ScalarFunction = .identity
  ) {
    self.strides = strides
    self.dilations = dilations
    self.groups = groups
    self.padding = padding
    self.activation = activation
  }

  /// The window, given the shape of the weight.
  package func window(weight: Shape) throws(GraphError) -> SlidingWindow {
    var kernel: [Int] = []
    for dimension in weight.dimensions.dropFirst(2) {
      guard let size = dimension.value else {
        throw GraphError(.dependsOnData, "the kernel's size is not known", found: "\(weight)")
      }
      kernel.append(size)
    }
    return try SlidingWindow(kernel: kernel, strides: strides, dilations: dilations, padding: padding)
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0, rankAtLeast: 2)
    let weight = try operands.type(1, rank: x.shape.rank)
    try requireSame(x.dtype, weight.dtype, "the weight's type")
    try requireAttribute(groups > 0, "bad number of groups", expected: "above 0", found: "\(groups)")
    if let channels = x.shape[1].value, let perGroup = weight.shape[1].value {
      guard perGroup.multipliedReportingOverflow(by: groups) == (channels, false) else {
        throw GraphError(
          .shapeMismatch, "wrong number of input channels",
          expected: "\(perGroup) × \(groups) groups (weight \(weight.shape))", found: "\(channels)")
      }
    }
    if let results = weight.shape[0].value, results % groups != 0 {
      throw GraphError(
        .shapeMismatch, "the result's channels do not divide into groups", expected: "a multiple of \(groups)",
        found: "\(results)")
    }
    if operands[optional: 2] != nil {
      let bias = try operands.type(2, rank: 1)
      try requireSame(x.dtype, bias.dtype, "the bias's type")
      try requireEqual(weight.shape[0], bias.shape[0], "the number of biases")
    }
    let spatial = try window(weight: weight.shape).resultSizes(for: Array(x.shape.dimensions.dropFirst(2)))
    return [TensorType(x.dtype, Shape([x.shape[0], weight.shape[0]] + spatial))]
  }

  public func work(for operands: Operands, results: [TensorType]) -> Work {
    // Every result is a sum over the weights of its channel.
    .sums(operands, results, each: operands.elementCount(1, from: 1))
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let type = try resultTypes(for: arguments.operands)[0]
    let shape = try type.shape.concreteSizes()
    let sizes = Array(try arguments.tensor(0).shape.dropFirst(2))
    let weightShape = try arguments.tensor(1).shape
    let window = try window(weight: Shape(weightShape))
    let (batches, results, perGroup) = (shape[0], shape[1], weightShape[1])
    let positions = Array(shape.dropFirst(2))
    let resultArea = positions.reduce(1, *)
    let area = sizes.reduce(1, *)
    let kernelArea = window.kernel.reduce(1, *)
    let x = try arguments.scalars(0, as: Double.self)
    let weight = try arguments.scalars(1, as: Double.self)
    let bias = arguments[optional: 2] == nil ? nil : try arguments.scalars(2, as: Double.self)
    let y = try Tensor.computed(type.dtype, shape) { y throws(GraphError) in
      var tapNumber = 0
      for tap in IndexSequence(window.kernel) {
        let source = try window.taps(tap, positions: positions, sizes: sizes)
        x.withUnsafeBufferPointer { x in
          source.withUnsafeBufferPointer { source in
            for n in 0..<batches {
              for r in 0..<results {
                let target = (n * results + r) * resultArea
                let firstChannel = r / (results / groups) * perGroup
                for c in 0..<perGroup {
                  let w = weight[(r * perGroup + c) * kernelArea + tapNumber]
                  let image = (n * perGroup * groups + firstChannel + c) * area
                  var p = 0
                  while p < resultArea {
                    if source[p] >= 0 { y[target + p] += w * x[image + source[p]] }
                    p += 1
                  }
                }
              }
            }
          }
        }
        tapNumber += 1
      }
      for i in y.indices {
        let channel = i / resultArea % results
        y[i] = activation(y[i] + (bias?[channel] ?? 0))
      }
    }
    return [y]
  }
}

/// A convolution whose window is bent: each tap is taken beside its place, by an offset that is computed per position.
///
/// - Inputs: `x` `[N, C, d…]`, `r` spatial axes; `weight` `[OC, C/groups, k…]`; `offset` `[N, offsetGroups * taps * r, e…]`;
///   `bias` `[OC]`, optional; `mask` `[N, offsetGroups * taps, e…]`, optional, a factor of each tap.
/// - Result: `[N, OC, e…]`, of the type of `x`. Between pixels values are linear; outside the image they are zero.
/// - SeeAlso: ONNX DeformConv, opset 19.
public struct DeformableConvolution: PrimitiveOperator, Codable {
  public var strides: [Int]
  public var dilations: [Int]
  public var groups: Int
  /// Channels are cut into this many parts, each with offsets of its own.
  public var offsetGroups: Int
  public var padding: SpatialPadding

  public init(
    strides: [Int] = [], dilations: [Int] = [], groups: Int = 1, offsetGroups: Int = 1, padding: SpatialPadding = .none
  ) {
    self.strides = strides
    self.dilations = dilations
    self.groups = groups
    self.offsetGroups = offsetGroups
    self.padding = padding
  }

  private func window(_ weight: Shape) throws(GraphError) -> SlidingWindow {
    try Convolution(strides: strides, dilations: dilations, groups: groups, padding: padding).window(weight: weight)
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let plain = Convolution(strides: strides, dilations: dilations, groups: groups, padding: padding)
    let x = try operands.floatType(0)
    let result = try plain.resultTypes(
      for: Operands([operands[optional: 0], operands[optional: 1], operands[optional: 3]]))[0]
    try requireAttribute(
      offsetGroups > 0 && (x.shape[1].value ?? 0) % offsetGroups == 0, "channels do not divide into offset groups",
      expected: "a divisor of \(x.shape[1])", found: "\(offsetGroups)")
    let window = try window(operands.shape(1))
    let (taps, overflow) = try checkedElementCount(window.kernel).multipliedReportingOverflow(by: offsetGroups)
    guard !overflow, taps < 1 << 40 else { throw GraphError(.sizeOverflow, "too many offset groups", found: "\(offsetGroups)") }
    for (index, count) in [(2, taps * window.kernel.count), (4, taps)] where index == 2 || operands[optional: index] != nil {
      let bend = try operands.type(index, rank: x.shape.rank)
      try requireEqual(x.shape[0], bend.shape[0], "the batch of input \(index)")
      try requireEqual(Dimension(count), bend.shape[1], "axis 1 of input \(index)")
      for axis in 2..<x.shape.rank { try requireEqual(result.shape[axis], bend.shape[axis], "axis \(axis) of input \(index)") }
    }
    return [result]
  }

  public func work(for operands: Operands, results: [TensorType]) -> Work {
    let corners = 4 << min(operands[optional: 0]?.type.shape.rank ?? 0, 16)
    return .sums(operands, results, each: operands.elementCount(1, from: 1).saturatingMultiply(corners))
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let type = try resultTypes(for: arguments.operands)[0]
    let shape = try type.shape.concreteSizes()
    let sizes = try arguments.tensor(0).shape
    let weightShape = try arguments.tensor(1).shape
    let window = try window(Shape(weightShape))
    let spatial = Array(sizes.dropFirst(2))
    let area = spatial.reduce(1, *)
    let positions = Array(shape.dropFirst(2))
    let count = positions.reduce(1, *)
    let taps = window.kernel.reduce(1, *)
    let before = window.pads(for: spatial).before
    let x = try arguments.scalars(0, as: Double.self)
    let weight = try arguments.scalars(1, as: Double.self)
    let offset = try arguments.scalars(2, as: Double.self)
    let bias = arguments[optional: 3] == nil ? nil : try arguments.scalars(3, as: Double.self)
    let mask = arguments[optional: 4] == nil ? nil : try arguments.scalars(4, as: Double.self)
    let perOffsetGroup = sizes[1] / offsetGroups
    let results = shape[1] / groups
    return [
      try Tensor.computed(type.dtype, shape) { y in
        for (p, index) in IndexSequence(positions).enumerated() {
          for (k, tap) in IndexSequence(window.kernel).enumerated() {
            for n in 0..<shape[0] {
              for group in 0..<offsetGroups {
                let bend = (n * offsetGroups + group) * taps + k
                let at = index.indices.map { i in
                  Double(index[i] * window.strides[i] - before[i] + tap[i] * window.dilations[i])
                    + offset[(bend * index.count + i) * count + p]
                }
                let factor = mask?[bend * count + p] ?? 1
                let pixels = self.pixels(around: at, sizes: spatial)
                for c in (group * perOffsetGroup)..<((group + 1) * perOffsetGroup) {
                  let plane = (n * sizes[1] + c) * area
                  let value = factor * pixels.reduce(0) { $0 + x[plane + $1.offset] * $1.weight }
                  let first = c / weightShape[1] * results
                  for r in first..<(first + results) {
                    y[(n * shape[1] + r) * count + p] += value * weight[(r * weightShape[1] + c % weightShape[1]) * taps + k]
                  }
                }
              }
            }
          }
        }
        if let bias { for i in y.indices { y[i] += bias[i / count % shape[1]] } }
      }
    ]
  }

  /// The pixels whose weighted sum is the value at a position between them.
  private func pixels(around at: [Double], sizes: [Int]) -> [(offset: Int, weight: Double)] {
    let strides = rowMajorStrides(sizes)
    var pixels: [(offset: Int, weight: Double)] = [(0, 1)]
    for axis in at.indices {
      guard at[axis] > -1, at[axis] < Double(sizes[axis]) else { return [] }
      let low = Int(converting: at[axis].rounded(.down))
      let rest = at[axis] - Double(low)
      pixels = pixels.flatMap { pixel in
        [(low, 1 - rest), (low + 1, rest)].filter { $0.0 >= 0 && $0.0 < sizes[axis] }
          .map { (pixel.offset + $0.0 * strides[axis], pixel.weight * $0.1) }
      }
    }
    return pixels
  }
}

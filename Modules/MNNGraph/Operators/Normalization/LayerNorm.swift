/// `(x - mean) / √(variance + epsilon) * gamma + beta`, mean and variance over the axes from ``axis`` on.
///
/// - Inputs: `x`, floating point; `gamma` and `beta`, optional, of the type of `x`, which broadcast to its shape.
/// - Results: the shape and type of `x`; with ``givesStatistics`` also the mean and `1 / √(variance + epsilon)`, the
///   normalized axes of size 1.
/// - SeeAlso: ONNX LayerNormalization; `.mnn` operator LayerNorm.
public struct LayerNorm: PrimitiveOperator, Codable {
  /// The first normalized axis; negative counts from the end.
  public var axis: Int
  public var epsilon: Float
  public var givesStatistics: Bool

  public init(axis: Int = -1, epsilon: Float = 1e-5, givesStatistics: Bool = false) {
    self.axis = axis
    self.epsilon = epsilon
    self.givesStatistics = givesStatistics
  }

  public var resultCount: Int { givesStatistics ? 3 : 1 }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.floatType(0)
    let axis = try x.shape.axis(axis)
    try requireAffine(operands, of: x, inputs: 1...2)
    let statistics = TensorType(x.dtype, Shape(x.shape.dimensions.enumerated().map { $0 < axis ? $1 : 1 }))
    return givesStatistics ? [x, statistics, statistics] : [x]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let types = try resultTypes(for: arguments.operands)
    let x = try arguments.tensor(0)
    let axis = try normalizedAxis(axis, rank: x.rank)
    let rows = x.shape[..<axis].reduce(1, *)
    let count = x.shape[axis...].reduce(1, *)
    let values = try x.scalars(as: Double.self)
    let affine = try AffineParameters(arguments, shape: x.shape)
    var means: [Double] = []
    var scales: [Double] = []
    let y = try Tensor.computed(x.dtype, x.shape) { y in
      for r in 0..<rows {
        let row = (r * count)..<((r + 1) * count)
        let mean = row.reduce(0) { $0 + values[$1] } / Double(count)
        let variance = row.reduce(0) { $0 + (values[$1] - mean) * (values[$1] - mean) } / Double(count)
        let scale = 1 / (variance + Double(epsilon)).squareRoot()
        for i in row { y[i] = affine((values[i] - mean) * scale, at: i) }
        means.append(mean)
        scales.append(scale)
      }
    }
    guard givesStatistics else { return [y] }
    let shape = try types[1].shape.concreteSizes()
    return [
      y, try Tensor(shape: shape, scalars: means).converted(to: x.dtype),
      try Tensor(shape: shape, scalars: scales).converted(to: x.dtype),
    ]
  }
}

/// Checks that optional scales and shifts have the type of `x` and broadcast to its shape.
func requireAffine(_ operands: Operands, of x: TensorType, inputs: ClosedRange<Int>) throws(GraphError) {
  for i in inputs {
    guard let operand = operands[optional: i] else { continue }
    try requireSame(x.dtype, operand.type.dtype, "the type of input \(i)")
    guard try broadcastShape(x.shape, operand.type.shape).rank == x.shape.rank else {
      throw GraphError(
        .shapeMismatch, "input \(i) does not broadcast", expected: "to \(x.shape)", found: "\(operand.type.shape)")
    }
  }
}

/// An optional scale and an optional shift, inputs 1 and 2, broadcast to a shape.
struct AffineParameters {
  private let scale: (values: [Double], at: [Int])?
  private let shift: (values: [Double], at: [Int])?

  init(_ arguments: Arguments, shape: [Int]) throws(GraphError) {
    func parameter(_ index: Int) throws(GraphError) -> (values: [Double], at: [Int])? {
      guard let tensor = arguments[optional: index] else { return nil }
      return (try tensor.scalars(as: Double.self), try broadcastIndices(from: tensor.shape, to: shape))
    }
    scale = try parameter(1)
    shift = try parameter(2)
  }

  func callAsFunction(_ x: Double, at i: Int) -> Double {
    var x = x
    if let scale { x *= scale.values[scale.at[i]] }
    if let shift { x += shift.values[shift.at[i]] }
    return x
  }
}

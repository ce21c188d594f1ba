/// `x` above 0, `slope * x` below, with a slope per element that broadcasts to `x`.
///
/// - Inputs: `x`, floating point or integers; `slope`, whose shape broadcasts to that of `x`.
/// - SeeAlso: ONNX PRelu; `.mnn` operator PReLU.
public struct ParametricRelu: PrimitiveOperator {
  public static let name = "PRelu"

  public init() {}

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0)
    try requireBroadcast(operands.shape(1), to: x.shape, "the slope")
    return [x]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let x = try arguments.tensor(0)
    let slope = try arguments.tensor(1)
    let p = try x.scalars(as: Double.self)
    let s = try slope.scalars(as: Double.self)
    let at = try broadcastIndices(from: slope.shape, to: x.shape)
    return [try Tensor(shape: x.shape, scalars: p.indices.map { p[$0] < 0 ? p[$0] * s[at[$0]] : p[$0] }).converted(to: x.dtype)]
  }
}

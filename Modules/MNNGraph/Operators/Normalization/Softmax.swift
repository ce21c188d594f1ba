#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Softmax along one axis: `exp(x - max) / Σ exp(x - max)`.
///
/// - Input: `x`, floating point. Result: same shape and type. Rows of `-inf` give NaN.
/// - SeeAlso: ONNX Softmax, opset 13; before that, ``SoftmaxFlattening``; `.mnn` operator Softmax.
public struct Softmax: PrimitiveOperator {
  public var axis: Int

  public init(axis: Int = -1) { self.axis = axis }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.floatType(0)
    _ = try x.shape.axis(axis)
    return [x]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let type = try resultTypes(for: arguments.operands)[0]
    let x = try arguments.tensor(0)
    let (outer, count, inner) = splitSizes(x.shape, at: try normalizedAxis(axis, rank: x.rank))
    let values = try x.scalars(as: Double.self)
    return [
      try Tensor.computed(type.dtype, x.shape) { y in
        for o in 0..<outer {
          for i in 0..<inner {
            let row = stride(from: o * count * inner + i, to: (o + 1) * count * inner, by: inner)
            let top = row.reduce(-Double.infinity) { max($0, values[$1]) }
            for p in row { y[p] = exp(values[p] - top) }
            let sum = row.reduce(0) { $0 + y[$1] }
            for p in row { y[p] /= sum }
          }
        }
      }
    ]
  }
}

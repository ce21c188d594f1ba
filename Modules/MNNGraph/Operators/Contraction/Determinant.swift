/// The determinants of square matrices.
///
/// - Input: `[…, n, n]`, floating point. Result: `[…]`.
/// - SeeAlso: ONNX Det; `.mnn` operator Det.
public struct Determinant: PrimitiveOperator, Codable {
  public init() {}

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    _ = try operands.floatType(0)
    let x = try operands.type(0, rankAtLeast: 2)
    try requireEqual(x.shape[x.shape.rank - 2], x.shape[x.shape.rank - 1], "a matrix that is not square")
    return [TensorType(x.dtype, Shape(Array(x.shape.dimensions.dropLast(2))))]
  }

  public func work(for operands: Operands, results: [TensorType]) -> Work {
    .elements(operands, results)
      + Work(operations: operands.elementCount(0).saturatingMultiply(operands.size(0, axis: -1)))
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let type = try resultTypes(for: arguments.operands)[0]
    let shape = try type.shape.concreteSizes()
    let n = try arguments.tensor(0).shape.last ?? 0
    let x = try arguments.scalars(0, as: Double.self)
    return [
      try Tensor.computed(type.dtype, shape) { y in
        for i in y.indices { y[i] = determinant(Array(x[(i * n * n)..<((i + 1) * n * n)]), n) }
      }
    ]
  }

  /// The product of the pivots of Gauss's elimination.
  private func determinant(_ matrix: [Double], _ n: Int) -> Double {
    var a = matrix
    var product = 1.0
    for k in 0..<n {
      let pivot = (k..<n).max { abs(a[$0 * n + k]) < abs(a[$1 * n + k]) } ?? k
      if a[pivot * n + k] == 0 { return 0 }
      if pivot != k {
        for j in 0..<n { a.swapAt(k * n + j, pivot * n + j) }
        product = -product
      }
      product *= a[k * n + k]
      for i in (k + 1)..<max(n, k + 1) {
        let factor = a[i * n + k] / a[k * n + k]
        for j in k..<n { a[i * n + j] -= factor * a[k * n + j] }
      }
    }
    return product
  }
}

/// The matrix product over the last two axes, as numpy's `matmul`: leading axes broadcast, vectors are rows or columns.
///
/// - Inputs: `a` `[…, m, k]`, `b` `[…, k, n]` of one type (transposed if so flagged); optionally `bias`, which broadcasts
///   to the result.
/// - Result: `[…, m, n]`.
/// - SeeAlso: ONNX MatMul, Gemm; `.mnn` operators MatMul, BatchMatMul.
public struct MatMul: PrimitiveOperator, Codable {
  /// `a` is given as `[…, k, m]`.
  public var transposesA: Bool
  /// `b` is given as `[…, n, k]`.
  public var transposesB: Bool
  /// Applied to the result, after the bias.
  public var activation: ScalarFunction

  public init(transposesA: Bool = false, transposesB: Bool = false, activation: ScalarFunction = .identity) {
    self.transposesA = transposesA
    self.transposesB = transposesB
    self.activation = activation
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let a = try operands.type(0)
    let b = try operands.type(1)
    guard a.dtype == b.dtype else {
      throw GraphError(.dtypeUnsupported, "factors of MatMul differ in type", expected: "\(a.dtype)", found: "\(b.dtype)")
    }
    guard a.shape.rank > 0, b.shape.rank > 0 else {
      throw GraphError(
        .rankMismatch, "factors of MatMul must have axes", expected: "at least 1 each", found: "\(a.shape), \(b.shape)")
    }
    let (m, k) = matrix(a.shape, isTransposed: transposesA, isLeft: true)
    let (n, l) = matrix(b.shape, isTransposed: !transposesB, isLeft: false)
    if let k = k.value, let l = l.value, k != l {
      throw GraphError(
        .shapeMismatch, "factors of MatMul do not fit", expected: "equal inner sizes", found: "\(a.shape) and \(b.shape)")
    }
    let lead = try broadcastShape(
      Shape(Array(a.shape.dimensions.dropLast(2))), Shape(Array(b.shape.dimensions.dropLast(2))))
    let result = Shape(lead.dimensions + (a.shape.rank > 1 ? [m] : []) + (b.shape.rank > 1 ? [n] : []))
    if let bias = operands[optional: 2] { _ = try broadcastShape(result, bias.type.shape) }
    return [TensorType(a.dtype, result)]
  }

  /// The free and the summed size of a factor; a vector has a free size of 1.
  private func matrix(_ shape: Shape, isTransposed: Bool, isLeft: Bool) -> (free: Dimension, summed: Dimension) {
    if shape.rank == 1 { return (1, shape[0]) }
    let (rows, columns) = (shape[shape.rank - 2], shape[shape.rank - 1])
    return isTransposed ? (columns, rows) : (rows, columns)
  }

  public func work(for operands: Operands, results: [TensorType]) -> Work {
    let rank = operands[optional: 0]?.type.shape.rank ?? 1
    return .sums(operands, results, each: operands.size(0, axis: transposesA && rank > 1 ? -2 : -1))
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let type = try resultTypes(for: arguments.operands)[0]
    let a = try arguments.tensor(0)
    return [
      try type.dtype.isFloatingPoint
        ? multiply(arguments, Double.self, type, zero: 0, { $0 + $1 * $2 }, { $0 + $1 }, { activation($0) }).converted(
          to: a.dtype)
        : multiply(
          arguments, Int64.self, type, zero: 0, { $0 &+ $1 &* $2 }, { $0 &+ $1 }, { Int64(converting: activation(Double($0))) }
        ).wrapped(to: a.dtype)
    ]
  }

  private func multiply<T: TensorScalar>(
    _ arguments: Arguments, _: T.Type, _ type: TensorType, zero: T, _ accumulate: (T, T, T) -> T, _ add: (T, T) -> T,
    _ activate: (T) -> T
  ) throws(GraphError) -> Tensor {
    let shape = try type.shape.concreteSizes()
    let a = try arguments.tensor(0)
    let b = try arguments.tensor(1)
    let x = try a.scalars(as: T.self)
    let y = try b.scalars(as: T.self)
    let aIsVector = a.rank == 1
    let bIsVector = b.rank == 1
    let k = aIsVector ? a.shape[0] : transposesA ? a.shape[a.rank - 2] : a.shape[a.rank - 1]
    let m = aIsVector ? 1 : transposesA ? a.shape[a.rank - 1] : a.shape[a.rank - 2]
    let n = bIsVector ? 1 : transposesB ? b.shape[b.rank - 2] : b.shape[b.rank - 1]
    let (aRow, aColumn) = transposesA && !aIsVector ? (1, m) : (k, 1)
    let (bRow, bColumn) = transposesB && !bIsVector ? (1, k) : (n, 1)
    let lead = Array(shape.dropLast((aIsVector ? 0 : 1) + (bIsVector ? 0 : 1)))
    let aBatch = try broadcastIndices(from: Array(a.shape.dropLast(2)), to: lead)
    let bBatch = try broadcastIndices(from: Array(b.shape.dropLast(2)), to: lead)
    var result = [T](repeating: zero, count: try checkedElementCount(shape))
    for batch in aBatch.indices {
      let p = aBatch[batch] * m * k
      let q = bBatch[batch] * k * n
      for i in 0..<m {
        for j in 0..<n {
          var sum = zero
          for l in 0..<k { sum = accumulate(sum, x[p + i * aRow + l * aColumn], y[q + l * bRow + j * bColumn]) }
          result[(batch * m + i) * n + j] = sum
        }
      }
    }
    if let bias = arguments[optional: 2] {
      let values = try bias.scalars(as: T.self)
      let at = try broadcastIndices(from: bias.shape, to: shape)
      for i in result.indices { result[i] = add(result[i], values[at[i]]) }
    }
    if activation != .identity { for i in result.indices { result[i] = activate(result[i]) } }
    return try Tensor(shape: shape, scalars: result)
  }
}

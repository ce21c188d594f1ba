/// `alpha * a' * b' + beta * c` for matrices, `a'` and `b'` transposed if so flagged.
///
/// - Inputs: `a` `[m, k]`, `b` `[k, n]`; `c`, optional, which broadcasts to `[m, n]`. Result: `[m, n]`.
/// - SeeAlso: ONNX Gemm; `.mnn` operators MatMul and InnerProduct.
public struct Gemm: CompositeOperator, Codable {
  public var alpha: Float
  public var beta: Float
  public var transposesA: Bool
  public var transposesB: Bool

  public init(alpha: Float = 1, beta: Float = 1, transposesA: Bool = false, transposesB: Bool = false) {
    self.alpha = alpha
    self.beta = beta
    self.transposesA = transposesA
    self.transposesB = transposesB
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    _ = try operands.type(0, rank: 2)
    _ = try operands.type(1, rank: 2)
    let type = try MatMul(transposesA: transposesA, transposesB: transposesB).resultTypes(for: operands)[0]
    if let c = operands[optional: 2] {
      try requireSame(type.dtype, c.type.dtype, "the type of c")
      guard try broadcastShape(type.shape, c.type.shape).rank == 2 else {
        throw GraphError(.shapeMismatch, "c does not broadcast", expected: "to \(type.shape)", found: "\(c.type.shape)")
      }
    }
    return [type]
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    let a = try builder.required(inputs, 0)
    let b = try builder.required(inputs, 1)
    let dtype = try builder.type(of: a).dtype
    let product = MatMul(transposesA: transposesA, transposesB: transposesB)
    var c = builder.optional(inputs, 2)
    if let value = c, beta != 1 {
      c = beta == 0 ? nil : try builder.add(Binary(.multiply), value, builder.constant(Double(beta), as: dtype))
    }
    if alpha == 1 { return [try builder.add(product, a, b, c)] }
    // The factor goes to the right side, which is constant in most models.
    let scaled = try builder.add(Binary(.multiply), b, builder.constant(Double(alpha), as: dtype))
    return [try builder.add(product, a, scaled, c)]
  }
}

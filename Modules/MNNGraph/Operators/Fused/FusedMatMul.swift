/// A matrix product with its neighbors: operands read through a permutation of their axes, the result written through one, and
/// `activation(scale * a b + bias + residual)`.
///
/// - Inputs: `a`, `b` as for ``MatMul`` once permuted; `bias` and `residual`, optional, which broadcast to the product. With a
///   ``quantization``, `b` are codes, and scale, zero point and offset follow, as for ``DequantizeLinear``.
/// - Result: that of the product, permuted.
public struct FusedMatMul: CompositeOperator {
  /// What is transposed; its own activation is not used.
  public var product: MatMul
  /// Axis `i` of the factor is axis `aAxes[i]` of input 0; nil for no change.
  public var aAxes: [Int]?
  public var bAxes: [Int]?
  /// Axis `i` of the result is axis `resultAxes[i]` of the product; nil for no change.
  public var resultAxes: [Int]?
  public var scale: Float = 1
  public var activation = ScalarFunction.identity
  /// The residual is added after the activation.
  public var addsResidualLast = false
  /// How `b` was quantized, if it stays in few bits.
  public var quantization: QuantizationGranularity?

  /// The inputs by index.
  public static let (bias, residual, parameters) = (2, 3, 4)

  /// - Parameter product: its activation becomes that of the whole.
  public init(_ product: MatMul) {
    self.product = product
    activation = product.activation
    self.product.activation = .identity
  }

  /// The product that an operator is, if it is one.
  package init?(_ op: any Operator) {
    switch op {
    case let op as MatMul: self.init(op)
    case let op as FusedMatMul: self = op
    default: return nil
    }
  }

  public var readsPackedElements: Bool { quantization != nil }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let a = try permuted(operands.type(0), aAxes)
    var factor = try operands.type(1)
    if quantization != nil {
      _ = try operands.floatType(FusedMatMul.parameters)
      factor = TensorType(a.dtype, factor.shape)
    }
    let type = try product.resultTypes(for: Operands(a, permuted(factor, bAxes)))[0]
    for index in [FusedMatMul.bias, FusedMatMul.residual] {
      guard let term = operands[optional: index] else { continue }
      try requireSame(type.dtype, term.type.dtype, "the type of input \(index) of a product")
      try requireBroadcast(term.type.shape, to: type.shape, "input \(index) of a product")
    }
    return [try permuted(type, resultAxes)]
  }

  private func permuted(_ type: TensorType, _ axes: [Int]?) throws(GraphError) -> TensorType {
    guard let axes else { return type }
    return try Transpose(permutation: axes).resultTypes(for: Operands(type))[0]
  }

  public func work(for operands: Operands, results: [TensorType]) -> Work {
    let rank = operands[optional: 0]?.type.shape.rank ?? 1
    let axis = product.transposesA && rank > 1 ? rank - 2 : rank - 1
    return .sums(
      operands, results, each: operands.size(0, axis: aAxes.map { $0.indices.contains(axis) ? $0[axis] : axis } ?? axis))
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    var a = try builder.required(inputs, 0)
    if let aAxes { a = try builder.add(Transpose(permutation: aAxes), a) }
    var b = try builder.required(inputs, 1)
    if let quantization {
      let first = FusedMatMul.parameters
      b = try builder.add(
        DequantizeLinear(granularity: quantization, dtype: builder.type(of: a).dtype), b, builder.optional(inputs, first),
        builder.optional(inputs, first + 1), builder.optional(inputs, first + 2))
    }
    if let bAxes { b = try builder.add(Transpose(permutation: bAxes), b) }
    var y = try builder.add(product, a, b)
    if scale != 1 {
      y = try builder.add(Binary(.multiply), y, builder.constant(Double(scale), as: builder.type(of: y).dtype))
    }
    if let bias = builder.optional(inputs, FusedMatMul.bias) { y = try builder.add(Binary(.add), y, bias) }
    let residual = builder.optional(inputs, FusedMatMul.residual)
    if let residual, !addsResidualLast { y = try builder.add(Binary(.add), y, residual) }
    if activation != .identity { y = try builder.add(Unary(activation), y) }
    if let residual, addsResidualLast { y = try builder.add(Binary(.add), y, residual) }
    guard let resultAxes else { return [y] }
    return [try builder.add(Transpose(permutation: resultAxes), y)]
  }
}

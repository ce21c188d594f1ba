/// The inverted residual of mobile networks: a pointwise, a depthwise and another pointwise convolution, of which only the last
/// one's result is a tensor of its own.
///
/// `activation(project(depthwise(expand(x))) + residual)`, each convolution with a bias and an activation, that of the last applied
/// after the residual.
///
/// - Inputs: `x` `[N, C, H, W]`; weight and bias of the expansion, of the depthwise convolution and of the projection; a residual of
///   the result's type. Biases, the residual and, without ``expansion``, its weight may be absent.
/// - Result: that of the projection.
public struct InvertedResidual: CompositeOperator {
  /// nil for none: then the depthwise convolution reads `x`.
  public var expansion: Convolution?
  public var depthwise: Convolution
  public var projection: Convolution

  public init(expansion: Convolution?, depthwise: Convolution, projection: Convolution) {
    self.expansion = expansion
    self.depthwise = depthwise
    self.projection = projection
  }

  /// The inputs by index; a bias follows its weight.
  public static let (expansionWeight, depthwiseWeight, projectionWeight, residual) = (1, 3, 5, 7)

  /// The convolutions in order, each with the index of its weight.
  public var steps: [(op: Convolution, weight: Int)] {
    let all = [
      (expansion, InvertedResidual.expansionWeight), (depthwise, InvertedResidual.depthwiseWeight),
      (projection, InvertedResidual.projectionWeight),
    ]
    return all.compactMap { step in step.0.map { ($0, step.1) } }
  }

  /// What every step gives.
  public func stepTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    var types = [try operands.type(0)]
    for (op, weight) in steps {
      let list = [Operand(types[types.count - 1]), try operands.required(weight), operands[optional: weight + 1]]
      types += try op.resultTypes(for: Operands(list))
    }
    return Array(types.dropFirst())
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let result = Array(try stepTypes(for: operands).suffix(1))
    if let residual = operands[optional: InvertedResidual.residual]?.type {
      for type in result { try requireSame(type, residual, "the residual") }
    }
    return result
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    let residual = builder.optional(inputs, InvertedResidual.residual)
    var y = try builder.required(inputs, 0)
    for (op, weight) in steps {
      var op = op
      let isLast = weight == InvertedResidual.projectionWeight
      if isLast, residual != nil { op.activation = .identity }
      y = try builder.add(op, y, builder.required(inputs, weight), builder.optional(inputs, weight + 1))
    }
    guard let residual else { return [y] }
    y = try builder.add(Binary(.add), y, residual)
    return projection.activation == .identity ? [y] : [try builder.add(Unary(projection.activation), y)]
  }
}

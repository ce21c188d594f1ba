/// How the losses of all samples become the result.
public enum LossReduction: String, Hashable, Sendable, CaseIterable, Codable {
  case none, sum
  /// The mean; with weights, the sum over the sum of the weights that count.
  case mean
}

/// Minus the logarithm of the probability that each sample's class was given.
///
/// - Inputs: `x` `[N, C, d…]`, logarithms of probabilities; `classes` `[N, d…]`, integers; `weight` `[C]`, optional: what a
///   sample of each class counts.
/// - Result: `[N, d…]`, or one number if reduced.
/// - SeeAlso: ONNX NegativeLogLikelihoodLoss, opset 13.
public struct NegativeLogLikelihood: CompositeOperator, Codable {
  public var reduction: LossReduction
  /// Samples of this class, which need not be one of `x`, do not count.
  public var ignoredClass: Int?

  public init(reduction: LossReduction = .mean, ignoredClass: Int? = nil) {
    self.reduction = reduction
    self.ignoredClass = ignoredClass
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    _ = try operands.floatType(0)
    let x = try operands.type(0, rankAtLeast: 2)
    let classes = try operands.type(1, rank: x.shape.rank - 1)
    _ = try operands.integerType(1)
    var shape = x.shape
    shape.dimensions.remove(at: 1)
    for axis in 0..<shape.rank { try requireEqual(shape[axis], classes.shape[axis], "axis \(axis) of the classes") }
    if operands[optional: 2] != nil {
      try requireSame(x.dtype, operands.dtype(2), "the type of the weights")
      try requireEqual(x.shape[1], operands.type(2, rank: 1).shape[0], "the number of weights")
    }
    return [TensorType(x.dtype, reduction == .none ? shape : [])]
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    let x = try builder.required(inputs, 0)
    let dtype = try builder.type(of: x).dtype
    var classes = try builder.add(Cast(to: .int64), builder.required(inputs, 1))
    var ignored: Value.ID?
    if let ignoredClass {
      let isIgnored = try builder.add(Comparison(.equal), classes, builder.constant(Int64(ignoredClass)))
      classes = try builder.add(Select(), isIgnored, builder.constant(Int64(0)), classes)
      ignored = isIgnored
    }
    let axis = try builder.constant([Int64(1)])
    let picked = try builder.add(GatherElements(axis: 1), x, builder.add(Unsqueeze(), classes, axis))
    var loss = try builder.add(Unary(.negate), builder.add(Squeeze(), picked, axis))
    var weights = try builder.optional(inputs, 2).map { weight throws(GraphError) in
      try builder.add(Gather(axis: 0), weight, classes)
    }
    if let ignored {
      let one = try builder.constant(1, as: dtype)
      weights = try builder.add(Select(), ignored, builder.constant(0, as: dtype), weights ?? one)
    }
    if let weights { loss = try builder.add(Binary(.multiply), loss, weights) }
    switch (reduction, weights) {
    case (.none, _): return [loss]
    case (.sum, _): return [try builder.add(Reduce(.sum, keepsDimensions: false), loss)]
    case (.mean, nil): return [try builder.add(Reduce(.mean, keepsDimensions: false), loss)]
    case (.mean, let weights?):
      let sum = Reduce(.sum, keepsDimensions: false)
      return [try builder.add(Binary(.divide), builder.add(sum, loss), builder.add(sum, weights))]
    }
  }
}

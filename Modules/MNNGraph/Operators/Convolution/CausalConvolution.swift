/// A depthwise convolution over time that looks back only, and carries what it needs of one call over to the next.
///
/// - Inputs: `x` `[N, C, length]`; `weight` `[C, 1, k]`; `bias` `[C]`, optional; `past` `[N, C, k - 1]`, optional (zeros).
/// - Results: the type and shape of `x`; the last `k - 1` elements of `past` and `x`, the next call's `past`.
/// - SeeAlso: ONNX CausalConvWithState, opset 27.
public struct CausalConvolution: CompositeOperator, Codable {
  /// `y * sigmoid(y)` of the result.
  public var appliesSilu: Bool

  public init(appliesSilu: Bool = false) { self.appliesSilu = appliesSilu }

  public var resultCount: Int { 2 }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0, rank: 3)
    let weight = try operands.type(1, rank: 3)
    try requireEqual(x.shape[1], weight.shape[0], "the number of channels")
    let state = TensorType(x.dtype, [x.shape[0], x.shape[1], weight.shape[2] - 1])
    if operands[optional: 3] != nil {
      let past = try operands.type(3, rank: 3)
      try requireSame(x.dtype, past.dtype, "the type of the state")
      for axis in 0..<3 { try requireEqual(state.shape[axis], past.shape[axis], "axis \(axis) of the state") }
    }
    return [x, state]
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    let x = try builder.required(inputs, 0)
    let weight = try builder.required(inputs, 1)
    let shape = try builder.type(of: weight).shape
    guard let channels = shape[0].value, let kernel = shape[2].value, kernel > 0 else {
      throw GraphError(.dependsOnData, "the size of the weight is not known", found: "\(shape)")
    }
    let state = Int64(kernel - 1)
    let all =
      if let past = builder.optional(inputs, 3) {
        try builder.add(Concat(axis: 2), past, x)
      } else {
        try builder.add(Pad(), x, builder.constant([0, 0, state, 0, 0, 0]))
      }
    let y = try builder.add(Convolution(groups: channels), all, weight, builder.optional(inputs, 2))
    // The state begins where as many elements are left as x has, counted from the front: it may be empty.
    let length = try builder.add(Slice(), builder.shape(of: x), builder.constant([Int64(2)]), builder.constant([Int64(3)]))
    let next = try builder.add(Slice(), all, length, builder.constant([Int64(Int32.max)]), builder.constant([Int64(2)]))
    return [appliesSilu ? try builder.add(Unary(.silu), y) : y, next]
  }
}

/// Turns pairs of features by angles that depend on the position in the sequence (RoPE).
///
/// - Inputs: `x` `[N, heads, length, size]` or `[N, length, heads * size]`, floating point; `cosine` and `sine`
///   `[positions, turned / 2]` or, without `positions`, `[N, length, turned / 2]`; `positions` `[N, length]`, integers, optional.
/// - Result: the type and shape of `x`.
/// - SeeAlso: ONNX RotaryEmbedding, opset 23; arXiv 2104.09864.
public struct RotaryEmbedding: CompositeOperator, Codable {
  /// A pair is two neighbors, not an element of each half.
  public var isInterleaved: Bool
  /// How many features of a head are turned, the first ones; 0 for all.
  public var turnedSize: Int
  /// Needed where `x` has three axes.
  public var heads: Int

  public init(isInterleaved: Bool = false, turnedSize: Int = 0, heads: Int = 0) {
    self.isInterleaved = isInterleaved
    self.turnedSize = turnedSize
    self.heads = heads
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.floatType(0)
    guard x.shape.rank == 4 || x.shape.rank == 3 else {
      throw GraphError(.rankMismatch, "input 0 has the wrong number of axes", expected: "3 or 4", found: "\(x.shape)")
    }
    try requireAttribute(
      turnedSize >= 0 && turnedSize % 2 == 0 && (x.shape.rank == 4 || heads > 0), "bad rotation",
      expected: "an even size, and heads above 0 for three axes", found: "size \(turnedSize), \(heads) heads")
    for index in 1..<3 {
      try requireSame(x.dtype, operands.dtype(index), "the type of input \(index)")
      _ = try operands.type(index, rank: operands[optional: 3] == nil ? 3 : 2)
    }
    if operands[optional: 3] != nil { _ = try operands.integerType(3) }
    return [x]
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    let x = try builder.required(inputs, 0)
    let isFlat = try builder.type(of: x).shape.rank == 3
    let heads = isFlat ? try builder.reshape(x, [0, 0, self.heads, -1]) : x
    guard let size = try builder.type(of: heads).shape[3].value else {
      throw GraphError(.dependsOnData, "the size of a head is not known")
    }
    let turned = turnedSize == 0 ? size : turnedSize
    guard turned <= size, turned % 2 == 0 else {
      throw GraphError(.attributeInvalid, "bad rotation", expected: "an even size of at most \(size)", found: "\(turned)")
    }
    var angles: [Value.ID] = []
    for index in 1..<3 {
      var table = try builder.required(inputs, index)
      if let positions = builder.optional(inputs, 3) { table = try builder.add(Gather(axis: 0), table, positions) }
      // The angles are the same for all heads.
      angles.append(try builder.add(Unsqueeze(), table, builder.constant([Int64(isFlat ? 2 : 1)])))
    }
    func part(_ start: Int, _ end: Int, step: Int = 1) throws(GraphError) -> Value.ID {
      try builder.add(
        Slice(), heads, builder.constant([Int64(start)]), builder.constant([Int64(end)]), builder.constant([Int64(3)]),
        builder.constant([Int64(step)]))
    }
    let first = try isInterleaved ? part(0, turned, step: 2) : part(0, turned / 2)
    let second = try isInterleaved ? part(1, turned, step: 2) : part(turned / 2, turned)
    func product(_ x: Value.ID, _ y: Value.ID) throws(GraphError) -> Value.ID { try builder.add(Binary(.multiply), x, y) }
    let real = try builder.add(Binary(.subtract), product(first, angles[0]), product(second, angles[1]))
    let imaginary = try builder.add(Binary(.add), product(first, angles[1]), product(second, angles[0]))
    var result: Value.ID
    if isInterleaved {
      let axis = try builder.constant([Int64(4)])
      let pairs = try builder.add(
        Concat(axis: 4), builder.add(Unsqueeze(), real, axis), builder.add(Unsqueeze(), imaginary, axis))
      result = try builder.reshape(pairs, [0, 0, 0, turned])
    } else {
      result = try builder.add(Concat(axis: 3), real, imaginary)
    }
    if turned < size { result = try builder.add(Concat(axis: 3), result, part(turned, size)) }
    return [isFlat ? try builder.add(Reshape(), result, builder.shape(of: x)) : result]
  }
}

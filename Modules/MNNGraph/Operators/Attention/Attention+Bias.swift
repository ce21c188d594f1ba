extension Attention {
  /// What is added to the scores: the mask, and `-inf` where a query must not see a key; nil if there is neither.
  func bias(
    _ inputs: [Value.ID?], query: Value.ID, key: Value.ID, in builder: inout GraphBuilder
  ) throws(GraphError) -> Value.ID? {
    let dtype = try builder.type(of: query).dtype
    var result: Value.ID?
    if let mask = builder.optional(inputs, 3) { result = try additive(mask, key: key, dtype, in: &builder) }
    guard let open = try openKeys(inputs, query: query, key: key, in: &builder) else { return result }
    let bias = try closing(open, dtype, in: &builder)
    return try result.map { mask throws(GraphError) in try builder.add(Binary(.add), mask, bias) } ?? bias
  }

  private func closing(_ open: Value.ID, _ dtype: DType, in builder: inout GraphBuilder) throws(GraphError) -> Value.ID {
    try builder.add(Select(), open, builder.constant(0, as: dtype), builder.constant(-.infinity, as: dtype))
  }

  /// The mask as numbers to add, as long as there are keys.
  private func additive(
    _ mask: Value.ID, key: Value.ID, _ dtype: DType, in builder: inout GraphBuilder
  ) throws(GraphError) -> Value.ID {
    let type = try builder.type(of: mask)
    let bias =
      type.dtype == .bool
      ? try closing(mask, dtype, in: &builder)
      : type.dtype == dtype ? mask : try builder.add(Cast(to: dtype), mask)
    guard let total = try builder.type(of: key).shape[2].value, let own = type.shape.dimensions.last?.value, own < total
    else { return bias }
    return try builder.add(
      Pad(), bias, builder.constant([0, Int64(total - own)]), builder.constant(-.infinity, as: dtype),
      builder.constant([Int64(-1)]))
  }

  /// Where queries may look, true or false, broadcast to the scores; nil for everywhere.
  private func openKeys(
    _ inputs: [Value.ID?], query: Value.ID, key: Value.ID, in builder: inout GraphBuilder
  ) throws(GraphError) -> Value.ID? {
    let keys = try places(on: key, in: &builder)
    var conditions: [Value.ID] = []
    var lengths: Value.ID?
    if let counts = builder.optional(inputs, 6) {
      let wide = try builder.add(Cast(to: .int64), counts)
      let column = try builder.reshape(wide, [-1, 1, 1, 1])
      conditions.append(try builder.add(Comparison(.less), keys, column))
      lengths = column
    }
    if isCausal || window.before != nil || window.after != nil {
      let rows = try builder.add(Unsqueeze(), places(on: query, in: &builder), builder.constant([Int64(1)]))
      var own = rows
      if let past = builder.optional(inputs, 4) {
        own = try builder.add(Binary(.add), rows, count(of: past, in: &builder))
      } else if let lengths {
        let first = try builder.add(Binary(.subtract), lengths, count(of: query, in: &builder))
        own = try builder.add(Binary(.add), rows, first)
      }
      let ahead = try builder.add(Binary(.subtract), keys, own)
      func limit(_ function: Comparison.Function, _ bound: Int) throws(GraphError) {
        conditions.append(try builder.add(Comparison(function), ahead, builder.constant(Int64(bound))))
      }
      if isCausal { try limit(.lessOrEqual, 0) }
      if let after = window.after { try limit(.lessOrEqual, after) }
      if let before = window.before { try limit(.greaterOrEqual, -before) }
    }
    guard var open = conditions.first else { return nil }
    for other in conditions.dropFirst() { open = try builder.add(Binary(.and), open, other) }
    return open
  }

  /// How many rows the matrices of `x` have.
  private func count(of x: Value.ID, in builder: inout GraphBuilder) throws(GraphError) -> Value.ID {
    if let size = try builder.type(of: x).shape[2].value { return try builder.constant(Int64(size)) }
    return try builder.add(Gather(axis: 0), builder.add(ShapeOf(), x), builder.constant(Int64(2)))
  }

  /// 0, 1, … for the rows of the matrices of `x`.
  private func places(on x: Value.ID, in builder: inout GraphBuilder) throws(GraphError) -> Value.ID {
    if let size = try builder.type(of: x).shape[2].value { return builder.constant(try Tensor.generated([size]) { Int64($0) }) }
    return try builder.add(
      Arange(), builder.constant(Int64(0)), count(of: x, in: &builder), builder.constant(Int64(1)))
  }
}

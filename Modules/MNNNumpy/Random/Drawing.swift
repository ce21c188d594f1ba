import MNNGraph

/// Arrays of random numbers.
struct Drawing {
  let generator: RandomGenerator

  func uniform(_ shape: [Int], low: Double = 0, high: Double = 1, dtype: DType) throws(GraphError) -> Tensor {
    let width = high - low
    if dtype == .float64 {
      return try fill(shape, Double.self) { state, target, count in
        for i in 0..<count { target[i] = low + width * state.nextUniform() }
      }
    }
    // Multiples of 2^-24, so that rounding never gives the upper end.
    return try fill(shape, Float.self) { state, target, count in
      for i in 0..<count { target[i] = Float(low) + Float(width) * (Float(state.next() >> 40) * 0x1p-24) }
    }.cast(to: dtype)
  }

  func normal(_ shape: [Int], mean: Double = 0, deviation: Double = 1, dtype: DType) throws(GraphError) -> Tensor {
    let wide = try fill(shape, Double.self) { state, target, count in
      for i in stride(from: 0, to: count, by: 2) {
        let (a, b) = state.nextNormals()
        target[i] = mean + deviation * a
        if i + 1 < count { target[i + 1] = mean + deviation * b }
      }
    }
    return try wide.cast(to: dtype)
  }

  func integers(_ shape: [Int], low: Int, high: Int, dtype: DType) throws(GraphError) -> Tensor {
    let (least, greatest) = np.range(dtype)
    guard low < high, !dtype.isFloatingPoint, dtype == .bool ? low >= 0 && high <= 2 : low >= least && high - 1 <= greatest else {
      throw GraphError(
        .attributeInvalid, "randint cannot draw from these bounds", expected: "low < high within \(dtype)",
        found: "\(low) and \(high)")
    }
    let bound = UInt64(bitPattern: Int64(high)) &- UInt64(bitPattern: Int64(low))
    return try fill(shape, Int64.self) { state, target, count in
      for i in 0..<count { target[i] = Int64(bitPattern: UInt64(bitPattern: Int64(low)) &+ state.next(below: bound)) }
    }.cast(to: dtype)
  }

  func exponential(_ shape: [Int], scale: Double, dtype: DType) throws(GraphError) -> Tensor {
    try fill(shape, Double.self) { state, target, count in
      for i in 0..<count { target[i] = -scale * Double.log(1 - state.nextUniform()) }
    }.cast(to: dtype)
  }

  /// 0 ..< count in random order, the first `wanted` of it.
  func permutation(_ count: Int, first wanted: Int? = nil) throws(GraphError) -> Tensor {
    let all = try fill([count], Int64.self) { state, target, count in
      for i in 0..<count { target[i] = Int64(i) }
      for i in 0..<Swift.min(wanted ?? count, Swift.max(count - 1, 0)) {
        let j = i + Int(state.next(below: UInt64(count - i)))
        (target[i], target[j]) = (target[j], target[i])
      }
    }
    return try wanted.map { wanted throws(GraphError) in try Strided(all, shape: [wanted], strides: [1]).tensor() } ?? all
  }

  private func fill<T: TensorScalar>(
    _ shape: [Int], _: T.Type, _ body: (inout RandomGenerator.State, UnsafeMutablePointer<T>, Int) -> Void
  ) throws(GraphError) -> Tensor {
    let result = try Tensor(uninitialized: T.dtype, shape: shape)
    generator.withState { body(&$0, result.target(T.self), result.count) }
    return result
  }
}

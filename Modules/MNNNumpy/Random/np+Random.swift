public import MNNExpr
public import MNNGraph

extension np {
  /// Random numbers of the current task's generator: ``generator`` unless ``withGenerator(_:_:)`` says otherwise.
  // swift-format-ignore: TypeNamesShouldBeCapitalized
  public enum random {
    /// The generator that functions draw from.
    @TaskLocal public static var generator = RandomGenerator()
  }
}

extension np.random {
  private static var drawing: Drawing { Drawing(generator: generator) }

  /// A generator of its own, to draw from with ``withGenerator(_:_:)``.
  public static func defaultRNG(_ seed: UInt64? = nil) -> RandomGenerator { RandomGenerator(seed: seed) }

  /// Lets `body` draw from a generator, in this task and its children.
  public static func withGenerator<R>(_ generator: RandomGenerator, _ body: () throws -> R) rethrows -> R {
    try $generator.withValue(generator, operation: body)
  }

  /// Starts the current generator anew from a seed.
  public static func seed(_ seed: UInt64) { generator.seed(seed) }

  /// Uniform in `0 ..< 1`, float32, of the shape that the arguments list.
  public static func rand(_ shape: Int...) -> Variable { random(shape) }

  /// Normal of mean 0 and deviation 1, float32, of the shape that the arguments list.
  public static func randn(_ shape: Int...) -> Variable { normal(size: shape) }

  /// Uniform in `0 ..< 1`.
  public static func random(_ size: any IntegerList = [], dtype: DType = .float32) -> Variable {
    uniform(size: size, dtype: dtype)
  }

  /// Uniform in `low ..< high`.
  public static func uniform(
    _ low: Double = 0, _ high: Double = 1, size: any IntegerList = [], dtype: DType = .float32
  ) -> Variable {
    .make { () throws(GraphError) in try drawing.uniform(size.integers, low: low, high: high, dtype: dtype) }
  }

  /// Normal.
  public static func normal(
    _ mean: Double = 0, _ deviation: Double = 1, size: any IntegerList = [], dtype: DType = .float32
  ) -> Variable {
    .make { () throws(GraphError) in
      guard deviation >= 0 else { throw GraphError(.attributeInvalid, "scale must not be negative", found: "\(deviation)") }
      return try drawing.normal(size.integers, mean: mean, deviation: deviation, dtype: dtype)
    }
  }

  /// Whole numbers in `low ..< high`, or in `0 ..< low` if `high` is nil.
  public static func randint(
    _ low: Int, _ high: Int? = nil, size: any IntegerList = [], dtype: DType = .int32
  ) -> Variable {
    .make { () throws(GraphError) in
      try drawing.integers(size.integers, low: high == nil ? 0 : low, high: high ?? low, dtype: dtype)
    }
  }

  /// Exponential of mean `scale`.
  public static func exponential(_ scale: Double = 1, size: any IntegerList = [], dtype: DType = .float32) -> Variable {
    .make { () throws(GraphError) in try drawing.exponential(size.integers, scale: scale, dtype: dtype) }
  }

  /// The entries along the first axis in random order.
  public static func permutation(_ a: Variable) -> Variable {
    a.map { x throws(GraphError) in
      guard x.rank > 0 else { throw GraphError(.rankMismatch, "permutation needs an axis", advice: "use permutation(of:)") }
      return try Taking.take(x, drawing.permutation(x.shape[0]), axis: 0, mode: .raise)
    }
  }

  /// 0 ..< count in random order, as int64.
  public static func permutation(of count: Int) -> Variable {
    .make { () throws(GraphError) in try drawing.permutation(count) }
  }

  /// Entries of a vector drawn at random, with or without putting them back.
  public static func choice(_ a: Variable, size: any IntegerList = [], replace: Bool = true) -> Variable {
    a.map { x throws(GraphError) in
      let shape = size.integers
      let count = try checkedElementCount(shape)
      guard x.rank == 1, x.count > 0 || count == 0, replace || count <= x.count else {
        throw GraphError(
          .attributeInvalid, "cannot draw \(count) of an array of shape \(x.shape)\(replace ? "" : " without putting back")")
      }
      let places =
        try replace && count > 0
        ? drawing.integers([count], low: 0, high: x.count, dtype: .int64) : drawing.permutation(x.count, first: count)
      return try Taking.take(x, places, axis: 0, mode: .raise).reshaped(shape)
    }
  }
}

public import MNNGraph

/// Variables out of nothing.
extension expr {
  /// A constant of `shape` with the elements in row-major order.
  public static func const<T: TensorScalar>(_ values: [T], shape: [Int], format: DataFormat = .NCHW, dtype: DType? = nil)
    -> Variable
  {
    let result = Variable(values, shape: shape, format: format)
    return dtype.map { result.cast(to: $0) } ?? result
  }

  /// A variable without contents; -1 for a size that is not known yet.
  public static func placeholder(
    _ shape: [Int] = [], format: DataFormat = .NCHW, dtype: DType = .float32, name: String? = nil
  ) -> Variable {
    Variable.placeholder(shape: shape, format: format, dtype: dtype, name: name)
  }

  /// The same variable; `deepCopy` gives it elements of its own.
  public static func clone(_ x: Variable, deepCopy: Bool = false) -> Variable {
    guard deepCopy else { return x }
    var copy = x
    do throws(ExprError) { try copy.modifyTensor { _ in } } catch { return Variable(failed: error) }
    return copy
  }

  /// `shape` full of one number.
  public static func fill(_ shape: [Int], _ value: Variable) -> Variable {
    Variable.attempt { () throws(ExprError) in
      guard try value.count == 1 else {
        throw ExprError(.notOneElement, "a fill needs one number", expected: "1 element", found: "\(try value.count)")
      }
      return Variable.apply(Fill(), [value, .integers(shape)], constants: [1])
    }
  }

  /// Zeros of the type and shape of `x`.
  public static func zerosLike(_ x: Variable) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let type = try x.type
      if let sizes = type.shape.sizes {
        return Variable(format: x.format) { () throws(GraphError) in try Tensor.zeros(type.dtype, sizes) }
      }
      return Variable.apply(Fill(), [x.constant(0), shape(x, dtype: .int64)])
    }
  }

  /// The numbers from `start` towards `limit`, `delta` apart, without `limit`.
  public static func range(_ start: Variable, _ limit: Variable, _ delta: Variable) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let dtype = try Variable.commonType([start, limit, delta])
      return Variable.apply(
        Arange(), [start.cast(to: dtype), limit.cast(to: dtype), delta.cast(to: dtype)], constants: [0, 1, 2])
    }
  }

  /// Random numbers, all equally likely, from `low` to below `high`. The same seeds give the same numbers; two zeros new ones.
  public static func randomUniform(
    _ shape: [Int], dtype: DType = .float32, low: Float = 0, high: Float = 1, seed0: Int = 0, seed1: Int = 1
  ) -> Variable {
    guard low.isFinite, high.isFinite, low <= high else {
      return Variable(
        failed: ExprError(.argumentInvalid, "bad bounds", expected: "numbers in order", found: "\(low) and \(high)"))
    }
    // Drawn now, so that a result that is computed twice is the same twice.
    let seed = seed0 == 0 && seed1 == 0 ? Int.random(in: 0..<1 << 24) : (seed0 &* 31 &+ seed1) & 0xff_ffff
    return Variable.apply(
      RandomUniform(low: low, high: high, dtype: dtype, seed: Float(seed)), [.integers(shape)], constants: [0])
  }
}

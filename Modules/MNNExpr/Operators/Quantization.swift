import MNNGraph

/// Whole numbers in place of floats.
extension expr {
  /// `round(x / scale) + zero` between `min` and `max`, as int8; one scale, or one per channel.
  public static func quant(_ x: Variable, scale: Variable, min: Int = -128, max: Int = 127, zero: Int = 0) -> Variable {
    Variable.attempt { () throws(ExprError) in
      guard min >= -128, max <= 127, min <= max, zero >= -128, zero <= 127 else {
        throw ExprError(.argumentInvalid, "bad bounds", expected: "-128 to 127", found: "\(min) to \(max), zero point \(zero)")
      }
      let image = x.channelsFirst
      let count = try scale.count
      let zeros = Variable([Int8](repeating: Int8(zero), count: count), shape: count == 1 ? [] : nil)
      return Variable.apply(
        QuantizeLinear(dtype: .int8, range: min...max), [image, count == 1 ? reshape(scale, []) : scale, zeros],
        constants: [1, 2])
    }
  }

  /// `(x - zero) * scale`, as float32; one scale, or one per channel.
  public static func dequant(_ x: Variable, scale: Variable, zero: Int = 0) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let count = try scale.count
      let dtype = try x.dtype
      let zeros = Variable { () throws(GraphError) in
        try Tensor(shape: count == 1 ? [] : [count], scalars: [Int64](repeating: Int64(zero), count: count)).converted(to: dtype)
      }
      return Variable.apply(
        DequantizeLinear(), [x.channelsFirst, count == 1 ? reshape(scale, []) : scale, zeros], constants: [1, 2])
    }
  }
}

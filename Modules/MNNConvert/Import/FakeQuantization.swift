import MNNGraph

extension ImportScope {
  /// What is left of numbers that were kept in few bits between two bounds. The bounds are moved so that 0 is one of the numbers.
  final func fakeQuantized(
    _ x: Value.ID, minimum: Float, maximum: Float, bits: Int, isNarrow: Bool
  ) throws(ImportError) -> Value.ID {
    guard bits >= 2, bits <= 16, minimum < maximum, minimum.isFinite, maximum.isFinite else {
      throw ImportError(
        .invalidAttribute, "the bounds of the quantization are not valid", expected: "minimum below maximum, 2 to 16 bits",
        found: "\(minimum) to \(maximum), \(bits) bits")
    }
    let (low, high) = (isNarrow ? 1 : 0, (1 << bits) - 1)
    let scale = (maximum - minimum) / Float(high - low)
    let zero = (Float(low) - minimum / scale).rounded(.toNearestOrAwayFromZero)
    let point = Int(min(max(zero, Float(low)), Float(high)))
    let dtype: DType = bits <= 8 ? .uint8 : .uint16
    let zeroPoint = try converting { () throws(GraphError) in constant(try Tensor(Int64(point)).converted(to: dtype)) }
    let steps = try constant(scale)
    let stored = try add(QuantizeLinear(dtype: dtype, range: low...high), x, steps, zeroPoint)
    return try add(DequantizeLinear(), stored, steps, zeroPoint)
  }
}

import MNNGraph

/// Between floats and 8 bit integers. See `Docs/format.md`, 13.
enum QuantizationCodec {
  static let readers: [OperatorReader] = [
    .one(.FloatToInt8) { scope throws(FormatError) in
      let p = scope.main(Wire.QuantizedFloatParam.self)
      // The file has the factor, not the size of a step.
      let (scale, zero) = try parameters(p, scope) { $0 == 0 ? 0 : 1 / $0 }
      let range = Int(min(p.clampMin, p.clampMax))...Int(max(p.clampMin, p.clampMax))
      return try scope.append(QuantizeLinear(dtype: .int8, range: range), scope.input(0), scale, zero)
    },
    .one(.Int8ToFloat) { scope throws(FormatError) in
      let (scale, zero) = try parameters(scope.main(Wire.QuantizedFloatParam.self), scope) { $0 }
      return try scope.append(DequantizeLinear(), scope.input(0), scale, zero)
    },
  ]

  /// One scale for all, or one per channel.
  private static func parameters(
    _ p: Wire.QuantizedFloatParam, _ scope: ReadingScope, _ step: (Float) -> Float
  ) throws(FormatError) -> (scale: Value.ID, zero: Value.ID) {
    let factors = Array(p.tensorScale ?? [])
    guard !factors.isEmpty else { throw FormatError(.missing, "the quantization has no scale") }
    let given = Array(p.floatzeros ?? [])
    let zeros = given.isEmpty ? [Float(p.zeroPoint)] : given
    guard zeros.count == factors.count || zeros.count == 1 else {
      throw FormatError(.lengthMismatch, "zero points do not fit", expected: "\(factors.count)", found: "\(zeros.count)")
    }
    let all = zeros.count == factors.count ? zeros : factors.map { _ in zeros[0] }
    return try asFormatError { () throws(GraphError) in
      (
        scope.constant(try Tensor(factors.map(step))),
        scope.constant(try Tensor(all.map { Int8(converting: Double($0.rounded())) }))
      )
    }
  }
}

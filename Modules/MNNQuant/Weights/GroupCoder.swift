import MNNGraph

/// Turns groups of weights into codes.
struct GroupCoder {
  let quantization: WeightQuantization
  /// Groups whose values hardly differ have one code.
  private static let smallestScale: Float = 1e-6

  /// Codes of weights in `groups` runs of equal length.
  func codes(of weights: Tensor, groups: Int) throws(QuantizationError) -> GroupedCodes {
    try quantization.check()
    return try asQuantizationError { () throws(GraphError) in
      let weights = try weights.converted(to: .float32)
      guard groups > 0, weights.count % groups == 0 else {
        throw GraphError(.shapeMismatch, "weights do not make up groups", expected: "\(groups) groups", found: "\(weights.count)")
      }
      let length = weights.count / groups
      let steps = quantization.method == .halfQuadratic ? HalfQuadratic.roundCount * 8 : 8
      try WorkBudget.current?.spend(
        Work(operations: weights.count.saturatingMultiply(steps), bytes: weights.count.saturatingMultiply(2)), on: .quantizing)
      let codes = try Tensor(uninitialized: .int8, shape: weights.shape)
      var scales = [Float](repeating: 0, count: groups)
      var minima = [Float](repeating: 0, count: quantization.isAsymmetric ? groups : 0)
      let target = codes.unsafeMutable(as: Int8.self)
      var optimizer = HalfQuadratic(stepCount: quantization.stepCount, length: length)
      weights.withUnsafeBytes { bytes in
        let values = bytes.bindMemory(to: Float.self)
        for group in 0..<groups {
          let range = group * length..<(group + 1) * length
          let row = UnsafeBufferPointer(rebasing: values[range])
          let out = UnsafeMutableBufferPointer(rebasing: target[range])
          if quantization.isAsymmetric {
            (minima[group], scales[group]) = asymmetric(row, &optimizer, into: out)
          } else {
            scales[group] = symmetric(row, into: out)
          }
        }
      }
      return GroupedCodes(
        codes: codes, bits: quantization.bits, scales: scales, minima: quantization.isAsymmetric ? minima : nil,
        lowest: quantization.isAsymmetric ? lowest : 0, areHalves: quantization.scaleBits == 16)
    }
  }

  private var lowest: Int { quantization.lowestCode }

  /// As it will be read back.
  private func stored(_ value: Float) -> Float {
    guard quantization.scaleBits == 16 else { return value }
    return Float(Half(min(max(value, -65504), 65504)))
  }

  private func asymmetric(
    _ row: UnsafeBufferPointer<Float>, _ optimizer: inout HalfQuadratic, into codes: UnsafeMutableBufferPointer<Int8>
  ) -> (low: Float, scale: Float) {
    var (low, high) = (row.first ?? 0, row.first ?? 0)
    for value in row { (low, high) = (min(low, value), max(high, value)) }
    var scale = (high - low) / Float(quantization.stepCount)
    let isFlat = !(scale > Self.smallestScale) || !scale.isFinite || !low.isFinite
    if quantization.method == .halfQuadratic, !isFlat { (low, scale) = optimizer.refined(row, low: low, scale: scale) }
    (low, scale) = (stored(low), stored(scale))
    for (i, value) in row.enumerated() {
      codes[i] = code(value - low, scale, from: lowest, zero: lowest, isFlat)
    }
    return (low, scale)
  }

  private func symmetric(_ row: UnsafeBufferPointer<Float>, into codes: UnsafeMutableBufferPointer<Int8>) -> Float {
    let scale = stored(row.reduce(0) { max($0, abs($1)) } / Float(quantization.stepCount / 2))
    let isFlat = !(scale > Self.smallestScale) || !scale.isFinite
    for (i, value) in row.enumerated() { codes[i] = code(value, scale, from: lowest + 1, zero: 0, isFlat) }
    return scale
  }

  private func code(_ weight: Float, _ scale: Float, from first: Int, zero: Int, _ isFlat: Bool) -> Int8 {
    guard !isFlat, weight.isFinite else { return Int8(clamping: zero) }
    let quotient = (weight / scale).rounded(.toNearestOrAwayFromZero)
    // Not so if the range itself is not finite.
    guard abs(quotient) < 1e6 else { return Int8(clamping: zero) }
    return Int8(clamping: min(max(Int(converting: quotient) + zero, first), -lowest - 1))
  }
}

/// Weights in few bits as files hold them: codes in groups of equal length, one after the other in row-major order, each with a scale
/// and perhaps a smallest value.
package struct GroupedCodes {
  /// Of int8, with the shape of the weights.
  package var codes: Tensor
  /// Bits of a code, 2 to 8.
  package var bits: Int
  package var scales: [Float]
  /// The smallest value of each group, whose code is ``lowest``; nil for symmetric weights.
  package var minima: [Float]?
  package var lowest: Int
  /// Whether scales and minima are kept in half precision.
  package var areHalves: Bool

  package init(codes: Tensor, bits: Int, scales: [Float], minima: [Float]?, lowest: Int, areHalves: Bool = false) {
    self.codes = codes
    self.bits = bits
    self.scales = scales
    self.minima = minima
    self.lowest = lowest
    self.areHalves = areHalves
  }

  /// The operator that makes floats of them, and its operands: packed codes, scales, and the lowest code and smallest values of
  /// asymmetric weights.
  package func dequantization() throws(GraphError) -> (op: DequantizeLinear, operands: [Tensor]) {
    var repeats = 1
    var shape: [Int] = []
    // Groups of a transposed convolution need not be slices of an axis: then parts of them are, which share their scale.
    var granularity = QuantizationGranularity(groups: scales.count, of: codes.shape, scale: &shape)
    while granularity == nil, !scales.isEmpty, repeats < codes.count / scales.count {
      repeats += 1
      granularity = QuantizationGranularity(groups: scales.count * repeats, of: codes.shape, scale: &shape)
    }
    guard let granularity, minima == nil || minima?.count == scales.count else {
      throw GraphError(
        .shapeMismatch, "weights do not make up groups", expected: "a multiple of \(scales.count)", found: "\(codes.count)")
    }
    func tensor(_ values: [Float]) throws(GraphError) -> Tensor {
      let all = repeats == 1 ? values : values.flatMap { [Float](repeating: $0, count: repeats) }
      return areHalves ? try Tensor(shape: shape, scalars: all.map { Half($0) }) : try Tensor(shape: shape, scalars: all)
    }
    var operands = [try codes.packed(as: DType.signedInteger(bits: bits) ?? .int8), try tensor(scales)]
    if let minima { operands += [try Tensor(Int32(clamping: lowest)), try tensor(minima)] }
    return (DequantizeLinear(granularity: granularity, dtype: .float32), operands)
  }
}

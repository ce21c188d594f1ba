#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The weights by which the frequencies of a spectrum make up bands of equal width on the mel scale.
///
/// - Inputs: the number of bands, the length of the transform, the samples per second: one integer each; the lower and
///   the upper edge in hertz: one number each.
/// - Result: `[length / 2 + 1, bands]`, a triangle of height 1 per band.
/// - SeeAlso: ONNX MelWeightMatrix, opset 17.
public struct MelWeightMatrix: PrimitiveOperator, Codable {
  public var dtype: DType

  public init(dtype: DType = .float32) { self.dtype = dtype }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let bands = try operands.integer(0)
    let length = try operands.integer(1)
    let rate = try operands.integer(2)
    try requireAttribute(
      bands >= 0 && length >= 0 && rate > 0, "bad mel weights", expected: "at least 0, a rate above 0",
      found: "\(bands) bands, length \(length), rate \(rate)")
    return [TensorType(dtype, [Dimension(length / 2 + 1), Dimension(bands)])]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let shape = try resultTypes(for: arguments.operands)[0].shape.concreteSizes()
    _ = try checkedElementCount(shape)
    let length = try arguments.operands.integer(1)
    let rate = try arguments.operands.integer(2)
    var edges: [Double] = []
    for index in 3..<5 {
      guard let hertz = try arguments.scalars(index, as: Double.self).first, hertz >= 0, hertz.isFinite else {
        throw GraphError(.attributeInvalid, "bad edge of the mel scale", expected: "a number of at least 0")
      }
      edges.append(2595 * log10(1 + hertz / 700))
    }
    let step = (edges[1] - edges[0]) / Double(shape[1] + 2)
    func bin(_ band: Int) -> Int {
      let hertz = 700 * (pow(10, (edges[0] + Double(band) * step) / 2595) - 1)
      return Int(Int64(converting: ((Double(length) + 1) * hertz / Double(rate)).rounded(.down)))
    }
    return [
      try Tensor.computed(dtype, shape) { y throws(GraphError) in
        for band in 0..<shape[1] {
          let (low, center, high) = (bin(band), bin(band + 1), bin(band + 2))
          guard low >= 0, low <= center, center <= high, high <= shape[0] else {
            throw GraphError(
              .attributeInvalid, "a mel band lies outside the spectrum", expected: "0 to \(shape[0])",
              found: "\(low) to \(high)")
          }
          for bin in low...center where bin < shape[0] {
            y[bin * shape[1] + band] = low == center ? 1 : Double(bin - low) / Double(center - low)
          }
          for bin in center..<high { y[bin * shape[1] + band] = Double(high - bin) / Double(high - center) }
        }
      }
    ]
  }
}

/// Each region of interest brought to one size: bins whose value is the mean or the maximum of samples between pixels.
///
/// - Inputs: `x` `[N, C, H, W]`; `regions` `[R, 4]`, `x1 y1 x2 y2` in units of `1 / scale` pixels; `batch` `[R]`, integers:
///   the image of each region.
/// - Result: `[R, C, height, width]`, of the type of `x`. Samples more than one pixel outside count as 0.
/// - SeeAlso: ONNX RoiAlign, opset 16; `.mnn` operator ROIAlign.
public struct RoiAlign: PrimitiveOperator, Codable {
  public enum Function: String, Hashable, Sendable, CaseIterable, Codable { case average, maximum }

  public var function: Function
  public var height: Int
  public var width: Int
  /// Samples a bin has on each axis; 0 for one per pixel that it covers.
  public var samplesPerAxis: Int
  public var scale: Float
  /// Pixel `i` covers `i - 0.5 ... i + 0.5`, not `i ... i + 1`; regions may then be smaller than a pixel.
  public var isAligned: Bool

  public init(
    _ function: Function = .average, height: Int, width: Int, samplesPerAxis: Int = 0, scale: Float = 1,
    isAligned: Bool = true
  ) {
    self.function = function
    self.height = height
    self.width = width
    self.samplesPerAxis = samplesPerAxis
    self.scale = scale
    self.isAligned = isAligned
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0, rank: 4)
    let regions = try operands.type(1, rank: 2)
    _ = try operands.floatType(1)
    let batch = try operands.type(2, rank: 1)
    _ = try operands.integerType(2)
    try requireEqual(4, regions.shape[1], "the size of a region")
    try requireEqual(regions.shape[0], batch.shape[0], "the number of regions")
    try requireAttribute(
      height > 0 && width > 0 && samplesPerAxis >= 0 && scale > 0, "bad size of a region's result",
      expected: "above 0", found: "\(height)×\(width), \(samplesPerAxis) samples, scale \(scale)")
    return [TensorType(x.dtype, [regions.shape[0], x.shape[1], Dimension(height), Dimension(width)])]
  }

  /// Where the bins of a region lie on one axis.
  private struct Axis {
    var start: Double
    var binSize: Double
    var samples: Int

    func position(bin: Int, sample: Int) -> Double {
      start + (Double(bin) + (Double(sample) + 0.5) / Double(samples)) * binSize
    }
  }

  private func axis(from low: Double, to high: Double, bins: Int) throws(GraphError) -> Axis {
    let offset = isAligned ? 0.5 : 0
    let start = low * Double(scale) - offset
    let length = high * Double(scale) - offset - start
    let size = (isAligned ? length : max(length, 1)) / Double(bins)
    let samples = samplesPerAxis > 0 ? Double(samplesPerAxis) : size.rounded(.up)
    guard start.isFinite, samples < 65536 else {
      throw GraphError(.sizeOverflow, "a region of interest is too large", found: "\(low) to \(high)")
    }
    return Axis(start: start, binSize: size, samples: max(Int(converting: samples), 0))
  }

  /// The pixels next to a position and the weight of the second; nil if it lies outside.
  private func neighbors(_ position: Double, size: Int) -> (low: Int, high: Int, weight: Double)? {
    guard position >= -1, position <= Double(size) else { return nil }
    let inside = max(position, 0)
    let low = Int(converting: inside)
    return low >= size - 1 ? (size - 1, size - 1, 0) : (low, low + 1, inside - Double(low))
  }

  public func work(for operands: Operands, results: [TensorType]) -> Work {
    // Without a number of samples each region has as many as it has pixels.
    var samples = samplesPerAxis.saturatingMultiply(samplesPerAxis)
    if samplesPerAxis == 0 {
      samples = 4
      let regions = (try? operands[optional: 1]?.constant?.scalars(as: Double.self)).flatMap { $0 } ?? []
      for i in stride(from: 0, to: regions.count - 3, by: 4) {
        let sizes = [(regions[i + 2] - regions[i], width), (regions[i + 3] - regions[i + 1], height)].map { length, bins in
          Int(clamping: Int64(converting: (max(length * Double(scale), 1) / Double(max(bins, 1))).rounded(.up)))
        }
        samples = max(samples, sizes.saturatingProduct)
      }
    }
    var work = Work.sums(operands, results, each: samples.saturatingMultiply(16))
    work.bytes = work.bytes.saturatingAdd(samples.saturatingMultiply(256))
    return work
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let type = try resultTypes(for: arguments.operands)[0]
    let shape = try type.shape.concreteSizes()
    let sizes = try arguments.tensor(0).shape
    let x = try arguments.scalars(0, as: Double.self)
    let regions = try arguments.scalars(1, as: Double.self)
    let batch = try arguments.scalars(2, as: Int64.self)
    let plane = sizes[2] * sizes[3]
    return [
      try Tensor.computed(type.dtype, shape) { y throws(GraphError) in
        for r in 0..<shape[0] {
          let image = try normalizedIndex(batch[r], count: sizes[0]) * sizes[1]
          let across = try axis(from: regions[r * 4], to: regions[r * 4 + 2], bins: width)
          let down = try axis(from: regions[r * 4 + 1], to: regions[r * 4 + 3], bins: height)
          for bin in 0..<(height * width) {
            let corners = self.corners(down, bin / width, across, bin % width, sizes)
            for c in 0..<shape[1] {
              let pixels = (image + c) * plane
              let values = corners.map { $0.map { x[pixels + $0.at] * $0.weight } }
              y[(r * shape[1] + c) * height * width + bin] = combined(values)
            }
          }
        }
      }
    ]
  }

  /// For every sample of a bin the four pixels around it.
  private func corners(
    _ down: Axis, _ row: Int, _ across: Axis, _ column: Int, _ sizes: [Int]
  ) -> [[(at: Int, weight: Double)]] {
    var result: [[(at: Int, weight: Double)]] = []
    for i in 0..<down.samples {
      for j in 0..<across.samples {
        guard let v = neighbors(down.position(bin: row, sample: i), size: sizes[2]),
          let h = neighbors(across.position(bin: column, sample: j), size: sizes[3])
        else {
          result.append([])
          continue
        }
        result.append([
          (v.low * sizes[3] + h.low, (1 - v.weight) * (1 - h.weight)),
          (v.low * sizes[3] + h.high, (1 - v.weight) * h.weight),
          (v.high * sizes[3] + h.low, v.weight * (1 - h.weight)),
          (v.high * sizes[3] + h.high, v.weight * h.weight),
        ])
      }
    }
    return result
  }

  private func combined(_ samples: [[Double]]) -> Double {
    switch function {
    case .average: samples.reduce(0) { $0 + $1.reduce(0, +) } / Double(max(samples.count, 1))
    // As the specification has it: the largest weighted pixel, not the largest interpolated value.
    case .maximum: samples.map { $0.max() ?? 0 }.max() ?? 0
    }
  }
}

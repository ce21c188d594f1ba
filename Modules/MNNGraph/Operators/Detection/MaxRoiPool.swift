/// Each region of interest brought to one size: bins of whole pixels, of which the maximum counts.
///
/// - Inputs: `x` `[N, C, H, W]`; `regions` `[R, 5]`: the image, then `x1 y1 x2 y2` in units of `1 / scale` pixels.
/// - Result: `[R, C, height, width]`, of the type of `x`; a bin outside the image is 0.
/// - SeeAlso: ONNX MaxRoiPool; `.mnn` operator ROIPooling.
public struct MaxRoiPool: PrimitiveOperator, Codable {
  public var height: Int
  public var width: Int
  public var scale: Float

  public init(height: Int, width: Int, scale: Float = 1) {
    self.height = height
    self.width = width
    self.scale = scale
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0, rank: 4)
    let regions = try operands.type(1, rank: 2)
    try requireEqual(5, regions.shape[1], "the size of a region")
    try requireAttribute(
      height > 0 && width > 0 && scale > 0, "bad size of a region's result", expected: "above 0",
      found: "\(height)×\(width), scale \(scale)")
    return [TensorType(x.dtype, [regions.shape[0], x.shape[1], Dimension(height), Dimension(width)])]
  }

  /// The pixels of a bin.
  private func range(_ bin: Int, of bins: Int, from first: Int, to last: Int, size: Int) -> Range<Int> {
    let length = Double(max(last - first + 1, 1)) / Double(bins)
    let start = first + Int(converting: (Double(bin) * length).rounded(.down))
    let end = first + Int(converting: (Double(bin + 1) * length).rounded(.up))
    let low = min(max(start, 0), size)
    return low..<max(low, min(max(end, 0), size))
  }

  private func pixel(_ position: Double) throws(GraphError) -> Int {
    let scaled = (position * Double(scale)).rounded(.toNearestOrAwayFromZero)
    guard abs(scaled) < 0x1p31 else {
      throw GraphError(.sizeOverflow, "a region of interest is too large", found: "\(position)")
    }
    return Int(converting: scaled)
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let type = try resultTypes(for: arguments.operands)[0]
    let shape = try type.shape.concreteSizes()
    let sizes = try arguments.tensor(0).shape
    let x = try arguments.scalars(0, as: Double.self)
    let regions = try arguments.scalars(1, as: Double.self)
    let plane = sizes[2] * sizes[3]
    return [
      try Tensor.computed(type.dtype, shape) { y throws(GraphError) in
        for r in 0..<shape[0] {
          let image = try normalizedIndex(Int64(converting: regions[r * 5]), count: sizes[0]) * sizes[1]
          var edges: [Int] = []
          for i in 1..<5 { edges.append(try pixel(regions[r * 5 + i])) }
          for row in 0..<height {
            let rows = range(row, of: height, from: edges[1], to: edges[3], size: sizes[2])
            for column in 0..<width {
              let columns = range(column, of: width, from: edges[0], to: edges[2], size: sizes[3])
              if rows.isEmpty || columns.isEmpty { continue }
              for c in 0..<shape[1] {
                var best = -Double.infinity
                for i in rows { for j in columns { best = max(best, x[(image + c) * plane + i * sizes[3] + j]) } }
                y[((r * shape[1] + c) * height + row) * width + column] = best
              }
            }
          }
        }
      }
    ]
  }
}

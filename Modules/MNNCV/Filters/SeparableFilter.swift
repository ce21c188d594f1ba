import CKernels
import MNNExpr
import MNNGraph

extension Image {
  /// Correlation with a row, then a column of weights, whose middle lies on the pixel.
  ///
  /// - Parameters:
  ///   - depth: of the result: `uint8`, `int16` or `float32`.
  ///   - scale, delta: the result is multiplied, then shifted.
  func filtered(
    _ kernelX: [Float], _ kernelY: [Float], depth: DType, scale: Float = 1, delta: Float = 0,
    border: Border = .reflect101
  ) throws(ImageError) -> Image {
    if self.depth == .uint8, let x = wholeNumbers(kernelX), let y = wholeNumbers(kernelY),
      255 * x.reduce(0, { $0 + abs(Int($1)) }) * max(1, y.reduce(0, { $0 + abs(Int($1)) })) <= Int(Int16.max)
    {
      return try filteredBytes(x, y, depth: depth, scale: scale, delta: delta, border: border)
    }
    let (left, top) = (kernelX.count / 2, kernelY.count / 2)
    let padded = try bordered(
      top: top, left: left, bottom: kernelY.count - 1 - top, right: kernelX.count - 1 - left, border)
    let result = try like(depth: depth)
    let line = stride
    // A band of filtered rows that moves down, twice as high as needed so that it is moved seldom.
    let taps = kernelY.count
    let band = try Scratch<Float>((2 * taps + 1) * line)
    band.use { band in
      let sums = band + 2 * taps * line
      var (first, count) = (0, 0)
      for y in 0..<height {
        if y > 0 { (first, count) = (first + 1, count - 1) }
        if first + taps > 2 * taps {
          band.update(from: band + first * line, count: count * line)
          first = 0
        }
        while count < taps {
          padded.correlateRow(y + count, kernelX, into: band + (first + count) * line, count: line)
          count += 1
        }
        kernels.correlate_row_f32(band + first * line, line, kernelY, Int32(taps), sums, line)
        result.store(sums, row: y, scale: scale, delta: delta)
      }
    }
    return result
  }

  /// Correlation of row `y` with weights, as floats.
  fileprivate func correlateRow(_ y: Int, _ kernel: [Float], into target: UnsafeMutablePointer<Float>, count: Int) {
    if depth == .uint8 {
      read(UInt8.self) { kernels.correlate_row_u8_f32($0 + y * stride, channels, kernel, Int32(kernel.count), target, count) }
    } else {
      read(Float.self) { kernels.correlate_row_f32($0 + y * stride, channels, kernel, Int32(kernel.count), target, count) }
    }
  }

  /// Writes a row of a new image of any of the depths of results.
  func store(_ values: UnsafePointer<Float>, row: Int, scale: Float = 1, delta: Float = 0) {
    switch depth {
    case .uint8: kernels.scale_f32_u8(values, scale, delta, write(UInt8.self) + row * stride, stride)
    case .int16: kernels.scale_f32_s16(values, scale, delta, write(Int16.self) + row * stride, stride)
    default: kernels.scale_f32(values, scale, delta, write(Float.self) + row * stride, stride)
    }
  }

  /// Correlation with a grid of weights, whose middle lies on the pixel.
  func filtered(
    grid: [Float], _ columns: Int, depth: DType, delta: Float = 0, border: Border = .reflect101
  ) throws(ImageError) -> Image {
    let rows = grid.count / columns
    let (left, top) = (columns / 2, rows / 2)
    let padded = try bordered(top: top, left: left, bottom: rows - 1 - top, right: columns - 1 - left, border)
    let result = try like(depth: depth)
    let sums = try Scratch<Float>(stride)
    sums.use { sums in
      for y in 0..<height {
        sums.update(repeating: 0, count: stride)
        for (k, weight) in grid.enumerated() where weight != 0 {
          let start = (y + k / columns) * padded.stride + k % columns * channels
          if self.depth == .uint8 {
            padded.read(UInt8.self) { kernels.add_row_u8($0 + start, weight, 0, sums, stride) }
          } else {
            padded.read(Float.self) { kernels.add_row_f32($0 + start, weight, 0, sums, stride) }
          }
        }
        result.store(sums, row: y, delta: delta)
      }
    }
    return result
  }

  /// The depth of a result where nil is the source's.
  func resultDepth(_ wanted: DType?) throws(ImageError) -> DType {
    let depth = wanted ?? self.depth
    guard [.uint8, .int16, .float32].contains(depth), self.depth == .uint8 || depth == .float32 else {
      throw ImageError(
        .argumentInvalid, "ddepth does not fit the source",
        expected: self.depth == .uint8 ? "uint8, int16 or float32" : "float32", found: "\(depth)")
    }
    return depth
  }
}

/// The weights if all are whole numbers of at most 1000.
private func wholeNumbers(_ weights: [Float]) -> [Int16]? {
  guard weights.allSatisfy({ abs($0) <= 1000 && $0 == $0.rounded() }) else { return nil }
  return weights.map { Int16(converting: $0) }
}

/// Checks the size of a kernel.
func checkKernel(_ size: (width: Int, height: Int), isOdd: Bool = false) throws(ImageError) {
  guard 1...8191 ~= size.width, 1...8191 ~= size.height, !isOdd || (size.width % 2 == 1 && size.height % 2 == 1) else {
    throw ImageError(
      .argumentInvalid, "a kernel has no such size", expected: isOdd ? "odd, 1 to 8191" : "1 to 8191",
      found: "\(size.width) x \(size.height)")
  }
}

/// The elements of a tensor that holds a kernel, and its columns.
func kernelWeights(_ variable: Variable, _ name: String) throws(ImageError) -> (weights: [Float], columns: Int) {
  let tensor = try contents(variable, name)
  guard tensor.rank == 1 || tensor.rank == 2, tensor.count > 0, tensor.count <= 1 << 20 else {
    throw ImageError(.argumentInvalid, "\(name) is not a kernel", expected: "[rows, columns], not empty", found: "\(tensor.type)")
  }
  let weights = try inMemory { () throws(GraphError) in try tensor.scalars(as: Float.self) }
  return (weights, tensor.rank == 1 ? 1 : tensor.shape[1])
}

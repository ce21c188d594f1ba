import CKernels
import MNNExpr
import MNNGraph

extension Image {
  /// Correlation of bytes with symmetric weights in units of 1/256 whose sum is 1, along rows and columns; halves are rounded up.
  ///
  /// - Parameters:
  ///   - x, y: of odd counts.
  func smoothed(_ x: [UInt16], _ y: [UInt16], border: Border) throws(ImageError) -> Image {
    let (narrowX, narrowY) = (Self.withoutCommonFactor(x), Self.withoutCommonFactor(y))
    let taps = y.count
    let result = try like()
    try forBands(columns: x.count, rows: taps, border, UInt16.self) { source, target in
      kernels.smooth_row_u8(source, channels, narrowX.weights, Int32(x.count), target, stride)
    } finish: { y, rows in
      kernels.smooth_columns_u8(
        rows, narrowY.weights, Int32(taps), Int32(narrowX.bits + narrowY.bits), result.write(UInt8.self) + y * stride, stride)
    }
    return result
  }

  /// The mean of at most 256 bytes around each.
  func meansOfBytes(_ size: (width: Int, height: Int), _ border: Border) throws(ImageError) -> Image {
    let area = size.width * size.height
    if area == 1 { return self }
    let result = try like()
    let sums = try Scratch<Int16>(stride)
    let ones = [Int16](repeating: 1, count: max(size.width, size.height))
    try sums.use { sums throws(ImageError) in
      try forBands(columns: size.width, rows: size.height, border, Int16.self) { source, target in
        kernels.correlate_row_u8(source, channels, ones, Int32(size.width), target, stride)
      } finish: { y, rows in
        kernels.correlate_columns_s16(rows, ones, Int32(size.height), sums, stride)
        // Sums are up to 255 times 256: 16 bits without a sign.
        kernels.quotient_u8(
          UnsafeRawPointer(sums).assumingMemoryBound(to: UInt16.self), Int32(area), result.write(UInt8.self) + y * stride, stride)
      }
    }
    return result
  }

  /// Correlation of bytes with whole numbers whose sums fit 16 bits.
  func filteredBytes(
    _ x: [Int16], _ y: [Int16], depth: DType, scale: Float, delta: Float, border: Border
  ) throws(ImageError) -> Image {
    let result = try like(depth: depth)
    let isDirect = depth == .int16 && scale == 1 && delta == 0
    let sums = try Scratch<Int16>(stride)
    let floats = try Scratch<Float>(isDirect ? 1 : stride)
    try sums.use { sums throws(ImageError) in
      try floats.use { floats throws(ImageError) in
        try forBands(columns: x.count, rows: y.count, border, Int16.self) { source, target in
          kernels.correlate_row_u8(source, channels, x, Int32(x.count), target, stride)
        } finish: { row, rows in
          if isDirect {
            kernels.correlate_columns_s16(rows, y, Int32(y.count), result.write(Int16.self) + row * stride, stride)
          } else {
            kernels.correlate_columns_s16(rows, y, Int32(y.count), sums, stride)
            kernels.convert_s16_f32(sums, floats, stride)
            result.store(floats, row: row, scale: scale, delta: delta)
          }
        }
      }
    }
    return result
  }

  /// Filters every padded row of bytes once, and gives the filtered rows that each row of the result needs.
  private func forBands<T>(
    columns: Int, rows taps: Int, _ border: Border, _ type: T.Type,
    filter: (UnsafePointer<UInt8>, UnsafeMutablePointer<T>) -> Void, finish: (Int, [UnsafePointer<T>]) -> Void
  ) throws(ImageError) {
    let (left, top) = (columns / 2, taps / 2)
    let padding = RowPadding(self, left: left, right: columns - 1 - left, border)
    let line = stride
    let row = try Scratch<UInt8>(line + (columns - 1) * channels)
    // Each row lies in the place of its number modulo their count.
    let ring = try Scratch<T>(taps * line)
    row.use { row in
      ring.use { ring in
        for y in 0..<height + taps - 1 {
          padding.write(border.index(y - top, height), into: row)
          filter(row, ring + y % taps * line)
          if y >= taps - 1 { finish(y - taps + 1, (y - taps + 1...y).map { UnsafePointer(ring + $0 % taps * line) }) }
        }
      }
    }
  }

  /// Weights in units of 1/256 as multiples of the largest 1/2^bits that allows it.
  private static func withoutCommonFactor(_ weights: [UInt16]) -> (weights: [UInt16], bits: Int) {
    let spare = min(8, weights.filter { $0 != 0 }.map(\.trailingZeroBitCount).min() ?? 0)
    return (weights.map { $0 >> UInt16(spare) }, 8 - spare)
  }
}

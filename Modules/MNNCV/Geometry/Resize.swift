import CKernels
public import MNNExpr
import MNNGraph

extension cv {
  /// An image of another size.
  ///
  /// - Parameters:
  ///   - src: `[height, width, channels]`, `uint8` or `float32`.
  ///   - dsize: width and height of the result, up to 2^22; nil takes `fx` and `fy` times the source's, rounded.
  ///   - fx, fy: scales along the axes if `dsize` is nil.
  ///   - interpolation: ``INTER_LINEAR`` unless said otherwise; ``INTER_AREA`` is best for shrinking.
  ///   - code: what ``cvtColor(_:_:dstCn:)`` does with the result, in the same pass; nil for nothing.
  ///   - mean, norm: if either has numbers, the result is `(value - mean) * norm` as `float32`, with a number for each channel
  ///     or one for all; none stands for 0 and for 1.
  /// - Returns: the same depth and channels, unless `code`, `mean` or `norm` say otherwise.
  /// - Throws: ``ImageError``, also if `code`, `mean` or `norm` do not fit the channels.
  public static func resize(
    _ src: Variable, _ dsize: (width: Int, height: Int)?, fx: Double = 0, fy: Double = 0,
    interpolation: Interpolation = .linear, code: ColorConversion? = nil, mean: [Float] = [], norm: [Float] = []
  ) throws(ImageError) -> Variable {
    let image = try Image(src)
    let finish = Finish(code: code, mean: mean, norm: norm)
    guard let dsize else {
      guard fx > 0, fy > 0, fx * Double(image.width) < 0x1p30, fy * Double(image.height) < 0x1p30 else {
        throw ImageError(
          .argumentInvalid, "the size of the result is not given", expected: "dsize, or positive fx and fy",
          found: "\(fx) and \(fy)")
      }
      let width = Int(converting: (Double(image.width) * fx).rounded(.toNearestOrEven))
      let height = Int(converting: (Double(image.height) * fy).rounded(.toNearestOrEven))
      return try image.resized(width, height, interpolation, step: (1 / fx, 1 / fy), finish: finish).variable
    }
    return try image.resized(dsize.width, dsize.height, interpolation, finish: finish).variable
  }
}

extension Image {
  /// - Parameter step: pixels of the source per pixel of the result, if other than the sizes say.
  func resized(
    _ width: Int, _ height: Int, _ interpolation: Interpolation, step: (x: Double, y: Double)? = nil, finish: Finish = .nothing
  ) throws(ImageError) -> Image {
    // The tables of an axis are arrays, which end the process if there is no memory for them.
    guard 1...(1 << 22) ~= width, 1...(1 << 22) ~= height else {
      throw ImageError(
        .argumentInvalid, "no image is resized to that", expected: "1 to 2^22 columns and rows", found: "\(width) x \(height)")
    }
    if !finish.isByRow { return try finish.applied(to: resized(width, height, interpolation, step: step)) }
    if width == self.width, height == self.height, step == nil { return try finish.applied(to: self) }
    let result = try RowSink(self, height: height, width: width, finish: finish)
    let (stepX, stepY) = step ?? (Double(self.width) / Double(width), Double(self.height) / Double(height))
    switch interpolation {
    case .nearest, .nearestExact:
      let shift = interpolation == .nearest ? 0 : 0.5
      func positions(_ size: Int, _ step: Double, _ count: Int) -> [Int32] {
        (0..<size).map { Int32(converting: max(0, min(Double(count - 1), ((Double($0) + shift) * step).rounded(.down)))) }
      }
      try pick(positions(width, stepX, self.width), positions(height, stepY, self.height), into: result)
    case .linear:
      // The reference's linear by half is its area.
      if stepX == 2, stepY == 2, self.width % 2 == 0, self.height % 2 == 0 {
        try averageBlocks(2, 2, into: result)
      } else {
        try interpolate(
          .linear(from: self.width, to: width, step: stepX), .linear(from: self.height, to: height, step: stepY), result)
      }
    case .linearExact:
      try resample(
        .linear(from: self.width, to: width, step: stepX).inBytes, .linear(from: self.height, to: height, step: stepY).inBytes,
        result, exactly: true, tiesUp: true)
    case .cubic:
      try resample(
        .cubic(from: self.width, to: width, step: stepX), .cubic(from: self.height, to: height, step: stepY), result,
        exactly: true)
    case .lanczos4:
      try resample(
        .lanczos(from: self.width, to: width, step: stepX), .lanczos(from: self.height, to: height, step: stepY), result)
    case .area:
      guard stepX >= 1, stepY >= 1 else {
        try interpolate(
          .enlargingArea(from: self.width, to: width, step: stepX),
          .enlargingArea(from: self.height, to: height, step: stepY), result)
        return result.result
      }
      if stepX == stepX.rounded(), stepY == stepY.rounded(), width * Int(converting: stepX) <= self.width,
        height * Int(converting: stepY) <= self.height
      {
        try averageBlocks(Int(converting: stepX), Int(converting: stepY), into: result)
      } else {
        try average(
          Coverage(from: self.width, to: width, step: stepX), Coverage(from: self.height, to: height, step: stepY), result)
      }
    }
    return result.result
  }

  private func pick(_ columns: [Int32], _ rows: [Int32], into result: RowSink) throws(ImageError) {
    let size = channels * depth.byteCount
    try read(UInt8.self) { source throws(ImageError) in
      for (y, row) in rows.enumerated() {
        try result.bytes(ofRow: y) { ck_image_gather(source + Int(row) * width * size, size, columns, $0, result.width) }
      }
    }
  }

  private func averageBlocks(_ blockWidth: Int, _ blockHeight: Int, into result: RowSink) throws(ImageError) {
    let (bw, bh, n) = (Int32(blockWidth), Int32(blockHeight), Int32(channels))
    for y in 0..<result.height {
      let start = y * blockHeight * stride
      if depth == .uint8 {
        try result.row(y, UInt8.self) { target in
          read(UInt8.self) { ck_image_block_mean_u8($0 + start, stride, n, bw, bh, target, result.width) }
        }
      } else {
        try result.row(y, Float.self) { target in
          read(Float.self) { ck_image_block_mean_f32($0 + start, stride, n, bw, bh, target, result.width) }
        }
      }
    }
  }

  /// Keeps the last rows in a ring; every row of the source is filtered once.
  func resample(
    _ columns: Resampling, _ rows: Resampling, _ result: RowSink, exactly: Bool = false, tiesUp: Bool = false
  ) throws(ImageError) {
    let taps = rows.taps
    let line = result.stride
    // Rows that are weighed may have one element more.
    let pitch = line + 1
    let ring = try Scratch<Float>(taps * pitch)
    var held = [Int](repeating: -1, count: taps)
    let isFixed = depth == .uint8 && !exactly
    let fixedColumns = isFixed ? columns.fixed : []
    let fixedRows = isFixed ? rows.fixed : []
    let n = Int32(channels)
    try ring.use { ring throws(ImageError) in
      try ring.withMemoryRebound(to: Int32.self, capacity: taps * pitch) { fixedRing throws(ImageError) in
        for y in 0..<result.height {
          var slots: [Int] = []
          for k in 0..<taps {
            let row = Int(rows.indices[y * taps + k])
            if let slot = held.firstIndex(of: row) {
              slots.append(slot)
              continue
            }
            let slot = held.indices.first { !slots.contains($0) && !needs(rows, y, k, held[$0]) } ?? 0
            held[slot] = row
            slots.append(slot)
            if isFixed {
              read(UInt8.self) {
                ck_image_resample_row_u8(
                  $0 + row * stride, n, columns.indices, fixedColumns, Int32(columns.taps), fixedRing + slot * pitch, result.width
                )
              }
            } else if depth == .uint8 {
              read(UInt8.self) {
                kernels.weigh_row_u8(
                  $0 + row * stride, width, n, columns.indices, columns.weights, Int32(columns.taps), ring + slot * pitch,
                  result.width)
              }
            } else {
              read(Float.self) {
                ck_image_resample_row_f32(
                  $0 + row * stride, n, columns.indices, columns.weights, Int32(columns.taps), ring + slot * pitch, result.width)
              }
            }
          }
          if isFixed {
            let lines: [UnsafePointer<Int32>] = slots.map { UnsafePointer(fixedRing + $0 * pitch) }
            let weights = Array(fixedRows[y * taps..<(y + 1) * taps])
            try result.row(y, UInt8.self) { kernels.resample_columns_u8(lines, weights, Int32(taps), $0, line) }
          } else {
            let lines = slots.map { UnsafePointer(ring + $0 * pitch) }
            let weights = Array(rows.weights[y * taps..<(y + 1) * taps])
            if depth == .uint8 {
              try result.row(y, UInt8.self) { kernels.weigh_columns_u8(lines, weights, Int32(taps), tiesUp ? 1 : 0, $0, line) }
            } else {
              try result.row(y, Float.self) { kernels.resample_columns_f32(lines, weights, Int32(taps), $0, line) }
            }
          }
        }
      }
    }
  }

  /// Whether row `y` of the result reads `row` at tap `k` or later.
  private func needs(_ rows: Resampling, _ y: Int, _ k: Int, _ row: Int) -> Bool {
    (k..<rows.taps).contains { Int(rows.indices[y * rows.taps + $0]) == row }
  }
}

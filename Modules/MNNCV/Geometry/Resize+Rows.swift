import CKernels
import MNNExpr
import MNNGraph

extension Image {
  /// Between two neighbors along each axis, bytes in fixed point. Tables have two taps.
  func interpolate(_ columns: Resampling, _ rows: Resampling, _ result: RowSink) throws(ImageError) {
    guard depth == .uint8 else { return try resample(columns, rows, result) }
    let line = result.stride
    let first = Swift.stride(from: 0, to: columns.indices.count, by: 2).map { columns.indices[$0] }
    let (weightsX, weightsY) = (columns.fixed, rows.fixed)
    // The two source rows that were filtered last.
    let lines = try Scratch<Int16>(2 * line)
    var held = [-1, -1]
    try lines.use { lines throws(ImageError) in
      func slot(_ row: Int, sparing other: Int) -> Int {
        if let slot = held.firstIndex(of: row) { return slot }
        let slot = held[0] == other ? 1 : 0
        held[slot] = row
        read(UInt8.self) {
          kernels.between_row_u8(
            $0 + row * stride, width, Int32(channels), first, weightsX, lines + slot * line, result.width)
        }
        return slot
      }
      for y in 0..<result.height {
        let (a, b) = (Int(rows.indices[2 * y]), Int(rows.indices[2 * y + 1]))
        let (wa, wb) = (weightsY[2 * y], weightsY[2 * y + 1])
        // A row without weight is not filtered.
        let (upper, lower) = (wa == 0 ? b : a, wb == 0 ? a : b)
        let first = slot(upper, sparing: lower), second = slot(lower, sparing: upper)
        try result.row(y, UInt8.self) {
          kernels.between_columns_u8(lines + first * line, lines + second * line, Int32(wa), Int32(wb), $0, line)
        }
      }
    }
  }

  /// The mean of the area that each pixel of the result covers: rows are added up first.
  func average(_ columns: Coverage, _ rows: Coverage, _ result: RowSink) throws(ImageError) {
    let line = result.stride
    // The kernel reads and writes one element more.
    let scratch = try Scratch<Float>(stride + line + 2)
    try scratch.use { scratch throws(ImageError) in
      let (sums, means) = (scratch, scratch + stride + 1)
      sums[stride] = 0
      for y in 0..<result.height {
        for k in rows.starts[y]..<rows.starts[y + 1] {
          let (start, isFirst) = (Int(rows.indices[k]) * stride, Int32(k == rows.starts[y] ? 1 : 0))
          if depth == .uint8 {
            read(UInt8.self) { kernels.add_row_u8($0 + start, rows.weights[k], isFirst, sums, stride) }
          } else {
            read(Float.self) { kernels.add_row_f32($0 + start, rows.weights[k], isFirst, sums, stride) }
          }
        }
        kernels.cover_row_f32(sums, Int32(channels), columns.starts, columns.indices, columns.weights, means, result.width)
        if depth == .uint8 {
          try result.row(y, UInt8.self) { kernels.convert_f32_u8(means, $0, line) }
        } else {
          try result.row(y, Float.self) { $0.update(from: means, count: line) }
        }
      }
    }
  }
}

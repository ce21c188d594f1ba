import CKernels
public import MNNExpr
import MNNGraph

extension cv {
  /// The greatest of the neighbors that `kernel` names, per channel.
  ///
  /// - Parameters:
  ///   - kernel: `[rows, columns]`, not 0 for a neighbor; see ``getStructuringElement(_:_:)``.
  ///   - iterations: how often.
  ///   - borderType: ``BORDER_CONSTANT`` leaves out what lies outside.
  public static func dilate(
    _ src: Variable, _ kernel: Variable, iterations: Int = 1, borderType: Border = .constant
  ) throws(ImageError) -> Variable {
    try Image(src).extreme(kernel, isMax: true, iterations, borderType).variable
  }

  /// The least of the neighbors that `kernel` names, per channel; as ``dilate(_:_:iterations:borderType:)``.
  public static func erode(
    _ src: Variable, _ kernel: Variable, iterations: Int = 1, borderType: Border = .constant
  ) throws(ImageError) -> Variable {
    try Image(src).extreme(kernel, isMax: false, iterations, borderType).variable
  }
}

extension Image {
  fileprivate func extreme(
    _ kernel: Variable, isMax: Bool, _ iterations: Int, _ border: Border
  ) throws(ImageError) -> Image {
    let (weights, columns) = try kernelWeights(kernel, "kernel")
    guard 0...10_000 ~= iterations, weights.contains(where: { $0 != 0 }) else {
      throw ImageError(
        .argumentInvalid, "nothing is to be done", expected: "a kernel that is not 0, 0 to 10000 iterations",
        found: "\(weights.count) weights, \(iterations) iterations")
    }
    let rows = weights.count / columns
    var image = self
    for _ in 0..<iterations {
      if weights.allSatisfy({ $0 != 0 }) {
        // A rectangle: along rows, then along columns.
        image = try image.extremeOnce((0..<columns).map { ($0, 0) }, columns, 1, isMax, border)
        image = try image.extremeOnce((0..<rows).map { (0, $0) }, 1, rows, isMax, border)
      } else {
        let cells = weights.indices.filter { weights[$0] != 0 }.map { ($0 % columns, $0 / columns) }
        image = try image.extremeOnce(cells, columns, rows, isMax, border)
      }
    }
    return image
  }

  private func extremeOnce(
    _ cells: [(x: Int, y: Int)], _ columns: Int, _ rows: Int, _ isMax: Bool, _ border: Border
  ) throws(ImageError) -> Image {
    let (left, top) = (columns / 2, rows / 2)
    let padded = try bordered(
      top: top, left: left, bottom: rows - 1 - top, right: columns - 1 - left, border,
      fill: pixel(isMax ? -.infinity : .infinity))
    let result = try like()
    if depth == .uint8 {
      padded.read(UInt8.self) { source in
        for y in 0..<height {
          let rows = cells.map { source + (y + $0.y) * padded.stride + $0.x * channels }
          kernels.extreme_u8(rows, rows.count, isMax ? 1 : 0, result.write(UInt8.self) + y * stride, stride)
        }
      }
      return result
    }
    for y in 0..<height {
      let target = result.write(Float.self) + y * stride
      for (k, cell) in cells.enumerated() {
        padded.read(Float.self) {
          let source = $0 + (y + cell.y) * padded.stride + cell.x * channels
          if k == 0 {
            target.update(from: source, count: stride)
          } else {
            kernels.extreme_f32(source, isMax ? 1 : 0, target, stride)
          }
        }
      }
    }
    return result
  }
}

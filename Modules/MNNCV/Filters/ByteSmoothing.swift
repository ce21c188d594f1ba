import CImageKernels
import MNNExpr
import MNNGraph

extension Image {
  /// Correlation of bytes with symmetric weights in units of 1/256 whose sum is 1, along rows and columns; halves are rounded up.
  ///
  /// - Parameters:
  ///   - x, y: of odd counts.
  func smoothed(_ x: [UInt16], _ y: [UInt16], border: Border) throws(ImageError) -> Image {
    let (narrowX, narrowY) = (Self.withoutCommonFactor(x), Self.withoutCommonFactor(y))
    let (left, top, taps) = (x.count / 2, y.count / 2, y.count)
    let padding = RowPadding(self, left: left, right: left, border)
    let result = try like()
    let line = stride
    let row = try Scratch<UInt8>(line + 2 * left * channels)
    // As many filtered rows as the columns need, each in the place of its number modulo their count.
    let ring = try Scratch<UInt16>(taps * line)
    row.use { row in
      ring.use { ring in
        for y in 0..<height + taps - 1 {
          padding.write(border.index(y - top, height), into: row)
          kernels.smooth_row_u8(row, channels, narrowX.weights, Int32(x.count), ring + y % taps * line, line)
          let target = y - taps + 1
          guard target >= 0 else { continue }
          let rows = (target...y).map { UnsafePointer(ring + $0 % taps * line) }
          kernels.smooth_columns_u8(
            rows, narrowY.weights, Int32(taps), Int32(narrowX.bits + narrowY.bits), result.write(UInt8.self) + target * line, line
          )
        }
      }
    }
    return result
  }

  /// Weights in units of 1/256 as multiples of the largest 1/2^bits that allows it.
  private static func withoutCommonFactor(_ weights: [UInt16]) -> (weights: [UInt16], bits: Int) {
    let spare = min(8, weights.filter { $0 != 0 }.map(\.trailingZeroBitCount).min() ?? 0)
    return (weights.map { $0 >> UInt16(spare) }, 8 - spare)
  }
}

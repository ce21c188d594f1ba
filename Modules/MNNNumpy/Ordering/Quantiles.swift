import MNNGraph

/// How a quantile that falls between two elements is made of them.
public enum QuantileMethod: String, Sendable, CaseIterable {
  case linear, lower, higher, nearest, midpoint
}

enum Quantiles {
  /// The middle element, or the mean of the two in the middle; NaN if any is, unless `ignoringNaN`. Without an axis: of all.
  static func median(
    _ x: Tensor, axis: Int?, keepdims: Bool, ignoringNaN: Bool = false
  ) throws(GraphError) -> Tensor {
    let dtype = x.dtype.isFloatingPoint ? x.dtype : DType.float64
    return try rows(x.cast(to: dtype), axis, keepdims, ignoringNaN) { row, count in
      if count == 0 { return .nan }
      return count % 2 == 1 ? row(count / 2) : (row(count / 2 - 1) + row(count / 2)) / 2
    }.cast(to: dtype)
  }

  /// The element below which a share `q` of the elements lies.
  static func quantile(
    _ x: Tensor, _ q: Double, axis: Int?, keepdims: Bool, method: QuantileMethod, ignoringNaN: Bool = false
  ) throws(GraphError) -> Tensor {
    guard q >= 0, q <= 1 else {
      throw GraphError(.attributeInvalid, "quantiles must be in the range [0, 1]", found: "\(q)")
    }
    let exact = method == .lower || method == .higher || method == .nearest
    let dtype = x.dtype.isFloatingPoint || exact && x.dtype != .bool ? x.dtype : DType.float64
    return try rows(x, axis, keepdims, ignoringNaN) { row, count in
      if count == 0 { return .nan }
      let place = q * Double(count - 1)
      let below = min(Int(converting: place), count - 1)
      let above = min(below + 1, count - 1)
      let share = place - Double(below)
      switch method {
      case .linear:
        let (a, b) = (row(below), row(above))
        return share >= 0.5 ? b - (b - a) * (1 - share) : a + (b - a) * share
      case .lower: return row(below)
      case .higher: return row(share > 0 ? above : below)
      case .midpoint: return share > 0 ? (row(below) + row(above)) / 2 : row(below)
      case .nearest: return row(Int(converting: place.rounded(.toNearestOrEven)))
      }
    }.cast(to: dtype)
  }

  /// `pick` of every sorted row, as float64. It is given the elements by position, and their number.
  private static func rows(
    _ x: Tensor, _ axis: Int?, _ keepdims: Bool, _ ignoringNaN: Bool, _ pick: ((Int) -> Double, Int) -> Double
  ) throws(GraphError) -> Tensor {
    let layout = try ReductionLayout(x, axes: axis.map { [$0] }, keepdims: keepdims)
    // Sorted along the reduced axis, one row after the other.
    let flat = try layout.tensor.reshaped([layout.outer, layout.count, layout.inner])
    let sorted = try Rearranging.transpose(Sorting.sort(flat, axis: 1), [0, 2, 1]).cast(to: .float64)
    let count = layout.count
    return try makeTensor(layout.shape, of: Double.self) { target in
      sorted.read(Double.self) { p in
        for i in 0..<layout.outer * layout.inner {
          let row = p + i * count
          var length = count
          while length > 0, row[length - 1].isNaN { length -= 1 }
          if length < count, !ignoringNaN || length == 0 {
            target[i] = .nan
          } else {
            target[i] = pick({ row[$0] }, length)
          }
        }
      }
    }
  }
}

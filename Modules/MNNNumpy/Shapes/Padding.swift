import MNNGraph

/// What `pad` puts around an array.
public enum PadMode: String, Sendable, CaseIterable {
  case constant, edge, reflect, symmetric, wrap, maximum, minimum, mean, median
  case linearRamp = "linear_ramp"
  case empty
}

enum Padding {
  /// - Parameters:
  ///   - widths: elements before and after, per axis.
  ///   - values: what ``PadMode/constant`` writes and where ``PadMode/linearRamp`` ends, before and after each axis.
  static func pad(
    _ x: Tensor, _ widths: [(before: Int, after: Int)], mode: PadMode, values: [(before: Tensor, after: Tensor)]
  ) throws(GraphError) -> Tensor {
    for width in widths where width.before < 0 || width.after < 0 {
      throw GraphError(.attributeInvalid, "a width of padding must not be negative", found: "\(width.before), \(width.after)")
    }
    var result = x
    for (axis, width) in widths.enumerated() where width.before > 0 || width.after > 0 {
      switch mode {
      case .constant, .empty:
        let before = try fill(result, axis, width.before, values[axis].before)
        let after = try fill(result, axis, width.after, values[axis].after)
        result = try Joining.concatenate([before, result, after], axis: axis)
      case .edge, .reflect, .symmetric, .wrap:
        let positions = try positions(result.shape[axis], width, mode)
        result = try Taking.take(result, positions, axis: axis, mode: .raise)
      case .linearRamp: result = try ramp(result, axis, width, values[axis])
      case .maximum, .minimum, .mean, .median: result = try statistic(result, axis, width, mode)
      }
    }
    return result
  }

  private static func fill(_ x: Tensor, _ axis: Int, _ size: Int, _ value: Tensor) throws(GraphError) -> Tensor {
    var shape = x.shape
    shape[axis] = size
    return try Strided(value, shape: shape, strides: [Int](repeating: 0, count: shape.count)).tensor()
  }

  /// Which element stands at each place of the padded axis.
  private static func positions(
    _ size: Int, _ width: (before: Int, after: Int), _ mode: PadMode
  ) throws(GraphError) -> Tensor {
    guard size > 0 else {
      throw GraphError(.attributeInvalid, "can't extend an empty axis using a mode other than constant or empty")
    }
    let (total, overflow) = size.addingReportingOverflow(width.before)
    let (length, overflow2) = total.addingReportingOverflow(width.after)
    guard !overflow, !overflow2 else { throw GraphError(.sizeOverflow, "padding is too wide") }
    func wrapped(_ i: Int, _ period: Int) -> Int { ((i % period) + period) % period }
    return try makeTensor([length], of: Int64.self) { target in
      for i in 0..<length {
        let place = i - width.before
        let position: Int
        switch mode {
        case .edge: position = min(max(place, 0), size - 1)
        case .wrap: position = wrapped(place, size)
        case .symmetric:
          let p = wrapped(place, 2 * size)
          position = p < size ? p : 2 * size - 1 - p
        default:
          let p = size == 1 ? 0 : wrapped(place, 2 * size - 2)
          position = p < size ? p : 2 * size - 2 - p
        }
        target[i] = Int64(position)
      }
    }
  }

  private static func ramp(
    _ x: Tensor, _ axis: Int, _ width: (before: Int, after: Int), _ values: (before: Tensor, after: Tensor)
  ) throws(GraphError) -> Tensor {
    let size = x.shape[axis]
    guard size > 0 else { throw GraphError(.attributeInvalid, "can't extend an empty axis using mode linear_ramp") }
    func part(_ edge: Tensor, _ end: Tensor, _ count: Int, rising: Bool) throws(GraphError) -> Tensor {
      let (edge, end) = (try edge.cast(to: .float64), try end.cast(to: .float64).read(Double.self) { $0[0] })
      var steps: [Tensor] = []
      for i in 0..<count {
        let t = Double(rising ? i : count - i - 1 + 0)
        let value = try mapped(edge, Double.self, to: Double.self) { edge in
          rising ? end + (edge - end) / Double(count) * t : end + (edge - end) / Double(count) * t
        }
        steps.append(x.dtype.isFloatingPoint ? value : try UnaryMath.apply(.floor, value))
      }
      if steps.isEmpty { return try Joining.slice(x, axis: axis, from: 0, to: 0) }
      return try Joining.concatenate(steps, axis: axis).cast(to: x.dtype)
    }
    let first = try Joining.slice(x, axis: axis, from: 0, to: 1)
    let last = try Joining.slice(x, axis: axis, from: size - 1, to: nil)
    return try Joining.concatenate(
      [part(first, values.before, width.before, rising: true), x, part(last, values.after, width.after, rising: false)],
      axis: axis)
  }

  private static func statistic(
    _ x: Tensor, _ axis: Int, _ width: (before: Int, after: Int), _ mode: PadMode
  ) throws(GraphError) -> Tensor {
    guard x.shape[axis] > 0 else { throw GraphError(.attributeInvalid, "can't extend an empty axis using mode \(mode.rawValue)") }
    var value: Tensor
    switch mode {
    case .maximum: value = try Extremes.extreme(x, least: false, axes: [axis], keepdims: true)
    case .minimum: value = try Extremes.extreme(x, least: true, axes: [axis], keepdims: true)
    case .mean: value = try Sums.mean(x, axes: [axis], keepdims: true)
    default: value = try Quantiles.median(x, axis: axis, keepdims: true)
    }
    if !x.dtype.isFloatingPoint { value = try UnaryMath.apply(.rint, value) }
    value = try value.cast(to: x.dtype)
    return try Joining.concatenate(
      [Rearranging.repeat(value, [width.before], axis: axis), x, Rearranging.repeat(value, [width.after], axis: axis)],
      axis: axis)
  }
}

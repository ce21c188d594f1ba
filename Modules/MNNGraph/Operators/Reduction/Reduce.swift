#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One number from many, along axes.
///
/// - Inputs: `x`, numbers; `axes`, a vector of integers, optional: all axes, or none if ``keepsAllWithoutAxes``.
/// - Result: the type of `x`; reduced axes have size 1 or are gone. Of nothing, a maximum is `-inf` and a minimum `inf`
///   (the extremes of an integer type). NaN propagates. Means of integers truncate.
/// - SeeAlso: ONNX ReduceSum, ReduceMean, …, opset 18; `.mnn` operator Reduction.
public struct Reduce: PrimitiveOperator, Codable {
  public enum Function: String, Hashable, Sendable, CaseIterable, Codable {
    case sum, mean, maximum, minimum, product
    /// `Σ|x|`.
    case l1
    /// `√Σx²`.
    case l2
    case logSum, logSumExp, sumSquare
  }

  public var function: Function
  public var keepsDimensions: Bool
  /// Absent or empty axes mean no axis rather than all.
  public var keepsAllWithoutAxes: Bool

  public init(_ function: Function, keepsDimensions: Bool = true, keepsAllWithoutAxes: Bool = false) {
    self.function = function
    self.keepsDimensions = keepsDimensions
    self.keepsAllWithoutAxes = keepsAllWithoutAxes
  }

  /// The axes that are reduced, counted from the front, in order.
  package func axes(_ operands: Operands) throws(GraphError) -> [Int] {
    let rank = try operands.shape(0).rank
    let axes = try operands.integers(optional: 1) ?? []
    if axes.isEmpty { return keepsAllWithoutAxes ? [] : Array(0..<rank) }
    return try normalizedAxes(axes, rank: rank)
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0)
    let axes = try axes(operands)
    var sizes: [Dimension] = []
    for i in 0..<x.shape.rank {
      if !axes.contains(i) { sizes.append(x.shape[i]) } else if keepsDimensions { sizes.append(1) }
    }
    return [TensorType(x.dtype, Shape(sizes))]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let operands = arguments.operands
    let type = try resultTypes(for: operands)[0]
    let x = try arguments.tensor(0)
    let axes = try axes(operands)
    let kept = x.shape.indices.map { axes.contains($0) ? 1 : x.shape[$0] }
    let target = try broadcastIndices(from: kept, to: x.shape)
    let shape = try type.shape.concreteSizes()
    let reduced = axes.reduce(1) { $0 * x.shape[$1] }
    let isExact = [.sum, .mean, .maximum, .minimum, .product, .l1, .sumSquare].contains(function)
    if !type.dtype.isFloatingPoint && isExact {
      let count = kept.reduce(1, *)
      if type.dtype == .uint64 {
        return [try Tensor(shape: shape, scalars: integers(x.scalars(as: UInt64.self), target, count: count, reduced))]
      }
      var start: Int64?
      if function == .maximum || function == .minimum {
        let extreme = type.dtype == .bool ? (function == .minimum ? 1 : 0) : function == .maximum ? Int64.min : .max
        start = try Tensor(extreme).converted(to: type.dtype).scalars(as: Int64.self)[0]
      }
      let values = try integers(x.scalars(as: Int64.self), target, count: count, reduced, start: start)
      let wide = try Tensor(shape: shape, scalars: values)
      return [try wide.converted(to: type.dtype)]
    }
    let values = try x.scalars(as: Double.self)
    return [
      try Tensor.computed(type.dtype, shape) { y in
        var offsets = [Double](repeating: 0, count: function == .logSumExp ? y.count : 0)
        if function == .logSumExp {
          offsets = offsets.map { _ in -.infinity }
          for (i, t) in target.enumerated() { offsets[t] = max(offsets[t], values[i]) }
          offsets = offsets.map { $0.isFinite ? $0 : 0 }
        }
        y.update(repeating: function == .maximum ? -.infinity : function == .minimum ? .infinity : function == .product ? 1 : 0)
        for (i, t) in target.enumerated() {
          let v = values[i]
          switch function {
          case .sum, .mean, .logSum: y[t] += v
          case .maximum: y[t] = v.isNaN || v > y[t] ? v : y[t]
          case .minimum: y[t] = v.isNaN || v < y[t] ? v : y[t]
          case .product: y[t] *= v
          case .l1: y[t] += abs(v)
          case .l2, .sumSquare: y[t] += v * v
          case .logSumExp: y[t] += exp(v - offsets[t])
          }
        }
        for t in y.indices {
          switch function {
          case .mean: y[t] /= Double(reduced)
          case .l2: y[t] = y[t].squareRoot()
          case .logSum: y[t] = log(y[t])
          case .logSumExp: y[t] = log(y[t]) + offsets[t]
          default: break
          }
        }
      }
    ]
  }

  /// Sums wrap in 64 bits. `start` is the extreme of the type of which nothing is less, or more.
  private func integers<T: FixedWidthInteger>(
    _ values: [T], _ target: [Int], count: Int, _ reduced: Int, start: T? = nil
  ) -> [T] {
    let start = start ?? (function == .maximum ? .min : function == .minimum ? .max : function == .product ? 1 : 0)
    var y = [T](repeating: start, count: count)
    for (i, t) in target.enumerated() {
      let v = values[i]
      switch function {
      case .maximum: y[t] = max(y[t], v)
      case .minimum: y[t] = min(y[t], v)
      case .product: y[t] = y[t] &* v
      case .l1: y[t] = y[t] &+ (v < 0 ? 0 &- v : v)
      case .sumSquare: y[t] = y[t] &+ v &* v
      default: y[t] = y[t] &+ v
      }
    }
    return function == .mean && reduced > 0 ? y.map { $0 / T(reduced) } : y
  }
}

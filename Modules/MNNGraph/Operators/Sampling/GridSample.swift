/// Samples an image where a grid of positions says.
///
/// - Inputs: `x` `[N, C, d…]` with `r` spatial axes; `grid` `[N, e…, r]`, positions from -1 to 1 along each spatial axis, the
///   last axis first.
/// - Result: `[N, C, e…]`, of the type of `x`.
/// - SeeAlso: ONNX GridSample, opset 20; `.mnn` operator GridSample.
public struct GridSample: PrimitiveOperator, Codable {
  public enum Mode: String, Hashable, Sendable, CaseIterable, Codable { case nearest, linear, cubic }
  /// What lies outside the image.
  public enum Padding: String, Hashable, Sendable, CaseIterable, Codable { case zeros, border, reflection }

  public var mode: Mode
  public var padding: Padding
  /// -1 and 1 are the centers of the outermost pixels, not their outer edges.
  public var alignsCorners: Bool

  public init(_ mode: Mode = .linear, padding: Padding = .zeros, alignsCorners: Bool = false) {
    self.mode = mode
    self.padding = padding
    self.alignsCorners = alignsCorners
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0, rankAtLeast: 3)
    let grid = try operands.type(1, rank: x.shape.rank)
    _ = try operands.floatType(1)
    try requireEqual(x.shape[0], grid.shape[0], "the batch of the grid")
    try requireEqual(Dimension(x.shape.rank - 2), grid.shape[x.shape.rank - 1], "the size of a position")
    return [TensorType(x.dtype, Shape([x.shape[0], x.shape[1]] + grid.shape.dimensions[1..<(x.shape.rank - 1)]))]
  }

  public func work(for operands: Operands, results: [TensorType]) -> Work {
    .sums(operands, results, each: 32 << min(2 * (operands[optional: 0]?.type.shape.rank ?? 0), 32))
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let type = try resultTypes(for: arguments.operands)[0]
    let shape = try type.shape.concreteSizes()
    let sizes = Array(try arguments.tensor(0).shape.dropFirst(2))
    let area = sizes.reduce(1, *)
    let points = shape.dropFirst(2).reduce(1, *)
    let strides = rowMajorStrides(sizes)
    let x = try arguments.scalars(0, as: Double.self)
    let grid = try arguments.scalars(1, as: Double.self)
    guard area > 0 || points == 0 else {
      throw GraphError(.shapeMismatch, "an empty image cannot be sampled", found: "\(sizes)")
    }
    return [
      try Tensor.computed(type.dtype, shape) { y in
        for n in 0..<shape[0] {
          for p in 0..<points {
            var taps: [(offset: Int, weight: Double)] = [(0, 1)]
            for axis in sizes.indices {
              let at = grid[(n * points + p) * sizes.count + sizes.count - 1 - axis]
              let own = self.taps(at, size: sizes[axis])
              taps = taps.flatMap { tap in own.map { (tap.offset + $0.index * strides[axis], tap.weight * $0.weight) } }
            }
            for c in 0..<shape[1] {
              let plane = (n * shape[1] + c) * area
              y[(n * shape[1] + c) * points + p] = taps.reduce(0) { $0 + x[plane + $1.offset] * $1.weight }
            }
          }
        }
      }
    ]
  }

  /// The pixels of one axis, and their weights, that make the value at a position from -1 to 1.
  private func taps(_ normalized: Double, size: Int) -> [(index: Int, weight: Double)] {
    let last = Double(size - 1)
    // Positions are single precision: a tie between two pixels must stay one.
    var at = Double(Float(alignsCorners ? (normalized + 1) / 2 * last : ((normalized + 1) * Double(size) - 1) / 2))
    guard at.isFinite else { return [] }
    if mode == .nearest { at = at.rounded(.toNearestOrEven) }
    let edge = alignsCorners ? 0 : 0.5
    if at < -edge || at > last + edge {
      switch padding {
      case .zeros: break
      case .border: at = min(max(at, 0), last)
      case .reflection: at = reflected(at, low: -edge, high: last + edge)
      }
    }
    let below = at.rounded(.down)
    let rest = at - below
    let weights: [(Double, Double)] =
      switch mode {
      case .nearest: [(at, 1)]
      case .linear: [(below, 1 - rest), (below + 1, rest)]
      case .cubic: (-1...2).map { (below + Double($0), cubic(abs(Double($0) - rest))) }
      }
    return weights.compactMap { at, weight in pixel(at, size: size).map { ($0, weight) } }
  }

  /// The pixel that stands at a whole position; nil for a zero.
  private func pixel(_ at: Double, size: Int) -> Int? {
    let last = Double(size - 1)
    if at >= 0, at <= last { return Int(converting: at) }
    switch padding {
    case .zeros: return nil
    case .border: return at < 0 ? 0 : size - 1
    case .reflection:
      let edge = alignsCorners ? 0 : 0.5
      return Int(converting: min(max(reflected(at, low: -edge, high: last + edge), 0), last))
    }
  }

  /// `at` mirrored at the bounds until it lies between them.
  private func reflected(_ at: Double, low: Double, high: Double) -> Double {
    let range = high - low
    guard range > 0 else { return low }
    let distance = at < low ? low - at : at > high ? at - high : 0
    if distance == 0 { return at }
    let turns = (distance / range).rounded(.down)
    let rest = distance - turns * range
    let startsLow = (at < low) == (turns.truncatingRemainder(dividingBy: 2) == 0)
    return startsLow ? low + rest : high - rest
  }

  /// Keys' cubic with a = -0.75.
  private func cubic(_ x: Double) -> Double {
    let a = -0.75
    if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    return x < 2 ? ((x - 5) * x + 8) * x * a - 4 * a : 0
  }
}

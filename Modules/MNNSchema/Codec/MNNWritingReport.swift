import MNNGraph

/// What writing a model did to its weights.
public struct MNNWritingReport: Sendable, Hashable {
  /// Weights and constants that were written in half precision.
  public var halfCount = 0
  /// Those of them that are changed by more than ``MNNWritingOptions/halfTolerance`` of their magnitude.
  public var changedCount = 0
  /// Those of the changed ones that lie beyond ±65504 and are held there; the others are too small for half precision.
  public var saturatedCount = 0

  public init() {}

  /// A sentence for people, or nil if nothing was changed by more than the tolerance.
  public func warning(tolerance: Float) -> String? {
    guard changedCount > 0 else { return nil }
    var parts: [String] = []
    if saturatedCount > 0 { parts.append("\(saturatedCount) beyond 65504, held there") }
    if changedCount > saturatedCount { parts.append("\(changedCount - saturatedCount) too small") }
    return "half precision changes \(changedCount) of \(halfCount) weights by more than \(tolerance * 100) %: "
      + parts.joined(separator: ", ")
  }

  /// Half precision, held within what is finite; counts what that changes.
  mutating func halves(_ tensor: Tensor, tolerance: Float) throws(GraphError) -> Tensor {
    let values = try tensor.scalars(as: Float.self)
    let largest: Float = 65504
    halfCount += values.count
    return try Tensor(
      shape: tensor.shape,
      scalars: values.map { value in
        let isBeyond = abs(value) > largest && value.isFinite
        let half = Half(isBeyond ? (value < 0 ? -largest : largest) : value)
        if value.isFinite, abs(Float(half) - value) > tolerance * abs(value) {
          changedCount += 1
          if isBeyond { saturatedCount += 1 }
        }
        return half
      })
  }
}

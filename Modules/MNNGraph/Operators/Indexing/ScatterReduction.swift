/// What a scatter does where an element already is.
public enum ScatterReduction: String, Hashable, Sendable, CaseIterable, Codable {
  /// The update takes its place; of several updates of one element, the last.
  case replace
  case add, multiply, maximum, minimum

  fileprivate func callAsFunction<T: ScatterNumber>(_ old: T, _ new: T) -> T {
    switch self {
    case .replace: new
    case .add: old.added(new)
    case .multiply: old.multiplied(new)
    case .maximum: max(old, new)
    case .minimum: min(old, new)
    }
  }
}

/// Numbers that a scatter computes with.
private protocol ScatterNumber: TensorScalar, Comparable {
  func added(_ other: Self) -> Self
  func multiplied(_ other: Self) -> Self
}

extension Double: ScatterNumber {
  fileprivate func added(_ other: Double) -> Double { self + other }
  fileprivate func multiplied(_ other: Double) -> Double { self * other }
}

extension Int64: ScatterNumber {
  fileprivate func added(_ other: Int64) -> Int64 { self &+ other }
  fileprivate func multiplied(_ other: Int64) -> Int64 { self &* other }
}

extension Tensor {
  /// This tensor with element `positions[i]` updated by element `i` of `updates`. Positions must be in range.
  func scattering(
    _ updates: Tensor, at positions: [Int], _ reduction: ScatterReduction
  ) throws(GraphError) -> Tensor {
    guard positions.count == updates.count else {
      throw GraphError(.shapeMismatch, "wrong number of updates", expected: "\(positions.count)", found: "\(updates.count)")
    }
    return try dtype.isFloatingPoint
      ? scattering(updates, at: positions, reduction, as: Double.self).converted(to: dtype)
      : scattering(updates, at: positions, reduction, as: Int64.self).wrapped(to: dtype)
  }

  private func scattering<T: ScatterNumber>(
    _ updates: Tensor, at positions: [Int], _ reduction: ScatterReduction, as type: T.Type
  ) throws(GraphError) -> Tensor {
    var result = try scalars(as: T.self)
    for (position, value) in zip(positions, try updates.scalars(as: T.self)) {
      result[position] = reduction(result[position], value)
    }
    return try Tensor(shape: shape, scalars: result)
  }
}

package import MNNGraph

/// Reproducible numbers.
package typealias RandomNumbers = SplitMix64

extension SplitMix64 {
  package mutating func floats(_ shape: [Int], in range: ClosedRange<Float> = -2...2) throws -> Tensor {
    let count = shape.reduce(1, *)
    return try Tensor(shape: shape, scalars: (0..<count).map { _ in Float.random(in: range, using: &self) })
  }

  package mutating func integers(_ shape: [Int], in range: ClosedRange<Int64>) throws -> Tensor {
    let count = shape.reduce(1, *)
    return try Tensor(shape: shape, scalars: (0..<count).map { _ in Int64.random(in: range, using: &self) })
  }
}

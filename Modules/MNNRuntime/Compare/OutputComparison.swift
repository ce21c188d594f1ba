public import MNNGraph

/// How far one output of a model is from what was expected.
public struct OutputComparison: Sendable, Hashable {
  public var name: String
  public var expectedType: TensorType
  public var foundType: TensorType
  /// The largest absolute difference; infinite where the shapes differ, or where only one of two numbers is finite.
  public var largestDifference: Double
  /// The largest magnitude of the finite expected numbers.
  public var largestMagnitude: Double
  /// Of the two as vectors; 1 if both are zero, -1 if the shapes differ.
  public var cosine: Double
  /// The share of rows along the last axis whose largest element is at the same place; nil if rows have one element.
  public var sameMaximum: Double?

  /// ``largestDifference`` as a share of ``largestMagnitude``; of 1 where all expected numbers are smaller than 1e-30.
  public var relativeDifference: Double {
    largestDifference == 0 ? 0 : largestDifference / (largestMagnitude < 1e-30 ? 1 : largestMagnitude)
  }

  /// Compares two tensors as doubles. NaN equals NaN, and infinities of one sign are equal.
  ///
  /// Element types are not compared: files of other frameworks keep integers in other widths.
  public init(name: String, expected: Tensor, found: Tensor) throws(GraphError) {
    self.name = name
    (expectedType, foundType) = (expected.type, found.type)
    (largestDifference, largestMagnitude, cosine) = (.infinity, 0, -1)
    guard expected.shape == found.shape else { return }
    let (a, b) = (try expected.scalars(as: Double.self), try found.scalars(as: Double.self))
    (largestDifference, cosine) = (0, 1)
    var (aa, bb, ab) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      if x.isFinite { largestMagnitude = max(largestMagnitude, abs(x)) }
      guard x.isFinite, y.isFinite else {
        if x != y, !(x.isNaN && y.isNaN) { largestDifference = .infinity }
        continue
      }
      largestDifference = max(largestDifference, abs(x - y))
      aa += x * x
      bb += y * y
      ab += x * y
    }
    if aa > 0 || bb > 0 { cosine = aa > 0 && bb > 0 ? min(1, ab / (aa.squareRoot() * bb.squareRoot())) : 0 }
    sameMaximum = OutputComparison.agreement(a, b, width: expected.shape.last ?? 1)
  }

  private static func agreement(_ a: [Double], _ b: [Double], width: Int) -> Double? {
    guard width > 1, !a.isEmpty else { return nil }
    var same = 0
    for start in stride(from: 0, to: a.count, by: width) {
      let row = start..<start + width  // ordered: width is above 1
      if row.max(by: { a[$0] < a[$1] }) == row.max(by: { b[$0] < b[$1] }) { same += 1 }
    }
    return Double(same) / Double(a.count / width)
  }
}

extension OutputComparison: CustomStringConvertible {
  public var description: String {
    guard expectedType.shape == foundType.shape else {
      return "\(name): expected shape \(expectedType.shape), found \(foundType.shape)"
    }
    return "\(name): largest difference \(largestDifference), \(relativeDifference) of the largest magnitude; cosine \(cosine)"
  }
}

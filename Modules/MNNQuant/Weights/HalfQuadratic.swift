import MNNGraph

/// Half-quadratic quantization (Badri and Shaji, 2023): finds the smallest value of a group for which most of its weights lie close to
/// a code, while a few may lie far away. No data are needed.
///
/// The error is the sum of |e|ᵖ with p below 1. It is split into a part that shrinking takes out in closed form and a part that is
/// quadratic, whose minimum is a mean; both are found in turn. A last step moves scale and smallest value to the least squares for the
/// codes that this gave, where that is nearer to the weights.
struct HalfQuadratic {
  static let roundCount = 10
  /// The exponent p of the error.
  private static let power: Float = 0.7
  /// How strongly both parts are tied, in steps of the codes, and how that grows with every round.
  private static let firstTie: Float = 10
  private static let tieGrowth: Float = 1.01

  private let top: Float
  private var values: [Float]

  init(stepCount: Int, length: Int) {
    top = Float(stepCount)
    values = [Float](repeating: 0, count: length)
  }

  /// A smallest value and a scale for a group, given those of its range.
  mutating func refined(_ row: UnsafeBufferPointer<Float>, low: Float, scale: Float) -> (low: Float, scale: Float) {
    for i in values.indices { values[i] = row[i] / scale }
    var zero = -low / scale
    var best = (zero: zero, error: Float.infinity)
    var tie = Self.firstTie
    for _ in 0..<Self.roundCount {
      let (next, error) = round(zero, tie)
      guard error < best.error else { break }
      best = (zero, error)
      (zero, tie) = (next, tie * Self.tieGrowth)
    }
    let found = (low: -best.zero * scale, scale: scale)
    let better = leastSquares(best.zero)
    guard let better else { return found }
    return (better.low * scale, better.scale * scale)
  }

  /// The zero point that follows from one, and how far the weights are from the codes of that one.
  private func round(_ zero: Float, _ tie: Float) -> (next: Float, error: Float) {
    var (sum, error) = (Float(0), Float(0))
    for value in values {
      let code = min(max((value + zero).rounded(), 0), top)
      let distance = value - (code - zero)
      let size = abs(distance)
      error += size
      // Its proximal step: what is small is taken for noise, what is large stays an outlier.
      let kept = size > 0 ? max(size - Self.rooted(size) / tie, 0) : 0
      sum += code - (value - (distance < 0 ? -kept : kept))
    }
    return (sum / Float(values.count), error)
  }

  /// `x` to the power of p - 1 = -0.3, near enough for a threshold: from the logarithm that the exponent of a float is.
  private static func rooted(_ x: Float) -> Float {
    let bits = Float(Int32(bitPattern: x.bitPattern))
    let one = Float(Int32(bitPattern: Float(1).bitPattern))
    return Float(bitPattern: UInt32(converting: one + (power - 1) * (bits - one)))
  }

  /// Smallest value and scale, in steps, that fit the codes of a zero point best; nil if rounding again does not come nearer.
  private func leastSquares(_ zero: Float) -> (low: Float, scale: Float)? {
    var (low, scale) = (-zero, Float(1))
    var best: (low: Float, scale: Float)?
    var smallest = squares(low, scale)
    for _ in 0..<3 {
      var (codes, squaresOfCodes, total, mixed) = (Float(0), Float(0), Float(0), Float(0))
      for value in values {
        let code = min(max(((value - low) / scale).rounded(), 0), top)
        codes += code
        squaresOfCodes += code * code
        total += value
        mixed += code * value
      }
      let count = Float(values.count)
      let spread = squaresOfCodes - codes * codes / count
      guard spread > 0 else { break }
      let slope = (mixed - codes * total / count) / spread
      guard slope > 0, slope.isFinite else { break }
      (low, scale) = ((total - slope * codes) / count, slope)
      let error = squares(low, scale)
      guard error < smallest else { break }
      (best, smallest) = ((low, scale), error)
    }
    return best
  }

  private func squares(_ low: Float, _ scale: Float) -> Float {
    var sum: Float = 0
    for value in values {
      let code = min(max(((value - low) / scale).rounded(), 0), top)
      let distance = value - (low + code * scale)
      sum += distance * distance
    }
    return sum
  }
}

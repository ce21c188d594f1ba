/// The state of least squares near another, by Levenberg and Marquardt's descent with numeric derivatives.
///
/// - Parameters:
///   - moved: a state after a step, which has a number for each parameter.
///   - scales: how large the parameters of a state are, or may become.
/// - Returns: nil if the residuals or their derivatives are not finite.
func leastSquares<State>(
  from start: State, steps: Int = 100, moved: (State, [Double]) -> State, scales: (State) -> [Double],
  residuals: (State) -> [Double]
) -> State? {
  var (state, damping) = (start, 1e-3)
  var values = residuals(state)
  var cost = values.reduce(0) { $0 + $1 * $1 }
  guard cost.isFinite else { return nil }
  for _ in 0..<steps {
    let scales = scales(state)
    let jacobian = scales.indices.map { axis -> [Double] in
      var step = [Double](repeating: 0, count: scales.count)
      let size = 1e-6 * scales[axis]
      step[axis] = size
      let ahead = residuals(moved(state, step))
      step[axis] = -size
      return zip(ahead, residuals(moved(state, step))).map { ($0 - $1) / (2 * size) }
    }
    let gradient = jacobian.map { column in zip(column, values).reduce(0) { $0 + $1.0 * $1.1 } }
    let normal = jacobian.map { a in jacobian.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } } }
    guard normal.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { return nil }
    var accepted = false
    for _ in 0..<20 {
      var damped = normal
      for i in scales.indices { damped[i][i] += damping * (normal[i][i] + 1e-12) }
      guard let step = try? solved(damped, gradient.map { -$0 }) else {
        damping = max(damping * 10, 1e-9)
        continue
      }
      let next = moved(state, step)
      let nextValues = residuals(next)
      let nextCost = nextValues.reduce(0) { $0 + $1 * $1 }
      guard nextCost <= cost else {
        damping *= 10
        continue
      }
      let isDone = zip(step, scales).allSatisfy { abs($0) < 1e-12 * $1 } || nextCost < 1e-26
      (state, values, cost, damping, accepted) = (next, nextValues, nextCost, max(damping / 10, 1e-15), true)
      if isDone { return state }
      break
    }
    if !accepted { return state }
  }
  return state
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Which way a recurrent layer goes through a sequence.
public enum RecurrentDirection: String, Hashable, Sendable, CaseIterable, Codable {
  case forward, reverse
  /// Both, with weights of their own; results stand side by side.
  case bidirectional

  public var count: Int { self == .bidirectional ? 2 : 1 }
}

/// What recurrent layers share: sizes, checks, and the walk along the sequences.
struct RecurrentLayer {
  /// Gates whose weights stand one below the other.
  let gates: Int
  let direction: RecurrentDirection

  /// Types of all steps' states, and of the last state.
  func resultTypes(for operands: Operands) throws(GraphError) -> (all: TensorType, last: TensorType) {
    let x = try operands.type(0, rank: 3)
    let w = try operands.type(1, rank: 3)
    let r = try operands.type(2, rank: 3)
    let hidden = r.shape[2]
    try requireSame(x.dtype, w.dtype, "the weight's type")
    try requireSame(x.dtype, r.dtype, "the recurrent weight's type")
    try requireEqual(Dimension(direction.count), w.shape[0], "the weight's number of directions")
    try requireEqual(Dimension(direction.count), r.shape[0], "the recurrent weight's number of directions")
    try requireEqual(hidden * Dimension(gates), w.shape[1], "the weight's number of rows")
    try requireEqual(hidden * Dimension(gates), r.shape[1], "the recurrent weight's number of rows")
    try requireEqual(x.shape[2], w.shape[2], "the weight's number of columns")
    if operands[optional: 3] != nil {
      let bias = try operands.type(3, rank: 2)
      try requireEqual(hidden * Dimension(2 * gates), bias.shape[1], "the number of biases")
      try requireEqual(Dimension(direction.count), bias.shape[0], "the bias's number of directions")
    }
    if operands[optional: 4] != nil {
      try requireEqual(x.shape[1], operands.type(4, rank: 1).shape[0], "the number of sequence lengths")
    }
    let last = Shape([Dimension(direction.count), x.shape[1], hidden])
    if operands[optional: 5] != nil { try requireState(operands.type(5, rank: 3).shape, last) }
    let all = Shape([x.shape[0], Dimension(direction.count), x.shape[1], hidden])
    return (TensorType(x.dtype, all), TensorType(x.dtype, last))
  }

  func requireState(_ found: Shape, _ expected: Shape) throws(GraphError) {
    for axis in 0..<3 { try requireEqual(expected[axis], found[axis], "the initial state \(found)") }
  }

  /// One step of one sequence.
  struct Step {
    /// Per gate and unit: the input's part with its bias, and the state's part with its bias.
    let fromInput: [Double]
    let recurrentBias: ArraySlice<Double>
    /// Rows of the recurrent weight, gate by gate.
    let recurrent: ArraySlice<Double>
    let direction: Int
    let hidden: Int

    /// The state's part for one gate, of any state.
    func fromState(_ gate: Int, _ state: [Double]) -> [Double] {
      (0..<hidden).map { unit in
        let row = recurrent.startIndex + (gate * hidden + unit) * hidden
        var sum = recurrentBias[recurrentBias.startIndex + gate * hidden + unit]
        for k in 0..<hidden { sum += recurrent[row + k] * state[k] }
        return sum
      }
    }
  }

  /// Goes along every sequence. `advance` gets a step and the states, which it changes; the first one is what is collected.
  ///
  /// - Returns: all steps' first states `[steps, directions, batch, hidden]`, and the last states `[directions, batch, hidden]`.
  func run(
    _ arguments: Arguments, initial: [Tensor?], _ advance: (Step, inout [[Double]]) -> Void
  ) throws(GraphError) -> [Tensor] {
    let types = try resultTypes(for: arguments.operands)
    let sizes = try arguments.tensor(0).shape
    let (length, batch, width) = (sizes[0], sizes[1], sizes[2])
    let hidden = try arguments.tensor(2).shape[2]
    let x = try arguments.scalars(0, as: Double.self)
    let w = try arguments.scalars(1, as: Double.self)
    let r = try arguments.scalars(2, as: Double.self)
    let rows = gates * hidden
    let bias =
      try arguments[optional: 3]?.scalars(as: Double.self) ?? [Double](repeating: 0, count: direction.count * rows * 2)
    let lengths = try arguments[optional: 4]?.scalars(as: Int64.self).map { Int($0) }
    if let bad = lengths?.first(where: { $0 < 0 || $0 > length }) {
      throw GraphError(
        .indexOutOfRange, "a sequence length is out of range", expected: "0 to \(length)", found: "\(bad)")
    }
    var starts: [[Double]] = []
    for tensor in initial {
      starts.append(
        try tensor?.scalars(as: Double.self) ?? [Double](repeating: 0, count: direction.count * batch * hidden))
    }
    var all = [Double](repeating: 0, count: try checkedElementCount([length, direction.count, batch, hidden]))
    var last = starts
    for d in 0..<direction.count {
      let backwards = direction == .reverse || d == 1
      for b in 0..<batch {
        let place = (d * batch + b) * hidden
        var states = starts.map { Array($0[place..<place + hidden]) }
        let steps = lengths?[b] ?? length
        for step in 0..<steps {
          let t = backwards ? steps - 1 - step : step
          let fromInput = (0..<rows).map { row in
            var sum = bias[d * 2 * rows + row]
            for k in 0..<width { sum += w[(d * rows + row) * width + k] * x[(t * batch + b) * width + k] }
            return sum
          }
          advance(
            Step(
              fromInput: fromInput, recurrentBias: bias[(d * 2 + 1) * rows..<(d * 2 + 2) * rows],
              recurrent: r[d * rows * hidden..<(d + 1) * rows * hidden], direction: d, hidden: hidden),
            &states)
          let target = ((t * direction.count + d) * batch + b) * hidden
          all.replaceSubrange(target..<target + hidden, with: states[0])
        }
        for i in states.indices { last[i].replaceSubrange(place..<place + hidden, with: states[i]) }
      }
    }
    let dtype = types.all.dtype
    var results = [try Tensor(shape: [length, direction.count, batch, hidden], scalars: all).converted(to: dtype)]
    for state in last {
      results.append(try Tensor(shape: [direction.count, batch, hidden], scalars: state).converted(to: dtype))
    }
    return results
  }
}

/// `x` cut to `-limit ... limit`, if there is a limit.
func clipped(_ x: Double, _ limit: Float?) -> Double {
  guard let limit else { return x }
  return max(-Double(limit), min(Double(limit), x))
}

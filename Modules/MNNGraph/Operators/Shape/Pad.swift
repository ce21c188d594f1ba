/// Adds elements before and after each axis; negative amounts remove elements.
///
/// - Inputs: `x`; `pads`, the amounts before each axis, then those after; optionally `value` (one element, default 0) for
///   the constant mode, and `axes`, to which alone `pads` then refers.
/// - SeeAlso: ONNX Pad; `.mnn` operators Padding, MirrorPad.
public struct Pad: LayoutOperator, Codable {
  public enum Mode: String, Hashable, Sendable, CaseIterable, Codable {
    case constant
    /// Mirrors without repeating the border: `c b | a b c | b a`.
    case reflect
    /// Repeats the border.
    case edge
    /// Continues from the other side.
    case wrap
    /// Mirrors with the border: `b a | a b c | c b`.
    case symmetric
  }

  public var mode: Mode

  public init(mode: Mode = .constant) { self.mode = mode }

  private func amounts(_ operands: Operands) throws(GraphError) -> (before: [Int], after: [Int]) {
    let rank = try operands.shape(0).rank
    let pads = try operands.integers(1)
    let axes =
      try operands[optional: 3] == nil
      ? Array(0..<rank) : operands.integers(3).map { axis throws(GraphError) in try normalizedAxis(axis, rank: rank) }
    guard pads.count == 2 * axes.count, Set(axes).count == axes.count, pads.allSatisfy({ $0.magnitude < 1 << 40 }) else {
      throw GraphError(
        .attributeInvalid, "pads do not fit the axes", expected: "\(2 * axes.count) numbers", found: "\(pads)")
    }
    var before = [Int](repeating: 0, count: rank)
    var after = before
    for (i, axis) in axes.enumerated() {
      before[axis] = pads[i]
      after[axis] = pads[axes.count + i]
    }
    return (before, after)
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let type = try operands.type(0)
    let (before, after) = try amounts(operands)
    let sizes = type.shape.dimensions.enumerated().map { $1 + Dimension(before[$0] + after[$0]) }
    if let negative = sizes.first(where: { $0.value.map { $0 < 0 } ?? false }) {
      throw GraphError(.shapeMismatch, "pads remove more than there is", expected: "sizes of at least 0", found: "\(negative)")
    }
    return [TensorType(type.dtype, Shape(sizes))]
  }

  public func regions(for operands: Operands) throws(GraphError) -> [[Region]] {
    let sizes = try operands.shape(0).concreteSizes()
    let shape = try resultTypes(for: operands)[0].shape.concreteSizes()
    _ = try checkedElementCount(shape)
    let (before, _) = try amounts(operands)
    let own = rowMajorStrides(sizes)
    let target = rowMajorStrides(shape)
    var regions: [Region] = []
    // What no region covers is zero already.
    if mode == .constant, let value = operands[optional: 2],
      try value.constant?.scalars(as: Double.self).contains(where: { $0 != 0 }) ?? true
    {
      regions.append(
        Region(
          input: 2, size: shape, source: View(strides: shape.map { _ in 0 }), target: View(strides: target)))
    }
    // Each axis falls into runs that step evenly through the input; the regions are their combinations.
    var runs: [[Run]] = []
    for axis in shape.indices { runs.append(try self.runs(size: sizes[axis], before: before[axis], length: shape[axis])) }
    guard runs.map(\.count).saturatingProduct <= Pad.mostRuns else {
      throw tooLarge("\(shape) from \(sizes)")
    }
    for choice in IndexSequence(runs.map(\.count)) {
      let picked = choice.enumerated().map { runs[$0][$1] }
      regions.append(
        Region(
          size: picked.map(\.count),
          source: View(
            offset: zip(picked, own).reduce(0) { $0 + $1.0.source * $1.1 }, strides: zip(picked, own).map { $0.step * $1 }),
          target: View(offset: zip(picked, target).reduce(0) { $0 + $1.0.target * $1.1 }, strides: target)))
    }
    return [regions]
  }

  /// Consecutive elements of the result along one axis whose sources are `step` apart.
  private struct Run {
    var target: Int
    var source: Int
    var step: Int
    var count: Int
  }

  private func runs(size: Int, before: Int, length: Int) throws(GraphError) -> [Run] {
    if mode == .constant {
      let first = max(before, 0)
      let last = min(before + size, length)
      return last > first ? [Run(target: first, source: first - before, step: 1, count: last - first)] : []
    }
    guard size > 0 || length == 0 else {
      throw GraphError(.shapeMismatch, "an empty axis has nothing to repeat", found: "size 0")
    }
    var runs: [Run] = []
    var position = 0
    while position < length {
      guard runs.count < Pad.mostRuns else { throw tooLarge("\(length) from \(size)") }
      var run = self.run(from: position - before, size: size)
      run.target = position
      run.count = min(run.count, length - position)
      // Runs that go on where the last one ended are one.
      if let last = runs.last, run.step == last.step, run.source == last.source + last.count * last.step {
        runs[runs.count - 1].count += run.count
      } else {
        runs.append(run)
      }
      position += run.count
    }
    return runs
  }

  /// Regions are few in any padding that makes sense.
  private static let mostRuns = 1 << 16

  private func tooLarge(_ found: String) -> GraphError {
    GraphError(
      .limitExceeded, "the padding is too large for its mode", expected: "at most \(Pad.mostRuns) repetitions", found: found)
  }

  /// The run that begins at a position of the input's axis continued in both directions, as long as it is.
  private func run(from position: Int, size: Int) -> Run {
    func modulo(_ a: Int, _ b: Int) -> Int { let r = a % b; return r < 0 ? r + b : r }
    /// Up through the input, then, unless `turn` is as long as the input, down again.
    func mirrored(turn: Int, last: Int) -> Run {
      let p = modulo(position, turn)
      return p < size
        ? Run(target: 0, source: p, step: 1, count: size - p) : Run(target: 0, source: last - p, step: -1, count: turn - p)
    }
    if size == 1 { return Run(target: 0, source: 0, step: 0, count: .max) }
    switch mode {
    case .constant, .edge:
      if position < 0 { return Run(target: 0, source: 0, step: 0, count: -position) }
      if position >= size { return Run(target: 0, source: size - 1, step: 0, count: .max) }
      return Run(target: 0, source: position, step: 1, count: size - position)
    case .wrap: return mirrored(turn: size, last: 0)
    case .reflect: return mirrored(turn: 2 * size - 2, last: 2 * size - 2)
    case .symmetric: return mirrored(turn: 2 * size, last: 2 * size - 1)
    }
  }
}

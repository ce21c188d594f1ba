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
    guard runs.reduce(1, { $0.multipliedReportingOverflow(by: $1.count).partialValue }) < 1 << 20 else {
      throw GraphError(.limitExceeded, "the padding is too large for its mode", found: "\(shape) from \(sizes)")
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
    for position in 0..<length {
      let source = source(of: position - before, size: size)
      if var run = runs.last {
        let step = source - (run.source + (run.count - 1) * run.step)
        if abs(step) <= 1, run.count == 1 || step == run.step {
          run.step = step
          run.count += 1
          runs[runs.count - 1] = run
          continue
        }
      }
      runs.append(Run(target: position, source: source, step: 0, count: 1))
    }
    return runs
  }

  private func source(of position: Int, size: Int) -> Int {
    func modulo(_ a: Int, _ b: Int) -> Int { let r = a % b; return r < 0 ? r + b : r }
    switch mode {
    case .constant, .edge: return min(max(position, 0), size - 1)
    case .wrap: return modulo(position, size)
    case .reflect:
      if size == 1 { return 0 }
      let p = modulo(position, 2 * size - 2)
      return p < size ? p : 2 * size - 2 - p
    case .symmetric:
      let p = modulo(position, 2 * size)
      return p < size ? p : 2 * size - 1 - p
    }
  }
}

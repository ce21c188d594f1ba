/// Part of a tensor: along each named axis the elements from `start` to before `end`, `step` apart.
///
/// - Inputs: `x`; `starts`, `ends`; optionally `axes` (default: the first ones) and `steps` (default 1, never 0), vectors
///   of integers. Starts and ends count from the end if negative and are clamped to the axis.
/// - SeeAlso: ONNX Slice, opset 13; `.mnn` operator StridedSlice.
public struct Slice: LayoutOperator {
  public init() {}

  /// What is taken of one axis.
  private struct Cut {
    var start: Dimension
    var step: Int
    var length: Dimension
  }

  private func cuts(_ operands: Operands) throws(GraphError) -> [Cut] {
    let shape = try operands.shape(0)
    var cuts = shape.dimensions.map { Cut(start: 0, step: 1, length: $0) }
    let starts = try operands.integers(1)
    let ends = try operands.integers(2)
    let axes = operands[optional: 3] == nil ? Array(starts.indices) : try operands.integers(3)
    let steps = operands[optional: 4] == nil ? starts.map { _ in 1 } : try operands.integers(4)
    guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count, !steps.contains(0),
      !steps.contains(.min)
    else {
      throw GraphError(
        .attributeInvalid, "starts, ends, axes and steps do not belong together",
        expected: "\(starts.count) each, no step 0", found: "\(ends.count) ends, axes \(axes), steps \(steps)")
    }
    for (i, axis) in axes.enumerated() {
      let axis = try shape.axis(axis)
      cuts[axis] = Self.cut(starts[i], ends[i], steps[i], of: shape[axis])
    }
    return cuts
  }

  private static func cut(_ start: Int, _ end: Int, _ step: Int, of size: Dimension) -> Cut {
    let last = step > 0 ? size : size - 1
    func clamp(_ position: Int, _ low: Dimension) -> Dimension {
      // Files write the largest number for "to the end"; no axis that is open is that long.
      if size.value == nil, position >= Int(Int32.max) { return last }
      if size.value == nil, position <= -Int(Int32.max) { return .min(low, last) }
      return .min(.max(position < 0 ? Dimension(position) + size : Dimension(position), low), last)
    }
    let (first, beyond) = (clamp(start, 0), clamp(end, step > 0 ? 0 : -1))
    let reach = Dimension.max(step > 0 ? beyond - first : first - beyond, 0)
    let width = Dimension(abs(step))
    return Cut(start: .max(first, 0), step: step, length: (reach + width - 1) / width)
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    [TensorType(try operands.dtype(0), Shape(try cuts(operands).map(\.length)))]
  }

  public func regions(for operands: Operands) throws(GraphError) -> [[Region]] {
    let sizes = try operands.shape(0).concreteSizes()
    let cuts = try cuts(operands)
    let strides = rowMajorStrides(sizes)
    let lengths = try Shape(cuts.map(\.length)).concreteSizes()
    let starts = try Shape(cuts.map(\.start)).concreteSizes()
    return [
      [
        Region(
          size: lengths,
          source: View(
            offset: zip(starts, strides).reduce(0) { $0 + $1.0 * $1.1 }, strides: zip(cuts, strides).map { $0.step &* $1 }),
          target: View(strides: rowMajorStrides(lengths)))
      ]
    ]
  }
}

import CKernels
package import MNNGraph

extension DirectKernels {
  /// A reduction over `axes`, which may count from the end; over all if there are none.
  package func reduce(
    _ function: Reduce.Function, _ x: Tensor, axes: [Int], keepsDimensions: Bool
  ) throws(GraphError) -> Tensor? {
    let kind = function.kind
    switch x.dtype {
    case .float32, .float64: break
    case .int32, .int64:
      guard kind.rawValue <= CK_REDUCE_L1.rawValue else { return nil }
    case .bool:
      guard function == .maximum || function == .minimum else { return nil }
    default: return nil
    }
    guard let (shape, run) = try layout(x.shape, axes, keepsDimensions) else { return nil }
    let y = try Tensor(uninitialized: x.dtype, shape: shape)
    guard y.count > 0 else { return y }
    defer { withExtendedLifetime(x) {} }
    switch x.dtype {
    case .float32: ck_f32_reduce(isa, kind, run.outer, run.count, run.inner, x.elements(), y.elements(), threads)
    case .float64: ck_f64_reduce(isa, kind, run.outer, run.count, run.inner, x.elements(), y.elements(), threads)
    case .int32: ck_i32_reduce(isa, kind, run.outer, run.count, run.inner, x.elements(), y.elements(), threads)
    case .int64: ck_i64_reduce(isa, kind, run.outer, run.count, run.inner, x.elements(), y.elements(), threads)
    default: ck_u8_reduce(isa, kind, run.outer, run.count, run.inner, x.elements(), y.elements(), threads)
    }
    return y
  }

  /// The result's shape and the one run of axes that is reduced; nil if the axes are not neighbours.
  private func layout(
    _ sizes: [Int], _ axes: [Int], _ keepsDimensions: Bool
  ) throws(GraphError) -> (shape: [Int], run: ReductionRun)? {
    if axes.isEmpty {
      let shape = keepsDimensions ? [Int](repeating: 1, count: sizes.count) : []
      return (shape, ReductionRun(outer: 1, count: elementCount(sizes), inner: 1))
    }
    let sorted = axes.count == 1 ? [try normalizedAxis(axes[0], rank: sizes.count)] : try normalizedAxes(axes, rank: sizes.count)
    let (first, last) = (sorted[0], sorted[sorted.count - 1])
    guard last - first + 1 == sorted.count else { return nil }
    var run = ReductionRun(outer: 1, count: 1, inner: 1)
    var shape = sizes
    for (axis, size) in sizes.enumerated() {
      if axis < first {
        run.outer *= size
      } else if axis > last {
        run.inner *= size
      } else {
        run.count *= size
        shape[axis] = 1
      }
    }
    if !keepsDimensions { shape.removeSubrange(first...last) }
    return (shape, run)
  }
}

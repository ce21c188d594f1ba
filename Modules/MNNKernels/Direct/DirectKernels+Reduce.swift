import CKernels
package import MNNGraph

extension DirectKernels {
  /// A reduction over `axes`, which may count from the end; over all if there are none.
  package func reduce(
    _ function: Reduce.Function, _ x: Tensor, axes: [Int], keepsDimensions: Bool
  ) throws(GraphError) -> Tensor? {
    guard function.hasKernel(for: x.dtype) else { return nil }
    guard let (shape, run) = try layout(x.shape, axes, keepsDimensions) else { return nil }
    let y = try Tensor(uninitialized: x.dtype, shape: shape)
    guard y.count > 0 else { return y }
    defer { withExtendedLifetime(x) {} }
    TypedKernels.reduce(isa, function.kind, x.dtype, run, x.base, y.mutableBase, threads)
    return y
  }

  /// The result's shape and the one run of axes that is reduced; nil if the axes are not neighbors.
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

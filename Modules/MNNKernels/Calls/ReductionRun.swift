import MNNGraph

/// Neighboring axes that are reduced together: `[outer, count, inner]`.
package struct ReductionRun: Hashable, Sendable {
  package var outer: Int
  package var count: Int
  package var inner: Int

  package init(outer: Int, count: Int, inner: Int) {
    self.outer = outer
    self.count = count
    self.inner = inner
  }

  /// The runs that reduce `axes` of `sizes`, the last axes first; one of a single element if there are none.
  package static func all(_ sizes: [Int], _ axes: [Int]) -> [ReductionRun] {
    var rest = sizes
    var runs: [ReductionRun] = []
    var axis = sizes.count - 1
    while axis >= 0 {
      guard axes.contains(axis), rest[axis] != 1 else { axis -= 1; continue }
      var first = axis
      while first > 0, axes.contains(first - 1) || rest[first - 1] == 1 { first -= 1 }
      runs.append(
        ReductionRun(
          outer: elementCount(Array(rest[..<first])), count: elementCount(Array(rest[first...axis])),
          inner: elementCount(Array(rest[(axis + 1)...]))))
      for i in first...axis { rest[i] = 1 }
      axis = first - 1
    }
    return runs.isEmpty ? [ReductionRun(outer: elementCount(sizes), count: 1, inner: 1)] : runs
  }
}

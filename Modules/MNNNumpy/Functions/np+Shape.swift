public import MNNExpr
public import MNNGraph
import MNNKernels

extension np {
  /// The elements in another shape: `np.reshape(x, 2, -1)`.
  public static func reshape(_ a: some ArrayConvertible, _ size1: Int, _ size2: Int, _ sizes: Int...) -> Variable {
    reshape(a.asVariable, [size1, size2] + sizes)
  }

  /// The axes in another order: `np.transpose(x, 1, 0)`.
  public static func transpose(_ a: some ArrayConvertible, _ axis1: Int, _ axis2: Int, _ axes: Int...) -> Variable {
    transpose(a.asVariable, [axis1, axis2] + axes)
  }

  /// The size of each axis.
  public static func shape(_ a: Variable) throws(ExprError) -> [Int] { try a.shape }
  /// The number of axes.
  public static func ndim(_ a: Variable) throws(ExprError) -> Int { try a.rank }
  /// The number of elements.
  public static func size(_ a: Variable) throws(ExprError) -> Int { try a.count }
  /// The only element.
  public static func asscalar(_ a: Variable) throws(ExprError) -> Double { try a.item(as: Double.self) }

  /// The same elements in another shape; one size may be -1.
  public static func reshape(_ a: Variable, _ shape: any IntegerList) -> Variable {
    a.map { a throws(GraphError) in try a.reshaped(Rearranging.resolved(shape.integers, count: a.count)) }
  }

  /// The elements in one axis.
  public static func ravel(_ a: Variable) -> Variable { a.map { a throws(GraphError) in try a.reshaped([a.count]) } }

  /// The axes in the order of `axes`, reversed if nil.
  public static func transpose(_ a: Variable, _ axes: [Int]? = nil) -> Variable {
    a.map { a throws(GraphError) in try Rearranging.transpose(a, axes) }
  }

  /// The last two axes exchanged.
  public static func matrixTranspose(_ a: Variable) -> Variable { swapaxes(a, -1, -2) }

  /// Two axes exchanged.
  public static func swapaxes(_ a: Variable, _ axis1: Int, _ axis2: Int) -> Variable {
    a.map { a throws(GraphError) in
      var order = Array(0..<a.rank)
      order.swapAt(try normalizedAxis(axis1, rank: a.rank), try normalizedAxis(axis2, rank: a.rank))
      return try Rearranging.transpose(a, order)
    }
  }

  /// Axes moved to new places; the others keep their order.
  public static func moveaxis(_ a: Variable, _ source: any IntegerList, _ destination: any IntegerList) -> Variable {
    a.map { a throws(GraphError) in
      try Rearranging.moveAxes(a, from: source.integers, to: destination.integers)
    }
  }

  /// `axis` moved before the axis that is at `start`.
  public static func rollaxis(_ a: Variable, _ axis: Int, start: Int = 0) -> Variable {
    a.map { a throws(GraphError) in
      let axis = try normalizedAxis(axis, rank: a.rank)
      guard start >= -a.rank, start <= a.rank else {
        throw GraphError(.axisOutOfRange, "start out of range", expected: "\(-a.rank) ... \(a.rank)", found: "\(start)")
      }
      var target = start < 0 ? start + a.rank : start
      if axis < target { target -= 1 }
      return axis == target ? a : try Rearranging.moveAxes(a, from: [axis], to: [target])
    }
  }

  /// New axes of size 1 at the positions `axis` of the result.
  public static func expandDims(_ a: Variable, _ axis: any IntegerList) -> Variable {
    a.map { a throws(GraphError) in
      let axes = try normalizedAxes(axis.integers, rank: a.rank + axis.integers.count)
      var sizes = a.shape[...]
      var shape: [Int] = []
      for position in 0..<a.rank + axes.count { shape.append(axes.contains(position) ? 1 : sizes.popFirst() ?? 1) }
      return try a.reshaped(shape)
    }
  }

  /// Without the axes of size 1, or those of them that `axis` names.
  public static func squeeze(_ a: Variable, axis: (any IntegerList)? = nil) -> Variable {
    a.map { a throws(GraphError) in
      guard let axis else { return try a.reshaped(a.shape.filter { $0 != 1 }) }
      let axes = try normalizedAxes(axis.integers, rank: a.rank)
      for axis in axes where a.shape[axis] != 1 {
        throw GraphError(
          .shapeMismatch, "cannot squeeze axis \(axis)", expected: "size 1", found: "\(a.shape[axis])")
      }
      return try a.reshaped(a.shape.indices.filter { !axes.contains($0) }.map { a.shape[$0] })
    }
  }

  /// The array repeated along axes of size 1 and new leading axes.
  public static func broadcastTo(_ a: Variable, _ shape: any IntegerList) -> Variable {
    a.map { a throws(GraphError) in try Expanding.broadcast(a, to: shape.integers) }
  }

  /// The arrays, all repeated to the shape in which they meet.
  public static func broadcastArrays(_ args: Variable...) -> [Variable] {
    Variable.make(count: args.count) { () throws(GraphError) in
      let tensors = try args.map { (x) throws(GraphError) in try x.contents() }
      let shape = try broadcastSizes(tensors.map(\.shape))
      return try tensors.map { (x) throws(GraphError) in try Expanding.broadcast(x, to: shape) }
    }
  }

  /// The shape in which arrays of `shapes` meet.
  public static func broadcastShapes(_ shapes: [Int]...) throws(GraphError) -> [Int] { try broadcastSizes(shapes) }

  /// The array with at least one axis.
  public static func atleast1d(_ a: Variable) -> Variable { a.map { a throws(GraphError) in try Expanding.atLeast(1, a) } }
  /// The array with at least two axes, new ones in front.
  public static func atleast2d(_ a: Variable) -> Variable { a.map { a throws(GraphError) in try Expanding.atLeast(2, a) } }
  /// The array with at least three axes; a vector is put in the middle.
  public static func atleast3d(_ a: Variable) -> Variable { a.map { a throws(GraphError) in try Expanding.atLeast(3, a) } }

  /// The order of elements reversed along `axis`, along all if nil.
  public static func flip(_ a: Variable, axis: (any IntegerList)? = nil) -> Variable {
    a.map { a throws(GraphError) in try Rearranging.reversed(a, axes: axis?.integers) }
  }

  /// Rows reversed.
  public static func flipud(_ a: Variable) -> Variable { flip(a, axis: 0) }
  /// Columns reversed.
  public static func fliplr(_ a: Variable) -> Variable { flip(a, axis: 1) }

  /// A quarter turn counter-clockwise, `k` times, in the plane of two axes.
  public static func rot90(_ a: Variable, k: Int = 1, axes: (Int, Int) = (0, 1)) -> Variable {
    switch ((k % 4) + 4) % 4 {
    case 0: a.map { $0 }
    case 1: swapaxes(flip(a, axis: axes.1), axes.0, axes.1)
    case 2: flip(flip(a, axis: axes.0), axis: axes.1)
    default: flip(swapaxes(a, axes.0, axes.1), axis: axes.1)
    }
  }

  /// Elements moved by `shift` along `axis` (in the flattened array if nil); what falls off comes in at the other end.
  public static func roll(_ a: Variable, _ shift: any IntegerList, axis: (any IntegerList)? = nil) -> Variable {
    a.map { a throws(GraphError) in
      guard let axes = axis?.integers else {
        let total = shift.integers.reduce(0, &+)
        return try Rearranging.roll(a.reshaped([a.count]), shift: total, axis: 0).reshaped(a.shape)
      }
      let shifts = shift.integers
      guard shifts.count == axes.count || shifts.count == 1 || axes.count == 1 else {
        throw GraphError(
          .attributeInvalid, "shift and axis differ in number", expected: "\(axes.count)", found: "\(shifts.count)")
      }
      var result = a
      for i in 0..<Swift.max(shifts.count, axes.count) {
        result = try Rearranging.roll(
          result, shift: shifts[shifts.count == 1 ? 0 : i], axis: axes[axes.count == 1 ? 0 : i])
      }
      return result
    }
  }

  /// The array repeated `reps` times along its last axes.
  public static func tile(_ a: Variable, _ reps: any IntegerList) -> Variable {
    a.map { a throws(GraphError) in try Rearranging.tile(a, reps.integers) }
  }

  /// The matrix repeated `m` times downwards and `n` times to the right.
  public static func repmat(_ a: Variable, _ m: Int, _ n: Int) -> Variable { tile(atleast2d(a), [m, n]) }

  /// Every element `repeats` times along `axis` (in the flattened array if nil).
  public static func `repeat`(_ a: Variable, _ repeats: any IntegerList, axis: Int? = nil) -> Variable {
    a.map { a throws(GraphError) in
      let x = try axis == nil ? a.reshaped([a.count]) : a
      return try Rearranging.repeat(x, repeats.integers, axis: axis ?? 0)
    }
  }

  /// The elements on a diagonal of two axes, which become the last axis.
  public static func diagonal(_ a: Variable, offset: Int = 0, axis1: Int = 0, axis2: Int = 1) -> Variable {
    a.map { a throws(GraphError) in try Rearranging.diagonal(a, offset: offset, axis1: axis1, axis2: axis2) }
  }

  /// The sum of the elements on a diagonal.
  public static func trace(_ a: Variable, offset: Int = 0, axis1: Int = 0, axis2: Int = 1) -> Variable {
    a.map { a throws(GraphError) in
      try Sums.sum(Rearranging.diagonal(a, offset: offset, axis1: axis1, axis2: axis2), axes: [-1], keepdims: false)
    }
  }

  /// The array with elements around it.
  ///
  /// - Parameters:
  ///   - padWidth: one width for all sides, a pair (before, after) for all axes, or a pair per axis.
  ///   - constantValues: what ``PadMode/constant`` writes; one value, a pair, or a pair per axis.
  ///   - endValues: where ``PadMode/linearRamp`` ends.
  public static func pad(
    _ a: Variable, _ padWidth: Variable, mode: PadMode = .constant, constantValues: Variable = 0, endValues: Variable = 0
  ) -> Variable {
    a.map { a throws(GraphError) in
      let widths = try padWidth.contents()
      guard widths.dtype.isInteger || widths.count == 0 else {
        throw GraphError(.dtypeUnsupported, "pad_width must be of integral type", found: "\(widths.dtype)")
      }
      let pairs = try Expanding.broadcast(widths.cast(to: .int64), to: [a.rank, 2]).scalars(as: Int64.self)
      let ends = try (mode == .linearRamp ? endValues : constantValues).contents().cast(to: a.dtype)
      let values = try Expanding.broadcast(ends, to: [a.rank, 2])
      var list: [(before: Tensor, after: Tensor)] = []
      for axis in 0..<a.rank {
        list.append(
          (
            try Strided(values, shape: [], strides: [], offset: 2 * axis).tensor(),
            try Strided(values, shape: [], strides: [], offset: 2 * axis + 1).tensor()
          ))
      }
      let sizes = (0..<a.rank).map { (before: Int(pairs[2 * $0]), after: Int(pairs[2 * $0 + 1])) }
      return try Padding.pad(a, sizes, mode: mode, values: list)
    }
  }
}

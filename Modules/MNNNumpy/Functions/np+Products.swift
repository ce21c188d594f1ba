public import MNNExpr
import MNNGraph

extension np {
  /// The product of matrices on the last two axes; other axes broadcast, a vector is a row or a column that goes again.
  public static func matmul(_ a: Variable, _ b: Variable) -> Variable {
    .make { () throws(GraphError) in
      let (x, y, dtype) = try factors(a, b)
      return try Products.matmul(x.cast(to: dtype), y.cast(to: dtype))
    }
  }

  /// The sum of products over the last axis of `a` and the last but one of `b`; of vectors a number.
  public static func dot(_ a: Variable, _ b: Variable) -> Variable {
    .make { () throws(GraphError) in
      let (x, y, dtype) = try factors(a, b)
      return try Products.dot(x.cast(to: dtype), y.cast(to: dtype), dtype: dtype)
    }
  }

  /// The sum of products of the flattened arrays.
  public static func vdot(_ a: Variable, _ b: Variable) -> Variable { dot(ravel(a), ravel(b)) }

  /// The sum of products over the last axes.
  public static func inner(_ a: Variable, _ b: Variable) -> Variable {
    .make { () throws(GraphError) in
      let (x, y, dtype) = try factors(a, b)
      if x.rank == 0 || y.rank == 0 { return try BinaryMath.apply(.multiply, x, y, dtype: dtype) }
      return try Products.tensordot(x.cast(to: dtype), y.cast(to: dtype), [x.rank - 1], [y.rank - 1])
    }
  }

  /// All products of elements of the flattened arrays.
  public static func outer(_ a: Variable, _ b: Variable) -> Variable {
    .make { () throws(GraphError) in
      let (x, y, dtype) = try factors(a, b)
      return try BinaryMath.apply(.multiply, x.reshaped([x.count, 1]), y.reshaped([1, y.count]), dtype: dtype)
    }
  }

  /// The sum of products over the last `axes` axes of `a` and the first of `b`.
  public static func tensordot(_ a: Variable, _ b: Variable, axes: Int = 2) -> Variable {
    .make { () throws(GraphError) in
      let (x, y, dtype) = try factors(a, b)
      guard axes >= 0, axes <= x.rank, axes <= y.rank else {
        throw GraphError(.axisOutOfRange, "tensordot over more axes than there are", found: "\(axes)")
      }
      return try Products.tensordot(
        x.cast(to: dtype), y.cast(to: dtype), Array(x.rank - axes..<x.rank), Array(0..<axes))
    }
  }

  /// The sum of products over pairs of axes.
  public static func tensordot(_ a: Variable, _ b: Variable, axes: (any IntegerList, any IntegerList)) -> Variable {
    .make { () throws(GraphError) in
      let (x, y, dtype) = try factors(a, b)
      return try Products.tensordot(x.cast(to: dtype), y.cast(to: dtype), axes.0.integers, axes.1.integers)
    }
  }

  /// Sums of products by Einstein's convention: `np.einsum("ij,jk->ik", a, b)`.
  public static func einsum(_ subscripts: String, _ operands: Variable...) -> Variable {
    einsum(subscripts, operands)
  }

  /// As ``einsum(_:_:)-(String,Variable...)``.
  public static func einsum(_ subscripts: String, _ operands: [Variable]) -> Variable {
    .make { () throws(GraphError) in try Einsum.apply(subscripts, common(operands)) }
  }

  /// Kronecker's product.
  public static func kron(_ a: Variable, _ b: Variable) -> Variable {
    .make { () throws(GraphError) in
      let (x, y, dtype) = try operands(a, b)
      let rank = Swift.max(x.rank, y.rank)
      let (p, q) = (
        [Int](repeating: 1, count: rank - x.rank) + x.shape, [Int](repeating: 1, count: rank - y.rank) + y.shape
      )
      let left = try x.reshaped(p.flatMap { [$0, 1] })
      let right = try y.reshaped(q.flatMap { [1, $0] })
      return try BinaryMath.apply(.multiply, left, right, dtype: dtype).reshaped(zip(p, q).map { $0 * $1 })
    }
  }

  /// The vector product along the last axis, of size 3.
  public static func cross(_ a: Variable, _ b: Variable) -> Variable {
    .make { () throws(GraphError) in
      let (x, y, dtype) = try operands(a, b)
      guard x.shape.last == 3, y.shape.last == 3 else {
        throw GraphError(
          .shapeMismatch, "cross needs vectors of 3 elements", expected: "[…, 3]", found: "\(x.shape) and \(y.shape)")
      }
      func part(_ t: Tensor, _ i: Int) throws(GraphError) -> Tensor { try Joining.slice(t, axis: t.rank - 1, from: i, to: i + 1) }
      var parts: [Tensor] = []
      for i in 0..<3 {
        let (j, k) = ((i + 1) % 3, (i + 2) % 3)
        let first = try BinaryMath.apply(.multiply, part(x, j), part(y, k), dtype: dtype)
        let second = try BinaryMath.apply(.multiply, part(x, k), part(y, j), dtype: dtype)
        parts.append(try BinaryMath.apply(.subtract, first, second, dtype: dtype))
      }
      return try Joining.concatenate(parts, axis: parts[0].rank - 1)
    }
  }
}

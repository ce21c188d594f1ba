public import MNNExpr
import MNNGraph

extension np {
  /// Elements in rising order along `axis` (flattened if nil); NaN comes last.
  public static func sort(_ a: Variable, axis: Int? = -1) -> Variable {
    a.map { a throws(GraphError) in
      if a.rank == 0, axis != nil { _ = try normalizedAxis(0, rank: 0) }
      return try Sorting.sort(axis == nil ? a.reshaped([a.count]) : a, axis: axis ?? 0)
    }
  }

  /// The positions that put elements into rising order, of equals the first first, as int64.
  public static func argsort(_ a: Variable, axis: Int? = -1) -> Variable {
    a.map { a throws(GraphError) in
      if a.rank == 0 { return try Tensor.zeros(.int64, axis == nil ? [1] : []) }
      return try Sorting.argsort(axis == nil ? a.reshaped([a.count]) : a, axis: axis ?? 0)
    }
  }

  /// Rows in rising order of their elements: ``sort(_:axis:)`` along the first axis.
  public static func msort(_ a: Variable) -> Variable { sort(a, axis: 0) }

  /// The order by several keys of one shape, the last one first.
  public static func lexsort(_ keys: [Variable], axis: Int = -1) -> Variable {
    .make { () throws(GraphError) in
      try Sorting.lexsort(keys.map { (x) throws(GraphError) in try x.contents() }, axis: axis)
    }
  }

  /// The element `kth` in the place where sorting puts it, lesser ones before, others behind it.
  public static func partition(_ a: Variable, _ kth: Int, axis: Int? = -1) -> Variable {
    checkingPlace(sort(a, axis: axis), kth, axis)
  }

  /// As ``partition(_:_:axis:)``, as positions.
  public static func argpartition(_ a: Variable, _ kth: Int, axis: Int? = -1) -> Variable {
    checkingPlace(argsort(a, axis: axis), kth, axis)
  }

  private static func checkingPlace(_ sorted: Variable, _ kth: Int, _ axis: Int?) -> Variable {
    sorted.map { x throws(GraphError) in
      let size = x.shape[try normalizedAxis(axis ?? 0, rank: x.rank)]
      guard kth >= -size, kth < size else {
        throw GraphError(.indexOutOfRange, "kth out of bounds", expected: "\(-size) ..< \(size)", found: "\(kth)")
      }
      return x
    }
  }

  /// The different elements, sorted.
  public static func unique(_ a: Variable, equalNaN: Bool = true) -> Variable {
    a.map { a throws(GraphError) in try Uniqueness.values(a, equalNaN: equalNaN) }
  }

  /// The different elements, where each occurs first, which of them each element is, and how often it occurs.
  public static func uniqueAll(
    _ a: Variable, equalNaN: Bool = true
  ) -> (values: Variable, indices: Variable, inverse: Variable, counts: Variable) {
    let parts = Variable.make(count: 4) { () throws(GraphError) in
      let x = try a.contents()
      let unique = try Uniqueness(x, equalNaN: equalNaN)
      return [unique.values, unique.firstPositions, try unique.inverse.reshaped(x.shape), unique.counts]
    }
    return (parts[0], parts[1], parts[2], parts[3])
  }

  /// Where each of `v` belongs in the sorted vector `a`: before its equals, or after them if `side` is `"right"`.
  public static func searchsorted(_ a: Variable, _ v: Variable, side: String = "left", sorter: Variable? = nil) -> Variable {
    .make { () throws(GraphError) in
      guard side == "left" || side == "right" else {
        throw GraphError(.attributeInvalid, "bad side of searchsorted", expected: "left or right", found: side)
      }
      var (x, values, dtype) = try operands(a, v)
      if let sorter { x = try Taking.take(x, sorter.contents(), axis: 0, mode: .raise) }
      x = try x.cast(to: dtype)
      values = try values.cast(to: dtype)
      return try Searching.searchsorted(x, values, right: side == "right")
    }
  }

  /// The number of the bin between rising (or falling) `bins` in which each element lies.
  public static func digitize(_ x: Variable, _ bins: Variable, right: Bool = false) -> Variable {
    .make { () throws(GraphError) in
      let edges = try bins.contents()
      let values = try edges.scalars(as: Double.self)
      let rises = zip(values, values.dropFirst()).allSatisfy { $0 <= $1 }
      guard rises || zip(values, values.dropFirst()).allSatisfy({ $0 >= $1 }) else {
        throw GraphError(.attributeInvalid, "bins must be monotonically increasing or decreasing")
      }
      if rises { return try searchsorted(bins, x, side: right ? "left" : "right").contents() }
      let reversed = Variable(try Rearranging.reversed(edges, axes: nil))
      let places = try searchsorted(reversed, x, side: right ? "left" : "right").contents()
      let count = Int64(edges.count)
      return try mapped(places, Int64.self, to: Int64.self) { count - $0 }
    }
  }

  /// How often each whole number from 0 on occurs, or the sum of `weights` where it does.
  public static func bincount(_ x: Variable, weights: Variable? = nil, minlength: Int = 0) -> Variable {
    .make { () throws(GraphError) in
      let numbers = try x.contents()
      guard numbers.rank == 1, !numbers.dtype.isFloatingPoint else {
        throw GraphError(.dtypeUnsupported, "bincount needs a vector of integers", found: "\(numbers.type)")
      }
      guard minlength >= 0 else { throw GraphError(.attributeInvalid, "minlength must not be negative", found: "\(minlength)") }
      let list = try numbers.scalars(as: Int64.self)
      guard list.allSatisfy({ $0 >= 0 && $0 < 1 << 40 }) else {
        throw GraphError(.attributeInvalid, "bincount needs small numbers that are not negative")
      }
      let size = Swift.max(minlength, Int(list.max() ?? -1) + 1)
      guard let weights else {
        let result = try Tensor.zeros(.int64, [size])
        let target = result.target(Int64.self)
        for value in list { target[Int(value)] += 1 }
        return result
      }
      let w = try weights.contents().scalars(as: Double.self)
      guard w.count == list.count else {
        throw GraphError(.shapeMismatch, "weights and list differ in length", expected: "\(list.count)", found: "\(w.count)")
      }
      let result = try Tensor.zeros(.float64, [size])
      let target = result.target(Double.self)
      for (value, weight) in zip(list, w) { target[Int(value)] += weight }
      return result
    }
  }
}

extension np {
  /// Where elements of `element` occur in `testElements`.
  public static func isin(_ element: Variable, _ testElements: Variable, invert: Bool = false) -> Variable {
    .make { () throws(GraphError) in
      let (x, test, dtype) = try operands(element, testElements)
      let sorted = try Sorting.sortRows(test.cast(to: dtype).reshaped([test.count]).lanes(of: dtype))
      let lanes = try x.cast(to: dtype).lanes(of: dtype)
      let left = try Searching.searchsorted(sorted, lanes, right: false)
      let right = try Searching.searchsorted(sorted, lanes, right: true)
      let found = try zipped(left, right, Int64.self, to: Bool.self) { ($0 != $1) != invert }
      guard dtype.isFloatingPoint else { return found }
      // NaN is in no set.
      return try zipped(found, UnaryMath.test(.isNaN, lanes), Bool.self, to: Bool.self) { $1 ? invert : $0 }
    }
  }

  /// As ``isin(_:_:invert:)`` of the flattened array.
  public static func in1d(_ a: Variable, _ b: Variable, invert: Bool = false) -> Variable { isin(ravel(a), b, invert: invert) }

  /// The different elements that both have, sorted.
  public static func intersect1d(_ a: Variable, _ b: Variable) -> Variable {
    let (x, y) = (unique(a), unique(b))
    return extract(isin(x, y), x)
  }

  /// The different elements of both, sorted.
  public static func union1d(_ a: Variable, _ b: Variable) -> Variable { unique(concatenate([a, b], axis: nil)) }

  /// The different elements of `a` that `b` does not have, sorted.
  public static func setdiff1d(_ a: Variable, _ b: Variable) -> Variable {
    let x = unique(a)
    return extract(isin(x, b, invert: true), x)
  }

  /// The different elements that one of both has, sorted.
  public static func setxor1d(_ a: Variable, _ b: Variable) -> Variable {
    unique(concatenate([setdiff1d(a, b), setdiff1d(b, a)], axis: nil))
  }
}

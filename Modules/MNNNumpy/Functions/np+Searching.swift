public import MNNExpr
import MNNGraph
import MNNKernels

extension np {
  /// `x` where `condition` holds, `y` elsewhere, all broadcast to each other.
  public static func `where`(_ condition: Variable, _ x: Variable, _ y: Variable) -> Variable {
    .make { () throws(GraphError) in
      let (a, b, dtype) = try operands(x, y)
      return try Selecting.select(condition.contents().cast(to: .bool), a.cast(to: dtype), b.cast(to: dtype))
    }
  }

  /// The positions of the elements that are not zero, one int64 vector per axis.
  public static func `where`(_ condition: Variable) -> [Variable] { nonzero(condition) }

  /// The positions of the elements that are not zero, one int64 vector per axis.
  public static func nonzero(_ a: Variable) -> [Variable] {
    Variable.make(count: 1) { () throws(GraphError) in
      let x = try a.contents()
      guard x.rank > 0 else {
        throw GraphError(.rankMismatch, "nonzero of an array of rank 0", advice: "use atleast1d")
      }
      return try Positions.nonzero(x)
    }
  }

  /// The positions in the flattened array of the elements that are not zero.
  public static func flatnonzero(_ a: Variable) -> Variable { a.map { a throws(GraphError) in try Positions.flatNonzero(a) } }

  /// The positions of the elements that are not zero, a row each.
  public static func argwhere(_ a: Variable) -> Variable { a.map { a throws(GraphError) in try Positions.rows(a) } }

  /// The elements of the flattened array where `condition` holds.
  public static func extract(_ condition: Variable, _ a: Variable) -> Variable {
    .make { () throws(GraphError) in
      let x = try a.contents()
      return try Taking.take(
        x.reshaped([x.count]), Positions.flatNonzero(condition.contents()), axis: 0, mode: .raise)
    }
  }

  /// The entries along `axis` (of the flattened array if nil) where `condition` holds.
  public static func compress(_ condition: Variable, _ a: Variable, axis: Int? = nil) -> Variable {
    .make { () throws(GraphError) in
      let (x, truths) = (try a.contents(), try condition.contents())
      guard truths.rank == 1 else { throw GraphError(.rankMismatch, "condition must be a 1-d array", found: "\(truths.shape)") }
      let flat = try axis == nil ? x.reshaped([x.count]) : x
      return try Taking.take(flat, Positions.flatNonzero(truths), axis: axis ?? 0, mode: .raise)
    }
  }

  /// Entries by their positions along `axis` (of the flattened array if nil).
  public static func take(_ a: Variable, _ indices: Variable, axis: Int? = nil, mode: IndexMode = .raise) -> Variable {
    .make { () throws(GraphError) in
      let x = try a.contents()
      return try Taking.take(
        axis == nil ? x.reshaped([x.count]) : x, indices.contents(), axis: axis ?? 0, mode: mode)
    }
  }

  /// Elements along `axis`, each at the position that `indices` has in its place.
  public static func takeAlongAxis(_ a: Variable, _ indices: Variable, axis: Int) -> Variable {
    .make { () throws(GraphError) in try Taking.takeAlongAxis(a.contents(), indices.contents(), axis: axis) }
  }

  /// Where elements of several choices are taken from: `choices[a[i]][i]`.
  public static func choose(_ a: Variable, _ choices: [Variable], mode: IndexMode = .raise) -> Variable {
    .make { () throws(GraphError) in
      let options = try common(choices)
      let selector = try a.contents()
      let shape = try broadcastSizes(options.map(\.shape) + [selector.shape])
      let places = try Taking.resolved(Expanding.broadcast(selector, to: shape), options.count, mode)
      let bad = places.read(Int64.self) { p in (0..<places.count).contains { p[$0] < 0 || p[$0] >= Int64(options.count) } }
      guard !bad else {
        throw GraphError(.indexOutOfRange, "invalid entry in choice array", expected: "0 ..< \(options.count)")
      }
      var result = try Expanding.broadcast(options[0], to: shape)
      for (i, option) in options.enumerated().dropFirst() {
        let holds = try mapped(places, Int64.self, to: Bool.self) { $0 == Int64(i) }
        result = try Selecting.select(holds, option, result)
      }
      return result
    }
  }

  /// For every element the first of `choices` whose condition holds, or `default`.
  public static func select(_ conditions: [Variable], _ choices: [Variable], default value: Variable = 0) -> Variable {
    .make { () throws(GraphError) in
      guard conditions.count == choices.count, !choices.isEmpty else {
        throw GraphError(
          .attributeInvalid, "list of conditions must be as long as list of choices", expected: "\(choices.count)",
          found: "\(conditions.count)")
      }
      let options = try common(choices + [value])
      var result = options[choices.count]
      for i in choices.indices.reversed() {
        let condition = try conditions[i].contents()
        guard condition.dtype == .bool else {
          throw GraphError(.dtypeUnsupported, "invalid entry in condlist: should be boolean", found: "\(condition.dtype)")
        }
        result = try Selecting.select(condition, options[i], result)
      }
      return result
    }
  }

  /// Positions in the flattened array as positions along the axes of `shape`.
  public static func unravelIndex(_ indices: Variable, _ shape: any IntegerList) -> [Variable] {
    let sizes = shape.integers
    return Variable.make(count: sizes.count) { () throws(GraphError) in
      let count = try checkedElementCount(sizes)
      let positions = try Taking.resolved(indices.contents(), count, .raise)
      let bad = positions.read(Int64.self) { p in (0..<positions.count).first { p[$0] < 0 || p[$0] >= Int64(count) }.map { p[$0] }
      }
      if let bad { throw GraphError(.indexOutOfRange, "index is out of bounds", expected: "0 ..< \(count)", found: "\(bad)") }
      let strides = rowMajorStrides(sizes)
      var result: [Tensor] = []
      for axis in sizes.indices {
        let (stride, size) = (Int64(strides[axis]), Int64(sizes[axis]))
        result.append(try mapped(positions, Int64.self, to: Int64.self) { $0 / stride % size })
      }
      return result
    }
  }

  /// Positions along the axes of `shape` as positions in the flattened array.
  public static func ravelMultiIndex(_ indices: [Variable], _ shape: any IntegerList, mode: IndexMode = .raise) -> Variable {
    .make { () throws(GraphError) in
      let sizes = shape.integers
      _ = try checkedElementCount(sizes)
      guard indices.count == sizes.count else {
        throw GraphError(
          .attributeInvalid, "one array of positions per axis is needed", expected: "\(sizes.count)", found: "\(indices.count)")
      }
      let strides = rowMajorStrides(sizes)
      var sum = try Tensor(Int64(0))
      for (axis, variable) in indices.enumerated() {
        let positions = try Taking.resolved(variable.contents(), sizes[axis], mode)
        let bad = positions.read(Int64.self) { p in
          (0..<positions.count).first { p[$0] < 0 || p[$0] >= Int64(sizes[axis]) }.map { p[$0] }
        }
        if let bad {
          throw GraphError(.indexOutOfRange, "invalid entry in coordinates", expected: "0 ..< \(sizes[axis])", found: "\(bad)")
        }
        let stride = Int64(strides[axis])
        sum = try zipped(sum, positions, Int64.self, to: Int64.self) { $0 &+ $1 &* stride }
      }
      return sum
    }
  }
}

extension np {
  /// Whether both have one shape and equal elements; types do not matter.
  ///
  /// - Throws: ``ExprError`` that one of the arrays holds.
  public static func arrayEqual(_ a1: Variable, _ a2: Variable, equalNaN: Bool = false) throws(ExprError) -> Bool {
    let result = Variable.make { () throws(GraphError) in
      let (a, b, dtype) = try operands(a1, a2, comparing: true)
      guard a.shape == b.shape else { return try Tensor(false) }
      var equal = try Comparing.compare(.equal, a, b, dtype: dtype)
      if equalNaN {
        let both = try Comparing.logic(.and, UnaryMath.test(.isNaN, a), UnaryMath.test(.isNaN, b))
        equal = try Comparing.logic(.or, equal, both)
      }
      return try Extremes.all(equal, axes: nil, keepdims: false)
    }
    return try result.item(as: Bool.self)
  }

  /// Where `|a - b| <= atol + rtol * |b|`.
  public static func isclose(
    _ a: Variable, _ b: Variable, rtol: Double = 1e-5, atol: Double = 1e-8, equalNaN: Bool = false
  ) -> Variable {
    .make { () throws(GraphError) in
      let (x, y) = (try a.contents().cast(to: .float64), try b.contents().cast(to: .float64))
      return try zipped(x, y, Double.self, to: Bool.self) {
        $0 == $1 || ($0.isFinite && $1.isFinite && ($0 - $1).magnitude <= atol + rtol * $1.magnitude)
          || equalNaN && $0.isNaN && $1.isNaN
      }
    }
  }

  /// Whether all elements are close: ``isclose(_:_:rtol:atol:equalNaN:)``.
  ///
  /// - Throws: ``ExprError`` for shapes that do not broadcast, or that one of the arrays holds.
  public static func allclose(
    _ a: Variable, _ b: Variable, rtol: Double = 1e-5, atol: Double = 1e-8, equalNaN: Bool = false
  ) throws(ExprError) -> Bool {
    try all(isclose(a, b, rtol: rtol, atol: atol, equalNaN: equalNaN)).item(as: Bool.self)
  }
}

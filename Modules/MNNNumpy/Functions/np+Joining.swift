public import MNNExpr
public import MNNGraph

extension np {
  /// Arrays one after the other along `axis`; flattened ones if nil.
  public static func concatenate(_ arrays: [Variable], axis: Int? = 0, dtype: DType? = nil) -> Variable {
    .make { () throws(GraphError) in
      let tensors = try common(arrays, dtype: dtype)
      guard let axis else {
        return try Joining.concatenate(tensors.map { (x) throws(GraphError) in try x.reshaped([x.count]) }, axis: 0)
      }
      return try Joining.concatenate(tensors, axis: axis)
    }
  }

  /// Arrays of one shape along a new axis.
  public static func stack(_ arrays: [Variable], axis: Int = 0) -> Variable {
    .make { () throws(GraphError) in try Joining.stack(common(arrays), axis: axis) }
  }

  /// Arrays below each other.
  public static func vstack(_ arrays: [Variable]) -> Variable { joined(arrays, atLeast: 2, axis: 0) }
  /// As ``vstack(_:)``.
  public static func rowStack(_ arrays: [Variable]) -> Variable { vstack(arrays) }
  /// Arrays along their third axis.
  public static func dstack(_ arrays: [Variable]) -> Variable { joined(arrays, atLeast: 3, axis: 2) }

  /// Arrays side by side.
  public static func hstack(_ arrays: [Variable]) -> Variable {
    .make { () throws(GraphError) in
      let tensors = try common(arrays).map { (x) throws(GraphError) in try Expanding.atLeast(1, x) }
      return try Joining.concatenate(tensors, axis: tensors.first?.rank == 1 ? 0 : 1)
    }
  }

  /// Vectors as the columns of a matrix.
  public static func columnStack(_ arrays: [Variable]) -> Variable {
    .make { () throws(GraphError) in
      let tensors = try common(arrays).map { (x) throws(GraphError) in
        x.rank < 2 ? try x.reshaped([x.count, 1]) : x
      }
      return try Joining.concatenate(tensors, axis: 1)
    }
  }

  private static func joined(_ arrays: [Variable], atLeast rank: Int, axis: Int) -> Variable {
    .make { () throws(GraphError) in
      let tensors = try common(arrays).map { (x) throws(GraphError) in try Expanding.atLeast(rank, x) }
      return try Joining.concatenate(tensors, axis: axis)
    }
  }

  /// The array with `values` behind it along `axis`; both flattened if nil.
  public static func append(_ a: Variable, _ values: Variable, axis: Int? = nil) -> Variable {
    concatenate([a, values], axis: axis)
  }
}

/// How an array is cut: into so many parts, or before the given positions.
public protocol Sections {
  var sections: SectionList { get }
}

public enum SectionList: Sendable {
  case count(Int)
  case positions([Int])
}

extension Int: Sections {
  public var sections: SectionList { .count(self) }
}

extension Array: Sections where Element == Int {
  public var sections: SectionList { .positions(self) }
}

extension np {
  /// The array in equal parts, or cut before positions, along `axis`.
  ///
  /// - Returns: the parts; one variable that holds the error if the array cannot be cut so.
  public static func split(_ a: Variable, _ indicesOrSections: any Sections, axis: Int = 0) -> [Variable] {
    split(a, indicesOrSections.sections, axis: axis, mustBeEqual: true)
  }

  /// As ``split(_:_:axis:)``; parts may differ by one.
  public static func arraySplit(_ a: Variable, _ indicesOrSections: any Sections, axis: Int = 0) -> [Variable] {
    split(a, indicesOrSections.sections, axis: axis, mustBeEqual: false)
  }

  /// Cut along the second axis, of a vector along its only one.
  public static func hsplit(_ a: Variable, _ indicesOrSections: any Sections) -> [Variable] {
    split(a, indicesOrSections, axis: (try? a.rank) == 1 ? 0 : 1)
  }

  /// Cut along the first axis of at least two.
  public static func vsplit(_ a: Variable, _ indicesOrSections: any Sections) -> [Variable] {
    split(a, indicesOrSections.sections, axis: 0, mustBeEqual: true, leastRank: 2)
  }

  /// Cut along the third axis.
  public static func dsplit(_ a: Variable, _ indicesOrSections: any Sections) -> [Variable] {
    split(a, indicesOrSections.sections, axis: 2, mustBeEqual: true, leastRank: 3)
  }

  private static func split(
    _ a: Variable, _ sections: SectionList, axis: Int, mustBeEqual: Bool, leastRank: Int = 1
  ) -> [Variable] {
    Variable.make(count: 1) { () throws(GraphError) in
      let x = try a.contents()
      guard x.rank >= leastRank else {
        throw GraphError(.rankMismatch, "the array has too few axes to be cut so", expected: "\(leastRank)", found: "\(x.rank)")
      }
      switch sections {
      case .count(let count): return try Joining.split(x, into: count, axis: axis, mustBeEqual: mustBeEqual)
      case .positions(let positions): return try Joining.split(x, at: positions, axis: axis)
      }
    }
  }
}

/// Checks that operators share: each throws a ``GraphError`` that says what was expected and found.

package func requireSame(_ expected: DType, _ found: DType, _ what: String) throws(GraphError) {
  guard expected == found else {
    throw GraphError(.dtypeUnsupported, "\(what) does not fit", expected: "\(expected)", found: "\(found)")
  }
}

package func requireAttribute(_ condition: Bool, _ what: String, expected: String, found: String) throws(GraphError) {
  guard condition else { throw GraphError(.attributeInvalid, what, expected: expected, found: found) }
}

/// Throws if both sizes are numbers and differ.
package func requireEqual(_ a: Dimension, _ b: Dimension, _ what: String) throws(GraphError) {
  if let x = a.value, let y = b.value, x != y {
    throw GraphError(.shapeMismatch, "\(what) does not fit", expected: "\(x)", found: "\(y)")
  }
}

/// Throws if a shape cannot broadcast to another; sizes that are not known may.
package func requireBroadcast(_ shape: Shape, to target: Shape, _ what: String) throws(GraphError) {
  let own = shape.dimensions.map(\.value).reversed()
  let fits =
    shape.rank <= target.rank
    && zip(own, target.dimensions.map(\.value).reversed()).allSatisfy { a, b in
      a == nil || b == nil || a == 1 || a == b
    }
  guard fits else { throw GraphError(.shapeMismatch, "\(what) does not fit", expected: "\(target)", found: "\(shape)") }
}

/// Throws if a type differs from another; sizes that are not known may be equal.
package func requireSame(_ expected: TensorType, _ found: TensorType, _ what: String) throws(GraphError) {
  let fits =
    expected.dtype == found.dtype && expected.shape.rank == found.shape.rank
    && zip(expected.shape.dimensions, found.shape.dimensions).allSatisfy {
      $0.value == nil || $1.value == nil || $0.value == $1.value
    }
  guard fits else { throw GraphError(.shapeMismatch, "\(what) does not fit", expected: "\(expected)", found: "\(found)") }
}

extension Operands {
  /// The type of an input that must be of floating point.
  package func floatType(_ index: Int) throws(GraphError) -> TensorType {
    let type = try type(index)
    guard type.dtype.isFloatingPoint else {
      throw GraphError(
        .dtypeUnsupported, "input \(index) has the wrong type", expected: "floating point", found: "\(type.dtype)")
    }
    return type
  }

  /// The type of an input that must hold integers.
  package func integerType(_ index: Int) throws(GraphError) -> TensorType {
    let type = try type(index)
    guard type.dtype.isInteger else {
      throw GraphError(
        .dtypeUnsupported, "input \(index) has the wrong type", expected: "integers", found: "\(type.dtype)")
    }
    return type
  }

  /// The type of an input of at least `rank` axes.
  package func type(_ index: Int, rankAtLeast rank: Int) throws(GraphError) -> TensorType {
    let type = try type(index)
    guard type.shape.rank >= rank else {
      throw GraphError(
        .rankMismatch, "input \(index) has too few axes", expected: "rank of at least \(rank)", found: "\(type.shape)")
    }
    return type
  }

  /// The type of an input of exactly `rank` axes.
  package func type(_ index: Int, rank: Int) throws(GraphError) -> TensorType {
    let type = try type(index)
    guard type.shape.rank == rank else {
      throw GraphError(
        .rankMismatch, "input \(index) has the wrong number of axes", expected: "rank \(rank)", found: "\(type.shape)")
    }
    return type
  }

  /// A constant input of integers, or nil if it is absent.
  package func integers(optional index: Int) throws(GraphError) -> [Int]? {
    self[optional: index] == nil ? nil : try integers(index)
  }

  /// A constant input of one integer.
  package func integer(_ index: Int) throws(GraphError) -> Int {
    let values = try integers(index)
    guard let value = values.first, values.count == 1 else {
      throw GraphError(.shapeMismatch, "input \(index) is not one number", expected: "1 element", found: "\(values.count)")
    }
    return value
  }
}

/// `index` counted from the front of an axis of length `count`. Throws unless `-count ..< count` holds it.
@inline(__always)
package func normalizedIndex(_ index: Int64, count: Int) throws(GraphError) -> Int {
  guard index >= -Int64(count), index < Int64(count) else {
    throw GraphError(
      .indexOutOfRange, "an index is out of range", expected: "\(-count) ..< \(count)", found: "\(index)")
  }
  return index < 0 ? Int(index) + count : Int(index)
}

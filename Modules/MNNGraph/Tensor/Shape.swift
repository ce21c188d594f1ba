/// The lengths of a tensor's axes, outermost first. Rank 0 is a scalar.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral {
  public var dimensions: [Dimension]

  public init(_ dimensions: [Dimension]) { self.dimensions = dimensions }
  public init(_ sizes: [Int]) { dimensions = sizes.map { Dimension($0) } }
  public init(arrayLiteral elements: Dimension...) { dimensions = elements }

  public var rank: Int { dimensions.count }

  /// The sizes, if all of them are numbers.
  public var sizes: [Int]? {
    var result: [Int] = []
    result.reserveCapacity(dimensions.count)
    for dimension in dimensions {
      guard let value = dimension.value else { return nil }
      result.append(value)
    }
    return result
  }

  /// The sizes; throws if one of them is not a number or is negative.
  public func concreteSizes() throws(GraphError) -> [Int] {
    guard let sizes, sizes.allSatisfy({ $0 >= 0 }) else {
      throw GraphError(
        .dependsOnData, "the shape is not known", expected: "sizes that are numbers of at least 0", found: "\(self)")
    }
    return sizes
  }

  /// `axis` counted from the front. Throws unless `-rank ..< rank` holds it.
  public func axis(_ axis: Int) throws(GraphError) -> Int {
    try normalizedAxis(axis, rank: rank)
  }

  public subscript(axis: Int) -> Dimension {
    get { dimensions[axis] }
    set { dimensions[axis] = newValue }
  }
}

/// `axis` counted from the front of `rank` axes. Throws unless `-rank ..< rank` holds it.
public func normalizedAxis(_ axis: Int, rank: Int) throws(GraphError) -> Int {
  guard axis >= -rank, axis < rank else {
    throw GraphError(
      .axisOutOfRange, "axis out of range", expected: "\(-rank) ..< \(rank) for rank \(rank)", found: "\(axis)")
  }
  return axis < 0 ? axis + rank : axis
}

/// The most axes that a tensor may have, as in numpy.
package let maximumRank = 64

/// The number of elements of the shape `sizes`, which comes from outside. Throws on negative sizes, on too many axes and on overflow.
public func checkedElementCount(_ sizes: [Int]) throws(GraphError) -> Int {
  guard sizes.count <= maximumRank else {
    throw GraphError(
      .rankMismatch, "a shape has too many axes", expected: "at most \(maximumRank)", found: "\(sizes.count)")
  }
  return try checkedProduct(sizes)
}

/// The product of `sizes`, of which there may be any number. Throws on negative sizes and on overflow.
package func checkedProduct(_ sizes: [Int]) throws(GraphError) -> Int {
  var count = 1
  var zero = false
  for size in sizes {
    guard size >= 0 else {
      throw GraphError(.sizeOverflow, "negative size in a shape", expected: "sizes of at least 0", found: "\(sizes)")
    }
    if size == 0 { zero = true; continue }
    let (product, overflow) = count.multipliedReportingOverflow(by: size)
    guard !overflow, product < Int.max / 16 else {
      throw GraphError(.sizeOverflow, "a shape has more elements than memory can hold", found: "\(sizes)")
    }
    count = product
  }
  return zero ? 0 : count
}

extension [Int] {
  /// The sum of numbers that come from outside. Throws on overflow.
  package func checkedSum() throws(GraphError) -> Int {
    var sum = 0
    for number in self {
      let (next, overflow) = sum.addingReportingOverflow(number)
      guard !overflow else { throw GraphError(.sizeOverflow, "sizes have too large a sum", found: "\(self)") }
      sum = next
    }
    return sum
  }
}

/// Row-major strides of `sizes`, in elements.
///
/// - Requires: ``checkedElementCount(_:)`` passed.
public func rowMajorStrides(_ sizes: [Int]) -> [Int] {
  var strides = [Int](repeating: 1, count: sizes.count)
  for i in sizes.indices.dropLast().reversed() { strides[i] = strides[i + 1] &* Swift.max(sizes[i + 1], 1) }
  return strides
}

extension Shape: CustomStringConvertible {
  public var description: String { "[" + dimensions.map(\.description).joined(separator: ", ") + "]" }
}

/// What is known of a value before it exists.
public struct TensorType: Hashable, Sendable, CustomStringConvertible {
  public var dtype: DType
  public var shape: Shape

  public init(_ dtype: DType, _ shape: Shape) {
    self.dtype = dtype
    self.shape = shape
  }

  public var description: String { "\(dtype)\(shape)" }
}

/// The shape to which `a` and `b` broadcast (numpy's rule). Of lengths that are not numbers it is taken that they do; the run-time
/// check is on numbers.
public func broadcastShape(_ a: Shape, _ b: Shape) throws(GraphError) -> Shape {
  let rank = max(a.rank, b.rank)
  var result: [Dimension] = []
  result.reserveCapacity(rank)
  for i in 0..<rank {
    let x = i < rank - a.rank ? 1 : a[i - (rank - a.rank)]
    let y = i < rank - b.rank ? 1 : b[i - (rank - b.rank)]
    if let m = x.value, let n = y.value, m != n, m != 1, n != 1 {
      throw GraphError(
        .shapeMismatch, "shapes do not broadcast", expected: "equal sizes or 1 on each axis", found: "\(a) and \(b)")
    }
    result.append(.broadcast(x, y))
  }
  return Shape(result)
}

/// The different elements of `x`, or its different slices along an axis.
///
/// - Input: `x`. Results: the different ones, in order or as they first appear; for each, where it first is; for each of
///   `x`, which it is; how often each is. The last three are vectors of ``indexDType``.
/// - SeeAlso: ONNX Unique; `.mnn` operator Unique.
public struct Unique: PrimitiveOperator, Codable {
  /// nil to take `x` as a vector of all its elements.
  public var axis: Int?
  public var isSorted: Bool
  public var indexDType: DType

  public init(axis: Int? = nil, isSorted: Bool = true, indexDType: DType = .int64) {
    self.axis = axis
    self.isSorted = isSorted
    self.indexDType = indexDType
  }

  public var resultCount: Int { 4 }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.constant(0)
    guard (WorkBudget.current ?? WorkBudget()).spendShare(work(for: operands, results: [])) else {
      throw GraphError(.dependsOnData, "how many elements differ takes too long to find out before running")
    }
    return try evaluate(Arguments([x])).map(\.type)
  }

  public var infersByComputing: Bool { true }

  public func work(for operands: Operands, results: [TensorType]) -> Work {
    .elements(operands, results)
      + Work(operations: operands.elementCount(0).saturatingMultiply(64), bytes: operands.elementCount(0).saturatingMultiply(96))
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let x = try arguments.tensor(0)
    let axis = try axis.map { axis throws(GraphError) in try normalizedAxis(axis, rank: x.rank) }
    let (outer, count, inner) = axis.map { splitSizes(x.shape, at: $0) } ?? (1, x.count, 1)
    let values = try x.scalars(as: Double.self)
    func positions(ofSlice k: Int, outer o: Int) -> Range<Int> {
      let start = (o * count + k) * inner
      return start..<(start + inner)
    }
    var slices = [[Double]](repeating: [], count: count)
    for k in 0..<count {
      for o in 0..<outer { slices[k] += values[positions(ofSlice: k, outer: o)] }
    }
    // Slices in order; equal ones side by side, the first of them first.
    let order = slices.indices.sorted { a, b in
      slices[a].lexicographicallyPrecedes(slices[b]) || (!slices[b].lexicographicallyPrecedes(slices[a]) && a < b)
    }
    var groups: [[Int]] = []
    for k in order {
      if let last = groups.last?.first, slices[last] == slices[k] {
        groups[groups.count - 1].append(k)
      } else {
        groups.append([k])
      }
    }
    if !isSorted { groups.sort { $0[0] < $1[0] } }
    var inverse = [Int64](repeating: 0, count: count)
    for (g, members) in groups.enumerated() { for k in members { inverse[k] = Int64(g) } }
    var shape = axis == nil ? [groups.count] : x.shape
    if let axis { shape[axis] = groups.count }
    var chosen: [Int] = []
    for o in 0..<outer {
      for members in groups { chosen += positions(ofSlice: members[0], outer: o) }
    }
    let indices = [groups.map { Int64($0[0]) }, inverse, groups.map { Int64($0.count) }]
    return try [x.elements(at: chosen, shape: shape)]
      + indices.map { list throws(GraphError) in try Tensor(list).converted(to: indexDType) }
  }
}

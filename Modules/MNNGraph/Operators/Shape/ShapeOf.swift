/// The sizes of a value, as a vector of integers.
///
/// - Input: any tensor. Result: `[end - start]`.
/// - SeeAlso: ONNX Shape (opset 15 for `start` and `end`); `.mnn` operator Shape.
public struct ShapeOf: PrimitiveOperator {
  public static let name = "Shape"
  /// First axis, counted from the end if negative, clamped to the rank.
  public var start: Int
  /// One past the last axis; nil for the rank.
  public var end: Int?
  public var dtype: DType

  public init(start: Int = 0, end: Int? = nil, dtype: DType = .int64) {
    self.start = start
    self.end = end
    self.dtype = dtype
  }

  private func axes(rank: Int) -> Range<Int> {
    func clamp(_ axis: Int) -> Int { min(max(axis < 0 ? axis &+ rank : axis, 0), rank) }
    let first = clamp(start)
    return first..<max(first, clamp(end ?? rank))
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    [TensorType(dtype, [Dimension(axes(rank: try operands.shape(0).rank).count)])]
  }

  public func constantResults(for operands: Operands) throws(GraphError) -> [Tensor]? {
    let shape = try operands.shape(0)
    let wanted = Shape(Array(shape.dimensions[axes(rank: shape.rank)]))
    guard let sizes = wanted.sizes else { return nil }
    return [try Tensor(sizes.map { Int64($0) }).converted(to: dtype)]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    try constantResults(for: arguments.operands) ?? []
  }
}
